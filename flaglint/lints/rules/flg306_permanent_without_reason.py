"""A flag that is marked permanent, but does not say why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.rule import rule
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(
    code="FLG306",
    name="permanent-without-reason",
    severity=Severity.WARNING,
    scope="file",
    since="0.1",
    registry_only=True,
)
def permanent_without_reason(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield permanent flags without a reason: the mark silences every rule about age, so it has to be earned."""
    for flag, _ in graph.definitions:
        if flag.is_permanent and not flag.permanent.strip() and flag.format == "native":
            yield permanent_without_reason.at(
                flag.key_span,
                key=flag.key,
                message=f"`{flag.key}` is permanent without a reason",
                help="write the reason: permanent: tuned by the search team during incidents",
            )
