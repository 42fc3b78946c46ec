"""Gates around a function or class: a decorator (`@waffle_flag("new")`), or a base class that reads an attribute."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs.spec import PROJECT
from flaglint.remove import cst
from flaglint.remove.elements import without_element
from flaglint.remove.reads import Refusal
from flaglint.remove.rope import Cut
from flaglint.remove.tree import dotted, flat

if TYPE_CHECKING:
    from flaglint.model import Reference
    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.hierarchy import Hierarchy
    from flaglint.remove.values import Known


class GateFolder:
    """Takes a gate off for the value that lets everyone in; for the other one a person has to judge."""

    def __init__(self, engine: FileEngine, hierarchy: Hierarchy) -> None:
        self.engine = engine
        self.hierarchy = hierarchy

    def fold(self, reference: Reference, start: int, end: int, known: Known) -> Refusal | None:
        """Fold the gate that stands at `[start, end)` of the original; return why when it stays."""
        place = self.engine.draft.rope.stretch(start, end)
        if place is None:
            return None
        stretch = self.engine.draft.stretch_at(place[0])
        if not stretch.parses:
            return Refusal("unparsable-file", "the code around it cannot be parsed")
        if reference.role == "class-attribute":
            return self._base(stretch, place[0] - stretch.base, reference.sdk, known)
        return self._decorator(stretch, (place[0] - stretch.base, place[1] - stretch.base), known)

    def _decorator(self, stretch: Stretch, place: tuple[int, int], known: Known) -> Refusal | None:
        node = stretch.tree.at(*place)
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

    # ------------------------------------------------------------------------------------------------- base classes

    def _base(self, stretch: Stretch, start: int, sdk: str, known: Known) -> Refusal | None:
        """Take the attribute at `start` away with the base class that reads it."""
        statement = next((node for node in stretch.tree.of(cst.Assign) if stretch.tree.inner(node)[0] == start), None)
        owner = stretch.tree.enclosing(statement, cst.ClassDef) if statement is not None else None
        if statement is None or owner is None:
            return Refusal("unknown-shape", "no attribute stands where the read was found")
        name, attribute = owner.name.value, dotted(statement.targets[0].target)
        if not known.is_true:
            return Refusal("gated-off", f"`{name}` can never run again: delete it, and what leads to it")
        bases = [base for base in owner.bases if self._is_of(dotted(base.value), sdk)]
        if len(bases) != 1 or self.hierarchy.overrides(name, attribute) or self._reads_other(owner, attribute):
            return Refusal(
                "unknown-shape", f"it is not sure that `{name}` needs none of its base classes without `{attribute}`"
            )
        cuts = without_element(stretch.tree, list(owner.bases), bases[0])
        if len(owner.bases) == 1 and not owner.keywords:
            begin, colon = stretch.tree.inner(owner.name)[1], stretch.tree.inner(owner.body)[0]
            opens = stretch.tree.text.index("(", begin)
            closes = stretch.tree.text.rindex(")", opens, colon)
            cuts = [Cut(opens, closes + 1)]
        step = self.engine.step(stretch)
        step.rewrite(cuts)
        step.remove(statement, known.origins)
        self.engine.draft.cut(self.engine.carry_out(step))
        return None

    def _is_of(self, base: str, sdk: str) -> bool:
        """Whether a base class comes from the package of an SDK; one that the configuration names may do anything."""
        if sdk == PROJECT:
            return False
        root = base.partition(".")[0]
        for stretch in self.engine.draft.stretches():
            for binding in stretch.scope.bindings.get(root, ()) if root in stretch.text and stretch.parses else ():
                statement = stretch.tree.parent(binding.owner)
                module = statement.module if isinstance(statement, cst.ImportFrom) else None
                source = dotted(module) if module is not None else root
                if isinstance(binding.owner, cst.ImportAlias) and source.partition(".")[0] == sdk:
                    return True
        return False

    @staticmethod
    def _reads_other(owner: cst.ClassDef, attribute: str) -> bool:
        """Whether the class sets another attribute of the same prefix, which the base class may read as well."""
        prefix = attribute.partition("_")[0]
        targets = [
            dotted(target.target)
            for node in flat(owner.body)
            if isinstance(node, cst.Assign)
            for target in node.targets
        ]
        return any(name != attribute and name.startswith(f"{prefix}_") for name in targets)
