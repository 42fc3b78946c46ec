"""A registry cut down to some entries and their neighbours, in which they are edited as in the whole.

What goes with an entry is told by what stands right above and below it, so that a file of a thousand flags need not be
read again for one. Where that is not certain there is no such draft: the whole file is read then.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from flaglint.errors import RegistryError
from flaglint.model import Edit, edited
from flaglint.records import dataclass
from flaglint.registry.edit.draft import Draft
from flaglint.registry.files import File
from flaglint.registry.formats import NATIVE
from flaglint.registry.tree import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

    from flaglint.definition import Flag, Registry
    from flaglint.source import Text


@dataclass(frozen=True, slots=True)
class Part:
    """A file cut down: the stretches of its bytes that were kept."""

    path: str
    data: bytes
    kept: tuple[tuple[int, int], ...]

    @property
    def left(self) -> bytes:
        """The bytes that were kept."""
        return b"".join([self.data[start:end] for start, end in self.kept])

    def widened(self, edits: Sequence[Edit]) -> list[Edit] | None:
        """Return edits of what was kept as edits of the file; None when one of them goes over a gap."""
        ends = list(accumulate(end - start for start, end in self.kept))
        found = []
        for edit in edits:
            first = bisect_right(ends, edit.start)
            last = bisect_left(ends, edit.end)
            if first != last:
                return None
            moved = self.kept[first][1] - ends[first]
            found.append(Edit(self.path, edit.start + moved, edit.end + moved, edit.text))
        return found


@dataclass(frozen=True, slots=True)
class Nearby:
    """A draft of what stands around some entries, and what it was cut from."""

    draft: Draft
    parts: tuple[Part, ...]

    def changed(self) -> list[tuple[str, bytes, bytes, tuple[Edit, ...]]] | None:
        """Return path, bytes as they were, bytes as they are now and the edits of each file that changed.

        None when what was cut away may have a part in it.
        """
        edits = self.draft.edits()
        found = []
        for part in self.parts:
            own = part.widened([edit for edit in edits if edit.path == part.path])
            if own is None:
                return None
            if own:
                found.append((part.path, part.data, edited(part.data, own), tuple(own)))
        return found


class Surroundings:
    """What stands around the entries of a registry: found out once, for however many entries are edited one by one.

    `registry` is what the files say, each of which `read` gives the bytes of.
    """

    def __init__(self, registry: Registry, read: Callable[[str], bytes]) -> None:
        self._registry = registry
        self._read = read
        self._files: dict[str, _Lines | None] = {}

    @cached_property
    def keys(self) -> frozenset[str]:
        """The keys of all entries."""
        return frozenset([flag.key for flag in self._registry.flags])

    @cached_property
    def _by_key(self) -> dict[str, list[Flag]]:
        found: dict[str, list[Flag]] = {}
        for flag in self._registry.flags:
            found.setdefault(flag.key, []).append(flag)
        return found

    @cached_property
    def _by_path(self) -> dict[str, list[Flag]]:
        found: dict[str, list[Flag]] = {}
        for flag in self._registry.flags:
            found.setdefault(flag.key_span.path, []).append(flag)
        return found

    @cached_property
    def _needed(self) -> frozenset[str]:
        return frozenset([need.key for flag in self._registry.flags for need in flag.needs])

    @cached_property
    def _broken(self) -> frozenset[str]:
        return frozenset([problem.span.path for problem in self._registry.problems])

    def nearby(self, keys: Collection[str]) -> Nearby | None:
        """Return a draft in which the entries of `keys` and their neighbours stand; None where it would not do.

        That is when an entry is not plainly one of the native format in YAML, something is wrong with its file, or
        another flag needs it.
        """
        wanted = frozenset(keys)
        chosen = [flag for key in wanted for flag in self._by_key.get(key, ())]
        paths = sorted({flag.key_span.path for flag in chosen})
        if len(chosen) != len(wanted) or not wanted.isdisjoint(self._needed) or not self._broken.isdisjoint(paths):
            return None
        parts = []
        for path in paths:
            if path not in self._files:
                self._files[path] = _lines_of(path, self._by_path[path], self._read)
            lines = self._files[path]
            if lines is None:
                return None
            parts.append(lines.cut([flag.key for flag in chosen if flag.key_span.path == path]))
        try:
            draft = Draft([File(part.path, part.left, NATIVE) for part in parts])
        except RegistryError:
            return None
        return Nearby(draft, tuple(parts))


@dataclass(frozen=True, slots=True)
class _Lines:
    """A file, the number of each entry in it by key, and where these begin, with the end of the last one."""

    text: Text
    numbers: Mapping[str, int]
    bounds: Sequence[int]

    def cut(self, keys: Iterable[str]) -> Part:
        """Return the file without the entries that are neither among `keys` nor next to one of them."""
        near = {self.numbers[key] + by for key in keys for by in (-1, 0, 1)}
        kept = [(0, self.bounds[0])]
        kept += [(self.bounds[at], self.bounds[at + 1]) for at in sorted(near) if 0 <= at < len(self.bounds) - 1]
        text = self.text
        return Part(text.path, text.data, tuple(_joined([(text.byte_offset(a), text.byte_offset(b)) for a, b in kept])))


def _lines_of(path: str, flags: list[Flag], read: Callable[[str], bytes]) -> _Lines | None:
    if path.endswith(".json") or any(flag.format != NATIVE for flag in flags):
        return None
    flags = sorted(flags, key=lambda flag: flag.key_span.start)
    try:
        text = decode(path, read(path))
    except RegistryError:
        return None
    starts = _starts(text, flags)
    if starts is None:
        return None
    return _Lines(text, {flag.key: number for number, flag in enumerate(flags)}, (*starts, len(text.text)))


def _starts(text: Text, flags: list[Flag]) -> list[int] | None:
    """Return where the lines of entries begin; None unless each has its own lines and the same indentation."""
    starts = text.line_starts
    found: list[int] = []
    last = 0
    for flag in flags:
        place = flag.key_span.start
        if place.line <= last or place.line > len(starts) or place.column != flags[0].key_span.start.column:
            return None
        start = starts[place.line - 1]
        if text.text[start : start + place.column - 1].strip(" ") or not start:
            return None
        found.append(start)
        last = flag.span.end.line
    return found


def _joined(stretches: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield stretches, those that follow each other as one; a byte order mark belongs to the first."""
    begin, end = 0, stretches[0][1]
    for start, stop in stretches[1:]:
        if start > end:
            yield begin, end
            begin = start
        end = stop
    yield begin, end
