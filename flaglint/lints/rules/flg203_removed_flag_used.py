"""A read of a flag that was removed or archived: it always gets the fallback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import has_place, origin, quoted, undefined, was_removed
from flaglint.lints.rule import rule
from flaglint.model import Kind, Label, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG203", name="removed-flag-used", severity=Severity.ERROR, scope="file", since="0.1")
def removed_flag_used(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield the reads of keys with a tombstone, and of flags that are archived everywhere."""
    for ref, key in undefined(graph, Kind.READ):
        if not was_removed(graph, key):
            continue
        tombstone = graph.tombstones.get(key)
        fact, place = "is archived", graph.flags[key][0].key_span if key in graph.flags else ref.span
        if tombstone is not None:
            when = f" on {tombstone.date}" if tombstone.date else ""
            why = f" ({tombstone.issue})" if tombstone.issue else ""
            fact, place = f"was removed{when}{why}", tombstone.span
        yield removed_flag_used.at(
            ref.span,
            key=key,
            message=f"`{key}`{origin(ref)} {fact}, but is still read",
            related=[Label(place, "removed here" if tombstone else "archived here")] if has_place(place) else [],
            help=f"take the read out: flaglint remove {quoted(key)} --value JSON, with the value it served last",
            confidence=ref.confidence,
            qualname=ref.qualname,
        )
