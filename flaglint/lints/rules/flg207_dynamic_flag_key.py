"""A key that is computed when the program runs: no tool can tell which flag is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import has_definitions_for, listed, looked_in
from flaglint.lints.rule import rule
from flaglint.model import Pattern, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG207", name="dynamic-flag-key", severity=Severity.INFORMATION, scope="file", since="0.1")
def dynamic_flag_key(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield reads outside tests whose key is a pattern or unknown, with the flags that a pattern can spell."""
    defined: dict[str, bool] = {}  # by SDK
    where = ""
    for ref in graph.dynamic:
        if ref.is_test:
            continue
        if ref.sdk not in defined:
            defined[ref.sdk] = has_definitions_for(graph, ref.sdk)
        if not defined[ref.sdk]:
            continue
        if isinstance(ref.key, Pattern) and ref.key.has_literal_part:
            matched = graph.spelled_by(ref.key)
            where = where or looked_in(graph)
            told = f"can be {listed(matched, last='or')}" if matched else f"matches no flag in {where}"
            message = f"this key is computed: `{ref.key.glob}` {told}"
        else:
            message = "this key is computed, and could be that of any flag"
        yield dynamic_flag_key.at(
            ref.span,
            message=message,
            help="choose from a dictionary or a list of whole keys, which can be followed",
            confidence=ref.confidence,
            qualname=ref.qualname,
        )
