"""Which names a text binds and reads, and in which scope: Python's own rules, for every form that binds a name.

Comprehensions are scopes of their own whose first iterable belongs outside; a walrus in one binds outside of it; names
of a class are not seen from the functions in it; `global` and `nonlocal` send a name elsewhere.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, Any

from flaglint.records import dataclass, field
from flaglint.remove import cst
from flaglint.remove.tree import children

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_WORD = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True, eq=False)
class Binding:
    """One place that binds a name. `owner` is the statement, clause or expression that does it."""

    name: str
    owner: cst.CSTNode
    scope: Scope
    value: cst.BaseExpression | None = None  # what is bound, when it is one expression and nothing else


@dataclass(frozen=True, slots=True, eq=False)
class Use:
    """One place that reads a name; `in_text` when it stands in a string, as an annotation may."""

    name: str
    node: cst.CSTNode
    scope: Scope
    in_text: bool = False
    deletes: bool = False


@dataclass(eq=False)
class Scope:
    """A module, function, lambda, class or comprehension."""

    kind: str
    node: cst.CSTNode
    parent: Scope | None
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    uses: list[Use] = field(default_factory=list)
    globals: set[str] = field(default_factory=set)
    nonlocals: set[str] = field(default_factory=set)
    inner: list[Scope] = field(default_factory=list)
    is_dynamic: bool = False  # `locals()`, `exec`, `eval` or a star import can see or change any name

    def walk(self) -> Iterator[Scope]:
        """Return an iterator over this scope and all scopes in it; none is added to it any more."""
        return iter(self._all)

    @cached_property
    def _all(self) -> tuple[Scope, ...]:
        return (self, *[scope for inner in self.inner for scope in inner.walk()])

    def owner_of(self, name: str) -> Scope:
        """Return the scope whose variable `name` is when it is read here; the module's when no function binds it."""
        scope: Scope | None = self
        seen_from_function = False
        while scope is not None:
            if scope.parent is None:
                return scope
            if name in scope.globals:
                return self.module
            is_visible = scope.kind != "class" or not seen_from_function
            if is_visible and name in scope.bindings and name not in scope.nonlocals:
                return scope
            seen_from_function = True
            scope = scope.parent
        raise AssertionError("the outermost scope is the module's")

    @property
    def module(self) -> Scope:
        """The outermost scope."""
        scope = self
        while scope.parent is not None:
            scope = scope.parent
        return scope

    def all_bindings(self, name: str) -> list[Binding]:
        """Return every binding of this scope's variable `name`, those of `global` and `nonlocal` inside it too."""
        found = []
        for scope in self.walk():
            if name in scope.bindings and scope.owner_of_binding(name) is self:
                found += scope.bindings[name]
        return found

    def owner_of_binding(self, name: str) -> Scope:
        """Return the scope in which a binding of `name` that stands here takes effect."""
        if name in self.globals:
            return self.module
        if name in self.nonlocals and self.parent is not None:
            return self.parent.owner_of(name)
        return self

    def all_uses(self, name: str) -> list[Use]:
        """Return every read of this scope's variable `name`, from here and from the scopes inside."""
        return [use for scope in self.walk() for use in scope.uses if use.name == name and scope.owner_of(name) is self]


def scopes_of(module: cst.Module) -> Scope:
    """Return the scope of the module, with all others inside it."""
    walker = _Walker(module)
    walker.body(module)
    return walker.scope


_DYNAMIC = frozenset({"locals", "exec", "eval", "vars"})


_ON: dict[type, Callable[[Any, Any], None]] = {}  # what is done with nodes of a kind


