"""Joins references with the registry: one graph of flags, indexed by key and by path."""

from __future__ import annotations

import json
from collections import ChainMap, defaultdict
from datetime import date
from typing import TYPE_CHECKING, cast
from typing import Literal as OneWordOf

from flaglint.config import FLAG_TYPES
from flaglint.definition import Flag, Problem, Registry
from flaglint.graph import FlagGraph
from flaglint.model import Kind, Pattern, Reference, Unknown, ValueType, in_order, keys_in
from flaglint.records import replace
from flaglint.refs.annotations import ANNOTATION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from flaglint.model import JsonValue, ParseFailure, Skipped, Span, Verdict, Wrapper

_SETS = frozenset({"dict-key", "assignment", "field"})  # roles of declarations that give the flag its value
_DAYS = {"created": "was created", "expires": "expires"}
_BY_KIND: Mapping[type, ValueType] = {
    bool: ValueType.BOOLEAN,
    str: ValueType.STRING,
    int: ValueType.INTEGER,
    float: ValueType.FLOAT,
}


def join(
    registry: Registry,
    references: Iterable[Reference],
    *,
    scope: OneWordOf["file", "project"] = "project",
    skipped: Iterable[Skipped] = (),
    failures: Iterable[ParseFailure] = (),
    wrappers: Iterable[Wrapper] = (),
    verdicts: Mapping[str, Mapping[str, Verdict]] | None = None,
    elsewhere: Iterable[str] = (),
) -> FlagGraph:
    """Return the graph of all flags and references; keys declared in Python become flags, too."""
    ordered = in_order(references)
    flags: dict[str, list[Flag]] = defaultdict(list)
    for flag in registry.flags:
        flags[flag.key].append(flag)
    by_key: dict[str, list[Reference]] = defaultdict(list)
    by_path: dict[str, list[Reference]] = defaultdict(list)
    for reference in ordered:
        by_path[reference.span.path].append(reference)
        for key in keys_in(reference.key):
            by_key[key].append(reference)
            if reference.kind is Kind.DECLARATION and not reference.is_test:
                flags[key].append(declared_flag(key, reference))
    if wrong := tuple(_wrong_days(ordered)):
        registry = replace(registry, problems=(*registry.problems, *wrong))
    return FlagGraph(
        registry=registry,
        flags={key: tuple(found) for key, found in flags.items()},
        references=ordered,
        by_key={key: tuple(found) for key, found in by_key.items()},
        by_path={path: tuple(found) for path, found in by_path.items()},
        dynamic=tuple(ref for ref in ordered if ref.kind is Kind.READ and isinstance(ref.key, Pattern | Unknown)),
        tombstones={tombstone.key: tombstone for tombstone in registry.tombstones},
        verdicts=_with_declared(verdicts, flags, by_key, registry) if verdicts is not None else {},
        skipped=tuple(sorted(skipped, key=lambda item: (item.path, item.reason))),
        failures=tuple(sorted(failures, key=lambda item: item.span)),
        wrappers=tuple(wrappers),
        scope=scope,
        elsewhere=frozenset(elsewhere),
    )


def declared_flag(key: str, reference: Reference) -> Flag:
    """Return the flag that a declaration in Python makes, with what its comments say.

    Its type is that of its default, when that is a literal. The payload holds `default`, when it is known, and
    `annotation`, the name that Open edX annotations give it, when there are some.
    """
    default = reference.default
    payload: dict[str, JsonValue] = {"default": default.value} if default is not None and default.known else {}
    told: dict[str, str] = {}
    for name, text in reference.notes:
        told.setdefault(name, text)
    if "default" not in payload and told.get("default") in {"true", "false"}:
        payload["default"] = told["default"] == "true"
    if ANNOTATION in told:
        payload[ANNOTATION] = told[ANNOTATION]
    kind = told.get("type", "")
    return Flag(
        key=key,
        span=reference.span,
        key_span=reference.span,
        format="python",
        value_type=_BY_KIND.get(type(payload.get("default")), ValueType.UNKNOWN),
        description=told.get("description", ""),
        type=kind if kind in FLAG_TYPES else "",
        owner=told.get("owner", ""),
        created=_day(told.get("created", "")),
        expires=_day(told.get("expires", "")),
        permanent=told.get("permanent", ""),
        links=tuple((name.removeprefix("link."), text) for name, text in reference.notes if name.startswith("link.")),
        tags=tuple(text for name, text in reference.notes if name == "tag"),
        salt=key,
        payload=payload,
    )


