"""Literal scalars of the source as `ir`: strings, numbers, booleans and None."""

from __future__ import annotations

import ast

import libcst as cst

from flaglint.refs import ir

Scalar = bool | int | float | str | None


def literal_string(node: cst.CSTNode) -> str | None:
    """Return the value of a string literal, also of an implicitly concatenated one; None for anything else."""
    if isinstance(node, cst.SimpleString):
        value = evaluated(node)
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
            number = evaluated(node)
            return ir.Value(number) if isinstance(number, int | float) else None
        case cst.UnaryOperation(operator=cst.Minus(), expression=cst.Integer() | cst.Float() as operand):
            number = evaluated(operand)
            return ir.Value(-number) if isinstance(number, int | float) else None
        case _:
            return None


def evaluated(
    node: cst.SimpleString | cst.ConcatenatedString | cst.FormattedString | cst.Integer | cst.Float,
) -> str | bytes | int | float | None:
    """Return the value of a token; None for one that libcst takes and Python does not, such as an escape cut short."""
    try:
        return node.evaluated_value if not isinstance(node, cst.FormattedString) else None
    except (SyntaxError, ValueError):
        return None
