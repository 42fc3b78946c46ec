"""Folding of statements: an `if` becomes the arm that runs, a test of a loop a constant, an assertion nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import attempts, cst, loops, matching, neutral
from flaglint.remove.evaluate import chain
from flaglint.remove.lines import width
from flaglint.remove.order import runs_first
from flaglint.remove.purity import is_droppable
from flaglint.remove.rope import Cut
from flaglint.remove.step import as_statement, statements_of
from flaglint.remove.surgery import keep_operands
from flaglint.remove.tree import children, flat
from flaglint.remove.values import Known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.remove.busy import Busy
    from flaglint.remove.evaluate import Truth
    from flaglint.remove.expressions import ExpressionFolder
    from flaglint.remove.step import Step
    from flaglint.remove.tree import Node

_OTHER_SCOPES = frozenset({cst.Lambda, cst.FunctionDef, cst.ClassDef, cst.IndentedBlock, cst.SimpleStatementSuite})


class StatementFolder:
    """Decides, in one step, what becomes of each statement of a tree; outer statements before those in them."""

    def __init__(
        self,
        step: Step,
        folder: ExpressionFolder,
        is_stable: Callable[[cst.Name], bool],
        is_remnant: Callable[[cst.Expr], bool],
        busy: Busy,
    ) -> None:
        """`is_remnant` tells whether a statement is what is left of a longer one."""
        self.busy = busy
        self.step = step
        self.folder = folder
        self.is_stable = is_stable
        self.is_remnant = is_remnant
        self.tree = step.tree
        self.layout = step.layout
        self.evaluator = step.evaluator
        self.marks = step.evaluator.marks

    def fold(self, body: Node) -> None:
        """Fold the statements of a suite or a module."""
        for statement in statements_of(body):
            if isinstance(statement, cst.SimpleStatementLine):
                for small in statement.body:
                    self.simple(small)
            elif isinstance(statement, cst.BaseSmallStatement):
                self.simple(statement)
            elif not self.busy.is_idle(statement):
                self.compound(statement)

    # ------------------------------------------------------------------------------------------------ one statement

    def simple(self, node: Node) -> None:
        """Fold a simple statement."""
        if not self.busy.has(node):
            if isinstance(node, cst.Expr) and not isinstance(node.value, cst.BooleanOperation):
                self._drop_remnant(node)
            return
        if isinstance(node, cst.Assert):
            found = self.evaluator.truth(node.test)
            if found is not None and found.is_true and not found.effects:
                self.step.remove(node, found.origins)
                return
        if isinstance(node, (cst.AugAssign, cst.Expr)) and (idle := neutral.does_nothing(node, self.evaluator)):
            self.step.remove(node, idle.origins)
            return
        if isinstance(node, cst.Expr) and self.expression_statement(node):
            return
        if self.hoist(node, node):
            return
        cuts = list(self.folder.fold(node))
        if cuts and self.step.claim(node):
            self.step.rewrite(cuts)

    def expression_statement(self, node: cst.Expr) -> bool:
        """A statement whose value nobody takes: what is left of it are its effects."""
        found = self.evaluator.truth(node.value)
        if found is not None:
            self.replace_by_effects(node, found)
            return True
        if isinstance(node.value, cst.BooleanOperation):
            cuts = list(self.folder.fold(node.value, truth=True))
            if cuts and self.step.claim(node):
                self.step.rewrite(cuts)
            return bool(cuts)
        return self._drop_remnant(node)

    def _drop_remnant(self, node: cst.Expr) -> bool:
        is_empty = is_droppable(node.value, self.evaluator.harmless)
        return is_empty and self.is_remnant(node) and self.step.remove(node, frozenset())

    def replace_by_effects(self, node: cst.Expr, found: Truth) -> None:
        """Put the effects of an expression in the place of its statement, or take the statement out."""
        statements = [as_statement(source) for source in found.effects]
        if not statements:
            self.step.remove(node, found.origins)
        elif self.step.claim(node):
            joined = self._joined(node, statements)
            self.step.rewrite([Cut(*self.tree.outer(node.value), joined)])

    def _joined(self, node: Node, statements: list[str]) -> str:
        indent = self.layout.lines.indent(self.layout.first_line(node))
        alone = isinstance(self.tree.parent(node), cst.SimpleStatementLine)
        return (f"{self.layout.lines.newline}{indent}" if alone else "; ").join(statements)

    def compound(self, node: Node) -> None:
        """Fold a compound statement, or what is in it."""
        match node:
            case cst.If():
                if self.conditional(node):
                    return
            case cst.While():
                if loops.fold(self, node):
                    return
            case cst.Match():
                if matching.fold(self, node) or matching.drop_guarded(self, node):
                    return
            case cst.Try() | cst.TryStar():
                if attempts.fold(self, node):
                    return
        self.header(node)
        self.suites(node)

    def header(self, node: Node) -> None:
        """Fold the expressions on the header of a compound statement."""
        if not self.busy.has(node):
            return
        if isinstance(node, (cst.If, cst.For, cst.With, cst.Match)) and self.hoist(node, self._first_header(node)):
            return
        for child in children(node):
            if isinstance(child, (cst.BaseSuite, cst.Else, cst.ExceptHandler, cst.Finally)):
                continue
            if isinstance(child, (cst.ExceptStarHandler, cst.If, cst.MatchCase)):
                continue
            is_test = isinstance(node, (cst.If, cst.While)) and child is node.test
            cuts = list(self.folder.fold(child, truth=is_test))
            if cuts and self.step.claim(child):
                self.step.rewrite(cuts)

    @staticmethod
    def _first_header(node: cst.If | cst.For | cst.With | cst.Match) -> Node:
        match node:
            case cst.If():
                return node.test
            case cst.For():
                return node.iter
            case cst.Match():
                return node.subject
        return node.items[0].item

    def suites(self, node: Node) -> None:
        """Fold the suites of a compound statement."""
        for child in children(node):
            if isinstance(child, cst.BaseSuite):
                self.fold(child)
            elif isinstance(child, cst.If):
                self.header(child)
                self.suites(child)
            elif isinstance(child, (cst.Else, cst.Finally, cst.ExceptHandler, cst.ExceptStarHandler, cst.MatchCase)):
                if isinstance(child, cst.MatchCase) and child.guard is not None:
                    self._guard(child)
                elif isinstance(child, (cst.ExceptHandler, cst.ExceptStarHandler)) and self.busy.has(child):
                    self._caught(child)
                self.suites(child)

    def _caught(self, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        """Fold the expression that says what an `except` catches."""
        cuts = list(self.folder.fold(handler.type)) if handler.type is not None else []
        if cuts and handler.type is not None and self.step.claim(handler.type):
            self.step.rewrite(cuts)

    def _guard(self, case: cst.MatchCase) -> None:
        assert case.guard is not None
        found = self.evaluator.truth(case.guard)
        if found is not None and found.is_true and not found.effects and self.step.claim(case.guard):
            self.step.rewrite([Cut(self.tree.outer(case.pattern)[1], self.tree.outer(case.guard)[1])])
            return
        cuts = list(self.folder.fold(case.guard, truth=True))
        if cuts and self.step.claim(case.guard):
            self.step.rewrite(cuts)

    # ----------------------------------------------------------------------------------------------------- hoisting

    def hoist(self, statement: Node, root: Node) -> bool:
        """Run what must still run of a read before its statement, where nothing else is evaluated earlier.

        `audit(u) or True` in a test becomes the statement `audit(u)` and a constant; a read whose argument is a call
        becomes that call and a constant.
        """
        if isinstance(statement, cst.Assert) or isinstance(self.tree.parent(statement), cst.SimpleStatementSuite):
            return False
        if isinstance(statement, cst.If) and isinstance(self.tree.parent(statement), cst.If):
            return False
        for node, found in self._with_effects(root, truth=isinstance(statement, (cst.If, cst.While))):
            if not runs_first(self.tree, node, root, self.is_stable):
                continue
            if not self.begins_line(statement) or not self.step.claim(statement):
                return False
            indent = self.layout.lines.indent(self.layout.first_line(statement))
            newline = self.layout.lines.newline
            source = "".join(f"{as_statement(effect)}{newline}{indent}" for effect in found.effects)
            start = self.layout.span(statement)[0] - self.layout.base
            kept = self.evaluator.pending.get(node) or Known(found.is_true, found.origins)
            self.step.rewrite([Cut(start, start, source), Cut(*self.tree.outer(node), self.marks.name(kept))])
            return True
        return False

    def _with_effects(self, root: Node, *, truth: bool) -> Iterator[tuple[cst.BaseExpression, Truth]]:
        """Yield the outermost expressions whose value or truth is known but for what must still run."""
        pending = [(root, truth)]
        while pending:
            node, wants_truth = pending.pop()
            kind = type(node)
            if kind in _OTHER_SCOPES:
                continue
            if (wants_truth or node in self.evaluator.pending) and isinstance(node, cst.BaseExpression):
                found = self.evaluator.truth(node)
                if found is not None and found.effects:
                    yield node, found
                    continue
            keeps = (kind is cst.BooleanOperation and wants_truth) or kind is cst.Expr
            keeps = keeps or (isinstance(node, cst.UnaryOperation) and isinstance(node.operator, cst.Not))
            test = node.test if isinstance(node, cst.IfExp) else None
            pending += ((child, keeps or child is test) for child in reversed(children(node)))

    def begins_line(self, statement: Node) -> bool:
        """Whether nothing stands before a statement on its line."""
        start = self.layout.span(statement)[0]
        line_start = self.layout.lines.start(self.layout.lines.number(start))
        return not self.layout.text[line_start:start].strip()

    # ---------------------------------------------------------------------------------------------------- if and elif

    def conditional(self, node: cst.If) -> bool:
        """Fold an `if` with its `elif`s by the first arm whose truth is known."""
        arms: list[cst.If] = [node]
        while isinstance(arms[-1].orelse, cst.If):
            arms.append(arms[-1].orelse)
        for index, arm in enumerate(arms):
            found = self.evaluator.truth(arm.test)
            if found is None:
                if index and self._needs_nesting(arm):
                    return self.nest(node, arm)
                if index == 0 and self._last_operand(node):
                    return True
                continue
            if found.effects:
                return self.hoist(node, node.test) if index == 0 else self.nest(node, arm)
            if not self.step.claim(node):
                return True
            if index == 0:
                self._first_arm(node, found)
            else:
                self._later_arm(arm, found)
            return True
        return False

    def _needs_nesting(self, arm: cst.If) -> bool:
        return any(
            runs_first(self.tree, node, arm.test, self.is_stable)
            for node, _ in self._with_effects(arm.test, truth=True)
        )

    def _last_operand(self, node: cst.If) -> bool:
        """`if x and (audit() or True): body` runs `audit()` first thing in the body, if there is no other arm."""
        if node.orelse is not None or not isinstance(node.test, cst.BooleanOperation):
            return False
        operands = chain(node.test)
        found = self.evaluator.truth(operands[-1])
        if not isinstance(node.test.operator, cst.And) or found is None or not found.effects or not found.is_true:
            return False
        if not isinstance(node.body, cst.IndentedBlock) or not self.step.claim(node):
            return False
        self.step.rewrite(keep_operands(self.tree, node.test, range(len(operands) - 1)))
        self.begin_suite(node.body, [as_statement(effect) for effect in found.effects])
        return True

    def begin_suite(self, suite: cst.IndentedBlock, statements: list[str]) -> None:
        """Put statements at the beginning of a suite."""
        lines = self.layout.lines
        first = self.layout.suite_start(suite)
        indent = lines.indent(self.layout.first_line(suite.body[0]))
        source = "".join(f"{indent}{statement}{lines.newline}" for statement in statements)
        self.step.cuts.append(Cut(lines.start(first), lines.start(first), source))

    def _first_arm(self, node: cst.If, found: Truth) -> None:
        if found.is_true:
            if self._only_pass(node.body) and len(statements_of(self.tree.parent(node))) > 1:
                self._give_up(node, found)
                return
            if node.orelse is not None:
                self.step.drop(node.orelse, found.origins)
            self.step.cuts += self.layout.unwrap(node, [node.body])
            return
        self.step.drop(node.body, found.origins)
        if isinstance(node.orelse, cst.If):
            self._promote(node, node.orelse)
        elif isinstance(node.orelse, cst.Else) and not self._only_pass(node.orelse.body):
            self.step.cuts += self.layout.unwrap(node, [node.orelse.body])
        else:
            self._give_up(node, found)

    def _give_up(self, node: Node, found: Truth) -> None:
        """Take out a statement of which nothing is left."""
        self.step.unclaim(node)
        self.step.remove(node, found.origins)

    def _only_pass(self, suite: cst.BaseSuite) -> bool:
        statements = flat(suite)
        text = self.layout.text[slice(*self.layout.span(suite))]
        return len(statements) == 1 and isinstance(statements[0], cst.Pass) and "#" not in text

    def _promote(self, node: cst.If, following: cst.If) -> None:
        """Let the `elif` after a dead first arm become the `if`."""
        layout = self.layout
        first = layout.first_line(node)
        top = layout.gate_comment(first)
        begin = layout.comments_above(layout.first_line(following))
        keyword = layout.span(following)[0]
        self.step.cuts.append(Cut(layout.lines.start(top), layout.lines.start(begin)))
        self.step.cuts.append(Cut(keyword, keyword + len("el")))

    def _later_arm(self, arm: cst.If, found: Truth) -> None:
        """A true `elif` becomes the `else`, and a false one goes."""
        if not found.is_true:
            self.step.drop(arm.body, found.origins)
            self.step.cuts += self.step.clause_cuts_to(arm, arm.orelse)
            return
        if self._only_pass(arm.body):
            self.step.drop(arm, found.origins)
            self.step.cuts += self.step.clause_cuts(arm)
            return
        start = self.layout.span(arm)[0]
        end = self.tree.outer(arm.test)[1] + self.layout.base
        self.step.cuts.append(Cut(start, end, "else"))
        self._drop_header_comment(arm.body)
        if arm.orelse is not None:
            self.step.drop(arm.orelse, found.origins)
            self.step.cuts += self.step.clause_cuts(arm.orelse)

    def _drop_header_comment(self, suite: cst.BaseSuite) -> None:
        if isinstance(suite, cst.IndentedBlock) and suite.header.comment is not None:
            if self.layout.vocabulary.speaks_of_flag(suite.header.comment.value):
                line = self.layout.lines.number(self.layout.span(suite.header.comment)[0])
                content = self.layout.text[: self.layout.span(suite.header.comment)[0]].rstrip(" \t")
                self.step.cuts.append(Cut(len(content), self.layout.lines.content_end(line)))

    def nest(self, node: cst.If, arm: cst.If) -> bool:
        """Turn `elif test:` into `else:` with an `if test:` in it, so that something can run before the test."""
        if not isinstance(arm.body, cst.IndentedBlock) or not self.step.claim(node):
            return True
        layout, lines = self.layout, self.layout.lines
        first = layout.first_line(arm)
        outer = lines.indent(first)
        inner = lines.indent(layout.first_line(arm.body.body[0]))
        if not inner.startswith(outer) or width(inner) <= width(outer):
            return True
        last = layout.deeper_comments(lines.number(layout.span(arm)[1] - 1), width(outer))
        keyword = layout.span(arm)[0]
        self.step.cuts.append(Cut(lines.start(first), keyword + len("el"), f"{outer}else:{lines.newline}{inner}"))
        self.step.cuts += layout.shift(first + 1, last, outer, inner)
        return True
