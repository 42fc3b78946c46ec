"""What an expression may turn out to be when names are followed: the abstract values of the link stage."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from flaglint.refs import ir
    from flaglint.refs.program import ModuleView, UnitRef
    from flaglint.refs.spec import FlagObject, ObjectRead

MAX_ALTERNATIVES = 64
PlaceId: TypeAlias = "tuple[str, int, int, int]"


@dataclass(frozen=True, slots=True)
class Place:
    """A scope of the program, which identifies a function or a class."""

    unit: UnitRef
    scope: int

    def __hash__(self) -> int:
        """Return what tells places apart by their unit, of which there is one object each; asked a million times."""
        return id(self.unit) ^ self.scope

    def __eq__(self, other: object) -> bool:
        """Whether this is the same scope of the same unit."""
        return self is other or (other.__class__ is Place and self.unit is other.unit and self.scope == other.scope)

    @property
    def identity(self) -> PlaceId:
        """What tells this place from any other in every process: path, unit, member and scope."""
        return self.unit.view.path, self.unit.index, self.unit.member, self.scope

    @property
    def definition(self) -> ir.Scope:
        """The scope itself."""
        return self.unit.facts.scopes[self.scope]

    @property
    def qualname(self) -> str:
        """The dotted name, with the module."""
        return self.unit.qualname(self.scope)


@dataclass(frozen=True, slots=True)
class Hole:
    """A part of a key that a caller fills: a parameter of `owner`, or a class attribute (`is_attribute`).

    The attribute may be one of something that a caller passes; `passed` is that parameter.
    """

    owner: Place | None
    name: str
    is_attribute: bool = False
    passed: Hole | None = None

    @property
    def parameter(self) -> Hole | None:
        """The parameter by which a caller fills this hole, or None."""
        return self.passed if self.is_attribute else self


@dataclass(frozen=True, slots=True)
class Str:
    """A string of which parts are known: text, a hole that a caller fills, or None for anything."""

    parts: tuple[str | Hole | None, ...]
    via: tuple[str, ...] = field(default=(), compare=False)

    @property
    def text(self) -> str | None:
        """The string, when it is known to the letter."""
        if not self.parts:
            return ""
        part = self.parts[0]
        return part if len(self.parts) == 1 and isinstance(part, str) else None

    @property
    def holes(self) -> tuple[Hole, ...]:
        """The parts that a caller fills."""
        return tuple(part for part in self.parts if isinstance(part, Hole))


@dataclass(frozen=True, slots=True)
class Const:
    """A literal that is no string."""

    value: bool | int | float | None


@dataclass(frozen=True, slots=True)
class Known:
    """Something outside the program, or named by a pack: known by its qualified name alone."""

    name: str


@dataclass(frozen=True, slots=True)
class Result:
    """What calling `Known(name)` gives: an instance, or whatever it returns."""

    name: str


@dataclass(frozen=True, slots=True)
class Module:
    """A module of the program; `near` is one that imports it, which tells it from another of its name."""

    name: str
    near: ModuleView = field(compare=False)


@dataclass(frozen=True, slots=True)
class Function:
    """A function, method or lambda of the program; `receiver` is what it is bound to."""

    place: Place
    receiver: Value | None = None
    bound: Bound | None = None


@dataclass(frozen=True, slots=True)
class Class:
    """A class of the program; `or_below` is `cls` in a class method: this one, or any of its subclasses."""

    place: Place
    or_below: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Instance:
    """An instance of a class of the program; `bound` are the arguments of its constructor, when it is known."""

    of: Class
    bound: Bound | None = None

    def gives(self, field: str) -> bool:
        """Whether its constructor was given a field of its class."""
        return self.bound is not None and (self.of.place, field) in self.bound.values


@dataclass(frozen=True, slots=True)
class Flagged:
    """An object that stands for one flag."""

    spec: FlagObject
    sdk: str
    key: Value
    default: Argued | None = field(default=None, compare=False)
    via: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class FlaggedMethod:
    """A method of a flag object that reads it."""

    flag: Flagged
    read: ObjectRead


@dataclass(frozen=True, slots=True)
class Items:
    """A list, tuple or set of known elements."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Pairs:
    """A dictionary of known entries; `is_open` when there may be others."""

    values: tuple[tuple[Value, Value], ...]
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A member of an enumeration. Where `is_text`, it is one as it is; `shown` is what it is in an f-string."""

    of: Class
    name: str
    value: Value
    is_text: bool = True
    shown: Value | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Partial:
    """`functools.partial(func, ...)`."""

    func: Value
    args: tuple[ir.Arg, ...] = ()
    frame: Any = None


@dataclass(frozen=True, slots=True)
class Batch:
    """The result of a read of several flags: looking a key up in it reads that flag."""

    sdk: str


@dataclass(frozen=True, slots=True)
class Alternatives:
    """One of several values."""

    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing is known."""


