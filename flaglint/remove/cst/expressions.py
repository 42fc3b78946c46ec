"""Expressions: names, literals, operations, calls, functions without a name."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from flaglint.remove.cst.base import (
    BaseAssignTargetExpression,
    BaseDelTargetExpression,
    BaseExpression,
    CSTNode,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.remove.cst.operators import BaseBinaryOp, BaseBooleanOp, BaseCompOp, BaseUnaryOp


class Name(BaseAssignTargetExpression, BaseDelTargetExpression):
    """A name, as it is spelled; `True`, `False` and `None` are some."""

    value: str


class Ellipsis(BaseExpression):  # noqa: A001 - the name that libcst gives it
    """`...`."""


class BaseNumber(BaseExpression):
    """A number, as it is spelled."""

    value: str


class Integer(BaseNumber):
    """A whole number."""


class Float(BaseNumber):
    """A number with a point or an exponent."""


class Imaginary(BaseNumber):
    """An imaginary number."""


class BaseString(BaseExpression):
    """A string literal, or several side by side."""


class SimpleString(BaseString):
    """A string literal without fields, as it is spelled, prefix and quotes included."""

    value: str

    @property
    def quote(self) -> str:
        """The quotes around it, one or three."""
        bare = self.value.lstrip("rRbBuU")
        return bare[:3] if bare[:3] in {'"""', "'''"} and len(bare) > 5 else bare[:1]

    @property
    def raw_value(self) -> str:
        """What stands between the quotes."""
        width = len(self.quote)
        return self.value.lstrip("rRbBuU")[width:-width]


class BaseFormattedStringContent(CSTNode):
    """A part of an f-string."""


class FormattedStringText(BaseFormattedStringContent):
    """Text between fields, as it is spelled."""

    value: str


class FormattedStringExpression(BaseFormattedStringContent):
    """A field; `equal` when it writes its own source, too."""

    expression: BaseExpression
    conversion: str | None
    format_spec: Sequence[BaseFormattedStringContent] | None
    equal: int | None


class FormattedString(BaseString):
    """An f-string; `start` is its prefix and the quotes before it."""

    parts: Sequence[BaseFormattedStringContent]
    start: str


class TemplatedStringText(CSTNode):
    """Text between fields of a t-string, as it is spelled."""

    value: str


class TemplatedStringExpression(CSTNode):
    """A field of a t-string."""

    expression: BaseExpression
    conversion: str | None
    format_spec: Sequence[CSTNode] | None


class TemplatedString(BaseString):
    """A t-string."""

    parts: Sequence[CSTNode]


class ConcatenatedString(BaseString):
    """String literals side by side: the first, and what follows it."""

    left: SimpleString | FormattedString
    right: SimpleString | FormattedString | ConcatenatedString


def evaluated(node: SimpleString | ConcatenatedString | FormattedString | Integer | Float) -> Any:
    """Return the value of a token; None for one that libcst takes and Python does not, such as an escape cut short."""
    if isinstance(node, ConcatenatedString):
        left, right = evaluated(node.left), evaluated(node.right)
        return left + right if type(left) is type(right) and left is not None else None
    try:
        return ast.literal_eval(node.value) if not isinstance(node, FormattedString) else None
    except (SyntaxError, ValueError):
        return None


class ComparisonTarget(CSTNode):
    """A comparison with its right side."""

    operator: BaseCompOp
    comparator: BaseExpression


class Comparison(BaseExpression):
    """One comparison, or several in a chain."""

    left: BaseExpression
    comparisons: Sequence[ComparisonTarget]


class UnaryOperation(BaseExpression):
    """`not x`, `-x`."""

    operator: BaseUnaryOp
    expression: BaseExpression


class BinaryOperation(BaseExpression):
    """Arithmetic on two operands."""

    left: BaseExpression
    operator: BaseBinaryOp
    right: BaseExpression


class BooleanOperation(BaseExpression):
    """`x and y`, `x or y`; of a chain, all but the last operand stand on the left."""

    left: BaseExpression
    operator: BaseBooleanOp
    right: BaseExpression


class Attribute(BaseAssignTargetExpression, BaseDelTargetExpression):
    """`value.attr`."""

    value: BaseExpression
    attr: Name


class BaseSlice(CSTNode):
    """What stands in the brackets of a subscript."""


class Index(BaseSlice):
    """An index; `star` is `*` or nothing."""

    value: BaseExpression
    star: str | None


class Slice(BaseSlice):
    """`lower:upper:step`."""

    lower: BaseExpression | None
    upper: BaseExpression | None
    step: BaseExpression | None


class SubscriptElement(CSTNode):
    """An index or a slice among others."""

    slice: BaseSlice


class Subscript(BaseAssignTargetExpression, BaseDelTargetExpression):
    """`value[slice]`."""

    value: BaseExpression
    slice: Sequence[SubscriptElement]


class Annotation(CSTNode):
    """What a parameter, a result or a variable is said to be."""

    annotation: BaseExpression


class ParamStar(CSTNode):
    """The star behind which parameters are given by name."""


class ParamSlash(CSTNode):
    """The slash before which parameters are given by place."""


class Param(CSTNode):
    """A parameter; `star` is empty, `*` or `**`."""

    name: Name
    annotation: Annotation | None
    default: BaseExpression | None
    star: str


class Parameters(CSTNode):
    """The parameters of a function."""

    params: Sequence[Param]
    star_arg: Param | ParamStar | None
    kwonly_params: Sequence[Param]
    star_kwarg: Param | None
    posonly_params: Sequence[Param]
    posonly_ind: ParamSlash | None


class Lambda(BaseExpression):
    """A function without a name."""

    params: Parameters
    body: BaseExpression


class Arg(CSTNode):
    """An argument; `star` is empty, `*` or `**`."""

    value: BaseExpression
    keyword: Name | None
    star: str


class Call(BaseExpression):
    """A call."""

    func: BaseExpression
    args: Sequence[Arg]


class Await(BaseExpression):
    """`await expression`."""

    expression: BaseExpression


class IfExp(BaseExpression):
    """`body if test else orelse`."""

    test: BaseExpression
    body: BaseExpression
    orelse: BaseExpression


class From(CSTNode):
    """`from item`, behind `yield` and `raise`."""

    item: BaseExpression


class Yield(BaseExpression):
    """`yield value`."""

    value: BaseExpression | From | None


class NamedExpr(BaseExpression):
    """`target := value`."""

    target: BaseExpression
    value: BaseExpression
