"""A rule for a segment that is not defined: it never matches."""

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


@rule(code="FLG407", name="unknown-segment", severity=Severity.ERROR, scope="file", since="0.1", registry_only=True)
def unknown_segment(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield what the loader of the registry found."""
    yield from from_problems(unknown_segment, graph)
