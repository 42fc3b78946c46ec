"""Operators, and the punctuation that counts as a node."""

from __future__ import annotations

from flaglint.remove.cst.base import CSTNode


class BaseUnaryOp(CSTNode):
    """An operator before its operand."""


class BaseBooleanOp(CSTNode):
    """`and` or `or`."""


class BaseBinaryOp(CSTNode):
    """An operator of arithmetic."""


class BaseCompOp(CSTNode):
    """A comparison."""


class BaseAugOp(CSTNode):
    """An operator that changes its target."""


class BitInvert(BaseUnaryOp):
    """`~`."""


class Minus(BaseUnaryOp):
    """`-`."""


class Not(BaseUnaryOp):
    """`not`."""


class Plus(BaseUnaryOp):
    """`+`."""


class And(BaseBooleanOp):
    """`and`."""


class Or(BaseBooleanOp):
    """`or`."""


class Add(BaseBinaryOp):
    """`+`."""


class BitAnd(BaseBinaryOp):
    """`&`."""


class BitOr(BaseBinaryOp):
    """`|`."""


class BitXor(BaseBinaryOp):
    """`^`."""


class Divide(BaseBinaryOp):
    """`/`."""


class FloorDivide(BaseBinaryOp):
    """`//`."""


class LeftShift(BaseBinaryOp):
    """`<<`."""


class MatrixMultiply(BaseBinaryOp):
    """`@`."""


class Modulo(BaseBinaryOp):
    """`%`."""


class Multiply(BaseBinaryOp):
    """`*`."""


class Power(BaseBinaryOp):
    """`**`."""


class RightShift(BaseBinaryOp):
    """`>>`."""


class Subtract(BaseBinaryOp):
    """`-`."""


class Equal(BaseCompOp):
    """`==`."""


class GreaterThan(BaseCompOp):
    """`>`."""


class GreaterThanEqual(BaseCompOp):
    """`>=`."""


class In(BaseCompOp):
    """`in`."""


class Is(BaseCompOp):
    """`is`."""


class IsNot(BaseCompOp):
    """`is not`."""


class LessThan(BaseCompOp):
    """`<`."""


class LessThanEqual(BaseCompOp):
    """`<=`."""


class NotEqual(BaseCompOp):
    """`!=`."""


class NotIn(BaseCompOp):
    """`not in`."""


class AddAssign(BaseAugOp):
    """`+=`."""


class BitAndAssign(BaseAugOp):
    """`&=`."""


class BitOrAssign(BaseAugOp):
    """`|=`."""


class BitXorAssign(BaseAugOp):
    """`^=`."""


class DivideAssign(BaseAugOp):
    """`/=`."""


class FloorDivideAssign(BaseAugOp):
    """`//=`."""


class LeftShiftAssign(BaseAugOp):
    """`<<=`."""


class MatrixMultiplyAssign(BaseAugOp):
    """`@=`."""


class ModuloAssign(BaseAugOp):
    """`%=`."""


class MultiplyAssign(BaseAugOp):
    """`*=`."""


class PowerAssign(BaseAugOp):
    """`**=`."""


class RightShiftAssign(BaseAugOp):
    """`>>=`."""


class SubtractAssign(BaseAugOp):
    """`-=`."""


class Comma(CSTNode):
    """`,`."""


class Dot(CSTNode):
    """`.`."""


class ImportStar(CSTNode):
    """`*`."""
