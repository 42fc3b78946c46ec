"""Why a name of a module stays, though this removal took its last use: someone else may still reach it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs.tests import is_test
from flaglint.remove import cst
from flaglint.remove.tree import dotted
from flaglint.remove.values import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.remove.draft import Stretch
    from flaglint.remove.project import Project
    from flaglint.remove.scopes import Binding


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
        if next(project.stars_of(path), None) is not None:
            return "a star import takes it along"
    return ""


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
