"""One step of a removal on one stretch of a file: what was decided on its tree, and the cuts that carry it out.

Decisions about whole statements are collected first and turned into cuts together, because what becomes of a suite
depends on all of them: one that loses every statement gets `pass`, or goes with the statement it belongs to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.records import dataclass
from flaglint.remove import cst
from flaglint.remove.cst.base import code
from flaglint.remove.cst.parsing import parse_expression
from flaglint.remove.lines import width
from flaglint.remove.purity import is_droppable
from flaglint.remove.rope import Cut
from flaglint.remove.tree import TRIES, dotted, walk

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Sequence

    from flaglint.remove.evaluate import Evaluator
    from flaglint.remove.layout import Layout
    from flaglint.remove.tree import Node, Tree


@dataclass(frozen=True, slots=True)
class Dropped:
    """A stretch of code that a decision takes away, with the reads it follows from."""

    start: int
    end: int
    origins: frozenset[int]


class Step:
    """Collects decisions on one tree. Cuts and stretches are in offsets of the whole file."""

    def __init__(self, layout: Layout, evaluator: Evaluator) -> None:
        self.layout = layout
        self.tree: Tree = layout.tree
        self.evaluator = evaluator
        self.cuts: list[Cut] = []
        self.dropped: list[Dropped] = []
        self._removed: dict[Node, frozenset[int]] = {}
        self._tails: set[Node] = set()
        self._claimed: set[Node] = set()
        self._unwrapped: list[tuple[Node, list[Cut]]] = []

    # --------------------------------------------------------------------------------------------------- decisions

    def is_claimed(self, node: Node) -> bool:
        """Whether `node`, or something around it, was decided on in this step."""
        return node in self._claimed or any(above in self._claimed for above in self.tree.ancestors(node))

    def claim(self, node: Node) -> bool:
        """Reserve a statement for one decision; False when that, or something in it, was decided on already."""
        if self.is_claimed(node) or any(below in self._claimed for below in walk(node)):
            return False
        self._claimed.add(node)
        return True

    def rewrite(self, cuts: Iterable[Cut]) -> None:
        """Add cuts that are in offsets of the tree."""
        base = self.layout.base
        self.cuts += [Cut(cut.start + base, cut.end + base, cut.text) for cut in cuts]

    def drop(self, node: Node, origins: frozenset[int]) -> None:
        """Note that the code of `node` goes."""
        start, end = self.layout.span(node)
        self.dropped.append(Dropped(start, end, origins))

    def remove(self, statement: Node, origins: frozenset[int]) -> bool:
        """Decide that a statement goes as a whole; False when it is decided on already."""
        if not self.claim(statement):
            return False
        self._removed[statement] = origins
        self.drop(statement, origins)
        return True

    def remove_tail(self, statements: Sequence[Node], origins: frozenset[int]) -> None:
        """Decide that the last statements of a suite go, and the comments after them."""
        if all(not self.is_claimed(item) for item in statements):
            for item in statements:
                if self.remove(item, origins):
                    self._tails.add(item)

    # ------------------------------------------------------------------------------------------------- carrying out

    def finish(self) -> list[Cut]:
        """Return all cuts of the step, with what becomes of suites that are left empty."""
        removals: list[Cut] = []
        while (body := self._empty_suite()) is not None:
            removals += self._emptied(body)
        for body in {self.tree.parent(statement) for statement in self._removed}:
            if body is not None and not any(above in self._removed for above in (body, *self.tree.ancestors(body))):
                statements = statements_of(body)
                gone = [item for item in statements if item in self._removed]
                removals += self.layout.remove(
                    statements, gone, tail_comments=any(item in self._tails for item in gone)
                )
        cuts = self.cuts
        for owner, unwrapping in self._unwrapped:  # what was decided on inside is decided again when the code has moved
            start, end = unwrapping[0].start, max(unwrapping[-1].end, self.layout.span(owner)[1])
            cuts = [cut for cut in cuts if not start <= cut.start <= cut.end <= end] + unwrapping
            removals = [cut for cut in removals if not start <= cut.start <= cut.end <= end]
        return _outermost(cuts, removals)

    def _empty_suite(self) -> Node | None:
        """Return a suite that loses all its statements, one that holds no other such suite."""
        suites = {self.tree.parent(statement) for statement in self._removed}
        for body in sorted(suites, key=lambda body: self.tree.inner(body) if body is not None else (0, 0)):
            if (
                body is None
                or isinstance(body, cst.Module)
                or any(above in self._removed for above in (body, *self.tree.ancestors(body)))
            ):
                continue
            left = [item for item in statements_of(body) if item not in self._removed]
            if not left or (is_test(self.tree.parent(body)) and all(map(_is_docstring, left))):
                return body
        return None

    def _emptied(self, body: Node) -> list[Cut]:
        """Decide what becomes of a suite without statements: its statement goes, its clause goes, or it gets `pass`."""
        statements = statements_of(body)
        origins = frozenset[int]().union(*(self._removed.pop(item, frozenset()) for item in statements))
        for item in statements:  # what goes in them goes with them: a handler of a `try` whose body is empty
            self._forget_inside(item)
        owner = self.tree.parent(body)
        if isinstance(body, cst.SimpleStatementLine):
            self._removed[body] = origins
            self._tails.update([body] if any(item in self._tails for item in statements) else [])
        elif owner is not None and self._may_go(owner):
            self._removed[owner] = origins
        elif isinstance(owner, cst.If) and body is owner.body and self._is_alone(owner):
            test = self.tree.source(_effective(owner.test, self.evaluator.harmless))
            cut = Cut(self.layout.span(owner)[0], self._end_of(owner), as_statement(test))
            self._unwrapped.append((owner, [cut]))
        elif isinstance(owner, cst.Finally) and isinstance(above := self.tree.parent(owner), TRIES):
            if above.handlers:
                return self.clause_cuts(owner)
            self._unwrapped.append((above, sorted(self.layout.unwrap(above, [above.body]))))
            self._forget_inside(above)
        elif isinstance(owner, TRIES) and body is owner.body and owner.finalbody is None and owner.orelse is not None:
            # nothing is left that its handlers could catch
            self._unwrapped.append((owner, sorted(self.layout.unwrap(owner, [owner.orelse.body]))))
            self._forget_inside(owner)
        elif owner is not None and (cuts := self._without_clause(owner)):
            return cuts
        else:
            return self.layout.fill(statements)
        return []

    def _forget_inside(self, owner: Node) -> None:
        for item in tuple(self._removed):
            if any(above is owner for above in self.tree.ancestors(item)):
                self._removed.pop(item)

    def _end_of(self, owner: Node) -> int:
        """Return where a compound statement ends with the comments of its last suite."""
        layout, lines = self.layout, self.layout.lines
        end = layout.span(owner)[1]
        last = layout.deeper_comments(lines.number(end - 1), width(lines.indent(layout.first_line(owner))))
        return max(end, lines.content_end(last))

    def _is_alone(self, owner: cst.If) -> bool:
        """Whether an `if` on lines of its own is no `elif`, and has none and no `else`; its test can stand alone."""
        fits = isinstance(owner.test, cst.Call) or "\n" not in self.tree.source(owner.test)
        return (
            fits
            and isinstance(owner.body, cst.IndentedBlock)
            and owner.orelse is None
            and not isinstance(self.tree.parent(owner), cst.If)
        )

    def _may_go(self, owner: Node) -> bool:
        """Whether a compound statement does nothing when its only suite does nothing; a test is there to check."""
        if is_test(owner):
            name = owner.name.value if isinstance(owner, cst.ClassDef) else ""
            return not name or len(re.findall(rf"\b{name}\b", self.layout.text)) == 1
        if isinstance(owner, cst.If):
            is_elif = isinstance(self.tree.parent(owner), cst.If)
            return owner.orelse is None and not is_elif and is_droppable(owner.test, self.evaluator.harmless)
        return isinstance(owner, TRIES) and owner.finalbody is None and owner.orelse is None

    def _without_clause(self, owner: Node) -> list[Cut]:
        """Return the cuts that take a clause away which does nothing when its suite does nothing, if it may go."""
        above = self.tree.parent(owner)
        is_last_elif = isinstance(owner, cst.If) and isinstance(above, cst.If) and owner.orelse is None
        if isinstance(owner, cst.Else) or (
            isinstance(owner, cst.If) and is_last_elif and is_droppable(owner.test, self.evaluator.harmless)
        ):
            return self.clause_cuts(owner)
        return []

    def clause_cuts(self, clause: Node, *, last: Node | None = None) -> list[Cut]:
        """Return the cuts that take the last clause of a statement away: `elif` and what follows, `else`, `finally`.

        With `last`, the clauses from `clause` to that one go, which is the last of the statement.
        """
        layout = self.layout
        top = self._clause_top(clause)
        column = width(layout.lines.indent(layout.first_line(clause)))
        bottom = layout.deeper_comments(layout.lines.number(layout.span(last or clause)[1] - 1), column)
        start, end = layout.lines.start(top), layout.lines.end(bottom)
        if end == len(layout.text) and not layout.text.endswith(("\n", "\r")) and top > 0:
            start = layout.lines.content_end(top - 1)
        return [Cut(start, end)]

    def clause_cuts_to(self, clause: Node, following: Node | None, *, last: Node | None = None) -> list[Cut]:
        """Return the cuts that take the code from `clause` up to the clause `following` away, or to the end, `last`."""
        if following is None:
            return self.clause_cuts(clause, last=last)
        layout, lines = self.layout, self.layout.lines
        top = layout.comments_above(layout.first_line(clause))
        stop = layout.comments_above(layout.first_line(following))
        above = below = 0
        while top - above > 0 and lines.is_blank(top - above - 1):
            above += 1
        while stop - below > top and lines.is_blank(stop - below - 1):
            below += 1
        begin, end = (top, stop) if above >= below else (top - above, stop - below)
        return [Cut(lines.start(begin), lines.start(end))]

    def _clause_top(self, clause: Node) -> int:
        top = self.layout.comments_above(self.layout.first_line(clause))
        while top > 0 and self.layout.lines.is_blank(top - 1):
            top -= 1
        return top

    def unclaim(self, node: Node) -> None:
        """Give up a claim, to decide otherwise."""
        self._claimed.discard(node)


def is_test(node: Node | None) -> bool:
    """Whether a definition is named as a test or a class of tests is."""
    if isinstance(node, cst.FunctionDef):
        return node.name.value.startswith("test_")
    if not isinstance(node, cst.ClassDef):
        return False
    bases = [dotted(arg.value) for arg in node.bases]
    return node.name.value.startswith("Test") or any(base.endswith("TestCase") for base in bases)


def _effective(test: cst.BaseExpression, harmless: Container[cst.CSTNode]) -> cst.BaseExpression:
    """Return the part of a test whose outcome no longer matters that must still run."""
    while True:
        if isinstance(test, cst.UnaryOperation) and isinstance(test.operator, cst.Not):
            test = test.expression
        elif isinstance(test, cst.BooleanOperation) and is_droppable(test.right, harmless):
            test = test.left
        else:
            return test


def _is_docstring(node: Node) -> bool:
    only = node.body[0] if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1 else None
    return isinstance(only, cst.Expr) and isinstance(only.value, cst.BaseString)


def _outermost(cuts: Sequence[Cut], removals: Sequence[Cut]) -> list[Cut]:
    """Leave out what happens inside code that goes as a whole."""
    kept = [cut for cut in cuts if not any(gone.start <= cut.start and cut.end <= gone.end for gone in removals)]
    return kept + [
        cut
        for cut in removals
        if not any(
            gone.start <= cut.start and cut.end <= gone.end and (gone.start, gone.end) != (cut.start, cut.end)
            for gone in removals
        )
    ]


def statements_of(body: Node | None) -> Sequence[Node]:
    """Return the statements of a suite, a module or a line."""
    found: Sequence[Node] = getattr(body, "body", ())
    return found


def as_statement(source: str) -> str:
    """Return an expression as a statement of its own, on one line if it can be; a walrus becomes an assignment."""
    parsed = parse_expression(f"({source})")
    if isinstance(parsed, cst.NamedExpr):
        return f"{code(parsed.target)} = {code(parsed.value)}"
    parentheses = getattr(parsed, "lpar", ())
    if "\n" in source and "#" not in source and not re.search(r"\"\"\"|'''", source):
        source = re.sub(r"([(\[{]) | (?=[)\]}])", r"\1", re.sub(r"\s*[\r\n]+\s*", " ", source))
    if len(parentheses) > 1 and "\n" not in source and not isinstance(parsed, (cst.Tuple, cst.GeneratorExp, cst.Yield)):
        return source[1:-1].strip()
    return source
