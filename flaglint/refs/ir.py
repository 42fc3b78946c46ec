"""What the facts of one file are made of: expressions, scopes and sites as plain data, without syntax nodes.

`extract` makes them, one *unit* (a top-level statement, or a member of a top-level class) at a time;
`resolve` and `recognise` evaluate them. Offsets count code points from the start of the unit. Nobody changes a fact
once it is made; that the classes are not frozen makes them three times as fast, and a large program has a million.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(slots=True, eq=False, repr=False)
class Text:
    """A string literal, implicit concatenation already joined."""

    value: str


@dataclass(slots=True, eq=False, repr=False)
class Value:
    """Another literal: a boolean, a number, None."""

    value: bool | int | float | None


@dataclass(slots=True, eq=False, repr=False)
class Name:
    """A name that is read. `order` and `block` say where: what is bound before it, on every way to it."""

    id: str
    order: int = 1 << 60
    block: tuple[int, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class Attribute:
    """`base.name`, read."""

    base: Expr
    name: str


@dataclass(slots=True, eq=False, repr=False)
class Arg:
    """One argument of a call. `star` is empty, `*` or `**`."""

    value: Expr
    keyword: str = ""
    star: str = ""


@dataclass(slots=True, eq=False, repr=False)
class Call:
    """`func(args)`."""

    func: Expr
    args: tuple[Arg, ...]


@dataclass(slots=True, eq=False, repr=False)
class Subscript:
    """`base[index]`, read."""

    base: Expr
    index: Expr


@dataclass(slots=True, eq=False, repr=False)
class Percent:
    """`template % values`."""

    template: Expr
    values: Expr


@dataclass(slots=True, eq=False, repr=False)
class Join:
    """A string put together from parts; `step` says how: `f-string` or `concatenation`."""

    parts: tuple[Expr, ...]
    step: str = "concatenation"


@dataclass(slots=True, eq=False, repr=False)
class Sequence:
    """A list, tuple or set display; a spread element is a `Spread`."""

    items: tuple[Expr, ...]
    offsets: tuple[tuple[int, int], ...] = ()  # where each element stands


@dataclass(slots=True, eq=False, repr=False)
class Spread:
    """`*value` in a display."""

    value: Expr


@dataclass(slots=True, eq=False, repr=False)
class Mapping:
    """A dictionary display; the key is None for `**value`."""

    pairs: tuple[tuple[Expr | None, Expr], ...]
    offsets: tuple[tuple[int, int], ...] = ()  # where each pair's key (or `**value`) stands


@dataclass(slots=True, eq=False, repr=False)
class Choice:
    """One of several expressions: a conditional expression, `or`, `and`, a name bound in two places."""

    options: tuple[Expr, ...]
    is_boolean: bool = False  # `and`/`or`: the value depends on all operands


@dataclass(slots=True, eq=False, repr=False)
class Negation:
    """`not operand`."""

    operand: Expr


@dataclass(slots=True, eq=False, repr=False)
class Awaited:
    """`await operand`."""

    operand: Expr


@dataclass(slots=True, eq=False, repr=False)
class Lambda:
    """A lambda; `scope` is its index among the scopes of the unit."""

    scope: int


@dataclass(slots=True, eq=False, repr=False)
class Comprehension:
    """A comprehension: its element, evaluated in its own scope; `key` in a dict comprehension."""

    element: Expr
    scope: int
    key: Expr | None = None


@dataclass(slots=True, eq=False, repr=False)
class Opaque:
    """Anything else. Nothing is known of its value."""


Expr: TypeAlias = (
    Text
    | Value
    | Name
    | Attribute
    | Call
    | Subscript
    | Join
    | Percent
    | Sequence
    | Spread
    | Mapping
    | Choice
    | Negation
    | Awaited
    | Lambda
    | Comprehension
    | Opaque
)

OPAQUE = Opaque()


def parts_of(value: Expr) -> tuple[Expr, ...]:
    """Return the parts of a concatenation, or anything else as the one part that it is."""
    return value.parts if isinstance(value, Join) and value.step == "concatenation" else (value,)


def made_of(expr: Expr) -> tuple[Expr, ...]:
    """Return what an expression is made of, or one of: not the pieces of a text, nor what an attribute is of."""
    match expr:
        case Call():
            return expr.func, *(argument.value for argument in expr.args)
        case Subscript():
            return expr.base, expr.index
        case Choice():
            return expr.options
        case Sequence():
            return expr.items
        case Spread():
            return (expr.value,)
        case Mapping():
            return tuple(value for _, value in expr.pairs)
        case _:
            return ()


def joined_text(parts: Iterable[Expr]) -> Expr:
    """Return an f-string of these parts; texts beside each other are one."""
    joined: list[Expr] = []
    for part in parts:
        if isinstance(part, Text) and joined and isinstance(joined[-1], Text):
            joined[-1] = Text(joined[-1].value + part.value)
        elif not isinstance(part, Text) or part.value:
            joined.append(part)
    return Join(tuple(joined), "f-string") if joined else OPAQUE


def named_in(text: Text) -> Expr:
    """Return the name or dotted name that an annotation in quotes is."""
    first, *rest = text.value.strip().split(".")
    value: Expr = Name(first)
    for name in rest:
        value = Attribute(value, name)
    return value


@dataclass(slots=True, eq=False, repr=False)
class Moment:
    """When a name is bound: a count of the unit's names and bindings, and the blocks that it stands in.

    Blocks are numbered; a loop's number is negative. A binding surely comes before a use when its order is smaller
    and its blocks are the first of those of the use.
    """

    order: int = 0
    block: tuple[int, ...] = ()


FIRST = Moment()


@dataclass(slots=True, eq=False, repr=False)
class Assigned:
    """`name = value`; `path` goes into a sequence for `a, b = value`."""

    value: Expr
    scope: int
    path: tuple[int, ...] = ()
    annotation: Expr | None = None
    start: int = 0  # the statement
    end: int = 0
    when: Moment = FIRST


@dataclass(slots=True, eq=False, repr=False)
class Iterated:
    """`for name in iterable`; `path` goes into each element."""

    iterable: Expr
    scope: int
    path: tuple[int, ...] = ()
    when: Moment = FIRST


@dataclass(slots=True, eq=False, repr=False)
class Imported:
    """`import module` (`name` empty, and `whole` when bound to its first part) or `from module import name`."""

    module: str
    name: str = ""
    level: int = 0
    whole: bool = False
    when: Moment = FIRST


@dataclass(slots=True, eq=False, repr=False)
class Defined:
    """A `def` or `class`; `scope` is its index among the scopes of the unit."""

    scope: int
    when: Moment = FIRST


@dataclass(slots=True, eq=False, repr=False)
class Rebound:
    """Bound in a way that hides its value: `except ... as`, `del`, a match capture."""

    when: Moment = FIRST


Binding: TypeAlias = Assigned | Iterated | Imported | Defined | Rebound


@dataclass(slots=True, eq=False, repr=False)
class Parameter:
    """One parameter of a function or lambda. `star` is empty, `*` or `**`."""

    name: str
    default: Expr | None = None
    annotation: Expr | None = None
    star: str = ""
    keyword_only: bool = False


@dataclass(slots=True, eq=False, repr=False)
class Scope:
    """A function, class, lambda or comprehension, or the unit itself (index 0)."""

    kind: str  # unit | function | class | lambda | comprehension
    name: str = ""
    parent: int = -1
    parameters: tuple[Parameter, ...] = ()
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    returns: list[Expr] = field(default_factory=list)
    decorators: list[Expr] = field(default_factory=list)
    bases: list[Expr] = field(default_factory=list)
    keywords: dict[str, Expr] = field(default_factory=dict)
    stars: list[Imported] = field(default_factory=list)
    instance: dict[str, list[Assigned]] = field(default_factory=dict)  # `self.x = value` by attribute
    foreign: set[str] = field(default_factory=set)  # names declared global or nonlocal
    leaving: set[int] = field(default_factory=set)  # blocks that end in return, raise, break or continue
    statements: int = 0  # small statements that are no docstring
    branches: bool = False  # holds a compound statement
    yields: bool = False
    name_start: int = 0
    compares: dict[str, list[bool | int | float | str | None]] = field(default_factory=dict)


@dataclass(slots=True, eq=False, repr=False)
class Site:
    """An expression that may turn out to be a read, an override or a declaration, and what stands around it.

    `head` is the last name of its callee (or of the attribute; empty for a subscript). `guards` are the indices of
    sites in the tests of the conditions that it stands under.
    """

    expr: Call | Subscript | Attribute
    head: str
    start: int
    end: int
    scope: int
    role: str
    traits: tuple[str, ...] = ()
    target: str = ""  # the local that it is assigned to
    compared: tuple[bool | int | float | str | None, ...] = ()
    guards: tuple[int, ...] = ()


@dataclass(slots=True, eq=False, repr=False)
class Store:
    """`base[index] = value` or `base.name = value`, somewhere: what sets a flag on a fake."""

    target: Subscript | Attribute
    value: Expr
    start: int
    end: int
    scope: int
    path: tuple[int, ...] = ()  # into the value, for `a.b, c = value`


@dataclass(slots=True, eq=False, repr=False)
class UnitFacts:
    """The facts of one unit. `scopes[0]` holds what the unit binds in its module (or class)."""

    scopes: list[Scope]
    sites: list[Site] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)
    changes: list[Store] = field(default_factory=list)  # by `+=`, by `del`, and by loops
    failure: str = ""  # the parser's message when the unit does not parse
    failure_line: int = 1
    failure_column: int = 1
