"""What every node of a syntax tree is: a place in the text, and fields that hold what stands below it.

The nodes have the names and fields of libcst's, without blanks, comments and punctuation. A node knows where it stands
and not what it looks like: edits are cuts of the text, and nothing is ever printed from a tree.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

NOWHERE = (-1, -1)  # the place of operators and of other words that nobody asks for
_OF_ALL = frozenset({"place", "below", "lpar", "rpar", "text"})
_WORDS = frozenset({"str", "str | None", "int | None", "Header"})  # annotations of fields that hold no node


class SyntaxProblem(ValueError):  # noqa: N818 - a problem of the source, not of the program
    """A stretch of source that does not parse, and the line of it where that shows, if it is one."""

    def __init__(self, what: str, *, line: int | None = None) -> None:
        super().__init__(what)
        self.line = line


class CSTNode:
    """A node at `place`, its own parentheses left out; offsets are in code points of the text that was parsed."""

    place: tuple[int, int]
    below: list[CSTNode] | None = None  # what `children` found

    def __init__(self, place: tuple[int, int], **fields: Any) -> None:
        fields["place"] = place
        self.__dict__ = fields  # which is this node's alone: to copy it would take twice as long

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={getattr(self, name)!r}" for name in ("place", *fields_of(type(self))))
        return f"{type(self).__name__}({shown})"


def fields_of(kind: type[CSTNode]) -> tuple[str, ...]:
    """Return the names of the fields of a kind of node, in the order in which their nodes are visited.

    A class that has fields names all that its nodes have.
    """
    for one in kind.__mro__:
        own = [name for name in vars(one).get("__annotations__", ()) if name not in _OF_ALL]
        if own:
            return tuple(own)
    return ()


def nodes_of(kind: type[CSTNode]) -> tuple[str, ...]:
    """Return the names of those fields that hold nodes: one, several in a tuple, or None."""
    for one in kind.__mro__:
        own = [name for name in vars(one).get("__annotations__", ()) if name not in _OF_ALL]
        if own:
            return tuple([name for name in own if vars(one)["__annotations__"][name] not in _WORDS])
    return ()


class Parenthesized(CSTNode):
    """A node that may stand in parentheses: where they open, outermost first, and close, innermost first."""

    lpar: tuple[int, ...] = ()
    rpar: tuple[int, ...] = ()


class BaseExpression(Parenthesized):
    """Something that has a value; its place is one in `text`."""

    text: str


class BaseAssignTargetExpression(BaseExpression):
    """What a value can be given to."""


class BaseDelTargetExpression(BaseExpression):
    """What can be deleted."""


class BaseSmallStatement(CSTNode):
    """A statement that shares its line with others."""


class BaseStatement(CSTNode):
    """A statement on lines of its own."""


class BaseCompoundStatement(BaseStatement):
    """A statement with suites."""


class BaseSuite(CSTNode):
    """The statements below a colon."""

    body: Sequence[CSTNode]


class Asynchronous(CSTNode):
    """The word `async`."""


class Comment(CSTNode):
    """A comment from its `#` on."""

    value: str


class Header:
    """What stands behind the colon of a suite on lines of its own."""

    __slots__ = ("comment",)

    def __init__(self, comment: Comment | None = None) -> None:
        self.comment = comment


def outer(node: CSTNode) -> tuple[int, int]:
    """Return where a node stands, with its own parentheses."""
    if isinstance(node, Parenthesized) and node.lpar:
        return node.lpar[0], node.rpar[-1] + 1
    return node.place


def code(node: BaseExpression) -> str:
    """Return the source of an expression, with its own parentheses."""
    start, end = outer(node)
    return node.text[start:end]


def move(node: CSTNode, by: int, text: str) -> None:
    """Move a node, and all below it, that was read from a part of `text`."""
    if node.place is not NOWHERE:
        node.place = node.place[0] + by, node.place[1] + by
    if isinstance(node, BaseExpression):
        node.text = text
    if isinstance(node, Parenthesized) and node.lpar:
        node.lpar = tuple([at + by for at in node.lpar])
        node.rpar = tuple([at + by for at in node.rpar])
    for name in fields_of(type(node)):
        value = getattr(node, name)
        for item in value if isinstance(value, tuple) else (value,):
            if isinstance(item, CSTNode):
                move(item, by, text)
