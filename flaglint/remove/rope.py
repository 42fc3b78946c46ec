"""A text under rewriting that remembers, character by character, what it still has of the original.

Every step of a removal edits the text of the step before; the rope composes these edits, so that what comes out in the
end are edits of the original file and nothing else. Offsets are 0-based and count code points; ends are exclusive.
"""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True, order=True)
class Cut:
    """Replace `[start, end)` of a text by `text`; an empty stretch inserts."""

    start: int
    end: int
    text: str = ""


class OverlapError(ValueError):
    """Two cuts of one step touch the same characters."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A stretch of the original that begins at `origin`, or new text when `origin` is negative."""

    text: str
    origin: int


class Rope:
    """An immutable text with the origin of each of its characters."""

    def __init__(self, original: str, pieces: Sequence[_Piece] | None = None) -> None:
        self.original = original
        self._pieces = [_Piece(original, 0)] if pieces is None else list(pieces)

    @cached_property
    def text(self) -> str:
        """The text as it stands now."""
        return "".join(piece.text for piece in self._pieces)

    @cached_property
    def _starts(self) -> list[int]:
        return list(accumulate((len(piece.text) for piece in self._pieces), initial=0))

    def cut(self, cuts: Iterable[Cut]) -> Rope:
        """Return the rope with `cuts` made, which are in offsets of `text`; raises OverlapError when two overlap."""
        pieces: list[_Piece] = []
        position = 0
        for cut in sorted(cuts):
            if cut.start < position:
                raise OverlapError(f"a cut at {cut.start} overlaps one that ends at {position}")
            if self.text[cut.start : cut.end] == cut.text:
                continue
            pieces += self._slice(position, cut.start)
            if cut.text:
                pieces.append(_Piece(cut.text, -1))
            position = cut.end
        pieces += self._slice(position, len(self.text))
        return Rope(self.original, pieces)

    def _slice(self, start: int, end: int) -> list[_Piece]:
        found: list[_Piece] = []
        for piece, begin in zip(self._pieces, self._starts, strict=False):
            low, high = max(start, begin), min(end, begin + len(piece.text))
            if low < high:
                origin = piece.origin + low - begin if piece.origin >= 0 else -1
                found.append(_Piece(piece.text[low - begin : high - begin], origin))
        return found

    def origin(self, offset: int) -> int | None:
        """Return where the character at `offset` stood in the original, or None when it is new."""
        for piece, begin in zip(self._pieces, self._starts, strict=False):
            if begin <= offset < begin + len(piece.text):
                return piece.origin + offset - begin if piece.origin >= 0 else None
        return None

    def origins(self, start: int, end: int) -> tuple[int, int] | None:
        """Return the stretch of the original from which all that `[start, end)` has of it comes, if it has anything."""
        kept = [
            (piece.origin + max(start, begin) - begin, piece.origin + min(end, begin + len(piece.text)) - begin)
            for piece, begin in zip(self._pieces, self._starts, strict=False)
            if piece.origin >= 0 and max(start, begin) < min(end, begin + len(piece.text))
        ]
        return (min(first for first, _ in kept), max(last for _, last in kept)) if kept else None

    def is_verbatim(self, start: int, end: int) -> bool:
        """Whether all of the non-empty `[start, end)` stands in the original, in one piece."""
        number = bisect_right(self._starts, start) - 1
        piece = self._pieces[number]
        return piece.origin >= 0 and end <= self._starts[number] + len(piece.text)

    def current(self, origin: int) -> int | None:
        """Return where the original's character at `origin` stands now, or None when it is gone."""
        for piece, begin in zip(self._pieces, self._starts, strict=False):
            if piece.origin >= 0 and piece.origin <= origin < piece.origin + len(piece.text):
                return begin + origin - piece.origin
        return None

    def stretch(self, start: int, end: int) -> tuple[int, int] | None:
        """Return where the original's non-empty `[start, end)` stands now, or None when either end of it is gone."""
        first, last = self.current(start), self.current(end - 1)
        return (first, last + 1) if first is not None and last is not None else None

    @property
    def cuts(self) -> list[Cut]:
        """The cuts that make the text out of the original, in order, none longer than it must be."""
        found: list[Cut] = []
        position = 0
        pending = ""
        for piece in self._pieces:
            if piece.origin < 0:
                pending += piece.text
                continue
            if pending or piece.origin > position:
                found.append(Cut(position, piece.origin, pending))
            position = piece.origin + len(piece.text)
            pending = ""
        if pending or position < len(self.original):
            found.append(Cut(position, len(self.original), pending))
        return [_trimmed(self.original, cut) for cut in found]


def _trimmed(text: str, cut: Cut) -> Cut:
    """Leave what a cut puts back out of it."""
    start, end, new = cut.start, cut.end, cut.text
    while start < end and new and text[start] == new[0]:
        start, new = start + 1, new[1:]
    while start < end and new and text[end - 1] == new[-1]:
        end, new = end - 1, new[:-1]
    return Cut(start, end, new)
