"""What flags and segments ask of each other: parents that are missing, and circles."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.circles import shortest_circles
from flaglint.definition import Problem
from flaglint.model import Label
from flaglint.registry.nodes import INVALID
from flaglint.registry.reading import nearest_or_all

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flaglint.definition import Flag, Need, Segment, Tombstone

DUPLICATE_FLAG = "FLG402"
PREREQUISITE_CYCLE = "FLG404"
BROKEN_PREREQUISITE = "FLG405"
_UNTIL_THEN = "until then each of these flags serves its `off_variant`"


def duplicate_flag(first: Flag, again: Flag) -> Problem:
    """Return the problem of a key that is defined again, with both places."""
    return Problem(
        DUPLICATE_FLAG,
        f"`{again.key}` is defined twice",
        again.key_span,
        key=again.key,
        help="keep one of the two entries",
        related=(Label(first.key_span, "first defined here"),),
    )


def check_needs(
    flags: Sequence[Flag], tombstones: Sequence[Tombstone], *, in_a_circle: str = _UNTIL_THEN
) -> Iterator[Problem]:
    """Yield parents that do not exist, variants that they never serve, and circles of prerequisites.

    None of them breaks a flag: a parent that is missing is not satisfied, and a circle serves `off_variant`, or what
    `in_a_circle` says of another format.
    """
    by_key = {flag.key: flag for flag in flags}
    removed = {tombstone.key: tombstone for tombstone in tombstones}
    for flag in flags:
        for need in flag.needs:
            parent = by_key.get(need.key)
            if parent is None:
                yield _missing(flag, need, removed.get(need.key), by_key)
            elif not parent.problems:
                yield from _unknown_variants(flag, need, parent)
    for circle in shortest_circles({flag.key: [need.key for need in flag.needs] for flag in flags}):
        needs = [
            next(need for need in by_key[key].needs if need.key == circle[(index + 1) % len(circle)])
            for index, key in enumerate(circle)
        ]
        yield Problem(
            PREREQUISITE_CYCLE,
            f"`{circle[0]}` needs itself: {_arrows(circle)}",
            needs[0].span,
            key=circle[0],
            help=f"take one of these prerequisites out; {in_a_circle}",
            related=tuple(Label(need.span, "and this one") for need in needs[1:]),
            breaks=False,
        )


def _missing(flag: Flag, need: Need, tombstone: Tombstone | None, by_key: Mapping[str, Flag]) -> Problem:
    others = [key for key in by_key if key != flag.key]
    fact, advice = "there is no flag", nearest_or_all(need.key, others, "other flag")
    related: tuple[Label, ...] = ()
    if tombstone is not None:
        fact, advice = "there is no longer a flag", "take the prerequisite out"
        related = (Label(tombstone.span, "removed here"),)
    return Problem(
        BROKEN_PREREQUISITE,
        f"`{flag.key}`: {fact} `{need.key}`, so the prerequisite is never met",
        need.span,
        key=flag.key,
        help=advice,
        related=related,
        breaks=False,
    )


def _unknown_variants(flag: Flag, need: Need, parent: Flag) -> Iterator[Problem]:
    names = {variant.name: None for variant in parent.variants}
    for variant in need.variants:
        if variant not in names:
            yield Problem(
                BROKEN_PREREQUISITE,
                f"`{flag.key}`: `{parent.key}` has no variant `{variant}`, so it never serves it",
                need.span,
                key=flag.key,
                help=nearest_or_all(variant, names, "variant"),
                related=(Label(parent.key_span, "defined here"),),
                breaks=False,
            )


def check_segments(segments: Sequence[Segment]) -> Iterator[Problem]:
    """Yield circles of segments; what they match is not defined."""
    by_name = {segment.name: segment for segment in segments}
    for circle in shortest_circles({segment.name: segment.segments for segment in segments}):
        yield Problem(
            INVALID,
            f"segment `{circle[0]}` refers to itself: {_arrows(circle)}",
            by_name[circle[0]].span,
            help="take one of these references out",
            related=tuple(Label(by_name[name].span, "through this one") for name in circle[1:]),
        )


def _arrows(circle: Sequence[str]) -> str:
    return " → ".join(f"`{name}`" for name in [*circle, circle[0]])
