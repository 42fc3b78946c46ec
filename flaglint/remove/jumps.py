"""Jumps to where control goes anyway: a `continue` that ends the body of a loop, a bare `return` that ends a function.

A removal leaves them behind when it takes out the code that they jumped over.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.flow import breaks
from flaglint.remove.step import statements_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.remove.draft import Draft, Stretch
    from flaglint.remove.tree import Node, Tree

_PASSED = (cst.If, cst.Else, cst.Match, cst.MatchCase)  # where control leaves, it goes on behind the whole statement


def new_idle_jumps(draft: Draft, stretch: Stretch) -> Iterator[Node]:
    """Yield the jumps of a stretch that do nothing, and did something before."""
    for node in _idle_jumps(stretch.tree):
        if draft.was_among(stretch, node, _idle_jumps) is False:
            yield node


def _idle_jumps(tree: Tree) -> Iterator[Node]:
    for node in tree.of(cst.Continue):
        if isinstance(_behind(tree, node), (cst.For, cst.While)):
            yield node
    for found in tree.of(cst.Return):
        if found.value is None and isinstance(_behind(tree, found), cst.FunctionDef):
            yield found


def _behind(tree: Tree, node: Node) -> Node | None:
    """Return the loop or function whose body ends when control goes on behind `node`; None where more would run.

    None as well for a jump that is all of the body.
    """
    below: Node = node
    for above in tree.ancestors(node):
        if isinstance(above, (cst.IndentedBlock, cst.SimpleStatementSuite, cst.SimpleStatementLine)):
            if statements_of(above)[-1] is not below:
                return None
        elif isinstance(above, (cst.For, cst.While, cst.FunctionDef)):
            return above if above.body is below and not _is_only_line(above.body, node) else None
        elif not isinstance(above, _PASSED):
            return None
        below = above
    return None


def _is_only_line(body: Node, node: Node) -> bool:
    only = statements_of(body)[0] if len(statements_of(body)) == 1 else None
    return only is node or (isinstance(only, cst.SimpleStatementLine) and node in only.body)


def new_idle_elses(draft: Draft, stretch: Stretch) -> Iterator[cst.Else]:
    """Yield the `else` of each loop of a stretch that nothing breaks out of any more: it runs after the loop."""
    for loop in _loops(stretch.tree):
        if loop.orelse is not None and not breaks(loop.body) and draft.was_among(stretch, loop, _broken):
            yield loop.orelse


def _loops(tree: Tree) -> list[cst.For | cst.While]:
    return [*tree.of(cst.For), *tree.of(cst.While)]


def _broken(tree: Tree) -> Iterator[Node]:
    """Yield the loops that something breaks out of."""
    return (loop for loop in _loops(tree) if breaks(loop.body))
