"""A flag that does not say whose it is, what it does, of which type it is, or when it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import is_permanent, quoted
from flaglint.lints.metadata import FIELDS, asked_of, demanded, missing
from flaglint.lints.rule import rule
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding

_OPTIONS = {
    "owner": "--owner WHO",
    "description": "--description TEXT",
    "type": "--type TYPE",
    "expiry": "--expires DAY",
}


@rule(code="FLG305", name="missing-metadata", severity=Severity.WARNING, scope="file", since="0.1")
def missing_metadata(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield flags with gaps in what their format can carry, all gaps of a flag in one finding."""
    carried = demanded(flag for flags in graph.flags.values() for flag in flags)
    for _, flags in graph.definitions:
        flag = flags[0]
        if any(one.problems for one in flags):
            continue  # what is wrong with the entry comes first
        # A flag that several files define says what any of them says.
        gaps = set(asked_of(flag, carried))
        for one in flags:
            gaps &= set(missing(one, settings.lifetimes, is_permanent=is_permanent(one)))
        if not gaps:
            continue
        words = [gap for gap in FIELDS if gap in gaps]
        command = f"flaglint set {quoted(flag.key)}"
        told = " or ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)
        yield missing_metadata.at(
            flag.key_span,
            key=flag.key,
            message=f"`{flag.key}` has no {told}",
            help=f"write it down while somebody still knows: {' '.join([command, *(_OPTIONS[word] for word in words)])}"
            if flag.format == "native"
            else "write it down while somebody still knows",
        )
