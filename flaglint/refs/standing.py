"""What a search of the whole project leaves to a hook: the words that tell which files may refer to a flag.

They hold while every Python file that may be imported is the one that was searched, or holds none of them. Files are
known by name, size, inode and times, as in `remembered`; new ones are found by the times of the folders.
"""

from __future__ import annotations

import json
import os
import re
import time
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from flaglint import __version__
from flaglint.model import Skipped
from flaglint.refs.elsewhere import imports
from flaglint.refs.packplaces import all_files
from flaglint.refs.screen import Screen
from flaglint.refs.survey import YOUNG, Survey, entries_of, held_by, is_young, row_of, survey
from flaglint.refs.words import counted
from flaglint.registry.files import registry_files
from flaglint.source import read
from flaglint.source.digest import digest, mark
from flaglint.source.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from pathlib import Path

    from flaglint.config import Settings
    from flaglint.refs.link import Linker
    from flaglint.refs.scan import Files

FOLDER = "standing"
AT_MOST = 4  # states of one project that are remembered side by side, as branches have
MOST_CHANGED = 200  # that are read to see whether they say anything
WORTH_A_NOTE = 20  # of these, from which on it pays to write down that they did not
_FORM = 6  # to be raised with every change of what is remembered, or of which words tell
_BLANK = b" \t\f\\\r\n"
_NEAR = 40  # bytes looked at after a name
# How something gets another name on one line: imported as it, assigned to it, or a subclass of that name.
_OTHER_NAME = (
    rb"\b(?:OWNER)[ \t]+as[ \t]+(\w+)"
    rb"|^[ \t]*(?:class[ \t]+(?=\w+[ \t]*\([^)]*\b(?:OWNER)\b)|(?:\w+\.)?"
    rb"(?=\w+[ \t]*(?::[^=]+)?=[ \t]*(?:[\w.]+\.)?(?:OWNER)(?:\(.*)?[ \t\r]*(?:#|$)))(\w+)"
)
_IMPORTED = rb"\bfrom[ \t]+[\w.]*\b(?:OWNER)\b[\w.]*[ \t]+import[ \t\\\r\n]*(\([^)]*\)|[^\r\n(]*)"


def state_of(settings: Settings) -> str:
    """Return a digest of configuration, registry, packs and baseline: all that words and errors depend on but files."""
    pieces = [repr(settings).encode()]
    for path, spec in registry_files(settings.root, settings.registry):
        pieces += [repr((path, spec)).encode(), (settings.root / path).read_bytes()]
    for pack in all_files(settings):
        pieces += [str(pack).encode("utf-8", "surrogateescape"), pack.read_bytes()]
    baseline = settings.root / settings.baseline
    if settings.baseline and baseline.exists():
        pieces.append(baseline.read_bytes())
    return digest(f"{__version__} {_FORM}".encode(), *pieces)


class Telling(NamedTuple):
    """What a file that may refer to a flag holds: a word in code, a piece anywhere, or a call of a method by name.

    Some words tell only beside others, see `counting`.
    """

    words: frozenset[str]
    pieces: frozenset[str]
    methods: frozenset[str]
    roots: frozenset[str]  # what flags are read from, and
    company: frozenset[str]  # what wrappers are on: what a file gives another name may be read in others
    unused: frozenset[str]  # packages: once a file imports one, what has not changed may refer to flags by other names
    common: frozenset[str]  # words that stand in very many files
    beside: frozenset[str]  # names of which a file holds one where any common word is one of a flag
    owned: frozenset[str]  # "owner.word": the name of what a common word is on does the same for that word
    absent: frozenset[str]  # packages of SDKs that the project does not import
    slack: int  # how many files may change before a common word may be common no more, and tell alone

    @property
    def all_words(self) -> frozenset[str]:
        """Every word that may tell in some file."""
        return self.words | self.common | self.absent

    def after(self, changed: int) -> Telling:
        """Return what tells when so many files have changed."""
        if changed <= self.slack:
            return self._replace(slack=self.slack - changed)
        return self._replace(words=self.words | self.common, common=frozenset())

    def counting(self, data: bytes) -> frozenset[str]:
        """Return the words that tell in a file: a common one beside what it is on, a package where it is imported."""
        words = self.words | self.absent if imports(data, self.absent) else self.words
        if not self.common:
            return words
        owners = {name.partition(".")[0] for name in self.owned}
        named = Screen(self.beside | owners).present(data)
        if not named.isdisjoint(self.beside):
            return words | self.common
        return words | {word for word in self.common if any(f"{owner}.{word}" in self.owned for owner in named)}

    def told_by(self, data: bytes, screen: Screen, words: Collection[str]) -> bool:
        """Whether some code may refer to a flag in a file where `words` tell; `screen` looks for all that is here."""
        for word, places in screen.hits(data).items():
            if word in self.pieces or (word in words and counted(data, word, places)):
                return True
            if word in self.methods and any(_is_called(data, at, at + len(word)) for at in places):
                return True
        return False


