"""Following a constant that a class keeps: an attribute of the class, or one of `self` that is set once.

Attributes are followed by name over the whole project: one that anything else could set, by any means that can be
seen, is left alone.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.records import dataclass
from flaglint.remove import cst
from flaglint.remove.cst.expressions import evaluated
from flaglint.remove.rope import Cut
from flaglint.remove.spread import sites_of
from flaglint.remove.sweep import PLAIN_BASES
from flaglint.remove.tree import dotted, walk
from flaglint.remove.values import PREFIX

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.project import Project
    from flaglint.remove.tree import Node
    from flaglint.remove.values import Known


@dataclass(frozen=True, slots=True)
class _Stored:
    """A statement that gives an attribute of a class a constant value."""

    name: str
    owner: cst.ClassDef
    statement: cst.Assign | cst.AnnAssign
    known: Known


class AttributeSpreader:
    """Makes constants of what methods read from their own class or object."""

    def __init__(self, project: Project, open_engine: Callable[[str], FileEngine | None]) -> None:
        self.project = project
        self.open_engine = open_engine

    def spread(self, engine: FileEngine) -> bool:
        """Follow the constant attributes of the classes of a file; return whether anything changed."""
        for stretch in engine.active():
            if PREFIX not in stretch.text:
                continue  # what is known of a value follows from a mark in it
            for stored in self._stored(engine, stretch):
                if self._is_only(stored) and self._fold(engine, stretch, stored):
                    return True
        return False

    def _stored(self, engine: FileEngine, stretch: Stretch) -> Iterator[_Stored]:
        evaluator = engine.evaluator(stretch)
        assignments: list[cst.Assign | cst.AnnAssign] = [*stretch.tree.of(cst.Assign), *stretch.tree.of(cst.AnnAssign)]
        for node in sorted(assignments, key=stretch.tree.inner):
            if node.value is None or PREFIX not in stretch.tree.source(node.value):
                continue
            known = evaluator.known(node.value)
            target = node.target if isinstance(node, cst.AnnAssign) else node.targets[0].target
            owner = stretch.tree.enclosing(node, cst.ClassDef)
            if known is None or owner is None or isinstance(known.value, list | dict):
                continue
            if isinstance(node, cst.Assign) and len(node.targets) > 1:
                continue
            function = stretch.tree.enclosing(node, (cst.FunctionDef, cst.ClassDef))
            if isinstance(target, cst.Name) and function is owner and isinstance(node, cst.Assign):
                yield _Stored(target.value, owner, node, known)
            elif isinstance(target, cst.Attribute) and self._is_set_first(stretch, node, target, owner):
                yield _Stored(target.attr.value, owner, node, known)

    def _is_set_first(self, stretch: Stretch, node: Node, target: cst.Attribute, owner: cst.ClassDef) -> bool:
        """Whether `self.x = value` stands in `__init__`, on the way of every run of it."""
        function = stretch.tree.enclosing(node, (cst.FunctionDef, cst.ClassDef))
        line = stretch.tree.parent(node)
        return (
            isinstance(function, cst.FunctionDef)
            and function.name.value in {"__init__", "setUp"}
            and stretch.tree.enclosing(function, cst.ClassDef) is owner
            and line is not None
            and stretch.tree.parent(line) is function.body
            and dotted(target.value) == receiver_of(function)
        )

    def _is_only(self, stored: _Stored) -> bool:
        """Whether nothing else in the project can set the attribute."""
        bases = {dotted(arg.value).rpartition(".")[2] for arg in stored.owner.bases}
        if not (bases <= PLAIN_BASES or stored.name.startswith("_")) or stored.name.startswith("__"):
            return False
        if any(dotted(item.decorator).rpartition(".")[2] != "final" for item in stored.owner.decorators):
            return False
        count = 0
        sets = re.compile(
            rf"\b{re.escape(stored.name)}\b[\"']?\s*(?:[:,=)\]]|in\b|[-+*/|&^%@<>]+=)|(?:def|class|as)\s+{re.escape(stored.name)}\b"
        )
        for other_path in self.project.with_word(stored.name):
            for other in self.project.stretches(other_path, stored.name, original=False, likely=sets.search):
                count += sum(1 for _ in _setters(other, stored.name))
        return count == 1

    def _fold(self, engine: FileEngine, stretch: Stretch, stored: _Stored) -> bool:
        cuts = []
        for node in walk(stored.owner):
            if (
                isinstance(node, cst.Attribute)
                and node.attr.value == stored.name
                and self._is_own(stretch, node, stored)
            ):
                start, end = stretch.tree.outer(node)
                engine.note(stretch.tree.inner(node), stored.known, base=stretch.base)
                cuts.append(Cut(start + stretch.base, end + stretch.base, engine.marks.name(stored.known)))
        class_name = stored.owner.name.value
        changed = False
        if stretch.tree.parent(stored.owner) is stretch.tree.module:
            cuts += self._by_class(engine, class_name, stored, stretch)
            if isinstance(stored.statement, cst.Assign) and isinstance(stored.statement.targets[0].target, cst.Name):
                changed = self._elsewhere(engine.path, class_name, stored)
        return engine.draft.cut({cut.start: cut for cut in cuts}.values()) or changed

    def _elsewhere(self, path: str, class_name: str, stored: _Stored) -> bool:
        """Fold `Class.attribute` in the files that import the class; return whether anything changed."""
        cuts: dict[str, list[Cut]] = {}
        for site in list(sites_of(self.project, path, class_name)):
            above = site.stretch.tree.parent(site.node)
            engine = self.open_engine(site.path) if site.path != path else None
            if engine is None or not isinstance(above, cst.Attribute) or above.value is not site.node:
                continue
            if above.attr.value == stored.name and not _is_target(site.stretch, above):
                start, end = site.stretch.tree.outer(above)
                base = site.stretch.base
                engine.note(site.stretch.tree.inner(above), stored.known, base=base)
                cuts.setdefault(site.path, []).append(Cut(start + base, end + base, engine.marks.name(stored.known)))
        changed = False
        for other, found in cuts.items():
            engine = self.open_engine(other)
            changed |= engine is not None and engine.draft.cut(set(found))
        return changed

    def _by_class(self, engine: FileEngine, class_name: str, stored: _Stored, home: Stretch) -> Iterator[Cut]:
        """Yield the cuts for `Class.attribute` in the module of the class."""
        if not any(binding.owner is stored.owner for binding in home.scope.bindings.get(class_name, ())):
            return
        if isinstance(stored.statement, cst.Assign) and isinstance(stored.statement.targets[0].target, cst.Attribute):
            return
        for stretch in engine.draft.stretches():
            if stored.name not in stretch.text or not stretch.parses:
                continue
            for use in stretch.scope.all_uses(class_name):
                above = stretch.tree.parent(use.node)
                if isinstance(above, cst.Attribute) and above.value is use.node and above.attr.value == stored.name:
                    if not _is_target(stretch, above):
                        start, end = stretch.tree.outer(above)
                        engine.note(stretch.tree.inner(above), stored.known, base=stretch.base)
                        yield Cut(start + stretch.base, end + stretch.base, engine.marks.name(stored.known))

    def _is_own(self, stretch: Stretch, node: cst.Attribute, stored: _Stored) -> bool:
        """Whether an attribute is read from the object or class that a method of this very class got."""
        if not isinstance(node.value, cst.Name) or _is_target(stretch, node):
            return False
        scope = next(
            (use.scope for inner in stretch.scope.walk() for use in inner.uses if use.node is node.value), None
        )
        owner = scope.owner_of(node.value.value) if scope is not None else None
        method = owner.node if owner is not None else None
        if owner is None or not isinstance(method, cst.FunctionDef) or receiver_of(method) != node.value.value:
            return False
        if (
            stretch.tree.enclosing(method, cst.ClassDef) is not stored.owner
            or len(owner.all_bindings(node.value.value)) != 1
        ):
            return False
        same = stretch.tree.enclosing(stored.statement, (cst.FunctionDef, cst.ClassDef))
        return method is not same or stretch.tree.inner(node)[0] > stretch.tree.inner(stored.statement)[1]


def receiver_of(function: cst.FunctionDef) -> str:
    """Return the name of the first parameter of a method, empty when it has none or is static."""
    if any(dotted(item.decorator) == "staticmethod" for item in function.decorators):
        return ""
    params = (*function.params.posonly_params, *function.params.params)
    return params[0].name.value if params else ""


def _is_target(stretch: Stretch, node: Node) -> bool:
    above = stretch.tree.parent(node)
    match above:
        case cst.AssignTarget() | cst.Del():
            return True
        case cst.AugAssign() | cst.AnnAssign() | cst.For() | cst.CompFor():
            return above.target is node
        case cst.AsName():
            return True
        case cst.Element():
            holder = stretch.tree.parent(above)
            return holder is not None and _is_target(stretch, holder)
    return False


def _setters(stretch: Stretch, name: str) -> Iterator[Node]:
    """Yield everything in a stretch that may set an attribute called `name` of some object."""
    for node in walk(stretch.tree.module):
        match node:
            case cst.Attribute() if node.attr.value == name and _is_target(stretch, node):
                yield node
            case cst.SimpleString() if name in node.value and evaluated(node) == name:
                yield node
            case cst.Arg(keyword=cst.Name(value=keyword)) if keyword == name:
                yield node
    for scope in stretch.scope.walk():
        if scope.kind == "class":
            for binding in scope.bindings.get(name, ()):
                yield binding.owner


def is_set(project: Project, name: str) -> bool:
    """Whether anything in the project assigns to an attribute called `name`."""
    return any(
        isinstance(node, cst.Attribute) and node.attr.value == name and _is_target(stretch, node)
        for path in project.with_word(name)
        for stretch in project.stretches(path, name, original=False)
        for node in stretch.tree.nodes
    )