NOTHING = Nothing()
_NONE = Const(None)

Value: TypeAlias = (
    Str
    | Const
    | Known
    | Result
    | Module
    | Function
    | Class
    | Instance
    | Flagged
    | FlaggedMethod
    | Items
    | Pairs
    | Member
    | Partial
    | Batch
    | Alternatives
    | Nothing
)


@dataclass(frozen=True, slots=True, eq=False)
class Argued:
    """An argument and the frame to evaluate it in, when its value is asked for.

    `is_called`: it is a function, and what counts is what that returns.
    """

    expr: ir.Expr
    frame: Frame
    is_called: bool = False


class Bound:
    """The parameters whose values a caller has given, and what was concluded under them."""

    __slots__ = ("memo", "values")

    def __init__(self, values: Mapping[tuple[Place, str], Value | Argued]) -> None:
        self.values = values
        self.memo: dict[tuple[int, Place], Value] = {}


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Where an expression is evaluated: a scope, and the parameters whose values a caller has given."""

    place: Place
    bound: Bound | None = None

    def at(self, scope: int) -> Frame:
        """Return the frame of another scope of the same unit."""
        return Frame(Place(self.place.unit, scope), self.bound)


def options(value: Value) -> tuple[Value, ...]:
    """Return the values that `value` may be."""
    return value.values if isinstance(value, Alternatives) else (value,)


def one_of(values: Iterable[Value]) -> Value:
    """Return one value for several: without repetition, without None when there is anything else."""
    several = list(values)
    if len(several) == 1:  # as most are, and to compare them takes longest
        return several[0]
    found = list(dict.fromkeys(option for value in several for option in options(value)))
    if len(found) > 1:
        found = [value for value in found if value != _NONE] or found
    if len(found) > MAX_ALTERNATIVES:
        found = list(dict.fromkeys(map(_unbound, found)))
    if not found or len(found) > MAX_ALTERNATIVES:
        return NOTHING
    return found[0] if len(found) == 1 else Alternatives(tuple(found))


def _unbound(value: Value) -> Value:
    """Return an object or a method of it without what it was made with."""
    match value:
        case Instance():
            return Instance(value.of)
        case Function() if isinstance(value.receiver, Instance):
            return Function(value.place, Instance(value.receiver.of))
        case _:
            return value


def strings(value: Value) -> Iterator[Str | None]:
    """Yield what `value` is as a key; None for an option that is no string at all."""
    for option in options(value):
        if isinstance(option, Str):
            yield option
        elif isinstance(option, Member):
            yield from strings(option.value)
        else:
            yield None


def found_by(step: str, value: Value) -> Value:
    """Put a step before the way in which the strings of `value` were found."""
    if not any(isinstance(option, Str) for option in options(value)):
        return value
    return one_of(
        Str(option.parts, (step, *option.via)) if isinstance(option, Str) else option for option in options(value)
    )


def concatenated(pieces: Iterable[Value]) -> Value:
    """Return the strings that come from joining one option of each piece, at most `MAX_ALTERNATIVES`."""
    results: list[Str] = [Str(())]
    for piece in pieces:
        choices = [option if option is not None else Str((None,)) for option in strings(piece)]
        if isinstance(piece, Const) and not isinstance(piece.value, float):
            choices = [Str((str(piece.value),))]
        if len(results) * len(choices) > MAX_ALTERNATIVES:
            choices = [Str((None,))]
        results = [
            Str(_merge(left.parts, right.parts), (*left.via, *right.via)) for left in results for right in choices
        ]
    return one_of(results)


def _merge(left: tuple[str | Hole | None, ...], right: tuple[str | Hole | None, ...]) -> tuple[str | Hole | None, ...]:
    if left and right and isinstance(left[-1], str) and isinstance(right[0], str):
        return (*left[:-1], left[-1] + right[0], *right[1:])
    if left and right and left[-1] is None and right[0] is None:
        return (*left, *right[1:])
    return left + right
