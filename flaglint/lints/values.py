"""Values that flags serve and reads ask for: their types, and when two are the same."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flaglint.definition import SEPARATE_SWITCH
from flaglint.model import Constant, ValueType

if TYPE_CHECKING:
    from flaglint.config import Settings
    from flaglint.definition import Flag
    from flaglint.graph import FlagGraph
    from flaglint.model import JsonValue

# Formats whose entries say what a read is to fall back to.
_LAY_DOWN_DEFAULTS = frozenset({"gitlab", "openfeature-manifest"})
_TYPED = frozenset({ValueType.BOOLEAN, ValueType.STRING, ValueType.INTEGER, ValueType.FLOAT, ValueType.OBJECT})


def type_of(value: JsonValue) -> ValueType:
    """Return the type of a JSON value; of null it cannot be told."""
    if isinstance(value, bool):
        return ValueType.BOOLEAN
    if isinstance(value, str):
        return ValueType.STRING
    if isinstance(value, int):
        return ValueType.INTEGER
    if isinstance(value, float):
        return ValueType.FLOAT
    return ValueType.UNKNOWN if value is None else ValueType.OBJECT


def accepts(asked: ValueType, flag: Flag) -> bool:
    """Whether a read of type `asked` can get a value of `flag`; what is not one certain type always can."""
    if asked not in _TYPED or flag.value_type not in _TYPED or asked is flag.value_type:
        return True
    if asked is ValueType.FLOAT:
        return flag.value_type is ValueType.INTEGER
    if asked is ValueType.INTEGER and flag.value_type is ValueType.FLOAT:
        values = [variant.value for variant in flag.variants]
        return all(isinstance(value, (int, float)) and value == int(value) for value in values)
    return False


def identity(value: JsonValue) -> str:
    """Return a text that is equal for equal values: of one JSON type and the same content; 1 and 1.0 are equal."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return json.dumps(value, sort_keys=True)


def shown(value: JsonValue) -> str:
    """Return a value as messages show it: JSON."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False)


def possible_values(graph: FlagGraph, key: str, asked: ValueType) -> list[JsonValue]:
    """Return what a read of this kind can give: names of variants or their values; nothing when that is not known."""
    flags = graph.flags.get(key, ())
    if any(flag.problems or not flag.variants for flag in flags):
        return []
    if asked is ValueType.BOOLEAN and any(flag.format in SEPARATE_SWITCH for flag in flags):
        return []
    if asked is ValueType.VARIANT:
        names = [variant.name for flag in flags for variant in flag.variants]
        # Unleash serves a variant of this name when it serves none.
        extra = ["disabled"] if any(flag.format == "unleash" for flag in flags) else []
        return [*dict.fromkeys([*names, *extra])]
    if asked in {ValueType.DETAILS, ValueType.UNKNOWN}:
        return []
    values = {identity(variant.value): variant.value for flag in flags for variant in flag.variants}
    return list(values.values())


def declared_default(flag: Flag) -> tuple[JsonValue] | None:
    """Return the fallback that the registry itself lays down for a flag, in a tuple, or None where it has none."""
    if flag.format not in _LAY_DOWN_DEFAULTS or flag.problems or not isinstance(flag.payload, dict):
        return None
    default = flag.payload.get("defaultValue")
    return None if default is None else (default,)


def constant_value(graph: FlagGraph, settings: Settings, key: str) -> tuple[JsonValue] | None:
    """Return the one value that every critical environment is proven to serve, in a tuple, or None."""
    verdicts = graph.verdicts.get(key, {})
    wanted = settings.environments or graph.registry.critical
    critical = [verdicts[name] for name in wanted if name in verdicts] or list(verdicts.values())
    values = [verdict.value for verdict in critical if isinstance(verdict, Constant)]
    if not values or len(values) != len(critical) or len({identity(value) for value in values}) > 1:
        return None
    return (values[0],)
