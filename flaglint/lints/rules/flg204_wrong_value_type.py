"""A read that asks for a value of one type from a flag that has another: it gets the fallback."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.definition import SEPARATE_SWITCH
from flaglint.lints.definitions import keys_of, place_of
from flaglint.lints.rule import rule
from flaglint.lints.values import accepts, type_of
from flaglint.model import Kind, Label, Severity, ValueType

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG204", name="wrong-value-type", severity=Severity.ERROR, scope="file", since="0.1")
def wrong_value_type(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield reads whose accessor, or whose fallback, is of a type that no definition of the flag has."""
    for ref in graph.references:
        if ref.kind is not Kind.READ or ref.sdk in SEPARATE_SWITCH:
            continue
        for key in keys_of(ref):
            flags = [flag for flag in graph.flags.get(key, ()) if flag.format not in SEPARATE_SWITCH]
            if not flags or any(flag.problems or flag.value_type is ValueType.UNKNOWN for flag in flags):
                continue
            if not any(accepts(ref.value_type, flag) for flag in flags):
                what = f"is read as {ref.value_type.value}"
            elif (
                ref.default
                and ref.default.known
                and not any(accepts(type_of(ref.default.value), flag) for flag in flags)
            ):
                what = f"has the fallback `{ref.default.text}`"
            else:
                continue
            yield wrong_value_type.at(
                ref.span,
                key=key,
                message=f"`{key}` {what}, but its values are of type {flags[0].value_type.value}",
                related=[Label(place_of(graph, flags[0]), "defined here")],
                help=f"read it with the {flags[0].value_type.value} accessor, and give it a fallback of that type",
                confidence=ref.confidence,
                qualname=ref.qualname,
            )