def constant_in_code(flags: Iterable[Flag], references: Iterable[Reference]) -> JsonValue | None:
    """Return the value that a flag declared in Python has wherever the code sets it, or None.

    It is the default in a dictionary that every declaration agrees on, and that nothing but a test or a deployment
    overrides. What an SDK registers under a default is decided at run time, and is none.
    """
    values = values_in_code(references)
    if len({json.dumps(value, sort_keys=True) for value, _ in values}) != 1:
        return None
    return values[0][0] if all(flag.format == "python" for flag in flags) else None


def values_in_code(references: Iterable[Reference]) -> list[tuple[JsonValue, Span]]:
    """Return what the code outside of tests sets a flag to, with the places; nothing when one value is not known."""
    found: list[tuple[JsonValue, Span]] = []
    for reference in references:
        if reference.is_test or reference.kind not in {Kind.DECLARATION, Kind.OVERRIDE}:
            continue
        default = reference.default
        sets = reference.role in _SETS and "flag object" not in reference.via
        if reference.kind is Kind.OVERRIDE or default is None or not default.known or not sets:
            return []
        found.append((default.value, reference.span))
    return found


def _with_declared(
    verdicts: Mapping[str, Mapping[str, Verdict]],
    flags: Mapping[str, list[Flag]],
    by_key: Mapping[str, list[Reference]],
    registry: Registry,
) -> Mapping[str, Mapping[str, Verdict]]:
    """Return the verdicts of the registry's flags, proven when they are asked for, and those of the other flags."""
    declared = _verdicts_of_declared(flags, by_key, registry)
    return ChainMap(dict(declared), cast("dict[str, Mapping[str, Verdict]]", verdicts)) if declared else verdicts


def _verdicts_of_declared(
    flags: Mapping[str, list[Flag]], by_key: Mapping[str, list[Reference]], registry: Registry
) -> Mapping[str, Mapping[str, Verdict]]:
    """Return what is known of the flags that only Python declares: what the code sets them to is no proof."""
    found: dict[str, Mapping[str, Verdict]] = {}
    for key, defined in flags.items():
        if any(flag.format != "python" for flag in defined):
            continue
        value = constant_in_code(defined, by_key[key])
        why = "it is declared in Python, and what it serves is decided at run time"
        places = {json.dumps(set_to): str(span) for set_to, span in reversed(values_in_code(by_key[key]))}
        if len(places) > 1:
            told = " and ".join(f"{text} ({place})" for text, place in sorted(places.items()))
            why = f"the code sets it to {told}, so it varies by deployment"
        if value is not None:
            why = (
                f"it is a constant in the code, {json.dumps(value)} ({defined[0].span}), that only a deployment changes"
            )
        found[key] = dict.fromkeys(registry.environments, Unknown(why))
    return found


def _wrong_days(references: Iterable[Reference]) -> Iterator[Problem]:
    """Yield a problem for each day in a comment beside a declaration that is none."""
    for reference in references:
        for name, text in reference.notes:
            if name in {"created", "expires"} and _day(text) is None and not reference.is_test:
                key = ", ".join(keys_in(reference.key))
                fact = f"`{key}`: what its comment gives as the day when it {_DAYS[name]}, `{text}`, is no date"
                yield Problem("FLG401", fact, reference.span, key=key, help="write it as `2026-08-01`", breaks=False)


def _day(text: str) -> date | None:
    """Return the day that a text begins with, or None: a comment may say what it likes."""
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None
