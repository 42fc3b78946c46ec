"""How tightly expressions bind, so that one put in another's place gets parentheses only when it needs them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst

if TYPE_CHECKING:
    from flaglint.remove.tree import Tree

LOOSEST, WALRUS, LAMBDA, CHOICE, OR, AND, NOT, COMPARE, BITWISE = range(9)
SHIFT, SUM, PRODUCT, UNARY, POWER, AWAIT, PRIMARY = range(9, 16)

_BINARY: dict[type[cst.CSTNode], int] = {
    cst.BitOr: BITWISE,
    cst.BitXor: BITWISE,
    cst.BitAnd: BITWISE,
    cst.LeftShift: SHIFT,
    cst.RightShift: SHIFT,
    cst.Add: SUM,
    cst.Subtract: SUM,
    cst.Power: POWER,
}
_LOOSE: dict[type[cst.CSTNode], int] = {
    cst.Yield: LOOSEST,
    cst.NamedExpr: WALRUS,
    cst.Lambda: LAMBDA,
    cst.IfExp: CHOICE,
    cst.Comparison: COMPARE,
    cst.Await: AWAIT,
    cst.StarredElement: LOOSEST,
}


def binding(node: cst.CSTNode) -> int:
    """Return how tightly `node` binds without its own parentheses."""
    kind = type(node)
    if kind in _LOOSE:
        return _LOOSE[kind]
    if isinstance(node, cst.BooleanOperation):
        return OR if isinstance(node.operator, cst.Or) else AND
    if isinstance(node, cst.UnaryOperation):
        return NOT if isinstance(node.operator, cst.Not) else UNARY
    if isinstance(node, cst.BinaryOperation):
        return _BINARY.get(type(node.operator), PRODUCT)
    if isinstance(node, cst.Tuple):
        return LOOSEST
    return PRIMARY


def wanted(tree: Tree, node: cst.CSTNode) -> int:
    """Return how tightly an expression in the place of `node` must bind to need no parentheses."""
    parent = tree.parent(node)
    match parent:
        case cst.BooleanOperation():
            return binding(parent) + (parent.right is node)
        case cst.UnaryOperation():
            return binding(parent)
        case cst.Comparison() | cst.ComparisonTarget() | cst.StarredElement() | cst.StarredDictElement():
            return BITWISE
        case cst.BinaryOperation():
            power = isinstance(parent.operator, cst.Power)
            return binding(parent) + ((parent.left is node) if power else (parent.right is node))
        case cst.IfExp():
            return CHOICE if parent.orelse is node else OR
        case cst.Attribute() | cst.Call() | cst.Subscript():
            return PRIMARY
        case cst.Await():
            return PRIMARY
        case cst.CompIf():
            return OR
        case cst.CompFor():
            return OR
        case cst.If() | cst.While() | cst.FormattedStringExpression() | cst.MatchCase() | cst.Match():
            return WALRUS
        case cst.Return() | cst.Assign() | cst.AugAssign() | cst.AnnAssign() | cst.Expr() | cst.For():
            return LAMBDA if isinstance(node, cst.NamedExpr) else LOOSEST
        case cst.Arg():
            return LAMBDA
    return LAMBDA


def takes_bare(tree: Tree, place: cst.CSTNode, replacement: cst.BaseExpression) -> bool:
    """Whether `replacement` may stand where `place` stands without parentheses."""
    if isinstance(replacement, cst.NamedExpr):
        return isinstance(tree.parent(place), (cst.If, cst.While))
    if isinstance(replacement, cst.GeneratorExp):
        return False
    if isinstance(replacement, cst.Tuple):  # an empty one is nothing but its parentheses
        return len(replacement.elements) > 1 and isinstance(tree.parent(place), (cst.Return, cst.Yield))
    if isinstance(replacement, (cst.BaseNumber, cst.BaseString)) and isinstance(tree.parent(place), cst.Attribute):
        return not isinstance(replacement, cst.BaseNumber)
    return binding(replacement) >= wanted(tree, place)
