"""A registry cut down to some entries and their neighbours, in which they are edited as in the whole.

What goes with an entry is told by what stands right above and below it, so that a file of a thousand flags need not be
read again for one. Where that is not certain there is no such draft: the whole file is read then.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from flaglint.errors import RegistryError
from flaglint.model import Edit
from flaglint.records import dataclass
from flaglint.registry.edit.draft import Draft
from flaglint.registry.files import File
from flaglint.registry.formats import NATIVE
from flaglint.registry.tree import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence

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
                found.append((part.path, part.data, _edited(part.data, own), tuple(own)))
        return found


def nearby(registry: Registry, keys: Collection[str], read: Callable[[str], bytes]) -> Nearby | None:
    """Return a draft in which the entries of `keys` and their neighbours stand; None where it would not do.

    That is when an entry is not plainly one of the native format in YAML, something is wrong with its file, or another
    flag needs it. `registry` is what the files say, each of which `read` gives the bytes of.
    """
    wanted = frozenset(keys)
    by_path: dict[str, list[Flag]] = {}
    for flag in registry.flags:
        by_path.setdefault(flag.key_span.path, []).append(flag)
        if any(need.key in wanted for need in flag.needs):
            return None
    chosen = [flag for flag in registry.flags if flag.key in wanted]
    paths = sorted({flag.key_span.path for flag in chosen})
    if len(chosen) != len(wanted) or any(problem.span.path in paths for problem in registry.problems):
        return None
    parts = []
    for path in paths:
        part = _part(path, sorted(by_path[path], key=lambda flag: flag.key_span.start), wanted, read)
        if part is None:
            return None
        parts.append(part)
    try:
        draft = Draft([File(part.path, part.left, NATIVE) for part in parts])
    except RegistryError:
        return None
    return Nearby(draft, tuple(parts))


def _part(path: str, flags: list[Flag], wanted: Collection[str], read: Callable[[str], bytes]) -> Part | None:
    """Return a file without the entries that are neither wanted nor next to one that is."""
    if path.endswith(".json") or any(flag.format != NATIVE for flag in flags):
        return None
    try:
        text = decode(path, read(path))
    except RegistryError:
        return None
    starts = _starts(text, flags)
    if starts is None:
        return None
    near = {at + by for at, flag in enumerate(flags) if flag.key in wanted for by in (-1, 0, 1)}
    bounds = [0, *starts, len(text.text)]
    kept = [(0, starts[0])]
    kept += [(bounds[at + 1], bounds[at + 2]) for at in range(len(flags)) if at in near]
    return Part(path, text.data, tuple(_joined([(text.byte_offset(a), text.byte_offset(b)) for a, b in kept])))


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


def _edited(data: bytes, edits: Sequence[Edit]) -> bytes:
    pieces, position = [], 0
    for edit in sorted(edits):
        pieces += [data[position : edit.start], edit.text]
        position = edit.end
    return b"".join([*pieces, data[position:]])
