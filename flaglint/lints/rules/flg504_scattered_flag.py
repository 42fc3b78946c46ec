"""A flag that is read in many places: each is a branch to test, and work at its removal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import place_of
from flaglint.lints.rule import rule
from flaglint.model import Label, Severity
from flaglint.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG504", name="scattered-flag", severity=Severity.WARNING, scope="project", since="0.1", enabled=False)
def scattered_flag(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield flags with more reads outside tests than `scattered-reads`."""
    for flag, _ in graph.definitions:
        reads = [ref for ref in graph.reads(flag.key) if not ref.is_test]
        if len(reads) <= settings.scattered_reads:
            continue
        place = place_of(graph, flag)
        files = len({ref.span.path for ref in reads})
        yield scattered_flag.at(
            place,
            key=flag.key,
            message=f"`{flag.key}` is read in {counted(len(reads), 'place')} of {counted(files, 'file')}",
            related=[Label(ref.span, "read here") for ref in reads if ref.span != place],
            help="decide once, and hand on what was decided: a function, a subclass, a strategy",
        )
