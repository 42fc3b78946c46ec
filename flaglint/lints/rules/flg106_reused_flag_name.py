"""The key of a removed flag, used again: old code and old data still know it by its old meaning."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import place_of
from flaglint.lints.rule import rule
from flaglint.model import Label, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG106", name="reused-flag-name", severity=Severity.ERROR, scope="file", since="0.1")
def reused_flag_name(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield flags whose key has a tombstone."""
    for flag, _ in graph.definitions if graph.tombstones else ():
        tombstone = graph.tombstones.get(flag.key)
        if tombstone is None:
            continue
        when = f", on {tombstone.date}" if tombstone.date else ""
        why = f" ({tombstone.issue})" if tombstone.issue else ""
        yield reused_flag_name.at(
            place_of(graph, flag),
            key=flag.key,
            message=f"`{flag.key}` is the key of a flag that was removed{when}{why}",
            related=[Label(tombstone.span, "its tombstone")],
            help="choose a key that was never used; what still asks for the old flag would get this one",
        )
