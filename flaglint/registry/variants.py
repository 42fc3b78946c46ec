"""Reading the variants of a flag: named values, all of one kind."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.definition import Variant
from flaglint.model import ValueType
from flaglint.registry.nodes import AliasNode, MappingNode, SequenceNode
from flaglint.registry.reading import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.model import JsonValue, Span
    from flaglint.registry.nodes import Node
    from flaglint.registry.reading import Reader

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]*")


def boolean_variants(span: Span) -> tuple[Variant, ...]:
    """Return the variants of a flag that writes none."""
    return Variant("true", True, span), Variant("false", False, span)  # noqa: FBT003 - the value of the variant


def read_variants(reader: Reader, node: Node) -> tuple[Variant, ...]:
    """Return the variants of a mapping; one with a bad name or value is a problem, and kept with null as its value."""
    found: list[Variant] = []
    kinds: dict[str, str] = {}
    for name, key, value in reader.entries(node, "`variants`"):
        if not NAME.fullmatch(name):
            reader.report(key, f"{shown(key)} cannot name a variant", "use letters, digits, `_`, `.` and `-`")
        if isinstance(value, SequenceNode):
            reader.report(value, f"the value of `{name}` cannot be a list", "put it in a mapping: `{items: […]}`")
            data = None
        else:
            data = json_value(reader, value, f"the value of `{name}`")
        if data is not None:
            kinds.setdefault(_kind(data), name)
            if len(kinds) > 1 and kinds.get(_kind(data)) == name:
                kind, first = next((kind, first) for kind, first in kinds.items())
                reader.report(
                    value,
                    f"the value of `{name}` is {_kind(data)}, that of `{first}` is {kind}",
                    "the values of a flag are all of one kind; quotes make a text",
                )
        found.append(Variant(name, data, reader.span(key, value)))
    if isinstance(node, MappingNode) and not node.pairs:
        reader.report(node, "`variants` is empty", "leave it out for a boolean flag")
    return tuple(found)


def json_value(reader: Reader, node: Node, what: str) -> JsonValue:
    """Return a value as JSON data; null, with a problem, for what cannot be one. No null stands inside of it."""
    if isinstance(node, MappingNode):
        return {name: json_value(reader, value, f"`{name}`") for name, _, value in reader.entries(node, what)}
    if isinstance(node, SequenceNode):
        return [json_value(reader, item, f"an item of {what}") for item in node.items]
    if isinstance(node, AliasNode):
        return None
    return reader.value(node, what)


def named_variants(found: Sequence[tuple[str, JsonValue, Span]]) -> tuple[Variant, ...]:
    """Return variants of a format that numbers them: by their names, else `true` and `false`, else `0`, `1`, …

    Names count when all are there and none comes twice; so do the words for booleans.
    """
    names = [name for name, _, _ in found]
    if not all(names) or len(set(names)) < len(names):
        values = [value for _, value, _ in found]
        if all(isinstance(value, bool) for value in values) and len(set(map(str, values))) == len(values):
            names = [str(value).lower() for value in values]
        else:
            names = [str(index) for index in range(len(found))]
    return tuple(Variant(name, value, span) for name, (_, value, span) in zip(names, found, strict=True))


def value_type(variants: tuple[Variant, ...]) -> ValueType:
    """Return the type of a flag by the values of its variants."""
    values = [variant.value for variant in variants if variant.value is not None]
    if not values:
        return ValueType.UNKNOWN
    if all(isinstance(value, bool) for value in values):
        return ValueType.BOOLEAN
    if all(isinstance(value, str) for value in values):
        return ValueType.STRING
    if all(isinstance(value, dict) for value in values):
        return ValueType.OBJECT
    if any(isinstance(value, bool | str | dict) for value in values):
        return ValueType.UNKNOWN
    return ValueType.INTEGER if all(isinstance(value, int) for value in values) else ValueType.FLOAT


def _kind(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "a boolean"
    if isinstance(value, int | float):
        return "a number"
    return "a text" if isinstance(value, str) else "an object"
