"""Flags that need each other in a circle: none of them can ever be on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import from_problems
from flaglint.lints.rule import rule
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG404", name="prerequisite-cycle", severity=Severity.ERROR, scope="file", since="0.1", registry_only=True)
def prerequisite_cycle(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield what the loader of the registry found."""
    yield from from_problems(prerequisite_cycle, graph)
