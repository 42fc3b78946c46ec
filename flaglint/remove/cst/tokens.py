"""What the interpreter's own tree leaves out: where strings and comments end, and which parenthesis closes which."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.patterns import late
from flaglint.refs.ast_places import UnsureError

if TYPE_CHECKING:
    from collections.abc import Iterator

_LITERAL = (
    r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+"""'
    r"|'''(?:[^'\\]|\\[\s\S]|'(?!''))*+'''"
    r'|"(?:[^"\\\r\n]|\\(?:\r\n|[\s\S]))*+"'
    r"|'(?:[^'\\\r\n]|\\(?:\r\n|[\s\S]))*+'"
)
_TOKEN = late(rf"{_LITERAL}|\#[^\r\n]*+|[()]")
_LINES = late(rf"{_LITERAL}|\#[^\r\n]*+|\\(?:\r\n|\r|\n)|[()\[\]{{}}\r\n]")
_NOTHING = late(r"(?:[ \t\f\r\n\\]++|\#[^\r\n]*+)++")
_BLANK = frozenset(" \t\f\r\n\\#")


class Tokens:
    """The strings, comments and parentheses of a text that the interpreter reads."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.opening: dict[int, int] = {}  # where the parenthesis opens that closes there
        self.closing: dict[int, int] = {}
        self.string_ends: dict[int, int] = {}  # by the place of the first quote
        self.comments: list[int] = []
        opened: list[int] = []
        for found in _TOKEN.finditer(text):
            start = found.start()
            character = text[start]
            if character == "(":
                opened.append(start)
            elif character == ")":
                if not opened:
                    raise UnsureError
                self.opening[start] = opened[-1]
                self.closing[opened.pop()] = start
            elif character == "#":
                self.comments.append(start)
            else:
                self.string_ends[start] = found.end()

    def after(self, at: int) -> int:
        """Return where the next character stands that is neither blank nor in a comment, or where the text ends."""
        if self.text[at : at + 1] in _BLANK:
            found = _NOTHING.match(self.text, at)
            return found.end() if found is not None else at
        return at

    def word(self, at: int, word: str) -> int:
        """Return where `word` begins, which is what comes next from `at` on; raises UnsureError when it is not."""
        start = self.after(at)
        if not self.text.startswith(word, start):
            raise UnsureError
        return start

    def literals(self, start: int, end: int) -> Iterator[tuple[int, int, int]]:
        """Yield the string literals from `start` to `end`: where each begins, where its first quote is, where it ends.

        Raises UnsureError when there is something else among them.
        """
        while True:
            quote = start
            while self.text[quote] not in "\"'":
                quote += 1
                if quote - start > 2:  # letters of the prefix
                    raise UnsureError
            stop = self.string_ends.get(quote, -1)
            if not start < stop <= end:
                raise UnsureError
            yield start, quote, stop
            if stop == end:
                return
            start = self.after(stop)
            if start >= end:
                raise UnsureError


def goes_over_lines(source: str) -> bool:
    """Whether an expression goes over a line end outside of all brackets and strings."""
    depth = 0
    for found in _LINES.finditer(source):
        character = found[0][0]
        if character in "([{":
            depth += 1
        elif character in ")]}":
            depth -= 1
        elif character in "\r\n" and not depth:
            return True
    return False
