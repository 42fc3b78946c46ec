"""A registry as JSON and back, made to be read fast: arrays instead of objects, and rules left packed until needed.

Nothing in it can be executed. What is unpacked equals what was packed; a form that does not fit raises ValueError,
TypeError, KeyError or IndexError, and the caller throws it away.
"""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from flaglint.definition import (
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    EnvironmentRules,
    FieldSpans,
    Flag,
    Kill,
    Need,
    Not,
    Problem,
    Ramp,
    Registry,
    Rule,
    Segment,
    Serve,
    Split,
    Tombstone,
    Variant,
)
from flaglint.model import Label, Position, Span, ValueType

FORM = 1  # to be raised with every change of what is packed, or of the types in `definition`

_VALUE_TYPES = {str(value_type): value_type for value_type in ValueType}


# ------------------------------------------------------------------------------------------------------------ packing


def pack(registry: Registry) -> bytes:
    """Return a registry as lines of JSON: all of it but what `LateFlag` holds back, then that of each flag in a line.

    Raises ValueError when a flag has a place in another file than its own.
    """
    head = {
        "flags": [_pack_flag(flag) for flag in registry.flags],
        "segments": [
            [s.name, *_pack_far(s.span), _pack_condition(s.when, s.span.path), s.segments] for s in registry.segments
        ],
        "attributes": [[a.name, a.kind, *_pack_far(a.span), a.values] for a in registry.attributes],
        "environments": registry.environments,
        "critical": registry.critical,
        "bucketing": registry.bucketing,
        "tombstones": [[t.key, *_pack_far(t.span), _pack_day(t.date), t.issue] for t in registry.tombstones],
        "problems": [
            [
                p.code,
                p.message,
                *_pack_far(p.span),
                p.key,
                p.help,
                [[*_pack_far(r.span), r.message] for r in p.related],
                p.breaks,
            ]
            for p in registry.problems
        ],
        "paths": registry.paths,
        "declares_attributes": registry.declares_attributes,
    }
    late = (_pack_late(flag) for flag in registry.flags)
    return "\n".join(json.dumps(part, separators=(",", ":")) for part in (head, *late)).encode()


def _pack_flag(flag: Flag) -> list[Any]:
    path = flag.span.path
    return [
        flag.key, path, _pack_span(flag.span, path), _pack_span(flag.key_span, path), flag.format, flag.value_type,
        flag.description, flag.type, flag.owner, _pack_day(flag.created), _pack_day(flag.expires), flag.permanent,
        flag.is_permanent, flag.links, flag.release_note, flag.tags, flag.off_variant, flag.bucket_by, flag.salt,
        _pack_kill(flag.kill, path), flag.archived, flag.problems, flag.environment,
    ]  # fmt: skip


def _pack_late(flag: Flag) -> list[Any]:
    path = flag.span.path
    spans = flag.field_spans
    return [
        [[v.name, v.value, _pack_span(v.span, path)] for v in flag.variants],
        [[need.key, need.variants, _pack_span(need.span, path)] for need in flag.needs],
        [_pack_rule(rule, path) for rule in flag.rules],
        [
            [
                environment.name,
                _pack_span(environment.span, path),
                None if environment.rules is None else [_pack_rule(rule, path) for rule in environment.rules],
                _pack_kill(environment.kill, path),
                environment.off_variant,
            ]
            for environment in flag.environments
        ],
        spans.lines if isinstance(spans, FieldSpans) else [[name, _pack_span(span, path)] for name, span in spans],
        flag.payload,
    ]


def _pack_far(span: Span) -> tuple[str, tuple[int, int, int, int]]:
    return span.path, _pack_span(span, span.path)


def _pack_span(span: Span, path: str) -> tuple[int, int, int, int]:
    if span.path != path:
        raise ValueError(f"{span} is not in {path}")
    return span.start.line, span.start.column, span.end.line, span.end.column


def _pack_day(day: date | None) -> int:
    return 0 if day is None else day.toordinal()


def _pack_kill(kill: Kill | None, path: str) -> list[Any] | None:
    return None if kill is None else [_pack_span(kill.span, path), _pack_day(kill.since), kill.by, kill.reason]


def _pack_rule(rule: Rule, path: str) -> list[Any]:
    outcome: list[Any]
    match rule.outcome:
        case Serve():
            outcome = [rule.outcome.variant]
        case Split():
            outcome = [rule.outcome.weights, 0]
        case Ramp():
            outcome = [rule.outcome.to, rule.outcome.percent, rule.outcome.start, rule.outcome.until]
    condition = _pack_condition(rule.when, path)
    return [outcome, _pack_span(rule.span, path), rule.segments, condition, rule.start, rule.until]


def _pack_condition(condition: Condition | None, path: str) -> list[Any] | None:
    match condition:
        case None:
            return None
        case Compare():
            place = _pack_span(condition.span, path)
            return ["is", condition.attribute, condition.operator, condition.operand, place]
        case Not():
            return ["not", _pack_condition(condition.condition, path)]
        case AllOf() | AnyOf():
            parts = [_pack_condition(part, path) for part in condition.conditions]
            return ["all" if isinstance(condition, AllOf) else "any", parts]


# ---------------------------------------------------------------------------------------------------------- unpacking


