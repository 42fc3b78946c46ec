"""The facts of one unit, read with the interpreter's own parser: eight times as fast as libcst's, and not always able.

It knows the syntax of its own version alone. Where it fails, or where `ast` has lost what the text says, nothing is
concluded and `UnsureError` is raised: libcst is asked then. Everything else is the same as `cst_statements` says.
"""

from __future__ import annotations

import _ast as ast
import re
import warnings
from typing import TYPE_CHECKING, Any

from flaglint.refs import ir
from flaglint.refs.ast_expressions import ExpressionReader
from flaglint.refs.ast_places import Places, UnsureError
from flaglint.refs.cursor import Cursor, Use

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

CLASS_HEADER = "class _:\n"
_LEAVES = (ast.Return, ast.Raise)
_NAMED = (ast.Name, ast.Attribute)  # what most exceptions are caught by
_NAME = re.compile(r"(?:async[ \t]+)?(?:def|class)[ \t]+")
_SILENCE = [("ignore", None, Warning, None, 0)]  # what `simplefilter("ignore")` puts before all other filters
_UNSTARTED = (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError)


def extract(text: str, *, is_member: bool = False) -> ir.UnitFacts:
    """Return the facts of one unit; `is_member` when it is an indented member of a class.

    Raises UnsureError when this interpreter does not parse it, or does not say enough.
    """
    prefix = CLASS_HEADER if is_member else ""
    whole = prefix + text
    try:
        return _StatementReader(Places(whole, -len(prefix))).run(_parsed(whole), is_member=is_member)
    except _UNSTARTED as error:
        raise UnsureError from error


def _parsed(text: str) -> Any:
    """Return the module of a text, and warn of nothing in it: others wrote it."""
    if warnings.filters[:1] == _SILENCE:  # as in a process that does nothing else
        return compile(text, "<unit>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(text, "<unit>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)


