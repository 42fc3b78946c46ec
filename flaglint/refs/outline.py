"""Cuts a Python file into *units*, the top-level statements and the members of top-level classes, without a parser.

A unit is the smallest piece that libcst is given: a file is never parsed as a whole, so what is found in a statement
depends on nothing else in the file, and a file with one broken statement is still read. The cut needs only strings,
brackets, comments and the column of each logical line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from flaglint.patterns import late
from flaglint.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Sequence

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


def _run(*parts: str) -> re.Pattern[str]:
    return late(f"(?:{'|'.join(parts)})*+")


_ON_A_LINE = _run(r"[^\"'\#()\[\]{}\\\r\n]++", _PAIRS, _STRINGS, _JOINED)
_IN_BRACKETS = _run(r"[^\"'\#()\[\]{}\\]++", _PAIRS, _STRINGS, _JOINED)
_UP_TO_TOKEN = (_run(r"[^\"'\#()\[\]{}\\\r\n]++", _JOINED), _run(r"[^\"'\#()\[\]{}\\]++", _JOINED))
_COMMENT = late(r"\#[^\r\n]*+")
_LEADING = re.compile(r"[ \t\f]*+")
_WORD = re.compile(r"\w+")
_DEFINITION = re.compile(r"(?:async[ \t\f]+)?(?:def|class)[ \t\f]+(\w+)")
_TARGET = re.compile(r"\w+(?=[ \t]*(?::[^=]*)?=(?!=)|[ \t]*:)")
# A line at the left margin that surely begins a statement, to go on at after a broken one.
_NEXT_STATEMENT = late(
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


class Stretches(NamedTuple):
    """The stretches of a text that are strings, and those that are comments, in order."""

    strings: list[tuple[int, int]]
    comments: list[tuple[int, int]]


class Outline:
    """The units of a file in order."""

    __slots__ = ("_stretches", "_text", "units")

    def __init__(self, text: str, units: tuple[Unit, ...]) -> None:
        self.units = units
        self._text = text
        self._stretches: Stretches | None = None

    @property
    def strings(self) -> Sequence[tuple[int, int]]:
        """The stretches that are string literals."""
        return self._found().strings

    @property
    def comments(self) -> Sequence[tuple[int, int]]:
        """The stretches that are comments."""
        return self._found().comments

    def _found(self) -> Stretches:
        if self._stretches is None:
            self._stretches = stretches(self._text)
        return self._stretches


class _Line:
    """A logical line: where its first character stands, its indentation, its first word, where it ends.

    Of what is indented below a statement or a member, one line stands for all.
    """

    __slots__ = ("broken", "end", "indent", "offset", "start", "word")

    def __init__(self, start: int, indent: str, word: str, end: int, broken: str = "", offset: int = 0) -> None:
        self.start, self.indent, self.word, self.end = start, indent, word, end
        self.broken, self.offset = broken, offset


def outline(text: str) -> Outline:
    """Return the units of `text`.

    Where a string or a bracket does not end, the statement that opens it is given up, and the cut goes on at the next
    line that begins one at the left margin: one broken statement hides no other. It is a unit whose `broken` says why.
    """
    lines = _Lines(text)
    _scan(text, lines, None)
    return Outline(text, _units(text, lines.found, inside_class=False))


def stretches(text: str) -> Stretches:
    """Return the stretches of `text` that are strings or comments."""
    found = Stretches([], [])
    _scan(text, _Lines(text), found)
    return found


def _scan(text: str, lines: _Lines, recorded: Stretches | None) -> None:
    start = 1 if text.startswith("\ufeff") else 0
    while start < len(text):
        try:
            _logical_lines(text, start, lines, recorded)
            break
        except OutlineError as error:
            opened = lines.found[-1].end if lines.found else start
            begin = max(start, opened)
            resumed = _NEXT_STATEMENT.search(text, max(error.line_start, begin) + 1)
            stop = resumed.start() if resumed is not None else len(text)
            first = next((at for at in range(error.line_start, stop) if text[at] not in " \t\f\r\n"), stop)
            indent = text[error.line_start : first].rpartition("\n")[2]
            lines.found.append(_Line(first, indent, "", stop, broken=str(error), offset=error.offset))
            start = stop


def _logical_lines(text: str, position: int, lines: _Lines, recorded: Stretches | None) -> None:
    depth = 0
    line_start = position
    size = len(text)
    runs = (_ON_A_LINE, _IN_BRACKETS) if recorded is None else _UP_TO_TOKEN
    while position < size:
        run_start = position
        run = runs[depth > 0].match(text, position)
        position = run.end() if run is not None else position
        if position >= size:
            break
        character = text[position]
        if character in "\r\n":
            lines.add(line_start, position)
            position += 2 if text.startswith("\r\n", position) else 1
            line_start = position
        elif character in "([{":
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
            start = _prefix_start(text, position, run_start)
            ending = _string_end(text, start, position)
            if ending is None:
                raise OutlineError("a string is never closed", start, line_start)
            position = ending
            if recorded is not None:
                recorded.strings.append((start, position))
        elif character == "#" and recorded is not None:
            comment = _COMMENT.match(text, position)
            assert comment is not None
            recorded.comments.append(comment.span())
            position = comment.end()
        else:
            position += 1  # a backslash that continues no line
    if depth:
        raise OutlineError("a bracket is never closed", line_start, line_start)
    lines.add(line_start, size)


class _Lines:
    """The logical lines of a text that matter for its units: those of statements, and of the members of classes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[_Line] = []
        self._is_class = False  # whether the statement at the left margin is one
        self._member = ""  # the indentation of its members, once there is one
        self._is_inside = False  # whether the last line is further in than what can be a unit

    def add(self, start: int, end: int) -> None:
        """Note the logical line `[start, end)`, unless it is blank or a comment."""
        text = self.text
        leading = _LEADING.match(text, start)
        first = leading.end() if leading is not None else start
        if first >= end or text[first] == "#":
            return
        indent = text[start:first]
        if "\f" in indent:
            indent = indent.rpartition("\f")[2]
        if not indent:
            self._is_class, self._member, self._is_inside = False, "", False
        elif self._is_class and indent == (self._member or indent):
            self._member, self._is_inside = indent, False
        elif self._is_inside and not self.found[-1].broken:
            self.found[-1].end = end
            return
        else:
            self._is_inside = True
        word = _WORD.match(text, first)
        spelled = word.group() if word else text[first]
        self._is_class = self._is_class or (not indent and spelled == "class")
        self.found.append(_Line(first, indent, spelled, end))


def _prefix_start(text: str, quote: int, since: int) -> int:
    """Return where a string begins whose quote stands at `quote`: its prefix counts."""
    for size in (2, 1):
        if quote - size >= since and text[quote - size : quote].lower() in _PREFIXES:
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
