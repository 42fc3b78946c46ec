"""Following a constant across functions, classes and files: to whoever reads a module's constant or calls a function.

Inside one function `follow` does this; here it is names of modules, attributes of classes and results of functions.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import dataclass
from flaglint.remove import cst
from flaglint.remove.flow import is_generator
from flaglint.remove.follow import bound_constant, worth_following
from flaglint.remove.rope import Cut
from flaglint.remove.tree import dotted, flat
from flaglint.remove.uses import own_uses

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.project import Project
    from flaglint.remove.values import Known

_TRANSPARENT = frozenset({"staticmethod", "cache", "lru_cache", "functools.cache", "functools.lru_cache"})


@dataclass(frozen=True, slots=True)
class Site:
    """An expression that stands for a module's name, in the text as it is now."""

    path: str
    stretch: Stretch
    node: cst.BaseExpression
    in_function: bool


def sites_of(project: Project, target: str, name: str) -> Iterator[Site]:
    """Yield the expressions of all files that read the module-level `name` of the module `target`."""
    for path in project.readers_of(target, name):
        if path != target:
            yield from _by_import(project, path, target, name)
        for stretch in list(project.stretches(path, name, original=False)):
            if path != target:
                yield from _by_attribute(project, path, stretch, target, name)
                continue
            for use in own_uses(stretch, name):
                if isinstance(use.node, cst.Name) and not use.deletes:
                    yield Site(path, stretch, use.node, use.scope.parent is not None)


def _by_import(project: Project, path: str, target: str, name: str) -> Iterator[Site]:
    for stretch in list(project.stretches(path, name, original=False)):
        for item in project.imported(path, stretch):
            if item.path != target or item.name != name:
                continue
            owner = item.binding.scope
            if len(owner.bindings[item.binding.name]) > 1:
                continue
            if owner.parent is not None:
                uses = [(stretch, use) for use in owner.all_uses(item.binding.name)]
            else:
                uses = [
                    (other, use)
                    for other in list(project.stretches(path, item.binding.name, original=False))
                    for use in other.scope.all_uses(item.binding.name)
                ]
            for other, use in uses:
                if isinstance(use.node, cst.Name) and not use.deletes:
                    yield Site(path, other, use.node, use.scope.parent is not None)


def _by_attribute(project: Project, path: str, stretch: Stretch, target: str, name: str) -> Iterator[Site]:
    for node in stretch.tree.nodes:
        if isinstance(node, cst.Attribute) and node.attr.value == name and dotted(node.value):
            if project.module_of(path, stretch, node.value, original=False) == target:
                yield Site(path, stretch, node, in_function=True)


class Spreader:
    """Makes constants of what reads a module's constant or calls a function that has become one."""

    def __init__(self, project: Project, open_engine: Callable[[str], FileEngine | None]) -> None:
        self.project = project
        self.open_engine = open_engine

    def spread(self, engine: FileEngine) -> bool:
        """Follow what is constant at the top level of a file; return whether anything changed."""
        for stretch in engine.active():
            evaluator = engine.evaluator(stretch)
            for name, bindings in stretch.scope.bindings.items():
                if any(name in scope.globals for scope in stretch.scope.walk()):
                    continue
                known = bound_constant(bindings, evaluator)
                if known is not None and is_alone(self.project, engine.path, name, len(bindings)):
                    if self._fold_constant(engine.path, name, known, stretch):
                        return True
            for function, known in constant_functions(stretch, engine):
                if self._fold_calls(engine.path, function, known):
                    return True
        return False

    def _fold_constant(self, target: str, name: str, known: Known, bound: Stretch) -> bool:
        nested = not _is_top_level(bound, name)
        places: dict[str, list[Cut]] = {}
        sites = [
            site
            for site in sites_of(self.project, target, name)
            if not _is_target(site)
            and (site.path != target or site.in_function or not (nested or site.stretch.base < bound.base))
        ]
        chosen = {node for _, node in worth_following(known, [(site.stretch.tree, site.node) for site in sites])}
        for site in sites:
            if site.node not in chosen:
                continue
            start, end = site.stretch.tree.inner(site.node)
            engine = self.open_engine(site.path)
            if engine is not None:
                engine.note((start, end), known, base=site.stretch.base)
                cut = Cut(start + site.stretch.base, end + site.stretch.base, engine.marks.name(known))
                places.setdefault(site.path, []).append(cut)
        changed = False
        for path, cuts in places.items():
            engine = self.open_engine(path)
            changed |= engine is not None and engine.draft.cut({cut.start: cut for cut in cuts}.values())
        return changed

    def _fold_calls(self, target: str, function: cst.FunctionDef, known: Known) -> bool:
        name = function.name.value
        bindings = [
            binding
            for stretch in self.project.stretches(target, name, original=False)
            for binding in stretch.scope.bindings.get(name, ())
        ]
        if len(bindings) != 1:
            return False
        places: dict[str, dict[tuple[int, int], Known]] = {}
        for site in sites_of(self.project, target, name):
            call = called(site.stretch, site.node, is_async=function.asynchronous is not None)
            engine = self.open_engine(site.path) if call is not None else None
            if engine is None or call is None or call in engine.pending_in(site.stretch):
                continue
            start, end = site.stretch.tree.inner(call)
            places.setdefault(site.path, {})[start + site.stretch.base, end + site.stretch.base] = known
        changed = False
        for path, found in places.items():
            engine = self.open_engine(path)
            assert engine is not None  # it was opened above
            changed |= len(engine.seed(found, current=True)) < len(found)
        return changed


