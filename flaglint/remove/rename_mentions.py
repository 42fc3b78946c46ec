"""Strings that equal a key outside of every reference: which of them a rename takes for the key, and which are left."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from flaglint.model import Kind, Skipped, Span
from flaglint.refs.mentions import find_mentions
from flaglint.refs.occurrences import is_distinctive
from flaglint.refs.outline import outline
from flaglint.remove.inside import named_in
from flaglint.remove.outcome import Leftover
from flaglint.source import decode

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from flaglint.model import Reference
    from flaglint.refs.outline import Unit
    from flaglint.source import Text

_NAMED = ("wrapper ", "constant ", "enum ", "class attribute ")


def mentions(
    files: Mapping[str, bytes], key: str, references: Sequence[Reference], unspelled: Sequence[Reference]
) -> Iterator[tuple[Reference, bool]]:
    """Yield the strings that are the key and no part of a reference, and whether a reference gets its key from it.

    `unspelled` are the references of the key that do not spell it themselves. A string of which that is not seen is
    yielded as well, when the key is so distinctive that it can hardly be anything else.
    """
    code = tuple(ref for ref in references if ref.kind not in {Kind.MENTION, Kind.TEXT})
    names = {step.rpartition(" ")[2].rpartition(".")[2] for ref in unspelled for step in ref.via}
    certain = is_distinctive(key)
    for mention in find_mentions(files, (key,), code):
        text = decode(mention.span.path, files[mention.span.path])
        if isinstance(text, Skipped):
            continue
        around = _units_around(text, text.offset(mention.span.start))
        bound = {name for unit in around for name in unit.names or ()}
        feeds = bool(bound & names) or any(_holds(text, around, ref) for ref in unspelled if not _is_named(ref))
        if feeds or certain:
            yield mention, feeds


def _units_around(text: Text, offset: int) -> list[Unit]:
    units = outline(text.text).units
    found = []
    while units:
        index = bisect_right([unit.start for unit in units], offset) - 1
        if index < 0 or units[index].end < offset:
            break
        found.append(units[index])
        units = units[index].members
    return found


def _is_named(reference: Reference) -> bool:
    """Whether a reference gets its key from something that has a name of its own elsewhere."""
    return any(step.startswith(_NAMED) for step in reference.via)


def _holds(text: Text, around: Sequence[Unit], reference: Reference) -> bool:
    """Whether a reference stands in the innermost unit around a string."""
    if reference.span.path != text.path or not around:
        return False
    return around[-1].start <= text.offset(reference.span.start) <= around[-1].end


def texts(
    files: Mapping[str, bytes], key: str, edited: Mapping[str, Collection[tuple[int, int]]]
) -> Iterator[Leftover]:
    """Yield the comments and strings of Python files that name the key and were not `edited`, by character offsets.

    A key that is one plain word is looked for as a whole string alone: in prose it is mostly something else.
    """
    named = named_in(key)
    for path, data in files.items():
        text = decode(path, data)
        if isinstance(text, Skipped):
            continue
        cut = outline(text.text)
        places = edited.get(path, ())
        for stretches, what in ((cut.comments, "a comment"), (cut.strings, "a string")):
            for start, end in stretches:
                for found in named.finditer(text.text, start, end):
                    if any(first <= found.start() < last for first, last in places):
                        continue
                    span = Span(path, text.position(found.start()), text.position(found.end()))
                    sentence = f"{what} names `{key}`; it was not rewritten"
                    if what == "a string" and text.text[start:end].strip("rRuU\"'") == key:
                        sentence = f"no read is seen to get its key from this string `{key}`; it was not rewritten"
                    yield Leftover(span, "named-elsewhere", sentence, key)
