"""Two keys that differ in case and separators alone: some SDKs and people take them for one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import place_of
from flaglint.lints.nearest import folded
from flaglint.lints.rule import rule
from flaglint.model import Label, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.definition import Flag
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG105", name="colliding-flag-name", severity=Severity.WARNING, scope="file", since="0.1")
def colliding_flag_name(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield the later of two flags whose keys are equal after folding case and separators."""
    first: dict[str, Flag] = {}
    for flag, _ in graph.definitions:
        other = first.setdefault(folded(flag.key), flag)
        if other is not flag:
            yield colliding_flag_name.at(
                place_of(graph, flag),
                key=flag.key,
                message=f"`{flag.key}` and `{other.key}` differ in case and separators alone",
                related=[Label(place_of(graph, other), f"`{other.key}` is defined here")],
                help="rename one of them: flaglint rename OLD NEW",
            )
