"""Conditions, shares, variants and moments in words, for people who do not read the registry."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flaglint.definition import AllOf, AnyOf, Compare, Not

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from flaglint.definition import Condition, Flag, Rule

_WORDS = {
    "equals": "is", "in": "is", "not": "is not", "not_in": "is not", "starts_with": "starts with",
    "ends_with": "ends with", "contains": "contains", "gt": "is more than", "gte": "is at least",
    "lt": "is less than", "lte": "is at most", "semver": "is a version",
}  # fmt: skip
_SHOWN = 6  # values of a list before the rest is counted


def percent(share: Fraction) -> str:
    """Return a share as people write it: `12.5 %`, with two digits behind the point at most."""
    hundred = share * 100
    rounded = round(hundred, 2)
    if not rounded and share > 0:
        return "less than 0.01 %"
    if rounded == 100 and share < 1:
        return "more than 99.99 %"
    return f"{float(rounded):.2f}".rstrip("0").rstrip(".") + " %"


def listed(things: Sequence[str], last: str = "and") -> str:
    """Return several things as a list in a sentence."""
    *head, end = things
    return f"{', '.join(head)} {last} {end}" if head else end


def variant_names(flag: Flag) -> Mapping[str, str]:
    """Return how each variant is called: `on` and `off` for those of a boolean flag, else its name in backticks."""
    values = {variant.name: variant.value for variant in flag.variants}
    if set(map(type, values.values())) == {bool} and len(set(values.values())) == len(values):
        return {name: "on" if value else "off" for name, value in values.items()}
    return {name: f"`{name}`" for name in values}


def audience(rule: Rule) -> str:
    """Return whom a rule is for; empty for everyone. Its window is not said."""
    if not rule.segments and rule.when is None:
        return ""
    whom = "segment " + listed([f"`{name}`" for name in rule.segments], "or") if rule.segments else "users"
    return whom if rule.when is None else f"{whom} where {_condition(rule.when, inner=False)}"


def condition(when: Condition) -> str:
    """Return a condition in words."""
    return _condition(when, inner=False)


def _condition(when: Condition, *, inner: bool) -> str:
    match when:
        case Compare():
            return _comparison(when)
        case Not(Compare(operator="exists") as compare):
            return f"{compare.attribute} is not given"
        case Not(held):
            return f"not ({_condition(held, inner=False)})"
        case AllOf(conditions):
            return " and ".join(_condition(part, inner=len(conditions) > 1) for part in conditions) or "everyone"
        case AnyOf(conditions):
            joined = " or ".join(_condition(part, inner=len(conditions) > 1) for part in conditions) or "nobody"
            return f"({joined})" if inner and len(conditions) > 1 else joined


def _comparison(compare: Compare) -> str:
    if compare.operator == "exists":
        return f"{compare.attribute} is {'' if compare.operand else 'not '}given"
    operand = compare.operand
    values = [_value(item) for item in operand] if isinstance(operand, tuple) else [_value(operand)]
    if not values:
        values = ["none of an empty list"]
    if len(values) > _SHOWN:
        values = [*values[:_SHOWN], f"{len(values) - _SHOWN} more"]
    return f"{compare.attribute} {_WORDS.get(compare.operator, compare.operator)} {listed(values, 'or')}"


def _value(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def moment(seconds: float) -> str:
    """Return a moment as a day, with the time where it is not midnight, in UTC."""
    try:
        at = datetime.fromtimestamp(seconds, UTC)
    except (OverflowError, ValueError, OSError):
        return "the end of time" if seconds > 0 else "the beginning of time"
    return f"{at:%Y-%m-%d}" if at.time() == at.time().min else f"{at:%Y-%m-%d %H:%M} UTC"
