"""A Python file, or a part of one, that flaglint did not look at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.rule import rule
from flaglint.model import Position, Severity, Span
from flaglint.source import is_python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG003", name="skipped-file", severity=Severity.INFORMATION, scope="file", since="0.1")
def skipped_file(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield the Python files that were skipped, with the reason; other files are counted in the summary only."""
    for skipped in graph.skipped:
        if is_python(skipped.path):
            start = Position(1, 1)
            yield skipped_file.at(Span(skipped.path, start, start), message=f"not looked at: {skipped.reason}")
