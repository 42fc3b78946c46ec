"""The words that lead a project run to what is worth reading: which files hold them, and where in a file."""

from __future__ import annotations

from keyword import kwlist
from typing import TYPE_CHECKING, NamedTuple, Protocol

from flaglint.patterns import late
from flaglint.records import dataclass, field
from flaglint.refs.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from flaglint.refs.program import ModuleView, UnitRef

# What may stand beside a name with but blanks between; soft keywords and statements of Python 2 are among them.
_BESIDE_NAMES = frozenset(word.encode() for word in (*kwlist, "case", "exec", "match", "print", "type"))
_WORD_BEFORE = late(rb"([A-Za-z0-9_\x80-\xff]++)[ \t]+\Z")
_WORD_AFTER = late(rb"[ \t]+([A-Za-z0-9_\x80-\xff]++)")
_NEAR = 40  # bytes looked at on either side of a word
_QUOTES = frozenset({b'"', b"'"})
_BLANKS = frozenset({b" ", b"\t"})
# What names a thing in a string: `getattr`, `monkeypatch.setattr`, `patch.object`.
_BY_STRING = late(rb"(?:get|set|has|del)attr|attrgetter|methodcaller|patch(?:\s*[.(]|\s+as\b)|mocker")
_STEMS = (b"attr", b"methodcaller", b"patch", b"mocker")  # one is in each of these, and found much faster
# A subscript, a value, or the first argument of a call; but no argument by name, of which migrations are full.
_LOOKED_UP = late(rb"(?:\[|(?<!\w)=|[\w\])]\()\s*\Z")
COMMON_FROM = 60  # files
COMMON_SHARE = 0.05  # of all files
MANY = 1_000_000


@dataclass(slots=True)
class Hits:
    """Which of the words so far stand in which files.

    A word that stands in very many files (`get`, `render`) says little: alone it does not make a file worth reading,
    unless what it belongs to is named there, too.
    """

    known: set[str] = field(default_factory=set)
    files: dict[str, set[str]] = field(default_factory=dict)  # path -> words in it
    common: set[str] = field(default_factory=set)  # words that stand in so many files that they say little alone
    accompanied: set[str] = field(default_factory=set)  # the files where such a word does count
    slack: int = MANY  # files by which a common word is above the limit, at least

    def within(self, paths: Collection[str]) -> Hits:
        """Return what is known of some of the files by now: which words are common changes later."""
        files = {path: self.files[path] for path in paths if path in self.files}
        return Hits(self.known, files, set(self.common), self.accompanied & files.keys())

    def take(self, other: Hits) -> None:
        """Add what is known by now, of the same files or of others."""
        self.known = other.known
        self.common = other.common
        self.files |= other.files
        self.accompanied |= other.accompanied

    def is_dull(self, word: str, path: str) -> bool:
        """Whether a word says nothing in a file: it is common, and nothing there tells what it belongs to."""
        return word in self.common and path not in self.accompanied


class Screened(Protocol):
    """Files whose bytes can be asked for words, wherever they are."""

    def held(self, words: Collection[str]) -> Mapping[str, set[str]]:
        """Return which of some words stand in those files that hold one."""

    def accompanied(self, dull: Mapping[str, set[str]], companions: Collection[str]) -> set[str]:
        """Return the files in which one of their common words counts: by a companion, or an owner of the word."""


class ScreenedHere(NamedTuple):
    """Files whose bytes this process has."""

    paths: Collection[str]
    data_of: Callable[[str], bytes | None]
    owners: Mapping[str, Collection[str]]  # of words

    def held(self, words: Collection[str]) -> Mapping[str, set[str]]:
        """Return which of some words stand in those files that hold one."""
        screen = Screen(words)
        read = ((path, self.data_of(path)) for path in self.paths)
        return {path: present for path, data in read if data is not None and (present := screen.present(data))}

    def accompanied(self, dull: Mapping[str, set[str]], companions: Collection[str]) -> set[str]:
        """Return the files in which one of their common words counts: by a companion, or an owner of the word."""
        beside, own = Screen(companions), Screen(name for found in self.owners.values() for name in found)
        read = ((path, words, self.data_of(path)) for path, words in dull.items())
        return {
            path
            for path, words, data in read
            if data is not None and (beside.is_in(data) or _owned(words, own, self.owners, data))
        }