def other_name(names: Collection[str]) -> re.Pattern[bytes]:
    """Return what finds, in one line, another name for what goes by one of `names`."""
    return re.compile(_OTHER_NAME.replace(b"OWNER", _either(names)))


def other_names(data: bytes, screen: Screen, other: re.Pattern[bytes]) -> set[str]:
    """Return the names that lines of a file give to what goes by a name that `screen` looks for."""
    lines = {_line_of(data, at) for places in screen.hits(data).values() for at in places}
    return {(match[1] or match[2]).decode("utf-8", "replace") for line in lines for match in other.finditer(line)}


def _imported_names(data: bytes, names: Collection[str]) -> set[str]:
    """Return the names under which a file imports something from what goes by one of `names`."""
    pattern = re.compile(_IMPORTED.replace(b"OWNER", _either(names)))
    items = (item.split() for match in pattern.finditer(data) for item in match[1].strip(b"()").split(b","))
    return {item[-1].decode("utf-8", "replace") for item in items if item}


def _either(names: Collection[str]) -> bytes:
    return "|".join(sorted(map(re.escape, names))).encode()


def _line_of(data: bytes, at: int) -> bytes:
    end = data.find(b"\n", at)
    return data[data.rfind(b"\n", 0, at) + 1 : end if end >= 0 else len(data)]


def _is_called(data: bytes, start: int, end: int) -> bool:
    """Whether a name at `[start, end)` is that of a method that is called."""
    return data[max(0, start - _NEAR) : start].rstrip(_BLANK)[-1:] in {b".", b""} and data[end : end + _NEAR].lstrip(
        _BLANK
    )[:1] in {b"(", b""}


class Standing:
    """The words of a project, and the files that they were found in."""

    def __init__(self, root: Path, telling: Telling, surveyed: Survey) -> None:
        self._root = root
        self.words = telling
        self._surveyed = surveyed
        self._screen = Screen(telling.all_words | telling.pieces | telling.methods)
        self._counting: dict[str, frozenset[str]] = {}  # the words that tell in a file, by its path
        self._touched: dict[str, str] = {}  # files that were written, and hold what they held

    def keep(self, folder: Path, state: str) -> None:
        """Keep this for as long as configuration, registry and packs are those of `state`."""
        *words, slack = self.words
        said = [*map(sorted, words), slack]
        body = json.dumps([said, *self._surveyed], separators=(",", ":")).encode()
        keep(folder, f"{FOLDER}/{state}.json", f"{digest(body)}\n".encode() + body, at_most=AT_MOST)

    @classmethod
    def known(cls, root: Path, folder: Path, state: str) -> Standing | None:
        """Return what was kept, or None."""
        with suppress(OSError, ValueError, TypeError):
            known_as, _, body = (folder / FOLDER / f"{state}.json").read_bytes().partition(b"\n")
            if known_as.decode() == digest(body):
                said, *surveyed = json.loads(body)
                *words, slack = said
                return cls(root, Telling._make([*map(frozenset, words), slack]), Survey(*surveyed))
        return None

    def hear(self, files: Files, paths: Collection[str], mentions: Screen) -> Heard | None:
        """Return which of some files may refer to a flag, in their order; None when it may be any of them.

        `mentions` looks for what makes a statement worth a word that does not parse.
        """
        with suppress(OSError):
            since = time.time_ns() - YOUNG
            changed = self._changed()
            if changed is None or len(changed) > MOST_CHANGED:
                return None
            if any(self._renames(read(self._root, path)) for path in changed):
                return None
            self.words = self.words.after(len(changed))
            fresh = changed.keys() | (set(paths) - self._surveyed.files.keys())
            if any(imports(files.data(path) or b"", self.words.unused) for path in fresh):
                return None
            loud = {path for path in fresh.union(paths) if self._is_told(files, path)}
            broken = {path for path in paths if not _parses(files, path, mentions)}
            wanted = [path for path in paths if path in loud or path in broken]
            rows = self._touched | changed
            for path, row in rows.items():
                if row[:1] != "=" and is_young(row, since):
                    rows[path] = "=" + digest(files.data(path) or b"")
            marks = {path: mark(files.data(path) or b"") for path in changed}
            return Heard(wanted, sorted(fresh & loud), frozenset(broken), self, rows, marks)
        return None

    def renewed(self, rows: Mapping[str, str], marks: Mapping[str, str]) -> Standing:
        """Return the same for files that have changed, with how they are known by now."""
        files, folders, before = self._surveyed
        return Standing(self._root, self.words, Survey({**files, **rows}, folders, {**before, **marks}))

    def tells(self, path: str, text: str) -> bool:
        """Whether some code may refer to a flag: all that a file says, or a part of what was asked of as a whole."""
        codes = [text]
        if not text.isascii():
            from unicodedata import normalize

            codes.append(normalize("NFKC", text))  # as Python reads names
        spelled = [code.encode(errors="surrogatepass") for code in codes]
        if path not in self._counting:
            self._counting[path] = self.words.counting(b"\n".join(spelled))
        return any(self.words.told_by(data, self._screen, self._counting[path]) for data in spelled)

    def _changed(self) -> dict[str, str] | None:
        """Return the files that are not as they were, or new, with what is said of them; None with new folders."""
        known, marks = self._surveyed.files, self._surveyed.marks
        stat, base = os.stat, f"{self._root}/"
        changed: dict[str, str] = {}
        for path, row in known.items():
            try:
                if row[:1] == "=":
                    now = held_by(self._root, path)
                else:  # as `_row` does, thousands of times
                    found = stat(base + path)
                    now = f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"
            except OSError:
                continue  # what is gone gives nothing a name
            if now != row:
                is_same = (
                    path in marks and isinstance(data := read(self._root, path), bytes) and mark(data) == marks[path]
                )
                (self._touched if is_same else changed)[path] = now
        for folder, then in self._surveyed.folders.items():
            try:
                is_as_it_was = stat(base + folder).st_mtime_ns == then
            except OSError:
                continue
            for name, is_folder in () if is_as_it_was else entries_of(base + folder):
                path = folder + name
                if is_folder and f"{path}/" not in self._surveyed.folders:
                    return None
                if not is_folder and path not in known:
                    changed[path] = row_of(base + path)
        return changed

    def _renames(self, data: bytes | Skipped) -> bool:
        """Whether a file gives another name to what flags are read from: files that have not changed may ask for it."""
        if isinstance(data, Skipped):
            return True
        roots, held = self.words.roots, self.words.roots | self.words.company
        screen = Screen(held)
        if not screen.is_in(data):
            return False
        names = other_names(data, screen, other_name(held)) | (_imported_names(data, roots) if roots else set())
        return not names <= self.words.all_words | held

    def _is_told(self, files: Files, path: str) -> bool:
        text = files.text(path)
        module = path.removesuffix("/__init__.py").rpartition("/")[2]
        return text is None or self.tells(path, f"{module}\n{text.text}")


