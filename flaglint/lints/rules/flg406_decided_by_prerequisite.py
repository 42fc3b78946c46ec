"""A flag whose prerequisite is never met, because its parent always serves something else."""

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
    code="FLG406",
    name="decided-by-prerequisite",
    severity=Severity.WARNING,
    scope="project",
    needs=("verdicts",),
    since="0.1",
    registry_only=True,
)
def decided_by_prerequisite(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield prerequisites that no critical environment ever meets; a killed parent does not count."""
    if not graph.registry.flags:
        return
    from flaglint.evaluator.dead_rules import decided_by_prerequisite as decided

    for problem in decided(graph.registry, graph.verdicts, settings.environments):
        yield decided_by_prerequisite.at(
            problem.span, key=problem.key, message=problem.message, help=problem.help, related=problem.related
        )
