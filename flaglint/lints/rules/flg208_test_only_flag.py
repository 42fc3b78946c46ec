"""A flag that only tests use: the product no longer asks for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import other_definitions, quoted
from flaglint.lints.rule import rule
from flaglint.lints.usage import Uses
from flaglint.model import Confidence, Kind, Label, Severity
from flaglint.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(
    code="FLG208",
    name="test-only-flag",
    severity=Severity.WARNING,
    scope="project",
    needs=("read_text", "notes"),
    since="0.1",
)
def test_only_flag(
    graph: FlagGraph,
    settings: Settings,
    *,
    read_text: Callable[[str], bytes | None],
    notes: list[str],
) -> Iterator[Finding]:
    """Yield flags with reads or overrides in tests and no use outside them; withheld like FLG202."""
    uses = Uses(graph, settings, read_text)
    if uses.unreadable:
        notes.append(f"FLG208 test-only-flag was withheld: {uses.unreadable[0]} cannot be read, and may use any flag")
        return
    for flag, definitions_of_it in graph.definitions:
        usage = uses.of(flag.key)
        if not usage.tests or usage.is_used or usage.mentions or uses.may_be_hidden(flag.key):
            continue
        labels = [
            Label(ref.span, "a test sets it here" if ref.kind is Kind.OVERRIDE else "a test reads it here")
            for ref in usage.tests
        ]
        yield test_only_flag.at(
            flag.key_span,
            key=flag.key,
            message=f"only tests use `{flag.key}`, in {counted(len(labels), 'place')}",
            related=[*other_definitions(definitions_of_it, besides=flag.key_span), *labels, *uses.dynamic_labels()],
            help=f"remove it with its tests: flaglint remove {quoted(flag.key)}",
            confidence=Confidence.LIKELY if uses.untold else Confidence.CERTAIN,
        )
