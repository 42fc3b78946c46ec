"""A flag whose last day is near."""

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
    from flaglint.model import Finding


@rule(code="FLG308", name="expires-soon", severity=Severity.INFORMATION, scope="project", needs=("today",), since="0.1")
def expires_soon(graph: FlagGraph, settings: Settings, *, today: date) -> Iterator[Finding]:
    """Yield temporary flags that expire within `expires-soon-days`, today included."""
    for flag, _ in graph.definitions:
        if flag.expires is None or is_permanent(flag):
            continue
        left = -past(flag.expires, today)
        if not 0 <= left <= settings.expires_soon_days:
            continue
        place = place_of(graph, flag)
        yield expires_soon.at(
            place,
            key=flag.key,
            message=f"`{flag.key}` expires on {flag.expires}, {f'in {days(left)}' if left else 'today'}",
            related=read_labels(graph, flag.key, besides=place),
            help=f"plan its removal: flaglint remove {quoted(flag.key)}",
        )
