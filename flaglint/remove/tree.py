"""The syntax tree of a stretch of source: who stands below whom, and which expression stands where.

Edits are cuts of the source text, so that nothing is ever printed from the tree.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, TypeVar

from flaglint.remove import cst
from flaglint.remove.cst import SyntaxProblem
from flaglint.remove.cst.base import nodes_of, outer
from flaglint.remove.cst.parsing import parse_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TypeAlias

    Node: TypeAlias = cst.CSTNode

N = TypeVar("N", bound=cst.CSTNode)

COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
FUNCTIONS = (cst.FunctionDef, cst.Lambda)
LOOPS = (cst.For, cst.While)
TRIES = (cst.Try, cst.TryStar)


class Tree:
    """A parsed text. `inner` places leave a node's own parentheses out, `outer` ones take them in."""

    def __init__(self, text: str) -> None:
        """Parse `text`; raises SyntaxProblem when it is no Python that libcst reads."""
        self.text = text
        self.module = parse_module(text)
        self._parents: dict[Node, Node] = {}
        self.nodes = self._adopt()  # all, each before those below it
        self._by_kind: dict[type, list[Node]] | None = None
        self._by_place: dict[tuple[int, int], list[Node]] | None = None

    def _adopt(self) -> tuple[Node, ...]:
        found: list[Node] = []
        pending: list[Node] = [self.module]
        while pending:
            node = pending.pop()
            found.append(node)
            below = children(node)
            if below:
                self._parents.update(dict.fromkeys(below, node))
                pending += reversed(below)
        return tuple(found)

    def of(self, *kinds: type[N]) -> list[N]:
        """Return the nodes of some kinds, each a class without subclasses, kind by kind."""
        if self._by_kind is None:
            self._by_kind = {}
            for node in self.nodes:
                self._by_kind.setdefault(type(node), []).append(node)
        return [node for kind in kinds for node in self._by_kind.get(kind, ())]  # type: ignore[misc] # by its kind

    @staticmethod
    def inner(node: Node) -> tuple[int, int]:
        """Return where `node` stands, without its own parentheses."""
        return node.place

    @staticmethod
    def outer(node: Node) -> tuple[int, int]:
        """Return where the expression `node` stands, with its own parentheses."""
        return outer(node)

    def source(self, node: Node) -> str:
        """Return the text of `node` without its own parentheses."""
        start, end = node.place
        return self.text[start:end]

    def parent(self, node: Node) -> Node | None:
        """Return the node that holds `node`; the module has none."""
        return self._parents.get(node)

    def ancestors(self, node: Node) -> Iterator[Node]:
        """Yield the nodes around `node`, innermost first."""
        above = self._parents.get(node)
        while above is not None:
            yield above
            above = self._parents.get(above)

    def enclosing(self, node: Node, kinds: type[N] | tuple[type[N], ...]) -> N | None:
        """Return the innermost node of one of `kinds` around `node`."""
        return next((above for above in self.ancestors(node) if isinstance(above, kinds)), None)

    def at(self, start: int, end: int) -> cst.BaseExpression | None:
        """Return the outermost expression that stands at `[start, end)`, with or without its parentheses."""
        if self._by_place is None:
            self._by_place = {}
            for node in self.nodes:
                if isinstance(node, cst.BaseExpression):
                    self._by_place.setdefault(node.place, []).append(node)
                    if node.lpar:
                        self._by_place.setdefault(outer(node), []).append(node)
        found = self._by_place.get((start, end))
        return found[0] if found else None  # type: ignore[return-value] # only expressions are put in


_FIELDS: dict[type, Callable[[Node], tuple[Any, ...]]] = {}


def _fields_of(kind: type) -> Callable[[Node], tuple[Any, ...]]:
    """Return what gets the values of the fields that can hold nodes."""
    names = nodes_of(kind)
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda node: (getattr(node, names[0]),)) if names else (lambda _: ())


def children(node: Node) -> list[Node]:
    """Return the nodes right below `node` in the order of their fields; they are looked up once."""
    known = node.below
    if known is not None:
        return known
    values = _FIELDS.get(type(node))
    if values is None:
        values = _FIELDS[type(node)] = _fields_of(type(node))
    found: list[Node] = []
    for value in values(node):
        if type(value) is tuple:
            found += value
        elif value is not None:
            found.append(value)
    node.below = found
    return found


def walk(node: Node) -> Iterator[Node]:
    """Yield `node` and all nodes below it, each before those below it."""
    pending = [node]
    while pending:
        current = pending.pop()
        yield current
        pending += reversed(children(current))


def flat(suite: Node) -> list[Node]:
    """Return the statements of a suite, those that share a line one by one."""
    found: list[Node] = []
    for statement in getattr(suite, "body", ()):
        found += statement.body if isinstance(statement, cst.SimpleStatementLine) else [statement]
    return found


def dotted(node: Node) -> str:
    """Return `a.b.c` for a name or an attribute chain of names, else an empty text."""
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr.value}" if base else ""
    return ""


def identifiers(tree: Tree) -> Iterator[str]:
    """Yield the names in a tree, and the attributes with a dot before them, each as often as it stands there."""
    for node in tree.of(cst.Name):
        above = tree.parent(node)
        is_attribute = isinstance(above, cst.Attribute) and above.attr is node
        yield f".{node.value}" if is_attribute else node.value


__all__ = ["COMPREHENSIONS", "FUNCTIONS", "LOOPS", "TRIES", "N", "SyntaxProblem", "Tree", "children", "dotted", "flat"]