class _StatementReader:
    """Walks the statements of one unit."""

    def __init__(self, places: Places) -> None:
        self.places = places
        self.cursor = Cursor()
        self.expressions = ExpressionReader(self.cursor, places)

    def run(self, module: ast.Module, *, is_member: bool) -> ir.UnitFacts:
        if is_member:
            wrapper = module.body[0]
            if not isinstance(wrapper, ast.ClassDef) or len(module.body) != 1:
                raise UnsureError
            self.cursor.scopes[0].kind = "class"
            self.block(wrapper.body)
        else:
            self.statements(module.body)
        return ir.UnitFacts(self.cursor.scopes, self.cursor.sites, self.cursor.stores, self.cursor.changes)

    def read(self, node: ast.expr, role: str, **use: Any) -> ir.Expr:
        return self.expressions.read(node, Use(role, **use))

    # ------------------------------------------------------------------------------------------------ statements

    def block(self, nodes: Sequence[ast.stmt]) -> None:
        self.statements(nodes)
        if self.cursor.block_path and isinstance(nodes[-1], _LEAVES) and self.places.starts_its_line(nodes[0]):
            self.cursor.scope.leaving.add(self.cursor.block_path[-1])

    def statements(self, nodes: Sequence[ast.stmt]) -> None:
        scope = self.cursor.scope
        for node in nodes:
            kind = type(node)
            if kind in _COMPOUND:
                scope.branches = True
            else:
                scope.statements += kind is not ast.Expr or not _is_docstring(node)
            reader = _STATEMENTS.get(kind)
            if reader is None:
                raise UnsureError
            reader(self, node)

    def nothing(self, node: ast.stmt) -> None:
        """Read a statement that says nothing here."""

    def expression(self, node: ast.Expr) -> None:
        self.read(node.value, "expression")

    def returned(self, node: ast.Return) -> None:
        if node.value is not None:
            self.cursor.function_scope().returns.append(self.read(node.value, "return"))

    def assign(self, node: ast.Assign) -> None:
        single = node.targets[0] if len(node.targets) == 1 else None
        value = self.expressions.read(node.value, Use("assignment", single.id if type(single) is ast.Name else ""))
        start, end = self.places.place(node)
        for target in node.targets:
            self.bind(target, value, start=start, end=end)

    def annotated(self, node: ast.AnnAssign) -> None:
        annotation = self.expressions.annotation(node.annotation)
        target = node.target.id if isinstance(node.target, ast.Name) else ""
        value = self.read(node.value, "assignment", target=target) if node.value is not None else None
        start, end = self.places.place(node)
        if value is not None or isinstance(node.target, ast.Name):
            self.bind(node.target, value or ir.OPAQUE, annotation=annotation, start=start, end=end)

    def augmented(self, node: ast.AugAssign) -> None:
        value = self.read(node.value, "assignment")
        if isinstance(node.target, ast.Name):
            name = node.target.id
            before = self.cursor.name_at(name)
            start, end = self.places.place(node)
            if isinstance(node.op, ast.Add):
                self.bind(node.target, ir.Join((before, value)), start=start, end=end)
            elif isinstance(node.op, ast.BitOr):
                self.bind(node.target, ir.Mapping(((None, before), (None, value))), start=start, end=end)
            else:
                self.cursor.add_binding(name, ir.Rebound(self.cursor.moment()))
        else:
            self.cursor.change(self.read(node.target, "expression"))

    def delete(self, node: ast.Delete) -> None:
        targets = node.targets
        if len(targets) == 1 and isinstance(targets[0], ast.Tuple):
            targets = targets[0].elts
        for target in targets:
            if isinstance(target, ast.Name):
                self.cursor.add_binding(target.id, ir.Rebound(self.cursor.moment()))
            elif isinstance(target, ast.Subscript | ast.Attribute):
                self.cursor.change(self.expressions.read_target(target))

    def asserted(self, node: ast.Assert) -> None:
        self.read(node.test, "assert")
        if node.msg is not None:
            self.read(node.msg, "expression")

    def raised(self, node: ast.Raise) -> None:
        for part in filter(None, (node.exc, node.cause)):
            self.read(part, "expression")

    def declare_foreign(self, node: ast.Global | ast.Nonlocal) -> None:
        self.cursor.scope.foreign.update(node.names)

    def import_modules(self, node: ast.Import) -> None:
        for alias in node.names:
            when = self.cursor.moment()
            if alias.asname is not None:
                self.cursor.add_binding(alias.asname, ir.Imported(alias.name, when=when))
            else:
                first = alias.name.partition(".")[0]
                self.cursor.add_binding(first, ir.Imported(alias.name, whole=True, when=when))

    def import_names(self, node: ast.ImportFrom) -> None:
        module, level = node.module or "", node.level
        if node.names[0].name == "*":
            self.cursor.scope.stars.append(ir.Imported(module, level=level))
            return
        for alias in node.names:
            imported = ir.Imported(module, alias.name, level, when=self.cursor.moment())
            self.cursor.add_binding(alias.asname or alias.name, imported)

    def condition(self, node: ast.If, role: str = "if-test") -> None:
        first = len(self.cursor.sites)
        cursor = self.cursor
        self.read(node.test, role)
        guards = cursor.enter_guard(since=first)
        around = cursor.enter_branch()
        self.block(node.body)
        cursor.block_path = around
        cursor.enter_branch()
        if self.is_elif(node.orelse):
            self.condition(node.orelse[0], "elif-test")  # type: ignore[arg-type] # an If
        elif node.orelse:
            self.block(node.orelse)
        cursor.block_path, cursor.guards = around, guards

    def is_elif(self, nodes: Sequence[ast.stmt]) -> bool:
        """Whether what stands behind an `if` is an `elif`; for `ast` that is an `if` in an `else`, too."""
        if len(nodes) != 1 or not isinstance(nodes[0], ast.If):
            return False
        return self.places.text.startswith("elif", self.places.span(nodes[0])[0])

    def while_loop(self, node: ast.While) -> None:
        first = len(self.cursor.sites)
        with self.cursor.looping(), self.cursor.branch(loop=True):
            self.read(node.test, "while-test")
            with self.cursor.guarded(since=first):
                self.block(node.body)
        if node.orelse:
            self.block(node.orelse)

    def for_loop(self, node: ast.For | ast.AsyncFor) -> None:
        iterable = self.read(node.iter, "iterable")
        with self.cursor.looping(), self.cursor.branch(loop=True):
            self.expressions.bind_loop(node.target, iterable)
            self.block(node.body)
        if node.orelse:
            self.block(node.orelse)

    def with_block(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            value = self.read(item.context_expr, "with-item")
            if item.optional_vars is not None:
                self.bind(item.optional_vars, value)
        self.block(node.body)

    def try_block(self, node: Any) -> None:
        with self.cursor.branch():
            self.block(node.body)
        for handler in node.handlers:
            with self.cursor.branch():
                if handler.type is not None and not isinstance(handler.type, _NAMED):
                    self.read(handler.type, "expression")
                if handler.name is not None:
                    self.cursor.add_binding(handler.name, ir.Rebound(self.cursor.moment()))
                self.block(handler.body)
        if node.orelse:
            with self.cursor.branch():
                self.block(node.orelse)
        if node.finalbody:
            self.block(node.finalbody)

    def match_block(self, node: ast.Match) -> None:
        compared = tuple(value for case in node.cases for value in _pattern_literals(case.pattern))
        first = len(self.cursor.sites)
        self.read(node.subject, "match-subject", compared=compared)
        with self.cursor.guarded(since=first):
            for case in node.cases:
                for name in _captures(case.pattern):
                    self.cursor.add_binding(name, ir.Rebound(self.cursor.moment()))
                if case.guard is not None:
                    self.read(case.guard, "if-test")
                with self.cursor.branch():
                    self.block(case.body)

    # ----------------------------------------------------------------------------------------------- definitions

    def function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        decorators = [self.read(item, "decorator") for item in node.decorator_list]
        parameters = self.expressions.parameters(node.args)
        returned = self.expressions.annotation(node.returns) if node.returns is not None else None
        scope = ir.Scope("function", node.name, self.cursor.current, parameters, decorators=decorators)
        scope.name_start = self.name_start(node)
        if returned is not None:
            scope.keywords["return"] = returned
        self.define(node.name, scope, node.body)

    def class_(self, node: ast.ClassDef) -> None:
        decorators = [self.read(item, "decorator") for item in node.decorator_list]
        bases = [self.read(base.value if isinstance(base, ast.Starred) else base, "argument") for base in node.bases]
        scope = ir.Scope("class", node.name, self.cursor.current, decorators=decorators, bases=bases)
        scope.keywords = {item.arg: self.read(item.value, "argument") for item in node.keywords if item.arg}
        scope.name_start = self.name_start(node)
        self.define(node.name, scope, node.body)

    def name_start(self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> int:
        start = self.places.span(node)[0]
        found = _NAME.match(self.places.text, start)
        if found is None or not self.places.text.startswith(node.name, found.end()):
            raise UnsureError  # a name that is not written in its normal form, or behind a continued line
        return max(0, found.end() + self.places.base)

    def define(self, name: str, scope: ir.Scope, body: Sequence[ast.stmt]) -> None:
        self.cursor.scopes.append(scope)
        index = len(self.cursor.scopes) - 1
        self.cursor.add_binding(name, ir.Defined(index, self.cursor.moment()))
        with self.cursor.inside(index):
            self.block(body)

    # ---------------------------------------------------------------------------------------------------- binding

    def bind(
        self,
        target: ast.expr,
        value: ir.Expr,
        *,
        path: tuple[int, ...] = (),
        annotation: ir.Expr | None = None,
        start: int = 0,
        end: int = 0,
    ) -> None:
        binding = ir.Assigned(value, self.cursor.current, path, annotation, start, end, self.cursor.moment())
        if isinstance(target, ast.Name):
            self.cursor.add_binding(target.id, binding)
        elif isinstance(target, ast.Tuple | ast.List):
            for index, element in enumerate(target.elts):
                if isinstance(element, ast.Starred):
                    self.bind(element.value, ir.OPAQUE)
                else:
                    self.bind(element, value, path=(*path, index), start=start, end=end)
        elif isinstance(target, ast.Attribute):
            self.bind_attribute(target, binding)
        elif isinstance(target, ast.Subscript):
            stored = self.expressions.read_target(target)
            self.cursor.stores.append(ir.Store(stored, value, start, end, self.cursor.current, path))

    def bind_attribute(self, target: ast.Attribute, binding: ir.Assigned) -> None:
        owner = self.cursor.owner_by_first_parameter(target.value.id if isinstance(target.value, ast.Name) else "")
        if owner is not None:
            owner.instance.setdefault(target.attr, []).append(binding)
            return
        stored = self.expressions.read_target(target)
        self.cursor.stores.append(
            ir.Store(stored, binding.value, binding.start, binding.end, self.cursor.current, binding.path)
        )


def _is_docstring(node: ast.stmt) -> bool:
    if not isinstance(node, ast.Expr):
        return False
    if isinstance(node.value, ast.JoinedStr):
        raise UnsureError  # one f-string is none, one beside a string is
    return isinstance(node.value, ast.Constant) and isinstance(node.value.value, str | bytes)


def _pattern_literals(pattern: ast.pattern) -> list[str]:
    if isinstance(pattern, ast.MatchValue):
        value = pattern.value
        return [value.value] if isinstance(value, ast.Constant) and isinstance(value.value, str) else []
    if isinstance(pattern, ast.MatchOr):
        return [value for part in pattern.patterns for value in _pattern_literals(part)]
    if isinstance(pattern, ast.MatchAs) and pattern.pattern is not None:
        return _pattern_literals(pattern.pattern)
    return []


def _captures(pattern: ast.pattern) -> list[str]:
    names = [pattern.name] if isinstance(pattern, ast.MatchAs | ast.MatchStar) and pattern.name else []
    inner: list[ast.pattern] = []
    if isinstance(pattern, ast.MatchAs):
        inner = [pattern.pattern] if pattern.pattern is not None else []
    elif isinstance(pattern, ast.MatchClass):
        inner = [*pattern.patterns, *pattern.kwd_patterns]
    elif isinstance(pattern, ast.MatchSequence | ast.MatchOr | ast.MatchMapping):
        inner = pattern.patterns
    for part in inner:
        names += _captures(part)
    return names


_COMPOUND = frozenset(
    {
        ast.If, ast.While, ast.For, ast.AsyncFor, ast.With, ast.AsyncWith, ast.Try, ast.TryStar, ast.Match,
        ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef,
    }
)  # fmt: skip
_STATEMENTS: dict[type, Callable[..., None]] = {
    ast.Expr: _StatementReader.expression,
    ast.Return: _StatementReader.returned,
    ast.Assign: _StatementReader.assign,
    ast.AnnAssign: _StatementReader.annotated,
    ast.AugAssign: _StatementReader.augmented,
    ast.Delete: _StatementReader.delete,
    ast.Assert: _StatementReader.asserted,
    ast.Raise: _StatementReader.raised,
    ast.Global: _StatementReader.declare_foreign,
    ast.Nonlocal: _StatementReader.declare_foreign,
    ast.Import: _StatementReader.import_modules,
    ast.ImportFrom: _StatementReader.import_names,
    ast.If: _StatementReader.condition,
    ast.While: _StatementReader.while_loop,
    ast.For: _StatementReader.for_loop,
    ast.AsyncFor: _StatementReader.for_loop,
    ast.With: _StatementReader.with_block,
    ast.AsyncWith: _StatementReader.with_block,
    ast.Try: _StatementReader.try_block,
    ast.TryStar: _StatementReader.try_block,
    ast.Match: _StatementReader.match_block,
    ast.FunctionDef: _StatementReader.function,
    ast.AsyncFunctionDef: _StatementReader.function,
    ast.ClassDef: _StatementReader.class_,
    ast.Pass: _StatementReader.nothing,
    ast.Break: _StatementReader.nothing,
    ast.Continue: _StatementReader.nothing,
}
