"""Conditions, splits and ramps as JSONLogic, in the subset whose meaning all of flagd's engines share.

The engines differ in about a fifth of all pairs of operator and operand types. So a number is compared behind a guard
that lets nothing but numbers through, a boolean by its text, a version and a bucketing key only when they are texts.
Lists and objects in the place of a number or boolean lie outside: the guards look at scalars.
"""

from __future__ import annotations

import re
from typing import Any, Final, TypeAlias

from flaglint.evaluator.accessors import MAX_EXACT_INTEGER
from flaglint.evaluator.bucketing import MAX_TOTAL_WEIGHT
from flaglint.evaluator.semver import comparator_text

Rule: TypeAlias = Any  # JSONLogic: a scalar, a list, or an object with one operator

TIME: Final = {"var": "$flagd.timestamp"}
_ATTRIBUTE: Final = re.compile(r"[A-Za-z0-9_:@-]+")
# what every JavaScript object answers to, so that the attribute is never missing there
_INHERITED: Final = frozenset(
    {"constructor", "hasOwnProperty", "isPrototypeOf", "propertyIsEnumerable", "toLocaleString", "toString", "valueOf"}
    | {"__proto__", "__defineGetter__", "__defineSetter__", "__lookupGetter__", "__lookupSetter__"}
)
_NO_NUMBERS: Final = ["true", "True", "false", "False", "null", "None", ""]
_ORDER: Final = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


class InexpressibleError(Exception):
    """What flagd's format cannot say exactly, and why."""


def all_of(rules: list[Rule]) -> Rule:
    """Return the conjunction, folded where a part is constant."""
    if any(rule is False for rule in rules):
        return False
    return _joined("and", [rule for rule in rules if rule is not True], empty=True)


def any_of(rules: list[Rule]) -> Rule:
    """Return the disjunction, folded where a part is constant."""
    if any(rule is True for rule in rules):
        return True
    return _joined("or", [rule for rule in rules if rule is not False], empty=False)


def _joined(operator: str, rules: list[Rule], *, empty: bool) -> Rule:
    if len(rules) < 2:
        return rules[0] if rules else empty
    flat: list[Rule] = []
    for rule in rules:
        is_same = isinstance(rule, dict) and operator in rule
        flat.extend(rule[operator] if is_same else [rule])
    return {operator: flat}


def negation(rule: Rule) -> Rule:
    """Return the negation, folded where the rule is constant."""
    return (not rule) if isinstance(rule, bool) else {"!": [rule]}


def variable(name: str) -> Rule:
    """Return the attribute; raises InexpressibleError for a name that the engines read differently."""
    if not _ATTRIBUTE.fullmatch(name) or name in _INHERITED:
        raise InexpressibleError(f"the engines read the attribute name `{name}` differently")
    return {"var": name}


def comparison(attribute: str, operation: str, operand: Any) -> Rule:
    """Return one comparison with a positive operator of `plan`; raises InexpressibleError."""
    value = variable(attribute)
    match operation:
        case "equals":
            return _equals(value, operand)
        case "in":
            texts = [item for item in operand if isinstance(item, str)]
            others = [_equals(value, item) for item in operand if not isinstance(item, str)]
            return any_of([{"in": [value, texts]} if texts else False, *others])
        case "exists":
            return {"!==": [value, None]}
        case "contains" if isinstance(operand, str):
            # JavaScript's `in` raises on numbers; `merge` makes a list of whatever it is given
            is_part = all_of([_is_text(value), {"in": [operand, value]}])
            return any_of([{"in": [operand, {"merge": [value]}]}, is_part])
        case "contains":
            raise InexpressibleError("the engines differ in whether a list contains a number or a boolean")
        case "starts_with" | "ends_with":
            operands = operand if isinstance(operand, list) else [operand]
            return any_of([{operation: [value, text]} for text in operands])
        case "semver":
            sign, version = comparator_text(operand)
            return all_of([_is_text(value), {"sem_ver": [value, sign, version]}])
        case "gt" | "gte" | "lt" | "lte":
            return all_of([*_is_number(value), {_ORDER[operation]: [value, _number(operand)]}])
    raise InexpressibleError(f"there is no operator `{operation}`")


