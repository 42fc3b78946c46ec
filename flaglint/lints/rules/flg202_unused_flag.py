"""A flag that nothing reads: dead configuration, and a switch that does nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import other_definitions, quoted
from flaglint.lints.rule import rule
from flaglint.lints.usage import Uses
from flaglint.model import Confidence, Label, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.lints.traffic import Traffic
    from flaglint.model import Finding


@rule(
    code="FLG202",
    name="unused-flag",
    severity=Severity.WARNING,
    scope="project",
    needs=("read_text", "notes", "traffic"),
    since="0.1",
)
def unused_flag(
    graph: FlagGraph,
    settings: Settings,
    *,
    read_text: Callable[[str], bytes | None],
    notes: list[str],
    traffic: Traffic | None = None,
) -> Iterator[Finding]:
    """Yield flags without a single use. A file that cannot be read at all may use any, so then nothing is said."""
    uses = Uses(graph, settings, read_text)
    if uses.unreadable:
        notes.append(f"FLG202 unused-flag was withheld: {uses.unreadable[0]} cannot be read, and may use any flag")
        return
    for flag, definitions_of_it in graph.definitions:
        usage = uses.of(flag.key)
        if usage.is_used or usage.tests or uses.may_be_hidden(flag.key):
            continue
        related = [*other_definitions(definitions_of_it, besides=flag.key_span)]
        if traffic and (evaluated := traffic.evaluated(flag.key)):
            yield unused_flag.at(
                flag.key_span,
                key=flag.key,
                message=f"`{flag.key}` was evaluated on {evaluated}, though no read was found",
                related=related,
                help="find who reads it: another repository, or a wrapper to declare in [[tool.flaglint.calls]]",
                confidence=Confidence.POSSIBLE,
                severity=Severity.INFORMATION,
            )
            continue
        mentions = [Label(ref.span, "mentioned here, but not read as far as can be told") for ref in usage.mentions]
        elsewhere = ", only mentioned" if mentions else ""
        yield unused_flag.at(
            flag.key_span,
            key=flag.key,
            message=f"`{flag.key}` is never read{elsewhere}{traffic.silence(flag.key) if traffic else ''}",
            related=[*related, *mentions, *uses.dynamic_labels()],
            help=f"remove it: flaglint remove {quoted(flag.key)}"
            if not mentions
            else "see what the mentions are for; a wrapper of your own is declared in [[tool.flaglint.calls]]",
            confidence=Confidence.LIKELY if mentions or uses.untold else Confidence.CERTAIN,
            severity=Severity.INFORMATION if mentions else None,
        )
