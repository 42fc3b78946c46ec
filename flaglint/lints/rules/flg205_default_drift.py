"""Fallbacks that disagree: what the product does without its flags depends on the place that asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.rule import rule
from flaglint.lints.values import accepts, constant_value, declared_default, identity, shown, type_of
from flaglint.model import Label, Severity
from flaglint.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.definition import Flag
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding, Reference


@rule(code="FLG205", name="default-drift", severity=Severity.WARNING, scope="project", needs=("verdicts",), since="0.1")
def default_drift(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield, per flag, fallbacks that the registry contradicts; else the one that fewest reads pass; else, as
    information, one that is not what is served."""
    for flag, _ in graph.definitions:
        groups: dict[str, list[Reference]] = {}
        for ref in graph.reads(flag.key):
            if not ref.is_test and ref.default is not None and ref.default.known:
                groups.setdefault(identity(ref.default.value), []).append(ref)
        laid_down = declared_default(flag)
        wrong = [
            ref
            for value, refs in groups.items()
            if laid_down is not None and identity(laid_down[0]) != value
            for ref in refs
            if ref.default is not None and accepts(type_of(ref.default.value), flag)  # else it is FLG204's
        ]
        if wrong and laid_down is not None:
            yield _not_what_is_laid_down(flag, sorted(wrong, key=lambda ref: ref.span), shown(laid_down[0]))
            continue
        if len(groups) > 1:
            yield _disagreement(flag.key, list(groups.values()))
        for value, refs in groups.items():
            served = constant_value(graph, settings, flag.key)
            if len(groups) == 1 and served is not None and identity(served[0]) != value:
                yield _not_what_is_served(flag.key, refs, shown(served[0]))


def _disagreement(key: str, groups: list[list[Reference]]) -> Finding:
    groups.sort(key=lambda refs: (-len(refs), refs[0].span))
    *usual, rare = groups
    others = [ref for refs in usual for ref in refs]
    elsewhere = _text(others[0]) if len(usual) == 1 else "other values"
    others_are = counted(len(others), "other read")
    return default_drift.at(
        rare[0].span,
        key=key,
        message=f"`{key}` falls back to {_text(rare[0])} here, and to {elsewhere} in {others_are}",
        related=[Label(ref.span, f"falls back to {_text(ref)}") for ref in others],
        help="pass the same fallback everywhere, best from one constant",
        qualname=rare[0].qualname,
    )


def _not_what_is_laid_down(flag: Flag, refs: list[Reference], default: str) -> Finding:
    return default_drift.at(
        refs[0].span,
        key=flag.key,
        message=f"`{flag.key}` falls back to {_text(refs[0])} here, but its registry lays down {default}",
        related=[
            Label(flag.place("defaultValue") or flag.place("default_enabled") or flag.key_span, "the default"),
            *(Label(ref.span, f"falls back to {_text(ref)}, too") for ref in refs[1:]),
        ],
        help=f"pass {default}, or change the default in {flag.key_span.path}",
        qualname=refs[0].qualname,
    )


def _not_what_is_served(key: str, refs: list[Reference], served: str) -> Finding:
    return default_drift.at(
        refs[0].span,
        key=key,
        message=f"`{key}` serves {served} to everyone, but falls back to {_text(refs[0])}",
        related=[Label(ref.span, f"falls back to {_text(ref)}, too") for ref in refs[1:]],
        help="when the flags cannot be read, this goes back to what it was before the rollout",
        qualname=refs[0].qualname,
        severity=Severity.INFORMATION,
    )


def _text(ref: Reference) -> str:
    return f"`{ref.default.text}`" if ref.default else ""
