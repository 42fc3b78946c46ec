"""What a plain scalar means where any value may stand: YAML 1.2's core schema, as in the values of variants.

Only a scalar without quotes has a type other than text:

- boolean: `true`, `True`, `TRUE`, `false`, `False`, `FALSE`; never `yes`, `no`, `on`, `off`, `y` or `n`
- null: nothing, `~`, `null`, `Null`, `NULL`
- integer: `-12`, `+3`, `010` (ten), `0o17`, `0x1F`; never `1_000`, `0b1` or `1:30`
- number: `1.5`, `.5`, `5.`, `1e3`, `.inf`, `.nan` and their signs

Everything else is text: `NO` is a country, `1.10.2` a version and `2026-08-01` the text of a day.
"""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from flaglint.patterns import late
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from flaglint.model import JsonValue
    from flaglint.registry.nodes import Node

_MAX_DIGITS = 4_000  # below Python's own limit for the conversion of a text
MAX_INTEGER = 2**53 - 1  # the last whole number that every JSON reader keeps exactly
YAML_1_1_BOOLEANS = frozenset(
    word for base in ("y", "n", "yes", "no", "on", "off") for word in (base, base.capitalize(), base.upper())
)
BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = late(r"[-+]?[0-9]+")
_OCTAL_OR_HEX = late(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = late(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = late(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_DATE = late(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = late(
    r"(?P<day>[0-9]{4}-[0-9]{2}-[0-9]{2})T(?P<hour>[0-9]{2}):(?P<minute>[0-9]{2})(?::(?P<second>[0-9]{2}))?"
    r"(?P<offset>Z|[-+](?:[01][0-9]|2[0-3]):[0-5][0-9])?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class UnfitScalarError(ValueError):
    """A scalar cannot be what is wanted; the message is the rest of a sentence, `help` what to write instead."""

    def __init__(self, fact: str, advice: str = "") -> None:
        super().__init__(fact)
        self.fact = fact
        self.help = advice


def core_value(node: ScalarNode) -> bool | int | float | str | None:
    """Return what a scalar means by YAML 1.2's core schema.

    Raises UnfitScalarError for infinity, not-a-number and integers beyond 2^53-1, which JSON cannot carry.
    """
    text = node.text
    if node.style:
        return text
    if text in BOOLEANS:
        return BOOLEANS[text]
    if node.is_null:
        return None
    if text[0] not in "0123456789+-.":
        return text
    if _INTEGER.fullmatch(text):
        # The length is looked at first: converting a million digits takes minutes.
        return _safe_integer(int(text) if len(text) <= 18 else MAX_INTEGER + 1 if text.strip("+-0") else 0)
    if _OCTAL_OR_HEX.fullmatch(text):
        return _safe_integer(int(text, 0))
    if _FLOAT.fullmatch(text):
        if not math.isfinite(number := float(text)):
            raise UnfitScalarError("is larger than any number that JSON can carry")
        if abs(number) > MAX_INTEGER:  # every number of that size is whole
            raise _beyond_safe()
        return number
    if _NOT_FINITE.fullmatch(text):
        raise UnfitScalarError("is no number that JSON can carry", "put it in quotes if a text is meant")
    return text


def _safe_integer(value: int) -> int:
    if abs(value) > MAX_INTEGER:
        raise _beyond_safe()
    return value


def _beyond_safe() -> UnfitScalarError:
    return UnfitScalarError("is an integer beyond 2^53-1, which not every reader keeps exactly", "put it in quotes")


def plain_data(node: Node) -> JsonValue:
    """Return a tree of nodes as JSON data by the core schema; the first of a duplicate key counts.

    A number beyond 2^53-1 is kept, infinity and not-a-number become text, an alias that was not followed is null.
    The depth of a tree is limited where it is read.
    """
    if isinstance(node, ScalarNode):
        try:
            return core_value(node)
        except UnfitScalarError:
            if _INTEGER.fullmatch(node.text):
                return int(node.text) if len(node.text) <= _MAX_DIGITS else node.text
            number = float(node.text) if _FLOAT.fullmatch(node.text) else math.inf
            return number if math.isfinite(number) else node.text
    if isinstance(node, SequenceNode):
        return [plain_data(item) for item in node.items]
    if isinstance(node, MappingNode):
        data: dict[str, JsonValue] = {}
        for key, _, value in node.texts():
            if key not in data:
                data[key] = plain_data(value)
        return data
    return None


def day(text: str) -> date:
    """Return a calendar day written `2026-08-01`; raises UnfitScalarError for anything else."""
    if not _DATE.fullmatch(text):
        raise UnfitScalarError("is no date", "write it as `2026-08-01`")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UnfitScalarError("is no day of the calendar") from None


def moment(text: str) -> int:
    """Return a time with an explicit offset (`2026-09-01T09:00:00Z`) as UTC seconds; else raises UnfitScalarError."""
    found = _TIME.fullmatch(text)
    if found is None:
        if _DATE.fullmatch(text):
            raise UnfitScalarError("is a day, not a time", f"write `{text}T00:00:00Z` for midnight UTC")
        raise UnfitScalarError("is no time", "write it as `2026-09-01T09:00:00Z`")
    if found["offset"] is None:
        raise UnfitScalarError("has no offset, so it is another moment in each place", f"write `{text}Z` for UTC")
    midnight = day(found["day"])
    hour, minute, second = int(found["hour"]), int(found["minute"]), int(found["second"] or 0)
    offset = timedelta()
    if found["offset"] != "Z":
        hours, minutes = found["offset"][1:].split(":")
        offset = timedelta(hours=int(hours), minutes=int(minutes)) * (-1 if found["offset"][0] == "-" else 1)
    try:
        local = datetime(midnight.year, midnight.month, midnight.day, hour, minute, second, tzinfo=timezone(offset))
    except ValueError:
        raise UnfitScalarError("is no time of the day") from None
    return int((local - _EPOCH).total_seconds())
