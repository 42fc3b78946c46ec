"""The strings, brackets and logical lines of Python, told apart without a parser.

What is usual is passed over by one regular expression, a whole statement with what is indented below it at a time. What
it does not know (a string inside a field of an f-string that has its quotes, brackets in brackets in brackets) is read
token by token, and so is a text that is too short for the expression to pay for being compiled.
"""

from __future__ import annotations

import re
import sys
from typing import NamedTuple

from flaglint.patterns import late

_PLAIN_END = {
    '"': late(r'(?:[^"\\\r\n]|\\(?:\r\n|[\s\S]))*+"'),
    "'": late(r"(?:[^'\\\r\n]|\\(?:\r\n|[\s\S]))*+'"),
    '"""': late(r'(?:[^"\\]|\\[\s\S]|"(?!""))*+"""'),
    "'''": late(r"(?:[^'\\]|\\[\s\S]|'(?!''))*+'''"),
}
_PREFIXES = frozenset({"r", "b", "u", "f", "t", "br", "rb", "fr", "rf", "tr", "rt"})
# What ends no logical line and opens nothing is passed over in one go: many times faster than token by token.
_NO_FORMAT = r"(?<![fFtT])(?<![fFtT][rR])"
_STRINGS = rf"{_NO_FORMAT}\"[^\"\\\r\n]*+\"(?!\")|{_NO_FORMAT}'[^'\\\r\n]*+'(?!')|\#[^\r\n]*+"
_PAIRS = r"\([^\"'\#()\[\]{}\\\r\n]*+\)|\[[^\"'\#()\[\]{}\\\r\n]*+\]"
_JOINED = r"\\(?:\r\n|\r|\n)"
_ON_A_LINE = late(rf"(?:[^\"'\#()\[\]{{}}\\\r\n]++|{_PAIRS}|{_STRINGS}|{_JOINED})*+")
_IN_BRACKETS = late(rf"(?:[^\"'\#()\[\]{{}}\\]++|{_PAIRS}|{_STRINGS}|{_JOINED})*+")
MAX_DEPTH = 200  # CPython's own limit on nested brackets; libcst would overflow the stack far above it


class OutlineError(ValueError):
    """The text cannot be cut: an unterminated string, or brackets that do not match, in the line at `line_start`."""

    def __init__(self, message: str, offset: int, line_start: int) -> None:
        super().__init__(message)
        self.offset = offset
        self.line_start = line_start


def _string(quote: str, other: str) -> str:
    """Return what matches a string from its quote on: any plain one, and an f-string with none of its quotes inside."""
    single = rf"(?!{quote}{quote})(?:[^{quote}\\\r\n]++|\\(?:\r\n|[\s\S]))*+{quote}"
    triple = rf"{quote}{quote}(?:[^{quote}\\]++|\\[\s\S]|{quote}(?!{quote}{quote}))*+{quote}{quote}{quote}"
    nested = rf"{other}(?!{other}{other})[^\"'\\\r\n]*+{other}"
    field = rf"\{{(?:\{{|(?:[^{{}}\"'\\\r\n]++|{nested})*+\}})"
    fields = rf"(?!{quote}{quote})(?:[^{quote}\\{{\r\n]++|\\[^\r\n]|{field})*+{quote}"
    is_plain = rf"(?<![fFtT]{quote})(?<![fFtT][rR]{quote})"
    is_format = rf"(?:(?<=[fFtT]{quote})|(?<=[fFtT][rR]{quote}))"
    return rf"{quote}{is_plain}(?:{single}|{triple})|{quote}{is_format}{fields}"


def _bracketed(depth: int) -> str:
    inner = f"{_bracketed(depth - 1)}|" if depth > 1 else ""
    return rf"[(\[{{](?:[^\"'\#()\[\]{{}}\\]++|{inner}{_ANY_STRING}|\#[^\r\n]*+|\\)*+[)\]}}]"


_ANY_STRING = f"{_string(chr(34), chr(39))}|{_string(chr(39), chr(34))}"
_LINE_END = r"(?:\r\n?+|\n)"
_NOTHING = r"[ \t\f]*+(?:\#[^\r\n]*+)?+"
_CONTENT = rf"(?:[^\"'\#()\[\]{{}}\\\r\n]++|{_bracketed(4)}|{_ANY_STRING}|\#[^\r\n]*+|\\(?:\r\n|\r|\n)?+)*+"
_BELOW = rf"(?:{_LINE_END}{_NOTHING}(?=[\r\n]))*+{_LINE_END}\1[ \t]++(?=[^\#\r\n\f]){_CONTENT}(?=[\r\n]|\Z)"
# A logical line and what is indented below it; of a class at the left margin the line alone. Groups: its indentation,
# its first word (either of two), and an empty one where it ends, which is missing where a token is not known.
STATEMENT = late(rf"([ \t\f]*+)((?<![ \t\f])class\b)?+(\w*+){_CONTENT}(?:(?=[\r\n]|\Z)()(?(2)|(?:{_BELOW})*+))?+")
BEGINNING = re.compile(r"([ \t\f]*+)((?<![ \t\f])class\b)?+(\w*+)(?:(?!)())?+")  # what `STATEMENT` finds of none
BLANK_LINES = re.compile(rf"(?:{_NOTHING}{_LINE_END})*+(?:{_NOTHING}\Z)?+")
_STRING_OR_COMMENT = late(rf"\#[^\r\n]*+|{_ANY_STRING}|\"|'")
_PAYS_FROM = 300_000  # characters from which on `STATEMENT` pays for being compiled: 10 ms
_MATCHES_EXACTLY = sys.version_info >= (3, 11, 5)  # before, a possessive repetition kept a part of its last attempt
_read = 0


