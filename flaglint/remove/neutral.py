"""What an operation comes to when the flag chose an operand that adds nothing: `names + []`, `total += 0`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.tree import dotted
from flaglint.remove.values import literal_value

if TYPE_CHECKING:
    from flaglint.remove.evaluate import Evaluator, Truth

_DISPLAYS = (cst.List, cst.Tuple, cst.Set, cst.Dict)
_NEUTRAL: dict[type, frozenset[object]] = {
    cst.AddAssign: frozenset({0}),
    cst.SubtractAssign: frozenset({0}),
    cst.MultiplyAssign: frozenset({1}),
    cst.BitOrAssign: frozenset({0}),
}


def chosen(node: cst.BaseExpression, evaluator: Evaluator) -> tuple[cst.BaseExpression, Truth] | None:
    """Return the arm of a conditional expression that the flag chose, and how that follows from it."""
    if not isinstance(node, cst.IfExp):
        return None
    test = evaluator.truth(node.test)
    return None if test is None or test.effects else (node.body if test.is_true else node.orelse, test)


def does_nothing(node: cst.BaseSmallStatement, evaluator: Evaluator) -> Truth | None:
    """Return why a statement does nothing: what the flag chose adds nothing to what a name stands for, else None."""
    if isinstance(node, cst.AugAssign):
        found = chosen(node.value, evaluator) if dotted(node.target) else None
        return found[1] if found is not None and _is_neutral(node.operator, found[0]) else None
    call = node.value if isinstance(node, cst.Expr) else None
    if (
        isinstance(call, cst.Call)
        and isinstance(call.func, cst.Attribute)
        and call.func.attr.value == "extend"  # an `update` may be one of a session or of a client
        and isinstance(call.func.value, cst.Name)
        and len(call.args) == 1
        and call.args[0].keyword is None
        and not call.args[0].star
    ):
        found = chosen(call.args[0].value, evaluator)
        return found[1] if found is not None and _is_empty_display(found[0]) else None
    return None


def _is_neutral(how: cst.BaseAugOp, operand: cst.BaseExpression) -> bool:
    if isinstance(operand, (cst.List, cst.Tuple)):
        return isinstance(how, cst.AddAssign) and not operand.elements
    if isinstance(operand, cst.Dict):
        return isinstance(how, cst.BitOrAssign) and not operand.elements
    plain = literal_value(operand)
    is_number = plain is not None and not isinstance(plain[0], bool)
    return plain is not None and is_number and plain[0] in _NEUTRAL.get(type(how), ())


def left_of_sum(node: cst.BinaryOperation, evaluator: Evaluator) -> cst.BaseExpression | None:
    """Return the operand of `a + b` that is all of it, because the flag chose an empty one to add, else None.

    A sum of lists or tuples is a new object, so the other operand must be one that is made on the spot; so must a text,
    as one of a class of its own (`mark_safe`) is a plain one once something was added.
    """
    if not isinstance(node.operator, cst.Add):
        return None
    for added, other in ((node.right, node.left), (node.left, node.right)):
        found = chosen(added, evaluator)
        if found is not None and (kind := _empty_kind(found[0])) and _is_made_here(other, kind):
            return other
    return None


def _is_empty_display(node: cst.BaseExpression) -> bool:
    return isinstance(node, _DISPLAYS) and not node.elements


def _empty_kind(node: cst.BaseExpression) -> type | None:
    """Return what an empty list, tuple or text is."""
    if isinstance(node, (cst.List, cst.Tuple)) and not node.elements:
        return type(node)
    return cst.SimpleString if isinstance(node, cst.SimpleString) and literal_value(node) == ("",) else None


def _is_made_here(node: cst.BaseExpression, kind: type) -> bool:
    if kind is cst.SimpleString:
        return isinstance(node, (cst.SimpleString, cst.FormattedString, cst.ConcatenatedString))
    is_sum = isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add)
    return is_sum or isinstance(node, kind) or (kind is cst.List and isinstance(node, cst.ListComp))
