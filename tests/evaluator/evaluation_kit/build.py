"""Registries built by hand, without files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flaglint.definition import (
    AllOf,
    AnyOf,
    Compare,
    EnvironmentRules,
    Flag,
    Kill,
    Need,
    Not,
    Ramp,
    Registry,
    Rule,
    Segment,
    Serve,
    Split,
    Variant,
)
from flaglint.model import Position, Span, ValueType

HERE = Span("flags.yaml", Position(1, 1), Position(1, 2))
NEGATIVE = {"not": "equals", "not_in": "in"}


def at(line: int) -> Span:
    return Span("flags.yaml", Position(line, 1), Position(line, 10))


def test(attribute: str, operator: str, operand: Any) -> Compare:
    return Compare(attribute, operator, operand, HERE)


test.__test__ = False  # type: ignore[attr-defined] # a word of the field, not a test of pytest


def every(*conditions: Any) -> AllOf:
    return AllOf(conditions)


def some(*conditions: Any) -> AnyOf:
    return AnyOf(conditions)


def negated(condition: Any) -> Not:
    return Not(condition)


def rule(outcome: Any, *segments: str, **fields: Any) -> Rule:
    """A rule; a text serves that variant, a dictionary splits."""
    if isinstance(outcome, str):
        outcome = Serve(outcome)
    elif isinstance(outcome, Mapping):
        outcome = Split(tuple(outcome.items()))
    return Rule(outcome, fields.pop("span", HERE), segments=segments, **fields)


def ramp(to: str, percent: tuple[float, float], start: int, until: int) -> Ramp:
    return Ramp(to, percent, start, until)


def flag(
    key: str,
    *rules: Any,
    variants: Mapping[str, Any] | None = None,
    off: str | None = None,
    needs: Mapping[str, Any] | None = None,
    kill: bool | Kill = False,
    environments: tuple[EnvironmentRules, ...] = (),
    **fields: Any,
) -> Flag:
    """A native flag; rules may be given as their outcome alone."""
    values = {"enabled": True, "disabled": False} if variants is None else dict(variants)
    kinds = {bool: ValueType.BOOLEAN, str: ValueType.STRING, int: ValueType.INTEGER, float: ValueType.FLOAT}
    return Flag(
        key,
        fields.pop("span", HERE),
        fields.pop("key_span", HERE),
        value_type=kinds.get(type(next(iter(values.values()), None)), ValueType.OBJECT),
        variants=tuple(Variant(name, value, HERE) for name, value in values.items()),
        off_variant=off if off is not None else list(values)[-1],
        needs=tuple(
            Need(parent, (wanted,) if isinstance(wanted, str) else tuple(wanted), HERE)
            for parent, wanted in (needs or {}).items()
        ),
        kill=kill if isinstance(kill, Kill) else Kill(HERE) if kill else None,
        rules=tuple(item if isinstance(item, Rule) else rule(item) for item in rules),
        environments=environments,
        **fields,
    )


def environment(name: str, *rules: Any, **fields: Any) -> EnvironmentRules:
    """What an environment says; without rules it leaves the flag's own alone."""
    kill = Kill(HERE) if fields.pop("kill", False) else None
    made = tuple(item if isinstance(item, Rule) else rule(item) for item in rules)
    return EnvironmentRules(name, HERE, rules=made or None, kill=kill, off_variant=fields.pop("off", None))


def segment(name: str, when: Any = None, *segments: str) -> Segment:
    return Segment(name, HERE, when, segments)


def registry(*flags: Flag, segments: tuple[Segment, ...] = (), **fields: Any) -> Registry:
    environments = fields.pop("environments", ("default",))
    fields.setdefault("critical", environments)
    return Registry(flags=flags, segments=segments, environments=environments, **fields)


def with_bucketing(made: Registry, generation: str) -> Registry:
    return replace(made, bucketing=generation)
