"""How JSONLogic turns one JSON type into another, as flagd's Python core does it.

The cores disagree in corners (about a fifth of all pairs of operator and operand types, mostly because JavaScript's
raises where Python's says false); a registry compiled by `flagd.export` stays inside what they agree on.
"""

from __future__ import annotations

from math import isnan, nan
from typing import Any, Final

_NO_NUMBERS: Final = frozenset({"inf", "-inf", "+inf"})  # `Infinity`, written out, is one in every core


def to_number(value: Any) -> int | float:
    """Return the value as a number; NaN where it is none. A list of one element is read as that element."""
    while isinstance(value, list):
        if len(value) != 1:
            return nan if value else 0
        value = value[0]
    if isinstance(value, (int, float)):
        return value
    if value is None:
        return 0
    if not isinstance(value, str) or value.strip().lower() in _NO_NUMBERS:
        return nan
    try:
        return float(value)
    except ValueError:
        return nan


def to_text(value: Any) -> str:
    """Return the value as text: `null`, `1`, `1e+21`, `True`; the elements of a list joined by commas."""
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return f"{value:.15g}"
    if value is None:
        return "null"
    if isinstance(value, list):
        return ",".join(to_text(item) for item in value)
    if isinstance(value, dict):
        return "[object Object]"
    return str(value)


def is_true(value: Any) -> bool:
    """Return whether JSONLogic takes the value for true: an empty list is false, an empty object is true."""
    if isinstance(value, float):
        return not isnan(value) and value != 0.0
    if isinstance(value, (bool, int, str, list)):
        return bool(value)
    return value is not None


def loosely_equal(left: Any, right: Any) -> bool:
    """Return `==`: numbers pull the other side to a number, texts pull lists and objects to texts."""
    if type(left) is type(right):
        return left is right if isinstance(left, (list, dict)) else bool(left == right)
    if isinstance(left, (int, float)) or isinstance(right, (int, float)):
        return bool(to_number(left) == to_number(right))
    if left is None or right is None:
        return False
    if isinstance(left, str) or isinstance(right, str):
        return to_text(left) == to_text(right)
    return False


def ordered(left: Any, right: Any) -> tuple[Any, Any]:
    """Return both sides as `<` and its like compare them: as numbers, unless one is a text and none a number."""
    is_numeric = isinstance(left, (int, float)) or isinstance(right, (int, float))
    if not is_numeric and (isinstance(left, str) or isinstance(right, str)):
        return to_text(left), to_text(right)
    return to_number(left), to_number(right)


def look_up(data: Any, path: Any, default: Any = None) -> Any:
    """Return `var`: the value at a dotted path, or the default where the path leads nowhere or to null."""
    if path is None or path == "":
        return data
    if isinstance(path, (int, float)):
        if not isinstance(data, (list, str)):
            return default
        is_index = path == int(path) and 0 <= path < len(data)
        return data[int(path)] if is_index else default
    for step in to_text(path).split("."):
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, (list, str)):
            if step == "length":
                return len(data)
            if not step.isascii() or not step.isdecimal() or step != str(int(step)) or int(step) >= len(data):
                return default
            data = data[int(step)]
        else:
            return default
    return default if data is None else data
