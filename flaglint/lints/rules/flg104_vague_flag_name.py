"""A name with words for a phase of the work, or for nothing: `new`, `beta`, `test`, `flag`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import listed
from flaglint.lints.names import advice, folded_keys, named
from flaglint.lints.rule import rule
from flaglint.lints.styles import vague_words
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(
    code="FLG104",
    name="vague-flag-name",
    severity=Severity.WARNING,
    scope="file",
    needs=("reported",),
    since="0.1",
    enabled=False,
)
def vague_flag_name(graph: FlagGraph, settings: Settings, *, reported: Callable[[str], bool]) -> Iterator[Finding]:
    """Yield names with words that will be wrong in a month, or that say nothing."""
    taken = folded_keys(graph)
    for one in named(graph, reported):
        if vague := vague_words(one.key):
            verb = "says" if len(vague) == 1 else "say"
            yield vague_flag_name.at(
                one.span,
                key=one.key,
                message=f"`{one.key}`: {listed(dict.fromkeys(vague))} {verb} nothing about what it switches",
                help=advice(one, settings.naming, taken, drop=vague),
                qualname=one.qualname,
            )
