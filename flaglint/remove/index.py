"""An index of the files of a project: who holds a word, imports a module, inherits from a class, has a star import.

It answers what `sources` would find out by reading every file, and says nothing else: a removal asks for a dozen names,
and most files of a large project hold none of them. It is made of the bytes of one state of the project and used for
no other. A file is a number in it, its place in the sorted list of paths.
"""

from __future__ import annotations

import re
import struct
import zlib
from itertools import accumulate
from typing import TYPE_CHECKING

from flaglint.records import dataclass, field
from flaglint.source.digest import digest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import TypeAlias

    Facts: TypeAlias = dict[bytes, list[int]]  # the files of which something is so, by what that is

_WORD = bytes(code if chr(code).isalnum() or code in b"_" or code > 127 else 32 for code in range(256))
_NAMES = bytes(code if _WORD[code] != 32 or code in b".:" else 32 for code in range(256))  # `module.name` is one, too
_IS_WORD = re.compile(rb"[\w\x80-\xff]{3,}")  # shorter ones are a part of too many others
_IS_NAME = re.compile(rb"[\w\x80-\xff.:]+")
_HEIRS = re.compile(rb"class[ \t]+[^\s(:]+[ \t]*\(([^)]*)")
_BASES = re.compile(rb"\w+")
# What is kept about files beside the words in them, each under a letter of its own.
_IMPORTERS, _INHERITING, _STARRING, _PATCHING = b"i", b"h", b"s", b"p"
_SHORT, _LONG, _MAPPED = b"H", b"I", b"m"  # files by their numbers in 2 or 4 bytes, or by a bit for each file of all
_PLACES = struct.Struct("<2I")
_BLOCK = 4096  # bytes


@dataclass(frozen=True, slots=True)
class Table:
    """Which files belong to each of many words: the words, a line each; where their files are posted; and these."""

    words: bytes
    places: bytes
    posted: bytes
    _ends: list[int] = field(default_factory=lambda: [0])  # how many lines end before each block of the words

    def with_part(self, needle: bytes) -> int:
        """Return the files, a bit for each, that belong to a word of which `needle` is a part."""
        words = self.words
        bits = number = counted = 0
        at = words.find(needle)
        while at >= 0:
            if at - counted > _BLOCK:
                number, counted = self._ends_before(at)
            number += words.count(b"\n", counted, at)
            counted = at
            bits |= self._files(number - 1)
            at = words.find(needle, words.find(b"\n", at))
        return bits

    def of(self, word: bytes) -> int:
        """Return the files, a bit for each, that belong to a word."""
        at = self.words.find(b"\n%b\n" % word)
        if at < 0:
            return 0
        number, counted = self._ends_before(at)
        return self._files(number + self.words.count(b"\n", counted, at))

    def _ends_before(self, at: int) -> tuple[int, int]:
        """Return how many lines end before the block of a place, and where the block begins."""
        ends, block = self._ends, at // _BLOCK
        for start in range(_BLOCK * (len(ends) - 1), _BLOCK * block, _BLOCK):
            ends.append(ends[-1] + self.words.count(b"\n", start, start + _BLOCK))
        return ends[block], _BLOCK * block

    def _files(self, number: int) -> int:
        start, end = _PLACES.unpack_from(self.places, 4 * number)
        kind, posted = self.posted[start : start + 1], self.posted[start + 1 : end]
        if kind == _MAPPED:
            return int.from_bytes(posted, "little")
        bits = 0
        for (file,) in struct.iter_unpack("<H" if kind == _SHORT else "<I", posted):
            bits |= 1 << file
        return bits


class Index:
    """What the Python files and the settings of a project hold."""

    def __init__(self, python: Sequence[str], settings: Sequence[str], words: Table, names: Table, facts: Table):
        self._python = python
        self._settings = settings
        self._words = words
        self._names = names
        self._facts = facts
        self._numbers = {path: number for number, path in enumerate(python)}
        self._importers: dict[str, frozenset[str]] = {}
        self._holding: dict[str, tuple[str, ...] | None] = {}

    def holding(self, word: str) -> tuple[str, ...] | None:
        """Return the Python files whose bytes hold a word, perhaps as a part of another; None for what is no word."""
        if word not in self._holding:
            needle = word.encode()
            is_word = _IS_WORD.fullmatch(needle) is not None
            self._holding[word] = _listed(self._python, self._words.with_part(needle)) if is_word else None
        return self._holding[word]

    def spelling(self, *names: str) -> list[str] | None:
        """Return the settings that hold one of some names with a dot or colon in them; None where that is not known."""
        bits = 0
        for needle in map(str.encode, names):
            if _IS_NAME.fullmatch(needle) is None:
                return None
            bits |= self._names.with_part(needle)
        return list(_listed(self._settings, bits))

    def importers(self, target: str) -> frozenset[str]:
        """Return the files that import a module, something from it, or a package around it."""
        if target not in self._importers:
            number = self._numbers.get(target)
            self._importers[target] = frozenset(self._kept(_IMPORTERS + b"%d" % number) if number is not None else ())
        return self._importers[target]

    def inheriting(self, base: str) -> tuple[str, ...] | None:
        """Return the files with a class that names `base` among its bases; None where that is not known."""
        needle = base.encode()
        return self._kept(_INHERITING + needle) if _BASES.fullmatch(needle) is not None else None

    @property
    def starring(self) -> tuple[str, ...]:
        """The files that have a star import."""
        return self._kept(_STARRING)

    @property
    def patching(self) -> tuple[str, ...]:
        """The files that may replace something by its name, as a mock does."""
        return self._kept(_PATCHING)

    def _kept(self, fact: bytes) -> tuple[str, ...]:
        return _listed(self._python, self._facts.of(fact))


