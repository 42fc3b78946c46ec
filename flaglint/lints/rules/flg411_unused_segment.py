"""A segment that no rule mentions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.rule import rule
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.definition import Flag, Rule
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG411", name="unused-segment", severity=Severity.WARNING, scope="file", since="0.1", registry_only=True)
def unused_segment(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield segments that no flag reaches; nothing while an entry is broken, since it may mention any."""
    registry = graph.registry
    if any(flag.problems for flag in registry.flags):
        return
    waiting = [name for flag in registry.flags for rules in _rule_lists(flag) for one in rules for name in one.segments]
    inner = {segment.name: segment.segments for segment in registry.segments}
    used: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name not in used:
            used.add(name)
            waiting += inner.get(name, ())
    for segment in registry.segments:
        if segment.name not in used:
            yield unused_segment.at(
                segment.span,
                message=f"segment `{segment.name}` is used by no flag",
                help="delete it, or write the rule that needs it",
            )


def _rule_lists(flag: Flag) -> Iterator[tuple[Rule, ...]]:
    yield flag.rules
    for environment in flag.environments:
        yield environment.rules or ()