def _equals(value: Rule, operand: Any) -> Rule:
    if isinstance(operand, bool):
        names = ["true", "True"] if operand else ["false", "False"]
        # the text of a boolean, by a value that is no text itself
        return all_of([{"in": [{"cat": [value]}, names]}, {"!==": [{"cat": [value]}, value]}])
    if isinstance(operand, str):
        return {"===": [value, operand]}
    number = _number(operand)
    return all_of([*_is_number(value), {">=": [value, number]}, {"<=": [value, number]}])


def _number(operand: float) -> float:
    if abs(operand) > MAX_EXACT_INTEGER:
        raise InexpressibleError(f"{operand} is larger than the integers that every engine counts exactly")
    return operand


def _is_number(value: Rule) -> list[Rule]:
    return [{"!": [{"in": [{"cat": [value]}, _NO_NUMBERS]}]}, {"!==": [{"cat": [value]}, value]}]


def _is_text(value: Rule) -> Rule:
    return {"===": [{"cat": [value]}, value]}


def window(start: int | None, until: int | None) -> list[Rule]:
    """Return the conditions that the time lies in `[start, until)`, in UTC seconds."""
    begins = [] if start is None else [{">=": [TIME, start]}]
    ends = [] if until is None else [{"<": [TIME, until]}]
    return [*begins, *ends]


def with_key(attribute: str, rule: Rule, otherwise: Rule) -> Rule:
    """Return `rule` for a context with a bucketing key: a text that is not empty."""
    key = variable(attribute)
    return {"if": [all_of([_is_text(key), {"!==": [key, ""]}]), rule, otherwise]}


def split(salt: str, attribute: str, weights: list[tuple[str, Any]]) -> Rule:
    """Return the variant whose share holds the bucket of salt + key; weights are integers or arithmetic on the time."""
    if not salt.isascii():
        raise InexpressibleError(f"the engines hash the salt `{salt}` differently, because it is not ASCII")
    if sum(weight for _, weight in weights if isinstance(weight, int)) > MAX_TOTAL_WEIGHT:
        raise InexpressibleError(f"its weights add up to more than flagd's {MAX_TOTAL_WEIGHT}")
    return {"fractional": [{"cat": [salt, variable(attribute)]}, *([name, weight] for name, weight in weights)]}


def ramp(salt: str, attribute: str, to: str, off: str, shape: tuple[int, int, int, int, int], nothing: Rule) -> Rule:
    """Return a ramp: static before its start and after its end, arithmetic on the time in between.

    `shape` is that of `plan`: both ends as shares of a scale, start and end in UTC seconds. `nothing` is what is
    served without a bucketing key.
    """
    first, last, scale, start, until = shape
    duration = max(until - start, 1)
    total = scale * duration
    if total > MAX_TOTAL_WEIGHT:
        raise InexpressibleError(
            f"a ramp of {duration} seconds in steps of 1/{scale} is finer than flagd's weights, which end at "
            f"{MAX_TOTAL_WEIGHT}: choose a shorter one, or rounder percentages"
        )

    def share(part: int) -> Rule:
        if part == 0:
            return nothing if nothing is not None else off
        if part == scale:
            return to
        return split(salt, attribute, [(to, part), (off, scale - part)])

    slope, offset = last - first, first * (start + duration) - last * start
    moving = split(salt, attribute, [(to, _linear(slope, offset)), (off, _linear(-slope, total - offset))])
    during = moving if slope else share(first)
    before_end = during if first == last else {"if": [{"<": [TIME, start]}, share(first), during]}
    keyed = with_key(attribute, before_end, nothing)
    after = to if last == scale else with_key(attribute, share(last), nothing)
    if before_end == share(last) and last != scale:
        return keyed
    return {"if": [{"<": [TIME, start + duration]}, keyed, after]}


def _linear(slope: int, offset: int) -> Rule:
    """Return `slope * time + offset`, written as the subtraction it usually is."""
    if slope == 1:
        return {"-": [TIME, -offset]}
    if slope == -1:
        return {"-": [offset, TIME]}
    return {"+": [{"*": [slope, TIME]}, offset]}