def unpack(data: bytes) -> Registry:
    """Return the registry that `pack` was given."""
    first, *late = data.split(b"\n")
    head = json.loads(first)
    return Registry(
        flags=tuple([_flag(row, line) for row, line in zip(head["flags"], late, strict=True)]),
        segments=tuple(
            [
                Segment(name, _span(path, place), _condition(when, path), tuple(segments))
                for name, path, place, when, segments in head["segments"]
            ]
        ),
        attributes=tuple(
            [
                Attribute(name, kind, _span(path, at), tuple(values))
                for name, kind, path, at, values in head["attributes"]
            ]
        ),
        environments=tuple(head["environments"]),
        critical=tuple(head["critical"]),
        bucketing=head["bucketing"],
        tombstones=tuple(
            [Tombstone(key, _span(path, at), _day(day), issue) for key, path, at, day, issue in head["tombstones"]]
        ),
        problems=tuple(
            [
                Problem(code, message, _span(path, place), key, advice, _labels(related), breaks)
                for code, message, path, place, key, advice, related, breaks in head["problems"]
            ]
        ),
        paths=tuple(head["paths"]),
        declares_attributes=head["declares_attributes"],
    )


def _flag(row: list[Any], late: bytes) -> Flag:
    (
        key, path, span, key_span, format_name, value_type, description, type_, owner, created, expires, permanent,
        is_permanent, links, release_note, tags, off_variant, bucket_by, salt, kill, archived, problems, environment,
    ) = row  # fmt: skip
    held_back: Any = late  # stands in each slot until one of them is asked for
    return LateFlag(
        key, _span(path, span), _span(path, key_span), format_name, _VALUE_TYPES[value_type], description, type_, owner,
        _day(created), _day(expires), permanent, is_permanent, tuple([(name, link) for name, link in links]),
        release_note, tuple(tags), held_back, off_variant, held_back, bucket_by, salt, _kill(kill, path), held_back,
        held_back, archived, problems, held_back, environment, held_back,
    )  # fmt: skip


_LATE = ("variants", "needs", "rules", "environments", "field_spans", "payload")
_SLOTS = {name: Flag.__dict__[name] for name in _LATE}


def _held_back(name: str) -> Any:
    """Return a property over a slot of `Flag` that unpacks it, and the others that are held back, when it is asked."""
    slot = _SLOTS[name]

    def read(flag: Flag) -> Any:
        value = slot.__get__(flag)
        if type(value) is bytes:
            for field, unpacked in zip(_LATE, _late(flag.span.path, json.loads(value)), strict=True):
                _SLOTS[field].__set__(flag, unpacked)
            value = slot.__get__(flag)
        return value

    return property(read, slot.__set__)


class LateFlag(Flag):
    """A flag from the cache, whose rules are unpacked when somebody asks: a hook on three files never does.

    It equals the flag that was packed; the dataclass's own comparison would tell the two classes apart.
    """

    __slots__ = ()
    variants = _held_back("variants")
    needs = _held_back("needs")
    rules = _held_back("rules")
    environments = _held_back("environments")
    field_spans = _held_back("field_spans")
    payload = _held_back("payload")

    def __eq__(self, other: object) -> bool:
        """Whether all fields are equal."""
        if not isinstance(other, Flag):
            return NotImplemented
        return all(getattr(self, name) == getattr(other, name) for name in Flag.__match_args__)

    def __hash__(self) -> int:
        """Return the hash of an equal `Flag`."""
        return Flag.__hash__(self)


def _late(path: str, parts: list[Any]) -> tuple[Any, ...]:
    variants, needs, rules, environments, spans, payload = parts
    return (
        tuple([Variant(name, value, _span(path, place)) for name, value, place in variants]),
        tuple([Need(key, tuple(names), _span(path, place)) for key, names, place in needs]),
        tuple([_rule(rule, path) for rule in rules]),
        tuple([_environment(environment, path) for environment in environments]),
        FieldSpans(path, spans) if isinstance(spans, str) else tuple([(name, _span(path, at)) for name, at in spans]),
        payload,
    )


def _span(path: str, numbers: list[int]) -> Span:
    first_line, first_column, last_line, last_column = numbers
    return Span(path, Position(first_line, first_column), Position(last_line, last_column))


def _day(ordinal: int) -> date | None:
    return date.fromordinal(ordinal) if ordinal else None


def _labels(related: list[Any]) -> tuple[Label, ...]:
    return tuple([Label(_span(path, place), message) for path, place, message in related])


def _kill(parts: list[Any] | None, path: str) -> Kill | None:
    if parts is None:
        return None
    place, since, by, reason = parts
    return Kill(_span(path, place), _day(since), by, reason)


def _environment(parts: list[Any], path: str) -> EnvironmentRules:
    name, place, rules, kill, off_variant = parts
    read = None if rules is None else tuple([_rule(rule, path) for rule in rules])
    return EnvironmentRules(name, _span(path, place), read, _kill(kill, path), off_variant)


def _rule(parts: list[Any], path: str) -> Rule:
    outcome, place, segments, when, start, until = parts
    served: Serve | Split | Ramp
    if len(outcome) == 1:
        served = Serve(outcome[0])
    elif len(outcome) == 2:  # weights and a stop
        served = Split(tuple([(name, weight) for name, weight in outcome[0]]))
    else:
        to, percent, first, last = outcome
        served = Ramp(to, (percent[0], percent[1]), first, last)
    return Rule(served, _span(path, place), tuple(segments), _condition(when, path), start, until)


def _condition(parts: list[Any] | None, path: str) -> Condition | None:
    return None if parts is None else _test(parts, path)


def _test(parts: list[Any], path: str) -> Condition:
    kind = parts[0]
    if kind == "is":
        _, attribute, operator, operand, place = parts
        value = tuple(operand) if isinstance(operand, list) else operand
        return Compare(attribute, operator, value, _span(path, place))
    if kind == "not":
        return Not(_test(parts[1], path))
    if kind not in {"all", "any"}:
        raise ValueError(f"no condition: {kind}")
    inner = tuple([_test(part, path) for part in parts[1]])
    return AllOf(inner) if kind == "all" else AnyOf(inner)
