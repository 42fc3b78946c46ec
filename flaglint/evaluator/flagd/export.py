"""One environment of a native registry, compiled to flagd's format, so that every OpenFeature language can serve it.

Only what all engines of a bucketing generation answer alike is written; what cannot be said exactly is refused, with
the reason. A killed flag becomes a constant, not `DISABLED`: that would serve the caller's default.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.conditions import MAX_DEPTH
from flaglint.evaluator.flagd.expressions import (
    InexpressibleError,
    Rule,
    all_of,
    any_of,
    comparison,
    negation,
    ramp,
    split,
    window,
    with_key,
)
from flaglint.evaluator.plan import EVALUATED_FORMATS, metadata, plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.definition import Flag, Registry
    from flaglint.evaluator.plan import Plan
    from flaglint.model import Span

SCHEMA: Final = "https://flagd.dev/schema/v0/flags.json"
_LARGEST: Final = 20_000  # operators and values in the targeting of one flag, its prerequisites written out
_EVALUATOR_NAME: Final = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A flag that flagd's format cannot say exactly."""

    key: str
    reason: str
    span: Span


@dataclass(frozen=True, slots=True)
class Export:
    """A flagd document, and the flags that are not in it."""

    document: dict[str, Any]
    refusals: tuple[Refusal, ...]


def export_flagd(registry: Registry, environment: str | None = None) -> Export:
    """Return one environment as a flagd document; raises RegistryError when the registry has errors."""
    from flaglint.circles import on_circles

    known = {*EVALUATED_FORMATS, "python"}
    foreign = [flag for flag in registry.flags if flag.format not in known]
    registry = replace(registry, flags=tuple(flag for flag in registry.flags if flag.format in known))
    made = plan(registry, environment)
    needs = {key: [need[0] for need in flag.get("needs", ())] for key, flag in made.flags.items()}
    compiler = _Compiler(made, on_circles(needs))
    flags: dict[str, Any] = {}
    refusals = [
        Refusal(flag.key, f"flaglint reads the format {flag.format}, but does not evaluate it", flag.key_span)
        for flag in foreign
        if flag.environment in {"", made.environment}
    ]
    for flag in registry.flags:
        if flag.key not in made.flags or flag.environment not in {"", made.environment}:
            continue
        try:
            flags[flag.key] = compiler.definition(flag)
        except InexpressibleError as reason:
            refusals.append(Refusal(flag.key, str(reason), flag.key_span))
    document: dict[str, Any] = {"$schema": SCHEMA, "flags": flags}
    if used := compiler.used_segments(flags):
        document["$evaluators"] = used
    document["metadata"] = {"flagSetId": made.environment, "bucketing": made.bucketing}
    return Export(document, tuple(refusals))


