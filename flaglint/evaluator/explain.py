"""Why a flag serves what it serves for one context: each step of the evaluation, taken slowly, in words."""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Final

from flaglint.definition import AllOf, AnyOf, Compare, Not, Ramp, Serve, Split
from flaglint.evaluator.bucketing import bucket, hash_for, ramp_shares
from flaglint.evaluator.conditions import MAX_DEPTH, compile_test
from flaglint.evaluator.plan import condition_plan, environment_entry
from flaglint.evaluator.steps import Step, moment_text, value_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.definition import Condition, Flag, Registry, Rule
    from flaglint.evaluator.compiled import Context
    from flaglint.evaluator.evaluation import Evaluation
    from flaglint.evaluator.evaluator import Evaluator

_WORDS: Final = {
    "equals": "is", "not": "is not", "in": "is one of", "not_in": "is none of", "starts_with": "starts with",
    "ends_with": "ends with", "contains": "contains", "gt": ">", "gte": ">=", "lt": "<", "lte": "<=", "semver": "",
}  # fmt: skip
_TWO_TO_32: Final = 2**32


@dataclass(frozen=True, slots=True)
class Explanation:
    """All steps of an evaluation, in order, and what it came to."""

    steps: tuple[Step, ...]
    result: Evaluation


def explain(registry: Registry, evaluator: Evaluator, key: str, context: Context, now: float) -> Explanation:
    """Return each step by which the flag serves what it serves; the evaluator must be one of this registry."""
    result = evaluator.evaluate(key, context)
    flag = next(
        (item for item in registry.flags if item.key == key and item.environment in {"", evaluator.environment}), None
    )
    if flag is None:
        return Explanation((Step("flag", f"there is no flag `{key}`", holds=False),), result)
    if flag.format != "native":
        from flaglint.evaluator.flagd.explain import explain_definition

        definition = flag.payload if isinstance(flag.payload, dict) else {}
        return Explanation(tuple(explain_definition(key, definition, registry.bucketing, context, now)), result)
    return Explanation(tuple(_Explainer(registry, evaluator, context, now).steps(flag)), result)


