"""Decorators that gate a function or class by a flag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.reads import Refusal
from flaglint.remove.rope import Cut

if TYPE_CHECKING:
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.values import Known


class DecoratorFolder:
    """Takes a gate off for the value that lets everyone in; for the other one a person has to judge."""

    def __init__(self, engine: FileEngine) -> None:
        self.engine = engine

    def fold(self, start: int, end: int, known: Known) -> Refusal | None:
        """Fold the gate whose call stands at `[start, end)` of the original; return why when it stays."""
        place = self.engine.draft.rope.stretch(start, end)
        if place is None:
            return None
        stretch = self.engine.draft.stretch_at(place[0])
        node = stretch.tree.at(place[0] - stretch.base, place[1] - stretch.base)
        decorator = stretch.tree.parent(node) if node is not None else None
        if node is None or decorator is None:
            return Refusal("unknown-shape", "no decorator stands where the read was found")
        owner = stretch.tree.enclosing(node, (cst.FunctionDef, cst.ClassDef))
        name = owner.name.value if isinstance(owner, cst.FunctionDef | cst.ClassDef) else "?"
        if not known.is_true:
            return Refusal("gated-off", f"`{name}` can never run again: delete it, and what leads to it")
        if not isinstance(decorator, cst.Decorator):
            return Refusal("unknown-shape", "the gate is not a decorator by itself")
        step = self.engine.step(stretch)
        lines = step.layout.lines
        first, last = (lines.number(offset) for offset in step.layout.span(decorator))
        top = step.layout.comments_above(first)
        comment = step.layout.text[lines.start(top) : lines.start(first)]
        if not step.layout.vocabulary.speaks_of_flag(comment):
            top = first
        self.engine.draft.cut([Cut(lines.start(top), lines.end(last))])
        return None