class _Compiler:
    def __init__(self, made: Plan, cyclic: frozenset[str]) -> None:
        self._plan = made
        self._cyclic = cyclic
        self._segments: dict[str, Rule] = {}
        self._parents: dict[str, Rule | InexpressibleError] = {}

    def definition(self, flag: Flag) -> dict[str, Any]:
        """Return one flag as flagd defines it; raises InexpressibleError."""
        if flag.key == "__proto__":
            raise InexpressibleError("JavaScript's engine cannot hold a flag of this name")
        planned = self._plan.flags[flag.key]
        if planned["kind"] == "flagd":
            definition: dict[str, Any] = dict(planned["definition"])
            return definition
        rule = self.served(flag.key, None, 0)
        if _size(rule) > _LARGEST:
            raise InexpressibleError(
                "its targeting, with its prerequisites written out as flagd needs them, is too large to be served"
            )
        definition = {"state": "ENABLED", "variants": planned["variants"]}
        if rule is None or isinstance(rule, str):
            definition["defaultVariant"] = rule or planned["off"]
        else:
            definition |= {"defaultVariant": planned["off"], "targeting": rule}
        if described := _described(flag):
            definition["metadata"] = described
        return definition

    def served(self, key: str, nothing: Rule, depth: int) -> Rule:
        """Return the rule that comes to the variant of the flag, or to `nothing` where its off variant is served."""
        if depth > MAX_DEPTH:
            raise InexpressibleError(f"its prerequisites are nested more than {MAX_DEPTH} deep")
        flag = self._plan.flags[key]
        if flag["kind"] == "flagd":
            raise InexpressibleError(f"it needs `{key}`, which is written in flagd's format")
        if flag["killed"] or key in self._cyclic:
            return nothing
        conditions = [self._need(parent, wanted, depth) for parent, wanted in flag["needs"]]
        rules = self._rules(flag, nothing)
        needs = all_of(conditions)
        if needs is False:
            return nothing
        if needs is True or rules == nothing:
            return rules
        return {"if": [needs, rules, nothing]}

    def _need(self, key: str, wanted: list[str], depth: int) -> Rule:
        parent = self._plan.flags.get(key)
        if parent is None or parent.get("killed"):
            return False
        if key not in self._parents:
            self._parents[key] = self._parent(key, parent.get("off") or "", depth)
        rule = self._parents[key]
        if isinstance(rule, InexpressibleError):
            raise rule
        return rule in wanted if isinstance(rule, str) else {"in": [rule, wanted]}

    def _parent(self, key: str, off: str, depth: int) -> Rule | InexpressibleError:
        try:
            rule = self.served(key, off, depth + 1)
        except InexpressibleError as reason:
            return reason
        if _size(rule) > _LARGEST:
            return InexpressibleError(f"its prerequisite `{key}`, written out as flagd needs it, is too large")
        return rule

    def _rules(self, flag: Mapping[str, Any], nothing: Rule) -> Rule:
        branches: list[Rule] = []
        for rule in flag["rules"]:
            condition = all_of([*window(rule["from"], rule["until"]), self.condition(rule["if"], 0)])
            if condition is False:
                continue
            outcome = self._outcome(flag, rule["then"], nothing)
            if condition is True:
                return {"if": [*branches, outcome]} if branches else outcome
            branches += [condition, outcome]
        return {"if": [*branches, nothing]} if branches else nothing

    def _outcome(self, flag: Mapping[str, Any], then: list[Any], nothing: Rule) -> Rule:
        salt, attribute = flag["salt"], flag["by"]
        match then:
            case ["serve", variant]:
                return variant
            case ["split", []]:
                return nothing
            case ["split", weights]:
                shares = [(name, weight) for name, weight in weights]
                return with_key(attribute, split(salt, attribute, shares), nothing)
            case ["ramp", to, *shape]:
                first, last, scale, start, until = shape
                return ramp(salt, attribute, to, flag["off"], (first, last, scale, start, until), nothing)
        raise InexpressibleError(f"there is no outcome `{then[0]}`")

    def condition(self, condition: list[Any] | None, depth: int) -> Rule:
        """Return a condition of the plan; one that holds for everyone or for nobody as true or false."""
        match condition:
            case None:
                return True
            case ["all", items]:
                return all_of([self.condition(item, depth) for item in items])
            case ["any", items]:
                return any_of([self.condition(item, depth) for item in items])
            case ["not", item]:
                return negation(self.condition(item, depth))
            case ["segment", name]:
                return self._segment(name, depth)
            case ["test", attribute, operation, operand]:
                return comparison(attribute, operation, operand)
        raise InexpressibleError("one of its conditions cannot be read")

    def _segment(self, name: str, depth: int) -> Rule:
        if depth > MAX_DEPTH or name not in self._plan.segments:
            raise InexpressibleError(f"segment `{name}` cannot be resolved")
        # written out when it stands in another one: an engine replaces references once, in no certain order
        rule = self.condition(self._plan.segments[name], depth + 1)
        if depth or isinstance(rule, bool) or not _may_be_shared(name, rule):
            return rule
        self._segments[name] = rule
        return {"$ref": name}

    def used_segments(self, flags: Mapping[str, Any]) -> dict[str, Rule]:
        """Return the segments that the flags refer to."""
        text = json.dumps(flags)
        return {name: rule for name, rule in self._segments.items() if json.dumps({"$ref": name}) in text}


def _may_be_shared(name: str, rule: Rule) -> bool:
    """Return whether a segment survives the engines' replacing of text by text: no escapes, no dollars."""
    text = json.dumps(rule)
    return _EVALUATOR_NAME.fullmatch(name) is not None and "\\" not in text and "$" not in text


def _described(flag: Flag) -> dict[str, Any]:
    """Return what the registry says of a flag beside its rules, as the scalars that flagd allows."""
    found: dict[str, Any] = {"description": flag.description} if flag.description else {}
    found |= metadata(flag)
    if flag.created is not None:
        found["created"] = flag.created.isoformat()
    if flag.permanent:
        found["permanent"] = flag.permanent
    if flag.tags:
        found["tags"] = ",".join(flag.tags)
    return found | {f"link.{name}": target for name, target in flag.links}


def _size(rule: Rule) -> int:
    """Return how many operators and values a rule has, counted up to a little beyond the limit."""
    count = 0
    waiting = [rule]
    while waiting and count <= _LARGEST:
        part = waiting.pop()
        count += 1
        if isinstance(part, dict):
            waiting.extend(part.values())
        elif isinstance(part, list):
            waiting.extend(part)
    return count
