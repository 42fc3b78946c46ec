"""Which lines belong to the entry of a flag: its own comments above, deeper ones below, and the gaps around it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.registry.edit.splice import (
    Splice,
    before_line_break,
    end_of_pair,
    indentation,
    line_end,
    line_start,
    next_line,
    previous_line,
)

if TYPE_CHECKING:
    from flaglint.registry.nodes import MappingNode

_RULED_OFF = re.compile(r"#+\s*[-=*~#_]{3,}")  # a comment that heads a section, not the entry below it


def own_start(text: str, flags: MappingNode, index: int) -> int:
    """Return where an entry begins with its own comment: the lines right above it that are no deeper than its key."""
    start = line_start(text, flags.pairs[index][0].start)
    indent = indentation(text, flags)
    floor = next_line(text, end_of_pair(text, *flags.pairs[index - 1])) if index else 0
    while start > floor:
        above = previous_line(text, start)
        line = text[above:start]
        comment = line.strip()
        if not comment.startswith("#") or _RULED_OFF.match(comment) or len(line) - len(line.lstrip()) > indent:
            break
        start = above
    return start


def behind_deeper_comments(text: str, offset: int, indent: int) -> int:
    """Return where comments end that stand below an entry and deeper than its key: they are part of it."""
    end = offset
    while offset < len(text):
        line = text[offset : line_end(text, offset)]
        content = line.strip()
        if content and not (content.startswith("#") and len(line) - len(line.lstrip()) > indent):
            break
        offset = next_line(text, offset)
        if content:
            end = offset
    return end


def above_blank_lines(text: str, start: int) -> int:
    """Return where the blank lines above a line begin."""
    while start > 0 and not text[previous_line(text, start) : start].strip():
        start = previous_line(text, start)
    return start


def below_blank_lines(text: str, end: int) -> int:
    """Return where the blank lines from a line on end."""
    while end < len(text) and not text[end : line_end(text, end)].strip():
        end = next_line(text, end)
    return end


def lines_of_run(text: str, flags: MappingNode, first: int, last: int) -> Splice:
    """Return the deletion of neighbouring entries: their comments, their lines, and one of the gaps around them."""
    start = own_start(text, flags, first)
    end = next_line(text, end_of_pair(text, *flags.pairs[last]))
    end = behind_deeper_comments(text, end, indentation(text, flags))
    is_last = last == len(flags.pairs) - 1
    above = above_blank_lines(text, start)
    if is_last:
        start = above
    elif above < start or first == 0:
        end = below_blank_lines(text, end)
    if end == len(text) and not text.endswith(("\n", "\r")) and start > 0:
        start = before_line_break(text, start)
    return Splice(start, end, "")
