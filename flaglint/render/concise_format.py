"""One line per finding, as compilers print them and editors link them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.render.frames import place
from flaglint.render.paint import Paint
from flaglint.render.sources import safe

if TYPE_CHECKING:
    from flaglint.config import Settings
    from flaglint.model import CheckResult
    from flaglint.render.sources import Sources


def render(result: CheckResult, settings: Settings, sources: Sources, *, color: bool) -> str:  # noqa: ARG001 - as every format
    """Return `path:line:column: severity CODE message` for each finding, and the help after it where there is one."""
    paint = Paint(color=color)
    lines = []
    for finding in result.findings:
        word = paint.severity(finding.severity, finding.severity.word)
        advice = f" ({safe(finding.help)})" if finding.help else ""
        lines.append(f"{place(finding.primary)}: {word} {paint.bold(finding.code)} {safe(finding.message)}{advice}\n")
    return "".join(lines)