def screen(hits: Hits, files: Screened, count: int, fresh: Collection[str], companions: Collection[str]) -> set[str]:
    """Note which of so many files hold which of the `fresh` words, and return these files.

    Beside one of the `companions` a common word counts, and beside one of its own owners.
    """
    found = files.held(fresh)
    counts: dict[str, int] = {}
    for present in found.values():
        for word in present:
            counts[word] = counts.get(word, 0) + 1
    limit = max(COMMON_FROM, count * COMMON_SHARE)
    common = {word for word, having in counts.items() if having > limit}
    hits.common |= common
    hits.slack = min([hits.slack, *(int(counts[word] - limit) for word in common)])
    dull = {path: present & common for path, present in found.items() if not common.isdisjoint(present)}
    loud = files.accompanied(dull, companions) if dull else set()
    hits.accompanied |= loud
    added = {path for path, present in found.items() if path in loud or not present <= common}
    for path in added:
        hits.files.setdefault(path, set()).update(found[path])
    return added


def _owned(words: Iterable[str], screen: Screen, owners: Mapping[str, Collection[str]], data: bytes) -> bool:
    """Whether some bytes name an owner of one of the words; of a method, which any object may have, any owner."""
    named = screen.present(data)
    return any(not named.isdisjoint(owners.get(word, named)) for word in words)


def _is_prose(data: bytes, start: int, end: int) -> bool:
    """Whether what stands at `[start, end)` is a word of a sentence, in a comment or a string, and no code.

    There it stands beside another word with but blanks between; in code one of two such words is a keyword.
    """
    if data[start - 1 : start] in _BLANKS:
        before = _WORD_BEFORE.search(data, max(0, start - _NEAR), start)
        if before is not None and before.start() > start - _NEAR and before[1] not in _BESIDE_NAMES:
            return True
    if data[end : end + 1] in _BLANKS:
        after = _WORD_AFTER.match(data, end, end + _NEAR)
        return after is not None and after.end() < end + _NEAR and after[1] not in _BESIDE_NAMES
    return False


def _is_element(data: bytes, start: int, end: int) -> bool:
    """Whether what stands at `[start, end)` is a whole string in a row of others, by which nothing is looked up."""
    if data[start - 1 : start] not in _QUOTES or data[end : end + 1] not in _QUOTES:
        return False
    return _LOOKED_UP.search(data, max(0, start - _NEAR), start - 1) is None


def counted(data: bytes, word: str, places: Iterable[int]) -> list[int]:
    """Return those of the places of a word in some bytes that are none in a sentence."""
    size = len(word.encode())
    return [at for at in places if not _is_prose(data, at, at + size)]


def standing_at(view: ModuleView, places: Iterable[int]) -> Iterator[UnitRef]:
    """Yield the units of a module in which some places of its bytes are."""
    offsets = sorted(map(view.text.char_offset, places))
    if not offsets:
        return
    position = 0
    for unit in view.leaves():
        start, end = unit.unit.start, unit.unit.header if unit.unit.members else unit.unit.end
        while position < len(offsets) and offsets[position] < start:
            position += 1
        if position < len(offsets) and offsets[position] < end:
            yield unit


class Words:
    """Finds the units that hold one of the words of a run, which grow with every wrapper found, or a key."""

    def __init__(self, words: Iterable[str], keys: frozenset[str]) -> None:
        self.hits = Hits(set(words))
        self.keys = keys
        self._screen = Screen(())
        self._screened = -1  # how many words the screen was made of
        self._by_string: dict[str, bool] = {}  # by path

    def units(self, view: ModuleView) -> Iterator[UnitRef]:
        """Yield the units of a module that hold one of the words or keys."""
        if self._screened != len(self.hits.known):
            self._screen, self._screened = Screen(self.hits.known | self.keys), len(self.hits.known)
        found = self._screen.hits(view.text.data)
        yield from standing_at(view, [at for word, places in found.items() for at in self._counted(word, places, view)])

    def _names_by_string(self, view: ModuleView) -> bool:
        """Whether a file may name a thing in a string."""
        found = self._by_string.get(view.path)
        if found is None:
            data = view.text.data
            found = any(stem in data for stem in _STEMS) and _BY_STRING.search(data) is not None
            self._by_string[view.path] = found
        return found

    def _counted(self, word: str, places: list[int], view: ModuleView) -> list[int]:
        """Return those of the places of a word, in bytes, where it may say something."""
        if self.hits.is_dull(word, view.path):
            return []
        if word in self.keys:
            return places
        data, size = view.text.data, len(word.encode())
        left = counted(data, word, places)
        elements = [at for at in left if _is_element(data, at, at + size)]
        if elements and not self._names_by_string(view):
            return [at for at in left if at not in elements]
        return left
