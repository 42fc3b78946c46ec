"""Parameters of private functions: those that every call passes the constant to, and those nobody reads any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from flaglint.records import dataclass
from flaglint.remove import cst
from flaglint.remove.elements import without_element
from flaglint.remove.purity import is_droppable
from flaglint.remove.rope import Cut
from flaglint.remove.spread import Site, sites_of
from flaglint.remove.values import Known, literal_value

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.project import Project
    from flaglint.remove.scopes import Scope
    from flaglint.remove.tree import Tree

    Cuts: TypeAlias = dict[str, list[Cut]]


@dataclass(frozen=True, slots=True)
class _Function:
    """A private function with every place that names it."""

    path: str
    stretch: Stretch
    node: cst.FunctionDef
    scope: Scope
    calls: tuple[tuple[Site, cst.Call], ...]


class ParameterSpreader:
    """Folds parameters that are constant, and takes away those that this removal left unread, with their arguments."""

    def __init__(self, project: Project, open_engine: Callable[[str], FileEngine | None]) -> None:
        self.project = project
        self.open_engine = open_engine

    def spread(self, engine: FileEngine) -> bool:
        """Look at the private functions of a file, and at those it calls; return whether anything changed."""
        for path, name in sorted(self._candidates(engine)):
            for function in self._functions(path, name):
                for param in _plain_params(function.node):
                    cuts = self._constant(function, param) or self._unread(function, param)
                    if cuts and self._apply(cuts):
                        return True
        return False

    def _candidates(self, engine: FileEngine) -> set[tuple[str, str]]:
        """Return the private functions that active code of a file defines or calls, by path and name."""
        found: set[tuple[str, str]] = set()
        defined = frozenset().union(*(stretch.parsed.function_names for stretch in engine.draft.stretches()))
        for stretch in engine.active():
            for scope in stretch.scope.walk():
                if scope.kind == "function" and isinstance(scope.node, cst.FunctionDef):
                    found.add((engine.path, scope.node.name.value))
                for use in scope.uses:
                    if use.name not in defined:
                        continue
                    call = stretch.tree.parent(use.node)
                    if isinstance(call, cst.Call) and call.func is use.node:
                        found.add((engine.path, use.name))
        return found

    def _functions(self, path: str, name: str) -> Iterator[_Function]:
        for stretch in self.project.defining(path, name):
            for scope in stretch.parsed.functions_by_name.get(name, ()):
                function = scope.node
                if not isinstance(function, cst.FunctionDef) or scope.is_dynamic:
                    continue
                if function.decorators or function.params.star_kwarg is not None or scope.parent is None:
                    continue
                calls = self._calls(path, stretch, scope, name)
                if calls:
                    yield _Function(path, stretch, function, scope, tuple(calls))

    def _calls(self, path: str, stretch: Stretch, scope: Scope, name: str) -> list[tuple[Site, cst.Call]] | None:
        """Return all calls of a function, or None when it is not private or used in another way than called."""
        outer = scope.parent
        assert outer is not None
        if outer.kind == "function":
            if len(outer.all_bindings(name)) != 1:
                return None
            sites = [
                Site(path, stretch, use.node, in_function=True)
                for use in outer.all_uses(name)
                if isinstance(use.node, cst.Name)
            ]
            if len(sites) != len(outer.all_uses(name)):
                return None
        elif outer.kind == "module" and name.startswith("_") and not name.startswith("__"):
            bound = [
                b
                for other in self.project.stretches(path, name, original=False)
                for b in other.scope.all_bindings(name)
            ]
            mentions = self.project.mentions(path, name, original=False)
            if len(bound) != 1 or mentions.named or name in self.project.exported(path):
                return None
            sites = list(sites_of(self.project, path, name))
            inside = [use for use in scope.parent.all_uses(name) if use.scope is not outer] if scope.parent else []
            if any(_is_within(stretch, use.node, scope.node) for use in inside):
                return None  # it calls itself
        else:
            return None
        calls = [(site, site.stretch.tree.parent(site.node)) for site in sites]
        found = [(site, call) for site, call in calls if isinstance(call, cst.Call) and call.func is site.node]
        plain = all(not arg.star for _, call in found for arg in call.args)
        return found if found and plain and len(found) == len(calls) else None

    # ---------------------------------------------------------------------------------------------------- decisions

    def _constant(self, function: _Function, param: cst.Param) -> Cuts | None:
        """Return the cuts that fold a parameter which every call gives the same constant that follows from the flag."""
        name = param.name.value
        bindings = function.scope.all_bindings(name)
        if len(bindings) != 1 or name not in function.scope.bindings:
            return None
        known: Known | None = None
        values = []
        for site, call in function.calls:
            argument = _argument(function.node, param, call)
            if argument is None and param.default is None:
                return None
            engine = self.open_engine(site.path)
            home = self.open_engine(function.path)
            if engine is None or home is None:
                return None
            if argument is not None:
                found = engine.evaluator(site.stretch).known(argument.value)
                value = argument.value
            else:
                assert param.default is not None
                found = home.evaluator(function.stretch).known(param.default)
                value = param.default
            if found is not None and found.shape == "plain" and not isinstance(found.value, list | dict):
                known = found if known is None else known.becoming(known.value, found)
                values.append((type(found.value), found.value))
                continue
            plain = literal_value(value)
            if plain is None:
                return None
            values.append((type(plain[0]), plain[0]))
        if known is None or any(value != values[0] for value in values):
            return None
        cuts = self._without(function, param)
        engine = self.open_engine(function.path)
        if cuts is None or engine is None:
            return None
        base = function.stretch.base
        for use in function.scope.all_uses(name):
            if use.in_text or use.deletes:
                return None
            start, end = function.stretch.tree.inner(use.node)
            engine.note((start, end), known, base=base)
            cuts.setdefault(function.path, []).append(Cut(start + base, end + base, engine.marks.name(known)))
        return cuts

    def _unread(self, function: _Function, param: cst.Param) -> Cuts | None:
        """Return the cuts that take a parameter away which was read before and is not any more."""
        name = param.name.value
        engine = self.open_engine(function.path)
        if engine is None or function.scope.all_uses(name) or len(function.scope.all_bindings(name)) != 1:
            return None
        original = engine.draft.original_function(function.stretch, function.node)
        if original is None or not original.all_uses(name) or len(original.all_bindings(name)) != 1:
            return None
        for _, call in function.calls:
            argument = _argument(function.node, param, call)
            if argument is not None and not is_droppable(argument.value):
                return None
        return self._without(function, param)

    def _without(self, function: _Function, param: cst.Param) -> Cuts | None:
        """Return the cuts that take a parameter and its arguments away."""
        cuts: Cuts = {}
        tree, base = function.stretch.tree, function.stretch.base
        if function.node.params.posonly_params:
            return None
        siblings = _listed(function.node.params)
        star = function.node.params.star_arg
        own = without_element(tree, siblings, param)
        if isinstance(star, cst.ParamStar) and function.node.params.kwonly_params == (param,):
            own = _with_star(tree, siblings, star, param)
        cuts[function.path] = [_moved(cut, base) for cut in own]
        outer = function.scope.parent
        in_function = outer is not None and outer.kind == "function"  # and so are its defaults, for the second opinion
        for site, call in function.calls:
            argument = _argument(function.node, param, call)
            engine = self.open_engine(site.path)
            if engine is not None and (argument is not None or in_function):
                engine.note(site.stretch.tree.inner(call), None, base=site.stretch.base)
            if argument is not None:
                made = without_element(site.stretch.tree, list(call.args), argument)
                cuts.setdefault(site.path, []).extend(_moved(cut, site.stretch.base) for cut in made)
        return cuts

    def _apply(self, cuts: Cuts) -> bool:
        changed = False
        for path, made in cuts.items():
            engine = self.open_engine(path)
            if engine is None:
                return False
            changed |= engine.draft.cut(made)
        return changed


def _moved(cut: Cut, base: int) -> Cut:
    return Cut(cut.start + base, cut.end + base, cut.text)


def _with_star(tree: Tree, siblings: list[cst.CSTNode], star: cst.ParamStar, param: cst.Param) -> list[Cut]:
    """Return the cuts that take the only parameter after a star away, and the star with it."""
    others = [item for item in siblings if item is not star]
    own = without_element(tree, others, param)
    if others == [param]:
        return [Cut(tree.inner(star)[0], own[-1].end)]
    if own[0].start > tree.inner(star)[0]:  # they stand on lines of their own
        own += without_element(tree, [item for item in siblings if item is not param], star)
    return own


def _is_within(stretch: Stretch, node: cst.CSTNode, function: cst.CSTNode) -> bool:
    return any(above is function for above in stretch.tree.ancestors(node))


def _plain_params(function: cst.FunctionDef) -> list[cst.Param]:
    return [*function.params.params, *function.params.kwonly_params]


def _listed(params: cst.Parameters) -> list[cst.CSTNode]:
    found: list[cst.CSTNode] = [*params.posonly_params, *params.params]
    if isinstance(params.star_arg, (cst.Param, cst.ParamStar)):
        found.append(params.star_arg)
    found += params.kwonly_params
    return found


def _argument(function: cst.FunctionDef, param: cst.Param, call: cst.Call) -> cst.Arg | None:
    """Return the argument of a call that a parameter gets."""
    by_name = next(
        (arg for arg in call.args if arg.keyword is not None and arg.keyword.value == param.name.value), None
    )
    if by_name is not None or param in function.params.kwonly_params:
        return by_name
    index = list(function.params.params).index(param)
    positional = [arg for arg in call.args if arg.keyword is None]
    return positional[index] if index < len(positional) else None
