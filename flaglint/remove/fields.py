"""Members of a class that are fields: whoever makes an object may give them, and they are part of what it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.cst.expressions import evaluated
from flaglint.remove.tree import dotted, flat, walk

if TYPE_CHECKING:
    from flaglint.remove.comments import Vocabulary
    from flaglint.remove.project import Project
    from flaglint.remove.scopes import Binding
    from flaglint.remove.tree import Node, Tree

_MADE_OF_FIELDS = frozenset({"NamedTuple", "TypedDict", "BaseModel", "Struct"})
ENUMS = frozenset({"Enum", "StrEnum", "IntEnum", "Flag", "IntFlag", "TextChoices", "Choices", "IntegerChoices"})
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


def is_member(owner: cst.ClassDef) -> bool:
    """Whether the constants of a class are members of an enumeration."""
    return any(dotted(arg.value).rpartition(".")[2] in ENUMS for arg in owner.bases)


def names_key(binding: Binding, vocabulary: Vocabulary) -> bool:
    """Whether what a member is bound to spells the key of a flag that is removed."""
    strings = (node for node in walk(binding.value) if isinstance(node, cst.SimpleString)) if binding.value else ()
    return any(evaluated(node) in vocabulary.names for node in strings)


def is_taken_by_value(project: Project, owner: cst.ClassDef) -> bool:
    """Whether some code takes members of an enumeration otherwise than by their names, or may do so.

    It calls it with their values, loops over it, hands it on, or lets something make them of what is given: of a field,
    or of a parameter of a decorated function.
    """
    if any(isinstance(node, cst.Name) and node.value == "cls" for node in walk(owner.body)):
        return True
    name = owner.name.value
    return any(
        _takes_by_value(stretch.tree, node, owner)
        for path in project.with_word(name)
        for stretch in project.stretches(path, name, original=False)
        for node in stretch.tree.of(cst.Name)
        if node.value == name
    )


def _takes_by_value(tree: Tree, node: Node, owner: cst.ClassDef) -> bool:
    above = tree.parent(node)
    while isinstance(above, cst.Attribute) and above.attr is node:
        node, above = above, tree.parent(above)
    match above:
        case cst.Attribute():
            return above.attr.value not in _constants_of(owner)
        case cst.ImportAlias():
            return above.asname is not None
        case cst.ClassDef():
            return above.name is not node
        case cst.AssignTarget() | cst.AnnAssign():
            return False
    annotation = tree.enclosing(node, cst.Annotation)
    if annotation is None:
        return above is not None
    within = tree.enclosing(annotation, (cst.FunctionDef, cst.ClassDef))
    is_parameter = isinstance(tree.parent(annotation), cst.Param)
    return isinstance(within, cst.ClassDef) or (is_parameter and bool(getattr(within, "decorators", ())))


def _constants_of(owner: cst.ClassDef) -> set[str]:
    """Return the names that a class binds by assignments."""
    return {
        target.target.value
        for statement in flat(owner.body)
        if isinstance(statement, cst.Assign)
        for target in statement.targets
        if isinstance(target.target, cst.Name)
    }


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
