"""The key or name that was probably meant: edit distance after folding case and separators."""

from __future__ import annotations

import re
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_SEPARATORS = str.maketrans("", "", "-_.: /")
_WORD_BREAKS = str.maketrans("-_.:/", "     ")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_FEWEST_WORDS_OF_A_TAIL = 2
_TELLING = 3  # keys that are alike


@lru_cache(maxsize=4096)
def folded(key: str) -> str:
    """Return `key` without case and separators: what a person may confuse, and what some SDKs fold together."""
    return key.casefold().translate(_SEPARATORS)


@lru_cache(maxsize=4096)
def words(key: str) -> tuple[str, ...]:
    """Return the words of a key in lower case, split at separators and at humps of camel case."""
    return tuple(_HUMP.sub(" ", key).translate(_WORD_BREAKS).casefold().split())


def distance(left: str, right: str, limit: int) -> int:
    """Return how many letters must be changed, added, dropped or swapped with a neighbour, or `limit + 1` if more.

    The optimal string alignment distance (Damerau 1964, with each piece of text edited at most once).
    """
    if abs(len(left) - len(right)) > limit:
        return limit + 1
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        before, last, row = row, before, [i]
        for j, b in enumerate(right, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (a != b))
            if last and j > 1 and a == right[j - 2] and b == left[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
        if min(row) > limit:
            return limit + 1
    return row[-1] if row[-1] <= limit else limit + 1


def nearest_key(wanted: str, known: Iterable[str]) -> str:
    """Return what `Keys(known).nearest(wanted)` does, for callers with one question."""
    return Keys(known).nearest(wanted)


class Keys:
    """Known keys, among which the one is found that somebody probably meant.

    They are kept as a trie of their folded spellings, which is grown where somebody looks: keys of thousands of flags
    begin alike, and what is too far from the wanted key is left with all that begins like it.
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._all = sorted(set(known))

    def nearest(self, wanted: str) -> str:
        """Return the key that `wanted` was probably meant to be, or an empty text when none is close.

        Close is: one slip in a short key and up to three in a long one; the same words in another order; or one being
        the other without its first words, such as a forgotten `release-`. Of several as close the first in order.
        """
        target = folded(wanted)
        limit = min(3, 1 + len(target) // 8, max(0, len(target) - 1) // 2)
        for within in range(limit + 1):
            found = [key for key in self._within(target, within) if key != wanted]
            if found:
                return min(found)
        return self._same_words(wanted)

    @cached_property
    def _root(self) -> _Node:
        spelled: dict[str, list[str]] = {}
        for key in self._all:
            spelled.setdefault(folded(key), []).append(key)
        return _Node(0, [(text, _letters(text), spelled[text]) for text in spelled])

    def _within(self, target: str, limit: int) -> Iterator[str]:
        """Yield the keys that are `limit` slips from `target` at most.

        Of the table of distances (see `distance`) a row is what a prefix of the keys costs. Only the columns that at
        most `limit` letters more or fewer lead to are kept: cell `k` is of the first `depth + k - limit` letters.
        """
        own, far = _letters(target), limit + 1
        first = [column - limit if column >= limit else far for column in range(2 * limit + 1)] + [far]
        waiting = [(self._root, first, [far] * len(first), "")]
        while waiting:
            node, row, before, last = waiting.pop()
            if (node.every & ~own).bit_count() > limit or (own & ~node.some).bit_count() > limit:
                continue  # each slip brings at most one letter that the other one lacks
            if node.ending and _cost(row, node.depth, target, limit) <= limit:
                yield from node.ending
            if len(node.spelled) == 1:  # no more keys part here: to the end without further nodes
                text, _, keys = node.spelled[0]
                for depth in range(node.depth, len(text)):
                    row, before = _row(row, before, text[depth], last, target, depth, limit), row
                    last = text[depth]
                    if min(row) > limit:
                        break
                else:
                    if not node.ending and _cost(row, len(text), target, limit) <= limit:
                        yield from keys
                continue
            for letter, child in node.children.items():
                new = _row(row, before, letter, last, target, node.depth, limit)
                if min(new) <= limit:
                    waiting.append((child, new, row, letter))

    @cached_property
    def _by_words(self) -> dict[tuple[str, tuple[str, ...]], list[str]]:
        """The first few keys of each set of words, of the words of a whole key, and of each tail that says something.

        What is the only one of its kind is looked for, and one may be the key that is asked about: three say enough.
        """
        found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for key in self._all:
            theirs = words(key)
            kinds = [("set", tuple(sorted(theirs))), ("whole", theirs)]
            kinds += (("tail", theirs[begin:]) for begin in range(len(theirs) - _FEWEST_WORDS_OF_A_TAIL + 1))
            for kind in kinds:
                keys = found.setdefault(kind, [])
                if len(keys) < _TELLING:
                    keys.append(key)
        return found

    def _same_words(self, wanted: str) -> str:
        """Return the only key that has the same words in another order, or the same last words."""
        own = words(wanted)
        kinds = [("set", tuple(sorted(own))), ("tail", own)]
        kinds += (("whole", own[begin:]) for begin in range(1, len(own) - _FEWEST_WORDS_OF_A_TAIL + 1))
        alike = {key for kind in kinds for key in self._by_words.get(kind, ())} - {wanted}
        return alike.pop() if len(alike) == 1 else ""


class _Node:
    """The keys that begin with the same letters, folded: what each of them holds, and what any of them does."""

    __slots__ = ("_children", "depth", "ending", "every", "some", "spelled")

    def __init__(self, depth: int, spelled: list[tuple[str, int, list[str]]]) -> None:
        self.depth = depth
        self.spelled = spelled
        self.every = ~0
        self.some = 0
        for _, letters, _ in spelled:
            self.every &= letters
            self.some |= letters
        self.ending = next((keys for text, _, keys in spelled if len(text) == depth), None)
        self._children: dict[str, _Node] | None = None

    @property
    def children(self) -> dict[str, _Node]:
        """The keys that go on, by their next letter."""
        if self._children is None:
            going_on: dict[str, list[tuple[str, int, list[str]]]] = {}
            for item in self.spelled:
                if len(item[0]) > self.depth:
                    going_on.setdefault(item[0][self.depth], []).append(item)
            self._children = {letter: _Node(self.depth + 1, items) for letter, items in going_on.items()}
        return self._children


def _row(row: list[int], before: list[int], letter: str, last: str, target: str, depth: int, limit: int) -> list[int]:
    """Return the row below `row`, of prefixes that are `depth` letters long and end in `last`; `before` is above it."""
    size, far = len(target), limit + 1
    new: list[int] = []
    left = far
    for k in range(2 * limit + 1):
        column = depth + 1 + k - limit
        if 0 < column <= size:
            cost = row[k] + (letter != target[column - 1])
            if row[k + 1] < cost:
                cost = row[k + 1] + 1
            if left < cost:
                cost = left + 1
            if column > 1 and letter == target[column - 2] and last == target[column - 1] and before[k] < cost:
                cost = before[k] + 1
            left = min(cost, far)
        else:
            left = min(depth + 1, far) if column == 0 else far
        new.append(left)
    new.append(far)
    return new


def _cost(row: list[int], depth: int, target: str, limit: int) -> int:
    """Return what a whole key costs, of `depth` letters."""
    end = len(target) - depth + limit
    return row[end] if 0 <= end <= 2 * limit else limit + 1


def _letters(text: str) -> int:
    """Return a bit for each letter of a text; a few rare ones share theirs."""
    found = 0
    for letter in set(text):
        found |= 1 << ord(letter) % 64
    return found
