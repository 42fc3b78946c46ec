"""A comparison with a value that the flag can never have: that branch never runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import keys_of, listed, place_of
from flaglint.lints.nearest import nearest_key
from flaglint.lints.rule import rule
from flaglint.lints.values import identity, possible_values, shown
from flaglint.model import Kind, Label, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG206", name="unknown-variant", severity=Severity.ERROR, scope="file", since="0.1")
def unknown_variant(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield comparisons of a read with what is neither a value, or variant, of its flag nor its own fallback."""
    for ref in graph.references:
        keys = keys_of(ref)
        if ref.kind is not Kind.READ or len(keys) != 1 or not ref.compared_with:
            continue
        if ref.default is not None and not ref.default.known:
            continue  # the fallback may be what is compared with
        possible = possible_values(graph, keys[0], ref.value_type)
        if not possible:
            continue
        known = {identity(value) for value in possible}
        if ref.default is not None:
            known.add(identity(ref.default.value))
        for value in ref.compared_with:
            if value is None or identity(value) in known:
                continue
            texts = [text for text in possible if isinstance(text, str)]
            meant = nearest_key(value, texts) if isinstance(value, str) else ""
            flag = graph.flags[keys[0]][0]
            yield unknown_variant.at(
                ref.span,
                key=keys[0],
                message=f"`{keys[0]}` is never {shown(value)}; it is {listed(map(shown, possible), last='or')}",
                related=[Label(place_of(graph, flag), "defined here")],
                help=f"did you mean {shown(meant)}?" if meant else "compare with a value that the flag has",
                confidence=ref.confidence,
                qualname=ref.qualname,
            )
