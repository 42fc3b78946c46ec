"""What known values come to when they are compared, looked up, or taken apart."""

from __future__ import annotations

import operator
from typing import TYPE_CHECKING, Any

from flaglint.remove import cst
from flaglint.remove.purity import is_droppable
from flaglint.remove.values import Known, literal_value

if TYPE_CHECKING:
    from collections.abc import Callable

_SINGLETONS = (True, False, None)


def compare_values(how: cst.BaseCompOp, left: Any, right: Any) -> bool | None:
    """Return what a comparison of two known values gives, or None when that is not for a folder to say."""
    match how:
        case cst.Equal():
            return bool(left == right)
        case cst.NotEqual():
            return bool(left != right)
        case cst.Is() | cst.IsNot() if any(left is item for item in _SINGLETONS) or any(
            right is item for item in _SINGLETONS
        ):
            return (left is right) == isinstance(how, cst.Is)
    ordered: dict[type[cst.BaseCompOp], Callable[[Any, Any], bool]] = {
        cst.LessThan: operator.lt,
        cst.LessThanEqual: operator.le,
        cst.GreaterThan: operator.gt,
        cst.GreaterThanEqual: operator.ge,
    }
    if type(how) in ordered and isinstance(left, int | float) and isinstance(right, int | float):
        return ordered[type(how)](left, right)
    return None


def display_values(
    node: cst.BaseExpression | None, named: Callable[[cst.BaseExpression], tuple[Any] | None] = lambda _: None
) -> list[Any] | None:
    """Return the literal values in a display (of a dictionary its keys), or None when it holds anything else.

    `named` gives the literal that an expression is a name of.
    """
    if isinstance(node, cst.Dict):
        keys = [literal_value(item.key) if isinstance(item, cst.DictElement) else None for item in node.elements]
        droppable = all(isinstance(item, cst.DictElement) and is_droppable(item.value) for item in node.elements)
        return [key[0] for key in keys if key is not None] if droppable and all(keys) else None
    if not isinstance(node, (cst.Tuple, cst.List, cst.Set)):
        return None
    values = [
        literal_value(item.value) or named(item.value) if isinstance(item, cst.Element) else None
        for item in node.elements
    ]
    return [value[0] for value in values if value is not None] if all(value is not None for value in values) else None


def single_index(node: cst.Subscript) -> cst.BaseExpression | None:
    """Return the index of a subscript that has one, or None for a slice."""
    if len(node.slice) == 1 and isinstance(node.slice[0].slice, cst.Index) and not node.slice[0].slice.star:
        return node.slice[0].slice.value
    return None


def part_of_variant(found: Known, part: Any) -> Known | None:
    """Return a part of a variant object: its name, whether the flag is enabled, its payload."""
    if part == "name" and found.variant is not None:
        return found.becoming(found.variant)
    if part in {"enabled", "feature_enabled"} and isinstance(found.value, bool):
        return found.becoming(found.value)
    return None
