"""What a JSONLogic rule can come to, for every context, in one stretch of time.

A result is a set of values, or anything at all; beside it stands whether some engine may raise instead (JavaScript's
core does where Python's says false), for an error serves the caller's default. Whatever is not known to be harmless
counts as able to raise, and as able to come to anything.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.bucketing import MAX_TOTAL_WEIGHT
from flaglint.evaluator.flagd.coercion import is_true
from flaglint.evaluator.flagd.logic import ITERATIONS, operations_in
from flaglint.evaluator.flagd.operators import OPERATORS
from flaglint.evaluator.semver import COMPARISONS, parse_version

if TYPE_CHECKING:
    from collections.abc import Iterable

TIMESTAMP: Final = "$flagd.timestamp"
_MOST: Final = 64  # values that are told apart, before a result counts as anything
_SCALARS = (bool, int, float, str, type(None))
_ORDERED: Final = frozenset({"<", "<=", ">", ">="})
_TRUTHS: Final = {
    "!": (True, False),
    "!!": (True, False),
    "===": (True, False),
    "!==": (True, False),
}
_ASKING: Final = frozenset({"var", "missing", "missing_some", "fractional"})
_MAYBE_NULL: Final = frozenset({"starts_with", "ends_with", "sem_ver"})


@dataclass(frozen=True, slots=True)
class Possible:
    """The values that a rule can come to, written as JSON; None for anything. `fails`: an engine may raise instead.

    `filled` says of anything that it is a text which is not empty.
    """

    values: frozenset[str] | None
    fails: bool = False
    filled: bool = False

    def truths(self) -> frozenset[bool]:
        """Return whether it can be taken for true, for false, or for both."""
        if self.filled:
            return frozenset({True})
        if self.values is None:
            return frozenset({True, False})
        return frozenset(is_true(json.loads(value)) for value in self.values)

    def only(self) -> tuple[Any] | None:
        """Return its one value, in a tuple because that may be null; None when it has several."""
        if self.values is None or len(self.values) != 1:
            return None
        return (json.loads(next(iter(self.values))),)


ANYTHING: Final = Possible(None)
RISKY: Final = Possible(None, fails=True)


def of(values: Iterable[Any], *, fails: bool = False) -> Possible:
    """Return the result that is one of `values`."""
    return Possible(frozenset(map(json.dumps, values)), fails)


def union(results: Iterable[Possible]) -> Possible:
    """Return the result that is one of `results`."""
    values: set[str] | None = set()
    fails = False
    for result in results:
        fails = fails or result.fails
        values = None if values is None or result.values is None else values | result.values
    if values is not None and len(values) > _MOST:
        values = None
    return Possible(None if values is None else frozenset(values), fails)


@dataclass(frozen=True, slots=True)
class Analysis:
    """Reads rules of one flag in the seconds from `begins` to `ends` (inclusive)."""

    flag_key: str
    bucketing: str
    begins: int
    ends: int

    def result(self, rule: Any) -> Possible:
        """Return what a rule can come to."""
        if isinstance(rule, list):
            items = [self.result(item) for item in rule]
            known = [item.only() for item in items]
            fails = any(item.fails for item in items)
            if all(value is not None for value in known):
                return of([[value[0] for value in known if value is not None]], fails=fails)
            return Possible(None, fails)
        if not isinstance(rule, dict):
            return of([rule])
        if len(rule) != 1:
            return of([rule]) if not rule else RISKY  # engines differ in what they make of several operators
        ((name, written),) = rule.items()
        args = written if isinstance(written, list) else [written]
        match name:
            case "if" | "?:":
                return self._branches(args)
            case "and" | "or":
                return self._junction(args, stops_at=name == "or")
            case "var":
                return self._variable(args)
            case "fractional":
                return self._fractional(args)
            case "cat" if isinstance(written, list):  # JavaScript's core makes something else of one part alone
                return self._joined(args)
            case "missing_some" if len(args) != 2:
                return RISKY
            case "missing" | "missing_some":
                return Possible(None, any(self.result(item).fails for item in args))
        return self._applied(name, args)

    def fails_unasked(self, rule: Any) -> bool:
        """Whether something fails that stands in a rule without asking the context, in a branch never taken, too.

        JavaScript's core computes it once, when the rule is read, and then refuses the whole rule.
        """
        return any(
            _asks_nothing(part) and self._range(part) is None and self.result(part).fails
            for part in operations_in(rule)
        )

    def _branches(self, args: list[Any]) -> Possible:
        found: list[Possible] = []
        for index in range(0, len(args) - 1, 2):
            test = self.result(args[index])
            found.append(Possible(frozenset(), test.fails))
            truths = test.truths()
            if True in truths:
                found.append(self.result(args[index + 1]))
            if False not in truths:
                return union(found)
        found.append(self.result(args[-1]) if len(args) % 2 else of([None]))
        return union(found)

    def _junction(self, args: list[Any], *, stops_at: bool) -> Possible:
        found: list[Possible] = []
        for index, argument in enumerate(args):
            result = self.result(argument)
            truths = result.truths()
            if index == len(args) - 1 or truths == {stops_at}:
                return union([*found, result])
            if stops_at in truths and result.values is not None:
                stopping = [value for value in result.values if is_true(json.loads(value)) is stops_at]
                found.append(Possible(frozenset(stopping), result.fails))
            elif stops_at in truths:
                found.append(result)
            else:
                found.append(Possible(frozenset(), result.fails))
        return union([*found, of([None])])

    def _variable(self, args: list[Any]) -> Possible:
        if args == ["$flagd.flagKey"]:
            return of([self.flag_key])
        if not 0 < len(args) <= 2 or not isinstance(args[0], (str, int)):
            return RISKY  # with more than a default, the Python core fails
        return Possible(None, any(self.result(default).fails for default in args[1:]))

    def _joined(self, args: list[Any]) -> Possible:
        results = [self.result(argument) for argument in args]
        known = [result.only() for result in results]
        if known == [(None,)]:
            return RISKY  # a null alone, JavaScript's core refuses
        if all(value is not None and isinstance(value[0], str) for value in known):
            return of(["".join(value[0] for value in known if value is not None)])
        is_filled = any(
            result.filled or (value is not None and isinstance(value[0], _SCALARS) and value[0] != "")
            for result, value in zip(results, known, strict=True)
        )
        return Possible(None, any(result.fails for result in results), filled=is_filled)

    def _applied(self, name: str, args: list[Any]) -> Possible:
        results = [self._compared(argument) if name in _ORDERED else self.result(argument) for argument in args]
        fails = any(result.fails for result in results)
        known = [result.only() for result in results]
        values = [value[0] for value in known if value is not None]
        if len(values) == len(results) and name in OPERATORS[self.bucketing] and _is_agreed(name, values):
            return of([OPERATORS[self.bucketing][name]({}, values)], fails=fails)
        if name == "in":
            # JavaScript's core raises where it looks into a number or a boolean
            haystack = known[1] if len(known) > 1 else None
            fails = fails or haystack is None or not isinstance(haystack[0], (str, list))
            return of([False] if known[1:] == [([],)] else [True, False], fails=fails)
        if name in {"!", "!!"} and results:
            return of([truth is (name == "!!") for truth in results[0].truths()], fails=fails)
        if name in _TRUTHS:
            return of(_TRUTHS[name], fails=fails)
        if name in _MAYBE_NULL:
            return of([True, False, None], fails=fails)
        if name in _ORDERED or name in {"==", "!="}:
            return of([True, False], fails=True)
        return RISKY

    def _compared(self, rule: Any) -> Possible:
        # no boundary lies inside the stretch, so its first second compares like all the others
        return of([self.begins]) if rule in ({"var": TIMESTAMP}, {"var": [TIMESTAMP]}) else self.result(rule)

    def _fractional(self, args: list[Any]) -> Possible:
        entries = args
        fails = False
        key_may_be_missing = True
        if args and not isinstance(args[0], list):
            key = self.result(args[0])
            value = key.only()
            if not key.filled and value is None:
                # it may come to a list, and then it is a share
                return Possible(None, key.fails or any(map(self._may_fail, args[1:])))
            is_text = key.filled or (value is not None and isinstance(value[0], str) and value[0] != "")
            # what the generations make of null, numbers and the empty text is not the same
            entries, fails, key_may_be_missing = args[1:], key.fails, not is_text
        if any(isinstance(entry, dict) for entry in entries):
            return RISKY  # it may come to a share
        fails = fails or any(map(self._may_fail, entries))
        shares = [self._weight(entry) for entry in entries]
        ranges = [share for share in shares if share is not None]
        if not entries or len(ranges) != len(shares):
            return union([of([None], fails=fails), *(self._variant(entry) for entry in entries)])
        reached = [self._variant(entry) for entry, (_, high) in zip(entries, ranges, strict=True) if high > 0]
        never_empty = sum(max(low, 0) for low, _ in ranges) > 0
        never_too_much = sum(max(high, 0) for _, high in ranges) <= MAX_TOTAL_WEIGHT
        if key_may_be_missing or not never_empty or not never_too_much:
            reached.append(of([None]))
        return union([*reached, Possible(frozenset(), fails)])

    def _may_fail(self, entry: Any) -> bool:
        """Whether a share may fail, which is evaluated whichever of them is taken; sums of whole numbers do not."""
        parts = entry if isinstance(entry, list) else [entry]
        return any(self._range(part) is None and self.result(part).fails for part in parts)

    def _variant(self, entry: Any) -> Possible:
        return self.result(entry[0]) if isinstance(entry, list) and entry else of([None])

    def _weight(self, entry: Any) -> tuple[int, int] | None:
        """Return the least and greatest weight of a share during the stretch, or None when it is no share."""
        if not isinstance(entry, list) or not 1 <= len(entry) <= 2:
            return None
        return self._range(entry[1]) if len(entry) == 2 else (1, 1)

    def _range(self, rule: Any) -> tuple[int, int] | None:
        """Return the least and greatest value of integer arithmetic on the time."""
        if isinstance(rule, int) and not isinstance(rule, bool):
            return rule, rule
        if rule in ({"var": TIMESTAMP}, {"var": [TIMESTAMP]}):
            return self.begins, self.ends
        if not isinstance(rule, dict) or len(rule) != 1:
            return None
        ((name, written),) = rule.items()
        parts = [self._range(part) for part in (written if isinstance(written, list) else [written])]
        ranges = [part for part in parts if part is not None]
        if len(ranges) != len(parts) or not ranges:
            return None
        match name, ranges:
            case "-", [(low, high)]:
                return -high, -low
            case "-", [(low, high), (least, most)]:
                return low - most, high - least
            case "+", _:
                return sum(low for low, _ in ranges), sum(high for _, high in ranges)
            case "*", [first, second]:
                corners = [one * other for one, other in product(first, second)]
                return min(corners), max(corners)
        return None


def _asks_nothing(rule: Any) -> bool:
    """Whether a rule is the same for every context."""
    if isinstance(rule, list):
        return all(map(_asks_nothing, rule))
    if not isinstance(rule, dict) or len(rule) != 1:
        return True
    ((name, written),) = rule.items()
    if name in ITERATIONS and isinstance(written, list):  # the rest asks about the items
        return _asks_nothing(written[:1])
    return name not in _ASKING and _asks_nothing(written)


def _is_agreed(name: str, values: list[Any]) -> bool:
    """Return whether the engines agree on an operator for these values: scalars of one type."""
    if name in {"!", "!!"}:
        return all(isinstance(value, _SCALARS) for value in values)
    if name in _ORDERED:
        return 2 <= len(values) <= 3 and all(type(value) is int for value in values)
    if name in {"===", "!==", "==", "!="}:
        return len(values) == 2 and type(values[0]) is type(values[1]) and isinstance(values[0], (str, bool, int))
    if name == "in":
        if len(values) != 2 or not isinstance(values[0], str):
            return False
        haystack = values[1]
        texts = isinstance(haystack, list) and all(isinstance(item, str) for item in haystack)
        return texts or isinstance(haystack, str)
    if name == "sem_ver":  # JavaScript's core reads more as a version
        versions = [parse_version(value) for value in values[0::2] if isinstance(value, str)]
        return len(values) == 3 and len(versions) == 2 and None not in versions and values[1] in COMPARISONS
    return name in _MAYBE_NULL and all(isinstance(value, str) for value in values)
