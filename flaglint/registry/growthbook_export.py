"""A feature as GrowthBook's REST API exports it, turned into the definition that SDKs get in each environment.

There values and conditions are texts with JSON inside, prerequisites are lists of keys, and rules have a type. What
SDKs get for a rule that the export does not spell out (the weights and phases of an experiment, saved groups, a
namespace) is kept as `opaque`: the rule may apply or not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.model import ValueType
from flaglint.registry.foreign import data, items, mapping, text
from flaglint.registry.json_text import json_in
from flaglint.registry.reading import shown
from flaglint.registry.scalars import BOOLEANS, UnfitScalarError
from flaglint.registry.shape import check
from flaglint.registry.timestamps import day_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from flaglint.model import JsonValue, Span
    from flaglint.registry.nodes import MappingNode, Node
    from flaglint.registry.reading import Reader
    from flaglint.registry.shape import Shape

_RULE: Shape = {
    "type!": "name",
    "enabled": "boolean",
    "condition": "text",
    "coverage": "number",
    "scheduleRules": [{"enabled": "boolean", "timestamp": "text"}],
    "prerequisites": [{"id!": "name", "condition": "text"}],
    "savedGroupTargeting": ["any"],
    "variations": [{"value": "text"}],
}
FEATURE: Shape = {
    "id!": "name",
    "valueType!": "name",
    "archived": "boolean",
    "defaultValue": "text",
    "environments": {},
    "prerequisites": "any",
}
_ENVIRONMENT: Shape = {"enabled!": "boolean", "defaultValue": "text", "rules": [_RULE]}
_TYPES = {
    "boolean": ValueType.BOOLEAN,
    "string": ValueType.STRING,
    "number": ValueType.FLOAT,
    "json": ValueType.OBJECT,
}


class Exported:
    """One feature of an export. `values` are those that any environment can serve, with their places."""

    def __init__(self, reader: Reader, node: MappingNode) -> None:
        self._reader = reader
        self._node = node
        self._type = text(node.get("valueType"))
        self.values: list[tuple[JsonValue, Span]] = []
        if self._type not in _TYPES and (place := node.get("valueType")) is not None:
            reader.report(place, f"`valueType` {shown(place)} is not known", "known: boolean, string, number, json")

    @property
    def value_type(self) -> ValueType:
        """The type that the feature declares; whether numbers are whole follows from its values."""
        if self._type == "number" and all(isinstance(value, int) for value, _ in self.values):
            return ValueType.INTEGER
        return _TYPES.get(self._type, ValueType.UNKNOWN)

    def day(self, field: str) -> date | None:
        """Return the day of a timestamp, or None."""
        return day_of(data(self._node.get(field)))

    def prerequisites(self) -> Iterator[tuple[str, Node]]:
        """Yield the features that must be true for this one to have a value, with their places."""
        for item in items(self._node.get("prerequisites")):
            place = mapping(item).get("id") or item
            if key := text(place):
                yield key, place

    def definition(self, environment: str) -> dict[str, Any] | None:
        """Return what SDKs get in an environment; None where the feature is switched off and left out."""
        node = mapping(self._node.get("environments")).get(environment)
        if node is None:
            return None
        check(self._reader, node, _ENVIRONMENT, f"environment `{environment}`")
        entry = mapping(node)
        written = entry.get("defaultValue") or self._node.get("defaultValue")
        default = self._value(written) if written is not None else None
        rules = [self._rule(mapping(rule)) for rule in items(entry.get("rules"))]
        gates = [{"id": key, "condition": {"value": True}, "gate": True} for key, _ in self.prerequisites()]
        if gates:
            rules.insert(0, {"parentConditions": gates, "is_added": True})
        if data(entry.get("enabled")) is not True:
            return None
        return {"defaultValue": default, "rules": rules}

    def _rule(self, node: MappingNode) -> dict[str, Any]:
        rule: dict[str, Any] = {"condition": self._condition(node.get("condition"))}
        kind = text(node.get("type"))
        if data(node.get("enabled")) is False:
            return {}
        if schedule := data(node.get("scheduleRules")):
            rule["schedule"] = schedule
        parents = [mapping(parent) for parent in items(node.get("prerequisites"))]
        rule["parentConditions"] = [
            {"id": text(parent.get("id")), "condition": self._condition(parent.get("condition"))} for parent in parents
        ]
        if kind in {"force", "rollout"} and (value := node.get("value")) is not None:
            rule["force"] = self._value(value)
            rule["coverage"] = data(node.get("coverage")) if kind == "rollout" else None
            rule["hashAttribute"] = text(node.get("hashAttribute")) or "id"
        elif kind in {"experiment", "experiment-ref"}:
            listed = node.get("variations") or node.get("value")
            rule["variations"] = [self._value(mapping(item).get("value")) for item in items(listed)]
        elif kind == "safe-rollout":
            rule["variations"] = [self._value(node.get(name)) for name in ("controlValue", "variationValue")]
        else:
            self._reader.report(node.get("type") or node, f"rules of the type `{kind}` are not known")
        rule["opaque"] = bool(data(node.get("savedGroupTargeting")))
        return rule

    def _condition(self, node: Node | None) -> JsonValue:
        written = text(node)
        if not written:
            return {}
        try:
            return json_in(written)
        except UnfitScalarError as unfit:
            if node is not None:
                self._reader.report(node, f"the condition {shown(node)} {unfit.fact}")
            return None

    def _value(self, node: Node | None) -> JsonValue:
        """Return the value that a text stands for, by the type of the feature."""
        written = text(node)
        if node is None:
            return None
        try:
            value = _parsed(written, self._type)
        except UnfitScalarError as unfit:
            self._reader.report(node, f"the value {shown(node)} {unfit.fact}", f"its `valueType` is `{self._type}`")
            return None
        self.values.append((value, self._reader.span(node)))
        return value


def _parsed(written: str, kind: str) -> JsonValue:
    if kind == "boolean":
        return BOOLEANS.get(written) is True  # anything else is false for GrowthBook, too
    if kind not in {"number", "json"}:
        return written
    value = json_in(written)
    if kind == "number" and (isinstance(value, bool) or not isinstance(value, (int, float))):
        raise UnfitScalarError("is no number")
    return value
