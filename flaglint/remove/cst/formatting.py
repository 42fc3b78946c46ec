"""The parts of an f-string: where its texts and its fields stand."""

from __future__ import annotations

from typing import NamedTuple

from flaglint.patterns import late
from flaglint.refs.ast_places import UnsureError

_STRING = late(
    r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*+"""'
    r"|'''(?:[^'\\]|\\[\s\S]|'(?!''))*+'''"
    r'|"(?:[^"\\\r\n]|\\[\s\S])*+"'
    r"|'(?:[^'\\\r\n]|\\[\s\S])*+'"
)
_SHOWN = late(r"=[ \t]*(?=[!:}])")  # `{name=}` writes the name, too
_TWO = frozenset({"!=", "==", "<=", ">="})


class Part(NamedTuple):
    """Text between fields, or a field: then the place of its expression, and what follows that, is there."""

    start: int
    end: int
    expression: tuple[int, int] | None = None
    equal: int | None = None
    conversion: str | None = None
    spec: list[Part] | None = None


def parts_of(text: str, start: int, end: int, *, is_raw: bool) -> list[Part]:
    """Return the parts of an f-string, of which `text[start:end]` stands between the quotes.

    Raises UnsureError where they are unclear.
    """
    found, at = _parts(text, start, end, is_raw=is_raw, in_spec=False)
    if at != end:
        raise UnsureError
    return found


def _parts(text: str, at: int, end: int, *, is_raw: bool, in_spec: bool) -> tuple[list[Part], int]:
    found: list[Part] = []
    begin = at
    while at < end:
        character = text[at]
        if character == "\\" and not is_raw:
            if text.startswith("\\N{", at):
                at = text.find("}", at, end)
                if at < 0:
                    raise UnsureError
                at += 1
            elif text[at + 1 : at + 2] in {"{", "}"}:
                at += 1
            else:
                at += 2
        elif character in "{}" and text[at : at + 2] == character * 2 and not in_spec:
            at += 2
        elif character == "}":
            if not in_spec:
                raise UnsureError
            break
        elif character == "{":
            if at > begin:
                found.append(Part(begin, at))
            field = _field(text, at, end, is_raw=is_raw)
            found.append(field)
            at = begin = field.end
        else:
            at += 1
    if at > begin:
        found.append(Part(begin, at))
    return found, at


def _field(text: str, start: int, end: int, *, is_raw: bool) -> Part:
    """Read a field whose brace is at `start`."""
    first, last = start + 1, _expression_end(text, start + 1, end)
    at, equal, conversion, spec = last, None, None, None
    if text[at] == "=":
        shown = _SHOWN.match(text, at)
        if shown is None:
            raise UnsureError
        equal, at = at, shown.end()
    if text[at] == "!":
        begin = at = at + 1
        while at < end and text[at].isalpha():
            at += 1
        conversion = text[begin:at]
        if not conversion:
            raise UnsureError
        while at < end and text[at] in " \t":
            raise UnsureError
    if text[at : at + 1] == ":":
        spec, at = _parts(text, at + 1, end, is_raw=is_raw, in_spec=True)
    if text[at : at + 1] != "}" or at >= end:
        raise UnsureError
    return Part(start, at + 1, (first, last), equal, conversion, spec)


def _expression_end(text: str, at: int, end: int) -> int:
    """Return where the expression of a field ends, which begins at `at`."""
    depth = 0
    while at < end:
        character = text[at]
        if character in "\"'":
            string = _STRING.match(text, at, end)
            if string is None:
                break
            at = string.end()
            continue
        if character == "#":
            break
        if character in "([{":
            depth += 1
        elif depth == 0 and character in "}:!=<>":
            if text[at : at + 2] in _TWO:
                at += 1
            elif character not in "<>":
                return at
        elif character in ")]}":
            depth -= 1
        at += 1
    raise UnsureError
