"""What is known of one attribute of an unknown context, and what follows from it.

Only contradictions that no context can resolve are drawn: a proof may rest on them.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.conditions import compile_test

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flaglint.evaluator.conditions import Test

TEXT, NUMBER, BOOLEAN, LIST = "text", "number", "boolean", "list"
_EVERYTHING: Final = frozenset({TEXT, NUMBER, BOOLEAN, LIST, "other"})
_ORDER: Final = frozenset({"gt", "gte", "lt", "lte"})


@dataclass(frozen=True, slots=True)
class Fact:
    """A comparison (positive operators, as in plans, and `key`: a text that is not empty) that holds, or does not."""

    operation: str
    operand: Any
    holds: bool


def implied(facts: Sequence[Fact], operation: str, operand: Any) -> bool | None:
    """Return whether a comparison must hold, cannot hold (False), or may go either way (None)."""
    candidates = _candidates(facts)
    if candidates is not None:
        truths = {satisfies(operation, operand, value) for value in candidates}
        return truths.pop() if len(truths) == 1 else None if truths else False
    if any(fact.operation == "exists" and not fact.holds for fact in facts):
        return False  # missing: every comparison is false
    positive = [fact for fact in facts if fact.holds]
    if operation == "exists":
        return True if positive else None
    kinds = _kinds(positive)
    if not kinds & kinds_of(operation, operand):
        return False
    if operation in {"equals", "in"}:
        values = [operand] if operation == "equals" else operand
        return None if any(_fits(value, facts) for value in values) else False
    if operation in _ORDER:
        return _order_implied(positive, operation, operand)
    if operation == "key" and kinds == {TEXT}:
        is_filled = any(not satisfies(fact.operation, fact.operand, "") for fact in positive)
        return True if is_filled else None
    return None


def satisfies(operation: str, operand: Any, value: Any) -> bool:
    """Return whether a comparison holds for a value."""
    if operation == "key":
        return isinstance(value, str) and value != ""
    return _test(operation, json.dumps(operand))({"": value})


@lru_cache(maxsize=4096)
def _test(operation: str, operand: str) -> Test:
    return compile_test("", operation, json.loads(operand))


def kinds_of(operation: str, operand: Any) -> frozenset[str]:
    """Return the kinds of value for which a comparison can hold at all."""
    match operation:
        case "equals":
            return frozenset({_kind(operand)})
        case "in":
            return frozenset(map(_kind, operand))
        case "gt" | "gte" | "lt" | "lte":
            return frozenset({NUMBER})
        case "starts_with" | "ends_with" | "semver" | "key":
            return frozenset({TEXT})
        case "contains":
            return frozenset({TEXT, LIST} if isinstance(operand, str) else {LIST})
    return _EVERYTHING


def _kind(value: Any) -> str:
    if isinstance(value, bool):
        return BOOLEAN
    return TEXT if isinstance(value, str) else NUMBER


def _kinds(positive: Iterable[Fact]) -> frozenset[str]:
    kinds = _EVERYTHING
    for fact in positive:
        kinds &= kinds_of(fact.operation, fact.operand)
    return kinds


def _fits(value: Any, facts: Iterable[Fact]) -> bool:
    return all(satisfies(fact.operation, fact.operand, value) == fact.holds for fact in facts)


def _candidates(facts: Sequence[Fact]) -> list[Any] | None:
    """Return the values that the attribute can still have, when an equality or a list has narrowed it to a few."""
    for fact in facts:
        if fact.holds and fact.operation in {"equals", "in"}:
            values = [fact.operand] if fact.operation == "equals" else fact.operand
            return [value for value in values if _fits(value, facts)]
    return None


def _order_implied(positive: Iterable[Fact], operation: str, bound: float) -> bool | None:
    """Compare a new bound on a number with those that hold already."""
    for fact in positive:
        if fact.operation not in _ORDER:
            continue
        known = fact.operand
        is_lower, strict = fact.operation in {"gt", "gte"}, fact.operation in {"gt", "lt"}
        asks_lower, asks_strict = operation in {"gt", "gte"}, operation in {"gt", "lt"}
        inside = known > bound if is_lower else known < bound  # the known bound alone settles it
        if is_lower == asks_lower:
            if inside or (known == bound and (strict or not asks_strict)):
                return True
        elif inside or (known == bound and (strict or asks_strict)):
            return False
    return None
