"""Where many texts stand in a file: a coarse pass about as fast as memory, and an exact one around what it met.

The coarse pass looks only for those texts that hold no other one, a few dozen at a time: so many are compared at many
places of a file at once, where the exact pass takes a step per byte. It misses nothing: each text that stands in a file
holds one that the coarse pass looks for, and that one is reported or overlaps with one that is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOGETHER: Final = 48  # texts of one coarse pass: the search of many places at once takes 64, the decoys among them
_PASSES: Final = 4  # with more, a step per byte is cheaper
_SHORTEST: Final = 3  # bytes of a text: a coarse pass meets too many of those that are shorter
_NEAR: Final = 4  # when a part of this size of a file is near to something that was met, all of it is looked at
_EXPANDED: Final = 100_000  # bytes of texts up to which a step is one look into a table, which has 25 MB then
# Texts that begin alike, or share a rare letter, would make a coarse pass stop at every such letter. These share none.
_DECOYS: Final = tuple(bytes((0xF5 + number, 0x01 + number)) * 4 for number in range(4))


class Sieve:
    """Finds many texts in bytes, also those that overlap; no two texts are the same, and none is empty."""

    def __init__(self, texts: Sequence[bytes]) -> None:
        from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

        self._exact: Any = BytesAhoCorasick(texts, matchkind=MatchKind.Standard)
        self._reach = max(map(len, texts), default=0)
        least = sorted(text for text in texts if len(self._exact.find_matches_as_indexes(text, overlapping=True)) == 1)
        passes = -(-len(least) // _TOGETHER)
        self._coarse: list[Any] = []
        if passes <= _PASSES and min(map(len, least), default=0) >= _SHORTEST:
            size = -(-len(least) // passes)  # those that begin alike stay together
            self._coarse = [
                BytesAhoCorasick([*least[first : first + size], *_DECOYS], matchkind=MatchKind.LeftmostFirst)
                for first in range(0, len(least), size)
            ]
        elif sum(map(len, texts)) <= _EXPANDED:
            self._exact = BytesAhoCorasick(texts, matchkind=MatchKind.Standard, implementation=Implementation.DFA)

    def places(self, data: bytes) -> list[tuple[int, int, int]]:
        """Return where the texts stand in some bytes: number, start and end (0-based, exclusive), in no fixed order."""
        if not self._coarse:
            return self._within(data, 0, len(data))
        met = [place[1:] for search in self._coarse for place in search.find_matches_as_indexes(data)]
        if len(met) * self._reach * _NEAR > len(data):
            return self._within(data, 0, len(data))
        found: list[tuple[int, int, int]] = []
        begin = stop = 0
        for start, end in sorted(met):
            if start - self._reach > stop:
                found += self._within(data, begin, stop)
                begin = start - self._reach
            stop = max(stop, end + self._reach)
        return found + self._within(data, begin, stop)

    def _within(self, data: bytes, begin: int, stop: int) -> list[tuple[int, int, int]]:
        if begin == stop:
            return []
        places: list[tuple[int, int, int]] = self._exact.find_matches_as_indexes(data[begin:stop], overlapping=True)
        return [(number, start + begin, end + begin) for number, start, end in places] if begin else places
