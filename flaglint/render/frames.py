"""A code frame: the lines of a place with their numbers, carets under what is meant, and a word about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import dataclass
from flaglint.render.sources import cells, safe, width

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.model import Span
    from flaglint.render.sources import Sources

_WIDEST = 140  # columns of code; a longer line is cut around what is meant
_BEFORE = 40  # columns kept before it
_MOST_LINES = 6  # of a place over several lines; those in the middle are left out
_NEAR = 4 * _WIDEST  # letters on either side of a place that are looked at: a line may be millions long
_CUT = "…"


@dataclass(frozen=True, slots=True)
class Style:
    """How the parts of a frame are painted, the letter that underlines, and how wide the line numbers are."""

    frame: Callable[[str], str]
    mark: Callable[[str], str]
    caret: str
    gutter: int


def frame(span: Span, label: str, sources: Sources, style: Style) -> Iterator[str]:
    """Yield the lines of a frame around `span`; none when its file cannot be shown."""
    first = sources.line(span.path, span.start.line)
    if first is None:
        return
    yield _bar(style)
    if span.end.line <= span.start.line:
        yield from _one_line(span, first, label, style)
    else:
        yield from _several_lines(span, label, sources, style)
    yield _bar(style)


def numbers_width(spans: list[Span], sources: Sources) -> int:
    """Return the width of the largest line number that frames of these places will show."""
    shown = [span for span in spans if sources.line(span.path, span.start.line) is not None]
    return max((len(str(max(span.start.line, span.end.line))) for span in shown), default=1)


def _one_line(span: Span, line: str, label: str, style: Style) -> Iterator[str]:
    start = min(span.start.column - 1, len(line))
    end = min(max(min(span.end.column - 1, len(line)), start), start + _NEAR)
    first = max(0, start - _NEAR)
    before, meant, after = _spread(line[first : end + _NEAR], start - first, end - first)
    if width(before) + width(meant) + width(after) > _WIDEST:
        before, meant, after = _cut(before, meant, after)
    yield f"{_number(span.start.line, style)}{before}{meant}{after}".rstrip()
    carets = style.caret * max(1, width(meant))
    yield _bar(style) + " " * (1 + width(before)) + style.mark(f"{carets} {label}".rstrip())


def _several_lines(span: Span, label: str, sources: Sources, style: Style) -> Iterator[str]:
    """Yield the lines of a place with a bar on their left that ends in a caret under its last character."""
    numbers = list(range(span.start.line, span.end.line + 1))
    if span.end.column == 1:
        numbers.pop()  # the place ends with the line end before
    shown = numbers if len(numbers) <= _MOST_LINES else [*numbers[:3], 0, *numbers[-2:]]
    last_cells = 1
    for number in shown:
        if not number:
            yield f"{' ' * style.gutter} {style.frame('...')}"
            continue
        line = sources.line(span.path, number) or ""
        end = min(span.end.column - 1 if number == span.end.line else len(line), len(line), _NEAR)
        _, meant, after = _spread(line[:_NEAR], 0, end)
        text = meant + after
        if width(text) > _WIDEST:
            text = _clip(text, _WIDEST)
        edge = style.mark("/" if number == span.start.line else "|")
        yield f"{_number(number, style)}{edge} {text}".rstrip()
        last_cells = max(1, min(width(meant), _WIDEST))
    yield _bar(style) + " " + style.mark("|" + "_" * last_cells + style.caret + (f" {label}" if label else ""))


def _spread(line: str, start: int, end: int) -> tuple[str, str, str]:
    """Return the line as a terminal shows it, in three: before, at and after the place."""
    parts = ["", "", ""]
    column = 0
    for index, letter in enumerate(line):
        shown = cells(letter, column)
        parts[0 if index < start else 1 if index < end else 2] += shown
        column += width(shown)
    return parts[0], parts[1], parts[2]


def _cut(before: str, meant: str, after: str) -> tuple[str, str, str]:
    if width(before) > _BEFORE:
        while width(before) > _BEFORE - 1:
            before = before[1:]
        before = _CUT + before
    room = _WIDEST - width(before)
    if width(meant) > room:
        return before, _clip(meant, room), ""
    room -= width(meant)
    return before, meant, _clip(after, room) if width(after) > room else after


def _clip(text: str, room: int) -> str:
    while width(text) > max(room - 1, 0):
        text = text[: max(room - 1, 0)] if text.isascii() else text[:-1]
    return text + _CUT


def _number(number: int, style: Style) -> str:
    return style.frame(f"{number:>{style.gutter}} |") + " "


def _bar(style: Style) -> str:
    return f"{' ' * style.gutter} {style.frame('|')}"


def place(span: Span) -> str:
    """Return `path:line:column` as it is safe to show; the path alone for a file without places."""
    path = safe(span.path)
    return f"{path}:{span.start.line}:{span.start.column}" if span.start.line else path
