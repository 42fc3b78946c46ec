"""Calls of functions in which a removal left nothing: a statement that does nothing but call one goes.

What asked for the flag and raised where it was off (`require_new_cart(user)`) is a function that only passes now.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.attributes import is_set, receiver_of
from flaglint.remove.flow import is_generator
from flaglint.remove.purity import is_droppable
from flaglint.remove.spread import called, is_alone, is_transparent, sites_of
from flaglint.remove.tree import flat, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.project import Project


class EmptiedSpreader:
    """Takes calls away that do nothing any more."""

    def __init__(self, project: Project, open_engine: Callable[[str], FileEngine | None]) -> None:
        self.project = project
        self.open_engine = open_engine

    def spread(self, engine: FileEngine) -> bool:
        """Take away the calls of the functions of a file that were emptied; return whether anything changed."""
        for stretch in engine.active():
            for function in _emptied(engine, stretch):
                if self._without_calls(engine, stretch, function):
                    return True
        return False

    def _without_calls(self, engine: FileEngine, stretch: Stretch, function: cst.FunctionDef) -> bool:
        found = list(self._of_module(engine, stretch, function) or _of_class(self.project, engine, stretch, function))
        is_async = function.asynchronous is not None
        for path, where, node in found:
            call = called(where, node, is_async=is_async)
            home = self.open_engine(path)
            inner = call.expression if isinstance(call, cst.Await) else call
            if home is None or call is None or not isinstance(inner, cst.Call):
                continue
            statement = where.tree.parent(call)
            if isinstance(statement, cst.Expr) and all(not arg.star and is_droppable(arg.value) for arg in inner.args):
                home.note(where.tree.inner(call), None, base=where.base)
                step = home.step(where)
                if step.remove(statement, frozenset()) and home.draft.cut(home.carry_out(step)):
                    return True
        return False

    def _of_module(
        self, engine: FileEngine, stretch: Stretch, function: cst.FunctionDef
    ) -> list[tuple[str, Stretch, cst.BaseExpression]]:
        """Return what stands for a function of the top level in all files, if nothing else is bound to its name."""
        name = function.name.value
        if stretch.tree.parent(function) is not stretch.tree.module:
            return []
        if not is_alone(self.project, engine.path, name, 1):
            return []
        return [(site.path, site.stretch, site.node) for site in sites_of(self.project, engine.path, name)]


def _emptied(engine: FileEngine, stretch: Stretch) -> Iterator[cst.FunctionDef]:
    """Yield the functions of a stretch that do nothing now, and did something."""
    for function in stretch.tree.of(cst.FunctionDef):
        if not _does_nothing(function) or not is_transparent(function):
            continue
        original = engine.draft.original_function(stretch, function)
        before = original.node if original is not None else None
        if isinstance(before, cst.FunctionDef) and not _does_nothing(before) and not is_generator(before):
            yield function


def _does_nothing(function: cst.FunctionDef) -> bool:
    return all(
        isinstance(item, cst.Pass) or (isinstance(item, cst.Expr) and isinstance(item.value, cst.BaseString))
        for item in flat(function.body)
    )


def _of_class(
    project: Project, engine: FileEngine, stretch: Stretch, function: cst.FunctionDef
) -> Iterator[tuple[str, Stretch, cst.BaseExpression]]:
    """Yield where methods of a class ask their own object for a method of it that no subclass defines anew."""
    owner = stretch.tree.enclosing(function, (cst.ClassDef, cst.FunctionDef))
    name = function.name.value
    if not isinstance(owner, cst.ClassDef) or project.sources.hierarchy.overrides(owner.name.value, name):
        return
    named = [item for item in walk(owner.body) if isinstance(item, cst.FunctionDef) and item.name.value == name]
    if len(named) != 1 or is_set(project, name):
        return
    for method in flat(owner.body):
        own = receiver_of(method) if isinstance(method, cst.FunctionDef) else ""
        for node in walk(method) if own else ():
            if isinstance(node, cst.Attribute) and node.attr.value == name:
                if isinstance(node.value, cst.Name) and node.value.value == own:
                    yield engine.path, stretch, node
