"""What the removal of each flag comes to, planned for those that are worth it most.

A plan rewrites every file that reads the flag and checks the result, which takes a good part of a second for a large
file. So the best candidates are planned up to a number of files: the same ones whatever the machine.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flaglint.planning.apart import planned_apart
from flaglint.records import dataclass
from flaglint.report.debt import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from flaglint.model import Readiness
    from flaglint.planning import Planned, Plans
    from flaglint.report.debt import FlagDebt

WORK: Final = 120  # files, in all plans together


@dataclass(frozen=True, slots=True)
class Removal:
    """How safe a removal is, and what goes with it. `has_value`: which value stays is settled, or does not matter."""

    readiness: Readiness
    has_value: bool = False
    is_planned: bool = False  # or blocked, so that there is nothing to plan
    code: Code | None = None


def unplanned(plans: Plans, key: str) -> Removal:
    """Return what is known of a removal without planning it."""
    known = plans.unplanned(key)
    has_value = known.pin is not None and not known.why
    return Removal(known.readiness, has_value=has_value, is_planned=not has_value)


def worth_planning(flags: Iterable[FlagDebt], removals: Mapping[str, Removal], work: int) -> tuple[FlagDebt, ...]:
    """Return the flags to plan, of those whose value is settled: what is due first, then by rank.

    No more than `work` files have to be looked at for them together; 0 is no limit.
    """
    candidates = [flag for flag in flags if flag.key in removals and removals[flag.key].has_value]
    left = work or sum(map(_cost, candidates))
    found = []
    for flag in sorted(candidates, key=lambda flag: (not flag.due, flag.rank)):
        if _cost(flag) <= left:
            left -= _cost(flag)
            found.append(flag)
    return tuple(found)


def _cost(flag: FlagDebt) -> int:
    return 1 + len(flag.files) + len(flag.tests)


def planned(plans: Plans, flags: Sequence[FlagDebt], jobs: int, step: Callable[[int, int], None]) -> dict[str, Removal]:
    """Return what the removal of some flags comes to; `jobs` processes share the work, 0 is one per core.

    What is remembered of the project as it is now is not planned again. `step` is told how many are done, and of how
    many.
    """
    left = {flag.key: _cost(flag) for flag in flags if not plans.is_remembered(flag.key)}
    for number, found in enumerate(planned_apart(plans, left, jobs), start=1):
        step(number, len(left))
        plans.learn(found)
    plans.keep()
    return {flag.key: _removal(plans[flag.key]) for flag in flags}


def _removal(found: Planned) -> Removal:
    if found.told is None or found.told.code is None:
        return Removal(found.readiness, has_value=found.pin is not None and not found.why, is_planned=True)
    gone = found.told.code
    code = Code(
        statements=gone.statements,
        branches=gone.branches,
        lines=gone.lines,
        removable=found.removable,
        by_hand=gone.by_hand,
    )
    return Removal(found.readiness, has_value=True, is_planned=True, code=code)
