"""Statements from the interpreter's own tree; see `read_expressions`."""

from __future__ import annotations

import _ast as ast
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Any

from flaglint.patterns import late
from flaglint.refs.ast_places import UnsureError
from flaglint.remove import cst
from flaglint.remove.cst.base import NOWHERE, outer
from flaglint.remove.cst.read_expressions import ExpressionReader
from flaglint.remove.cst.read_parameters import annotated, read_parameters

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_SAME_LINE = late(r"(?:[ \t\f]|\\(?:\r\n|\r|\n))*;(?:[ \t\f]|\\(?:\r\n|\r|\n))*")
_DOTTED = late(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_LINE_ENDS = "\r\n"
_CHANGED = {
    ast.Add: cst.AddAssign,
    ast.BitAnd: cst.BitAndAssign,
    ast.BitOr: cst.BitOrAssign,
    ast.BitXor: cst.BitXorAssign,
    ast.Div: cst.DivideAssign,
    ast.FloorDiv: cst.FloorDivideAssign,
    ast.LShift: cst.LeftShiftAssign,
    ast.MatMult: cst.MatrixMultiplyAssign,
    ast.Mod: cst.ModuloAssign,
    ast.Mult: cst.MultiplyAssign,
    ast.Pow: cst.PowerAssign,
    ast.RShift: cst.RightShiftAssign,
    ast.Sub: cst.SubtractAssign,
}


class StatementReader:
    """Makes nodes of the statements of a text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.expressions = ExpressionReader(text)
        self.read = self.expressions.read
        self.optional = self.expressions.optional
        self.places = self.expressions.places
        self.tokens = self.expressions.tokens
        self._small: dict[type, Callable[[Any, tuple[int, int]], cst.BaseSmallStatement]] = {
            ast.AnnAssign: self.annotated,
            ast.Assert: lambda node, place: cst.Assert(place, test=self.read(node.test), msg=self.optional(node.msg)),
            ast.Assign: self.assigned,
            ast.AugAssign: self.changed,
            ast.Break: lambda _, place: cst.Break(place),
            ast.Continue: lambda _, place: cst.Continue(place),
            ast.Delete: self.deleted,
            ast.Expr: lambda node, place: cst.Expr(place, value=self.read(node.value)),
            ast.Global: lambda node, place: cst.Global(place, names=self.names(node, place[0] + len("global"))),
            ast.Import: self.imported,
            ast.ImportFrom: self.imported_from,
            ast.Nonlocal: lambda node, place: cst.Nonlocal(place, names=self.names(node, place[0] + len("nonlocal"))),
            ast.Pass: lambda _, place: cst.Pass(place),
            ast.Raise: self.raised,
            ast.Return: lambda node, place: cst.Return(place, value=self.optional(node.value)),
        }
        self._compound: dict[type, Callable[[Any, int], cst.BaseCompoundStatement]] = {
            ast.AsyncFor: self.loop,
            ast.AsyncFunctionDef: self.function,
            ast.AsyncWith: self.context,
            ast.ClassDef: self.klass,
            ast.For: self.loop,
            ast.FunctionDef: self.function,
            ast.If: self.conditional,
            ast.Try: self.tried,
            ast.While: self.repeated,
            ast.With: self.context,
        }
        if hasattr(ast, "TryStar"):
            self._compound[ast.TryStar] = self.tried

    def module(self, node: ast.Module) -> cst.Module:
        """Return the whole text."""
        return cst.Module((0, len(self.text)), body=tuple(self.block(node.body)))

    def block(self, nodes: Sequence[ast.stmt]) -> list[Any]:
        """Return statements, small ones by lines."""
        found: list[Any] = []
        line: list[cst.BaseSmallStatement] = []
        for node in nodes:
            place = self.places.span(node)
            start = place[0]
            small = self._small.get(type(node))
            if small is not None:
                if line and (same := _SAME_LINE.match(self.text, line[-1].place[1])) and same.end() == start:
                    line.append(small(node, place))
                    continue
                if line:
                    found.append(_line(line))
                line = [small(node, place)]
                continue
            if line:
                found.append(_line(line))
                line = []
            compound = self._compound.get(type(node))
            if compound is None:
                raise UnsureError
            found.append(compound(node, start))
        if line:
            found.append(_line(line))
        return found

    def suite(self, nodes: Sequence[ast.stmt], header: int) -> cst.BaseSuite:
        """Return the suite of a statement or clause that begins at `header`."""
        first = nodes[0]
        start = self.places.span(first)[0]
        body = self.block(nodes)
        if type(first) in self._small and not self.starts_its_line(start):
            if len(body) != 1:
                raise UnsureError
            return cst.SimpleStatementSuite(body[0].place, body=body[0].body)
        decorators = getattr(body[0], "decorators", ())
        start = decorators[0].place[0] if decorators else start
        place = body[0].place[0], body[-1].place[1]
        return cst.IndentedBlock(place, body=tuple(body), header=cst.Header(self.comment(header, start)))

    def starts_its_line(self, start: int) -> bool:
        """Whether nothing stands before a statement on its line; raises UnsureError where the line before goes on."""
        line = self.places.starts[bisect_right(self.places.starts, start) - 1]
        if self.text[line:start].strip():
            return False
        if self.text[:line].rstrip(_LINE_ENDS)[-1:] == "\\":
            raise UnsureError
        return True

    def comment(self, header: int, start: int) -> cst.Comment | None:
        """Return the comment beside the colon of a suite, between its header and its first statement."""
        comments = self.tokens.comments
        for at in reversed(comments[bisect_left(comments, header) : bisect_left(comments, start)]):
            line = bisect_right(self.places.starts, at)
            if not self.text[self.places.starts[line - 1] : at].strip():
                continue  # on a line of its own
            end = self.places.starts[line] if line < len(self.places.starts) else len(self.text)
            if self.tokens.after(end) < start:
                return None
            value = self.text[at:end].rstrip(_LINE_ENDS)
            return cst.Comment((at, at + len(value)), value=value)
        return None

    # ------------------------------------------------------------------------------------------------- small statements

    def assigned(self, node: ast.Assign, place: tuple[int, int]) -> cst.Assign:
        targets = [self.read(target) for target in node.targets]
        made = tuple([cst.AssignTarget(outer(target), target=target) for target in targets])
        return cst.Assign(place, targets=made, value=self.read(node.value))

    def annotated(self, node: ast.AnnAssign, place: tuple[int, int]) -> cst.AnnAssign:
        target = self.read(node.target)
        annotation = annotated(self.expressions, node.annotation)
        return cst.AnnAssign(place, target=target, annotation=annotation, value=self.optional(node.value))

    def changed(self, node: ast.AugAssign, place: tuple[int, int]) -> cst.AugAssign:
        target = self.read(node.target)
        operator = _CHANGED[type(node.op)](NOWHERE)
        return cst.AugAssign(place, target=target, operator=operator, value=self.read(node.value))

    def deleted(self, node: ast.Delete, place: tuple[int, int]) -> cst.Del:
        targets = [self.read(target) for target in node.targets]
        last = outer(targets[-1])[1]
        comma = self.tokens.after(last)
        if len(targets) == 1 and self.text[comma : comma + 1] != ",":
            return cst.Del(place, target=targets[0])
        elements = tuple([cst.Element(outer(target), value=target) for target in targets])
        end = comma + 1 if self.text[comma : comma + 1] == "," else last
        return cst.Del(place, target=cst.Tuple((outer(targets[0])[0], end), elements=elements))

    def names(self, node: ast.Global | ast.Nonlocal, at: int) -> tuple[cst.NameItem, ...]:
        found = []
        for number, word in enumerate(node.names):
            at = self.tokens.word(at, ",") + 1 if number else at
            name = self.expressions.word(self.tokens.after(at), word)
            at = name.place[1]
            found.append(cst.NameItem(name.place, name=name))
        return tuple(found)

    def raised(self, node: ast.Raise, place: tuple[int, int]) -> cst.Raise:
        error = self.optional(node.exc)
        cause = None
        if node.cause is not None:
            start = self.tokens.word(outer(error)[1], "from")
            item = self.read(node.cause)
            cause = cst.From((start, outer(item)[1]), item=item)
        return cst.Raise(place, exc=error, cause=cause)

    def imported(self, node: ast.Import, place: tuple[int, int]) -> cst.Import:
        return cst.Import(place, names=tuple([self.alias(item) for item in node.names]))

    def imported_from(self, node: ast.ImportFrom, place: tuple[int, int]) -> cst.ImportFrom:
        at = self.tokens.after(place[0] + len("from"))
        dots = []
        while self.text[at] == ".":
            dots.append(cst.Dot(NOWHERE))
            at = self.tokens.after(at + 1)
        if len(dots) != node.level:
            raise UnsureError
        module = self.dotted(at, node.module) if node.module is not None else None
        at = self.tokens.word(module.place[1] if module is not None else at, "import")
        first = self.tokens.after(at + len("import"))
        opening = first if self.text[first] == "(" else None
        is_star = node.names[0].name == "*"
        names = cst.ImportStar(NOWHERE) if is_star else tuple([self.alias(item) for item in node.names])
        return cst.ImportFrom(place, module=module, names=names, relative=tuple(dots), opening=opening)

    def alias(self, node: ast.alias) -> cst.ImportAlias:
        start, end = self.places.span(node)
        name = self.dotted(start, node.name)
        asname = None
        if node.asname is not None:
            asname = self.as_name(name.place[1], self.expressions.word(end - len(node.asname), node.asname))
        return cst.ImportAlias((start, end), name=name, asname=asname)

    def as_name(self, start: int, name: Any) -> cst.AsName:
        """Return `as name`, with the blanks before it."""
        self.tokens.word(start, "as")
        return cst.AsName((start, outer(name)[1]), name=name)

    def dotted(self, start: int, name: str) -> cst.Name | cst.Attribute:
        """Return the name of a module, which stands at `start`."""
        if not self.text.startswith(name, start) or not _DOTTED.fullmatch(name):
            raise UnsureError
        first, *rest = name.split(".")
        made: cst.Name | cst.Attribute = self.expressions.word(start, first)
        for word in rest:
            attribute = self.expressions.word(made.place[1] + 1, word)
            made = cst.Attribute((start, attribute.place[1]), value=made, attr=attribute)
        return made

    # ---------------------------------------------------------------------------------------------- compound statements

    def conditional(self, node: ast.If, start: int) -> cst.If:
        test = self.read(node.test)
        body = self.suite(node.body, start)
        orelse: cst.If | cst.Else | None = None
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If):
            inner = self.places.span(node.orelse[0])[0]
            if self.text.startswith("elif", inner):
                orelse = self.conditional(node.orelse[0], inner)
        if orelse is None:
            orelse = self.otherwise(node.orelse, body.place[1])
        end = (orelse if orelse is not None else body).place[1]
        return cst.If((start, end), test=test, body=body, orelse=orelse)

    def clause(self, end: int, word: str) -> int:
        """Return where a clause begins that follows the suite that ends at `end`."""
        at = self.tokens.after(end)
        if self.text[at : at + 1] == ";":
            at = self.tokens.after(at + 1)
        return self.tokens.word(at, word)

    def otherwise(self, nodes: Sequence[ast.stmt], end: int) -> cst.Else | None:
        if not nodes:
            return None
        start = self.clause(end, "else")
        body = self.suite(nodes, start)
        return cst.Else((start, body.place[1]), body=body)

    def repeated(self, node: ast.While, start: int) -> cst.While:
        test = self.read(node.test)
        body = self.suite(node.body, start)
        orelse = self.otherwise(node.orelse, body.place[1])
        end = (orelse if orelse is not None else body).place[1]
        return cst.While((start, end), test=test, body=body, orelse=orelse)

    def loop(self, node: ast.For | ast.AsyncFor, start: int) -> cst.For:
        target, iterable = self.read(node.target), self.read(node.iter)
        body = self.suite(node.body, start)
        orelse = self.otherwise(node.orelse, body.place[1])
        end = (orelse if orelse is not None else body).place[1]
        asynchronous = cst.Asynchronous(NOWHERE) if isinstance(node, ast.AsyncFor) else None
        return cst.For((start, end), target=target, iter=iterable, body=body, orelse=orelse, asynchronous=asynchronous)

    def context(self, node: ast.With | ast.AsyncWith, start: int) -> cst.With:
        is_async = isinstance(node, ast.AsyncWith)
        at = self.tokens.word(start + len("async"), "with") if is_async else start
        opening = self.tokens.after(at + len("with"))
        closing = self.tokens.closing.get(opening, -1)
        if closing >= 0 and self.text[self.tokens.after(closing + 1)] == ":":
            if len(node.items) == 1 and node.items[0].optional_vars is None:
                raise UnsureError  # the parentheses may be those of the statement or of the expression
            self.expressions.taken.add(opening)
        items = tuple([self.item(item) for item in node.items])
        body = self.suite(node.body, start)
        asynchronous = cst.Asynchronous(NOWHERE) if is_async else None
        return cst.With((start, body.place[1]), items=items, body=body, asynchronous=asynchronous)

    def item(self, node: ast.withitem) -> cst.WithItem:
        item = self.read(node.context_expr)
        start, end = outer(item)
        asname = None
        if node.optional_vars is not None:
            asname = self.as_name(end, self.read(node.optional_vars))
            end = asname.place[1]
        return cst.WithItem((start, end), item=item, asname=asname)

    def tried(self, node: Any, start: int) -> cst.Try | cst.TryStar:
        body = self.suite(node.body, start)
        is_star = not isinstance(node, ast.Try)
        handlers: tuple[Any, ...] = tuple([self.handler(item, is_star=is_star) for item in node.handlers])
        end = handlers[-1].place[1] if handlers else body.place[1]
        orelse = self.otherwise(node.orelse, end)
        end = orelse.place[1] if orelse is not None else end
        final = None
        if node.finalbody:
            begin = self.clause(end, "finally")
            last = self.suite(node.finalbody, begin)
            end = last.place[1]
            final = cst.Finally((begin, end), body=last)
        kind: type[Any] = cst.TryStar if is_star else cst.Try
        made: cst.Try | cst.TryStar = kind((start, end), body=body, handlers=handlers, orelse=orelse, finalbody=final)
        return made

    def handler(self, node: ast.ExceptHandler, *, is_star: bool) -> cst.ExceptHandler | cst.ExceptStarHandler:
        start = self.places.span(node)[0]
        error = self.optional(node.type)
        name = None
        if node.name is not None:
            at = self.tokens.word(outer(error)[1], "as")
            word = self.expressions.word(self.tokens.after(at + len("as")), node.name)
            name = self.as_name(outer(error)[1], word)
        body = self.suite(node.body, start)
        kind: type[Any] = cst.ExceptStarHandler if is_star else cst.ExceptHandler
        made: cst.ExceptHandler | cst.ExceptStarHandler = kind((start, body.place[1]), body=body, type=error, name=name)
        return made

    def decorators(self, nodes: Sequence[ast.expr]) -> tuple[cst.Decorator, ...]:
        found = []
        for node in nodes:
            expression = self.read(node)
            start, end = outer(expression)
            at = len(self.text[:start].rstrip(" \t\f\r\n\\")) - 1
            found.append(cst.Decorator((self.tokens.word(at, "@"), end), decorator=expression))
        return tuple(found)

    def named(self, node: Any, at: int) -> tuple[cst.Name, int]:
        """Return the name of a definition, and where the next token stands."""
        if getattr(node, "type_params", None):
            raise UnsureError
        name = self.expressions.word(self.tokens.after(at), node.name)
        return name, self.tokens.after(name.place[1])

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, start: int) -> cst.FunctionDef:
        decorators = self.decorators(node.decorator_list)
        is_async = isinstance(node, ast.AsyncFunctionDef)
        at = self.tokens.word(start + len("async"), "def") if is_async else start
        name, opening = self.named(node, at + len("def"))
        self.expressions.taken.add(opening)
        params = read_parameters(self.expressions, node.args, opening + 1)
        returns = annotated(self.expressions, node.returns) if node.returns is not None else None
        body = self.suite(node.body, start)
        return cst.FunctionDef(
            (start, body.place[1]),
            name=name,
            params=params,
            body=body,
            decorators=decorators,
            returns=returns,
            asynchronous=cst.Asynchronous(NOWHERE) if is_async else None,
            type_parameters=None,
        )

    def klass(self, node: ast.ClassDef, start: int) -> cst.ClassDef:
        decorators = self.decorators(node.decorator_list)
        name, opening = self.named(node, start + len("class"))
        self.expressions.taken.add(opening)
        given = self.expressions.arguments(node.bases, node.keywords)
        body = self.suite(node.body, start)
        return cst.ClassDef(
            (start, body.place[1]),
            name=name,
            body=body,
            bases=tuple([item for item in given if item.keyword is None and item.star != "**"]),
            keywords=tuple([item for item in given if item.keyword is not None or item.star == "**"]),
            decorators=decorators,
            type_parameters=None,
        )


def _line(statements: Sequence[cst.BaseSmallStatement]) -> cst.SimpleStatementLine:
    place = statements[0].place[0], statements[-1].place[1]
    return cst.SimpleStatementLine(place, body=tuple(statements))
