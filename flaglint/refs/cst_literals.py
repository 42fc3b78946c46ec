"""Literal scalars of the source as `ir`: strings, numbers, booleans and None."""

from __future__ import annotations

import ast

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


def formatted_text(node: cst.FormattedString, text: str) -> str:
    """Return what a stretch of text in an f-string means: doubled braces are one, escapes count unless it is raw."""
    text = text.replace("{{", "{").replace("}}", "}")
    if "\\" not in text or "r" in node.prefix:
        return text
    try:
        value = ast.literal_eval(f"{node.quote}{text}{node.quote}")
    except (SyntaxError, ValueError):
        return text
    return value if isinstance(value, str) else text


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
