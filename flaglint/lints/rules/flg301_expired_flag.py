"""A flag that is past the day on which it was to be gone."""

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
    code="FLG301",
    name="expired-flag",
    severity=Severity.WARNING,
    scope="project",
    needs=("today", "traffic"),
    since="0.1",
)
def expired_flag(
    graph: FlagGraph, settings: Settings, *, today: date, traffic: Traffic | None = None
) -> Iterator[Finding]:
    """Yield temporary flags whose `expires` is past; the last day counts."""
    for flag, _ in graph.definitions:
        if flag.expires is None or is_permanent(flag) or (over := past(flag.expires, today)) <= 0:
            continue
        place = place_of(graph, flag)
        quiet = traffic.silence(flag.key) if traffic else ""
        yield expired_flag.at(
            place,
            key=flag.key,
            message=f"`{flag.key}` expired on {flag.expires}, {days(over)} ago{quiet}",
            related=read_labels(graph, flag.key, besides=place),
            help=f"remove it: flaglint remove {quoted(flag.key)}; or agree on a new date",
        )
