"""A read of a key that no registry and no declaration defines: it always gets the fallback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import has_place, known_keys, looked_in, origin, quoted, undefined, was_removed
from flaglint.lints.rule import rule
from flaglint.model import Kind, Label, Severity
from flaglint.spelling import did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG201", name="undefined-flag", severity=Severity.ERROR, scope="file", since="0.1")
def undefined_flag(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield each read of an unknown key, with the key that was probably meant; information only inside tests."""
    known = known_keys(graph)
    suggestions: dict[str, str] = {}
    where, formats = "", frozenset[str]()
    for ref, key in undefined(graph, Kind.READ):
        if was_removed(graph, key):
            continue  # FLG203 knows more
        if key not in suggestions:
            suggestions[key] = known.nearest(key)
        meant = suggestions[key]
        if not where:  # asked once, and only when something is wrong
            where = looked_in(graph)
            formats = frozenset(flag.format for flag in graph.registry.flags) - {"python"}
        related = [Label(graph.flags[meant][0].key_span, "the nearest key is defined here")] if meant else []
        yield undefined_flag.at(
            ref.span,
            key=key,
            message=f"`{key}`{origin(ref)} is not defined in {where}",
            related=[label for label in related if has_place(label.span)] + list(ref.related),
            help=did_you_mean(meant) or _how_to_define(graph, key, where, formats),
            confidence=ref.confidence,
            qualname=ref.qualname,
            severity=Severity.INFORMATION if ref.is_test else None,
        )


def _how_to_define(graph: FlagGraph, key: str, where: str, formats: frozenset[str]) -> str:
    if formats and not graph.registry.paths:
        return f"define it in {where}, and write that index again"
    if formats and "native" not in formats:
        return f"define it where {where} comes from, and export that anew"
    if graph.registry.paths:
        return f"define it: flaglint add {quoted(key)}"
    return f"declare it in {where}"
