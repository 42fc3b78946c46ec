"""Calls that do nothing but give a value: reads of flags that stay, and functions of the project that only compute.

Such a function holds assignments to its locals, conditions and returns, and nothing in them has effects:
`def asker(user): return Context.builder(user.id).build()`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import dataclass, field
from flaglint.remove import cst
from flaglint.remove.caught import is_caught
from flaglint.remove.purity import IMPORTED_CONTEXTS, is_droppable
from flaglint.remove.tree import dotted, flat
from flaglint.remove.uses import changed_stretches, scope_binds_global

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.project import Project
    from flaglint.remove.tree import Node

_NESTED = 4  # functions and imports that are followed from one to the next


@dataclass
class Computing:
    """Knows which functions of a project only compute, as they were before the removal."""

    project: Project
    _known: dict[tuple[str, str], bool] = field(default_factory=dict)
    handing: dict[str, bool] = field(default_factory=dict)  # whether what has a name only hands out a client

    def is_call(self, path: str, stretch: Stretch, node: object, *, depth: int = _NESTED) -> bool:
        """Whether `node`, in a stretch of a file, calls such a function by the name that its module gives it."""
        if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Name):
            return False
        if not self._is_known(path, node.func.value, depth):
            return False
        uses = (use for scope in stretch.scope.walk() for use in scope.uses if use.node is node.func)
        return any(use.scope.owner_of(node.func.value).parent is None for use in uses)

    def _is_known(self, path: str, name: str, depth: int) -> bool:
        if depth == 0:
            return False
        if (path, name) not in self._known:
            self._known[path, name] = False  # one that calls itself may never end
            self._known[path, name] = self._only_computes(path, name, depth)
        return self._known[path, name]

    def _only_computes(self, path: str, name: str, depth: int) -> bool:
        stretches = [*self.project.stretches(path, name, original=True)]
        found = [(stretch, binding) for stretch in stretches for binding in stretch.scope.bindings.get(name, ())]
        if len(found) != 1 or any(scope_binds_global(stretch, name) for stretch in stretches):
            return False
        stretch, binding = found[0]
        if isinstance(binding.owner, cst.ImportAlias):
            if _qualified(stretch, binding.owner) in IMPORTED_CONTEXTS:
                return True
            imported = (item for item in self.project.imported(path, stretch) if item.binding is binding and item.name)
            return any(self._is_known(item.path, item.name, depth - 1) for item in imported)
        function = binding.owner
        if not isinstance(function, cst.FunctionDef) or function.decorators or function.asynchronous is not None:
            return False
        calls = Harmless(self, path, stretch, depth=depth - 1)
        return all(_has_no_effect(statement, calls) for statement in flat(function.body))


def _qualified(stretch: Stretch, alias: cst.ImportAlias) -> str:
    """Return the qualified name of what a `from` import takes from a module that it names in full."""
    statement = stretch.tree.parent(alias)
    if not isinstance(statement, cst.ImportFrom) or statement.module is None or statement.relative:
        return ""
    return f"{dotted(statement.module)}.{dotted(alias.name)}"


@dataclass
class Harmless:
    """The calls in a stretch of a file that do nothing but give a value; it is asked for one at a time."""

    computing: Computing | None
    path: str
    stretch: Stretch
    reads: frozenset[cst.CSTNode] = frozenset()
    depth: int = _NESTED

    def __contains__(self, node: object) -> bool:
        if node in self.reads:
            return True
        return self.computing is not None and self.computing.is_call(self.path, self.stretch, node, depth=self.depth)

    def catches(self, node: cst.CSTNode) -> bool:
        """Whether a `try` around an expression catches by name what evaluating it may raise."""
        return "except" in self.stretch.text and is_caught(self.stretch.tree, node)


def harmless_in(engine: FileEngine, stretch: Stretch) -> Harmless:
    """Return the calls in a stretch of the text as it is now that do nothing but give a value."""
    found = []
    for start, end in engine.others:
        place = engine.draft.rope.stretch(start, end)
        if place is not None and stretch.base <= place[0] < stretch.base + len(stretch.text):
            node = stretch.tree.at(place[0] - stretch.base, place[1] - stretch.base)
            found += [node] if node is not None else []
    return Harmless(engine.computing, engine.path, stretch, frozenset(found))


def computing_places(engine: FileEngine, *, original: bool) -> Iterator[tuple[int, int]]:
    """Yield where changed code calls functions that only compute, in the text as it was or as it is now."""
    for stretch in changed_stretches(engine, original=original):
        calls = Harmless(engine.computing, engine.path, stretch)
        for node in stretch.tree.of(cst.Call):
            if node in calls:
                start, end = stretch.tree.inner(node)
                yield start + stretch.base, end + stretch.base


def _has_no_effect(node: Node, calls: Harmless) -> bool:
    """Whether a statement binds locals, decides or returns, and nothing that it evaluates has effects."""
    match node:
        case cst.Assign():
            return all(isinstance(item.target, cst.Name) for item in node.targets) and is_droppable(node.value, calls)
        case cst.AnnAssign():
            return isinstance(node.target, cst.Name) and (node.value is None or is_droppable(node.value, calls))
        case cst.Return():
            return node.value is None or is_droppable(node.value, calls)
        case cst.Expr():
            return isinstance(node.value, cst.BaseString)
        case cst.If():
            arms = [node.body, *([node.orelse] if node.orelse is not None else [])]
            return is_droppable(node.test, calls) and all(_has_no_effect(arm, calls) for arm in arms)
        case cst.Else():
            return _has_no_effect(node.body, calls)
        case cst.BaseSuite():
            return all(_has_no_effect(statement, calls) for statement in flat(node))
    return isinstance(node, cst.Pass)
