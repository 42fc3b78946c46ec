"""Whether calling a wrapper is nothing but reading the flag, so that the call may become a constant."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import dataclass
from flaglint.remove import cst
from flaglint.remove.computing import Harmless
from flaglint.remove.purity import is_droppable, read_effects
from flaglint.remove.reads import Refusal
from flaglint.remove.tree import dotted, flat, is_text, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.model import Reference
    from flaglint.remove.computing import Computing
    from flaglint.remove.draft import Stretch
    from flaglint.remove.hierarchy import Hierarchy
    from flaglint.remove.project import Project
    from flaglint.remove.references import References

_STEP = "wrapper "
_TRANSPARENT = frozenset(
    {"property", "cached_property", "staticmethod", "classmethod", "cache", "lru_cache", "override", "abstractmethod"}
)


@dataclass(frozen=True, slots=True)
class _Found:
    path: str
    stretch: Stretch
    function: cst.FunctionDef


def is_through_wrapper(reference: Reference) -> bool:
    """Whether a read is a call of something of the project that reads the flag."""
    return any(step.startswith(_STEP) for step in reference.via)


def only_reads(computing: Computing, reference: Reference, stretch: Stretch, node: cst.BaseExpression) -> bool:
    """Whether the wrappers on the way from a call to the read do nothing else, and no argument has effects."""
    if "mixed-wrapper" in reference.traits:
        return False
    names = [step.removeprefix(_STEP) for step in reference.via if step.startswith(_STEP)]
    return all(_is_pure(computing, name, stretch, node) for name in names)


def gives_unawaited(project: Project, reference: Reference, references: References) -> bool:
    """Whether a call of wrappers gives something that is awaited elsewhere: one is a coroutine, or returns one."""
    names = [step.removeprefix(_STEP) for step in reference.via if step.startswith(_STEP)]
    if "awaited" in reference.traits:
        return False
    for name in names:
        found = _definition(project, name)
        function = found.function if found is not None else None
        if function is not None and function.asynchronous is not None:
            return True
        for other in references.at(_path_of(project, name)):
            is_inside = function is None or name.endswith(f".{other.qualname}")
            if is_inside and "coroutine" in other.traits and "awaited" not in other.traits:
                return True
    return False


def why_kept(reference: Reference, hierarchy: Hierarchy, *, is_unawaited: bool = False) -> Refusal:
    """Return why the call of a wrapper stays that does more than read, or whose result is awaited elsewhere."""
    if overridden := hierarchy.is_overridden(reference):
        return Refusal("overridden-method", f"a subclass overrides `{overridden}`: the call may do something else")
    wrapper = next(step for step in reference.via if step.startswith(_STEP)).removeprefix(_STEP)
    if is_unawaited:
        code = "wrapper-kept" if "fixed-wrapper" in reference.traits else "not-awaited"
        return Refusal(code, f"it calls `{wrapper}`, and what that gives is awaited somewhere else")
    if "fixed-wrapper" in reference.traits:
        return Refusal("wrapper-kept", f"it calls `{wrapper}`, which does more than read the flag")
    advice = "if that is how flags are read here, name it under [[calls]]"
    return Refusal("mixed-wrapper", f"it hands the key to `{wrapper}`, which does more than read it; {advice}")


def _is_pure(computing: Computing, name: str, stretch: Stretch, node: cst.BaseExpression) -> bool:
    found = _definition(computing.project, name)
    if found is not None:
        decorators = {_last(item.decorator) for item in found.function.decorators}
        harmless = Harmless(computing, found.path, found.stretch)
        return decorators <= _TRANSPARENT and _only_gives_back(found.function, harmless)
    bound = _lambda_of(computing.project, stretch, node)
    return bound is not None and not read_effects(_stripped(bound.body))


def _last(node: cst.BaseExpression) -> str:
    return dotted(node.func if isinstance(node, cst.Call) else node).rpartition(".")[2]


def _only_gives_back(function: cst.FunctionDef, harmless: Harmless) -> bool:
    """Whether a function does no more than read and return: what it binds before that are locals, without effects."""
    statements = [item for item in flat(function.body) if not is_text(item)]
    *before, last = statements or [function]
    if not isinstance(last, cst.Return) or last.value is None:
        return False
    read = _stripped(last.value)
    values = {}
    for statement in before:
        match statement:
            case cst.Assign(targets=[cst.AssignTarget(target=cst.Name(value=name))], value=value):
                values[name] = value
            case cst.AnnAssign(target=cst.Name(value=name), value=cst.BaseExpression() as value):
                values[name] = value
            case _:
                return False
    if len(values) < len(before):
        return False
    if isinstance(read, cst.Name):
        read = _stripped(values.pop(read.value, read))
    return not read_effects(read, harmless) and all(is_droppable(value, harmless) for value in values.values())


def _stripped(node: cst.BaseExpression) -> cst.BaseExpression:
    """Return what stands under `not`, `await` and `bool()`."""
    while True:
        match node:
            case cst.UnaryOperation() | cst.Await():
                node = node.expression
            case cst.Call(func=cst.Name(value="bool"), args=[single]):
                node = single.value
            case _:
                return node


def _path_of(project: Project, name: str) -> str:
    """Return the file of the module that a dotted name begins with, or nothing."""
    parts = name.split(".")
    paths = (project.modules.get(".".join(parts[:length])) for length in range(len(parts), 0, -1))
    return next(filter(None, paths), "")


def _definition(project: Project, name: str) -> _Found | None:
    """Return the function of a dotted name."""
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        path = project.modules.get(".".join(parts[:length]))
        draft = project.draft(path) if path is not None else None
        if draft is None or path is None:
            continue
        for stretch in draft.original:
            if parts[length] in stretch.text and stretch.parses:
                found = _inside(stretch.tree.module, parts[length:])
                if found is not None:
                    return _Found(path, stretch, found)
    return None


def _inside(node: cst.CSTNode, names: list[str]) -> cst.FunctionDef | None:
    for below in _definitions(node):
        if below.name.value != names[0]:
            continue
        if len(names) == 1:
            return below if isinstance(below, cst.FunctionDef) else None
        return _inside(below, names[1:])
    return None


def _definitions(node: cst.CSTNode) -> Iterator[cst.FunctionDef | cst.ClassDef]:
    for below in walk(node):
        if below is not node and isinstance(below, (cst.FunctionDef, cst.ClassDef)):
            yield below


def _lambda_of(project: Project, stretch: Stretch, node: cst.BaseExpression) -> cst.Lambda | None:
    """Return the lambda that a call calls, by the name that the file binds it to or where it stands."""
    func = node.func if isinstance(node, cst.Call) else None
    if isinstance(func, cst.Lambda):
        return func
    if not isinstance(func, cst.Name):
        return None
    path = next((path for path in project.python if _holds(project, path, stretch)), "")
    for other in project.stretches(path, func.value, original=True):
        for scope in other.scope.walk():
            for binding in scope.bindings.get(func.value, ()):
                if isinstance(binding.value, cst.Lambda):
                    return binding.value
    return None


def _holds(project: Project, path: str, stretch: Stretch) -> bool:
    return any(other.text == stretch.text for other in project.opened(path))
