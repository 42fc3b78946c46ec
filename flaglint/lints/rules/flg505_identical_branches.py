"""Both branches of a flag do the same: it decides nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import keys_of, listed
from flaglint.lints.rule import rule
from flaglint.model import Kind, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.model import Finding, FlagGraph


@rule(code="FLG505", name="identical-branches", severity=Severity.WARNING, scope="file", since="0.1", enabled=False)
def identical_branches(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield reads that choose between two equal branches."""
    for ref in graph.references:
        keys = keys_of(ref)
        if ref.kind is not Kind.READ or not keys or "identical-branches" not in ref.traits:
            continue
        yield identical_branches.at(
            ref.span,
            key=keys[0],
            message=f"both branches of {listed(keys, last='or')} are the same",
            help="take the test away, or write what one of them was meant to do",
            confidence=ref.confidence,
            qualname=ref.qualname,
        )
