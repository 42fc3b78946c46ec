"""Finding `flaglint:` comments: where they stand in a text, and which lines they speak for."""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from flaglint.model import Position, Span
from flaglint.records import dataclass
from flaglint.source import is_python

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.source import Text

_MARK = b"flaglint:"
# Strings before comments, so that a `#` in a string begins none. Raw strings end where plain ones do.
_PYTHON = re.compile(
    r"""(?P<string>"{3}(?:\\.|[^\\])*?"{3}|'{3}(?:\\.|[^\\])*?'{3}"""
    r"""|"(?:\\(?:\r\n|.)|[^"\\\r\n])*"|'(?:\\(?:\r\n|.)|[^'\\\r\n])*')"""
    r"""|(?P<comment>\#[^\r\n]*)|(?P<open>[(\[{])|(?P<close>[)\]}])"""
    r"""|(?P<joined>\\(?:\r\n|\r|\n))|(?P<end>\r\n|\r|\n)|(?P<code>[^\s"'\#()\[\]{}\\]+|\S)""",
    re.DOTALL,
)
_DIRECTIVE = re.compile(
    r"(?P<opener>\#|//|<!--|\{\#|/\*|--|;)\s*flaglint:\s*(?P<verb>[^\s\[]*)\s*(?:\[(?P<codes>[^\]]*)\])?(?P<rest>.*)"
)
_QUOTED = re.compile(r"""(?<![^\s:,\[{-])(?:"(?:\\.|[^"\\])*"|'(?:[^']|'')*')""")


@dataclass(frozen=True, slots=True)
class Directive:
    """One `flaglint:` comment; `codes` is None where it has no brackets.

    `first` and `last` are the lines it speaks for: its own, or those of the next statement when it stands alone.
    """

    span: Span
    verb: str
    codes: tuple[str, ...] | None
    rest: str
    first: int
    last: int
    own_line: bool


@dataclass(frozen=True, slots=True)
class _Comment:
    start: int  # offset in the text
    text: str
    first: int
    last: int
    own_line: bool


def directives(text: Text) -> Iterator[Directive]:
    """Yield the `flaglint:` comments of a file, in order."""
    if _MARK not in text.data and _MARK.decode() not in text.text:
        return
    found = _python_comments(text) if is_python(text.path) else _line_comments(text)
    for comment in found:
        match = _DIRECTIVE.search(comment.text)
        if match is None:
            continue
        rest = match["rest"].strip()
        for closer in ("-->", "#}", "*/"):
            rest = rest.removesuffix(closer).rstrip()
        codes = match["codes"]
        start, end = comment.start + match.start(), comment.start + len(comment.text.rstrip())
        yield Directive(
            span=Span(text.path, text.position(start), text.position(end)),
            verb=match["verb"],
            codes=None if codes is None else tuple(code.strip() for code in codes.split(",") if code.strip()),
            rest=rest,
            first=comment.first,
            last=comment.last,
            own_line=comment.own_line,
        )


def _python_comments(text: Text) -> Iterator[_Comment]:
    """Yield the comments of a Python file.

    The tokens are our own few, because the interpreter's tokenizer refuses files that are newer or half written.
    """
    comments: list[tuple[int, str, int]] = []
    statements: list[tuple[int, int]] = []  # begin and end of each logical line
    code_lines: list[int] = []  # where each physical line with code on it begins
    depth, begin, line_has_code = 0, -1, False
    for token in _PYTHON.finditer(text.text):
        kind = token.lastgroup
        if kind == "comment":
            comments.append((token.start(), token[0], depth))
        elif kind == "end":
            line_has_code = False
            if begin >= 0 and not depth:
                statements.append((begin, token.start()))
                begin = -1
        elif kind != "joined":
            depth = max(0, depth + (kind == "open") - (kind == "close"))
            begin = token.start() if begin < 0 else begin
            if not line_has_code:
                code_lines.append(token.start())
                line_has_code = True
    if begin >= 0:
        statements.append((begin, len(text.text)))
    for start, comment, depth_there in comments:
        line = text.position(start).line
        if not _is_alone(text, start):
            yield _Comment(start, comment, line, line, own_line=False)
        elif depth_there:  # between the items of a list or a call there is no statement to come
            index = bisect_right(code_lines, start)
            below = text.position(code_lines[index]).line if index < len(code_lines) else line
            yield _Comment(start, comment, below, below, own_line=True)
        else:
            yield _Comment(start, comment, *_statement_after(text, statements, start), own_line=True)


def _statement_after(text: Text, statements: list[tuple[int, int]], offset: int) -> tuple[int, int]:
    """Return the first and last line of the statement that follows; decorators and what they decorate are one."""
    index = bisect_right(statements, (offset, offset))
    if index == len(statements):
        line = text.position(offset).line
        return line, line
    begin, end = statements[index]
    while text.text[statements[index][0]] == "@" and index + 1 < len(statements):
        index += 1
        end = statements[index][1]
    return text.position(begin).line, text.position(end).line


def _line_comments(text: Text) -> Iterator[_Comment]:
    """Yield the lines of a file that is not Python in which a comment speaks to flaglint.

    In YAML and TOML a comment on a line of its own speaks for the next entry, with all that is indented below it; in
    anything else for the next line.
    """
    is_yaml = text.path.endswith((".yaml", ".yml"))
    has_entries = is_yaml or text.path.endswith(".toml")
    offset = 0
    for number, line in enumerate(text.lines, 1):
        if _MARK.decode() in line:
            shown = _QUOTED.sub(lambda found: "x" * len(found[0]), line) if has_entries else line
            match = _DIRECTIVE.search(shown)
            if match and (match.start() == 0 or not has_entries or shown[match.start() - 1].isspace()):
                start = offset + match.start()
                own_line = not line[: match.start()].strip()
                first, last = _entry_after(text.lines, number, deep=has_entries) if own_line else (number, number)
                yield _Comment(start, line[match.start() :], first, last, own_line=own_line)
        offset = text.offset(Position(number + 1, 1)) if number < len(text.lines) else len(text.text)


def _entry_after(lines: tuple[str, ...], number: int, *, deep: bool) -> tuple[int, int]:
    """Return the first and last line of the entry below line `number`: what is indented more belongs to it."""
    first = number + 1
    while first <= len(lines) and (not lines[first - 1].strip() or lines[first - 1].lstrip().startswith("#")):
        first += 1
    if first > len(lines):
        return number, number
    indentation = _indentation(lines[first - 1])
    last = first
    if deep:
        for below in range(first + 1, len(lines) + 1):
            line = lines[below - 1]
            if line.strip() and _indentation(line) <= indentation:
                break
            last = below if line.strip() else last
    return first, last


def _indentation(line: str) -> int:
    return len(line) - len(line.lstrip())


def _is_alone(text: Text, offset: int) -> bool:
    place = text.position(offset)
    return not text.lines[place.line - 1][: place.column - 1].strip()
