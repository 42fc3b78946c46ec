"""A flag that serves everyone the same value decides nothing any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import definitions, is_permanent, place_of, quoted, read_labels
from flaglint.lints.removal import marked, removable, removal
from flaglint.lints.rule import rule
from flaglint.lints.served import is_off, kills, out_of_step, served, served_in_production, soaked
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
    for flag, _ in definitions(graph):
        if is_permanent(flag):
            continue
        agreed = served(graph, settings, flag.key)
        found = agreed or served_in_production(graph, settings, flag.key)
        if found is None or is_off(flag, found) or any(kills(graph, settings, flag)):
            continue
        if (age := soaked(flag, found, settings, today)) is None:
            continue
        place = place_of(graph, flag)
        if not reported(place.path):
            continue
        planned = removal(plans, flag.key) if agreed else None
        others = out_of_step(graph, settings, flag.key, found)
        but = f", but {'; '.join(others)}" if others else ""
        yield fully_rolled_out.at(
            place,
            key=flag.key,
            message=f"`{flag.key}` is fully rolled out: {found.always} ({found.reason}){but}; {age.words}",
            related=marked(planned, read_labels(graph, flag.key, besides=place)),
            help=f"{removable(planned)}keep the value and remove the flag: flaglint remove {quoted(flag.key)}"
            if agreed
            else f"bring {others[0].split()[0]} into step, or leave it out of the critical environments",
            severity=age.severity if agreed else Severity.INFORMATION,
        )
