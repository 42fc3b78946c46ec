"""String literals in Python that equal a key and are no reference otherwise: a constant, an entry of a list, a payload.

A mention says that the key stands there as a whole string, and nothing of what is done with it. Comments, docstrings
and longer strings that hold the key are none.
"""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from flaglint.model import Confidence, Kind, Literal, Reference, Skipped, Span
from flaglint.refs.outline import outline
from flaglint.refs.screen import Screen
from flaglint.refs.tests import is_test
from flaglint.source import decode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from flaglint.source import Text


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
        yield from _in_text(text, hits, places.get(path, []))


def _in_text(text: Text, hits: Mapping[str, list[int]], taken: list[Span]) -> Iterator[Reference]:
    strings = outline(text.text).strings
    starts = [start for start, _ in strings]
    in_test = is_test(text.path, text.text)
    found = sorted((text.char_offset(at), quoted) for quoted, offsets in hits.items() for at in offsets)
    for offset, quoted in found:
        index = bisect_right(starts, offset) - 1
        if index < 0:
            continue
        start, end = strings[index]
        prefix = text.text[start:offset]
        if end != offset + len(quoted) or prefix.lower() not in {"", "r", "u"}:
            continue
        span = Span(text.path, text.position(start), text.position(end))
        if any(place.start <= span.start and span.end <= place.end for place in taken):
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
