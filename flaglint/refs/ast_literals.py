"""Literal scalars of `ast` as `ir`: strings, numbers, booleans and None."""

from __future__ import annotations

import _ast as ast
from typing import TypeAlias

from flaglint.refs import ir

Scalar: TypeAlias = "bool | int | float | str | None"


def literal(node: ast.expr) -> ir.Text | ir.Value | None:
    """Return a literal scalar as `ir`, or None."""
    if isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            return ir.Text(node.value)
        if node.value is None or isinstance(node.value, bool | int | float):
            return ir.Value(node.value)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        number = node.operand.value
        if isinstance(number, int | float) and not isinstance(number, bool):
            return ir.Value(-number)
    return None
