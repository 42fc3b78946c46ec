"""A registry for one environment, reduced to what evaluation needs: plain lists and dictionaries, without places.

A plan can be written as JSON and read back, so a parsed registry can be cached; two plans compare equal exactly
when the flags behave the same. `compilation` turns plans into closures.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from flaglint.definition import AllOf, AnyOf, Compare, Not, Ramp, Serve, Split
from flaglint.errors import RegistryError
from flaglint.evaluator.bucketing import ramp_shares
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flaglint.definition import Condition, EnvironmentRules, Flag, Outcome, Registry, Rule, Segment

Metadata: TypeAlias = dict[str, bool | int | float | str]

EVALUATED_FORMATS: Final = frozenset({"native", "flagd"})


@dataclass(frozen=True, slots=True)
class Plan:
    """What one environment of a registry serves, as plain data."""

    environment: str
    bucketing: str
    flags: dict[str, dict[str, Any]] = field(default_factory=dict)
    segments: dict[str, Any] = field(default_factory=dict)
    checked: bool = False  # that it makes sense was seen when it was put into the cache

    def to_json(self) -> dict[str, Any]:
        """Return the plan as one JSON object."""
        return {
            "environment": self.environment,
            "bucketing": self.bucketing,
            "flags": self.flags,
            "segments": self.segments,
        }


def choose_environment(registry: Registry, environment: str | None) -> str:
    """Return the environment to evaluate; raises RegistryError when it is unknown, or none is named among several."""
    known = registry.environments
    if environment is None:
        if len(known) == 1:
            return known[0]
        raise RegistryError("the registry has several environments: name one", help=f"one of {', '.join(known)}")
    if environment not in known and not any(flag.environment == environment for flag in registry.flags):
        from flaglint.registry.unknown import unknown_environment

        unknown = unknown_environment(environment, known)
        raise RegistryError(unknown.message, help=unknown.help)
    return environment


def plan(registry: Registry, environment: str | None = None) -> Plan:
    """Return the plan of one environment; raises RegistryError when the registry has errors, or no such environment."""
    _refuse_errors(registry)
    chosen = choose_environment(registry, environment)
    flags = {}
    for flag in registry.flags:
        if flag.archived or flag.environment not in {"", chosen} or flag.format == "python":
            continue
        if flag.format not in EVALUATED_FORMATS:
            raise RegistryError(
                f"`{flag.key}` is in the format {flag.format}, which flaglint reads but does not evaluate",
                path=flag.key_span.path,
                line=flag.key_span.start.line,
            )
        flags[flag.key] = native_plan(flag, chosen) if flag.format == "native" else _flagd_plan(flag)
    segments = {segment.name: segment_plan(segment) for segment in registry.segments}
    return Plan(chosen, registry.bucketing, flags, segments)


def environment_entry(flag: Flag, environment: str) -> EnvironmentRules | None:
    """Return what `environment` says of the flag, if it says anything."""
    return next((entry for entry in flag.environments if entry.name == environment), None)


def _refuse_errors(registry: Registry) -> None:
    for problem in registry.problems:
        if problem.breaks:
            raise RegistryError(
                problem.message,
                path=problem.span.path,
                line=problem.span.start.line,
                column=problem.span.start.column,
                help=problem.help,
            )
    for flag in registry.flags:
        if flag.problems:
            place = flag.key_span
            raise RegistryError(f"`{flag.key}` is broken", path=place.path, line=place.start.line)


def native_plan(flag: Flag, environment: str) -> dict[str, Any]:
    """Return one native flag as the environment sees it."""
    entry = environment_entry(flag, environment)
    rules = entry.rules if entry is not None and entry.rules is not None else flag.rules
    return {
        "kind": "native",
        "type": flag.value_type.value,
        "variants": {variant.name: variant.value for variant in flag.variants},
        "off": (entry.off_variant if entry is not None else None) or flag.off_variant,
        "killed": flag.kill is not None or (entry is not None and entry.kill is not None),
        "needs": [[need.key, list(need.variants)] for need in flag.needs],
        "by": flag.bucket_by,
        "salt": flag.salt or flag.key,
        "rules": [_rule_plan(rule) for rule in rules],
        "metadata": metadata(flag),
    }


def _flagd_plan(flag: Flag) -> dict[str, Any]:
    return {"kind": "flagd", "type": flag.value_type.value, "definition": flag.payload, "metadata": metadata(flag)}


def metadata(flag: Flag) -> Metadata:
    """Return what a caller may want to know of a flag beside its value: owner, type, expiry; scalars only."""
    found: Metadata = {}
    if flag.owner:
        found["owner"] = flag.owner
    if flag.type:
        found["type"] = flag.type
    if flag.expires is not None:
        found["expires"] = flag.expires.isoformat()
    if flag.format == "flagd" and isinstance(flag.payload, dict):
        written = flag.payload.get("metadata")
        scalars = written.items() if isinstance(written, dict) else ()
        found |= {name: value for name, value in scalars if isinstance(value, (bool, int, float, str))}
    return found


def _rule_plan(rule: Rule) -> dict[str, Any]:
    condition = both(any_segment(rule.segments), condition_plan(rule.when))
    return {"if": condition, "from": rule.start, "until": rule.until, "then": _outcome_plan(rule.outcome)}


def _outcome_plan(outcome: Outcome) -> list[Any]:
    match outcome:
        case Serve(variant):
            return ["serve", variant]
        case Split(weights):
            positive = [[name, weight] for name, weight in weights if weight > 0]
            # one share without rivals asks for no bucketing key; shares of nothing serve nobody
            return ["serve", positive[0][0]] if len(positive) == 1 else ["split", positive]
        case Ramp(to, percent, start, until):
            return ["ramp", to, *ramp_shares(percent), start, until]


def segment_plan(segment: Segment) -> list[Any]:
    """Return the condition of a segment; an empty one holds for everyone."""
    return both(any_segment(segment.segments), condition_plan(segment.when)) or ["all", []]


def any_segment(names: Iterable[str]) -> list[Any] | None:
    """Return the condition that one of the named segments holds, or None when none is named."""
    conditions = [["segment", name] for name in names]
    if len(conditions) < 2:
        return conditions[0] if conditions else None
    return ["any", conditions]


def both(first: list[Any] | None, second: list[Any] | None) -> list[Any] | None:
    """Return the conjunction of two conditions, either of which may be missing."""
    if first is None or second is None:
        return first or second
    return ["all", [first, second]]


def condition_plan(condition: Condition | None) -> list[Any] | None:
    """Return a condition as nested lists: `all`, `any`, `not`, `segment`, and `test` for one comparison."""
    match condition:
        case None:
            return None
        case AllOf(conditions):
            return ["all", [condition_plan(item) for item in conditions]]
        case AnyOf(conditions):
            return ["any", [condition_plan(item) for item in conditions]]
        case Not(inner):
            return ["not", condition_plan(inner)]
        case Compare():
            return _compare_plan(condition)


def _compare_plan(compare: Compare) -> list[Any]:
    """Return a comparison with a positive operator, negated where the registry's operator is a negation."""
    name, operator, operand = compare.attribute, compare.operator, compare.operand
    if operator in {"not", "not_in"}:
        return ["not", ["test", name, *_equality(operand)]]
    if operator in {"equals", "in"}:
        return ["test", name, *_equality(operand)]
    if operator == "exists":
        exists = ["test", name, "exists", True]
        return exists if operand else ["not", exists]
    return ["test", name, operator, list(operand) if isinstance(operand, tuple) else operand]


def _equality(operand: object) -> list[Any]:
    return ["in", list(operand)] if isinstance(operand, tuple) else ["equals", operand]
