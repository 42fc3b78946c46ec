"""What several rules ask of the flags of a graph: which are defined, where, and which may ever be called stale."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.nearest import Keys
from flaglint.model import Kind, Label, keys_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from flaglint.definition import Flag
    from flaglint.graph import FlagGraph
    from flaglint.lints.rule import Rule
    from flaglint.model import Finding, Reference, Span

# The sdk names that a project's own configuration gives its references; its declarations stand for every SDK.
OWN_SDKS = frozenset({"", "project", "config"})
# The steps that lead from a read to a key in another line.
_ELSEWHERE = ("constant ", "enum ")
# These types stay for good: they are meant to be switched, not to be finished.
PERMANENT_TYPES = frozenset({"kill-switch", "ops", "permission"})


def is_permanent(flag: Flag) -> bool:
    """Whether a flag is meant to stay, so that its age and its constant value are no debt."""
    return flag.is_permanent or bool(flag.permanent) or flag.type in PERMANENT_TYPES


def is_defined(graph: FlagGraph, key: str) -> bool:
    """Whether some registry or declaration defines `key` as a flag in use."""
    return any(not flag.archived for flag in graph.flags.get(key, ()))


def known_keys(graph: FlagGraph) -> Keys:
    """Return the keys of flags in use, among which one that nothing defines has the one that was meant.

    In the scope of a file those of the registry alone, as in `paths_of_definitions`.
    """
    has_registry = graph.scope == "file" and graph.registry.paths
    flags = graph.registry.flags if has_registry else (flag for found in graph.flags.values() for flag in found)
    return Keys(flag.key for flag in flags if not flag.archived)


def has_place(span: Span) -> bool:
    """Whether a span is a real place; some foreign formats can only name the file."""
    return bool(span.path) and span.start.line > 0


def place_of(graph: FlagGraph, flag: Flag) -> Span:
    """Return the place of a finding about a flag: its key in the registry, else its first read, else the file."""
    if has_place(flag.key_span):
        return flag.key_span
    reads = graph.reads(flag.key)
    return reads[0].span if reads else flag.key_span


def read_labels(graph: FlagGraph, key: str, *, besides: Span | None = None) -> list[Label]:
    """Return the reads of a flag as related places of a finding about it."""
    return [Label(ref.span, "read here") for ref in graph.reads(key) if ref.span != besides]


def other_definitions(flags: Iterable[Flag], *, besides: Span) -> list[Label]:
    """Return the further definitions of a flag as related places."""
    return [Label(flag.key_span, "also defined here") for flag in flags if flag.key_span != besides]


def keys_of(ref: Reference) -> tuple[str, ...]:
    """Return the keys that a reference names to the letter."""
    return keys_in(ref.key)


def origin(ref: Reference) -> str:
    """Return where the key of a read is written when that is elsewhere: ` (constant shop.flags.NEW)`, or empty."""
    steps = [step for step in ref.via if step.startswith(_ELSEWHERE)]
    return f" ({', '.join(steps)})" if steps else ""


def paths_of_definitions(graph: FlagGraph) -> list[str]:
    """Return the files that define flags: those of the registry in their order, then those with declarations.

    In the scope of a file, which files with declarations are known depends on what else was given: a registry is named
    alone there.
    """
    if graph.scope == "file" and graph.registry.paths:
        return list(graph.registry.paths)
    declared = sorted(
        {flag.key_span.path for flags in graph.flags.values() for flag in flags} - set(graph.registry.paths)
    )
    return [*graph.registry.paths, *declared]


def looked_in(graph: FlagGraph) -> str:
    """Return where a key was looked for, in words: `flags.yaml`, or `flags/a.yaml and 3 more files`."""
    paths = paths_of_definitions(graph)
    if len(paths) < 2:
        return paths[0] if paths else "any registry"
    if len(paths) == 2:
        return f"{paths[0]} or {paths[1]}"
    return f"{paths[0]} or {len(paths) - 1} more files"


def has_definitions_for(graph: FlagGraph, sdk: str) -> bool:
    """Whether the flags that are read through `sdk` are defined anywhere, so that one that is not can be told.

    A registry stands for every SDK, also one that another repository shows in its index. Declarations in Python stand
    for the SDK that they belong to: that toggles are declared says nothing about the keys of a settings dictionary. In
    the scope of a file, flag objects stand for nothing: others of their kind are made in files that were not looked at.
    """
    if graph.registry.paths or any(flag.format != "python" for flag in graph.registry.flags):
        return True
    declaring = {
        ref.sdk
        for ref in graph.references
        if ref.kind is Kind.DECLARATION and (graph.scope == "project" or "flag object" not in ref.via)
    }
    return sdk in declaring or sdk in OWN_SDKS or bool(declaring & OWN_SDKS)


def undefined(graph: FlagGraph, kind: Kind) -> Iterator[tuple[Reference, str]]:
    """Yield the references of one kind whose key nothing defines, with that key; tombstones and archived keys too."""
    answers: dict[str, bool] = {}
    for ref in graph.references:
        if ref.kind is not kind:
            continue
        missing = [key for key in keys_of(ref) if not is_defined(graph, key)]
        if not missing:
            continue
        if ref.sdk not in answers:
            answers[ref.sdk] = has_definitions_for(graph, ref.sdk)
        if answers[ref.sdk]:
            yield from ((ref, key) for key in missing)


def was_removed(graph: FlagGraph, key: str) -> bool:
    """Whether `key` once was a flag: it is archived, or has a tombstone."""
    return key in graph.tombstones or any(flag.archived for flag in graph.flags.get(key, ()))


def days(count: int) -> str:
    """Return `1 day` or `12 days`."""
    return f"{count} day" if count == 1 else f"{count} days"


def listed(words: Iterable[str], *, last: str = "and", most: int = 5) -> str:
    """Return words as a sentence has them, in backticks: `a`, `b` and `c`; those past `most` are counted."""
    quoted = [f"`{word}`" for word in words]
    if len(quoted) > most:
        quoted = [*quoted[: most - 1], f"{len(quoted) - most + 1} more"]
    if len(quoted) < 2:
        return "".join(quoted)
    return f"{', '.join(quoted[:-1])} {last} {quoted[-1]}"


def past(day: date, today: date) -> int:
    """Return how many days ago `day` was; negative for a day to come."""
    return (today - day).days


def from_problems(rule: Rule, graph: FlagGraph) -> Iterator[Finding]:
    """Yield what the registry's loader found for the code of `rule`."""
    for problem in graph.registry.problems:
        if problem.code == rule.code:
            yield rule.at(
                problem.span, key=problem.key, message=problem.message, help=problem.help, related=problem.related
            )


def quoted(key: str) -> str:
    """Return a key as a shell takes it, for the commands that a help line offers."""
    from shlex import quote  # only when there is something to say

    return quote(key)
