"""Verdicts on Statsig's gates, configs and layers: the first rule whose conditions are all met decides.

After https://docs.statsig.com/server/concepts/evaluation and the SDKs: whoever is outside of that rule's percentage
gets the default, no later rule. A gate is on for those inside; older and newer SDKs differ in whether the rule's value
counts there, so that both do here. A gate that is missing is off.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.vendors.outcomes import ERROR, Outcomes, Served
from flaglint.model import Unknown
from flaglint.registry.statsig import GATE, SEGMENT
from flaglint.registry.timestamps import day_of
from flaglint.registry.value_names import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict

_DEEPEST: Final = 50  # gates that ask about gates that are followed
_MOST: Final = 300  # gates that are looked at for one verdict
_CONTEXT: Final = frozenset(
    {
        "ip_based", "ua_based", "user_field", "current_time", "environment_field", "user_bucket", "unit_id",
        "target_app", "country", "device_model", "email", "custom_field", "app_version", "browser_name",
        "browser_version", "os_name", "os_version", "user_id", "time", "environment_tier", "custom_id",
        "ip_address", "user",
    }
)  # fmt: skip

_ASKING: Final = frozenset({"public", "everyone", "pass_gate", "fail_gate"})
_OPERATORS: Final = frozenset(
    {
        "gt", "gte", "lt", "lte", "version_gt", "version_gte", "version_lt", "version_lte", "version_eq",
        "version_neq", "any", "none", "any_case_sensitive", "none_case_sensitive", "str_starts_with_any",
        "str_ends_with_any", "str_contains_any", "str_contains_none", "str_matches", "eq", "neq", "before", "after",
        "on", "in_segment_list", "not_in_segment_list", "array_contains_any", "array_contains_none",
        "array_contains_all", "not_array_contains_all",
    }
)  # fmt: skip
_SAFE: Final = frozenset(
    {
        "any", "none", "any_case_sensitive", "none_case_sensitive", "str_starts_with_any", "str_ends_with_any",
        "str_contains_any", "str_contains_none",
    }
)  # fmt: skip


def prove(flag: Flag, question: Question) -> Verdict:
    """Return what is proven of a gate, a config or a layer."""
    payload: Any = flag.payload
    if not isinstance(payload, dict) or not payload.get("spec"):
        return Unknown("its rules cannot be read")
    search = _Search(question, payload["segments"], is_whole=payload["is_whole"])
    found = Outcomes()
    named = [(name, value) for name, value in payload["variants"]]
    for value, reason in search.values(flag.key, payload["spec"], payload["kind"], found):
        found.add(Served.of(name_of(value, named), value), reason)
    if payload["overridden"]:
        found.ask("an override of the whole")
        found.add(ERROR, "an override of the whole decides")
    if search.gives_up:
        found.add(ERROR, "part of its rules cannot be read")
    return found.verdict(None if flag.needs or payload["segments"] else day_of(payload.get("updated")))


class _Search:
    """Looks for everything that a spec can come to, and at the gates that it asks about."""

    def __init__(self, question: Question, segments: Mapping[str, Any], *, is_whole: bool) -> None:
        self._question = question
        self._segments = dict(segments)
        self._is_whole = is_whole  # a gate that the file does not hold does not exist
        self._path: list[str] = []
        self._left = _MOST
        self.gives_up = False  # something cannot be read, and may decide
        self._failing = 0  # conditions on which an SDK may give up the evaluation

    def values(self, key: str, spec: Mapping[str, Any], kind: str, found: Outcomes) -> Iterator[tuple[Any, str]]:
        """Yield each value that a spec can come to, with the reason."""
        self._path.append(key)
        default = _default_value(spec, kind, found)
        if not all(_is_known(condition) for rule in spec["rules"] for condition in rule["conditions"]):
            found.ask("whether an SDK knows its conditions")
            yield (False if kind == GATE else {}), "SDKs leave it out that do not know its conditions"
            if kind == GATE and any(map(_stops_late, spec["rules"])):
                yield True, "SDKs stop at a condition that they do not know, with what the one before it came to"
        if not spec["enabled"]:
            yield from _default(default, kind, "it is not enabled")
            if spec["is_listed"] or not spec["rules"]:
                self._path.pop()
                return
            found.ask("whether an SDK looks at `enabled`")  # newer ones do not: such specs come without rules
        rules = [rule for rule in spec["rules"] if self._is_here(rule)]
        for number, rule in enumerate(rules, 1):
            failing = self._failing
            matches = self._matches(rule, number, found)
            if self._failing > failing:
                yield from self._given_up(rule, kind)
            if matches is False:
                continue
            if rule["delegate"]:
                self.gives_up = True
                found.ask(f"the experiment `{rule['delegate']}`")
            who = f"rule {number} is everyone" if matches else f"rule {number}"
            if kind == GATE and rule["value"] is not True:
                found.ask(f"whether an SDK looks at the value of rule {number}")
            if rule["pass"] > 0:
                yield from _passed(rule["value"], kind, who)
            if rule["pass"] < 100:
                yield from _default(default, kind, f"rule {number} passes nobody" if matches else f"rule {number}")
            if 0 < rule["pass"] < 100:
                found.ask(f"the {rule['pass']:g} % of rule {number}")
            if matches:
                self._path.pop()
                return
        yield from _default(default, kind, "no rule matches: its default" if rules else "it has no rules: its default")
        self._path.pop()

    def _given_up(self, rule: Mapping[str, Any], kind: str) -> Iterator[tuple[Any, str]]:
        """Yield what is served when an SDK gives up on a rule; what gates came to before may be left over."""
        reason = "an SDK that cannot compare a value gives up"
        yield (False if kind == GATE else {}), reason
        if any(_kind(condition) not in _CONTEXT for condition in rule["conditions"]):
            if kind == GATE:
                yield True, reason
            else:
                self.gives_up = True

    def _is_here(self, rule: Mapping[str, Any]) -> bool:
        names = rule["environments"]
        return not names or self._question.environment in names

    def _matches(self, rule: Mapping[str, Any], number: int, found: Outcomes) -> bool | None:
        """Return whether the conditions of a rule are all met, for everyone or nobody."""
        results = [self._is_met(condition, number, found) for condition in rule["conditions"]]
        if False in results:
            return False
        return None if None in results else True

    def _is_met(self, condition: Any, number: int, found: Outcomes) -> bool | None:
        kind = _kind(condition)
        target = condition.get("targetValue") if isinstance(condition, dict) else None
        if kind in {"public", "everyone"}:
            return True
        if kind in {"pass_gate", "fail_gate"} and isinstance(target, str):
            answer = self._gate(target)
            if answer is None:
                found.ask(_called(target))
            return None if answer is None else answer is (kind == "pass_gate")
        self._failing += _may_fail(condition)
        field = condition.get("field") if isinstance(condition, dict) else None
        found.ask(f"`{field}`" if isinstance(field, str) and field else f"a condition of rule {number}")
        return None

    def _gate(self, name: str) -> bool | None:
        """Return whether a gate is always on or always off."""
        self._left -= 1
        if name in self._path or len(self._path) > _DEEPEST or self._left <= 0:
            self.gives_up = True
            return None
        spec, kind = self._segments.get(name), GATE
        if name not in self._segments:
            flag = self._question.flags.get(name)
            if flag is None:
                is_missing = self._is_whole and not name.startswith(SEGMENT)
                is_missing &= all(other.key != name for other in self._question.registry.flags)
                return False if is_missing else None
            payload: Any = flag.payload
            usable = isinstance(payload, dict) and flag.format == "statsig" and not flag.problems
            spec, kind = (payload.get("spec"), payload.get("kind")) if usable else (None, GATE)
            if usable and (payload.get("overridden") or kind != GATE or flag.archived):
                return None
            self._segments |= payload["segments"] if usable else {}
        if not spec:
            self.gives_up = True
            return None
        failing = self._failing
        values = {value for value, _ in self.values(name, spec, kind, Outcomes())}
        return values.pop() if len(values) == 1 and self._failing == failing else None


def _kind(condition: Any) -> str:
    return str(condition.get("type")).lower() if isinstance(condition, dict) else ""


def _is_known(condition: Any) -> bool:
    """Return whether every SDK knows the type and the operator of a condition."""
    if not isinstance(condition, dict) or _kind(condition) not in _CONTEXT | _ASKING:
        return False
    operator = condition.get("operator")
    return operator is None or (isinstance(operator, str) and operator.lower() in _OPERATORS)


def _stops_late(rule: Mapping[str, Any]) -> bool:
    """Return whether an SDK comes to another condition of the rule before one that it does not know."""
    return not all(map(_is_known, rule["conditions"][1:]))


def _may_fail(condition: Any) -> bool:
    """Return whether a comparison can be with a value that some SDK cannot compare, and gives up on."""
    if not isinstance(condition, dict) or not isinstance(operator := condition.get("operator"), str):
        return True
    target = condition.get("targetValue")
    if _kind(condition) in {"user_bucket", "current_time"} and isinstance(target, (int, float)):
        return False
    texts = isinstance(target, list) and all(isinstance(item, str) for item in target)
    return not (operator in {"eq", "neq"} or (operator in _SAFE and texts))


def _default_value(spec: Mapping[str, Any], kind: str, found: Outcomes) -> Any:
    if kind == GATE and spec["default"] is True:
        found.ask("whether an SDK looks at the default value")  # a gate that is not on is off to the older ones
    return {} if kind != GATE and spec["default"] is None else spec["default"]


def _passed(value: Any, kind: str, reason: str) -> Iterator[tuple[Any, str]]:
    if kind != GATE:
        yield ({} if value is None else value), reason
        return
    for answer in {True, value is True}:
        yield answer, reason


def _default(default: Any, kind: str, reason: str) -> Iterator[tuple[Any, str]]:
    if kind != GATE:
        yield default, reason
        return
    for answer in {False, default is True}:
        yield answer, reason


def _called(name: str) -> str:
    return f"the segment `{name.removeprefix(SEGMENT)}`" if name.startswith(SEGMENT) else f"the gate `{name}`"
