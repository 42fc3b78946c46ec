"""Cuts a Python file into *units*, the top-level statements and the members of top-level classes, without a parser.

A unit is the smallest piece that libcst is given: a file is never parsed as a whole, so what is found in a statement
depends on nothing else in the file, and a file with one broken statement is still read. The cut needs only strings,
brackets, comments and the column of each logical line.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.patterns import late
from flaglint.records import dataclass
from flaglint.refs.lexing import BEGINNING, BLANK_LINES, STATEMENT, OutlineError, Stretches, logical_line_end, pays

if TYPE_CHECKING:
    from collections.abc import Sequence

_DEFINITION = re.compile(r"(?:async[ \t\f]+)?(?:def|class)[ \t\f]+(\w+)")
_TARGET = re.compile(r"\w+(?=[ \t]*(?::[^=]*)?=(?!=)|[ \t]*:)")
# A line at the left margin that surely begins a statement, to go on at after a broken one.
_NEXT_STATEMENT = late(
    r"^(?=(?:@|def |class |async def |from \S+ import |import |if |for |while |with |try:))", re.MULTILINE
)
# Lines that hold nothing but a backslash, and what they lead to where that goes on with a statement or begins one.
_JOINED = late(r"((?:[ \t\f]*+\\(?:\r\n|\r|\n))++[ \t\f]*+)(else\b|elif\b|except\b|finally\b|@)?+")
_INDENTS = late(r"[ \t]++(?!\f)")
_BELOW = "below"  # the indentation of what is a part of a unit
_DEFINES = frozenset({"def", "class", "async"})
_IMPORTS = frozenset({"import", "from"})
_CONTINUES = frozenset({"else", "elif", "except", "finally"})
_COMPOUND = frozenset({"if", "try", "for", "while", "with", "match", "async"})


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


class Outline:
    """The units of a file in order."""

    __slots__ = ("_broken", "_stretches", "_text", "units")

    def __init__(self, text: str, units: tuple[Unit, ...], broken: Sequence[_Line]) -> None:
        self.units = units
        self._text = text
        self._broken = broken
        self._stretches: Stretches | None = None

    @property
    def strings(self) -> list[tuple[int, int]]:
        """The stretches that are string literals, in order; of a broken statement those before what breaks it."""
        return self._found().strings

    @property
    def comments(self) -> list[tuple[int, int]]:
        """The stretches that are comments, in order; of a broken statement those before what breaks it."""
        return self._found().comments

    def _found(self) -> Stretches:
        if self._stretches is not None:
            return self._stretches
        found = self._stretches = Stretches([], [])
        start = 0
        for line in self._broken:
            found.add(self._text, start, line.offset if line.offset > line.start else line.end)
            start = line.end
        found.add(self._text, start, len(self._text))
        return found


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
    start = 1 if text.startswith("\ufeff") else 0
    while start < len(text):
        try:
            lines.read(start)
            break
        except OutlineError as error:
            start = lines.give_up(error)
    broken = [line for line in lines.found if line.broken]
    return Outline(text, _units(text, lines.found, inside_class=False, is_whole=not broken), broken)


class _Lines:
    """The logical lines of a text that matter for its units: those of statements, and of the members of classes."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[_Line] = []
        self._is_class = False  # whether the statement at the left margin is one
        self._member = ""  # the indentation of its members, once there is one
        self._is_inside = False  # whether the last line is further in than what can be a unit
        self._in_one_go = pays(len(text))

    def read(self, position: int) -> None:
        """Note the logical lines from `position` on; raises OutlineError at the first that does not end."""
        text, size = self.text, len(self.text)
        pattern = STATEMENT if self._in_one_go else BEGINNING
        while (blank := BLANK_LINES.match(text, position)) is not None and (position := blank.end()) < size:
            found = pattern.match(text, position)
            assert found is not None  # it matches nothing, too
            indent, is_class, word, ended = found.groups()
            end = found.start(4) if ended is not None else logical_line_end(text, position)
            first = position + len(indent)
            word = is_class or word or text[first]
            if word == "\\" and (joined := _JOINED.match(text, position)) is not None:
                word = joined[2] or word
                if joined.end() == size or text[joined.end()] in "#\r\n":
                    position = end  # it is a blank line
                    continue
                is_in = not indent.rpartition("\f")[2] and _INDENTS.search(joined[1]) is not None
                if is_in and self._may_be_below():
                    self._add_below(first, end)
                    position = end
                    continue
            self._add(first, indent.rpartition("\f")[2] if "\f" in indent else indent, word, end)
            position = end
            if ended is None or found.end() == end or word == "@" or "\f" in indent:
                continue
            if len(indent) >= len(self._member):  # else there may be members of the class below it
                position = found.end()
                self._add_below(end, position)

    def give_up(self, error: OutlineError) -> int:
        """Note a logical line as broken, with all up to what surely begins a statement; return where that stands."""
        text, start = self.text, error.line_start
        resumed = _NEXT_STATEMENT.search(text, start + 1)
        stop = resumed.start() if resumed is not None else len(text)
        first = next((at for at in range(start, stop) if text[at] not in " \t\f\r\n"), stop)
        indent = text[start:first].rpartition("\n")[2]
        self.found.append(_Line(first, indent, "", stop, broken=str(error), offset=error.offset))
        return stop

    def _add(self, start: int, indent: str, word: str, end: int) -> None:
        if not indent:
            self._is_class, self._member, self._is_inside = word == "class", "", False
        elif self._is_class and indent == (self._member or indent):
            self._member, self._is_inside = indent, False
        elif self._is_inside and not self.found[-1].broken:
            self.found[-1].end = end
            return
        else:
            self._is_inside = True
            indent = _BELOW  # however far in it is, as `_add_below` has it
        self.found.append(_Line(start, indent, word, end))

    def _may_be_below(self) -> bool:
        """Whether something stands above that a line with an indentation may belong to, and no member is missing."""
        return bool(self.found) and not self.found[-1].broken and (not self._is_class or bool(self._member))

    def _add_below(self, start: int, end: int) -> None:
        """Note what is indented below the line that was added last."""
        if self._is_inside:
            self.found[-1].end = end
        else:
            self._is_inside = True
            self.found.append(_Line(start, _BELOW, "", end))


