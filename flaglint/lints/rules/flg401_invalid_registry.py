"""Something in a registry that has no meaning, so that nobody knows what was meant."""

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


@rule(code="FLG401", name="invalid-registry", severity=Severity.ERROR, scope="file", since="0.1", registry_only=True)
def invalid_registry(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield what the loader of the registry found."""
    yield from from_problems(invalid_registry, graph)
