"""A read when the module is loaded: the value is frozen until the process starts again."""

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


@rule(code="FLG502", name="import-time-read", severity=Severity.WARNING, scope="file", since="0.1", enabled=False)
def import_time_read(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield reads at the top of a module or of a class body."""
    for ref in graph.references:
        if ref.kind is not Kind.READ or ref.is_test or "at-import" not in ref.traits:
            continue
        keys = keys_of(ref)
        yield import_time_read.at(
            ref.span,
            key=keys[0] if keys else "",
            message=f"{listed(keys, last='or') or 'a flag'} is read when the module is loaded",
            help="read it in the function that needs it, so that a switch or a kill takes effect at once",
            confidence=ref.confidence,
            qualname=ref.qualname,
        )
