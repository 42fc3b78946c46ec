"""A name that says no: with it off, something is on, and every `if` has to be read twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.names import folded_keys, named, taken_by_others
from flaglint.lints.rule import rule
from flaglint.lints.styles import negation_of, proposal
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(
    code="FLG103", name="negated-flag-name", severity=Severity.WARNING, scope="file", needs=("reported",), since="0.1"
)
def negated_flag_name(graph: FlagGraph, settings: Settings, *, reported: Callable[[str], bool]) -> Iterator[Finding]:
    """Yield names whose first word negates the rest. No rename is offered: it alone would turn the meaning round."""
    taken = folded_keys(graph)
    for one in named(graph, reported):
        negation = negation_of(one.key, settings.naming)
        if not negation:
            continue
        better = proposal(one.key, settings.naming, kind=one.kind, taken=taken_by_others(taken, one.key))
        example = f", such as `{better}` with its values swapped" if better else ""
        yield negated_flag_name.at(
            one.span,
            key=one.key,
            message=f"`{one.key}` begins with `{negation}`, so off means on",
            help=f"name what happens while it is on{example}",
            qualname=one.qualname,
        )
