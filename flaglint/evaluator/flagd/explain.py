"""Why a flag in flagd's format serves what it serves: the branches that its targeting takes, and the bucket."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.bucketing import bucket
from flaglint.evaluator.flagd.coercion import is_true
from flaglint.evaluator.flagd.definition import targeting_data, variant_name
from flaglint.evaluator.flagd.logic import compile_logic
from flaglint.evaluator.flagd.operators import SPLITS, weights_of
from flaglint.evaluator.steps import Step, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flaglint.evaluator.compiled import Context

_INFIX: Final = {
    "==": "==", "===": "is", "!=": "!=", "!==": "is not", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "in": "in",
    "starts_with": "starts with", "ends_with": "ends with", "+": "+", "-": "-", "*": "*", "/": "/", "%": "%",
}  # fmt: skip
_PER_ITEM: Final = frozenset({"filter", "map", "all", "some", "none", "reduce"})
_LONGEST: Final = 160  # characters of a rule in words


def explain_definition(
    key: str, definition: Mapping[str, Any], bucketing: str, context: Context, now: float
) -> Iterator[Step]:
    """Yield the steps of a flagd definition for one context; `now` is in UTC seconds."""
    default = variant_name(definition.get("defaultVariant"))
    otherwise = f"serves {default}" if default is not None else "serves the default in the code"
    targeting = definition.get("targeting")
    if definition.get("state") == "DISABLED":
        yield Step("state", "it is DISABLED: serves the default in the code")
    elif not targeting:
        yield Step("default", f"it has no targeting: {otherwise}")
    else:
        trace = _Trace(targeting_data(key, context, now), bucketing, otherwise)
        try:
            yield from trace.steps(targeting)
        except Exception as error:  # whatever an evaluation comes upon is what there is to tell
            yield Step("", f"it cannot be evaluated: {error}")


class _Trace:
    def __init__(self, data: Mapping[str, Any], bucketing: str, otherwise: str) -> None:
        self._data = data
        self._bucketing = bucketing
        self._otherwise = otherwise

    def steps(self, rule: Any, label: str = "") -> Iterator[Step]:
        """Yield what a rule looks at, and at last what it comes to."""
        name, args = _operation(rule)
        if name in {"if", "?:"}:
            yield from self._branches(args, label)
        elif name == "fractional":
            yield self._split(args, label)
            yield self._served("", rule)
        elif name:
            yield Step(label, _words(rule), None, self._values(rule))
            yield self._served("", rule)
        else:
            yield self._served(label, rule)

    def _branches(self, args: list[Any], label: str) -> Iterator[Step]:
        word = label or "if"
        for test, result in zip(args[0::2], args[1::2], strict=False):
            holds = True
            for number, part in enumerate(_conjuncts(test)):
                holds = is_true(self._result(part))
                yield Step("" if number else word, _words(part), holds, self._values(part))
                if not holds:
                    break
            if holds:
                yield from self.steps(result, "then")
                return
            word = "else if"
        yield from self.steps(args[-1] if len(args) % 2 else None, "else" if len(args) > 1 else label)

    def _split(self, args: list[Any], label: str) -> Step:
        values = [self._result(argument) for argument in args]
        entries = [entry for entry in values if isinstance(entry, list)]
        shares = ", ".join(" ".join(_plain(part) for part in entry) for entry in entries)
        found = SPLITS[self._bucketing](self._data, values)
        if found is None:
            target = "there is nothing to hash" if self._data.get("targetingKey") else "`targetingKey` is missing"
            return Step(label, f"split {shares}", None, target)
        weights = weights_of(found[1])
        if weights is None:
            return Step(label, f"split {shares}", None, "these are no shares that engines take")
        of = values[0] if not isinstance(values[0], list) else self._data["targetingKey"]
        total = sum(weights)
        return Step(label, f"split {shares}", None, f"bucket {bucket(found[0], total)} of {total} for {value_text(of)}")

    def _served(self, label: str, rule: Any) -> Step:
        result = self._result(rule)
        if result is None:
            return Step(label, f"names no variant: {self._otherwise}")
        return Step(label, f"serves {_plain(variant_name(result) or result)}")

    def _result(self, rule: Any) -> Any:
        return compile_logic(rule, self._bucketing)(self._data)

    def _values(self, rule: Any) -> str:
        values = {name: self._result({"var": name}) for name in _variables(rule)}
        return ", ".join(
            f"`{name}` is missing" if value is None else f"`{name}` is {value_text(value)}"
            for name, value in values.items()
        )


def _operation(rule: Any) -> tuple[str, list[Any]]:
    """Return the operator of a rule and its arguments; no operator for what stands for itself."""
    if not isinstance(rule, dict) or len(rule) != 1:
        return "", []
    ((name, written),) = rule.items()
    return str(name), written if isinstance(written, list) else [written]


def _conjuncts(rule: Any) -> list[Any]:
    """Return the parts of a rule that must all hold, also those inside of each other."""
    name, args = _operation(rule)
    return [part for item in args for part in _conjuncts(item)] if name == "and" and args else [rule]


def _variables(rule: Any) -> dict[str, None]:
    """Return the attributes that a rule reads, in their order; items of lists are none."""
    if isinstance(rule, list):
        return {name: None for item in rule for name in _variables(item)}
    operator, args = _operation(rule)
    if operator == "var" and args:
        return {args[0]: None} if isinstance(args[0], str) and args[0] else {}
    return {name: None for item in (args[:1] if operator in _PER_ITEM else args) for name in _variables(item)}


def _words(rule: Any) -> str:
    text = _described(rule)
    return text if len(text) <= _LONGEST else text[:_LONGEST] + "…"


def _described(rule: Any) -> str:
    if isinstance(rule, list):
        return "[" + ", ".join(_described(item) for item in rule) + "]"
    name, args = _operation(rule)
    parts = [_described(item) for item in args]
    match name, parts:
        case "", _:
            return _plain(rule)
        case "var", [_, *_] if isinstance(args[0], str):
            return args[0]
        case "and" | "or", _:
            return ("all of (" if name == "and" else "any of (") + "; ".join(parts) + ")"
        case "!", [only]:
            return f"not ({only})"
        case "sem_ver", [left, operator, right]:
            return f"{left} {operator} {right}"
        case _, [left, right] if name in _INFIX:
            return f"{left} {_INFIX[name]} {right}"
    return f"{name}({', '.join(parts)})"


def _plain(value: Any) -> str:
    return value if isinstance(value, str) and value else value_text(value)