class Watch:
    """Keeps what a search leaves to hooks; made before it begins, so that what changes meanwhile is seen."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        """`folder` is that of caches."""
        self._settings = settings
        self._folder = folder
        self._started = time.time_ns()
        self._surveyed: Survey | None = None
        self._state = ""
        with suppress(OSError):
            self._state = state_of(settings)

    def look(self, contents: Mapping[str, bytes], settled: Mapping[str, str]) -> None:
        """Note what `contents` were searched, and what the file system says of them: known of those that are settled.

        Their rows are those of `Memory.settled`.
        """
        rows = {path: settled[path].partition("\0")[2].replace("\0", " ") for path in contents if path in settled}
        surveyed = survey(self._settings.root, self._started, contents, rows)
        if surveyed is not None:
            self._surveyed = surveyed._replace(marks={path: mark(data) for path, data in contents.items()})

    def keep(self, linker: Linker, declared: Collection[str]) -> None:
        """Keep what tells files with flags after a search; the keys `declared` in Python tell, too."""
        from flaglint.refs.telling import telling

        surveyed = self._surveyed
        if surveyed is None:
            return
        told = telling(linker, sorted(surveyed.marks), sorted(surveyed.files.keys() - surveyed.marks.keys()))
        if told is None:
            return
        whole = told._replace(pieces=told.pieces | set(declared))
        with suppress(OSError):
            if state_of(self._settings) == self._state:
                Standing(self._settings.root, whole, surveyed).keep(self._folder, self._state)


class Heard(NamedTuple):
    """Which files may refer to a flag.

    `fresh` were not searched with the project, given or not: what they give a name nobody looked for yet. Of `whole`
    ones every statement counts, of the others those that hold what tells. By `rows` and `marks` changed ones are
    known again.
    """

    loud: list[str]
    fresh: list[str]
    whole: frozenset[str]
    standing: Standing
    rows: dict[str, str]
    marks: dict[str, str]

    def is_told(self, path: str, text: str) -> bool:
        """Whether a statement of one of the files may refer to a flag."""
        return path in self.whole or self.standing.tells(path, text)


def _parses(files: Files, path: str, mentions: Screen) -> bool:
    """Whether a file has no statement that mentions a flag and does not parse, as far as this interpreter can tell."""
    text = files.text(path)
    if text is None or not mentions.is_in(text.text.encode(errors="surrogatepass")):
        return text is not None
    import warnings
    from _ast import PyCF_ONLY_AST

    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes and the like in what others wrote
            compile(text.text, path, "exec", PyCF_ONLY_AST, dont_inherit=True)
    except (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError):
        return False
    return True
