"""A flag that serves everyone the same value decides nothing any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.decided import decided
from flaglint.lints.definitions import quoted
from flaglint.lints.removal import removable
from flaglint.lints.rule import rule
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import date

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding
    from flaglint.planning import Planned


@rule(
    code="FLG302",
    name="fully-rolled-out",
    severity=Severity.WARNING,
    scope="project",
    needs=("verdicts", "today", "reported", "plans"),
    since="0.1",
)
def fully_rolled_out(
    graph: FlagGraph,
    settings: Settings,
    *,
    today: date,
    reported: Callable[[str], bool],
    plans: Mapping[str, Planned] | None = None,
) -> Iterator[Finding]:
    """Yield temporary flags that are proven to be on for everybody, and have been for long enough."""
    for one in decided(graph, settings, off=False, today=today, reported=reported, plans=plans):
        yield fully_rolled_out.at(
            one.place,
            key=one.flag.key,
            message=f"`{one.flag.key}` is fully rolled out: {one.facts}",
            related=one.related,
            help=f"{removable(one.planned)}keep the value and remove the flag: flaglint remove {quoted(one.flag.key)}"
            if not one.others
            else f"bring {one.others[0].split()[0]} into step, or leave it out of the critical environments",
            severity=one.severity,
        )
