"""Where many texts stand in a file: a coarse pass about as fast as memory, and an exact one around what it met.

The coarse pass looks only for those texts that hold no other one, or for how many of them begin, a few dozen at a time:
so many are compared at many places of a file at once, where the exact pass takes a step per byte. It misses nothing:
each text that stands in a file holds one that the coarse pass looks for, and that one is reported or overlaps with one
that is. What is no part of a longer text, as the bytes beside it tell, needs no second look.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

_TOGETHER: Final = 48  # texts of one coarse pass: the search of many places at once takes 64, the decoys among them
_PASSES: Final = 4  # with more, a step per byte is cheaper
_TELLING: Final = 8  # bytes from which on the common begin of several texts seldom stands anywhere else
_SHORTEST: Final = 3  # bytes of a text: a coarse pass meets too many of those that are shorter
_NEAR: Final = 4  # when a part of this size of a file is near to something that was met, all of it is looked at
_EXPANDED: Final = 100_000  # bytes of texts up to which a step is one look into a table, which has 25 MB then
# Texts that begin alike, or share a rare letter, would make a coarse pass stop at every such letter. These share none.
_DECOYS: Final = tuple(bytes((0xF5 + number, 0x01 + number)) * 4 for number in range(4))
_MANY: Final = 500_000  # bytes from which on a coarse pass pays for what it takes to make it ready


class _Word(NamedTuple):
    """A text of word bytes alone that the coarse pass looks for: no text that counts begins or ends inside of it."""

    number: int
    before: set[int]  # the bytes before it in those texts that hold it
    after: set[int]


class Sieve:
    """Finds many texts in bytes, also those that overlap; no two texts are the same, and none is empty.

    `word` is the bytes that words consist of: a text that such a byte stands beside is a part of another word. A search
    of fewer than `pays_from` bytes in all is plain.
    """

    def __init__(self, texts: Sequence[bytes], word: frozenset[int] = frozenset(), *, pays_from: int = _MANY) -> None:
        from ahocorasick_rs import BytesAhoCorasick, MatchKind

        self._texts = texts
        self._word = word
        self._reach = max(map(len, texts), default=0)
        self._exact: Any = BytesAhoCorasick(texts, matchkind=MatchKind.Standard)
        self._coarse: list[tuple[Any, list[_Word | None]]] = []
        self._left = pays_from  # bytes that are searched before a coarse pass is made ready

    def _make_ready(self) -> None:
        from ahocorasick_rs import BytesAhoCorasick, Implementation, MatchKind

        texts = self._texts
        inside = [self._exact.find_matches_as_indexes(text, overlapping=True) for text in texts]
        words = {text: _Word(number, set(), set()) for number, text in enumerate(texts) if self._word.issuperset(text)}
        for text, places in zip(texts, inside, strict=True):
            for number, start, end in places:
                if found := words.get(texts[number]):
                    found.before.update(text[start - 1 : start] if start else b"")
                    found.after.update(text[end : end + 1])
        least = sorted(text for text, places in zip(texts, inside, strict=True) if len(places) == 1)
        sought = _begins(least)
        passes = -(-len(sought) // _TOGETHER)
        if passes <= _PASSES and min(map(len, sought), default=0) >= _SHORTEST:
            size = -(-len(sought) // passes)  # those that begin alike stay together
            for first in range(0, len(sought), size):
                some = [*sought[first : first + size], *_DECOYS]
                search = BytesAhoCorasick(some, matchkind=MatchKind.LeftmostFirst)
                self._coarse.append((search, [words.get(text) for text in some]))
        elif sum(map(len, texts)) <= _EXPANDED:
            self._exact = BytesAhoCorasick(texts, matchkind=MatchKind.Standard, implementation=Implementation.DFA)

    def places(self, data: bytes) -> list[tuple[int, int, int]]:
        """Return where the texts stand in some bytes: number, start and end (0-based, exclusive), in no fixed order.

        Some that are a part of another word are among them, and others are not.
        """
        if self._left > 0:
            self._left -= len(data)
            if self._left <= 0:
                self._make_ready()
        if not self._coarse:
            return self._within(data, 0, len(data))
        found: list[tuple[int, int, int]] = []
        near: list[tuple[int, int]] = []
        for search, words in self._coarse:
            for number, start, end in search.find_matches_as_indexes(data):
                word = words[number]
                if word is None:
                    near.append((start, end))
                    continue
                before = data[start - 1] if start else None
                after = data[end] if end < len(data) else None
                if before in word.before or after in word.after:
                    near.append((start, end))
                elif before not in self._word and after not in self._word:
                    found.append((word.number, start, end))
        if len(near) * self._reach * _NEAR > len(data):
            return self._within(data, 0, len(data))
        begin = stop = 0
        for start, end in sorted(near):
            if start - self._reach > stop:
                found += self._within(data, begin, stop)
                begin = start - self._reach
            stop = max(stop, end + self._reach)
        return list(dict.fromkeys(found + self._within(data, begin, stop)))

    def _within(self, data: bytes, begin: int, stop: int) -> list[tuple[int, int, int]]:
        if begin == stop:
            return []
        places: list[tuple[int, int, int]] = self._exact.find_matches_as_indexes(data[begin:stop], overlapping=True)
        return [(number, start + begin, end + begin) for number, start, end in places] if begin else places


def _begins(texts: list[bytes]) -> list[bytes]:
    """Return what each of some sorted texts begins with, in as few passes as do with begins that are long enough."""
    shared = [_alike(*pair) for pair in pairwise(texts)]
    weakest = sorted(range(len(shared)), key=lambda place: shared[place])
    for count in range(_TOGETHER, min(_TOGETHER * _PASSES, len(texts) - 1) + 1, _TOGETHER):
        if shared[weakest[count - 1]] >= _TELLING:
            cuts = [0, *sorted(place + 1 for place in weakest[: count - 1]), len(texts)]
            return [texts[first][: min(shared[first : stop - 1], default=None)] for first, stop in pairwise(cuts)]
    return texts


def _alike(first: bytes, second: bytes) -> int:
    """Return how many bytes two texts have in common at their begin."""
    size = min(len(first), len(second))
    return next((at for at in range(size) if first[at] != second[at]), size)
