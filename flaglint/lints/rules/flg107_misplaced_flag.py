"""A flag in another file than the layout of the registry has for its type or its owner."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.rule import rule
from flaglint.model import Severity
from flaglint.source.ignore import matcher

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG107", name="misplaced-flag", severity=Severity.WARNING, scope="file", since="0.1", registry_only=True)
def misplaced_flag(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield flags whose file does not match the glob for their type, or for their owner."""
    layout = settings.layout
    if not layout.by_type and not layout.by_owner:
        return
    for _, flags in graph.definitions:
        for flag in flags:
            wanted = {
                f"type {flag.type}": layout.by_type.get(flag.type),
                f"owner {flag.owner}": layout.by_owner.get(flag.owner),
            }
            for what, glob in wanted.items():
                if glob and flag.format == "native" and not matcher([glob])(flag.key_span.path):
                    yield misplaced_flag.at(
                        flag.key_span,
                        key=flag.key,
                        message=f"`{flag.key}` belongs in `{glob}`: that is where flags of {what} are",
                        help=f"move its entry to {glob}",
                    )
