"""Who uses a name in one stretch of a file, from outside of its own definition."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flaglint.records import replace
from flaglint.remove import cst
from flaglint.remove.methods import class_in, methods_in
from flaglint.remove.spelled import attribute_roots, imported_words
from flaglint.remove.tree import dotted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flaglint.remove.draft import Parses, Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.project import Project
    from flaglint.remove.scopes import Binding, Scope, Use


_ABOVE = "class _:\n"
_PLACES = frozenset({"module", "class"})  # scopes with variables that functions in them do not share with each other


def scope_binds_global(stretch: Stretch, name: str) -> bool:
    """Whether a function in the stretch rebinds the module's `name` by `global`."""
    return any(name in scope.globals for scope in stretch.scope.walk())


def uses_outside(stretch: Stretch, scope: Scope, name: str, bindings: list[Binding]) -> bool:
    """Whether a name of a scope is read outside of its own definition, or bound from another scope."""
    spans = [
        stretch.tree.inner(binding.owner)
        for binding in bindings
        if isinstance(binding.owner, (cst.FunctionDef, cst.ClassDef))
    ]
    for use in scope.all_uses(name):
        start = stretch.tree.inner(use.node)[0]
        if not any(begin <= start < end for begin, end in spans):
            return True
    return len(scope.all_bindings(name)) != len(bindings)


def begins_chain(stretch: Stretch, node: cst.CSTNode, whole: str) -> bool:
    """Whether a name may begin the dotted name `whole`: another attribute of it belongs to another import."""
    chain = dotted(node)
    above = stretch.tree.parent(node)
    while isinstance(above, cst.Attribute):
        chain = dotted(above)
        above = stretch.tree.parent(above)
    return f"{chain}.".startswith(f"{whole}.") or f"{whole}.".startswith(f"{chain}.")


def changed_stretches(engine: FileEngine, *, original: bool) -> Iterator[Stretch]:
    """Yield the stretches of the `original` that are not in the text now, or those now that were not in it."""
    if original:
        now = frozenset(stretch.text for stretch in engine.draft.stretches())
        yield from (item for item in engine.draft.original if item.text not in now and item.parses)
    else:
        known = engine.draft.original_texts
        yield from (item for item in engine.draft.stretches() if item.text not in known and item.parses)


def changed_functions(engine: FileEngine, stretch: Stretch) -> Iterator[Scope]:
    """Yield the functions of a stretch that are not as they were, with all that stand in one of these.

    In any other, names are bound and used as they were.
    """
    pending = [(stretch.scope, False)]
    while pending:
        scope, is_inside = pending.pop()
        if scope.kind == "function":
            assert isinstance(scope.node, cst.FunctionDef)
            if not is_inside and engine.draft.is_as_it_was(stretch, scope.node):
                continue
            yield scope
        is_inside = is_inside or scope.kind not in _PLACES
        pending += [(inner, is_inside) for inner in reversed(scope.inner)]


def names_in(stretches: Iterable[Stretch]) -> Counter[str]:
    """Return how often each name stands in some stretches, attributes with a dot before them."""
    found: Counter[str] = Counter()
    for stretch in stretches:
        found.update(stretch.parsed.identifiers)
    return found


def shares_root(project: Project, path: str, name: str) -> bool:
    """Whether several import statements bind `name`, as `import a.b` and `import a.c` do."""
    found = [
        binding
        for stretch in project.stretches(path, name, original=True)
        for binding in stretch.scope.bindings.get(name, ())
    ]
    return len(found) > 1


def lost_all(project: Project, path: str, name: str, whole: str) -> bool:
    """Whether an imported name was used in its file and is not any more; `whole` is the dotted name it brings."""
    counts = []
    for original in (False, True):
        count = 0
        for stretch in project.stretches(path, name, original=original):
            for use in stretch.scope.all_uses(name):
                count += not whole or use.in_text or begins_chain(stretch, use.node, whole)
        counts.append(count)
    return counts[0] == 0 and counts[1] > 0


def was_used(engine: FileEngine, original: Scope, name: str) -> bool:
    """Whether a local was used in the original, its own definition left out."""
    if not original.all_uses(name) or name not in original.bindings:
        return False
    stretch = next(item for item in engine.draft.original if item.parsed.has_scope(original.module))
    return uses_outside(stretch, original, name, original.bindings[name])


def own_uses(stretch: Stretch, name: str) -> Iterator[Use]:
    """Yield the uses of the module's `name` in a stretch, those inside its own definition left out."""
    scope = stretch.scope
    definitions = [
        stretch.tree.inner(binding.owner)
        for binding in scope.bindings.get(name, ())
        if isinstance(binding.owner, (cst.FunctionDef, cst.ClassDef))
    ]
    for use in scope.all_uses(name):
        start = stretch.tree.inner(use.node)[0]
        if not any(begin <= start < end for begin, end in definitions):
            yield use


def methods_spelling(stretches: Iterable[Stretch], name: str, parses: Parses) -> Iterator[Stretch]:
    """Yield stretches that hold `name`, of a long class those methods alone, each below a class of its own.

    A class stays whole when it was parsed already, and where the name stands outside of methods, or is an attribute of
    what a method may import as a module.
    """
    for stretch in stretches:
        methods = methods_in(stretch.text) if not stretch.parsed.is_read and class_in(stretch.text) else ()
        holding = [unit for unit in methods if name in stretch.text[unit.start : unit.end]]
        inside = sum(stretch.text.count(name, unit.start, unit.end) for unit in holding)
        if not holding or inside != stretch.text.count(name) or _may_import_root(stretch.text, name):
            yield stretch
            continue
        for unit in holding:
            text = f"{_ABOVE}{stretch.text[unit.start : unit.end]}"
            yield replace(stretch, base=stretch.base + unit.start - len(_ABOVE), text=text, parsed=parses.of(text))


def _may_import_root(text: str, name: str) -> bool:
    """Whether a text may import what the attribute `name` is read of."""
    roots = attribute_roots(text, name)
    return roots is None or any(not words.isdisjoint(roots) for words in imported_words(text))
