"""Statements that cannot raise, so that a `try` around them has nothing to catch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.tree import flat

if TYPE_CHECKING:
    from flaglint.remove.evaluate import Evaluator
    from flaglint.remove.tree import Node


def cannot_raise(suite: cst.BaseSuite, evaluator: Evaluator) -> bool:
    """Whether no statement of a suite can raise: each binds, returns or passes constants."""
    return all(_is_harmless(statement, evaluator) for statement in flat(suite))


def _is_harmless(node: Node, evaluator: Evaluator) -> bool:
    if isinstance(node, cst.Assign):
        binds_names = all(isinstance(target.target, cst.Name) for target in node.targets)
        return binds_names and _is_constant(node.value, evaluator)
    if isinstance(node, cst.AnnAssign):
        return isinstance(node.target, cst.Name) and node.value is not None and _is_constant(node.value, evaluator)
    if isinstance(node, cst.Return):
        return node.value is None or _is_constant(node.value, evaluator)
    return isinstance(node, (cst.Pass, cst.Break, cst.Continue))


def _is_constant(node: cst.BaseExpression, evaluator: Evaluator) -> bool:
    return evaluator.operand(node) is not None
