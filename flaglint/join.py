"""Joins references with the registry: one graph of flags, indexed by key and by path."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING
from typing import Literal as OneWordOf

from flaglint.definition import Flag, Registry
from flaglint.graph import FlagGraph
from flaglint.model import Kind, Literal, OneOf, Pattern, Reference, Unknown, ValueType

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flaglint.model import Key, ParseFailure, Skipped, Verdict, Wrapper

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
    ordered = tuple(sorted(references, key=lambda ref: (ref.span, ref.kind, str(ref.key), ref.sdk)))
    flags: dict[str, list[Flag]] = defaultdict(list)
    for flag in registry.flags:
        flags[flag.key].append(flag)
    by_key: dict[str, list[Reference]] = defaultdict(list)
    by_path: dict[str, list[Reference]] = defaultdict(list)
    for reference in ordered:
        by_path[reference.span.path].append(reference)
        for key in keys_of(reference.key):
            by_key[key].append(reference)
            if reference.kind is Kind.DECLARATION and not reference.is_test:
                flags[key].append(declared_flag(key, reference))
    return FlagGraph(
        registry=registry,
        flags={key: tuple(found) for key, found in flags.items()},
        references=ordered,
        by_key={key: tuple(found) for key, found in by_key.items()},
        by_path={path: tuple(found) for path, found in by_path.items()},
        dynamic=tuple(ref for ref in ordered if ref.kind is Kind.READ and isinstance(ref.key, Pattern | Unknown)),
        tombstones={tombstone.key: tombstone for tombstone in registry.tombstones},
        verdicts=verdicts or {},
        skipped=tuple(sorted(skipped, key=lambda item: (item.path, item.reason))),
        failures=tuple(sorted(failures, key=lambda item: item.span)),
        wrappers=tuple(wrappers),
        scope=scope,
        elsewhere=frozenset(elsewhere),
    )


def keys_of(key: Key) -> tuple[str, ...]:
    """Return the keys that a reference names to the letter."""
    return (key.key,) if isinstance(key, Literal) else key.keys if isinstance(key, OneOf) else ()


def declared_flag(key: str, reference: Reference) -> Flag:
    """Return the flag that a declaration in Python makes; its type is that of its default, when that is a literal."""
    default = reference.default
    kind = _BY_KIND.get(type(default.value), ValueType.UNKNOWN) if default and default.known else ValueType.UNKNOWN
    return Flag(
        key=key,
        span=reference.span,
        key_span=reference.span,
        format="python",
        value_type=kind,
        salt=key,
        payload=default.value if default is not None and default.known else None,
    )
