"""Displays and sums in a normal form, for the second opinion: nothing is unpacked, and nothing empty is added."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flaglint.remove.oracle.purity import dotted

if TYPE_CHECKING:
    from collections.abc import Sequence


def listed(items: Sequence[ast.expr]) -> list[ast.expr]:
    """Return items with those of the lists and tuples that are unpacked among them."""
    found: list[ast.expr] = []
    for item in items:
        inner = item.value if isinstance(item, ast.Starred) else None
        found += listed(inner.elts) if isinstance(inner, ast.List | ast.Tuple) else [item]
    return found


def dictionary(node: ast.Dict) -> ast.Dict:
    """Return a dictionary with the entries of those that are unpacked in it."""
    keys: list[ast.expr | None] = []
    values: list[ast.expr] = []
    for key, value in zip(node.keys, node.values, strict=True):
        inner = dictionary(value) if key is None and isinstance(value, ast.Dict) else None
        keys += inner.keys if inner is not None else [key]
        values += inner.values if inner is not None else [value]
    return ast.Dict(keys, values)


def named(keywords: Sequence[ast.keyword]) -> list[ast.keyword]:
    """Return the named arguments of a call with those of the dictionaries that are unpacked among them."""
    found: list[ast.keyword] = []
    for item in keywords:
        names = [key.value for key in _keys(item) if isinstance(key, ast.Constant) and isinstance(key.value, str)]
        if item.arg is None and isinstance(item.value, ast.Dict) and len(names) == len(item.value.values):
            found += [ast.keyword(name, value) for name, value in zip(names, item.value.values, strict=True)]
        else:
            found.append(item)
    return found


def _keys(item: ast.keyword) -> Sequence[ast.expr | None]:
    return item.value.keys if isinstance(item.value, ast.Dict) else ()


def sum_of(node: ast.BinOp) -> ast.expr:
    """Return a sum without the empty list, tuple or text that is added to one that is made on the spot."""
    if isinstance(node.op, ast.Add):
        for added, other in ((node.right, node.left), (node.left, node.right)):
            if _is_empty(added) and _is_made_here(other, added):
                return other
    return node


def _is_empty(node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple):
        return not node.elts
    return isinstance(node, ast.Constant) and node.value == ""


def _is_made_here(node: ast.expr, empty: ast.expr) -> bool:
    is_sum = isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add)
    if isinstance(empty, ast.Constant) or is_sum:
        return True
    return isinstance(node, type(empty)) or (isinstance(empty, ast.List) and isinstance(node, ast.ListComp))


def adds_nothing(node: ast.stmt) -> bool:
    """Whether a statement adds nothing to what a name stands for: `total += 0`, `names.extend([])`."""
    if isinstance(node, ast.AugAssign):
        return bool(dotted(node.target)) and _is_neutral(node.op, node.value)
    call = node.value if isinstance(node, ast.Expr) else None
    return (
        isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and call.func.attr in {"extend", "update"}
        and bool(dotted(call.func.value))
        and len(call.args) == 1
        and not call.keywords
        and _is_empty_display(call.args[0])
    )


def _is_empty_display(node: ast.expr) -> bool:
    return (isinstance(node, ast.List | ast.Tuple) and not node.elts) or (isinstance(node, ast.Dict) and not node.keys)


def _is_neutral(how: ast.operator, operand: ast.expr) -> bool:
    value = operand.value if isinstance(operand, ast.Constant) and not isinstance(operand.value, bool) else None
    match how:
        case ast.Add():
            return value in (0, "", b"") or (isinstance(operand, ast.List | ast.Tuple) and not operand.elts)
        case ast.Sub():
            return value == 0
        case ast.BitOr():
            return value == 0 or (isinstance(operand, ast.Dict) and not operand.keys)
        case ast.Mult():
            return value == 1
    return False
