"""Reading a served value as the type that the caller asks for: lossless, or not at all."""

from __future__ import annotations

from typing import Any, Final

from flaglint.model import ValueType

MAX_EXACT_INTEGER: Final = 2**53 - 1  # beyond it, neighbours share one float


def read_as(value_type: ValueType, value: Any) -> tuple[Any, bool]:
    """Return the value as `value_type`, and whether it is one.

    A whole float reads as an integer and an integer as a float; a boolean is no number, and nothing is rounded.
    """
    match value_type:
        case ValueType.BOOLEAN:
            return value, isinstance(value, bool)
        case ValueType.STRING:
            return value, isinstance(value, str)
        case ValueType.OBJECT:
            return value, isinstance(value, (dict, list))
        case ValueType.INTEGER if isinstance(value, float):
            fits = value.is_integer() and abs(value) <= MAX_EXACT_INTEGER
            return (int(value) if fits else value), fits
        case ValueType.INTEGER:
            return value, isinstance(value, int) and not isinstance(value, bool)
        case ValueType.FLOAT if isinstance(value, int) and not isinstance(value, bool):
            fits = abs(value) <= MAX_EXACT_INTEGER
            return (float(value) if fits else value), fits
        case ValueType.FLOAT:
            return value, isinstance(value, float)
    return value, True


def mismatch(key: str, wanted: ValueType, value: Any) -> str:
    """Return the message of a read with the wrong accessor."""
    return f"`{key}` serves {_kind(value)}, not {_ARTICLES[wanted]}"


_ARTICLES: Final = {
    ValueType.BOOLEAN: "a boolean",
    ValueType.STRING: "a string",
    ValueType.INTEGER: "an integer",
    ValueType.FLOAT: "a float",
    ValueType.OBJECT: "an object",
}


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return _ARTICLES[ValueType.BOOLEAN]
    if isinstance(value, str):
        return _ARTICLES[ValueType.STRING]
    if isinstance(value, (int, float)):
        return f"the number {value}"
    return _ARTICLES[ValueType.OBJECT]
