"""Literals that names stand for: constants of modules, of classes and of enumerations, wherever they are defined.

Only names in capitals are looked up, which by convention nobody binds anew, and only those that are bound once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.remove import cst
from flaglint.remove.attributes import is_set
from flaglint.remove.spread import is_alone
from flaglint.remove.tree import dotted
from flaglint.remove.values import literal_value

if TYPE_CHECKING:
    from flaglint.remove.draft import Stretch
    from flaglint.remove.project import Project
    from flaglint.remove.scopes import Binding

_STEPS = 4  # imports from module to module that are followed
_TEXTS = frozenset({"str", "StrEnum", "TextChoices"})  # bases of enumerations whose members are texts
_ENUMERATIONS = frozenset({"Enum", "StrEnum", "TextChoices"})


def constant_of(project: Project, path: str, stretch: Stretch, node: cst.BaseExpression) -> tuple[Any] | None:
    """Return the literal that `LIMIT`, `limits.LIMIT`, `Limits.LOW` or `Limits.LOW.value` stands for, in a tuple."""
    root = node
    while isinstance(root, cst.Attribute):
        root = root.value
    scope = next((use.scope for inner in stretch.scope.walk() for use in inner.uses if use.node is root), None)
    if scope is None or not isinstance(root, cst.Name) or scope.owner_of(root.value).parent is not None:
        return None
    match node:
        case cst.Name(value=name) if name.isupper():
            return _of_module(project, path, name)
        case cst.Attribute(value=cst.Attribute() as member, attr=cst.Name(value="value")):
            return _of_class(project, path, member, is_asked_for_value=True)
        case cst.Attribute(attr=cst.Name(value=name)) if name.isupper() and dotted(node):
            target = project.module_of(path, stretch, node.value, original=False)
            if target:
                return _of_module(project, target, name)
            return _of_class(project, path, node, is_asked_for_value=False)
    return None


def _of_module(project: Project, path: str, name: str, steps: int = _STEPS) -> tuple[Any] | None:
    found = _definition(project, path, name, steps)
    return literal_value(found[1].value) if found is not None and found[1].value is not None else None


def _definition(project: Project, path: str, name: str, steps: int = _STEPS) -> tuple[Stretch, Binding] | None:
    """Return where the module-level name of a file is bound, if that is one place, in the module that binds it."""
    bindings = project.binding(path, name)
    if len(bindings) != 1 or steps == 0:
        return None
    stretch, binding = bindings[0]
    if isinstance(binding.owner, cst.ImportAlias):
        for item in project.imported(path, stretch):
            if item.binding is binding and item.name:
                return _definition(project, item.path, item.name, steps - 1)
        return None
    if not is_alone(project, path, name, 1):
        return None
    return stretch, binding


def _of_class(project: Project, path: str, node: cst.Attribute, *, is_asked_for_value: bool) -> tuple[Any] | None:
    """Return the literal that a class binds a name to; of an enumeration, one that its member equals."""
    found = _definition(project, path, node.value.value) if isinstance(node.value, cst.Name) else None
    if found is None:
        return None
    owner = found[1].owner
    if not isinstance(owner, cst.ClassDef) or owner.decorators or owner.keywords:
        return None
    bases = {dotted(arg.value).rpartition(".")[2] for arg in owner.bases} - {"object"}
    is_enumeration = bool(bases & _ENUMERATIONS)
    if bases - _ENUMERATIONS - _TEXTS or (bases and not is_enumeration):
        return None
    if is_asked_for_value != is_enumeration and not (is_enumeration and bases & _TEXTS):
        return None
    scope = next(scope for scope in found[0].scope.walk() if scope.node is owner)
    values = [binding.value for binding in scope.bindings.get(node.attr.value, ())]
    written = literal_value(values[0]) if len(values) == 1 and values[0] is not None else None
    if written is None or (not is_enumeration and is_set(project, node.attr.value)):
        return None
    return written if not bases & _TEXTS or isinstance(written[0], str) else None