def _listed(paths: Sequence[str], bits: int) -> tuple[str, ...]:
    return tuple([path for path, bit in zip(paths, reversed(f"{bits:b}"), strict=False) if bit == "1"])


def read_index(words: bytes, facts: bytes, state: str, python: Sequence[str], settings: Sequence[str]) -> Index | None:
    """Return the index of which `written_words` and `written_facts` wrote a part each.

    None when one of them is not of this `state` of these files, or not whole.
    """
    spelled, said = (_tables(data, state, python, settings) for data in (words, facts))
    if len(spelled) != 2 or len(said) != 1:
        return None
    return Index(python, settings, *spelled, *said)


def written_words(state: str, python: Sequence[str], settings: Sequence[str], read: Callable[[str], bytes]) -> bytes:
    """Return what is kept of the words in some files in one `state`."""
    words: Facts = {}
    for number, path in enumerate(python):
        _note(words, set(read(path).translate(_WORD).split()), number)
    names: Facts = {}
    for number, path in enumerate(settings):
        found = {name.rstrip(b".:") for name in set(read(path).translate(_NAMES).split())}
        _note(names, [name for name in found if b"." in name or b":" in name], number)
    return _written(state, python, settings, [*_table(words, len(python)), *_table(names, len(settings))])


def written_facts(
    state: str,
    python: Sequence[str],
    settings: Sequence[str],
    read: Callable[[str], bytes],
    *,
    imported: Callable[[str], Iterable[str]],
    patches: Callable[[bytes], object],
    stars: Callable[[bytes], object],
) -> bytes:
    """Return what is kept of some Python files in one `state` beside their words.

    `imported` gives the modules of which a file is an importer. `patches` and `stars` tell by its bytes whether it may
    replace something by its name, and has a star import.
    """
    facts: Facts = {}
    numbers = {path: number for number, path in enumerate(python)}
    for number, path in enumerate(python):
        data = read(path)
        own = {_INHERITING + base for found in _HEIRS.findall(data) for base in _BASES.findall(found)}
        own.update(_IMPORTERS + b"%d" % numbers[target] for target in imported(path))
        own.update(mark for mark, has in ((_STARRING, stars), (_PATCHING, patches)) if has(data))
        _note(facts, own, number)
    return _written(state, python, settings, _table(facts, len(python)))


def _written(state: str, python: Sequence[str], settings: Sequence[str], parts: Sequence[bytes]) -> bytes:
    sizes = b",".join([b"%d" % len(part) for part in parts])
    body = b"".join(parts)
    return b"%b %b\n%b" % (_header(state, python, settings, sizes, body), sizes, body)


def _tables(data: bytes, state: str, python: Sequence[str], settings: Sequence[str]) -> list[Table]:
    """Return the tables that `_written` wrote, none when they are not of this state of these files, or not whole."""
    header, _, body = data.partition(b"\n")
    said, _, sizes = header.rpartition(b" ")
    if said != _header(state, python, settings, sizes, body):
        return []
    ends = list(accumulate(map(int, sizes.split(b","))))
    parts = [body[start:end] for start, end in zip((0, *ends), ends, strict=False)]
    return [Table(parts[at], parts[at + 1], parts[at + 2]) for at in range(0, len(parts), 3)]


def _header(state: str, python: Sequence[str], settings: Sequence[str], sizes: bytes, body: bytes) -> bytes:
    paths = "\0".join((*python, "", *settings)).encode("utf-8", "surrogateescape")
    return f"flaglint-words {state} {digest(paths)} {zlib.crc32(body, zlib.crc32(sizes))}".encode()


def _note(facts: Facts, found: Iterable[bytes], number: int) -> None:
    for fact in found:
        if fact in facts:
            facts[fact].append(number)
        else:
            facts[fact] = [number]


def _table(facts: Facts, count: int) -> tuple[bytes, bytes, bytes]:
    """Return a table of `count` files."""
    posted = []
    kind, size = (_SHORT, 2) if count < 1 << 16 else (_LONG, 4)
    for numbers in facts.values():
        if len(numbers) * size * 8 < count:
            posted.append(kind + struct.pack(f"<{len(numbers)}{kind.decode()}", *numbers))
            continue
        bits = bytearray(count // 8 + 1)
        for number in numbers:
            bits[number >> 3] |= 1 << (number & 7)
        posted.append(_MAPPED + bits)
    places = [0, *accumulate(map(len, posted))]
    return b"\n".join((b"", *facts, b"")), struct.pack(f"<{len(places)}I", *places), b"".join(posted)
