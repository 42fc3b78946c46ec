"""A suppression that hides nothing, is over, or cannot be understood."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import listed
from flaglint.lints.rule import rule
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator, Sequence
    from datetime import date

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.lints.suppressions import Suppression
    from flaglint.model import Finding


@rule(
    code="FLG002",
    name="unused-suppression",
    severity=Severity.WARNING,
    scope="file",
    needs=("suppressions", "ran", "clock"),
    since="0.1",
)
def unused_suppression(
    graph: FlagGraph,
    settings: Settings,
    *,
    suppressions: Sequence[Suppression],
    ran: Callable[[str], Collection[str]],
    clock: date | None,
) -> Iterator[Finding]:
    """Yield suppressions whose rules ran on their file and found nothing there; the engine runs this rule last."""
    for suppression in suppressions:
        for message, how in suppression.problems:
            yield unused_suppression.at(suppression.span, message=message, help=how)
        if suppression.is_over(clock):
            yield unused_suppression.at(
                suppression.span,
                message=f"this suppression of {listed(suppression.codes)} was for the time until {suppression.until}",
                help="do what it put off, or give it a new date",
            )
            continue
        judged = ran(suppression.span.path)
        idle = [code for code in suppression.codes if code in judged and code not in suppression.used]
        rest = [code for code in suppression.codes if code not in idle]
        if idle:
            verb = "is" if len(idle) == 1 else "are"
            yield unused_suppression.at(
                suppression.span,
                message=f"{listed(idle)} {verb} not found here, so there is nothing to suppress",
                help=f"take {listed(idle)} out of the comment" if rest else "delete the comment",
            )
