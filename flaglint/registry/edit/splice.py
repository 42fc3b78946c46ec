"""Changing one pair of a mapping in a text, by the places of its nodes: every other character stays.

A splice replaces the characters `[start, end)` of the text. Those of one change do not overlap.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.errors import EditError
from flaglint.records import dataclass
from flaglint.registry.nodes import MappingNode, ScalarNode, SequenceNode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.registry.nodes import Node

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True, order=True)
class Splice:
    """Replace the characters `[start, end)` by `text`."""

    start: int
    end: int
    text: str


def line_start(text: str, offset: int) -> int:
    """Return where the line that holds a character begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Return where the line that holds a character ends, before its line break."""
    found = _LINE_END.search(text, offset)
    return found.start() if found else len(text)


def next_line(text: str, offset: int) -> int:
    """Return where the line after the one that holds a character begins, or the end of the text."""
    found = _LINE_END.search(text, offset)
    return found.end() if found else len(text)


def before_line_break(text: str, start: int) -> int:
    """Return where the line before the one that begins at `start` ends; 0 for the first."""
    return max(start - (2 if text[max(start - 2, 0) : start] == "\r\n" else 1), 0)


def previous_line(text: str, start: int) -> int:
    """Return where the line before the one that begins at `start` begins."""
    return line_start(text, before_line_break(text, start))


def line_break(text: str) -> str:
    """Return the line break that a text uses: its first."""
    found = _LINE_END.search(text)
    return found[0] if found else "\n"


def indentation(text: str, mapping: MappingNode) -> int:
    """Return in which column (0-based) the keys of a mapping in block style stand."""
    start = mapping.pairs[0][0].start
    return start - line_start(text, start)


def end_of_pair(text: str, key: Node, value: Node) -> int:
    """Return the end of the last line of a pair; the blank lines that `|+` keeps belong to it."""
    last = value if value.end > key.end else key
    while isinstance(last, MappingNode | SequenceNode) and not last.flow:
        last = last.pairs[-1][1] if isinstance(last, MappingNode) else last.items[-1]
    end = line_end(text, max(last.end, key.end))
    if (
        isinstance(last, ScalarNode)
        and last.style in {"|", ">"}
        and "+" in text[last.start : line_end(text, last.start)]
    ):
        while end < len(text) and not text[next_line(text, end) : line_end(text, next_line(text, end))].strip():
            if next_line(text, end) >= len(text):
                break
            end = line_end(text, next_line(text, end))
    return end


def insert_pair(text: str, mapping: MappingNode, pair: str, after: int, opening: Node) -> list[Splice]:
    """Insert `key: value` behind the pair with this index, or in front of all for -1.

    `opening` is the key that the mapping itself stands under. Lines of `pair` after the first are indented already.
    """
    if mapping.flow:
        return _insert_into_flow(text, mapping, pair, after)
    indent = " " * indentation(text, mapping)
    end = line_end(text, opening.end) if after < 0 else end_of_pair(text, *mapping.pairs[after])
    return [Splice(end, end, line_break(text) + indent + pair)]


def _insert_into_flow(text: str, mapping: MappingNode, pair: str, after: int) -> list[Splice]:
    if not mapping.pairs:
        inside = mapping.end - 1
        if text[mapping.start + 1 : inside].strip():
            raise EditError("there is a comment in these empty brackets, so nothing can be put between them")
        return [Splice(mapping.start + 1, inside, pair)]
    first = mapping.pairs[0][0]
    start = line_start(text, first.start)
    has_own_lines = not text[start : first.start].strip()
    between = line_break(text) + text[start : first.start] if has_own_lines else " "
    if after < 0:
        return [Splice(first.start, first.start, f"{pair},{between}")]
    end = max(node.end for node in mapping.pairs[after])
    comma = end + len(text[end:]) - len(text[end:].lstrip(" \t"))
    has_comma = text[comma : comma + 1] == ","
    rest = comma + 1 if has_comma else end
    stop = line_end(text, rest)
    if has_own_lines and stop < mapping.end and text[rest:stop].strip()[:1] in {"", "#"}:
        if has_comma:
            return [Splice(stop, stop, f"{between}{pair},")]
        if stop > end:  # a comment follows, and stays on its line
            return [Splice(end, end, ","), Splice(stop, stop, between + pair)]
    if has_comma:
        return [Splice(rest, rest, f" {pair},")]
    return [Splice(end, end, f",{between}{pair}")]


def replace_value(text: str, key: Node, value: Node, new: str) -> list[Splice]:
    """Put another value, of one line, behind a key. A comment on the line of the key stays there."""
    if value.end <= key.end or value.start == value.end:
        colon = text.find(":", key.end)
        return [Splice(colon + 1, colon + 1, " " + new)]
    if line_start(text, value.start) == line_start(text, key.start):
        if isinstance(value, ScalarNode) and value.style in {"|", ">"}:
            head = line_end(text, value.start)  # a comment may follow the `|`
            indicator = value.start + len(text[value.start : head].split(maxsplit=1)[0])
            return [Splice(value.start, indicator, new), Splice(head, value.end, "")]
        return [Splice(value.start, value.end, new)]
    colon = text.find(":", key.end)
    return [Splice(colon + 1, colon + 1, " " + new), Splice(line_end(text, colon), line_end(text, value.end), "")]


def delete_pair(text: str, mapping: MappingNode, index: int) -> list[Splice]:
    """Take one of several pairs out: its lines, or in flow style the pair with its comma."""
    key, value = mapping.pairs[index]
    if len(mapping.pairs) == 1:
        raise ValueError("the last pair of a mapping goes with the mapping")
    end = max(key.end, value.end)
    if mapping.flow:
        return _delete_from_flow(text, mapping, index, end)
    start = line_start(text, key.start)
    if text[start : key.start].strip():
        raise EditError("this pair does not begin its line, so it cannot be taken out by itself")
    stop = next_line(text, end_of_pair(text, key, value))
    if stop == len(text) and not text.endswith(
        ("\n", "\r")
    ):  # no line break at the end of the file: take the one before
        return [Splice(before_line_break(text, start), stop, "")]
    return [Splice(start, stop, "")]


def _delete_from_flow(text: str, mapping: MappingNode, index: int, end: int) -> list[Splice]:
    key = mapping.pairs[index][0]
    comma = text.find(",", end, mapping.end)
    if index < len(mapping.pairs) - 1:
        following = mapping.pairs[index + 1][0].start
        between = text[comma + 1 : following]
        stop = following if not between.strip() and "\n" not in between else comma + 1
        return _with_own_line(text, Splice(key.start, stop, ""))
    before_key, before_value = mapping.pairs[index - 1]
    before = max(before_key.end, before_value.end)
    if not text[before : key.start].strip(", \t"):
        return [Splice(before, end, "")]
    comma_before = text.find(",", before, key.start)
    return [Splice(comma_before, comma_before + 1, ""), *_with_own_line(text, Splice(key.start, end, ""))]


def _with_own_line(text: str, splice: Splice) -> list[Splice]:
    """Widen a deletion to its whole line when nothing but a comment on it stands there."""
    start = line_start(text, splice.start)
    rest = text[splice.end : line_end(text, splice.end)].strip()
    if text[start : splice.start].strip() or (rest and not rest.startswith("#")):
        return [splice]
    return [Splice(start, next_line(text, splice.end), "")]


def apply(text: str, splices: Sequence[Splice]) -> str:
    """Return the text with all splices made; raises ValueError when two overlap."""
    pieces, last = [], 0
    for splice in sorted(splices):
        if splice.start < last:
            raise ValueError("two splices overlap")
        pieces += [text[last : splice.start], splice.text]
        last = splice.end
    return "".join([*pieces, text[last:]])


def at_the_end(text: str, block: str) -> list[Splice]:
    """Put lines behind all others; a text without a line break at its end gets none there."""
    lines = line_break(text)
    before = lines if text and not text.endswith(("\n", "\r")) else ""
    return [Splice(len(text), len(text), f"{before}{block}{'' if before else lines}")]
