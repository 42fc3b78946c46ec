"""What is known of one attribute of an unknown context, and what follows from it.

Only contradictions that no context can resolve are drawn: a proof may rest on them.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.conditions import compile_test

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flaglint.evaluator.compiled import Context
    from flaglint.evaluator.conditions import Test

TEXT, NUMBER, BOOLEAN, LIST = "text", "number", "boolean", "list"
_EVERYTHING: Final = frozenset({TEXT, NUMBER, BOOLEAN, LIST, "other"})
_ORDER: Final = frozenset({"gt", "gte", "lt", "lte"})
_LISTING: Final = frozenset({"equals", "in"})
_PLAIN: Final = frozenset({str, bool, int, float})


class Comparisons:
    """The comparisons that the walks through a flag ask for, each compiled and written out once."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, int], tuple[Any, list[Test], list[str]]] = {}

    def _of(self, operation: str, operand: Any) -> tuple[Any, list[Test], list[str]]:
        found = self._known.get((operation, id(operand)))
        if found is None:  # the operand is kept, so that no other one gets its identity
            found = self._known[operation, id(operand)] = (operand, [], [])
        return found

    def test(self, operation: str, operand: Any) -> Test:
        """Return what tells of a context whether the comparison holds for its attribute "" (see `compile_test`)."""
        _, tests, _ = self._of(operation, operand)
        if not tests:
            tests.append(_is_filled if operation == "key" else compile_test("", operation, operand))
        return tests[0]

    def spelled(self, operation: str, operand: Any) -> str:
        """Return a text that no other comparison has: JSON tells true from 1, which Python takes for equal."""
        _, _, texts = self._of(operation, operand)
        if not texts:
            texts.append(f"{operation}\0{json.dumps(operand)}")
        return texts[0]


class Facts:
    """What is known of one attribute on one walk: comparisons (positive operators, as in plans) and how each went.

    `key` as operator asks for a text that is not empty. What a comparison costs grows with the facts that no table
    holds (prefixes, orders), and not with the equalities and lists that were ruled out before it.
    """

    def __init__(self, comparisons: Comparisons) -> None:
        self._comparisons = comparisons
        self._candidates: list[Any] | None = None  # what is left, once an equality or a list has narrowed it to a few
        self._ruled_out: set[tuple[str, Any]] = set()  # values, by their kind
        self._others: list[tuple[str, Any, bool]] = []
        self._ordered: list[tuple[str, Any]] = []  # comparisons of a number that hold
        self._kinds = _EVERYTHING
        self._untried: list[tuple[str, Any]] = []  # comparisons that hold, and may rule out the empty text
        self._is_missing = self._is_given = self._is_filled = False

    def add(self, operation: str, operand: Any, *, holds: bool) -> None:
        """Note how a comparison went."""
        if operation == "exists" and not holds:
            self._is_missing = True
        if holds:
            self._is_given = True
            self._kinds &= kinds_of(operation, operand)
            self._untried.append((operation, operand))
            if operation in _ORDER:
                self._ordered.append((operation, operand))
        values = _values(operation, operand)
        plain = [(_kind(value), value) for value in values if type(value) in _PLAIN and value == value]
        if values and not holds and len(plain) == len(values):
            self._ruled_out.update(plain)
        else:
            self._others.append((operation, operand, holds))
        if self._candidates is not None:
            self._candidates = [
                value for value in self._candidates if self._satisfies(operation, operand, value) == holds
            ]
        elif holds and operation in _LISTING:
            self._candidates = [value for value in values if self._fits(value)]

    def implied(self, operation: str, operand: Any) -> bool | None:
        """Return whether a comparison must hold, cannot hold (False), or may go either way (None)."""
        if self._candidates is not None:
            truths = {self._satisfies(operation, operand, value) for value in self._candidates}
            return truths.pop() if len(truths) == 1 else None if truths else False
        if self._is_missing:
            return False  # every comparison is false
        if operation == "exists":
            return True if self._is_given else None
        if not self._kinds & kinds_of(operation, operand):
            return False
        if operation in _LISTING:
            return None if any(self._fits(value) for value in _values(operation, operand)) else False
        if operation in _ORDER:
            return _order_implied(self._ordered, operation, operand)
        if operation == "key" and self._kinds == {TEXT}:
            while self._untried and not self._is_filled:
                self._is_filled = not self._satisfies(*self._untried.pop(), "")
            return True if self._is_filled else None
        return None

    def _fits(self, value: Any) -> bool:
        if type(value) in _PLAIN and (_kind(value), value) in self._ruled_out:
            return False
        return all(self._satisfies(operation, operand, value) == holds for operation, operand, holds in self._others)

    def _satisfies(self, operation: str, operand: Any, value: Any) -> bool:
        return self._comparisons.test(operation, operand)({"": value})


def _is_filled(context: Context) -> bool:
    return isinstance(context[""], str) and context[""] != ""


def _values(operation: str, operand: Any) -> Sequence[Any]:
    """Return the values of which an equality or a list asks for one."""
    if operation not in _LISTING:
        return ()
    return [operand] if operation == "equals" else operand


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


def _order_implied(holding: Iterable[tuple[str, Any]], operation: str, bound: float) -> bool | None:
    """Compare a new bound on a number with those that hold already."""
    for other, known in holding:
        is_lower, strict = other in {"gt", "gte"}, other in {"gt", "lt"}
        asks_lower, asks_strict = operation in {"gt", "gte"}, operation in {"gt", "lt"}
        inside = known > bound if is_lower else known < bound  # the known bound alone settles it
        if is_lower == asks_lower:
            if inside or (known == bound and (strict or not asks_strict)):
                return True
        elif inside or (known == bound and (strict or asks_strict)):
            return False
    return None
