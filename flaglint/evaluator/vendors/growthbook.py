"""Verdicts on GrowthBook's features: the first rule that is not skipped decides, and most can be skipped.

After https://docs.growthbook.io/lib/build-your-own: a rule is skipped when its parents, its condition or its namespace
say so, when it covers a part of the users, or anyone without the attribute that is hashed, when it is an experiment
without a value for the user, and when it has neither `force` nor `variations`. No value at all (`null`) means that the
fallback in the code is served. Any variation of an experiment can be forced by the address that is visited.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.vendors.mongo import holds
from flaglint.evaluator.vendors.outcomes import CODE_DEFAULT, ERROR, Outcomes, Served
from flaglint.model import Unknown
from flaglint.registry.timestamps import day_of
from flaglint.registry.value_names import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict

_DEEPEST: Final = 50  # parents of parents that are followed
_MOST: Final = 300  # features that are looked at for one verdict
_PASS, _SKIP, _GATE = "pass", "skip", "gate"
_CYCLE: Final = Served(None, "a circle of prerequisites")


def prove(flag: Flag, question: Question) -> Verdict:
    """Return what is proven of a feature."""
    if not isinstance(flag.payload, dict):
        return Unknown("its definition cannot be read")
    search = _Search(question)
    found = search.outcomes(flag)
    plain = Outcomes()
    for outcome, reasons in found.reasons.items():
        for reason in reasons:
            plain.add(CODE_DEFAULT if outcome == _CYCLE else outcome, reason)
    plain.ask(*found.asked)
    updated = None if search.follows_others else day_of(flag.payload.get("updated"))
    return plain.verdict(updated)


class _Search:
    """Looks for everything that features can come to."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._known: dict[str, Outcomes] = {}
        self._path: list[str] = []
        self._left = _MOST
        self._circles = 0
        self.follows_others = False  # parents or a schedule decide, so that nobody knows since when

    def outcomes(self, flag: Flag) -> Outcomes:
        """Return what a feature can come to; what a circle took part in counts for this path alone."""
        if flag.key in self._known:
            return self._known[flag.key]
        circles = self._circles
        self._path.append(flag.key)
        self._left -= 1
        found = Outcomes()
        payload: Any = flag.payload if isinstance(flag.payload, dict) else {}
        environments = payload.get("environments") or {}
        if flag.problems or flag.format != "growthbook":
            found.add(ERROR, f"`{flag.key}` cannot be read")
        elif flag.archived:
            found.add(CODE_DEFAULT, "it is archived")
        elif (definition := environments.get(self._question.environment) or environments.get("")) is None:
            found.add(CODE_DEFAULT, "it is switched off in this environment, so SDKs do not get it")
        else:
            self._rules(definition, payload.get("variants") or [], found)
        self._path.pop()
        if self._circles == circles:
            self._known[flag.key] = found
        return found

    def _rules(self, definition: Mapping[str, Any], variants: list[Any], found: Outcomes) -> None:
        named = [(name, value) for name, value in variants]
        rules = definition.get("rules") or []
        number = 0
        for rule in rules:
            number += not rule.get("is_added")
            parents = self._parents(rule, found)
            if _GATE in parents:
                found.add(CODE_DEFAULT, "a prerequisite is not met")
            if _CYCLE in parents:
                found.add(_CYCLE, "its prerequisites need each other")
            if parents.isdisjoint({_PASS, _SKIP}):
                return
            values = list(self._values(rule, number, found)) if _PASS in parents else []
            is_skipped = None in values or _SKIP in parents or not values
            for value in values:
                if value is not None:
                    _add(found, value[0], named, value[1])
            if not is_skipped:
                return
        reason = "no rule always decides: its default value" if rules else "it has no rules: its default value"
        _add(found, definition.get("defaultValue"), named, reason)

    def _values(self, rule: Mapping[str, Any], number: int, found: Outcomes) -> Iterator[tuple[Any, str] | None]:
        """Yield the values of a rule, each in a tuple with the reason, and None where the rule can be skipped."""
        condition = rule.get("condition")
        matches = holds(condition) if condition else True
        starts = _is_scheduled(rule.get("schedule"), self._question.now)
        if matches is False or starts is False:
            yield None
            return
        if matches is None:
            found.ask(f"the condition of rule {number}")
        if starts is None:
            self.follows_others = True
            found.ask(f"the schedule of rule {number}")
        if opaque := bool(rule.get("opaque") or rule.get("filters") or rule.get("namespace")):
            found.ask(f"who is in the groups or the namespace of rule {number}")
        if matches is None or starts is None or opaque:
            yield None
        if rule.get("force") is not None:
            yield from _forced(rule, number, found)
            return
        variations = rule.get("contextualVariations")
        variations = rule.get("variations") if variations is None else variations
        yield None  # users without the attribute, outside of its traffic, or in none of its variations
        if not variations or len(variations) < 2:
            return
        found.ask(f"the experiment of rule {number}")
        meta = rule.get("meta") or []
        for index, value in enumerate(variations):
            if index >= len(meta) or not (meta[index] or {}).get("passthrough"):
                yield value, f"variation {index} of the experiment of rule {number}"

    def _parents(self, rule: Mapping[str, Any], found: Outcomes) -> set[Any]:
        """Return how the prerequisites of a rule can turn out: all pass, the rule is skipped, or the feature is off."""
        results: set[Any] = set()
        for parent in rule.get("parentConditions") or []:
            passes = False
            self.follows_others = True
            for value in self._parent_values(parent["id"]):
                if value is _CYCLE:
                    results.add(_CYCLE)
                    continue
                condition = parent.get("condition")
                verdict = True if condition is None else None if value is ERROR else holds(condition, {"value": value})
                if verdict is not True:
                    results.add(_GATE if parent.get("gate") else _SKIP)
                passes = passes or verdict is not False
            if results:
                found.ask(f"the prerequisite `{parent['id']}`")
            if not passes:
                return results
        return results | {_PASS}

    def _parent_values(self, key: str) -> Iterator[Any]:
        """Yield the values that a parent can have; ERROR for any value at all."""
        flag = self._question.flags.get(key)
        if key in self._path:
            self._circles += 1
            yield _CYCLE
        elif flag is None:
            yield None
            if self._may_be_elsewhere(key):
                yield from (ERROR, _CYCLE)
        elif len(self._path) >= _DEEPEST or self._left <= 0:
            yield from (ERROR, _CYCLE, None)
        else:
            for outcome in self.outcomes(flag).reasons:
                if outcome == ERROR:
                    yield from (ERROR, _CYCLE, None)
                elif outcome == _CYCLE:
                    yield _CYCLE
                else:
                    yield None if outcome == CODE_DEFAULT else json.loads(outcome.value)

    def _may_be_elsewhere(self, key: str) -> bool:
        """Whether a feature that is not seen here can exist: defined twice, or on a page that was not exported."""
        known = self._question.registry
        return bool(known.environments != ("default",)) or any(flag.key == key for flag in known.flags)