class _Explainer:
    def __init__(self, registry: Registry, evaluator: Evaluator, context: Context, now: float) -> None:
        self._registry = registry
        self._evaluator = evaluator
        self._context = context
        self._now = now

    def steps(self, flag: Flag) -> Iterator[Step]:
        """Yield what is looked at, until something decides."""
        entry = environment_entry(flag, self._evaluator.environment)
        off = (entry.off_variant if entry is not None else None) or flag.off_variant
        kill = flag.kill or (entry.kill if entry is not None else None)
        if kill is not None:
            since = f" since {kill.since.isoformat()}" if kill.since is not None else ""
            yield Step("kill", f"it is killed{since}: serves {off}")
            return
        satisfied = True
        for need in flag.needs:
            served = self._evaluator.evaluate(need.key, self._context)
            met = served.variant in need.variants and served.reason != "DISABLED"
            found = f"it serves {served.variant}" if served.variant is not None else "there is no such flag"
            found = "it is killed" if served.reason == "DISABLED" else found
            yield Step("needs", f"{need.key}: {' or '.join(need.variants)}", met, found)
            satisfied = met
            if not met:
                break
        # what the evaluator says also knows of cycles
        if self._evaluator.evaluate(flag.key, self._context).reason == "PREREQUISITE_FAILED":
            if satisfied:
                yield Step("needs", "its prerequisites lead back to itself", holds=False)
            yield Step("off", f"serves {off}")
            return
        rules = entry.rules if entry is not None and entry.rules is not None else flag.rules
        for number, rule in enumerate(rules, start=1):
            conditions = list(self._conditions(rule))
            holds = all(step.holds for step in conditions)
            first, *rest = conditions or [Step("", "everyone", holds=True)]
            yield Step(f"rule {number}", first.text, first.holds, first.found)
            yield from rest
            if holds:
                yield from self._outcome(flag, rule, off)
                return
        yield Step("off", f"no rule matches: serves {off}")

    def _conditions(self, rule: Rule) -> Iterator[Step]:
        if rule.start is not None:
            yield Step(
                "", f"from {moment_text(rule.start)}", self._now >= rule.start, f"now is {moment_text(self._now)}"
            )
        if rule.until is not None:
            yield Step(
                "", f"until {moment_text(rule.until)}", self._now < rule.until, f"now is {moment_text(self._now)}"
            )
        if rule.segments:
            inside = [name for name in rule.segments if self._in_segment(name)]
            found = f"in {', '.join(inside)}" if inside else self._segment_values(rule.segments)
            yield Step("", f"segment {' or '.join(rule.segments)}", bool(inside), found)
        if isinstance(rule.when, AllOf):
            for condition in rule.when.conditions:
                yield self._step(condition)
        elif rule.when is not None:
            yield self._step(rule.when)

    def _step(self, condition: Condition) -> Step:
        found = ", ".join(dict.fromkeys(self._value(name) for name in _attributes(condition)))
        return Step("", _described(condition), self._holds(condition), found)

    def _value(self, name: str) -> str:
        value = self._context.get(name)
        return f"`{name}` is missing" if value is None else f"`{name}` is {value_text(value)}"

    def _segment_values(self, names: tuple[str, ...]) -> str:
        conditions = [item.when for item in self._registry.segments if item.name in names and item.when is not None]
        attributes = dict.fromkeys(name for condition in conditions for name in _attributes(condition))
        return ", ".join(self._value(name) for name in attributes)

    def _in_segment(self, name: str, depth: int = 0) -> bool:
        segment = next((item for item in self._registry.segments if item.name == name), None)
        if segment is None or depth > MAX_DEPTH:
            return False
        if segment.segments and not any(self._in_segment(inner, depth + 1) for inner in segment.segments):
            return False
        return segment.when is None or self._holds(segment.when)

    def _holds(self, condition: Condition) -> bool:
        match condition:
            case AllOf(conditions):
                return all(self._holds(item) for item in conditions)
            case AnyOf(conditions):
                return any(self._holds(item) for item in conditions)
            case Not(inner):
                return not self._holds(inner)
        planned = condition_plan(condition)
        assert planned is not None
        test = planned[1] if planned[0] == "not" else planned
        return compile_test(*test[1:])(self._context) is (planned[0] != "not")

    def _outcome(self, flag: Flag, rule: Rule, off: str) -> Iterator[Step]:
        match rule.outcome:
            case Serve(variant):
                yield Step("", f"serves {variant}")
            case Split(weights):
                positive = [(name, weight) for name, weight in weights if weight > 0]
                total = sum(weight for _, weight in positive)
                shares = ", ".join(f"{name} {weight}" for name, weight in weights)
                if len(positive) < 2:
                    yield Step("", f"split {shares}: serves {positive[0][0] if positive else off}")
                elif (key := self._key(flag)) is None:
                    yield Step("", f"split {shares}: serves {off}", None, self._no_key(flag))
                else:
                    hashed = self._hashed(flag, key)
                    yield Step(
                        "", f"split {shares}", None, f"bucket {bucket(hashed, total)} of {total} for {value_text(key)}"
                    )
            case Ramp():
                yield from self._ramp(flag, off, rule.outcome)

    def _ramp(self, flag: Flag, off: str, ramp: Ramp) -> Iterator[Step]:
        first, last, scale = ramp_shares(ramp.percent)
        duration = max(ramp.until - ramp.start, 1)
        elapsed = min(max(floor(self._now) - ramp.start, 0), duration)
        share = 100 * (first * (duration - elapsed) + last * elapsed) / (scale * duration)
        text = f"ramp to {ramp.to}, {moment_text(ramp.start)} to {moment_text(ramp.until)}: {share:.4g} % now"
        if elapsed == duration and last == scale:
            yield Step("", f"{text}, over")
        elif (key := self._key(flag)) is None:
            yield Step("", f"{text}: serves {off}", None, self._no_key(flag))
        else:
            yield Step(
                "", text, None, f"bucket at {100 * self._hashed(flag, key) / _TWO_TO_32:.4g} % for {value_text(key)}"
            )

    def _key(self, flag: Flag) -> str | None:
        value = self._context.get(flag.bucket_by)
        return value if isinstance(value, str) and value else None

    def _no_key(self, flag: Flag) -> str:
        value = self._context.get(flag.bucket_by)
        return (
            f"`{flag.bucket_by}` is missing"
            if value is None
            else f"`{flag.bucket_by}` is {value_text(value)}, no text to hash"
        )

    def _hashed(self, flag: Flag, key: str) -> int:
        return hash_for(self._registry.bucketing)((flag.salt or flag.key) + key)


def _attributes(condition: Condition) -> list[str]:
    match condition:
        case AllOf(conditions) | AnyOf(conditions):
            return [name for item in conditions for name in _attributes(item)]
        case Not(inner):
            return _attributes(inner)
        case Compare(attribute):
            return [attribute]


def _described(condition: Condition) -> str:
    match condition:
        case AllOf(conditions):
            return "all of (" + "; ".join(map(_described, conditions)) + ")"
        case AnyOf(conditions):
            return "any of (" + "; ".join(map(_described, conditions)) + ")"
        case Not(inner):
            return f"not ({_described(inner)})"
        case Compare(attribute, "exists", operand):
            return f"{attribute} is given" if operand else f"{attribute} is not given"
        case Compare(attribute, operator, operand):
            operands = operand if isinstance(operand, tuple) else (operand,)
            values = ", ".join(item if isinstance(item, str) else value_text(item) for item in operands)
            return " ".join(word for word in (attribute, _WORDS.get(operator, operator), values) if word)
