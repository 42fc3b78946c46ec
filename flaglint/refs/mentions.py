"""String literals in Python that equal a key and are no reference otherwise: a constant, an entry of a list, a payload.

A mention says that the key stands there as a whole string, and nothing of what is done with it. Comments, docstrings
and longer strings that hold the key are none.
"""

from __future__ import annotations

from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

from flaglint.model import Confidence, Kind, Literal, Reference, Skipped, Span
from flaglint.patterns import late
from flaglint.refs.screen import Screen
from flaglint.source import decode, positions_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from flaglint.model import Position
    from flaglint.refs.outline import Outline
    from flaglint.source import Text

_NOTHING_BETWEEN = late(r"(?:[ \t\f\r\n]|\\(?=[\r\n])|#[^\r\n]*)*")
_LINE_GOES_ON = late(r"(?:[ \t\f]|\\\r?\n)*")
_GOES_ON = late(r"[(\[{,=+\-*/%|&<>\\]\s*\Z|\b(?:return|and|or|not|in|is|if|else|yield|await|lambda)\s*\Z")
_HEADER = late(r"\s*(?:async\s+def|def|class)\b|.*\)\s*(?:->.*)?:\s*\Z")
_PREFIXES = frozenset({b"r", b"R", b"u", b"U"})
_WINDOW = 400  # characters looked back and ahead for what a string is joined to


def find_mentions(files: Mapping[str, bytes], keys: Collection[str], taken: Sequence[Reference]) -> Iterator[Reference]:
    """Yield the mentions of `keys` in the Python `files`, outside the places of the references `taken`."""
    screen = Screen(f"{quote}{key}{quote}" for key in keys for quote in "\"'")
    places: dict[str, list[Span]] = {}
    for reference in taken:
        places.setdefault(reference.span.path, []).append(reference.span)
    for path, data in files.items():
        hits = screen.hits(data)
        if not hits:
            continue
        text = decode(path, data)
        if isinstance(text, Skipped):
            continue
        around = _Taken(places.get(path, []))
        if free := _outside(text, hits, around):
            yield from _in_text(text, free, around)


class _Taken:
    """The places of a file that references stand at."""

    def __init__(self, spans: Sequence[Span]) -> None:
        places = sorted((_pair(span.start), _pair(span.end)) for span in spans)
        self._begins = [begin for begin, _ in places]
        self._reached = list(accumulate((end for _, end in places), max))  # by those that begin before

    def holds(self, start: tuple[int, int], end: tuple[int, int]) -> bool:
        """Whether one of them holds all from `start` to `end`."""
        begun = bisect_right(self._begins, start)
        return begun > 0 and self._reached[begun - 1] >= end


def _outside(text: Text, hits: Mapping[str, list[int]], taken: _Taken) -> list[tuple[int, str]]:
    """Return the quoted keys that do not surely stand inside of a place that is taken, sorted, each with its offset.

    Most do, and where all of a file do, its strings need not be found.
    """
    found = sorted((at, quoted) for quoted, offsets in hits.items() for at in offsets)
    stand = positions_in(text, sorted({place for at, quoted in found for place in (at, at + len(quoted.encode()))}))
    free = []
    for at, quoted in found:
        line, column = _pair(stand[at])
        if text.data[at - 1 : at] in _PREFIXES:  # the string begins there, if it is one
            column -= 1
        if not taken.holds((line, column), _pair(stand[at + len(quoted.encode())])):
            free.append((text.char_offset(at), quoted))
    return free


def _pair(position: Position) -> tuple[int, int]:
    return position.line, position.column


def _in_text(text: Text, found: list[tuple[int, str]], taken: _Taken) -> Iterator[Reference]:
    from flaglint.refs.outline import outline
    from flaglint.refs.tests import is_test

    outlined = outline(text.text)
    strings = outlined.strings
    starts = [start for start, _ in strings]
    in_test = is_test(text.path, text.text)
    for offset, quoted in found:
        index = bisect_right(starts, offset) - 1
        if index < 0:
            continue
        start, end = strings[index]
        prefix = text.text[start:offset]
        if end != offset + len(quoted) or prefix.lower() not in {"", "r", "u"}:
            continue
        if _is_joined(text.text, outlined, index) or _stands_alone(text, start, end):
            continue
        span = Span(text.path, text.position(start), text.position(end))
        if taken.holds(_pair(span.start), _pair(span.end)):
            continue
        yield Reference(
            key=Literal(quoted[1:-1]),
            span=span,
            kind=Kind.MENTION,
            role="string",
            via=("literal",),
            confidence=Confidence.POSSIBLE,
            is_test=in_test,
        )


def _is_joined(code: str, outlined: Outline, index: int) -> bool:
    """Whether a string is a part of a longer one: beside another one, or added to something."""
    strings = outlined.strings
    start, end = strings[index]
    for first in {max(index - 1, 0), min(index, len(strings) - 2)} if len(strings) > 1 else ():
        between = strings[first][1], strings[first + 1][0]
        if _NOTHING_BETWEEN.fullmatch(code, *between) and (
            _LINE_GOES_ON.fullmatch(code, *between) or _is_in_brackets(code, outlined, between[0])
        ):
            return True
    before = code[max(0, start - _WINDOW) : start].rstrip(" \t\r\n\\")
    after = code[end : end + _WINDOW].lstrip(" \t\r\n\\")
    return before.endswith("+") or after.startswith(("+", "%"))


def _is_in_brackets(code: str, outlined: Outline, at: int) -> bool:
    """Whether a statement goes on in the next line because a bracket is open: else what is there describes it."""
    depth = position = 0
    for start, end in sorted([*outlined.strings, *outlined.comments, (at, at)]):
        depth += sum(code.count(bracket, position, start) for bracket in "([{")
        depth -= sum(code.count(bracket, position, start) for bracket in ")]}")
        if start >= at:
            break
        position = end
    return depth > 0


def _stands_alone(text: Text, start: int, end: int) -> bool:
    """Whether a string is a statement of its own: a docstring, or a remark."""
    first, last = text.position(start), text.position(end)
    lines = text.lines
    rest = lines[last.line - 1][last.column - 1 :].strip()
    if lines[first.line - 1][: first.column - 1].strip() or (rest and not rest.startswith("#")):
        return False
    before = (lines[number].strip() for number in range(first.line - 2, -1, -1))
    above = next((line for line in before if line and line[0] != "#"), "")
    above = above.partition("  #")[0].rstrip()
    return bool(_HEADER.match(above)) if above.endswith(":") else not _GOES_ON.search(above)
