"""What of an expression runs before anything else in it, and decides nothing but itself, for the second opinion.

`f(1 if audit() and False else 2)` does what `audit()` and then `f(2)` do: a callee that is a name is looked up before
its arguments are evaluated, and nothing that they do changes which function was meant.
"""

from __future__ import annotations

import ast

from flaglint.remove.oracle.decisions import decided
from flaglint.remove.oracle.purity import dotted

_FIRST = {
    ast.Assign: "value",
    ast.Return: "value",
    ast.AnnAssign: "value",
    ast.AugAssign: "value",
    ast.Expr: "value",
    ast.Raise: "exc",
    ast.For: "iter",
    ast.AsyncFor: "iter",
    ast.If: "test",
    ast.Match: "subject",
}


def evaluated_first(node: ast.stmt) -> tuple[ast.AST, str] | None:
    """Return where the expression stands that a statement evaluates before all else, and once."""
    if isinstance(node, ast.With | ast.AsyncWith):
        return node.items[0], "context_expr"
    if isinstance(node, ast.AugAssign) and not isinstance(node.target, ast.Name):
        return None  # its target is evaluated first
    field = _FIRST.get(type(node))
    return (node, field) if field is not None and getattr(node, field) is not None else None


def hoisted(node: ast.expr, *, truth: bool = False) -> tuple[list[ast.expr], ast.expr] | None:
    """Return what an expression runs first thing, and the expression with what comes of it in its place.

    None when its first part decides something that is not known. With `truth`, only the truth of `node` matters.
    """
    if truth or (isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)):
        found = decided(node)
        if found is not None:
            return (found[1], ast.Constant(found[0])) if found[1] else None
    place = _first_of(node)
    if place is None:
        return None
    holder, field, index = place
    value = getattr(holder, field)
    wants_truth = isinstance(holder, ast.IfExp) or (isinstance(holder, ast.UnaryOp) and isinstance(holder.op, ast.Not))
    inner = hoisted(
        value if index is None else value[index], truth=wants_truth or (truth and isinstance(node, ast.BoolOp))
    )
    if inner is None:
        return None
    if index is None:
        setattr(holder, field, inner[1])
    else:
        value[index] = inner[1]
    return inner[0], node


def _first_of(node: ast.expr) -> tuple[ast.AST, str, int | None] | None:
    """Return where the part of an expression stands that is always evaluated, and before all others that may matter."""
    match node:
        case ast.UnaryOp():
            return node, "operand", None
        case ast.BoolOp():
            return node, "values", 0
        case ast.IfExp():
            return node, "test", None
        case ast.Compare() | ast.BinOp():
            return node, "left", None
        case ast.Attribute() | ast.Subscript() | ast.Starred() | ast.FormattedValue() | ast.Await() | ast.YieldFrom():
            return node, "value", None
        case ast.Yield(value=ast.expr()):
            return node, "value", None
        case ast.Tuple() | ast.List() | ast.Set():
            return _first_unknown(node, "elts", node.elts)
        case ast.JoinedStr():
            return _first_unknown(node, "values", node.values)
        case ast.Dict():
            return (node, "values", 0) if node.values and isinstance(node.keys[0], ast.Constant) else None
        case ast.Call():
            if not dotted(node.func):
                return node, "func", None
            if node.args:
                return _first_unknown(node, "args", node.args)
            return (node.keywords[0], "value", None) if node.keywords else None
    return None


def _first_unknown(node: ast.AST, field: str, items: list[ast.expr]) -> tuple[ast.AST, str, int] | None:
    index = next((index for index, item in enumerate(items) if not isinstance(item, ast.Constant)), None)
    return (node, field, index) if index is not None else None
