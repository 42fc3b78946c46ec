"""The facts of one unit of Python source, read with libcst. The only module of `refs` that sees syntax nodes.

One hand-written walk, no metadata provider: positions come from a single pass of libcst's own code generator that
counts characters, which costs a third of the parse.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import libcst as cst
from libcst import ParserSyntaxError

from flaglint.refs import ir
from flaglint.refs.expressions import ExpressionReader, literal_string
from flaglint.refs.positions import positions

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

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
    except RecursionError:
        return ir.UnitFacts([ir.Scope("unit")], failure="expressions nest too deeply to be read")
    try:
        return _Extractor(module, prefix + text, len(prefix)).run(is_member=is_member)
    except RecursionError:
        return ir.UnitFacts([ir.Scope("unit")], failure="expressions nest too deeply to be read")


def _reason(error: ParserSyntaxError) -> str:
    """Return what the parser wanted when it says so in a few words; its list of every token helps nobody."""
    expected = _EXPECTED.search(error.message)
    wanted = expected.group(1).split(", ") if expected is not None else []
    if 0 < len(wanted) <= _FEW and all(not word.isupper() for word in wanted):
        return "expected " + " or ".join(f"`{word}`" for word in wanted)
    return "invalid syntax"


class _Extractor(ExpressionReader):
    """Walks the statements of a unit; expressions are read by the base class."""

    def __init__(self, module: cst.Module, text: str, shift: int) -> None:
        super().__init__(positions(module, text), shift)
        self.module = module

    def run(self, *, is_member: bool) -> ir.UnitFacts:
        body: Sequence[cst.BaseStatement | cst.SimpleStatementLine] = self.module.body
        if is_member:
            wrapper = body[0]
            assert isinstance(wrapper, cst.ClassDef)
            self.scopes[0].kind = "class"
            self.block(wrapper.body)
        else:
            self.statements(body)
        return ir.UnitFacts(self.scopes, self.sites, self.stores)

    # ------------------------------------------------------------------------------------------------ statements

    def block(self, node: cst.BaseSuite) -> None:
        if isinstance(node, cst.IndentedBlock):
            self.statements(node.body)
            last = node.body[-1] if node.body else None
            if self.block_path and isinstance(last, cst.SimpleStatementLine) and isinstance(last.body[-1], _LEAVES):
                self.scope.leaving.add(self.block_path[-1])
        elif isinstance(node, cst.SimpleStatementSuite):
            self.small(node.body)

    def statements(self, nodes: Iterable[cst.CSTNode]) -> None:
        for node in nodes:
            if isinstance(node, cst.SimpleStatementLine):
                self.small(node.body)
            else:
                self.scope.branches = True
                method = getattr(self, f"on_{type(node).__name__}", None)
                if method is not None:
                    method(node)

    def small(self, nodes: Iterable[cst.BaseSmallStatement]) -> None:
        for node in nodes:
            self.scope.statements += not self.is_docstring(node)
            method = getattr(self, f"on_{type(node).__name__}", None)
            if method is not None:
                method(node)

    @staticmethod
    def is_docstring(node: cst.CSTNode) -> bool:
        return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString | cst.ConcatenatedString)

    def on_Expr(self, node: cst.Expr) -> None:  # noqa: N802 - named after the libcst node
        self.read(node.value, "expression")

    def on_Return(self, node: cst.Return) -> None:  # noqa: N802
        if node.value is not None:
            self.function_scope().returns.append(self.read(node.value, "return"))

    def on_Assign(self, node: cst.Assign) -> None:  # noqa: N802
        single = node.targets[0].target if len(node.targets) == 1 else None
        value = self.read(node.value, "assignment", target=single.value if isinstance(single, cst.Name) else "")
        start, end = self.place(node)
        for target in node.targets:
            self.bind(target.target, value, start=start, end=end)

    def on_AnnAssign(self, node: cst.AnnAssign) -> None:  # noqa: N802
        annotation = self.annotation(node.annotation)
        target = node.target.value if isinstance(node.target, cst.Name) else ""
        value = self.read(node.value, "assignment", target=target) if node.value is not None else None
        start, end = self.place(node)
        if value is not None or isinstance(node.target, cst.Name):
            self.bind(node.target, value or ir.OPAQUE, annotation=annotation, start=start, end=end)

    def on_AugAssign(self, node: cst.AugAssign) -> None:  # noqa: N802
        value = self.read(node.value, "assignment")
        if isinstance(node.target, cst.Name):
            name = node.target.value
            before = self.name_at(name)
            start, end = self.place(node)
            if isinstance(node.operator, cst.AddAssign):
                self.bind(node.target, ir.Join((before, value)), start=start, end=end)
            elif isinstance(node.operator, cst.BitOrAssign):
                self.bind(node.target, ir.Mapping(((None, before), (None, value))), start=start, end=end)
            else:
                self.add_binding(name, ir.Rebound(self.moment()))
        else:
            self.read(node.target, "expression")

    def on_Del(self, node: cst.Del) -> None:  # noqa: N802
        targets = [e.value for e in node.target.elements] if isinstance(node.target, cst.Tuple) else [node.target]
        for target in targets:
            if isinstance(target, cst.Name):
                self.add_binding(target.value, ir.Rebound(self.moment()))

    def on_Assert(self, node: cst.Assert) -> None:  # noqa: N802
        self.read(node.test, "assert")
        if node.msg is not None:
            self.read(node.msg, "expression")

    def on_Raise(self, node: cst.Raise) -> None:  # noqa: N802
        if node.exc is not None:
            self.read(node.exc, "expression")

    def on_Global(self, node: cst.Global) -> None:  # noqa: N802
        self.scope.foreign.update(item.name.value for item in node.names)

    on_Nonlocal = on_Global  # noqa: N815

    def on_Import(self, node: cst.Import) -> None:  # noqa: N802
        for alias in node.names:
            dotted = _dotted(alias.name)
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                self.add_binding(alias.asname.name.value, ir.Imported(dotted, when=self.moment()))
            else:
                self.add_binding(dotted.partition(".")[0], ir.Imported(dotted, whole=True, when=self.moment()))

    def on_ImportFrom(self, node: cst.ImportFrom) -> None:  # noqa: N802
        module = _dotted(node.module) if node.module is not None else ""
        level = len(node.relative)
        if isinstance(node.names, cst.ImportStar):
            self.scope.stars.append(ir.Imported(module, level=level))
            return
        for alias in node.names:
            name = _dotted(alias.name)
            local = alias.asname.name.value if alias.asname and isinstance(alias.asname.name, cst.Name) else name
            self.add_binding(local, ir.Imported(module, name, level, when=self.moment()))

    def on_If(self, node: cst.If, role: str = "if-test") -> None:  # noqa: N802
        first = len(self.sites)
        self.read(node.test, role)
        with self.guarded(range(first, len(self.sites))):
            with self.branch():
                self.block(node.body)
            with self.branch():
                if isinstance(node.orelse, cst.If):
                    self.on_If(node.orelse, "elif-test")
                elif node.orelse is not None:
                    self.block(node.orelse.body)

    def on_While(self, node: cst.While) -> None:  # noqa: N802
        first = len(self.sites)
        with self.looping(), self.branch(loop=True):
            self.read(node.test, "while-test")
            with self.guarded(range(first, len(self.sites))):
                self.block(node.body)
        if node.orelse is not None:
            self.block(node.orelse.body)

    def on_For(self, node: cst.For) -> None:  # noqa: N802
        iterable = self.read(node.iter, "iterable")
        with self.looping(), self.branch(loop=True):
            self.bind_loop(node.target, iterable)
            self.block(node.body)
        if node.orelse is not None:
            self.block(node.orelse.body)

    def on_With(self, node: cst.With) -> None:  # noqa: N802
        for item in node.items:
            value = self.read(item.item, "with-item")
            if item.asname is not None:
                self.bind(item.asname.name, value)
        self.block(node.body)

    def on_Try(self, node: cst.Try | cst.TryStar) -> None:  # noqa: N802
        with self.branch():
            self.block(node.body)
        for handler in node.handlers:
            with self.branch():
                if handler.name is not None and isinstance(handler.name.name, cst.Name):
                    self.add_binding(handler.name.name.value, ir.Rebound(self.moment()))
                self.block(handler.body)
        if node.orelse is not None:
            with self.branch():
                self.block(node.orelse.body)
        if node.finalbody is not None:
            self.block(node.finalbody.body)

    on_TryStar = on_Try  # noqa: N815

    def on_Match(self, node: cst.Match) -> None:  # noqa: N802
        compared = tuple(value for case in node.cases for value in _pattern_literals(case.pattern))
        first = len(self.sites)
        self.read(node.subject, "match-subject", compared=compared)
        with self.guarded(range(first, len(self.sites))):
            for case in node.cases:
                for name in _captures(case.pattern):
                    self.add_binding(name, ir.Rebound(self.moment()))
                if case.guard is not None:
                    self.read(case.guard, "if-test")
                with self.branch():
                    self.block(case.body)

    # ----------------------------------------------------------------------------------------------- definitions

    def on_FunctionDef(self, node: cst.FunctionDef) -> None:  # noqa: N802
        decorators = [self.read(item.decorator, "decorator") for item in node.decorators]
        parameters = self.parameters(node.params)
        if node.returns is not None:
            returned = self.annotation(node.returns)
        else:
            returned = None
        scope = ir.Scope("function", node.name.value, self.current, parameters, decorators=decorators)
        scope.is_async = node.asynchronous is not None
        scope.start, scope.end = self.place(node)
        scope.name_start = self.place(node.name)[0]
        if returned is not None:
            scope.keywords["return"] = returned
        index = self.define(node.name.value, scope)
        with self.inside(index):
            self.block(node.body)

    def on_ClassDef(self, node: cst.ClassDef) -> None:  # noqa: N802
        decorators = [self.read(item.decorator, "decorator") for item in node.decorators]
        bases = [self.read(arg.value, "argument") for arg in node.bases]
        scope = ir.Scope("class", node.name.value, self.current, decorators=decorators, bases=bases)
        scope.keywords = {arg.keyword.value: self.read(arg.value, "argument") for arg in node.keywords if arg.keyword}
        scope.start, scope.end = self.place(node)
        scope.name_start = self.place(node.name)[0]
        index = self.define(node.name.value, scope)
        with self.inside(index):
            self.block(node.body)

    def define(self, name: str, scope: ir.Scope) -> int:
        self.scopes.append(scope)
        index = len(self.scopes) - 1
        self.add_binding(name, ir.Defined(index, self.moment()))
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
        binding = ir.Assigned(value, self.current, path, annotation, start, end, self.moment())
        match target:
            case cst.Name():
                self.add_binding(target.value, binding)
            case cst.Tuple() | cst.List():
                for index, element in enumerate(target.elements):
                    if isinstance(element, cst.StarredElement):
                        self.bind(element.value, ir.OPAQUE)
                    else:
                        self.bind(element.value, value, path=(*path, index), start=start, end=end)
            case cst.Attribute():
                self.bind_attribute(target, binding)
            case cst.Subscript():
                stored = self.read_target(target)
                self.stores.append(ir.Store(stored, value, start, end, self.current))

    def bind_attribute(self, target: cst.Attribute, binding: ir.Assigned) -> None:
        function = self.scopes[self.current]
        owner = self.scopes[function.parent] if function.parent >= 0 else None
        is_method = function.kind == "function" and owner is not None and owner.kind == "class"
        first = function.parameters[0].name if is_method and function.parameters else ""
        if owner is not None and isinstance(target.value, cst.Name) and target.value.value == first:
            owner.instance.setdefault(target.attr.value, []).append(binding)
            return
        stored = self.read_target(target)
        self.stores.append(ir.Store(stored, binding.value, binding.start, binding.end, self.current))


def _dotted(node: Any) -> str:
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if isinstance(node, cst.Name):
        parts.append(node.value)
    return ".".join(reversed(parts))


def _pattern_literals(pattern: cst.MatchPattern) -> list[bool | int | float | str | None]:
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
