"""A temporary flag that is older than flags of its type should get."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import days, is_permanent, past, place_of, quoted, read_labels
from flaglint.lints.rule import rule
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.lints.traffic import Traffic
    from flaglint.model import Finding


@rule(
    code="FLG303",
    name="stale-flag",
    severity=Severity.WARNING,
    scope="project",
    needs=("today", "traffic"),
    since="0.1",
)
def stale_flag(
    graph: FlagGraph, settings: Settings, *, today: date, traffic: Traffic | None = None
) -> Iterator[Finding]:
    """Yield flags older than the lifetime of their type; information while a date of their own is still to come."""
    for flag, _ in graph.definitions:
        lifetime = settings.lifetimes.get(flag.type, 0)
        if not lifetime or flag.created is None or is_permanent(flag):
            continue
        age = past(flag.created, today)
        if age <= lifetime:
            continue
        if flag.expires is not None and flag.expires < today:
            continue  # FLG301 says so already
        planned = flag.expires is not None
        until = f"; it expires on {flag.expires}" if planned else ""
        place = place_of(graph, flag)
        quiet = traffic.silence(flag.key) if traffic else ""
        article = "an" if flag.type[0] in "aeiou" else "a"
        yield stale_flag.at(
            place,
            key=flag.key,
            message=f"`{flag.key}` is {days(age)} old; {article} {flag.type} flag should live {days(lifetime)}"
            f"{until}{quiet}",
            related=read_labels(graph, flag.key, besides=place),
            help=f"finish the rollout and remove it: flaglint remove {quoted(flag.key)}",
            severity=Severity.INFORMATION if planned else None,
        )
