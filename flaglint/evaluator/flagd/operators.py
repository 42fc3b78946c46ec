"""The operators of JSONLogic and of flagd, as functions of the data and the evaluated arguments."""

from __future__ import annotations

import logging
import operator
from math import isnan, nan
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from flaglint.evaluator.bucketing import MAX_TOTAL_WEIGHT, bucket, cbor_pair, hash_bytes, hash_utf8, pick
from flaglint.evaluator.flagd.cbor import encode
from flaglint.evaluator.flagd.coercion import is_true, look_up, loosely_equal, ordered, to_number, to_text
from flaglint.evaluator.semver import COMPARISONS, Version, parse_version

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Operator: TypeAlias = Callable[[Any, list[Any]], Any]
    Split: TypeAlias = tuple[int, list[Any]]  # the hash, and the entries with a variant and a weight each

log = logging.getLogger("flaglint.evaluator")


def _argument(args: Sequence[Any], index: int) -> Any:
    return args[index] if index < len(args) else None


def _pair(function: Callable[[Any, Any], Any]) -> Operator:
    return lambda _data, args: function(_argument(args, 0), _argument(args, 1))


def _between(compare: Callable[[Any, Any], bool]) -> Operator:
    """Return `a < b`, or `a < b and b < c` when there are three arguments."""

    def holds(_data: Any, args: list[Any]) -> bool:
        first, second, third = (_argument(args, index) for index in range(3))
        return compare(*ordered(first, second)) and (third is None or compare(*ordered(second, third)))

    return holds


def _add(_data: Any, args: list[Any]) -> int | float:
    return sum(to_number(argument) for argument in args)


def _multiply(_data: Any, args: list[Any]) -> int | float:
    product: int | float = 1
    for argument in args:
        product *= to_number(argument)
    return product


def _subtract(_data: Any, args: list[Any]) -> int | float:
    first, second = _argument(args, 0), _argument(args, 1)
    return -to_number(first) if second is None else to_number(first) - to_number(second)


def _is_in(needle: Any, haystack: Any) -> bool:
    if isinstance(haystack, list):
        return needle in haystack
    return isinstance(haystack, str) and to_text(needle) in haystack


def _missing(data: Any, args: list[Any]) -> list[Any]:
    keys = args[0] if args and isinstance(args[0], list) else args
    return [key for key in keys if look_up(data, key) in (None, "")]


def _missing_some(data: Any, args: list[Any]) -> list[Any]:
    keys = _argument(args, 1)
    if not isinstance(keys, list):
        return []
    missing = _missing(data, [keys])
    return [] if len(keys) - len(missing) >= to_number(_argument(args, 0)) else missing


def _merge(_data: Any, args: list[Any]) -> list[Any]:
    merged: list[Any] = []
    for argument in args:
        merged.extend(argument if isinstance(argument, list) else [argument])
    return merged


def _substring(_data: Any, args: list[Any]) -> str:
    text, length = to_text(_argument(args, 0)), _argument(args, 2)
    start = to_number(_argument(args, 1))
    if isnan(start):
        start = 0
    elif start < 0:  # from the end, where a part of one does not count; before the beginning is the beginning
        start = len(text) - int(-start) if -start < len(text) else 0
    start = min(int(start), len(text))
    if length is None:
        return text[start:]
    count = to_number(length)
    if isnan(count):
        return ""
    count = int(count)
    end = start + count if count >= 0 else len(text) + count
    return text[start : max(end, start)]


def _on_texts(method: Callable[[str, str], bool]) -> Operator:
    def compare(_data: Any, args: list[Any]) -> bool | None:
        if len(args) != 2 or not all(isinstance(argument, str) for argument in args):
            return None
        return method(args[0], args[1])

    return compare


def _semantic_version(_data: Any, args: list[Any]) -> bool | None:
    if len(args) != 3:
        return None
    left, right = _version(args[0]), _version(args[2])
    compare = COMPARISONS.get(args[1]) if isinstance(args[1], str) else None
    return compare(left, right) if left and right and compare else None


