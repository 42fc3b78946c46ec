"""Tells from the bytes of a file that nothing in it is a reference, so that a hook reads none of its statements.

Every reference holds a word of a pack or configuration, or leads by an import to a module of the project that does.
A file with neither has none, whatever else it says; nor is there a key in it for which a syntax error would matter.
What is not plain to see counts as a reason to read the file.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from flaglint.patterns import late
from flaglint.refs.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flaglint.refs.index import SpecIndex
    from flaglint.refs.scan import Files

PATCH = "patch"  # of `mock`: it names what it stands in for in a string, with no import
_IMPORT = late(r"^[ \t\f]*(?:from[ \t]+([^\W\d]\w*)[\w.]*[ \t]+import\b|import[ \t]+([^\W\d]\w*)[\w.]*)", re.MULTILINE)
_NOT_PLAIN = late(
    r"^[ \t\f]*import\b[^#\r\n]*[,;\\]|\\[\r\n]+[ \t\f]*import\b", re.MULTILINE
)  # several, or on two lines
_WORD = late(r"\bimport\b")


class Words(NamedTuple):
    """What a file that refers to a flag holds one of, and the modules in which a pack says that flags are declared."""

    leading: tuple[str, ...]
    keys: tuple[str, ...]
    declaring: tuple[str, ...]  # the first part of each name

    @classmethod
    def of(cls, index: SpecIndex, keys: Iterable[str]) -> Words:
        """Return those of packs and of registered `keys`, sorted."""
        heads = {name.partition(".")[0] for name in index.declared}
        return cls(tuple(sorted({*index.leading(), PATCH})), tuple(sorted(keys)), tuple(sorted(heads)))


class Silence:
    """Decides which files of a file run need not be read."""

    def __init__(self, files: Files, words: Words) -> None:
        self._files = files
        self.screen = Screen({*words.leading, *words.keys})
        self._declaring = words.declaring

    def loud(self, paths: Iterable[str]) -> list[str]:
        """Return the files that may hold a reference, in their order; those that have no text are among the skipped."""
        return [path for path in paths if self._may_refer(path)]

    def declares_elsewhere(self) -> bool:
        """Whether a pack or configuration names a module of the project in which flags are declared."""
        return any(self._is_there(root, head) for head in self._declaring for root in self._files.roots)

    def _may_refer(self, path: str) -> bool:
        text = self._files.text(path)
        if text is None:
            return False
        code = text.text
        module = path.removesuffix("/__init__.py").rpartition("/")[2]
        if self.screen.hits(f"{module}\n{code}".encode(errors="surrogatepass")):
            return True
        if not code.isascii():
            from unicodedata import normalize

            same = normalize("NFKC", code)  # as Python reads names
            if same != code and self.screen.hits(same.encode(errors="surrogatepass")):
                return True
            code = same
        return self._imports_own(path, code)

    def _imports_own(self, path: str, code: str) -> bool:
        """Whether a file imports from the project, or in a way that is not plain."""
        count = len(_WORD.findall(code))
        heads = [found[1] or found[2] for found in _IMPORT.finditer(code)] if count else []
        if len(heads) != count or (count and _NOT_PLAIN.search(code)):
            return True
        parts = path.split("/")[:-1]
        above = ["".join(f"{part}/" for part in parts[:depth]) for depth in range(len(parts), 0, -1)]
        folders = dict.fromkeys((*above, *self._files.roots))
        return any(self._is_there(folder, head) for head in dict.fromkeys(heads) for folder in folders)

    def _is_there(self, folder: str, name: str) -> bool:
        """Whether a module or package of this name lies in a folder."""
        return any(self._files.exists(f"{folder}{name}{end}") for end in ("/", ".py"))
