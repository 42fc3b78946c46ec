"""A key that is defined twice: which definition counts is a matter of luck."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import from_problems
from flaglint.lints.rule import rule
from flaglint.model import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG402", name="duplicate-flag", severity=Severity.ERROR, scope="file", since="0.1", registry_only=True)
def duplicate_flag(graph: FlagGraph, settings: Settings) -> Iterator[Finding]:
    """Yield what the loader of the registry found."""
    yield from from_problems(duplicate_flag, graph)
