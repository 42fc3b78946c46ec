"""A read inside a loop: asked again in each round, and a switch in between splits the work in two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import keys_of, listed
from flaglint.lints.rule import rule
from flaglint.model import Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG503", name="read-in-loop", severity=Severity.WARNING, scope="file", since="0.1", enabled=False)
def read_in_loop(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield reads of one key in the body of a loop or a comprehension; a loop over keys is what it looks like."""
    for ref in graph.references:
        keys = keys_of(ref)
        if ref.kind is not Kind.READ or ref.is_test or "in-loop" not in ref.traits or len(keys) != 1:
            continue
        yield read_in_loop.at(
            ref.span,
            key=keys[0],
            message=f"{listed(keys)} is read in each round of a loop",
            help="read it once before the loop, unless the rounds are for different people",
            confidence=ref.confidence,
            qualname=ref.qualname,
        )
