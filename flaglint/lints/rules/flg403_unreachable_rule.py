"""A rule of a flag that no evaluation ever reaches."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.rule import rule
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG403", name="unreachable-rule", severity=Severity.WARNING, scope="file", since="0.1", registry_only=True)
def unreachable_rule(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield rules that no context reaches at any time; the clock is not looked at."""
    if not graph.registry.flags:
        return
    from flaglint.evaluator.dead_rules import unreachable_rules

    for problem in unreachable_rules(graph.registry):
        yield unreachable_rule.at(
            problem.span, key=problem.key, message=problem.message, help=problem.help, related=problem.related
        )
