"""A statement that mentions a flag does not parse, so nobody knows what it does with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import listed
from flaglint.lints.rule import rule
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG001", name="syntax-error", severity=Severity.ERROR, scope="file", since="0.1")
def syntax_error(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield each statement with a word of interest in it that the parser refused."""
    for failure in graph.failures:
        if not failure.mentions:
            continue
        key = next((word for word in sorted(failure.mentions) if word in graph.flags), "")
        yield syntax_error.at(
            failure.span,
            key=key,
            message=f"a statement that mentions {listed(sorted(failure.mentions))} does not parse: {failure.message}",
            help="mend the syntax; until then no rule knows what this statement reads",
        )
