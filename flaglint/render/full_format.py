"""For people: each finding with the code it is about, the registry's side of it, and the next command."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flaglint.lints import catalogue
from flaglint.render.frames import Style, frame, numbers_width, place
from flaglint.render.paint import Paint
from flaglint.render.sources import safe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.model import CheckResult, Finding, Label
    from flaglint.render.sources import Sources

_MOST_FRAMES = 2  # related places with a frame; the others are listed
_MOST_LISTED = 8


def render(result: CheckResult, settings: Settings, sources: Sources, *, color: bool) -> str:  # noqa: ARG001 - as every format
    """Return every finding as a block, with an empty line after it."""
    paint = Paint(color=color)
    names = {entry.code: entry.name for entry in catalogue.entries()}
    return "".join(
        line + "\n"
        for finding in result.findings
        for line in _block(finding, names.get(finding.code, ""), sources, paint)
    )


def _block(finding: Finding, name: str, sources: Sources, paint: Paint) -> Iterator[str]:
    framed, listed = _split(finding, sources)
    gutter = numbers_width([finding.primary, *(label.span for label in framed)], sources)
    head = paint.severity(finding.severity, f"{finding.severity.word}[{finding.code}]")
    yield f"{head} {paint.bold(f'{name}: {safe(finding.message)}')}"
    yield f"{' ' * gutter}{paint.frame('-->')} {place(finding.primary)}"
    mark = partial(paint.severity, finding.severity)
    yield from frame(finding.primary, "", sources, Style(paint.frame, mark, "^", gutter))
    for label in framed:
        yield f"{' ' * gutter}{paint.frame(':::')} {place(label.span)}"
        yield from frame(label.span, safe(label.message), sources, Style(paint.frame, paint.related, "-", gutter))
    for line in _notes(listed):
        yield f"{' ' * gutter} {paint.frame('=')} {paint.bold('note:')} {line}"
    if finding.help:
        yield f"{' ' * gutter} {paint.frame('=')} {paint.help('help:')} {safe(finding.help)}"
    yield ""


def _split(finding: Finding, sources: Sources) -> tuple[list[Label], list[Label]]:
    """Return (labels to show with code, labels to list); those in other files, such as the registry, come first."""
    visible = [label for label in finding.related if sources.line(label.span.path, label.span.start.line) is not None]
    ordered = sorted(visible, key=lambda label: label.span.path == finding.primary.path)
    framed = ordered[:_MOST_FRAMES]
    return framed, [label for label in finding.related if label not in framed]


def _notes(labels: list[Label]) -> Iterator[str]:
    for label in labels[:_MOST_LISTED]:
        yield f"{safe(label.message)}: {place(label.span)}"
    if len(labels) > _MOST_LISTED:
        rest = len(labels) - _MOST_LISTED
        yield f"and {rest} more place{'' if rest == 1 else 's'}"
