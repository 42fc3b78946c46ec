"""Why a name of a module stays, though this removal took its last use: someone else may still reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs.tests import is_test
from flaglint.remove import cst
from flaglint.remove.tree import dotted
from flaglint.remove.uses import own_uses
from flaglint.remove.values import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.remove.draft import Stretch
    from flaglint.remove.project import Project
    from flaglint.remove.scopes import Binding

# Methods by which a list, a set or a dictionary is changed, where nobody looks at what they give.
_CHANGING = frozenset({"add", "append", "appendleft", "clear", "discard", "extend", "insert", "pop", "remove"})
_CHANGING |= {"reverse", "setdefault", "sort", "update"}


def held(project: Project, path: str, name: str, place: tuple[Stretch, Binding], *, keep_public: bool) -> str | None:
    """Return why a name of a module stays: None when it is used or always was unused, empty when it may go."""
    _, binding = place
    if is_fixture(binding.owner):
        if _is_requested(project, path, name, original=False):
            return None
        if not _is_requested(project, path, name, original=True) and not project.is_used(path, name, original=True):
            return None
        if project.is_used(path, name, original=False):
            return None
    elif project.is_used(path, name, original=False) or not project.is_used(path, name, original=True):
        return None
    if name in project.exported(path):
        return "`__all__` lists it"
    is_definition = isinstance(binding.owner, (cst.FunctionDef, cst.ClassDef))
    now = project.mentions(path, name, original=False, plainly=is_definition)
    if now.named:
        return f"`{now.named[0]}` names it"
    if held_by_test := only_tested(project, path, place, project.users(path, name)):
        return held_by_test
    if not name.startswith("_"):
        if keep_public:
            return "it is public"
        if is_starred(project, path, name):
            return "a star import takes it along"
        if was_only_changed(project, path, name) and project.users(path, name) == [path]:
            return None
    return ""


def is_for_others(project: Project, path: str, name: str) -> bool:
    """Whether what a module imports is there for others: for a star import, or what the module changes."""
    return is_starred(project, path, name) or (not name.startswith("_") and was_only_changed(project, path, name))


def is_starred(project: Project, path: str, name: str) -> bool:
    """Whether a star import takes a name of a module along: any, unless an `__all__` that is written out lacks it."""
    if next(project.stars_of(path), None) is None:
        return False
    found = project.binding(path, "__all__")
    value = found[0][1].value if len(found) == 1 else None
    is_written = isinstance(value, (cst.List, cst.Tuple)) and all(
        isinstance(element, cst.Element) and isinstance(element.value, cst.SimpleString) for element in value.elements
    )
    return not is_written or name in project.exported(path) or project.is_used(path, "__all__", original=False)


def was_only_changed(project: Project, path: str, name: str) -> bool:
    """Whether all that named a module's name in its file changed what it stands for, and nothing asked for that.

    `urlpatterns += [...]` is no use of a list which a framework reads.
    """
    found = [
        (stretch, use) for stretch in project.stretches(path, name, original=True) for use in own_uses(stretch, name)
    ]
    return bool(found) and all(_changes(stretch, use.node, name) for stretch, use in found)


def _changes(stretch: Stretch, node: cst.CSTNode, name: str) -> bool:
    tree, part = stretch.tree, node
    while isinstance(above := tree.parent(part), (cst.Attribute, cst.Subscript)) and above.value is part:
        part = above
    match above:
        case cst.AugAssign() | cst.AnnAssign() if above.target is part:
            return True
        case cst.AssignTarget() | cst.Del() if part is not node:
            return True
        case cst.Call() if above.func is part and isinstance(part, cst.Attribute):
            return part.attr.value in _CHANGING and isinstance(tree.parent(above), cst.Expr)
    if tree.enclosing(node, (cst.FunctionDef, cst.ClassDef)) is not None:
        return False
    statement = tree.enclosing(node, cst.Assign)  # `view = cached(view)`
    return isinstance(statement, cst.Assign) and any(dotted(item.target) == name for item in statement.targets)


def only_tested(project: Project, path: str, place: tuple[Stretch, Binding], users: Sequence[str]) -> str:
    """Return why a definition stays that is no test's and does not follow from the flag: only tests used it."""
    stretch, binding = place
    is_definition = isinstance(binding.owner, (cst.FunctionDef, cst.ClassDef))  # and no constant that held the key
    if not users or not is_definition or not _is_code(project, path):
        return ""
    if PREFIX in stretch.tree.source(binding.owner):
        return ""
    if any(_is_code(project, user) for user in users):
        return ""
    return f"only a test in `{users[0]}` used it, which went"


def _is_code(project: Project, path: str) -> bool:
    text = project.text(path)
    return text is not None and not is_test(path, text.text)


def is_fixture(node: cst.CSTNode) -> bool:
    """Whether a definition is a fixture of pytest."""
    for decorator in node.decorators if isinstance(node, cst.FunctionDef) else ():
        expression = decorator.decorator
        name = dotted(expression.func if isinstance(expression, cst.Call) else expression)
        if name.rpartition(".")[2] == "fixture":
            return True
    return False


def _is_requested(project: Project, path: str, name: str, *, original: bool) -> bool:
    """Whether a function asks for a fixture by a parameter, or a string names it."""
    return any(_requests(stretch, name) for stretch in _in_reach(project, path, name, original=original))


def _in_reach(project: Project, path: str, name: str, *, original: bool) -> Iterator[Stretch]:
    folder = path.removesuffix("conftest.py")
    for other in project.with_word(name):
        if other == path or (folder != path and other.startswith(folder)):
            yield from project.stretches(other, name, original=original)


def _requests(stretch: Stretch, name: str) -> bool:
    is_parameter = any(node.name.value == name for node in stretch.tree.of(cst.Param))
    return is_parameter or any(node.raw_value == name for node in stretch.parsed.strings)