class _Walker:
    def __init__(self, module: cst.Module) -> None:
        self.scope = Scope("module", module, None)

    # --------------------------------------------------------------------------------------------------- recording

    def bind(self, name: str, owner: cst.CSTNode, value: cst.BaseExpression | None = None) -> None:
        self.scope.bindings.setdefault(name, []).append(Binding(name, owner, self.scope, value))

    def use(self, name: str, node: cst.CSTNode, *, in_text: bool = False, deletes: bool = False) -> None:
        self.scope.uses.append(Use(name, node, self.scope, in_text, deletes))

    def enter(self, kind: str, node: cst.CSTNode) -> Scope:
        outer = self.scope
        self.scope = Scope(kind, node, outer)
        outer.inner.append(self.scope)
        return outer

    # ------------------------------------------------------------------------------------------------------- walks

    def body(self, node: cst.CSTNode) -> None:
        for child in children(node):
            self.visit(child)

    def visit(self, node: cst.CSTNode | None) -> None:
        if node is None:
            return
        kind = type(node)
        if kind not in _ON:
            _ON[kind] = getattr(_Walker, f"on_{kind.__name__}", _Walker.body)
        _ON[kind](self, node)

    def target(self, node: cst.CSTNode, owner: cst.CSTNode, value: cst.BaseExpression | None = None) -> None:
        if isinstance(node, cst.Name):
            self.bind(node.value, owner, value)
        elif isinstance(node, (cst.Tuple, cst.List)):
            for element in node.elements:
                self.target(element.value, owner)
        elif isinstance(node, cst.StarredElement):
            self.target(node.value, owner)
        else:
            self.visit(node)

    # ------------------------------------------------------------------------------------------------- expressions

    def on_Name(self, node: cst.Name) -> None:
        self.use(node.value, node)

    def on_Attribute(self, node: cst.Attribute) -> None:
        self.visit(node.value)

    def on_Arg(self, node: cst.Arg) -> None:
        self.visit(node.value)

    def on_Call(self, node: cst.Call) -> None:
        name = node.func.value if isinstance(node.func, cst.Name) else ""
        if name in _DYNAMIC and len(node.args) <= (name not in {"vars", "dir"}):  # those two see names without any
            self.scope.is_dynamic = True
        self.body(node)

    def on_NamedExpr(self, node: cst.NamedExpr) -> None:
        self.visit(node.value)
        inside = self.scope
        while self.scope.kind == "comprehension" and self.scope.parent is not None:
            self.scope = self.scope.parent
        self.target(node.target, node, node.value)
        self.scope = inside

    def on_Lambda(self, node: cst.Lambda) -> None:
        self.defaults(node.params)
        outer = self.enter("lambda", node)
        self.parameters(node.params)
        self.visit(node.body)
        self.scope = outer

    def comprehension(self, node: cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp) -> None:
        first: cst.CompFor | None = node.for_in
        assert first is not None
        self.visit(first.iter)
        outer = self.enter("comprehension", node)
        clause: cst.CompFor | None = first
        while clause is not None:
            if clause is not first:
                self.visit(clause.iter)
            self.target(clause.target, clause)
            for condition in clause.ifs:
                self.visit(condition.test)
            clause = clause.inner_for_in
        for part in (node.key, node.value) if isinstance(node, cst.DictComp) else (node.elt,):
            self.visit(part)
        self.scope = outer

    on_ListComp = on_SetComp = on_DictComp = on_GeneratorExp = comprehension

    def on_Annotation(self, node: cst.Annotation) -> None:
        for text in _strings_in(node):
            for word in _WORD.findall(text.raw_value):
                self.use(word, text, in_text=True)
        self.visit(node.annotation)

    # -------------------------------------------------------------------------------------------------- statements

    def on_Assign(self, node: cst.Assign) -> None:
        self.visit(node.value)
        for target in node.targets:
            self.target(target.target, node, node.value)

    def on_AnnAssign(self, node: cst.AnnAssign) -> None:
        self.visit(node.annotation)
        self.visit(node.value)
        self.target(node.target, node, node.value)

    def on_AugAssign(self, node: cst.AugAssign) -> None:
        self.visit(node.value)
        if isinstance(node.target, cst.Name):
            self.use(node.target.value, node.target)
        self.target(node.target, node)

    def on_Del(self, node: cst.Del) -> None:
        for item in [e.value for e in node.target.elements] if isinstance(node.target, cst.Tuple) else [node.target]:
            if isinstance(item, cst.Name):
                self.use(item.value, item, deletes=True)
            self.target(item, node)

    def on_For(self, node: cst.For) -> None:
        self.visit(node.iter)
        self.target(node.target, node)
        self.visit(node.body)
        self.visit(node.orelse)

    def on_WithItem(self, node: cst.WithItem) -> None:
        self.visit(node.item)
        if node.asname is not None:
            self.target(node.asname.name, node)

    def on_ExceptHandler(self, node: cst.ExceptHandler | cst.ExceptStarHandler) -> None:
        self.visit(node.type)
        if node.name is not None:
            self.target(node.name.name, node)
        self.visit(node.body)

    on_ExceptStarHandler = on_ExceptHandler

    def on_Import(self, node: cst.Import) -> None:
        for alias in node.names:
            self.imported(alias)

    def on_ImportFrom(self, node: cst.ImportFrom) -> None:
        if isinstance(node.names, cst.ImportStar):
            self.scope.is_dynamic = True
            return
        for alias in node.names:
            self.imported(alias)

    def imported(self, alias: cst.ImportAlias) -> None:
        if alias.asname is not None:
            self.target(alias.asname.name, alias)
            return
        name: cst.CSTNode = alias.name
        while isinstance(name, cst.Attribute):
            name = name.value
        assert isinstance(name, cst.Name)
        self.bind(name.value, alias)

    def on_Global(self, node: cst.Global) -> None:
        self.scope.globals.update(item.name.value for item in node.names)

    def on_Nonlocal(self, node: cst.Nonlocal) -> None:
        self.scope.nonlocals.update(item.name.value for item in node.names)

    def on_TypeAlias(self, node: cst.TypeAlias) -> None:
        self.bind(node.name.value, node)
        self.visit(node.value)

    # ------------------------------------------------------------------------------------------------- definitions

    def on_FunctionDef(self, node: cst.FunctionDef) -> None:
        for decorator in node.decorators:
            self.visit(decorator)
        self.defaults(node.params)
        self.annotations(node.params)
        self.visit(node.returns)
        self.bind(node.name.value, node)
        outer = self.enter("function", node)
        self.type_parameters(node.type_parameters, node)
        self.parameters(node.params)
        self.visit(node.body)
        self.scope = outer

    def on_ClassDef(self, node: cst.ClassDef) -> None:
        for decorator in node.decorators:
            self.visit(decorator)
        for arg in (*node.bases, *node.keywords):
            self.visit(arg)
        self.bind(node.name.value, node)
        outer = self.enter("class", node)
        self.type_parameters(node.type_parameters, node)
        self.visit(node.body)
        self.scope = outer

    def type_parameters(self, node: cst.TypeParameters | None, owner: cst.CSTNode) -> None:
        for item in node.params if node is not None else ():
            self.bind(item.param.name.value, owner)
            self.visit(getattr(item.param, "bound", None))

    @staticmethod
    def listed(params: cst.Parameters) -> list[cst.Param]:
        found = [*params.posonly_params, *params.params, *params.kwonly_params]
        found += [item for item in (params.star_arg, params.star_kwarg) if isinstance(item, cst.Param)]
        return found

    def defaults(self, params: cst.Parameters) -> None:
        for param in self.listed(params):
            self.visit(param.default)

    def annotations(self, params: cst.Parameters) -> None:
        for param in self.listed(params):
            self.visit(param.annotation)

    def parameters(self, params: cst.Parameters) -> None:
        for param in self.listed(params):
            self.bind(param.name.value, param)

    # ----------------------------------------------------------------------------------------------------- patterns

    def on_MatchAs(self, node: cst.MatchAs) -> None:
        self.visit(node.pattern)
        if node.name is not None:
            self.target(node.name, node)

    def on_MatchStar(self, node: cst.MatchStar) -> None:
        if node.name is not None:
            self.target(node.name, node)

    def on_MatchMapping(self, node: cst.MatchMapping) -> None:
        for element in node.elements:
            self.visit(element)
        if node.rest is not None:
            self.target(node.rest, node)

    def on_MatchKeywordElement(self, node: cst.MatchKeywordElement) -> None:
        self.visit(node.pattern)


def _strings_in(node: cst.CSTNode) -> Iterator[cst.SimpleString]:
    pending = [node]
    while pending:
        current = pending.pop()
        if isinstance(current, cst.SimpleString):
            yield current
        pending += children(current)
