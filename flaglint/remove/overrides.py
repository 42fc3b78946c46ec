"""Overrides of a removed flag in tests: those that set the kept value are taken off, tests of the other value go."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import dataclass, replace
from flaglint.remove import cst
from flaglint.remove.elements import without_element
from flaglint.remove.holding import is_fixture
from flaglint.remove.parametrized import thin_out
from flaglint.remove.rope import Cut
from flaglint.remove.tree import dotted, flat, walk
from flaglint.remove.values import literal_value

if TYPE_CHECKING:
    from flaglint.remove.draft import Stretch
    from flaglint.remove.engine import FileEngine
    from flaglint.remove.kept import Kept
    from flaglint.remove.step import Step
    from flaglint.remove.tree import Node, Tree


@dataclass(frozen=True, slots=True)
class Override:
    """One override: where its call stands in the original, which flag it sets, and to what if that is known."""

    path: str
    start: int
    end: int
    key: str
    value: tuple[object] | None
    is_only_key: bool  # the call sets no other flag
    spellings: frozenset[str]  # the key, and the names that stand for it


@dataclass(frozen=True, slots=True)
class Problem:
    """An override that stays, and why."""

    override: Override
    code: str
    sentence: str


class OverrideFolder:
    """Decides on one override at a time."""

    def __init__(self, engine: FileEngine, kept: Kept) -> None:
        self.engine = engine
        self.kept = kept

    def fold(self, override: Override) -> Problem | None:
        """Rewrite the file for one override; return why when it stays."""
        place = self.engine.draft.rope.stretch(override.start, override.end)
        if place is None:
            return None  # it went with a test of the other value
        stretch = self.engine.draft.stretch_at(place[0])
        node = stretch.tree.at(place[0] - stretch.base, place[1] - stretch.base)
        if node is None:
            return Problem(override, "unknown-shape", "no call stands where the override was found")
        self.engine.note(place, None)
        step = self.engine.step(stretch)
        entry = _entry(node, override)
        value = override.value if entry is None else entry.value
        if entry is None and not override.is_only_key:
            return Problem(override, "dynamic-override", "the flag is one of several that are set together")
        if value is None and thin_out(self.engine, stretch, node, self.kept.value, self._sets_kept):
            return self.fold(replace(override, value=(self.kept.value,)))
        if value is None:
            return Problem(override, "dynamic-override", "the value that it sets is not written out")
        sets_kept = self._sets_kept(value[0])
        if sets_kept is None:
            return Problem(override, "dynamic-override", "it names a variant, and which one is kept is not known")
        if not sets_kept:
            problem = self._dead(override, stretch, node, step)
        elif entry is not None and entry.others:
            step.rewrite(entry.cuts(stretch.tree))
            problem = None
        else:
            problem = self._unwrap(override, stretch, node, step)
        self.engine.draft.cut(self.engine.carry_out(step))
        return problem

    def _sets_kept(self, value: object) -> bool | None:
        """Whether an override sets the kept value, or names its variant; None when that cannot be told."""
        kept = self.kept
        if isinstance(value, str) and not isinstance(kept.value, str):
            return value == kept.variant if kept.variant is not None else None
        return value == kept.value and isinstance(value, bool) == isinstance(kept.value, bool)

    # ------------------------------------------------------------------------------------------- of the kept value

    def _unwrap(self, override: Override, stretch: Stretch, node: Node, step: Step) -> Problem | None:
        tree = stretch.tree
        above = tree.parent(node)
        if isinstance(above, cst.Decorator):
            step.cuts += _without_decorator(step, above)
            return None
        if isinstance(above, cst.WithItem):
            statement = tree.parent(above)
            assert isinstance(statement, cst.With)
            if above.asname is not None:
                return Problem(override, "bound-override", "the test gives the override a name")
            if len(statement.items) == 1:
                step.claim(statement)
                step.cuts += step.layout.unwrap(statement, [statement.body])
            else:
                step.rewrite(_without_item(tree, statement, above))
            return None
        statement = _statement_of(tree, node)
        if statement is not None:
            step.remove(statement, frozenset())
            return None
        return Problem(override, "unknown-shape", "the override is used in a way that is not known")

    # ------------------------------------------------------------------------------------------ of the other value

    def _dead(self, override: Override, stretch: Stretch, node: Node, step: Step) -> Problem | None:
        tree = stretch.tree
        above = tree.parent(node)
        if isinstance(above, cst.Decorator):
            definition = tree.parent(above)
            assert definition is not None
            if not _is_test(definition):
                return Problem(override, "dead-override", "it decorates something that is no test with the other value")
            step.remove(definition, frozenset())
            return None
        test = next((item for item in tree.ancestors(node) if isinstance(item, cst.FunctionDef)), None)
        if test is not None and is_fixture(test):
            advice = "delete it with the tests that ask for it"
            return Problem(override, "dead-override", f"the fixture `{test.name.value}` sets the other value: {advice}")
        if test is None or not _is_test(test):
            return Problem(override, "dead-override", "it sets the other value outside of a test")
        if isinstance(above, cst.WithItem):
            statement = tree.parent(above)
            assert statement is not None
            if self._is_all(test, statement):
                step.remove(test, frozenset())
            else:
                step.remove(statement, frozenset())
            return None
        if _statement_of(tree, node) is not None:
            step.remove(test, frozenset())
            return None
        return Problem(override, "unknown-shape", "the override is used in a way that is not known")

    def _is_all(self, test: cst.FunctionDef, statement: Node) -> bool:
        """Whether a test checks nothing but what is in `statement`."""
        inside = set(walk(statement))
        for other in flat(test.body):
            if other is not statement and any(_checks(node) for node in walk(other) if node not in inside):
                return False
        return True


def _checks(node: Node) -> bool:
    if isinstance(node, cst.Assert):
        return True
    if not isinstance(node, cst.Call):
        return False
    name = node.func.attr.value if isinstance(node.func, cst.Attribute) else dotted(node.func)
    return name.lower().startswith(("assert", "raises", "fail", "expect", "warns", "check"))


def _is_test(node: Node) -> bool:
    """Whether pytest or unittest would run a definition: unittest takes any subclass, whatever it is called."""
    if not isinstance(node, (cst.FunctionDef, cst.ClassDef)):
        return False
    if node.name.value.lower().startswith("test"):
        return True
    bases = [dotted(base.value) for base in node.bases] if isinstance(node, cst.ClassDef) else None
    return bases is not None and any(name.endswith(("Test", "Tests", "TestCase")) for name in (node.name.value, *bases))


def _statement_of(tree: Tree, node: Node) -> Node | None:
    """Return the statement that does nothing but make the override, through an exit stack or not."""
    above = tree.parent(node)
    while isinstance(above, (cst.Arg, cst.Call, cst.Attribute)):
        above = tree.parent(above)
    return above if isinstance(above, cst.Expr) else None


def _without_decorator(step: Step, decorator: cst.Decorator) -> list[Cut]:
    lines = step.layout.lines
    start, end = step.layout.span(decorator)
    first, last = lines.number(start), lines.number(end - 1)
    top = step.layout.comments_above(first)
    if not step.layout.vocabulary.speaks_of_flag(step.layout.text[lines.start(top) : lines.start(first)]):
        top = first
    return [Cut(lines.start(top), lines.end(last))]


def _without_item(tree: Tree, statement: cst.With, item: cst.WithItem) -> list[Cut]:
    """Take one of several context managers out of a `with`."""
    items = list(statement.items)
    index = next(number for number, other in enumerate(items) if other is item)
    if index + 1 < len(items):
        return [Cut(tree.inner(item)[0], tree.inner(items[index + 1])[0])]
    return [Cut(_item_end(tree, items[index - 1]), _item_end(tree, item))]


def _item_end(tree: Tree, item: cst.WithItem) -> int:
    return tree.outer(item.asname.name if item.asname is not None else item.item)[1]


@dataclass(frozen=True, slots=True)
class _Entry:
    """Where a call that sets several flags sets this one: an entry of a dictionary or list, or a keyword."""

    node: Node
    siblings: tuple[Node, ...]
    value: tuple[object] | None

    @property
    def others(self) -> bool:
        return len(self.siblings) > 1

    def cuts(self, tree: Tree) -> list[Cut]:
        """Return the cuts that take the entry away from its siblings."""
        return without_element(tree, list(self.siblings), self.node)


def _entry(call: Node, override: Override) -> _Entry | None:
    for node in walk(call):
        match node:
            case cst.Dict():
                for element in node.elements:
                    if isinstance(element, cst.DictElement) and _spells(element.key, override):
                        return _Entry(element, tuple(node.elements), literal_value(element.value))
            case cst.List() | cst.Tuple() | cst.Set():
                for item in node.elements:
                    if _spells(item.value, override):
                        return _Entry(item, tuple(node.elements), (True,))
            case cst.Call():
                for arg in node.args:
                    if arg.keyword is not None and arg.keyword.value in override.spellings:
                        return _Entry(arg, tuple(node.args), literal_value(arg.value))
    return None


def _spells(node: cst.BaseExpression, override: Override) -> bool:
    value = literal_value(node)
    if value is not None:
        return bool(value[0] == override.key)
    return dotted(node).rpartition(".")[2] in override.spellings
