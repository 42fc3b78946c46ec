"""Conditions as closures over a context: two-valued, so a missing, null or mistyped attribute is simply false."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from flaglint.errors import RegistryError
from flaglint.evaluator.semver import comparison, parse_comparator

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from flaglint.evaluator.compiled import Context

    Test: TypeAlias = Callable[[Context], bool]

MAX_DEPTH: Final = 100  # of segments in segments and of prerequisites of prerequisites; deeper is a mistake
_ORDER: Final = {"gt": operator.gt, "gte": operator.ge, "lt": operator.lt, "lte": operator.le}


def always(context: Context) -> bool:  # noqa: ARG001 - it has the signature of every test
    """Match every context."""
    return True


def never(context: Context) -> bool:  # noqa: ARG001 - it has the signature of every test
    """Match no context."""
    return False


class ConditionCompiler:
    """Compiles the conditions of one plan; a segment is compiled once, when it is first used."""

    def __init__(self, segments: Mapping[str, Any]) -> None:
        self._segments = segments
        self._compiled: dict[str, Test] = {}
        self._open: list[str] = []

    def compile(self, condition: Sequence[Any] | None) -> Test:
        """Return the closure of a condition as `plan` writes it; raises RegistryError for an unknown segment."""
        if condition is None:
            return always
        match condition[0]:
            case "all":
                return _all_of([self.compile(item) for item in condition[1]])
            case "any":
                return _any_of([self.compile(item) for item in condition[1]])
            case "not":
                return _not(self.compile(condition[1]))
            case "segment":
                return self._segment(condition[1])
            case _:
                return compile_test(*condition[1:])

    def _segment(self, name: str) -> Test:
        if name in self._compiled:
            return self._compiled[name]
        if name not in self._segments:
            raise RegistryError(f"there is no segment `{name}`")
        if name in self._open:
            raise RegistryError(f"segment `{name}` leads back to itself: {' -> '.join([*self._open, name])}")
        if len(self._open) >= MAX_DEPTH:
            raise RegistryError(f"segments are nested more than {MAX_DEPTH} deep at `{name}`")
        self._open.append(name)
        self._compiled[name] = self.compile(self._segments[name])
        self._open.pop()
        return self._compiled[name]


def _all_of(tests: list[Test]) -> Test:
    wanted = [test for test in tests if test is not always]
    if never in wanted:
        return never
    # two and three conditions are the usual case, and a loop costs more than the calls
    match wanted:
        case []:
            return always
        case [only]:
            return only
        case [first, second]:
            return lambda context: first(context) and second(context)
        case [first, second, third]:
            return lambda context: first(context) and second(context) and third(context)

    def every(context: Context) -> bool:
        for test in wanted:  # noqa: SIM110 - a generator would cost more than all the tests
            if not test(context):
                return False
        return True

    return every


def _any_of(tests: list[Test]) -> Test:
    wanted = [test for test in tests if test is not never]
    if always in wanted:
        return always
    match wanted:
        case []:
            return never
        case [only]:
            return only
        case [first, second]:
            return lambda context: first(context) or second(context)

    def some(context: Context) -> bool:
        for test in wanted:  # noqa: SIM110 - a generator would cost more than all the tests
            if test(context):
                return True
        return False

    return some


def _not(test: Test) -> Test:
    if test is always:
        return never
    if test is never:
        return always
    return lambda context: not test(context)


def compile_test(attribute: str, operation: str, operand: Any) -> Test:
    """Return the closure of one comparison; `operation` is positive (`plan` has turned the negations)."""
    match operation:
        case "equals":
            return _equals(attribute, operand)
        case "in":
            return _is_in(attribute, operand)
        case "exists":
            return lambda context: context.get(attribute) is not None
        case "contains":
            return _contains(attribute, operand)
        case "starts_with":
            return _on_text(attribute, str.startswith, operand)
        case "ends_with":
            return _on_text(attribute, str.endswith, operand)
        case "semver":
            return _semver(attribute, operand)
        case "gt" | "gte" | "lt" | "lte":
            return _ordered(attribute, _ORDER[operation], operand)
    raise RegistryError(f"there is no operator `{operation}`")


def _equals(attribute: str, operand: Any) -> Test:
    if isinstance(operand, bool):
        return lambda context: context.get(attribute) is operand
    if isinstance(operand, str):

        def is_text(context: Context) -> bool:
            value = context.get(attribute)
            return isinstance(value, str) and value == operand

        return is_text

    def is_number(context: Context) -> bool:
        value = context.get(attribute)
        # a boolean is no number here, though Python says that True == 1
        return isinstance(value, (int, float)) and value == operand and not isinstance(value, bool)

    return is_number


def _is_in(attribute: str, operands: Sequence[Any]) -> Test:
    texts = frozenset(item for item in operands if isinstance(item, str))
    if texts and len(texts) == len(set(operands)):

        def is_one_of(context: Context) -> bool:
            value = context.get(attribute)
            return isinstance(value, str) and value in texts

        return is_one_of
    return _any_of([_equals(attribute, item) for item in operands])


def _contains(attribute: str, operand: Any) -> Test:
    same = _equals("", operand)
    is_text = isinstance(operand, str)

    def contains(context: Context) -> bool:
        value = context.get(attribute)
        if isinstance(value, str):
            return is_text and operand in value
        if isinstance(value, (list, tuple, set, frozenset)):
            return any(same({"": item}) for item in value)
        return False

    return contains


def _on_text(attribute: str, method: Callable[..., bool], operand: Any) -> Test:
    wanted = tuple(operand) if isinstance(operand, (list, tuple)) else operand

    def matches(context: Context) -> bool:
        value = context.get(attribute)
        return isinstance(value, str) and method(value, wanted)

    return matches


def _ordered(attribute: str, compare: Callable[[Any, Any], bool], operand: Any) -> Test:
    def matches(context: Context) -> bool:
        value = context.get(attribute)
        return isinstance(value, (int, float)) and compare(value, operand) and not isinstance(value, bool)

    return matches


def _semver(attribute: str, operand: Any) -> Test:
    parsed = parse_comparator(operand) if isinstance(operand, str) else None
    if parsed is None:
        raise RegistryError(f"`{operand}` is no version comparator such as `>=2.1.0`")
    matches_text = comparison(*parsed)

    def matches(context: Context) -> bool:
        value = context.get(attribute)
        return isinstance(value, str) and matches_text(value)

    return matches
