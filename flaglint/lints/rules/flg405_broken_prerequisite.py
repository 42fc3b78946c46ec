"""A prerequisite that can never be met: its flag is missing, or never serves that variant."""

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


@rule(code="FLG405", name="broken-prerequisite", severity=Severity.ERROR, scope="file", since="0.1", registry_only=True)
def broken_prerequisite(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield what the loader of the registry found."""
    yield from from_problems(broken_prerequisite, graph)
