"""Displays: tuples, lists, sets, dictionaries, and comprehensions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove.cst.base import (
    BaseAssignTargetExpression,
    BaseDelTargetExpression,
    BaseExpression,
    CSTNode,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.remove.cst.base import Asynchronous


class BaseElement(CSTNode):
    """An element of a tuple, a list or a set."""

    value: BaseExpression


class BaseDictElement(CSTNode):
    """An entry of a dictionary."""

    value: BaseExpression


class Element(BaseElement):
    """One element."""


class StarredElement(BaseElement, BaseExpression):
    """`*value`."""


class DictElement(BaseDictElement):
    """`key: value`."""

    key: BaseExpression
    value: BaseExpression


class StarredDictElement(BaseDictElement):
    """`**value`."""


class Tuple(BaseAssignTargetExpression, BaseDelTargetExpression):
    """A tuple; its parentheses are as those of any expression."""

    elements: Sequence[BaseElement]


class BaseList(BaseExpression):
    """Something in square brackets."""


class List(BaseList, BaseAssignTargetExpression, BaseDelTargetExpression):
    """A list."""

    elements: Sequence[BaseElement]


class BaseSet(BaseExpression):
    """Something in braces that is no dictionary."""


class Set(BaseSet):
    """A set."""

    elements: Sequence[BaseElement]


class BaseDict(BaseExpression):
    """Something in braces that has keys."""


class Dict(BaseDict):
    """A dictionary."""

    elements: Sequence[BaseDictElement]


class CompIf(CSTNode):
    """`if test` of a comprehension."""

    test: BaseExpression


class CompFor(CSTNode):
    """`for target in iter` of a comprehension, with its conditions, and the loop inside it."""

    target: BaseAssignTargetExpression
    iter: BaseExpression
    ifs: Sequence[CompIf]
    inner_for_in: CompFor | None
    asynchronous: Asynchronous | None


class BaseComp(BaseExpression):
    """A comprehension."""

    for_in: CompFor


class BaseSimpleComp(BaseComp):
    """A comprehension that gives one element at a time."""

    elt: BaseExpression
    for_in: CompFor


class GeneratorExp(BaseSimpleComp):
    """A generator expression."""


class ListComp(BaseList, BaseSimpleComp):
    """A comprehension that gives a list."""


class SetComp(BaseSet, BaseSimpleComp):
    """A comprehension that gives a set."""


class DictComp(BaseDict, BaseComp):
    """A comprehension that gives a dictionary."""

    key: BaseExpression
    value: BaseExpression
    for_in: CompFor


class StarredDictComp(BaseDict, BaseComp):
    """A comprehension that puts dictionaries together."""

    value: BaseExpression
    for_in: CompFor