def _units(text: str, lines: list[_Line], *, inside_class: bool, is_whole: bool) -> tuple[Unit, ...]:
    """Group logical lines of one indentation, with what is indented below them, into units."""
    units: list[Unit] = []
    if not lines:
        return ()
    base = lines[0].indent if inside_class else ""
    index, count = 0, len(lines)
    while index < count:
        first = index
        while index < count and lines[index].word == "@" and lines[index].indent == base:
            index += 1
        head = index if index < count else first
        index = head + 1
        while index < count and (lines[index].indent != base or lines[index].word in _CONTINUES):
            index += 1
        broken = None if is_whole else next((item for item in lines[first:index] if item.broken), None)
        if broken is not None:
            unit = _broken(lines, first, head, index, broken, inside_class=inside_class)
        else:
            unit = _unit(text, lines, first, head, index, inside_class=inside_class, is_whole=is_whole)
        if unit.kind == "import" and units and units[-1].kind == "import":
            before = units.pop()  # neighbouring imports are one unit: one parse for all
            unit = Unit("import", None, before.start, unit.end, indent=before.indent)
        units.append(unit)
    return tuple(units)


def _broken(lines: list[_Line], first: int, head: int, stop: int, broken: _Line, *, inside_class: bool) -> Unit:
    indent = lines[head].indent if inside_class else ""
    start = lines[first].start - (len(lines[first].indent) if inside_class else 0)
    return Unit("broken", None, start, lines[stop - 1].end, 0, (), indent, broken.broken, broken.offset)


def _unit(
    text: str, lines: list[_Line], first: int, head: int, stop: int, *, inside_class: bool, is_whole: bool
) -> Unit:
    line = lines[head]
    word, at = line.word, line.start
    indent = line.indent if inside_class else ""
    start = lines[first].start - len(lines[first].indent) if inside_class else lines[first].start
    end = lines[stop - 1].end
    if word in _DEFINES and (definition := _DEFINITION.match(text, at)) is not None:
        names = (definition[1],)
        if word != "class" or inside_class:
            return Unit("class" if word == "class" else "def", names, start, end, 0, (), indent)
        body = lines[head + 1 : stop]
        members = _units(text, body, inside_class=True, is_whole=is_whole)
        return Unit("class", names, start, end, members[0].start if members else end, members, indent)
    if word in _IMPORTS and stop == head + 1:
        return Unit("import", None, start, end, 0, (), indent)
    if word in _COMPOUND and (stop > head + 1 or text[at : line.end].rstrip().endswith(":")):
        return Unit("compound", None, start, end, 0, (), indent)
    bound = None
    if (target := _TARGET.match(text, at)) is not None and text.find(";", at, line.end) < 0:
        if text.count("=", at, line.end) < 2:  # else it may be chained
            bound = (target[0],)
    return Unit("simple", bound, start, end, 0, (), indent)
