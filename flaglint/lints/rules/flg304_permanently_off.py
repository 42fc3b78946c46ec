"""A flag that is off for everyone hides code that nobody runs."""

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
    code="FLG304",
    name="permanently-off",
    severity=Severity.WARNING,
    scope="project",
    needs=("verdicts", "today", "reported", "plans"),
    since="0.1",
)
def permanently_off(
    graph: FlagGraph,
    settings: Settings,
    *,
    today: date,
    reported: Callable[[str], bool],
    plans: Mapping[str, Planned] | None = None,
) -> Iterator[Finding]:
    """Yield temporary flags that are proven to be off for everybody; one that is killed is FLG307's."""
    for one in decided(graph, settings, off=True, today=today, reported=reported, plans=plans):
        yield permanently_off.at(
            one.place,
            key=one.flag.key,
            message=f"`{one.flag.key}` is off for everybody: {one.facts}",
            related=one.related,
            help=f"{removable(one.planned)}roll it out, or remove it with the code that it hides: "
            f"flaglint remove {quoted(one.flag.key)}",
            severity=one.severity,
        )
