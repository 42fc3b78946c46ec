"""`match` and its patterns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove.cst.base import BaseCompoundStatement, CSTNode, Parenthesized

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.remove.cst.base import BaseExpression, BaseSuite
    from flaglint.remove.cst.expressions import Name
    from flaglint.remove.cst.operators import BitOr, Comma


class MatchPattern(Parenthesized):
    """What a value is held against."""


class MatchCase(CSTNode):
    """`case pattern if guard`."""

    pattern: MatchPattern
    body: BaseSuite
    guard: BaseExpression | None


class Match(BaseCompoundStatement):
    """`match subject`."""

    subject: BaseExpression
    cases: Sequence[MatchCase]


class MatchValue(MatchPattern):
    """A value that is compared; the parentheses are those of the value."""

    value: BaseExpression


class MatchSingleton(MatchPattern):
    """`True`, `False` or `None`; the parentheses are those of the name."""

    value: Name


class MatchSequenceElement(CSTNode):
    """A pattern in a sequence."""

    value: MatchPattern


class MatchStar(CSTNode):
    """`*name`."""

    name: Name | None


class MatchSequence(MatchPattern):
    """Patterns side by side."""

    patterns: Sequence[MatchSequenceElement | MatchStar]


class MatchList(MatchSequence):
    """Patterns in brackets, or in none."""


class MatchTuple(MatchSequence):
    """Patterns in parentheses."""


class MatchMappingElement(CSTNode):
    """`key: pattern`."""

    key: BaseExpression
    pattern: MatchPattern


class MatchMapping(MatchPattern):
    """Patterns by key."""

    elements: Sequence[MatchMappingElement]
    rest: Name | None
    trailing_comma: Comma | None


class MatchKeywordElement(CSTNode):
    """`key=pattern`."""

    key: Name
    pattern: MatchPattern


class MatchClass(MatchPattern):
    """A class with patterns for its attributes."""

    cls: BaseExpression
    patterns: Sequence[MatchSequenceElement]
    kwds: Sequence[MatchKeywordElement]


class MatchAs(MatchPattern):
    """`pattern as name`, a name alone, or `_`."""

    pattern: MatchPattern | None
    name: Name | None


class MatchOrElement(CSTNode):
    """A pattern among alternatives."""

    pattern: MatchPattern
    separator: BitOr | None


class MatchOr(MatchPattern):
    """Alternatives."""

    patterns: Sequence[MatchOrElement]