def _forced(rule: Mapping[str, Any], number: int, found: Outcomes) -> Iterator[tuple[Any, str] | None]:
    coverage, part = rule.get("coverage"), rule.get("range")
    if part is None and coverage == 0:
        yield None
        return
    if part is not None or coverage is not None:
        attribute = rule.get("hashAttribute") or "id"
        is_all = part is None and coverage is not None and coverage >= 1
        found.ask(f"whether `{attribute}` is given, for rule {number}" if is_all else f"the share of rule {number}")
        yield None
    yield rule["force"], f"rule {number} forces it for everyone"


def _add(found: Outcomes, value: Any, variants: list[tuple[str, Any]], reason: str) -> None:
    if value is None:
        found.add(CODE_DEFAULT, f"{reason}, which is null")
        return
    # SDKs do not agree whether an empty list or object is on
    switch = bool(value) if isinstance(value, (bool, int, float, str)) else None
    found.add(Served.of(name_of(value, variants), value, switch=switch), reason)


def _is_scheduled(schedule: Any, now: float) -> bool | None:
    """Return whether a rule is active from `now` (UTC seconds) on; None when it is switched at a time to come."""
    if not schedule:
        return True
    last, is_active = 0.0, True
    for step in schedule:
        if (written := step.get("timestamp")) is None:
            continue
        try:
            moment = datetime.fromisoformat(written)
        except ValueError:
            return None
        moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
        if moment.timestamp() > now:
            return None
        if moment.timestamp() >= last:
            last, is_active = moment.timestamp(), step.get("enabled") is True
    return is_active
