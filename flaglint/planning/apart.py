"""Removals that are planned in processes of their own: several at a time, and none takes the others with it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from flaglint.model import Readiness
from flaglint.planning import Planned
from flaglint.records import replace
from flaglint.refs.crew import Crew, start_method
from flaglint.refs.scan import cores

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flaglint.planning import Plans

TOO_FEW_TO_SHARE: Final = 8  # files; a process costs more than it saves
_AT_ONCE = 10_000  # removals that processes choose from
_DIED: Final = "could not be planned: the process that planned it died"


def planned_apart(plans: Plans, costs: Mapping[str, int], jobs: int = 0) -> Iterator[Planned]:
    """Yield what the removal of each flag in `costs` comes to, in any order and without the plans themselves.

    `costs` are the files that a plan has to look at. `jobs` processes share the work, 0 is one per core. Where a
    process dies, the flag that it died of is named, and all others are planned.
    """
    processes = min(jobs or cores(), len(costs))
    if processes < 2 or sum(costs.values()) < TOO_FEW_TO_SHARE or start_method(is_asked_for=False) != "fork":
        yield from (plans[key] for key in costs)
        return
    plans.prepare()
    ordered = sorted(costs, key=lambda key: (-costs[key], key))  # who takes the last one should not take long
    for start in range(0, len(ordered), _AT_ONCE):
        yield from _shared_out(plans, ordered[start : start + _AT_ONCE], processes)


def _shared_out(plans: Plans, keys: Sequence[str], processes: int) -> Iterator[Planned]:
    left = dict.fromkeys(keys)
    for found in _come_back(plans, keys, processes):
        del left[found.key]
        yield found
    for key in left:  # one of them killed a process, and perhaps the first one again
        yield next(_come_back(plans, [key], 2), Planned(key=key, readiness=Readiness("caution", (_DIED,)), why=_DIED))


def _come_back(plans: Plans, keys: Sequence[str], processes: int) -> Iterator[Planned]:
    """Yield what comes back of some removals from so many processes: all, unless one of these dies."""
    planner = _Planner(plans)
    with Crew().begin(lambda: planner, max(processes, len(keys)), processes, "fork") as crew:
        if not crew.processes:  # there can be no more of them
            yield from (plans[key] for key in keys)
            return
        for _, found in crew.ask("planned", {number: (key,) for number, key in enumerate(keys)}):
            if found is not None:
                yield found


class _Planner:
    """Plans in any process but the one that it was made in: what another one died of must not end this one, too."""

    def __init__(self, plans: Plans) -> None:
        self._plans = plans
        self._here = os.getpid()

    def planned(self, key: str) -> Planned | None:
        """Return what the removal of a flag comes to, without the plan, which nobody asks for."""
        return replace(self._plans[key], plan=None) if os.getpid() != self._here else None
