"""A flag that is read only where another flag lets it: four combinations, of which few are tested."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import keys_of, listed
from flaglint.lints.rule import rule
from flaglint.model import Kind, Severity

_GUARD = "guarded-by:"

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG501", name="nested-flags", severity=Severity.WARNING, scope="file", since="0.1", enabled=False)
def nested_flags(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield reads inside a branch that another flag decides."""
    for ref in graph.references:
        keys = keys_of(ref)
        guards = sorted(trait.removeprefix(_GUARD) for trait in ref.traits if trait.startswith(_GUARD))
        guards = [guard for guard in guards if guard not in keys]
        if ref.kind is not Kind.READ or ref.is_test or not guards or not keys:
            continue
        verb = "decides" if len(guards) == 1 else "decide"
        yield nested_flags.at(
            ref.span,
            key=keys[0],
            message=f"{listed(keys, last='or')} is read only where {listed(guards)} {verb}",
            help="say it in the registry, with `needs`, or remove the outer flag first",
            confidence=ref.confidence,
            qualname=ref.qualname,
        )
