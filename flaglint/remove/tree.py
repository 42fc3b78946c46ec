"""The syntax tree of a stretch of source: who stands below whom, and which expression stands where.

Edits are cuts of the source text, so that nothing is ever printed from the tree.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from flaglint.remove import cst
from flaglint.remove.cst import SyntaxProblem
from flaglint.remove.cst.base import outer
from flaglint.remove.cst.parsing import parse_module
from flaglint.remove.methods import methods_of, read_around
from flaglint.remove.nodes import children, nodes_from

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TypeAlias

    from flaglint.remove.methods import Method

    Node: TypeAlias = cst.CSTNode

N = TypeVar("N", bound=cst.CSTNode)

COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)
FUNCTIONS = (cst.FunctionDef, cst.Lambda)
LOOPS = (cst.For, cst.While)
TRIES = (cst.Try, cst.TryStar)


class Tree:
    """A parsed text. `inner` places leave a node's own parentheses out, `outer` ones take them in."""

    def __init__(self, text: str, before: Tree | None = None) -> None:
        """Parse `text`; raises SyntaxProblem when it is no Python that libcst reads.

        What it has in common with the text of a tree from `before` is taken from there, where it is the same class.
        """
        self.text = text
        found = read_around(text, before.methods) if before is not None else None
        self.module, self._placed = found if found is not None else (parse_module(text), [])
        self._nodes = nodes_from(self.module, {item.method.root: item.method.nodes for item in self._placed})
        self._parents = self._nodes.parents
        self._bases: dict[Node, int] = {}  # of nodes that were read in another text
        for item in self._placed:
            self._bases.update(dict.fromkeys(item.method.nodes.listed, item.base))
            self._bases.update(dict.fromkeys(item.method.nodes.comments, item.base))

    @cached_property
    def methods(self) -> dict[str, Method]:
        """The methods by their texts, where the tree is that of a class."""
        return methods_of(self.text, self.module, self._nodes, self._placed)

    @property
    def nodes(self) -> list[Node]:
        """All nodes, each before those below it."""
        return self._nodes.listed

    def of(self, *kinds: type[N]) -> list[N]:
        """Return the nodes of some kinds, each a class without subclasses, kind by kind."""
        return [node for kind in kinds for node in self._nodes.by_kind.get(kind, ())]  # type: ignore[misc] # by its kind

    def inner(self, node: Node) -> tuple[int, int]:
        """Return where `node` stands, without its own parentheses."""
        base = self._bases.get(node)
        return node.place if base is None else (node.place[0] + base, node.place[1] + base)

    def outer(self, node: Node) -> tuple[int, int]:
        """Return where the expression `node` stands, with its own parentheses."""
        start, end = outer(node)
        base = self._bases.get(node, 0)
        return start + base, end + base

    def source(self, node: Node) -> str:
        """Return the text of `node` without its own parentheses."""
        start, end = self.inner(node)
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
        for item in self._placed:
            if item.start <= start < item.end:
                return item.method.nodes.by_place.get((start - item.base, end - item.base))
        return self._nodes.by_place.get((start, end))


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


def is_text(node: Node) -> bool:
    """Whether a statement is a string, such as a docstring."""
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.BaseString)


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
