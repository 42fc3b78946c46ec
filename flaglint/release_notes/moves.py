"""How many users get another variant by a change of weights: exact, from the intervals of hashes of each variant.

The hash of salt and bucketing key is a number below 2^32. A split maps it to `(hash * total) >> 32` and to the variant
whose cumulated weight lies above that, so each variant holds one interval of hashes. Laid over each other, the
intervals before and after a change say who moves; what each variant gains, added up, says who would have had to.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor
from typing import TYPE_CHECKING, Any, Final

from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HASHES: Final = 1 << 32
ROUNDING: Final = Fraction(1, 1_000_000)  # of the users; a smaller share is the rounding of hashes to buckets

Intervals = tuple[tuple[str, int], ...]  # variants in order, each with the hash at which it ends


@dataclass(frozen=True, slots=True)
class Transition:
    """A share of the users who got one variant and get another."""

    before: str
    after: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Movement:
    """Which shares of the users get another variant, how many in all, and how many the new weights ask for."""

    transitions: tuple[Transition, ...]
    moved: Fraction
    needed: Fraction

    @property
    def needless(self) -> Fraction:
        """The share of the users who move although another order of the same weights would leave them."""
        return max(self.moved - self.needed, Fraction(0))


def intervals(then: Sequence[Any], off: str, when: float) -> Intervals:
    """Return the intervals of one outcome of a plan (`evaluator.plan`) at a time, in UTC seconds."""
    match then:
        case ["serve", variant]:
            return ((variant, HASHES),)
        case ["split", []]:
            return ((off, HASHES),)
        case ["split", weights]:
            total = sum(weight for _, weight in weights)
            ends, found = 0, []
            for variant, weight in weights:
                ends += weight
                found.append((variant, _end(ends, total)))
            return tuple(found)
        case ["ramp", to, first, last, scale, start, until]:
            duration = max(until - start, 1)
            elapsed = min(max(floor(when) - start, 0), duration)
            weight = first * (duration - elapsed) + last * elapsed
            return ((to, _end(weight, scale * duration)), (off, HASHES))
    raise ValueError(f"there is no outcome `{then[0]}`")


def _end(weight: int, total: int) -> int:
    """Return the first hash whose bucket, of `total`, is no longer below `weight`."""
    return -(-weight * HASHES // total)


def shares(held: Intervals) -> Mapping[str, Fraction]:
    """Return the share of all hashes that each variant holds; those that hold none are left out."""
    found: dict[str, Fraction] = {}
    start = 0
    for variant, end in held:
        if end > start:
            found[variant] = found.get(variant, Fraction(0)) + Fraction(end - start, HASHES)
        start = max(start, end)
    return found


def movement(before: Intervals, after: Intervals, *, is_shuffled: bool = False) -> Movement:
    """Return who moves from one distribution to another.

    `is_shuffled`: the hash itself is another (a new salt, another attribute or generation), so that the two have
    nothing to do with each other, and the shares are what is to be expected of many users.
    """
    had, get = shares(before), shares(after)
    needed = sum((max(share - had.get(name, Fraction(0)), Fraction(0)) for name, share in get.items()), Fraction(0))
    if is_shuffled:
        pairs = {(old, new): had[old] * get[new] for old in had for new in get}
    else:
        pairs = _overlaps(before, after)
    moving = {pair: share for pair, share in pairs.items() if pair[0] != pair[1] and share}
    transitions = tuple(
        Transition(old, new, share)
        for (old, new), share in sorted(moving.items(), key=lambda item: (-item[1], item[0]))
    )
    needed = needed if needed >= ROUNDING else Fraction(0)
    return Movement(transitions, sum(moving.values(), Fraction(0)), needed)


def _overlaps(before: Intervals, after: Intervals) -> dict[tuple[str, str], Fraction]:
    found: dict[tuple[str, str], Fraction] = {}
    start = old = new = 0
    while start < HASHES:
        while before[old][1] <= start:
            old += 1
        while after[new][1] <= start:
            new += 1
        end = min(before[old][1], after[new][1])
        pair = (before[old][0], after[new][0])
        found[pair] = found.get(pair, Fraction(0)) + Fraction(end - start, HASHES)
        start = end
    return found
