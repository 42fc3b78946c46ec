"""Cuts a Python file into *units*, the top-level statements and the members of top-level classes, without a parser.

A unit is the smallest piece that libcst is given: a file is never parsed as a whole, so what is found in a statement
depends on nothing else in the file, and a file with one broken statement is still read. The cut needs only strings,
brackets, comments and the column of each logical line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

_STRING_START = r"(?i:[rbuft]|br|rb|fr|rf|tr|rt)?"
_TOKEN = re.compile(
    rf"(?P<string>{_STRING_START}(?:\"\"\"|'''|\"|'))|(?P<comment>\#[^\r\n]*)|(?P<open>[(\[{{])|(?P<close>[)\]}}])"
    r"|(?P<joined>\\(?:\r\n|\r|\n))|(?P<newline>\r\n|\r|\n)"
)
_PLAIN_END = {
    '"': re.compile(r'(?:[^"\\\r\n]|\\(?:\r\n|[\s\S]))*"'),
    "'": re.compile(r"(?:[^'\\\r\n]|\\(?:\r\n|[\s\S]))*'"),
    '"""': re.compile(r'(?:[^"\\]|\\[\s\S]|"(?!""))*"""'),
    "'''": re.compile(r"(?:[^'\\]|\\[\s\S]|'(?!''))*'''"),
}
_WORD = re.compile(r"\w+")
_DEFINITION = re.compile(r"(?:async[ \t\f]+)?(?:def|class)[ \t\f]+(\w+)")
_TARGET = re.compile(r"\w+(?=[ \t]*(?::[^=]*)?=(?!=)|[ \t]*:)")
# A line at the left margin that surely begins a statement, to go on at after a broken one.
_NEXT_STATEMENT = re.compile(
    r"^(?=(?:@|def |class |async def |from \S+ import |import |if |for |while |with |try:))", re.MULTILINE
)
_CONTINUES = frozenset({"else", "elif", "except", "finally"})
_COMPOUND = frozenset({"if", "try", "for", "while", "with", "match", "async"})
MAX_DEPTH = 200  # CPython's own limit on nested brackets; libcst would overflow the stack far above it


class OutlineError(ValueError):
    """The text cannot be cut: an unterminated string, or brackets that do not match."""

    def __init__(self, message: str, offset: int, line_start: int) -> None:
        super().__init__(message)
        self.offset = offset
        self.line_start = line_start


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: `text[start:end]`. `names` are those it surely binds; None when only a parse can tell.

    `kind` is import, simple, def, class or compound. For a class, `members` are cut too and `header` ends before the
    first of them; a class whose body stands on the header's line has none.
    """

    kind: str
    names: tuple[str, ...] | None
    start: int
    end: int
    header: int = 0
    members: tuple[Unit, ...] = ()
    indent: str = ""
    broken: str = ""
    offset: int = 0  # where it is broken


@dataclass(frozen=True, slots=True)
class Outline:
    """The units of a file in order, and the stretches of it that are strings or comments."""

    units: tuple[Unit, ...]
    strings: tuple[tuple[int, int], ...]
    comments: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class _Line:
    """A logical line: where its first character stands, its indentation, its first word, where it ends."""

    start: int
    indent: str
    word: str
    end: int
    broken: str = ""
    offset: int = 0


def outline(text: str) -> Outline:
    """Return the units of `text`.

    Where a string or a bracket does not end, the statement that opens it is given up, and the cut goes on at the next
    line that begins one at the left margin: one broken statement hides no other. It is a unit whose `broken` says why.
    """
    lines: list[_Line] = []
    strings: list[tuple[int, int]] = []
    comments: list[tuple[int, int]] = []
    start = 1 if text.startswith("\ufeff") else 0
    while start < len(text):
        try:
            _logical_lines(text, start, lines, strings, comments)
            break
        except OutlineError as error:
            opened = lines[-1].end if lines else start
            begin = max(start, opened)
            resumed = _NEXT_STATEMENT.search(text, max(error.line_start, begin) + 1)
            stop = resumed.start() if resumed is not None else len(text)
            first = next((at for at in range(error.line_start, stop) if text[at] not in " \t\f\r\n"), stop)
            indent = text[error.line_start : first].rpartition("\n")[2]
            lines.append(_Line(first, indent, "", stop, broken=str(error), offset=error.offset))
            start = stop
    return Outline(_units(text, lines, inside_class=False), tuple(strings), tuple(comments))


def _logical_lines(
    text: str,
    position: int,
    lines: list[_Line],
    strings: list[tuple[int, int]],
    comments: list[tuple[int, int]],
) -> None:
    depth = 0
    line_start = position
    size = len(text)
    match_token = _TOKEN.search
    while position < size:
        token = match_token(text, position)
        if token is None:
            break
        position = token.end()
        kind = token.lastgroup
        if kind == "newline":
            if depth == 0:
                _add_line(lines, text, line_start, token.start())
                line_start = position
        elif kind == "open":
            depth += 1
            if depth > MAX_DEPTH:
                raise OutlineError(f"brackets nest deeper than {MAX_DEPTH}", token.start(), line_start)
        elif kind == "close":
            depth -= 1
            if depth < 0:
                raise OutlineError(f"unmatched `{token.group()}`", token.start(), line_start)
        elif kind == "string":
            ending = _string_end(text, token)
            if ending is None:
                raise OutlineError("a string is never closed", token.start(), line_start)
            position = ending
            strings.append((token.start(), position))
        elif kind == "comment":
            comments.append((token.start(), position))
    if depth:
        raise OutlineError("a bracket is never closed", line_start, line_start)
    _add_line(lines, text, line_start, size)


def _add_line(lines: list[_Line], text: str, start: int, end: int) -> None:
    first = start
    while first < end and text[first] in " \t\f":
        first += 1
    if first >= end or text[first] == "#":
        return
    word = _WORD.match(text, first)
    indent = text[start:first].rpartition("\f")[2]
    lines.append(_Line(first, indent, word.group() if word else text[first], end))


def _string_end(text: str, token: re.Match[str]) -> int | None:
    opening = token.group()
    quote = opening.lstrip("rRbBuUfFtT")
    prefix = opening[: len(opening) - len(quote)].lower()
    if "f" in prefix or "t" in prefix:
        return _format_string_end(text, token.end(), quote, raw="r" in prefix)
    ending = _PLAIN_END[quote].match(text, token.end())
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


def _units(text: str, lines: list[_Line], *, inside_class: bool) -> tuple[Unit, ...]:
    """Group logical lines of one indentation, with what is indented below them, into units."""
    units: list[Unit] = []
    if not lines:
        return ()
    base = lines[0].indent if inside_class else ""
    index = 0
    while index < len(lines):
        first = index
        while index < len(lines) and lines[index].word == "@" and lines[index].indent == base:
            index += 1
        head = index if index < len(lines) else first
        index = head + 1
        while index < len(lines) and (lines[index].indent != base or lines[index].word in _CONTINUES):
            index += 1
        unit = _unit(text, lines, first, head, index, inside_class=inside_class)
        if unit.kind == "import" and units and units[-1].kind == "import":
            unit = replace(units.pop(), end=unit.end)  # neighbouring imports are one unit: one parse for all
        units.append(unit)
    return tuple(units)


def _unit(text: str, lines: list[_Line], first: int, head: int, stop: int, *, inside_class: bool) -> Unit:
    line = lines[head]
    start = lines[first].start - (len(lines[first].indent) if inside_class else 0)
    end = lines[stop - 1].end
    indent = line.indent if inside_class else ""
    broken = next((item for item in lines[first:stop] if item.broken), None)
    if broken is not None:
        return Unit("broken", None, start, end, indent=indent, broken=broken.broken, offset=broken.offset)
    definition = _DEFINITION.match(text, line.start)
    if definition is not None:
        names = (definition.group(1),)
        if line.word != "class" or inside_class:
            return Unit("class" if line.word == "class" else "def", names, start, end, indent=indent)
        body = lines[head + 1 : stop]
        members = _units(text, body, inside_class=True) if body else ()
        header = members[0].start if members else end
        return Unit("class", names, start, end, header, members, indent)
    if line.word in {"import", "from"} and stop == head + 1:
        return Unit("import", None, start, end, indent=indent)
    if line.word in _COMPOUND and (stop > head + 1 or text[line.start : line.end].rstrip().endswith(":")):
        return Unit("compound", None, start, end, indent=indent)
    target = _TARGET.match(text, line.start)
    is_one_binding = target is not None and ";" not in text[line.start : line.end]
    chained = is_one_binding and target is not None and text.count("=", line.start, line.end) > 1
    bound = (target.group(),) if target is not None and is_one_binding and not chained else None
    return Unit("simple", bound, start, end, indent=indent)
