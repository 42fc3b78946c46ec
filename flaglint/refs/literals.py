"""Literal scalars of the source as `ir`: strings, numbers, booleans and None."""

from __future__ import annotations

import libcst as cst

from flaglint.refs import ir

Scalar = bool | int | float | str | None


def literal_string(node: cst.CSTNode) -> str | None:
    """Return the value of a string literal, also of an implicitly concatenated one; None for anything else."""
    if isinstance(node, cst.SimpleString):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    if isinstance(node, cst.ConcatenatedString):
        left, right = literal_string(node.left), literal_string(node.right)
        return left + right if left is not None and right is not None else None
    return None


def literal(node: cst.CSTNode) -> ir.Text | ir.Value | None:
    """Return a literal scalar as `ir`, or None."""
    text = literal_string(node)
    if text is not None:
        return ir.Text(text)
    match node:
        case cst.Name(value="True" | "False" | "None"):
            return ir.Value({"True": True, "False": False, "None": None}[node.value])
        case cst.Integer() | cst.Float():
            return ir.Value(node.evaluated_value)
        case cst.UnaryOperation(operator=cst.Minus(), expression=cst.Integer() | cst.Float() as number):
            return ir.Value(-number.evaluated_value)
        case _:
            return None
