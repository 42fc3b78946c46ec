"""Displays that names stand for: a private dictionary, list or tuple that is made once and never changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.tree import dotted

if TYPE_CHECKING:
    from flaglint.remove.draft import Stretch
    from flaglint.remove.project import Project
    from flaglint.remove.scopes import Binding, Use

_READING = frozenset({"get", "keys", "values", "items", "index", "count", "copy"})


def container_of(project: Project, path: str, stretch: Stretch, name: cst.Name) -> cst.BaseExpression | None:
    """Return the display that `name` stands for, or None when it can be rebound, changed, or seen by another module."""
    scope = next((use.scope for inner in stretch.scope.walk() for use in inner.uses if use.node is name), None)
    if scope is None:
        return None
    owner = scope.owner_of(name.value)
    if owner.parent is not None:
        bindings = owner.all_bindings(name.value)
        uses = [(stretch, use) for use in owner.all_uses(name.value)]
    else:
        bindings, uses = _of_module(project, path, name.value)
        if not name.value.startswith("_") and _is_used_outside(project, path, name.value):
            return None
    display = _display(bindings)
    if display is None or not all(_only_reads(other, use) for other, use in uses):
        return None
    if owner.parent is None and any(_is_rebound(stretch, root, scope.node) for root in _roots(display)):
        return None
    return display


def _of_module(project: Project, path: str, name: str) -> tuple[list[Binding], list[tuple[Stretch, Use]]]:
    bindings: list[Binding] = []
    uses: list[tuple[Stretch, Use]] = []
    for other in project.stretches(path, name, original=False):
        bindings += other.scope.all_bindings(name)
        uses += [(other, use) for use in other.scope.all_uses(name)]
    return bindings, uses


def _is_used_outside(project: Project, path: str, name: str) -> bool:
    inside = sum(len(other.scope.all_uses(name)) for other in project.stretches(path, name, original=False))
    found = project.mentions(path, name, original=False)
    return found.count > inside or bool(found.named) or name in project.exported(path)


def _display(bindings: list[Binding]) -> cst.BaseExpression | None:
    if len(bindings) != 1 or not isinstance(bindings[0].owner, (cst.Assign, cst.AnnAssign)):
        return None
    value = bindings[0].value
    if isinstance(value, cst.Call) and dotted(value.func) in {"frozenset", "tuple"}:
        return value
    return value if isinstance(value, (cst.Dict, cst.List, cst.Tuple, cst.Set)) else None


def _only_reads(stretch: Stretch, use: Use) -> bool:
    """Whether a use looks something up and does nothing else with the container."""
    above = stretch.tree.parent(use.node)
    match above:
        case cst.Subscript() if above.value is use.node:
            holder = stretch.tree.parent(above)
            return not isinstance(holder, (cst.AssignTarget, cst.AugAssign, cst.Del, cst.AnnAssign))
        case cst.Attribute() if above.value is use.node:
            call = stretch.tree.parent(above)
            return above.attr.value in _READING and isinstance(call, cst.Call) and call.func is above
        case cst.ComparisonTarget():
            return isinstance(above.operator, (cst.In, cst.NotIn))
        case cst.Arg():
            call = stretch.tree.parent(above)
            return isinstance(call, cst.Call) and dotted(call.func) in {
                "len",
                "sorted",
                "set",
                "frozenset",
                "any",
                "all",
            }
        case cst.For() | cst.CompFor():
            return above.iter is use.node
    return False


def _roots(display: cst.BaseExpression) -> set[str]:
    """Return the names that the entries of a display begin with."""
    found = set()
    for element in getattr(display, "elements", ()):
        chain = dotted(element.value)
        if chain:
            found.add(chain.partition(".")[0])
    return found


def _is_rebound(stretch: Stretch, root: str, node: cst.CSTNode) -> bool:
    """Whether a name of the module means something else inside the function that uses the container."""
    for scope in stretch.scope.walk():
        if scope.node is node:
            return scope.owner_of(root).parent is not None
    return False
