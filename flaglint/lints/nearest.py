"""The key or name that was probably meant: edit distance after folding case and separators."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_SEPARATORS = str.maketrans("", "", "-_.: /")
_WORD_BREAKS = str.maketrans("-_.:/", "     ")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_FEWEST_WORDS_OF_A_TAIL = 2


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
    """Return the entry of `known` that `wanted` was probably meant to be, or an empty text when none is close.

    Close is: one slip in a short key and up to three in a long one; the same words in another order; or one being
    the other without its first words, such as a forgotten `release-`.
    """
    target = folded(wanted)
    limit = min(3, 1 + len(target) // 8, max(0, len(target) - 1) // 2)
    others = sorted(set(known) - {wanted})
    closest, distance_to_it = "", limit + 1
    for key in others:
        found = distance(target, folded(key), min(limit, distance_to_it))
        if found < distance_to_it:
            closest, distance_to_it = key, found
    return closest or _same_words(wanted, others)


def _same_words(wanted: str, known: list[str]) -> str:
    """Return the only key that has the same words in another order, or the same last words."""
    own = words(wanted)
    alike = []
    for key in known:
        theirs = words(key)
        short, long = sorted((own, theirs), key=len)
        is_tail = len(short) >= _FEWEST_WORDS_OF_A_TAIL and long[len(long) - len(short) :] == short
        if is_tail or sorted(own) == sorted(theirs):
            alike.append(key)
    return alike[0] if len(alike) == 1 else ""
