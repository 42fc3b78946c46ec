"""A read when the module is loaded: the value is frozen until the process starts again."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.lints.definitions import keys_of, listed
from flaglint.lints.rule import rule
from flaglint.model import Kind, Severity, Skipped
from flaglint.source import decode, is_python

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding, Reference

_AS_A_PROGRAM = re.compile(r"""if[ \t(]+(?:__name__\s*==\s*["']__main__["']|["']__main__["']\s*==\s*__name__)""")


@rule(
    code="FLG502",
    name="import-time-read",
    severity=Severity.WARNING,
    scope="file",
    needs=("read_text",),
    since="0.1",
    enabled=False,
)
def import_time_read(
    graph: FlagGraph, settings: Settings, *, read_text: Callable[[str], bytes | None]
) -> Iterator[Finding]:
    """Yield reads at the top of a module or of a class body; not what only runs when the file is the program."""
    for ref in graph.references:
        if ref.kind is not Kind.READ or ref.is_test or "at-import" not in ref.traits or _in_a_program(ref, read_text):
            continue
        keys = keys_of(ref)
        yield import_time_read.at(
            ref.span,
            key=keys[0] if keys else "",
            message=f"{listed(keys, last='or') or 'a flag'} is read when the module is loaded",
            help="read it in the function that needs it, so that a switch or a kill takes effect at once",
            confidence=ref.confidence,
            qualname=ref.qualname,
        )


def _in_a_program(ref: Reference, read_text: Callable[[str], bytes | None]) -> bool:
    """Whether a read stands below `if __name__ == "__main__":`, which no import runs."""
    data = read_text(ref.span.path) if is_python(ref.span.path) else None
    text = Skipped(ref.span.path, "") if data is None else decode(ref.span.path, data)
    if isinstance(text, Skipped):
        return False
    for line in reversed(text.lines[: ref.span.start.line]):
        if line[:1].isspace() or not line.strip() or line.startswith(("#", ")", "]", "}")):
            continue
        return _AS_A_PROGRAM.match(line) is not None
    return False