def is_alone(project: Project, path: str, name: str, count: int) -> bool:
    """Whether a module-level name is bound in one stretch alone, and nobody sets it from outside."""
    found = 0
    for other in project.stretches(path, name, original=False):
        found += len(other.scope.bindings.get(name, ()))
        if any(name in scope.globals for scope in other.scope.walk()):
            return False
    return found == count and not _is_set_outside(project, path, name)


def _is_set_outside(project: Project, target: str, name: str) -> bool:
    for path in project.readers_of(target, name):
        for stretch in project.stretches(path, name, original=False):
            for node in stretch.tree.nodes:
                if isinstance(node, cst.AssignTarget) and isinstance(node.target, cst.Attribute):
                    if node.target.attr.value == name:
                        owner = project.module_of(path, stretch, node.target.value, original=False)
                        if owner == target:
                            return True
    return False


def called(stretch: Stretch, node: cst.BaseExpression, *, is_async: bool) -> cst.BaseExpression | None:
    """Return the call of what `node` stands for, with its `await`, or None when it is used in another way."""
    call = stretch.tree.parent(node)
    if not isinstance(call, cst.Call) or call.func is not node:
        return None
    if not is_async:
        return call
    above = stretch.tree.parent(call)
    return above if isinstance(above, cst.Await) else None


def constant_functions(stretch: Stretch, engine: FileEngine) -> Iterator[tuple[cst.FunctionDef, Known]]:
    """Yield the top-level functions of a stretch that do nothing but return what follows from the flag."""
    evaluator = engine.evaluator(stretch)
    for bindings in stretch.scope.bindings.values():
        for binding in bindings:
            function = binding.owner
            if isinstance(function, cst.FunctionDef) and is_transparent(function):
                value = returned(function)
                known = evaluator.known(value) if value is not None else None
                if known is not None and not isinstance(known.value, list | dict):
                    yield function, known


def is_transparent(function: cst.FunctionDef) -> bool:
    """Whether calling the function is running its body: no decorator that changes that, no generator."""
    names = {
        dotted(item.decorator.func if isinstance(item.decorator, cst.Call) else item.decorator)
        for item in function.decorators
    }
    return names <= _TRANSPARENT and not is_generator(function)


def returned(function: cst.FunctionDef) -> cst.BaseExpression | None:
    """Return what a function returns when that is all that it does, a docstring aside."""
    statements = flat(function.body)
    if statements and isinstance(statements[0], cst.Expr) and isinstance(statements[0].value, cst.BaseString):
        statements = statements[1:]
    only = statements[0] if len(statements) == 1 else None
    return only.value if isinstance(only, cst.Return) else None


def _is_top_level(stretch: Stretch, name: str) -> bool:
    for binding in stretch.scope.bindings.get(name, ()):
        line = stretch.tree.parent(binding.owner)
        if line is None or stretch.tree.parent(line) is not stretch.tree.module:
            return False
    return True


def _is_target(site: Site) -> bool:
    above = site.stretch.tree.parent(site.node)
    return (
        isinstance(above, (cst.AssignTarget, cst.AugAssign, cst.Del)) and getattr(above, "value", None) is not site.node
    )
