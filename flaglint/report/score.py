"""The score that ranks flags: what their removal brings, divided by what it takes.

Every term has a name, points, and the fact that they are for; docs/report.md lists them all. Nothing is weighted by
anything that is not shown.
"""

from __future__ import annotations

from math import log2
from typing import TYPE_CHECKING

from flaglint.report.debt import State, Term

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.report.debt import FlagDebt

# How many days late counts as "late by a lifetime" for a flag that has an expiry and whose type has no lifetime.
_LIFETIME_WITHOUT_ONE = 90


def benefit(flag: FlagDebt, *, is_quiet: bool) -> tuple[Term, ...]:
    """Return what the removal brings; nothing for a flag that is meant to stay."""
    return tuple(_benefit(flag, is_quiet=is_quiet)) if flag.is_temporary else ()


def effort(flag: FlagDebt, *, has_value: bool) -> tuple[Term, ...]:
    """Return what the removal takes: one for the pull request itself, and more for each thing that makes it harder.

    `has_value`: which value stays is proven, or does not matter.
    """
    return tuple(_effort(flag, has_value=has_value))


def score(gains: tuple[Term, ...], costs: tuple[Term, ...]) -> float:
    """Return the points of the benefit divided by those of the effort, to two places."""
    return round(sum(term.points for term in gains) / max(1.0, sum(term.points for term in costs)), 2)


def _benefit(flag: FlagDebt, *, is_quiet: bool) -> Iterator[Term]:
    if flag.overdue:
        lifetimes = flag.overdue / (flag.lifetime or _LIFETIME_WITHOUT_ONE)
        yield _term("overdue", 1 + min(2, lifetimes), f"{days(flag.overdue)} past its time")
    if flag.is_due_by("FLG302", "FLG304"):
        yield _term("decides nothing", 2, "it serves everyone the same value")
    if flag.is_due_by("FLG202", "FLG208"):
        yield _term("unread", 1, "no code outside of tests reads it")
    if flag.reads:
        where = f"{count(flag.reads, 'read')} in {count(len(flag.files), 'file')}"
        yield _term("reads", min(2, log2(1 + flag.reads) / 2), f"{where} to understand and test both ways")
    if flag.code is not None and flag.code.statements + flag.code.branches > 0:
        size = f"{count(flag.code.statements, 'statement')} and {count(flag.code.branches, 'branch', 'branches')}"
        yield _term("dead code", min(3, (flag.code.statements + flag.code.branches) / 10), f"{size} go with it")
    if flag.nested:
        yield _term(
            "nested flags", min(1, len(flag.nested) / 2), f"{count(len(flag.nested), 'flag')} read inside of it"
        )
    if flag.tests:
        yield _term("tests", min(1, len(flag.tests) / 4), f"{count(len(flag.tests), 'test file')} to keep up")
    if is_quiet:
        yield _term("quiet", 1, flag.usage)


def _effort(flag: FlagDebt, *, has_value: bool) -> Iterator[Term]:
    yield _term("pull request", 1, "one change to write and to review")
    if len(flag.files) > 1:
        yield _term("files", min(2, (len(flag.files) - 1) / 4), f"{count(len(flag.files), 'file')} change")
    if flag.code is not None and flag.code.by_hand:
        needs = "place needs" if flag.code.by_hand == 1 else "places need"
        yield _term("by hand", min(3, flag.code.by_hand / 2), f"{flag.code.by_hand} {needs} a person")
    if len(flag.code_owners) > 1:
        yield _term("owners", min(2, (len(flag.code_owners) - 1) / 2), f"code of {len(flag.code_owners)} owners")
    if flag.texts:
        yield _term("text", min(1, len(flag.texts) / 10), f"{count(len(flag.texts), 'place')} outside of Python")
    if flag.patterns:
        yield _term("dynamic keys", 1, f"{count(len(flag.patterns), 'read')} may be this one, or not")
    if flag.needed_by:
        first = "it goes" if len(flag.needed_by) == 1 else "they go"
        yield _term("dependants", min(3, len(flag.needed_by)), f"needed by {', '.join(flag.needed_by)}: {first} first")
    if not flag.is_planned:
        yield _term("not planned", 1, "what its removal changes was not looked at")
    if has_value:
        return
    if flag.state is State.IN_ROLLOUT:
        yield _term("decision", 3, "someone has to decide which value stays")
    elif flag.state is State.UNKNOWN:
        yield _term("no proof", 2, "what it serves is not known: someone has to say")


def _term(name: str, points: float, fact: str) -> Term:
    return Term(name, round(points, 2), fact)


def days(number: int) -> str:
    """Return a number of days with its noun."""
    return count(number, "day")


def count(number: int, one: str, many: str = "") -> str:
    """Return a number with its noun in the right form."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
