"""Declarations of a removed flag in Python: entries of dictionaries and lists, enum members, registering calls."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.comments import is_rule
from flaglint.remove.elements import without_element
from flaglint.remove.purity import is_droppable
from flaglint.remove.rope import Cut
from flaglint.remove.values import literal_value

if TYPE_CHECKING:
    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.project import Project
    from flaglint.remove.tree import Node

_DISPLAYS = (cst.List, cst.Tuple, cst.Set)


class DeclarationRemover:
    """Takes declarations of one key out of a file."""

    def __init__(self, project: Project, engine: FileEngine, key: str) -> None:
        self.project = project
        self.engine = engine
        self.key = key

    def remove(self, start: int, end: int, role: str) -> str:
        """Take away the declaration at `[start, end)` of the original; return why it stays, or an empty text."""
        if role == "element":
            return self._element(start)
        place = self.engine.draft.rope.stretch(start, end)
        if place is None:
            return ""
        stretch = self.engine.draft.stretch_at(place[0])
        if not stretch.parses:
            return "the code around it cannot be parsed"
        low, high = place[0] - stretch.base, place[1] - stretch.base
        if role == "dict-key":
            return self._entry(stretch, low)
        if role in {"enum-member", "assignment", "class-attribute"}:
            return self._statement(stretch, low, high)
        node = stretch.tree.at(low, high)
        return self._call(stretch, node) if node is not None else "it is written in a way that is not known"

    def _cut(self, stretch: Stretch, cuts: list[Cut]) -> str:
        self.engine.draft.cut([Cut(cut.start + stretch.base, cut.end + stretch.base, cut.text) for cut in cuts])
        return ""

    def _entry(self, stretch: Stretch, start: int) -> str:
        for node in stretch.tree.nodes:
            if isinstance(node, cst.Dict):
                for element in node.elements:
                    if isinstance(element, cst.DictElement) and stretch.tree.outer(element.key)[0] == start:
                        if not is_droppable(element.value) and not isinstance(element.value, cst.Call):
                            return "its value may have effects"
                        return self._cut(stretch, self._without(stretch, node.elements, element))
        return "it is written in a way that is not known"

    def _element(self, start: int) -> str:
        """An element of a list of keys, or a tuple in it that begins with the key; the key stands at `start`."""
        now = self.engine.draft.rope.current(start)
        if now is None:
            return ""
        stretch = self.engine.draft.stretch_at(now)
        if not stretch.parses:
            return "the code around it cannot be parsed"
        for node in stretch.tree.nodes:
            if isinstance(node, _DISPLAYS):
                for element in node.elements:
                    value: cst.BaseExpression = element.value
                    if isinstance(value, cst.Tuple) and value.elements:
                        value = value.elements[0].value
                    found = literal_value(value)
                    if (
                        found is not None
                        and found[0] == self.key
                        and stretch.tree.inner(value)[0] + stretch.base == now
                    ):
                        return self._cut(stretch, self._without(stretch, node.elements, element))
        return "its list is put together in a way that is not known"

    def _without(self, stretch: Stretch, siblings: object, element: Node) -> list[Cut]:
        found = list(siblings)  # type: ignore[call-overload] # the elements of a display
        cuts = without_element(stretch.tree, found, element)
        lines = self.engine.step(stretch).layout.lines
        first = lines.number(cuts[0].start + stretch.base)
        if lines.start(first) != cuts[0].start + stretch.base:
            return cuts
        top = first
        while top > 0 and lines.is_comment(top - 1) and not is_rule(lines.content(top - 1)):
            top -= 1
        following = lines.number(cuts[0].end + stretch.base) if cuts[0].end + stretch.base < len(lines.text) else first
        comment = lines.text[lines.start(top) : lines.start(first)]
        own = lines.is_comment(following) or lines.is_blank(following) or lines.content(following).strip()[:1] in ")]}"
        own = own or (top > 0 and lines.content(top - 1).rstrip().endswith(","))  # it parts two entries
        if top < first and (own or self.engine.vocabulary.names_flag(comment)):
            return [Cut(lines.start(top) - stretch.base, cuts[0].end), *cuts[1:]]
        return cuts

    def _statement(self, stretch: Stretch, start: int, end: int) -> str:
        for node in stretch.tree.nodes:
            if isinstance(node, (cst.Assign, cst.AnnAssign)) and stretch.tree.inner(node) == (start, end):
                target = node.target if isinstance(node, cst.AnnAssign) else node.targets[0].target
                if isinstance(target, cst.Name) and self.project.has_attribute_uses(target.value, original=False):
                    return f"`{target.value}` is still used"
                return self._remove(stretch, node)
        made = stretch.tree.at(start, end)  # of an object that stands for the flag, the call that makes it
        return self._call(stretch, made) if isinstance(made, cst.Call) else "it is written in a way that is not known"

    def _call(self, stretch: Stretch, node: Node) -> str:
        above = stretch.tree.parent(node)
        if isinstance(above, cst.Expr):
            return self._remove(stretch, above)
        if isinstance(above, cst.Assign) and len(above.targets) == 1 and isinstance(above.targets[0].target, cst.Name):
            name = above.targets[0].target.value
            if not stretch.scope.bindings.get(name):
                return f"`{name}` belongs to a class or a function, and may be used there"
            return self._reached(name) or self._remove(stretch, above)
        return "it is written in a way that is not known"

    def _reached(self, name: str) -> str:
        """Return how a name of this module may still be reached, or an empty text."""
        path = self.engine.path
        if self.project.is_used(path, name, original=False) or name in self.project.exported(path):
            return f"`{name}` is still used"
        if named := self.project.mentions(path, name, original=False, plainly=True).named:
            return f"`{named[0]}` names `{name}`"
        return f"a star import takes `{name}` along" if next(self.project.stars_of(path), None) is not None else ""

    def _remove(self, stretch: Stretch, statement: Node) -> str:
        step = self.engine.step(stretch)
        step.remove(statement, frozenset())
        self.engine.draft.cut(self.engine.carry_out(step))
        return ""
