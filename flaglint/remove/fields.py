"""Members of a class that are fields: whoever makes an object may give them, and they are part of what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.tree import dotted

if TYPE_CHECKING:
    from flaglint.remove.project import Project
    from flaglint.remove.scopes import Binding

_MADE_OF_FIELDS = frozenset({"NamedTuple", "TypedDict", "BaseModel", "Struct"})
_UNMAKING = frozenset({"final", "runtime_checkable", "total_ordering"})  # decorators that make no constructor


def is_given(project: Project, owner: cst.ClassDef, binding: Binding) -> bool:
    """Whether a member is a field that somebody passes to the constructor of its class, or may be."""
    if not isinstance(binding.owner, cst.AnnAssign) or "ClassVar" in _annotated_with(binding.owner):
        return False
    if {dotted(arg.value).rpartition(".")[2] for arg in owner.bases} & _MADE_OF_FIELDS:
        return True
    made_by = (_last(item.decorator) for item in owner.decorators)
    if all(name in _UNMAKING for name in made_by):
        return False
    return binding.owner.value is None or _is_called_with_arguments(project, owner.name.value)


def _is_called_with_arguments(project: Project, name: str) -> bool:
    """Whether some code passes anything to what goes by a name."""
    return any(
        _last(call.func) == name and bool(call.args)
        for path in project.with_word(name)
        for stretch in project.stretches(path, name, original=False)
        for call in stretch.tree.of(cst.Call)
    )


def _annotated_with(node: cst.AnnAssign) -> set[str]:
    """Return the last name of an annotation, or of what is subscripted there."""
    annotation = node.annotation.annotation
    outer = annotation.value if isinstance(annotation, cst.Subscript) else annotation
    return {dotted(outer).rpartition(".")[2]}


def _last(node: cst.BaseExpression) -> str:
    return dotted(node.func if isinstance(node, cst.Call) else node).rpartition(".")[2]
