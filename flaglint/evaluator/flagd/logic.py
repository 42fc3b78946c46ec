"""JSONLogic as closures over the data: what flagd calls targeting."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from flaglint.evaluator.flagd.coercion import is_true
from flaglint.evaluator.flagd.operators import OPERATORS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from flaglint.evaluator.flagd.operators import Operator

    Logic: TypeAlias = Callable[[Any], Any]

_LAZY: Final = frozenset({"if", "?:", "and", "or"})
ITERATIONS: Final = frozenset({"filter", "map", "all", "some", "none", "reduce"})
KNOWN_OPERATORS: Final = _LAZY | ITERATIONS | OPERATORS["flagd-v2"].keys()


class UnknownOperatorError(Exception):
    """A rule uses an operator that JSONLogic and flagd do not have; raised when evaluation comes upon it."""


def compile_logic(rule: Any, bucketing: str) -> Logic:
    """Return the closure of a JSONLogic rule with flagd's operators; `bucketing` is one of the generations."""
    return _compile(rule, OPERATORS[bucketing])


def operations_in(rule: Any) -> Iterator[dict[str, Any]]:
    """Yield each operation in a rule, that of the whole among them: a mapping of its operator to the arguments."""
    waiting = [rule]
    while waiting:
        part = waiting.pop()
        if isinstance(part, list):
            waiting.extend(part)
        elif isinstance(part, dict) and len(part) == 1:
            yield part
            waiting.extend(part.values())


def operators_of(rule: Any) -> set[str]:
    """Return the names of all operators in a rule."""
    return {name for operation in operations_in(rule) for name in operation}


def _compile(rule: Any, operators: Mapping[str, Operator]) -> Logic:
    if isinstance(rule, list):
        items = [_compile(item, operators) for item in rule]
        return lambda data: [item(data) for item in items]
    if not isinstance(rule, dict) or len(rule) != 1:
        return lambda _data: rule
    ((name, written),) = rule.items()
    written = written if isinstance(written, list) else [written]
    args = [_compile(argument, operators) for argument in written]
    match name:
        case "if" | "?:":
            return _branches(args)
        case "and":
            return _conjunction(args)
        case "or":
            return _disjunction(args)
        case "reduce":
            # what it starts from stands as it is written, even if that looks like a rule
            return _reduce(args, written[2] if len(written) > 2 else None)
    if name in ITERATIONS:
        return _iteration(name, args)
    apply = operators.get(name)
    if apply is None:
        return _unknown(name, args)
    if name == "var" and len(written) == 1 and isinstance(written[0], str) and written[0] and "." not in written[0]:
        return _attribute(written[0], apply)
    return lambda data: apply(data, [argument(data) for argument in args])


def _attribute(name: str, look_up: Operator) -> Logic:
    """Return `var` of one plain name, which is nearly every `var` there is."""
    return lambda data: data.get(name) if isinstance(data, dict) else look_up(data, [name])


def _unknown(name: str, args: list[Logic]) -> Logic:
    def refuse(data: Any) -> Any:
        for argument in args:  # what is wrong in there is found first
            argument(data)
        raise UnknownOperatorError(f"there is no operator `{name}`")

    return refuse


def _branches(args: list[Logic]) -> Logic:
    tests = list(zip(args[0::2], args[1::2], strict=False))
    otherwise = args[-1] if len(args) % 2 else None

    def choose(data: Any) -> Any:
        for test, result in tests:
            if is_true(test(data)):
                return result(data)
        return otherwise(data) if otherwise is not None else None

    return choose


def _conjunction(args: list[Logic]) -> Logic:
    def first_false(data: Any) -> Any:
        current = None
        for argument in args:
            current = argument(data)
            if not is_true(current):
                return current
        return current

    return first_false


def _disjunction(args: list[Logic]) -> Logic:
    def first_true(data: Any) -> Any:
        current = None
        for argument in args:
            current = argument(data)
            if is_true(current):
                return current
        return current

    return first_true


def _iteration(name: str, args: list[Logic]) -> Logic:
    """Return one of the operators that apply a rule to each item of a list, with the item as its data."""
    empty: Any = {"filter": [], "map": [], "all": False, "some": False, "none": True}[name]
    if len(args) < (1 if name == "map" else 2):
        return lambda _data: list(empty) if isinstance(empty, list) else empty
    of = args[0]
    rule = args[1] if len(args) > 1 else lambda _item: None

    def iterate(data: Any) -> Any:
        items = of(data)
        if not isinstance(items, list):
            return list(empty) if isinstance(empty, list) else empty
        match name:
            case "filter":
                return [item for item in items if is_true(rule(item))]
            case "map":
                return [rule(item) for item in items]
            case "all":  # of no items at all, JSONLogic says false
                return bool(items) and all(is_true(rule(item)) for item in items)
            case "some":
                return any(is_true(rule(item)) for item in items)
        return not any(is_true(rule(item)) for item in items)

    return iterate


def _reduce(args: list[Logic], start: Any) -> Logic:
    def reduce(data: Any) -> Any:
        items = args[0](data) if args else None
        accumulated = start
        if not args or not isinstance(items, list):
            return accumulated
        for item in items:
            step = {"current": item, "accumulator": accumulated}
            accumulated = args[1](step) if len(args) > 1 else None
        return accumulated

    return reduce
