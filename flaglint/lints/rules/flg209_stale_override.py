"""A test sets a flag that does not exist (any more): it tests nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import has_place, keys_of, known_keys, looked_in, undefined, was_removed
from flaglint.lints.rule import rule
from flaglint.model import Kind, Label, Severity
from flaglint.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG209", name="stale-override", severity=Severity.WARNING, scope="file", since="0.1")
def stale_override(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield overrides of keys that nothing defines; one that the same file reads was made up for its test."""
    known = known_keys(graph)
    where = ""
    read: dict[str, set[str]] = {}  # keys by the file that reads them
    for ref, key in undefined(graph, Kind.OVERRIDE):
        path = ref.span.path
        if path not in read:
            reads = (other for other in graph.by_path.get(path, ()) if other.kind is Kind.READ)
            read[path] = {read_key for other in reads for read_key in keys_of(other)}
        if key in read[path]:
            continue
        if (tombstone := graph.tombstones.get(key)) is not None:
            when = f" on {tombstone.date}" if tombstone.date else ""
            message = f"this sets `{key}`, which was removed{when}"
            related, how = [Label(tombstone.span, "removed here")], "take the override out"
        elif was_removed(graph, key):
            message = f"this sets `{key}`, which is archived"
            related, how = [Label(graph.flags[key][0].key_span, "archived here")], "take the override out"
        else:
            where = where or looked_in(graph)
            message = f"this sets `{key}`, which is not defined in {where}"
            related, how = [], did_you_mean(known.nearest(key), "take the override out, or define the flag")
        yield stale_override.at(
            ref.span,
            key=key,
            message=message,
            related=[label for label in related if has_place(label.span)],
            help=how,
            confidence=ref.confidence,
            qualname=ref.qualname,
        )
