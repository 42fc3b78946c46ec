"""Whether what hands out a client does nothing else: a function of the project that prints, counts or raises must run.

What comes from outside is the business of the SDK. A function of the project may make a client, keep it for the next
one who asks, and call what it gives back: `if _client is None: _client = Client()`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.purity import is_droppable, read_effects
from flaglint.remove.tree import dotted, flat, walk

if TYPE_CHECKING:
    from flaglint.remove.computing import Computing
    from flaglint.remove.tree import Node

_KEEPING = frozenset({"cache", "lru_cache", "staticmethod", "classmethod", "override", "dataclass"})
_BUILDERS = frozenset({"__init__", "__new__", "__post_init__"})


def only_hands_out(computing: Computing, path: str, node: cst.BaseExpression) -> bool:
    """Whether no function of the project does anything but hand out in the chain of calls at `node` of a file."""
    if read_effects(node):
        return False
    while isinstance(node, (cst.Call, cst.Attribute)):
        if isinstance(node, cst.Attribute):
            node = node.value
            continue
        node = node.func
        if isinstance(node, cst.Attribute):
            of_library = computing.project.is_of_library(path, node.value)
            if not of_library and not _is_known(computing, node.attr.value):
                return False
        elif not isinstance(node, cst.Name) or not _is_known_here(computing, path, node):
            return False
    return True


def _is_known_here(computing: Computing, path: str, node: cst.Name) -> bool:
    """Whether a name that is called stands for what hands out, also where it was imported as another one."""
    if computing.project.is_of_library(path, node):
        return True
    names = set()
    for stretch in computing.project.stretches(path, node.value, original=True):
        for scope in stretch.scope.walk():
            for binding in scope.bindings.get(node.value, ()):
                match binding.owner:
                    case cst.ImportAlias() as alias:
                        names.add(dotted(alias.name).rpartition(".")[2])
                    case cst.FunctionDef() | cst.ClassDef() as owner if owner.name.value == node.value:
                        names.add(node.value)
                    case _:
                        return False
    return all(_is_known(computing, name) for name in names or {node.value})


def _is_known(computing: Computing, name: str) -> bool:
    """Whether all functions and classes of the project with this name only hand out."""
    if name not in computing.handing:
        computing.handing[name] = False  # one that calls itself may never end
        defines = re.compile(rf"\b(?:def|class)[ \t]+{re.escape(name)}\b")
        computing.handing[name] = all(
            _hands_out(computing, path, node)
            for path in computing.project.holding(name)
            for stretch in computing.project.stretches(path, name, original=True, likely=defines.search)
            for node in walk(stretch.tree.module)
            if isinstance(node, (cst.FunctionDef, cst.ClassDef)) and node.name.value == name
        )
    return computing.handing[name]


def _hands_out(computing: Computing, path: str, node: cst.FunctionDef | cst.ClassDef) -> bool:
    for item in node.decorators:
        decorator = item.decorator.func if isinstance(item.decorator, cst.Call) else item.decorator
        if dotted(decorator).rpartition(".")[2] not in _KEEPING:
            return False
    if isinstance(node, cst.FunctionDef):
        return node.asynchronous is None and _Body(computing, path, node).is_plain(node.body)
    if node.keywords or not all(_is_known(computing, dotted(base.value).rpartition(".")[2]) for base in node.bases):
        return False
    builders = [item for item in flat(node.body) if isinstance(item, cst.FunctionDef) and item.name.value in _BUILDERS]
    return all(not item.decorators and _Body(computing, path, item).is_plain(item.body) for item in builders)


class _Body:
    """A function of the project: what it gives back, and what it keeps because it looked whether that is there."""

    def __init__(self, computing: Computing, path: str, function: cst.FunctionDef) -> None:
        self.computing, self.path = computing, path
        below = [*walk(function.body)]
        self.given = {dotted(item.value) for item in below if isinstance(item, cst.Return) and item.value is not None}
        self.shared = {
            name.name.value for item in below if isinstance(item, (cst.Global, cst.Nonlocal)) for name in item.names
        }
        self.tested = {dotted(name) for item in below if isinstance(item, cst.If) for name in _names(item.test)}
        self.is_builder = function.name.value in _BUILDERS

    def is_plain(self, node: Node) -> bool:
        """Whether a statement makes, keeps or gives back what is handed out, and nothing that it runs does more."""
        match node:
            case cst.Pass() | cst.Global() | cst.Nonlocal() | cst.ImportFrom() | cst.Import():
                return True
            case cst.Return():
                return node.value is None or is_droppable(node.value) or self._is_handed(node.value)
            case cst.Assign():
                return all(self._may_keep(item.target, node.value) for item in node.targets)
            case cst.AnnAssign():
                return node.value is None or self._may_keep(node.target, node.value)
            case cst.Expr(value=cst.Call() as call):
                of = dotted(call.func).rpartition(".")[0]
                is_begun = self.is_builder and dotted(call.func) == "" and self._is_begun(call)
                return is_begun or (of != "" and of in self.given and self._is_handed(call))
            case cst.Expr(value=cst.BaseString()):
                return True
            case cst.If():
                arms = [node.body, *([node.orelse] if node.orelse is not None else [])]
                return is_droppable(node.test) and all(self.is_plain(arm) for arm in arms)
            case cst.With():
                return all(dotted(item.item) for item in node.items) and self.is_plain(node.body)
            case cst.Else():
                return self.is_plain(node.body)
            case cst.BaseSuite():
                return all(self.is_plain(statement) for statement in flat(node))
        return False

    def _is_handed(self, value: cst.BaseExpression) -> bool:
        return isinstance(value, cst.Call) and only_hands_out(self.computing, self.path, value)

    @staticmethod
    def _is_begun(call: cst.Call) -> bool:
        """Whether a call is `super().__init__(...)`: the bases are looked at on their own."""
        func = call.func
        if not isinstance(func, cst.Attribute) or not isinstance(func.value, cst.Call):
            return False
        return dotted(func.value.func) == "super" and not read_effects(call)

    def _may_keep(self, target: cst.BaseExpression, value: cst.BaseExpression) -> bool:
        name = dotted(target.value) if isinstance(target, cst.Subscript) else dotted(target)
        is_local = isinstance(target, cst.Name) and name not in self.shared
        if not name or not (is_local or name in self.tested or (self.is_builder and name.startswith("self."))):
            return False
        return is_droppable(value) or ((not is_local or name in self.given) and self._is_handed(value))


def _names(node: cst.CSTNode) -> list[cst.BaseExpression]:
    return [item for item in walk(node) if isinstance(item, (cst.Name, cst.Attribute))]
