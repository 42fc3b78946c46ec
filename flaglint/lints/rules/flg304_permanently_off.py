"""A flag that is off for everyone hides code that nobody runs."""

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
    for flag, _ in definitions(graph):
        if is_permanent(flag):
            continue
        agreed = served(graph, settings, flag.key)
        found = agreed or served_in_production(graph, settings, flag.key)
        if found is None or not is_off(flag, found) or any(kills(graph, settings, flag)):
            continue
        if (age := soaked(flag, found, settings, today)) is None:
            continue
        place = place_of(graph, flag)
        if not reported(place.path):
            continue
        planned = removal(plans, flag.key) if agreed else None
        others = out_of_step(graph, settings, flag.key, found)
        but = f", but {'; '.join(others)}" if others else ""
        yield permanently_off.at(
            place,
            key=flag.key,
            message=f"`{flag.key}` is off for everybody: {found.always} ({found.reason}){but}; {age.words}",
            related=marked(planned, read_labels(graph, flag.key, besides=place)),
            help=f"{removable(planned)}roll it out, or remove it with the code that it hides: "
            f"flaglint remove {quoted(flag.key)}",
            severity=age.severity if agreed else Severity.INFORMATION,
        )
