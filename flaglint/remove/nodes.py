"""Nodes of a syntax tree in order: who stands below whom, which are of one kind, and which expression is where."""

from __future__ import annotations

from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from flaglint.remove import cst
from flaglint.remove.cst.base import nodes_of, outer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    Node: TypeAlias = cst.CSTNode


class Nodes:
    """A node with all below it. Places are those that the nodes have themselves."""

    def __init__(self, listed: list[Node], parents: dict[Node, Node], within: Iterable[Nodes] = ()) -> None:
        """`listed` has each node before those below it, those of `within` too; the first has no parent here."""
        self.listed = listed
        self.parents = parents
        self._within = tuple(within)

    @cached_property
    def own(self) -> list[Node]:
        """The nodes that are not among those of the parts that were there before."""
        elsewhere = {node for part in self._within for node in part.listed}
        return [node for node in self.listed if node not in elsewhere] if elsewhere else self.listed

    @cached_property
    def comments(self) -> list[cst.Comment]:
        """The comments behind the colons of suites, which are no nodes of the tree and have places all the same."""
        blocks = [
            node for node in self.listed if type(node) is cst.IndentedBlock and isinstance(node, cst.IndentedBlock)
        ]
        return [block.header.comment for block in blocks if block.header.comment is not None]

    @cached_property
    def by_kind(self) -> dict[type, list[Node]]:
        """The nodes by their class, in order."""
        found: dict[type, list[Node]] = {}
        for node in self.listed:
            found.setdefault(type(node), []).append(node)
        return found

    @cached_property
    def by_place(self) -> dict[tuple[int, int], cst.BaseExpression]:
        """The outermost of its `own` expressions at each place, with or without its parentheses."""
        found: dict[tuple[int, int], cst.BaseExpression] = {}
        for node in self.own:
            if isinstance(node, cst.BaseExpression):
                found.setdefault(node.place, node)
                if node.lpar:
                    found.setdefault(outer(node), node)
        return found

    def part(self, root: Node, last: Node | None, index: Mapping[Node, int]) -> Nodes:
        """Return `root` with all below it, which stand before `last` or up to the end; `index` says where each is."""
        listed = self.listed[index[root] : index[last] if last is not None else None]
        parents = self.parents
        return Nodes(listed, {node: parents[node] for node in listed[1:]})


def nodes_from(root: Node, known: Mapping[Node, Nodes]) -> Nodes:
    """Return the nodes from `root` down; those below the `known` ones are taken from there."""
    parents: dict[Node, Node] = {}
    found: list[Node] = []
    pending: list[Node] = [root]
    while pending:
        node = pending.pop()
        if known and node in known:
            found += known[node].listed
            parents.update(known[node].parents)
            continue
        found.append(node)
        below = children(node)
        if below:
            parents.update(dict.fromkeys(below, node))
            pending += reversed(below)
    return Nodes(found, parents, known.values())


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
