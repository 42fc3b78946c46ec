"""How often each quoted word stands in the code, as a difference per commit: moves cancel out, reformats change none.

A key is spelled in quotes where it is read or declared, whatever the SDK. Counting every quoted word, and not the keys
of today, means that a flag which is new tomorrow needs no second walk.
"""

from __future__ import annotations

import re
from collections import Counter
from posixpath import normpath
from typing import TYPE_CHECKING, Final

from flaglint.source.ignore import EXCLUDED_FOLDERS, matcher

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flaglint.config import Settings
    from flaglint.history.git import Repository

_OPTIONS: Final = (
    "-r", "-p", "-U0", "--inter-hunk-context=0", "--no-renames", "--text", "--no-color",
    "--no-ext-diff", "--no-textconv", "--no-relative", "--no-indent-heuristic", "--diff-algorithm=myers",
    "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip
_WORD: Final = re.compile(rb"([\"'])!?([0-9A-Za-z_\x80-\xff][0-9A-Za-z_.:/@+\x80-\xff-]{0,99})\1")
_PLAIN_WORD: Final = re.compile(r"[0-9A-Za-z_\x80-\U0010ffff][0-9A-Za-z_.:/@+\x80-\U0010ffff-]{0,99}")
_COMMIT: Final = re.compile(rb"[0-9a-f]{40,64}")
_SPECIAL: Final = re.compile(r"([\\*?\[\]])")
_SUFFIXES: Final = ("py", "pyi", "pyw")
_AT_ONCE: Final = 400  # commits whose differences are in memory together


def can_be_counted(key: str) -> bool:
    """Whether a key is a word of the kind that is counted: no blanks, at most a hundred characters."""
    return _PLAIN_WORD.fullmatch(key) is not None


class WordCounter:
    """Counts the quoted words in the Python files of a project."""

    def __init__(self, repository: Repository, settings: Settings) -> None:
        self._repository = repository
        self._prefix = repository.prefix
        self._excluded = matcher(settings.exclude)
        self._known: dict[bytes, bool] = {}
        folders = sorted({_joined(repository.prefix, source) for source in settings.source})
        self._paths = [f":(glob){folder}**/*.{suffix}" for folder in folders for suffix in _SUFFIXES]

    def differences(self, commits: Sequence[tuple[str, str]]) -> Iterator[tuple[str, Mapping[str, int]]]:
        """Yield by how much each commit changed the number of each word, against the parent beside it.

        Commits that change none are left out. Raises GitError.
        """
        for start in range(0, len(commits), _AT_ONCE):
            feed = "".join(f"{commit} {parent}".rstrip() + "\n" for commit, parent in commits[start : start + _AT_ONCE])
            arguments = ("diff-tree", "--stdin", "--root", *_OPTIONS, "--", *self._paths)
            yield from self._read(self._repository.run_with_magic(*arguments, feed=feed.encode()))

    def everything(self, commit: str) -> Mapping[str, int]:
        """Return how often each word stands in the files of a commit; raises GitError."""
        nothing = self._repository.run("hash-object", "-t", "tree", "--stdin").decode().strip()
        out = self._repository.run_with_magic("diff-tree", *_OPTIONS, nothing, commit, "--", *self._paths)
        return dict(self._read(out)).get("", {})

    def _read(self, out: bytes) -> Iterator[tuple[str, Mapping[str, int]]]:
        commit = ""
        counts: Counter[bytes] = Counter()
        in_hunk = is_ours = False
        for line in out.split(b"\n"):
            sign = line[:1]
            if in_hunk and sign in {b"+", b"-"}:
                if is_ours and (b'"' in line or b"'" in line):
                    step = 1 if sign == b"+" else -1
                    for _, word in _WORD.findall(line):
                        counts[word] += step
            elif sign == b"@":
                in_hunk = True
            elif line.startswith(b"diff --git "):
                in_hunk = False
                is_ours = self._is_ours(line)
            elif _COMMIT.fullmatch(line):
                if words := _words(counts):
                    yield commit, words
                commit, in_hunk = line.decode(), False
                counts.clear()
        if words := _words(counts):
            yield commit, words

    def _is_ours(self, header: bytes) -> bool:
        """Whether the file of a `diff --git a/PATH b/PATH` line is none that the configuration excludes."""
        known = self._known.get(header)
        if known is None:
            path = header[len(b"diff --git a/") :][: (len(header) - len(b"diff --git a/ b/")) // 2]
            inside = path.decode("utf-8", "surrogateescape").removeprefix(self._prefix)
            known = EXCLUDED_FOLDERS.isdisjoint(inside.split("/")[:-1]) and not self._excluded(inside)
            self._known[header] = known
        return known


def _joined(prefix: str, source: str) -> str:
    """Return a folder of the project from the top of the repository as git's pattern, with `/`; empty for the top."""
    folder = normpath(f"{prefix}{source}")
    return "" if folder == "." else _SPECIAL.sub(r"\\\1", folder) + "/"


def _words(counts: Mapping[bytes, int]) -> dict[str, int]:
    return {word.decode("utf-8", "replace"): count for word, count in counts.items() if count}
