"""A name that breaks the style guide, or that a vendor will not take."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.names import advice, folded_keys, named
from flaglint.lints.rule import rule
from flaglint.lints.styles import complaints
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG101", name="bad-flag-name", severity=Severity.WARNING, scope="file", needs=("reported",), since="0.1")
def bad_flag_name(graph: FlagGraph, settings: Settings, *, reported: Callable[[str], bool]) -> Iterator[Finding]:
    """Yield names with something against them, all of it in one sentence, and a name that would pass."""
    taken = folded_keys(graph)
    for one in named(graph, reported):
        if found := list(complaints(one.key, settings.naming)):
            yield bad_flag_name.at(
                one.span,
                key=one.key,
                message=f"`{one.key}` {'; it '.join(found)}",
                help=advice(one, settings.naming, taken),
                qualname=one.qualname,
            )
