"""The facts of one unit of Python source, read with libcst: its statements, what they bind, their expressions.

One hand-written walk, no metadata provider: positions come from a single pass of libcst's own code generator that
counts characters, which costs a third of the parse.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import libcst as cst
from libcst import ParserSyntaxError

from flaglint.refs import ir
from flaglint.refs.cst_expressions import ExpressionReader
from flaglint.refs.cst_literals import Scalar, literal_string
from flaglint.refs.cst_positions import positions
from flaglint.refs.cursor import Cursor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

_EXPECTED = re.compile(r"expected one of (.*)\Z", re.DOTALL)
_FEW = 3
_LEAVES = (cst.Return, cst.Raise)
_CLASS_HEADER = "class _:\n"


def extract(text: str, *, is_member: bool = False) -> ir.UnitFacts:
    """Return the facts of one unit; `is_member` when it is an indented member of a class.

    A unit that does not parse gives facts with `failure` set and nothing else; nothing is raised.
    """
    prefix = _CLASS_HEADER if is_member else ""
    try:
        module = cst.parse_module(prefix + text)
    except ParserSyntaxError as error:
        line = max(1, error.raw_line - is_member)
        return ir.UnitFacts([ir.Scope("unit")], failure=_reason(error), failure_line=line, failure_column=1)
    except cst.CSTValidationError:  # the parser takes a name that its tree refuses
        return ir.UnitFacts([ir.Scope("unit")], failure="invalid syntax", failure_line=1, failure_column=1)
    except RecursionError:
        return ir.UnitFacts([ir.Scope("unit")], failure="expressions nest too deeply to be read")
    try:
        places = positions(module, prefix + text)
        return _StatementReader(places, len(prefix)).run(module, is_member=is_member)
    except RecursionError:
        return ir.UnitFacts([ir.Scope("unit")], failure="expressions nest too deeply to be read")


def _reason(error: ParserSyntaxError) -> str:
    """Return what the parser wanted when it says so in a few words; its list of every token helps nobody."""
    expected = _EXPECTED.search(error.message)
    wanted = expected.group(1).split(", ") if expected is not None else []
    if 0 < len(wanted) <= _FEW and all(not word.isupper() for word in wanted):
        return "expected " + " or ".join(f"`{word}`" for word in wanted)
    return "invalid syntax"


class _StatementReader:
    """Walks the statements of one unit."""

    def __init__(self, places: Mapping[cst.CSTNode, tuple[int, int]], shift: int) -> None:
        self.cursor = Cursor()
        self.expressions = ExpressionReader(self.cursor, places, shift)

    def run(self, module: cst.Module, *, is_member: bool) -> ir.UnitFacts:
        if is_member:
            wrapper = module.body[0]
            assert isinstance(wrapper, cst.ClassDef)
            self.cursor.scopes[0].kind = "class"
            self.block(wrapper.body)
        else:
            self.statements(module.body)
        return ir.UnitFacts(self.cursor.scopes, self.cursor.sites, self.cursor.stores, self.cursor.changes)

    # ------------------------------------------------------------------------------------------------ statements

    def block(self, node: cst.BaseSuite) -> None:
        if isinstance(node, cst.IndentedBlock):
            self.statements(node.body)
            last = node.body[-1] if node.body else None
            if (
                self.cursor.block_path
                and isinstance(last, cst.SimpleStatementLine)
                and isinstance(last.body[-1], _LEAVES)
            ):
                self.cursor.scope.leaving.add(self.cursor.block_path[-1])
        elif isinstance(node, cst.SimpleStatementSuite):
            self.small(node.body)

    def statements(self, nodes: Iterable[cst.CSTNode]) -> None:
        for node in nodes:
            if isinstance(node, cst.SimpleStatementLine):
                self.small(node.body)
            else:
                self.cursor.scope.branches = True
                self.statement(node)

    def small(self, nodes: Iterable[cst.BaseSmallStatement]) -> None:
        for node in nodes:
            self.cursor.scope.statements += not self.is_docstring(node)
            self.statement(node)

    def statement(self, node: cst.CSTNode) -> None:
        reader = _STATEMENTS.get(type(node))
        if reader is not None:
            reader(self, node)

    @staticmethod
    def is_docstring(node: cst.CSTNode) -> bool:
        return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)

    def expression(self, node: cst.Expr) -> None:
        self.expressions.read(node.value, "expression")

    def returned(self, node: cst.Return) -> None:
        if node.value is not None:
            self.cursor.function_scope().returns.append(self.expressions.read(node.value, "return"))

    def assign(self, node: cst.Assign) -> None:
        single = node.targets[0].target if len(node.targets) == 1 else None
        value = self.expressions.read(
            node.value, "assignment", target=single.value if isinstance(single, cst.Name) else ""
        )
        start, end = self.expressions.place(node)
        for target in node.targets:
            self.bind(target.target, value, start=start, end=end)

    def annotated(self, node: cst.AnnAssign) -> None:
        annotation = self.expressions.annotation(node.annotation)
        target = node.target.value if isinstance(node.target, cst.Name) else ""
        value = self.expressions.read(node.value, "assignment", target=target) if node.value is not None else None
        start, end = self.expressions.place(node)
        if value is not None or isinstance(node.target, cst.Name):
            self.bind(node.target, value or ir.OPAQUE, annotation=annotation, start=start, end=end)

    def augmented(self, node: cst.AugAssign) -> None:
        value = self.expressions.read(node.value, "assignment")
        if isinstance(node.target, cst.Name):
            name = node.target.value
            before = self.cursor.name_at(name)
            start, end = self.expressions.place(node)
            if isinstance(node.operator, cst.AddAssign):
                self.bind(node.target, ir.Join((before, value)), start=start, end=end)
            elif isinstance(node.operator, cst.BitOrAssign):
                self.bind(node.target, ir.Mapping(((None, before), (None, value))), start=start, end=end)
            else:
                self.cursor.add_binding(name, ir.Rebound(self.cursor.moment()))
        else:
            self.cursor.change(self.expressions.read(node.target, "expression"))

    def delete(self, node: cst.Del) -> None:
        targets = [e.value for e in node.target.elements] if isinstance(node.target, cst.Tuple) else [node.target]
        for target in targets:
            if isinstance(target, cst.Name):
                self.cursor.add_binding(target.value, ir.Rebound(self.cursor.moment()))
            elif isinstance(target, cst.Subscript | cst.Attribute):
                self.cursor.change(self.expressions.read_target(target))

    def asserted(self, node: cst.Assert) -> None:
        self.expressions.read(node.test, "assert")
        if node.msg is not None:
            self.expressions.read(node.msg, "expression")

    def raised(self, node: cst.Raise) -> None:
        for part in (node.exc, node.cause.item if node.cause is not None else None):
            if part is not None:
                self.expressions.read(part, "expression")

    def declare_foreign(self, node: cst.Global) -> None:
        self.cursor.scope.foreign.update(item.name.value for item in node.names)

    def import_modules(self, node: cst.Import) -> None:
        for alias in node.names:
            dotted = _dotted(alias.name)
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                self.cursor.add_binding(alias.asname.name.value, ir.Imported(dotted, when=self.cursor.moment()))
            else:
                self.cursor.add_binding(
                    dotted.partition(".")[0], ir.Imported(dotted, whole=True, when=self.cursor.moment())
                )

    def import_names(self, node: cst.ImportFrom) -> None:
        module = _dotted(node.module) if node.module is not None else ""
        level = len(node.relative)
        if isinstance(node.names, cst.ImportStar):
            self.cursor.scope.stars.append(ir.Imported(module, level=level))
            return
        for alias in node.names:
            name = _dotted(alias.name)
            local = alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else name
            self.cursor.add_binding(local, ir.Imported(module, name, level, when=self.cursor.moment()))

    def condition(self, node: cst.If, role: str = "if-test") -> None:
        first = len(self.cursor.sites)
        self.expressions.read(node.test, role)
        with self.cursor.guarded(since=first):
            with self.cursor.branch():
                self.block(node.body)
            with self.cursor.branch():
                if isinstance(node.orelse, cst.If):
                    self.condition(node.orelse, "elif-test")
                elif node.orelse is not None:
                    self.block(node.orelse.body)

    def while_loop(self, node: cst.While) -> None:
        first = len(self.cursor.sites)
        with self.cursor.looping(), self.cursor.branch(loop=True):
            self.expressions.read(node.test, "while-test")
            with self.cursor.guarded(since=first):
                self.block(node.body)
        if node.orelse is not None:
            self.block(node.orelse.body)

    def for_loop(self, node: cst.For) -> None:
        iterable = self.expressions.read(node.iter, "iterable")
        with self.cursor.looping(), self.cursor.branch(loop=True):
            self.expressions.bind_loop(node.target, iterable)
            self.block(node.body)
        if node.orelse is not None:
            self.block(node.orelse.body)

    def with_block(self, node: cst.With) -> None:
        for item in node.items:
            value = self.expressions.read(item.item, "with-item")
            if item.asname is not None:
                self.bind(item.asname.name, value)
        self.block(node.body)

    def try_block(self, node: cst.Try | cst.TryStar) -> None:
        with self.cursor.branch():
            self.block(node.body)
        for handler in node.handlers:
            with self.cursor.branch():
                if handler.type is not None and not isinstance(handler.type, (cst.Name, cst.Attribute)):
                    self.expressions.read(handler.type, "expression")
                if handler.name is not None and isinstance(handler.name.name, cst.Name):
                    self.cursor.add_binding(handler.name.name.value, ir.Rebound(self.cursor.moment()))
                self.block(handler.body)
        if node.orelse is not None:
            with self.cursor.branch():
                self.block(node.orelse.body)
        if node.finalbody is not None:
            self.block(node.finalbody.body)

    def match_block(self, node: cst.Match) -> None:
        compared = tuple(value for case in node.cases for value in _pattern_literals(case.pattern))
        first = len(self.cursor.sites)
        self.expressions.read(node.subject, "match-subject", compared=compared)
        with self.cursor.guarded(since=first):
            for case in node.cases:
                for name in _captures(case.pattern):
                    self.cursor.add_binding(name, ir.Rebound(self.cursor.moment()))
                if case.guard is not None:
                    self.expressions.read(case.guard, "if-test")
                with self.cursor.branch():
                    self.block(case.body)

    # ----------------------------------------------------------------------------------------------- definitions

    def function(self, node: cst.FunctionDef) -> None:
        decorators = [self.expressions.read(item.decorator, "decorator") for item in node.decorators]
        parameters = self.expressions.parameters(node.params)
        if node.returns is not None:
            returned = self.expressions.annotation(node.returns)
        else:
            returned = None
        scope = ir.Scope("function", node.name.value, self.cursor.current, parameters, decorators=decorators)
        scope.name_start = self.expressions.place(node.name)[0]
        if returned is not None:
            scope.keywords["return"] = returned
        index = self.define(node.name.value, scope)
        with self.cursor.inside(index):
            self.block(node.body)

    def class_(self, node: cst.ClassDef) -> None:
        decorators = [self.expressions.read(item.decorator, "decorator") for item in node.decorators]
        bases = [self.expressions.read(arg.value, "argument") for arg in node.bases]
        scope = ir.Scope("class", node.name.value, self.cursor.current, decorators=decorators, bases=bases)
        scope.keywords = {
            arg.keyword.value: self.expressions.read(arg.value, "argument") for arg in node.keywords if arg.keyword
        }
        scope.name_start = self.expressions.place(node.name)[0]
        index = self.define(node.name.value, scope)
        with self.cursor.inside(index):
            self.block(node.body)

    def define(self, name: str, scope: ir.Scope) -> int:
        self.cursor.scopes.append(scope)
        index = len(self.cursor.scopes) - 1
        self.cursor.add_binding(name, ir.Defined(index, self.cursor.moment()))
        return index

    # ---------------------------------------------------------------------------------------------------- binding

    def bind(
        self,
        target: cst.BaseExpression,
        value: ir.Expr,
        *,
        path: tuple[int, ...] = (),
        annotation: ir.Expr | None = None,
        start: int = 0,
        end: int = 0,
    ) -> None:
        binding = ir.Assigned(value, self.cursor.current, path, annotation, start, end, self.cursor.moment())
        match target:
            case cst.Name():
                self.cursor.add_binding(target.value, binding)
            case cst.Tuple() | cst.List():
                for index, element in enumerate(target.elements):
                    if isinstance(element, cst.StarredElement):
                        self.bind(element.value, ir.OPAQUE)
                    else:
                        self.bind(element.value, value, path=(*path, index), start=start, end=end)
            case cst.Attribute():
                self.bind_attribute(target, binding)
            case cst.Subscript():
                stored = self.expressions.read_target(target)
                self.cursor.stores.append(ir.Store(stored, value, start, end, self.cursor.current, path))

    def bind_attribute(self, target: cst.Attribute, binding: ir.Assigned) -> None:
        owner = self.cursor.owner_by_first_parameter(target.value.value if isinstance(target.value, cst.Name) else "")
        if owner is not None:
            owner.instance.setdefault(target.attr.value, []).append(binding)
            return
        stored = self.expressions.read_target(target)
        self.cursor.stores.append(
            ir.Store(stored, binding.value, binding.start, binding.end, self.cursor.current, binding.path)
        )


_STATEMENTS: dict[type, Callable[..., None]] = {
    cst.Expr: _StatementReader.expression,
    cst.Return: _StatementReader.returned,
    cst.Assign: _StatementReader.assign,
    cst.AnnAssign: _StatementReader.annotated,
    cst.AugAssign: _StatementReader.augmented,
    cst.Del: _StatementReader.delete,
    cst.Assert: _StatementReader.asserted,
    cst.Raise: _StatementReader.raised,
    cst.Global: _StatementReader.declare_foreign,
    cst.Nonlocal: _StatementReader.declare_foreign,
    cst.Import: _StatementReader.import_modules,
    cst.ImportFrom: _StatementReader.import_names,
    cst.If: _StatementReader.condition,
    cst.While: _StatementReader.while_loop,
    cst.For: _StatementReader.for_loop,
    cst.With: _StatementReader.with_block,
    cst.Try: _StatementReader.try_block,
    cst.TryStar: _StatementReader.try_block,
    cst.Match: _StatementReader.match_block,
    cst.FunctionDef: _StatementReader.function,
    cst.ClassDef: _StatementReader.class_,
}


def _dotted(node: Any) -> str:
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    return ".".join(reversed(parts))


def _pattern_literals(pattern: cst.MatchPattern) -> list[Scalar]:
    match pattern:
        case cst.MatchValue():
            text = literal_string(pattern.value)
            return [text] if text is not None else []
        case cst.MatchOr():
            return [value for part in pattern.patterns for value in _pattern_literals(part.pattern)]
        case cst.MatchAs() if pattern.pattern is not None:
            return _pattern_literals(pattern.pattern)
        case _:
            return []


def _captures(pattern: cst.CSTNode) -> list[str]:
    names = [pattern.name.value] if isinstance(pattern, cst.MatchAs | cst.MatchStar) and pattern.name else []
    for child in pattern.children:
        names += _captures(child)
    return names
