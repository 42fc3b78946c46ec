"""Cuts on whole statements: taking them out, putting a suite in the place of its statement, moving code in or out.

Offsets are those of the whole file; the tree may be of a part of it that begins at `base`. Comments stay with the code
they belong to, which their indentation tells, blank lines come out as an editor would leave them, and no line that
begins inside a string is touched.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from flaglint.patterns import late
from flaglint.remove import cst
from flaglint.remove.comments import Vocabulary, is_directive, is_rule
from flaglint.remove.lines import Lines, width
from flaglint.remove.rope import Cut
from flaglint.remove.values import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flaglint.remove.tree import Node, Tree

_STRINGS = (
    (cst.SimpleString, cst.FormattedString, cst.TemplatedString)
    if hasattr(cst, "TemplatedString")
    else (
        cst.SimpleString,
        cst.FormattedString,
    )
)
_SIMPLE_LINES = (cst.SimpleStatementLine,)
_OF_THE_FILE = late(
    r"\s*#\s*(?:!|-\*-|.*\bcoding[:=]|.*\b(?:copyright|licen[cs]e|spdx)|(?:mypy|flake8|pylint|ruff|isort|fmt|type)\s*:)",
    re.IGNORECASE,
)
_DEFINITIONS = (cst.FunctionDef, cst.ClassDef)
_TWO_BLANK = late(r"(?:\r?\n|\r)(?:[ \t]*(?:\r\n|\n|\r)){2}(?:@|def\b|class\b|async\b)")


class Layout:
    """The lines of a file, with the tree of one stretch of it."""

    def __init__(self, text: str, tree: Tree, base: int, vocabulary: Vocabulary) -> None:
        self.lines = Lines(text)
        self.text = text
        self.tree = tree
        self.base = base
        self.vocabulary = vocabulary
        self._frozen: frozenset[int] | None = None

    # ------------------------------------------------------------------------------------------------------ places

    def span(self, node: Node) -> tuple[int, int]:
        """Return where `node` stands in the file; a definition with its decorators."""
        start, end = self.tree.inner(node)
        decorators = getattr(node, "decorators", ())
        if decorators:
            start = self.tree.inner(decorators[0])[0]
        return start + self.base, end + self.base

    def first_line(self, node: Node) -> int:
        """Return the number of the line on which `node` begins."""
        return self.lines.number(self.span(node)[0])

    def last_line(self, node: Node) -> int:
        """Return the number of the last line that belongs to the statement `node`, deeper comments after it too."""
        start, end = self.span(node)
        last = self.lines.number(max(end - 1, start))
        if not isinstance(node, cst.BaseCompoundStatement):
            return last
        return self.deeper_comments(last, width(self.lines.indent(self.lines.number(start))))

    def deeper_comments(self, last: int, column: int) -> int:
        """Return the last line after `last` that holds a comment further in than `column`, before any code."""
        line = last + 1
        while line < len(self.lines) and (self.lines.is_blank(line) or self.lines.is_comment(line)):
            if self.lines.is_comment(line):
                if width(self.lines.indent(line)) <= column:
                    break
                last = line
            line += 1
        return last

    def comments_above(self, line: int) -> int:
        """Return the first of the comment lines that stand right above `line`, or `line` itself.

        A rule drawn by a comment (`# -----`) parts what stands above it from what stands below. What opens a file
        (`#!`, an encoding, a licence, a note to linters) speaks of the file.
        """
        statement = line
        column = width(self.lines.indent(line))
        while line > 0 and self.lines.is_comment(line - 1) and width(self.lines.indent(line - 1)) == column:
            if is_rule(self.lines.content(line - 1)):
                break
            line -= 1
        opens_file = line == 0 and statement > 0 and _OF_THE_FILE.match(self.lines.content(0)) is not None
        return statement if opens_file else line

    @property
    def frozen(self) -> frozenset[int]:
        """The lines that begin inside a string."""
        if self._frozen is None:
            found: set[int] = set()
            for node in self.tree.nodes:
                if isinstance(node, _STRINGS):
                    start, end = self.span(node)
                    found.update(range(self.lines.number(start) + 1, self.lines.number(end - 1) + 1))
            self._frozen = frozenset(found)
        return self._frozen

    # ---------------------------------------------------------------------------------------------------- removing

    def remove(self, body: Sequence[Node], gone: Iterable[Node], *, tail_comments: bool = False) -> list[Cut]:
        """Return the cuts that take the statements `gone` out of `body`, which keeps at least one or is a module's.

        With `tail_comments`, comments between the last of them and the end of the suite go, too.
        """
        left = set(gone)
        cuts: list[Cut] = []
        index = 0
        while index < len(body):
            if body[index] not in left:
                index += 1
                continue
            last = index
            while last + 1 < len(body) and body[last + 1] in left:
                last += 1
            cuts += self._remove_run(body, index, last, tail_comments=tail_comments)
            index = last + 1
        return cuts

    def _remove_run(self, body: Sequence[Node], first: int, last: int, *, tail_comments: bool) -> list[Cut]:
        if isinstance(body[first], cst.BaseSmallStatement):
            return self._remove_small(body, first, last)
        lines = self.lines
        own = self.first_line(body[first])
        top = self.comments_above(own)
        if top < own and self._heads_group(body, first, last, top):
            top = own
        bottom = self.last_line(body[last])
        is_last = last + 1 == len(body)
        if is_last and tail_comments:
            bottom = self.deeper_comments(bottom, width(lines.indent(own)) - 1)
        above = below = 0
        while top - above > 0 and lines.is_blank(top - above - 1):
            above += 1
        while bottom + below + 1 < len(lines) and lines.is_blank(bottom + below + 1):
            below += 1
        begins = top - above == 0 or (
            first == 0 and not self._is_module(body) and not self._comment_before(top - above)
        )
        ends = bottom + below + 1 == len(lines) or (is_last and not self._is_module(body))
        if begins and not ends:
            return [self._cut_lines(top, bottom + below)]
        if ends:
            keeps = ends and bottom + below + 1 == len(lines) and above == 0
            return [self._cut_lines(top if keeps else top - above, bottom)]
        if above >= below:
            return [self._cut_lines(top, bottom + below)]
        return [self._cut_lines(top - above, bottom)]

    def _is_module(self, body: Sequence[Node]) -> bool:
        return bool(body) and self.tree.parent(body[0]) is self.tree.module

    def _comment_before(self, line: int) -> bool:
        return line > 0 and self.lines.is_comment(line - 1)

    def _heads_group(self, body: Sequence[Node], first: int, last: int, top: int) -> bool:
        """Whether the comment above a run of simple statements is the heading of a group whose others stay."""
        if not all(isinstance(node, _SIMPLE_LINES) for node in body[first : last + 1]):
            return False
        comment = self.text[self.lines.start(top) : self.lines.start(self.first_line(body[first]))]
        in_function = not isinstance(self._scope_of(body[first]), (cst.Module, cst.ClassDef))
        if self.vocabulary.names_flag(comment) or (in_function and not self._is_gate_variable(body[first], comment)):
            return False
        following = self.last_line(body[last]) + 1
        return (
            following < len(self.lines)
            and not self.lines.is_blank(following)
            and not self.lines.is_comment(following)
            and (last + 1 < len(body) or self._is_module(body))
        )

    def _is_gate_variable(self, line: Node, comment: str) -> bool:
        """Whether a line only kept the flag in a variable, and the comment above it speaks of neither."""
        statements = line.body if isinstance(line, cst.SimpleStatementLine) else ()
        only = statements[0] if len(statements) == 1 else None
        if not isinstance(only, cst.Assign) or PREFIX not in self.tree.source(only.value):
            return False
        names = tuple(target.target.value for target in only.targets if isinstance(target.target, cst.Name))
        return not (self.vocabulary.speaks_of_flag(comment) or Vocabulary(names).names_flag(comment))

    def _scope_of(self, node: Node) -> Node | None:
        return self.tree.enclosing(node, (cst.Module, cst.ClassDef, cst.FunctionDef))

    def _cut_lines(self, first: int, last: int) -> Cut:
        """Cut whole lines; at the end of a file without a final line end, the line end before them goes instead."""
        start, end = self.lines.start(first), self.lines.end(last)
        if end == len(self.text) and first > 0 and not self.text.endswith(("\n", "\r")):
            start = self.lines.content_end(first - 1)
        return Cut(start, end)

    def _remove_small(self, body: Sequence[Node], first: int, last: int) -> list[Cut]:
        """Take statements out of a line that holds several, with their semicolons."""
        start, end = self.span(body[first])[0], self.span(body[last])[1]
        if last + 1 < len(body):
            return [Cut(start, self.span(body[last + 1])[0])]
        before = self.span(body[first - 1])[1]
        rest = self.text[end : self.lines.content_end(self.lines.number(end - 1))]
        stop = end + (len(rest) - len(rest.lstrip(" \t;")) if rest.lstrip(" \t").startswith(";") else 0)
        return [Cut(before, stop)]

    def fill(self, body: Sequence[Node]) -> list[Cut]:
        """Return the cuts that put `pass` in the place of a whole suite."""
        if isinstance(body[0], cst.BaseSmallStatement):
            return [Cut(self.span(body[0])[0], self.span(body[-1])[1], "pass")]
        first = self.first_line(body[0])
        start = self.lines.start(self.comments_above(first))
        last = self.last_line(body[-1])
        return [Cut(start, self.lines.content_end(last), self.lines.indent(first) + "pass")]

    # --------------------------------------------------------------------------------------------------- unwrapping

    def unwrap(self, statement: Node, suites: Sequence[cst.BaseSuite], *, before: Sequence[str] = ()) -> list[Cut]:
        """Return the cuts that leave of a compound statement the code of `suites`, after the statements `before`."""
        lines = self.lines
        first = self.first_line(statement)
        indent = lines.indent(first)
        top = self.gate_comment(first)
        position = lines.start(top)
        end = lines.end(self.last_line(statement))
        newline = lines.newline
        insert = "".join(f"{indent}{line}{newline}" for source in before for line in source.splitlines())
        insert += self._beside_header(suites[0], indent)
        cuts: list[Cut] = []
        if top < first and position < lines.start(first):  # the comment above the gate goes
            cuts.append(Cut(position, lines.start(first)))
        position = lines.start(first)
        for suite in suites:
            begin, stop, moves, source = self._suite(suite, indent)
            cuts.append(Cut(position, begin, insert + self._above_else(suite) + source))
            cuts += moves
            if not indent and isinstance(suite, cst.IndentedBlock):
                cuts += self._parted(suite, self.last_line(statement))
            position, insert = stop, ""
        if position < end:
            at_end = end == len(self.text) and not self.text.endswith(("\n", "\r"))
            kept_end = position - len(newline) if at_end and self.text[:position].endswith(newline) else position
            cuts.append(Cut(kept_end, end))
        return cuts

    def dissolve(self, clause: Node, suite: cst.IndentedBlock) -> list[Cut]:
        """Return the cuts that put the code of the last clause of a statement after it."""
        lines = self.lines
        header, first = self.first_line(clause), self.suite_start(suite)
        own, indent = lines.indent(self.first_line(suite.body[0])), lines.indent(header)
        header_cut = Cut(lines.start(header), lines.start(first))
        return [header_cut, *self.shift(first, self.suite_end(suite), own, indent)]

    def _suite(self, suite: cst.BaseSuite, indent: str) -> tuple[int, int, list[Cut], str]:
        """Return where a suite's code begins and ends, the cuts that move it to `indent`, and text to put before it."""
        lines = self.lines
        if not isinstance(suite, cst.IndentedBlock):
            body = suite.body
            begin = self.span(body[0])[0]
            return begin, lines.end(lines.number(self.span(body[-1])[1] - 1)), [], indent
        first = self.suite_start(suite)
        last = self.suite_end(suite)
        own = lines.indent(self.first_line(suite.body[0]))
        return lines.start(first), lines.end(last), self.shift(first, last, own, indent), ""

    def suite_start(self, suite: cst.IndentedBlock) -> int:
        """Return the first line of a suite that is not blank: a comment or its first statement."""
        line = self.first_line(suite.body[0])
        top = line
        while line > 0 and (self.lines.is_comment(line - 1) or self.lines.is_blank(line - 1)):
            line -= 1
            if self.lines.is_comment(line):
                top = line
        return top

    def suite_end(self, suite: cst.IndentedBlock) -> int:
        """Return the last line of a suite: its last statement, or a comment after it with the same indentation."""
        column = width(self.lines.indent(self.first_line(suite.body[0])))
        return self.deeper_comments(self.last_line(suite.body[-1]), column - 1)

    def shift(self, first: int, last: int, old: str, new: str) -> list[Cut]:
        """Return the cuts that move the lines `first` to `last` from the indentation `old` to `new`."""
        cuts: list[Cut] = []
        for line in range(first, last + 1):
            if line in self.frozen or self.lines.is_blank(line):
                continue
            start = self.lines.start(line)
            indent = self.lines.indent(line)
            if indent.startswith(old):
                cuts.append(Cut(start, start + len(old), new))
            elif old.startswith(new) and len(indent) > len(new) and not self.lines.is_comment(line):
                surplus = min(len(old) - len(new), len(indent) - len(new))
                cuts.append(Cut(start, start + surplus))
        return cuts

    def gate_comment(self, first: int) -> int:
        """Return where the comment above a gate begins when it speaks of the flag and goes, else the gate's line."""
        top = self.comments_above(first)
        comment = self.text[self.lines.start(top) : self.lines.start(first)]
        return top if self.vocabulary.speaks_of_flag(comment) else first

    def _parted(self, suite: cst.IndentedBlock, last: int) -> list[Cut]:
        """Return the cuts that put two blank lines around definitions of a suite that come to stand in the module.

        Only where there is one, and where the file has two elsewhere. `last` is the last line of the statement that
        the suite was in.
        """
        lines = self.lines
        if _TWO_BLANK.search(self.text) is None:
            return []
        cuts = []
        for before, after in pairwise(suite.body):
            if not isinstance(before, _DEFINITIONS) and not isinstance(after, _DEFINITIONS):
                continue
            top = self.comments_above(self.first_line(after))
            if lines.is_blank(top - 1) and not lines.is_blank(top - 2):
                cuts.append(Cut(lines.start(top - 1), lines.start(top - 1), lines.newline))
        ends = isinstance(suite.body[-1], _DEFINITIONS) and last + 2 < len(lines)
        if ends and lines.is_blank(last + 1) and not lines.is_blank(last + 2):
            cuts.append(Cut(lines.start(last + 1), lines.start(last + 1), lines.newline))
        return cuts

    def _above_else(self, suite: cst.BaseSuite) -> str:
        """Return the comment lines right above the `else` of a suite, unless they speak of the flag."""
        clause = self.tree.parent(suite)
        if not isinstance(clause, cst.Else):
            return ""
        header = self.first_line(clause)
        comment = self.text[self.lines.start(self.comments_above(header)) : self.lines.start(header)]
        return "" if self.vocabulary.speaks_of_flag(comment) else comment

    def _beside_header(self, suite: cst.BaseSuite, indent: str) -> str:
        """Return the comment at the end of the gate's line as a line of its own, when it is worth keeping."""
        comment = suite.header.comment if isinstance(suite, cst.IndentedBlock) else None
        if comment is None or is_directive(comment.value) or self.vocabulary.speaks_of_flag(comment.value):
            return ""
        return f"{indent}{comment.value}{self.lines.newline}"