def pays(size: int) -> bool:
    """Whether this run reads so much text, with another one of so many characters, that `STATEMENT` pays."""
    global _read  # noqa: PLW0603 - of the process, as the compiled expression is
    _read += size
    return _read >= _PAYS_FROM and _MATCHES_EXACTLY


def make_ready() -> None:
    """Compile `STATEMENT` ahead, and take it from now on: once, and not in each process that reads much."""
    global _read  # noqa: PLW0603 - of the process, as in `pays`
    if _MATCHES_EXACTLY:
        STATEMENT.match("")
        _read = _PAYS_FROM


def logical_line_end(text: str, line_start: int) -> int:
    """Return where the logical line that begins at `line_start` ends, before its line end.

    Raises OutlineError when a string or a bracket in it is never closed, or brackets do not match.
    """
    depth = 0
    position = line_start
    size = len(text)
    while position < size:
        run = (_IN_BRACKETS if depth else _ON_A_LINE).match(text, position)
        position = run.end() if run is not None else position
        if position >= size:
            break
        character = text[position]
        if character in "\r\n":
            return position
        if character in "([{":
            depth += 1
            if depth > MAX_DEPTH:
                raise OutlineError(f"brackets nest deeper than {MAX_DEPTH}", position, line_start)
            position += 1
        elif character in ")]}":
            depth -= 1
            if depth < 0:
                raise OutlineError(f"unmatched `{character}`", position, line_start)
            position += 1
        elif character in "\"'":
            start = _prefix_start(text, position)
            ending = _string_end(text, start, position)
            if ending is None:
                raise OutlineError("a string is never closed", start, line_start)
            position = ending
        else:
            position += 1  # a backslash that continues no line
    if depth:
        raise OutlineError("a bracket is never closed", line_start, line_start)
    return size


class Stretches(NamedTuple):
    """The stretches of a text that are strings, and those that are comments, in order."""

    strings: list[tuple[int, int]]
    comments: list[tuple[int, int]]

    def add(self, text: str, start: int, stop: int) -> None:
        """Add those of `text[start:stop]`, up to the first that does not end there."""
        while (item := _STRING_OR_COMMENT.search(text, start, stop)) is not None:
            opening, start = item.span()
            if text[opening] == "#":
                self.comments.append((opening, start))
                continue
            begin = _prefix_start(text, opening)
            ending = start if start > opening + 1 else _string_end(text, begin, opening)
            if ending is None or ending > stop:
                break
            self.strings.append((begin, ending))
            start = ending


def _prefix_start(text: str, quote: int) -> int:
    """Return where a string begins whose quote stands at `quote`: its prefix counts."""
    for size in (2, 1):
        if quote >= size and text[quote - size : quote].lower() in _PREFIXES:
            return quote - size
    return quote


def _string_end(text: str, start: int, opening: int) -> int | None:
    """Return where the string ends whose prefix stands at `start` and whose quote at `opening`."""
    character = text[opening]
    quote = character * 3 if text.startswith(character * 3, opening) else character
    prefix = text[start:opening].lower()
    if "f" in prefix or "t" in prefix:
        return _format_string_end(text, opening + len(quote), quote, raw="r" in prefix)
    ending = _PLAIN_END[quote].match(text, opening + len(quote))
    return ending.end() if ending is not None else None


def _format_string_end(text: str, position: int, quote: str, *, raw: bool) -> int | None:
    """Return where an f-string ends; since Python 3.12 its fields may hold any string, also with the same quote."""
    size = len(text)
    depth = 0
    while position < size:
        character = text[position]
        if depth == 0 and text.startswith(quote, position):
            return position + len(quote)
        if character == "\\" and (not raw or depth == 0):
            position += 2
            continue
        if character == "{":
            if depth == 0 and text.startswith("{{", position):
                position += 2
                continue
            depth += 1
        elif character == "}":
            depth = max(0, depth - 1)
        elif depth and character in "\"'":
            nested = _nested_string_end(text, position, quote)
            if nested is None:
                return position + len(quote)
            position = nested
            continue
        elif character in "\r\n" and len(quote) == 1 and depth == 0:
            break
        position += 1
    return None


def _nested_string_end(text: str, position: int, quote: str) -> int | None:
    """Return where the string inside a field ends, or None when the quote closes the f-string itself."""
    triple = text[position : position + 3]
    own = triple if triple in _PLAIN_END else text[position]
    ending = _PLAIN_END[own].match(text, position + len(own))
    if ending is not None:
        return ending.end()
    return None if text.startswith(quote, position) else position + 1
