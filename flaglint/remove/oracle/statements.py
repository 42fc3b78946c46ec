"""Folding of statements to a normal form, for the second opinion: branches, loops, dead code, constant locals."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, TypeAlias

from flaglint.remove.oracle.decisions import decided, effects, first_effects
from flaglint.remove.oracle.displays import adds_nothing
from flaglint.remove.oracle.expressions import Expressions, chained, constant, is_known, simplified_test
from flaglint.remove.oracle.hoisting import evaluated_first, hoisted
from flaglint.remove.oracle.purity import is_droppable
from flaglint.remove.oracle.walking import Transformer, below

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


class Statements:
    """Brings statements to a normal form."""

    def __init__(self) -> None:
        self.expressions = Expressions()

    def block(self, statements: Iterable[ast.stmt]) -> list[ast.stmt]:
        """Return the normal form of a suite, what is never reached left out."""
        found: list[ast.stmt] = []
        for statement in statements:
            for made in self.statement(statement):
                found.append(made)
                if not completes(made):
                    return found
        return found

    def statement(self, node: ast.stmt) -> list[ast.stmt]:
        """Return what one statement comes to."""
        if (place := evaluated_first(node)) is not None:
            holder, field = place
            ran = hoisted(self.expressions.visit(getattr(holder, field)))
            if ran is not None:
                setattr(holder, field, ran[1])
                return [*(ast.Expr(item) for item in ran[0]), *self.statement(node)]
        match node:
            case ast.Pass() | ast.Global() | ast.Nonlocal():
                return []
            case ast.If():
                return self.conditional(node)
            case ast.While():
                return self.loop(node)
            case ast.Assert():
                test = self.expressions.in_test(node.test)
                if is_known(test) and constant(test):
                    return []
                return [ast.Assert(test, self.expressions.visit(node.msg) if node.msg is not None else None)]
            case ast.Expr():
                return self.alone(node.value)
            case ast.Match():
                return self.match(node)
            case ast.Try() | ast.TryStar():
                return self.attempt(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                made = self.expressions.generic_visit(_without_body(node))
                assert isinstance(made, (*_FUNCTIONS, ast.ClassDef))
                made.body = self.ending(self.block(node.body), ast.Return)
                return [made]
            case ast.For() | ast.AsyncFor():
                body, other = self.looped(node.body), self.block(node.orelse)
                ends = any(_breaks(item) for item in body)
                made_for = type(node)(node.target, self.expressions.visit(node.iter), body, other if ends else [])
                return [made_for, *([] if ends else other)]
            case ast.With() | ast.AsyncWith():
                items = [
                    ast.withitem(self.expressions.visit(item.context_expr), item.optional_vars) for item in node.items
                ]
                return [type(node)(items, self.block(node.body))]
        folded = self.expressions.generic_visit(node)
        assert isinstance(folded, ast.stmt)
        return [] if adds_nothing(folded) else _chosen(folded)

    def looped(self, body: Iterable[ast.stmt]) -> list[ast.stmt]:
        """Return the normal form of the body of a loop."""
        return self.ending(self.block(body), ast.Continue)

    def ending(self, body: list[ast.stmt], jump: type[ast.Continue | ast.Return]) -> list[ast.stmt]:
        """Leave out jumps at the end of the body of a loop or function to where control goes anyway."""
        last = body[-1] if body else None
        if isinstance(last, jump) and (not isinstance(last, ast.Return) or _is_bare(last)):
            return self.ending(body[:-1], jump)
        if isinstance(last, ast.If):
            arms = self.ending(last.body, jump), self.ending(last.orelse, jump)
            if arms != (last.body, last.orelse):
                return [*body[:-1], *self.conditional(ast.If(last.test, *arms))]
        if isinstance(last, ast.Match):
            cases = [ast.match_case(case.pattern, case.guard, self.ending(case.body, jump)) for case in last.cases]
            return [*body[:-1], ast.Match(last.subject, cases)]
        return body

    def alone(self, node: ast.expr) -> list[ast.stmt]:
        """Return what an expression comes to that is a statement of its own; a walrus is an assignment."""
        if isinstance(node, ast.NamedExpr):
            return self.statement(ast.Assign([node.target], node.value))
        value = self.expressions.visit(node)
        return [] if adds_nothing(ast.Expr(value)) else self.run(value)

    def run(self, value: ast.expr) -> list[ast.stmt]:
        """Return an expression as a statement, or its effects; a string is a docstring."""
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            return [ast.Expr(value)]
        if isinstance(value, ast.NamedExpr):
            return [ast.Assign([value.target], value.value)]
        found = decided(value)
        if found is not None:
            return [ast.Expr(item) for item in found[1]]
        if isinstance(value, ast.BoolOp):
            value = simplified_test(value)
            before, value = first_effects(value)
            if before:
                return [*(ast.Expr(item) for item in before), *self.run(value)]
        return [] if is_droppable(value) else [ast.Expr(item) for item in effects(value)]

    def conditional(self, node: ast.If) -> list[ast.stmt]:
        """Return what an `if` comes to."""
        if (first := _first_walrus(node.test)) is not None:
            bound = ast.Assign([ast.Name(first.target.id, ast.Store())], first.value)
            rest = _Value(first).visit(node.test)
            return [bound, *self.conditional(ast.If(rest, node.body, node.orelse))]
        test = self.expressions.in_test(node.test)
        found = decided(test)
        if found is not None:
            chosen = self.block(node.body if found[0] else node.orelse)
            return [*(ast.Expr(item) for item in found[1]), *chosen]
        before, test = first_effects(test)
        if before:
            return [*(ast.Expr(item) for item in before), *self.conditional(ast.If(test, node.body, node.orelse))]
        if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And) and _binds_truth(walrus := test.values[-1]):
            assert isinstance(walrus, ast.NamedExpr)
            bound = ast.Assign([ast.Name(walrus.target.id, ast.Store())], walrus.value)
            rest = chained(test.op, test.values[:-1], truth=True)
            return self.conditional(ast.If(rest, [bound, *node.body], node.orelse))
        body, other = self.block(node.body), _without_repeated(test, self.block(node.orelse))
        if not other and isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
            last = decided(test.values[-1])
            if last is not None and last[0]:
                body = [*(ast.Expr(item) for item in last[1]), *body]
                test = chained(test.op, test.values[:-1], truth=True)
        if not body and not other:
            return [made for item in effects(test) for made in self.run(item)]
        return [ast.If(test, body, other)]

    def loop(self, node: ast.While) -> list[ast.stmt]:
        """Return what a `while` comes to."""
        test = self.expressions.in_test(node.test)
        found = decided(test)
        if found is None:
            body, other = self.looped(node.body), self.block(node.orelse)
            ends = any(_breaks(item) for item in body)
            return [ast.While(test, body, other if ends else []), *([] if ends else other)]
        before: list[ast.stmt] = [ast.Expr(item) for item in found[1]]
        if not found[0]:
            return [*before, *self.block(node.orelse)]
        return [ast.While(ast.Constant(value=True), [*before, *self.looped(node.body)], [])]

    def attempt(self, node: ast.Try | ast.TryStar) -> list[ast.stmt]:
        """Return what a `try` comes to; one whose body cannot raise is its body."""
        body, final = self.block(node.body), self.block(node.finalbody)
        if all(_is_harmless(item) for item in body):
            rest = self.block(node.orelse) if all(completes(item) for item in body) else []
            if not final:
                return [*body, *rest]
            if not body and not rest:
                return final
            return [type(node)([*body, *rest], [], [], final)]
        handlers = [
            ast.ExceptHandler(
                self.expressions.visit(item.type) if item.type is not None else None, item.name, self.block(item.body)
            )
            for item in node.handlers
        ]
        if not handlers and not final:
            return body
        return [type(node)(body, handlers, self.block(node.orelse), final)]

    def match(self, node: ast.Match) -> list[ast.stmt]:
        """Return what a `match` comes to; on a constant it is a chain of guards."""
        subject = self.expressions.visit(node.subject)
        cases = [
            (case, self.expressions.in_test(case.guard) if case.guard is not None else None) for case in node.cases
        ]
        cases = [(case, guard) for case, guard in cases if guard is None or not is_known(guard) or constant(guard)]
        cases = [(case, None if guard is not None and is_known(guard) else guard) for case, guard in cases]
        if is_known(subject):
            left = []
            for case, guard in cases:
                found = _matches(case.pattern, constant(subject))
                if found is False:
                    continue
                left.append((case, guard, found))
                if found and guard is None:
                    break
            if all(found for _, _, found in left) and not any(
                _captures(case.pattern) and guard is not None for case, guard, _ in left
            ):
                return self.guards(subject, [(case, guard) for case, guard, _ in left])
            cases = [(case, guard) for case, guard, _ in left]
        cases = _reached(cases)
        if cases and cases[0][1] is None and _is_sure(cases[0][0].pattern):
            name = _captures(cases[0][0].pattern)
            bound = [ast.Assign([ast.Name(name, ast.Store())], subject)] if name else self.run(subject)
            return [*bound, *self.block(cases[0][0].body)]
        made = [ast.match_case(case.pattern, guard, self.block(case.body)) for case, guard in cases]
        return [ast.Match(subject, made)] if made else self.run(subject)

    def guards(self, subject: ast.expr, cases: Sequence[tuple[ast.match_case, ast.expr | None]]) -> list[ast.stmt]:
        if not cases:
            return []
        case, guard = cases[0]
        name = _captures(case.pattern)
        bound: list[ast.stmt] = [ast.Assign([ast.Name(name, ast.Store())], subject)] if name else []
        body = [*bound, *self.block(case.body)]
        if guard is None:
            return body
        return self.conditional(ast.If(guard, body, self.guards(subject, cases[1:])))


_Cases: TypeAlias = list[tuple[ast.match_case, ast.expr | None]]


def _reached(cases: _Cases) -> _Cases:
    """Leave out the cases behind one without a guard that has the same literal pattern, or matches anything."""
    found: _Cases = []
    taken: set[str] = set()
    for case, guard in cases:
        pattern = ast.dump(case.pattern)
        if pattern not in taken:
            found.append((case, guard))
        if guard is None and _is_sure(case.pattern):
            break
        if guard is None and all(
            isinstance(item, ast.MatchValue | ast.MatchSingleton | ast.MatchOr | ast.expr | ast.expr_context)
            for item in ast.walk(case.pattern)
        ):
            taken.add(pattern)
    return found


def _is_sure(pattern: ast.pattern) -> bool:
    return isinstance(pattern, ast.MatchAs) and pattern.pattern is None


def _is_bare(node: ast.Return) -> bool:
    return node.value is None or (isinstance(node.value, ast.Constant) and node.value.value is None)


def _chosen(node: ast.stmt) -> list[ast.stmt]:
    """Return a statement whose value is chosen by a test that is decided: what runs of the test, then the choice."""
    if not isinstance(node, ast.Assign | ast.Return | ast.AugAssign) or not isinstance(node.value, ast.IfExp):
        return [node]
    if isinstance(node, ast.AugAssign) and not isinstance(node.target, ast.Name):
        return [node]  # its target is evaluated first
    found = decided(node.value.test)
    if found is None:
        return [node]
    node.value = node.value.body if found[0] else node.value.orelse
    return [*(ast.Expr(item) for item in found[1]), node]


def _without_repeated(test: ast.expr, other: list[ast.stmt]) -> list[ast.stmt]:
    """Leave out of what runs when a test fails the arms that ask it again."""
    only = other[0] if len(other) == 1 else None
    if not isinstance(only, ast.If) or not is_droppable(test) or not is_droppable(only.test):
        return other
    rest = _without_repeated(test, only.orelse)
    return rest if ast.dump(only.test) == ast.dump(test) else [ast.If(only.test, only.body, rest)]


def _binds_truth(node: ast.expr) -> bool:
    """Whether an operand is a walrus that binds what is true, so that its body begins with the binding."""
    return isinstance(node, ast.NamedExpr) and isinstance(node.value, ast.Constant) and bool(node.value.value)


def _first_walrus(test: ast.expr) -> ast.NamedExpr | None:
    """Return the walrus that a test begins with, if it binds a constant."""
    while True:
        match test:
            case ast.NamedExpr(value=ast.Constant()):
                return test
            case ast.BoolOp():
                test = test.values[0]
            case ast.UnaryOp():
                test = test.operand
            case ast.Compare():
                test = test.left
            case ast.IfExp():
                test = test.test
            case _:
                return None


class _Value(Transformer, ast.NodeTransformer):
    """Puts the value of a walrus in its place."""

    def __init__(self, node: ast.NamedExpr) -> None:
        self.node = node

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        return node.value if node is self.node else node


def _without_body(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> ast.stmt:
    made = type(node)(**{name: getattr(node, name) for name in node._fields})
    made.body = []
    return made


def _is_harmless(node: ast.stmt) -> bool:
    match node:
        case ast.Assign():
            return all(isinstance(target, ast.Name) for target in node.targets) and is_known(node.value)
        case ast.AnnAssign():
            return isinstance(node.target, ast.Name) and node.value is not None and is_known(node.value)
        case ast.Return():
            return node.value is None or is_known(node.value)
    return isinstance(node, ast.Break | ast.Continue)


def completes(node: ast.stmt) -> bool:
    """Whether control can leave a statement at its end; errs on the side of yes."""
    match node:
        case ast.Return() | ast.Raise() | ast.Break() | ast.Continue():
            return False
        case ast.If():
            return not node.orelse or _all_complete(node.body) or _all_complete(node.orelse)
        case ast.While():
            if isinstance(node.test, ast.Constant) and node.test.value:
                return any(_breaks(item) for item in node.body)
            return not node.orelse or _all_complete(node.orelse) or any(_breaks(item) for item in node.body)
        case ast.For() | ast.AsyncFor():
            return not node.orelse or _all_complete(node.orelse) or any(_breaks(item) for item in node.body)
        case ast.Try() | ast.TryStar():
            if node.finalbody and not _all_complete(node.finalbody):
                return False
            body = _all_complete(node.body) and _all_complete(node.orelse)
            return body or any(_all_complete(handler.body) for handler in node.handlers)
        case ast.Match():
            last = node.cases[-1]
            sure = last.guard is None and isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
            return not sure or any(_all_complete(case.body) for case in node.cases)
    return True


def _all_complete(body: Sequence[ast.stmt]) -> bool:
    return all(completes(item) for item in body)


def _breaks(node: ast.AST) -> bool:
    if isinstance(node, ast.Break):
        return True
    if isinstance(node, (*_FUNCTIONS, ast.ClassDef, ast.expr)):
        return False
    if isinstance(node, ast.For | ast.AsyncFor | ast.While):
        return any(_breaks(item) for item in node.orelse)
    return any(_breaks(child) for child in below(node))


_CLASSES: dict[str, type] = {"str": str, "bool": bool, "int": int, "float": float}


def _matches(pattern: ast.pattern, value: object) -> bool | None:
    match pattern:
        case ast.MatchValue():
            return constant(pattern.value) == value if is_known(pattern.value) else None
        case ast.MatchSingleton():
            return pattern.value is value
        case ast.MatchOr():
            found = [_matches(item, value) for item in pattern.patterns]
            captured = any(_captures(item) for item in pattern.patterns)
            return None if captured else True if True in found else None if None in found else False
        case ast.MatchAs():
            return True if pattern.pattern is None else _matches(pattern.pattern, value)
        case ast.MatchClass(cls=ast.Name(id=name), patterns=[], kwd_attrs=[]) if name in _CLASSES:
            return isinstance(value, _CLASSES[name])
        case ast.MatchSequence() | ast.MatchMapping():
            return False
    return None


def _captures(pattern: ast.pattern) -> str:
    if isinstance(pattern, ast.MatchAs):
        return pattern.name or (_captures(pattern.pattern) if pattern.pattern is not None else "")
    return ""
