"""Where the nodes of `ast` stand in their unit, in code points; `ast` counts lines, and bytes within a line."""

from __future__ import annotations

from _ast import Attribute, Await, Call, Constant, JoinedStr, List, Name, Starred, Subscript, Tuple
from bisect import bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from flaglint.patterns import late

if TYPE_CHECKING:
    from _ast import expr

_LINE_END = late(r"\r\n|\r|\n")
_BLANK = " \t\f\r\n\\"
_OPENED_BEFORE_A_COMMENT = late(r"\(\s*#")
_INNER = frozenset({Call, Subscript, Attribute, Await})
_WORDS = frozenset({str, bytes, bool, type(None)})
_SEPARATORS = frozenset({",", ":", "]", "}"})  # no parenthesis follows
_NOWHERE = (0, 0)


class UnsureError(Exception):
    """The reader of `ast` cannot say for sure what the reader of libcst would; that one is asked."""


class Places:
    """The places of the nodes that were parsed from `text`, moved by `base`."""

    def __init__(self, text: str, base: int) -> None:
        self.text = text
        self.base = base
        self.is_ascii = text.isascii()
        if "\r" in text:
            self.starts = [0, *(found.end() for found in _LINE_END.finditer(text))]
        elif "\n" in text:
            self.starts = [0, *accumulate(map((1).__add__, map(len, text.split("\n"))))]
        else:
            self.starts = [0]
        self.begins = [start + base for start in self.starts] if base else self.starts  # of lines, in the unit

    def offset(self, line: int, column: int) -> int:
        """Return the offset in `text` of a 1-based line and a 0-based column in bytes of UTF-8."""
        start = self.starts[line - 1]
        if self.is_ascii:
            return start + column
        segment = self.text[start : start + column]
        if segment.isascii():
            return start + column
        return start + len(segment.encode("utf-8", "surrogatepass")[:column].decode("utf-8", "surrogatepass"))

    def span(self, node: Any) -> tuple[int, int]:
        """Return the `[start, end)` of a node in `text`, without the parentheses around it."""
        if self.is_ascii:
            starts = self.starts
            return starts[node.lineno - 1] + node.col_offset, starts[node.end_lineno - 1] + node.end_col_offset
        return self.offset(node.lineno, node.col_offset), self.offset(node.end_lineno, node.end_col_offset)

    def place(self, node: Any) -> tuple[int, int]:
        """Return the `[start, end)` of a node in its unit."""
        if self.is_ascii:
            begins = self.begins
            return begins[node.lineno - 1] + node.col_offset, begins[node.end_lineno - 1] + node.end_col_offset
        start, end = self.span(node)
        return start + self.base, end + self.base

    def key_place(self, node: expr) -> tuple[int, int]:
        """Return where a key of a dictionary or an element of a display stands: strings and names with parentheses.

        Of `(KEY, description)` the first element stands for the pair. What can be no key has no place: `(0, 0)`.
        """
        kind = type(node)
        while (kind is Tuple or kind is List) and node.elts:  # type: ignore[attr-defined] # one of both
            first = node.elts[0]  # type: ignore[attr-defined]
            node = first.value if type(first) is Starred else first
            kind = type(node)
        if kind in _INNER:
            return self.place(node)
        if kind is Constant:
            if type(node.value) not in _WORDS:  # type: ignore[attr-defined] # a Constant
                return _NOWHERE
        elif kind is not Name and kind is not JoinedStr:
            return _NOWHERE
        start, end = self.span(node)
        if self.text[end : end + 1] not in _SEPARATORS:
            start, end = self.with_parentheses(start, end)
        return start + self.base, end + self.base

    def spread_place(self, node: expr) -> tuple[int, int]:
        """Return where `**value` in a dictionary stands, given the value."""
        start, end = self.with_parentheses(*self.span(node))
        stars = self._before(start)
        if self.text[stars - 1 : stars + 1] != "**":
            raise UnsureError
        return stars - 1 + self.base, end + self.base

    def with_parentheses(self, start: int, end: int) -> tuple[int, int]:
        """Return a stretch with the parentheses around it."""
        text = self.text
        while True:
            after = self._after(end)
            if text[after : after + 1] != ")":
                return start, end
            before = self._before(start)
            if before < 0 or text[before] != "(":
                return start, end
            start, end = before, after + 1

    def in_parentheses(self, node: Tuple) -> bool:
        """Whether the parentheses around a tuple are its own, and not those of its first element."""
        start = self.span(node)[0]
        if self.text[start] != "(":
            return False
        return not node.elts or self.with_parentheses(*self.span(node.elts[0]))[0] != start

    def starts_its_line(self, node: Any) -> bool:
        """Whether nothing but blanks stands before a statement on its line."""
        start = self.starts[node.lineno - 1]
        return not self.text[start : self.offset(node.lineno, node.col_offset)].strip()

    def _after(self, at: int) -> int:
        """Return where the next character stands that is neither blank nor in a comment."""
        text, size = self.text, len(self.text)
        while at < size and (text[at] in _BLANK or text[at] == "#"):
            if text[at] == "#":
                line = text.find("\n", at)
                at = line if line >= 0 else size
            else:
                at += 1
        return at

    def _before(self, at: int) -> int:
        """Return where the last character before `at` stands that is neither blank nor in a comment, else -1.

        Only a parenthesis or a star is looked for. Where a `#` makes it unclear what stands there, the answer is left
        to a parser.
        """
        text = self.text
        at -= 1
        while at >= 0 and text[at] in _BLANK:
            if text[at] in "\r\n":
                line_start = self.starts[bisect_right(self.starts, at) - 1]
                line = text[line_start:at].rstrip("\r\n")
                if line.lstrip().startswith("#"):
                    at = line_start - 1
                    continue
                if "#" in line:
                    if _OPENED_BEFORE_A_COMMENT.search(line) or "*" in line:
                        raise UnsureError
                    return -1
            at -= 1
        return at