def _version(value: Any) -> Version | None:
    """Return the version, where `1` and `1.2-beta` are filled up to three numbers."""
    text = str(value)
    text = text[1:] if text[:1] in {"v", "V"} else text
    if text[:1] in {"v", "V"}:
        return None
    numbers = text.split("-")[0].split("+")[0]
    return parse_version(numbers + ".0" * (2 - numbers.count(".")) + text[len(numbers) :])


def _split_v2(data: Any, args: list[Any]) -> Split | None:
    if not args:
        return None
    if isinstance(args[0], str):
        key, entries = args[0], args[1:]
    else:
        target = data.get("targetingKey")
        if not isinstance(target, str) or not target:
            return None
        key, entries = data.get("$flagd", {}).get("flagKey", "") + target, args
    return (hash_utf8(key), entries) if key else None


def _split_v3(data: Any, args: list[Any]) -> Split | None:
    if args and not isinstance(args[0], list):
        return None if args[0] is None else (hash_bytes(encode(args[0])), args[1:])
    target = data.get("targetingKey") if args else None
    if not isinstance(target, str) or not target:
        return None
    return hash_bytes(cbor_pair(data.get("$flagd", {}).get("flagKey", ""), target)), args


def _fractional(split: Callable[[Any, list[Any]], Split | None]) -> Operator:
    def choose(data: Any, args: list[Any]) -> Any:
        found = split(data, args)
        weights = weights_of(found[1]) if found is not None else None
        if found is None or weights is None:
            return None
        hashed, entries = found
        return entries[pick(bucket(hashed, sum(weights)), weights)][0]

    return choose


def weights_of(entries: list[Any]) -> list[int] | None:
    """Return the weights of shares; None when they are no shares, or add up to nothing or to too much."""
    weights = []
    for entry in entries:
        if not isinstance(entry, list) or not 1 <= len(entry) <= 2:
            return None
        weight = entry[1] if len(entry) == 2 else 1
        if isinstance(weight, bool) or not isinstance(weight, int):
            return None
        weights.append(max(weight, 0))  # a ramp written as arithmetic on the time goes below zero
    return weights if 0 < sum(weights) <= MAX_TOTAL_WEIGHT else None


def _log(_data: Any, args: list[Any]) -> Any:
    value = _argument(args, 0)
    log.info("log: %r", value)
    return value


_COMMON: Final[dict[str, Operator]] = {
    "==": _pair(loosely_equal),
    "!=": _pair(lambda left, right: not loosely_equal(left, right)),
    "===": _pair(lambda left, right: bool(left == right)),
    "!==": _pair(lambda left, right: bool(left != right)),
    "<": _between(operator.lt),
    ">": _between(operator.gt),
    "<=": _between(operator.le),
    ">=": _between(operator.ge),
    "!": lambda _data, args: not is_true(_argument(args, 0)),
    "!!": lambda _data, args: is_true(_argument(args, 0)),
    "+": _add,
    "*": _multiply,
    "-": _subtract,
    "/": _pair(lambda left, right: to_number(left) / to_number(right)),
    "%": _pair(lambda left, right: to_number(left) % to_number(right)),
    "in": _pair(_is_in),
    "min": lambda _data, args: min((to_number(argument) for argument in args), default=nan),
    "max": lambda _data, args: max((to_number(argument) for argument in args), default=nan),
    "cat": lambda _data, args: "".join(to_text(argument) for argument in args),
    "log": _log,
    "var": lambda data, args: look_up(data, *(args or [None])),  # with more than a default it fails, as there
    "substr": _substring,
    "merge": _merge,
    "missing": _missing,
    "missing_some": _missing_some,
    "starts_with": _on_texts(str.startswith),
    "ends_with": _on_texts(str.endswith),
    "sem_ver": _semantic_version,
}

# What each generation hashes for `fractional`, and the shares; None where there is nothing to hash.
SPLITS: Final[Mapping[str, Callable[[Any, list[Any]], Split | None]]] = {
    "flagd-v2": _split_v2,
    "flagd-v3": _split_v3,
}
OPERATORS: Final[Mapping[str, Mapping[str, Operator]]] = {
    "flagd-v2": {**_COMMON, "fractional": _fractional(_split_v2)},
    "flagd-v3": {**_COMMON, "fractional": _fractional(_split_v3)},
}
