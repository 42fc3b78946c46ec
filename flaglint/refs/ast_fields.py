"""The fields of f-strings, for interpreters before 3.12, whose `ast` gives what stands in them wrong places."""

from __future__ import annotations

from typing import NamedTuple

from flaglint.patterns import late
from flaglint.refs.ast_places import UnsureError

_START = late(r"(?i:([rbuf]{0,2}))(\"\"\"|'''|\"|')")
_PLAIN_END = {
    '"': late(r'(?:[^"\\\r\n]|\\(?:\r\n|[\s\S]))*"'),
    "'": late(r"(?:[^'\\\r\n]|\\(?:\r\n|[\s\S]))*'"),
    '"""': late(r'(?:[^"\\]|\\[\s\S]|"(?!""))*"""'),
    "'''": late(r"(?:[^'\\]|\\[\s\S]|'(?!''))*'''"),
}
_SHOWN = late(r"=[ \t]*(?=[!:}])")  # `{name=}` writes the name, too
_BETWEEN = late(r"(?:[ \t\f\r\n\\]|#[^\r\n]*)*")


class Field(NamedTuple):
    """One `{expression}`: where its expression stands, and the fields inside its format."""

    start: int
    end: int
    inner: list[Field]


def fields_of(text: str, start: int, end: int) -> list[Field]:
    """Return the fields of the string literals in `text[start:end]`; raises UnsureError where they are not clear."""
    found: list[Field] = []
    while start < end:
        opening = _START.match(text, start)
        if opening is None:
            raise UnsureError
        prefix, quote = opening.groups()
        if "f" in prefix.lower():
            start = _literal(text, opening.end(), quote, found, is_raw="r" in prefix.lower())
        else:
            ending = _PLAIN_END[quote].match(text, opening.end())
            if ending is None:
                raise UnsureError
            start = ending.end()
        between = _BETWEEN.match(text, start)
        start = between.end() if between is not None else start
    return found


def _literal(text: str, at: int, quote: str, found: list[Field], *, is_raw: bool) -> int:
    """Read an f-string from behind its quote; return where it ends."""
    while at < len(text):
        character = text[at]
        if character == quote[0] and text.startswith(quote, at):
            return at + len(quote)
        if character == "\\" and not is_raw:
            if text.startswith("\\N{", at):
                at = text.find("}", at)
                if at < 0:
                    break
            else:
                at += 1
        elif character in "{}" and text[at : at + 2] == character * 2:
            at += 1
        elif character == "{":
            at = _field(text, at + 1, found)
            continue
        at += 1
    raise UnsureError


def _field(text: str, at: int, found: list[Field]) -> int:
    """Read a field from behind its brace; return where it ends."""
    start = at
    depth = 0
    while at < len(text):
        character = text[at]
        if character in "\"'":
            quote = character * 3 if text.startswith(character * 3, at) else character
            ending = _PLAIN_END[quote].match(text, at + len(quote))
            if ending is None:
                break
            at = ending.end()
            continue
        if character in "([{":
            depth += 1
        elif depth == 0 and character in "}:!=<>":
            if text[at : at + 2] in {"!=", "==", "<=", ">="}:
                at += 1
            elif character == "=":
                shown = _SHOWN.match(text, at)
                if shown is None or "\n" in text[start:at] or "\r" in text[start:at]:
                    break
                return _rest(text, Field(start, at, []), shown.end(), found)
            elif character not in "<>":
                return _rest(text, Field(start, at, []), at, found)
        elif character in ")]}":
            depth -= 1
        at += 1
    raise UnsureError


def _rest(text: str, field: Field, at: int, found: list[Field]) -> int:
    """Read conversion and format of a field, which begin at `at`; return where it ends."""
    found.append(field)
    if text[at] == "!":
        at += 1
        while at < len(text) and text[at] not in ":}":
            at += 1
    while at < len(text) and text[at] != "}":
        if text[at] == "{":
            at = _field(text, at + 1, field.inner)
        else:
            at += 1
    return at + 1
