"""What must be the same of every function that a removal touches: its kind, and which variable each name means.

A function that lost its only `yield` gets one that no run reaches. A name that would mean another variable than before
means that the reads whose dead branch bound it cannot be folded.
"""

from __future__ import annotations

import builtins
from typing import TYPE_CHECKING

from flaglint.records import dataclass
from flaglint.remove import cst
from flaglint.remove.flow import completes, is_generator
from flaglint.remove.rope import Cut
from flaglint.remove.uses import changed_stretches
from flaglint.remove.values import PREFIX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.scopes import Scope

_BUILTINS = frozenset(dir(builtins))


@dataclass(frozen=True, slots=True)
class Violation:
    """A name that means something else than before, and the reads whose folding is to blame; none: all of the file."""

    path: str
    name: str
    function: str
    line: int  # of the original, where the name is read
    origins: frozenset[int]


def mend_generators(engine: FileEngine) -> bool:
    """Give functions that lost their only `yield` one that is never reached; return whether there were any."""
    if "yield" not in engine.draft.rope.original:
        return False
    for stretch in engine.active():
        for scope in stretch.scope.walk():
            if isinstance(scope.node, cst.FunctionDef) and not is_generator(scope.node):
                original = engine.draft.original_function(stretch, scope.node)
                if original is not None and is_generator(original.node):  # type: ignore[arg-type] # a function's scope
                    return engine.draft.cut(_with_yield(engine, stretch, scope.node))
    return False


def _with_yield(engine: FileEngine, stretch: Stretch, function: cst.FunctionDef) -> list[Cut]:
    step = engine.step(stretch)
    layout = step.layout
    leaves = not completes(function.body, engine.is_true(step.evaluator))
    if not isinstance(function.body, cst.IndentedBlock):
        end = layout.span(function.body.body[-1])[1]
        return [Cut(end, end, "; yield" if leaves else "; return; yield")]
    last = function.body.body[-1]
    indent = layout.lines.indent(layout.first_line(function.body.body[0]))
    words = ("yield",) if leaves else ("return", "yield")
    only_pass = isinstance(last, cst.SimpleStatementLine) and len(last.body) == 1 and isinstance(last.body[0], cst.Pass)
    start, end = layout.span(last)
    source = f"{layout.lines.newline}{indent}".join(words)
    if only_pass and len(function.body.body) <= 2:
        return [Cut(start, end, source)]
    line_end = layout.lines.content_end(layout.last_line(last))
    return [Cut(line_end, line_end, f"{layout.lines.newline}{indent}{source}")]


def violations(engine: FileEngine) -> Iterator[Violation]:
    """Yield the names of a file that mean another variable than before, or none at all."""
    for stretch in engine.active():
        for scope in stretch.scope.walk():
            if scope.kind in {"function", "class"}:
                yield from _in_scope(engine, stretch, scope)
    yield from _undefined(engine)


def _in_scope(engine: FileEngine, stretch: Stretch, scope: Scope) -> Iterator[Violation]:
    original = _original(engine, stretch, scope)
    if original is None:
        return
    known = {use.name for use in original.uses} | set(original.bindings)
    for name in sorted({use.name for use in scope.uses} | set(scope.bindings)):
        if name not in known or name.startswith(PREFIX):
            continue
        before, after = _meaning(original, name), _meaning(scope, name)
        if before.kind != after.kind or (before.kind == "function" and _name_of(before) != _name_of(after)):
            yield _blame(engine, stretch, scope, before, name)


def _meaning(scope: Scope, name: str) -> Scope:
    if name in scope.bindings:
        return scope.owner_of_binding(name)
    return scope.owner_of(name)


def _name_of(scope: Scope) -> str:
    return scope.node.name.value if isinstance(scope.node, cst.FunctionDef) else ""


def _original(engine: FileEngine, stretch: Stretch, scope: Scope) -> Scope | None:
    if isinstance(scope.node, cst.FunctionDef):
        return engine.draft.original_function(stretch, scope.node)
    if not isinstance(scope.node, cst.ClassDef):
        return None
    origin = engine.draft.rope.origin(stretch.tree.inner(scope.node.name)[0] + stretch.base)
    found = engine.draft.original_at(origin) if origin is not None else None
    if found is None or origin is None or not found.parses:
        return None
    for other in found.scope.walk():
        if isinstance(other.node, cst.ClassDef) and found.tree.inner(other.node.name)[0] == origin - found.base:
            return other
    return None


def _blame(engine: FileEngine, stretch: Stretch, scope: Scope, before: Scope, name: str) -> Violation:
    """Find which decisions took the bindings of a name away."""
    origins: frozenset[int] = frozenset()
    for original in engine.draft.original:
        if not original.parses or before not in original.scope.walk():
            continue
        for binding in before.all_bindings(name):
            place = original.tree.inner(binding.owner)[0] + original.base
            for gone in engine.gone:
                if gone.start <= place < gone.end:
                    origins |= gone.origins
    use = next((use for use in scope.uses if use.name == name), None)
    line = _original_line(engine, stretch, use.node if use is not None else scope.node)
    function = getattr(getattr(scope.node, "name", None), "value", "")
    return Violation(engine.path, name, function, line, origins)


def _original_line(engine: FileEngine, stretch: Stretch, node: cst.CSTNode) -> int:
    origin = engine.draft.rope.origin(stretch.tree.inner(node)[0] + stretch.base)
    return engine.draft.rope.original.count("\n", 0, origin or 0) + 1


def _undefined(engine: FileEngine) -> Iterator[Violation]:
    """Yield the names that the module bound before and does not any more, though something still reads them."""
    before = [
        (name, stretch)
        for stretch in changed_stretches(engine, original=True)  # the others bind what they bound
        for name in _module_names(stretch.scope)
    ]
    bound = {name for stretch in changed_stretches(engine, original=False) for name in _module_names(stretch.scope)}
    for name, original in sorted(before, key=lambda item: item[0]):
        if name in bound or name in _BUILTINS:
            continue
        holding = [stretch for stretch in engine.draft.stretches() if name in stretch.text and stretch.parses]
        if any(name in _module_names(stretch.scope) for stretch in holding):
            continue
        for stretch in holding:
            uses = stretch.scope.all_uses(name)
            if any(not use.in_text for use in uses):
                yield _blame(engine, stretch, uses[0].scope, original.scope, name)


def _module_names(scope: Scope) -> set[str]:
    names = set(scope.bindings)
    for inner in scope.walk():
        names.update(name for name in inner.globals if name in inner.bindings)
    return names
