"""Expressions that are there to raise, too: what a `try` around them catches by name decides where the program goes on.

`try: cart["total"]` with `except KeyError` asks whether there is one, whatever becomes of the value. Who catches
`Exception`, or everything, expects nothing of a lookup in particular.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.purity import ATTRIBUTE_ERRORS, CONVERSIONS, LOOKUP_ERRORS, VALUE_ERRORS
from flaglint.remove.tree import dotted

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.remove.tree import Node, Tree


def is_caught(tree: Tree, node: Node) -> bool:
    """Whether a `try` around an expression catches by name what evaluating it may raise."""
    raised = _raised_by(node)
    return bool(raised) and any(name in raised for name in _caught_around(tree, node))


def _raised_by(node: Node) -> frozenset[str]:
    match node:
        case cst.Subscript():
            return LOOKUP_ERRORS
        case cst.Attribute():
            return ATTRIBUTE_ERRORS
        case cst.BinaryOperation():
            return VALUE_ERRORS
        case cst.Call() if dotted(node.func) in CONVERSIONS:
            return VALUE_ERRORS
    return frozenset()


def _caught_around(tree: Tree, node: Node) -> Iterator[str]:
    """Yield the names of the exceptions that the `try` statements around a node catch, up to its function."""
    below = node
    for above in tree.ancestors(node):
        if isinstance(above, (cst.FunctionDef, cst.Lambda)):
            return
        if isinstance(above, (cst.Try, cst.TryStar)) and above.body is below:
            for handler in above.handlers:
                caught = handler.type
                items = [item.value for item in caught.elements] if isinstance(caught, cst.Tuple) else [caught]
                yield from (dotted(item).rpartition(".")[2] for item in items if item is not None)
        below = above
