"""Contracts by attribute: a base class reads `self.flag_name` as a key, and its subclasses set it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from flaglint.refs import ir
from flaglint.refs.definitions import body_place, plain
from flaglint.refs.values import (
    NOTHING,
    Class,
    Frame,
    Hole,
    Instance,
    Place,
    PlaceId,
    Str,
    Value,
    concatenated,
    options,
    strings,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from flaglint.refs.classes import Classes
    from flaglint.refs.match import Match
    from flaglint.refs.program import UnitRef
    from flaglint.refs.recognise import Recogniser

# An attribute, and the class whose methods read it; None for an unknown object.
Contract: TypeAlias = "tuple[str, PlaceId | None]"

# Attributes that any object may have: on something unknown they say nothing about flags.
PLAIN_NAMES = frozenset({"value", "name", "key", "id", "slug", "title", "label", "code", "type", "kind"})


class Setting(NamedTuple):
    """What one class sets an attribute of a contract to, or returns from a method; None is what is no text."""

    contract: Contract
    setter: PlaceId
    qualname: str
    texts: tuple[str | None, ...]
    step: str
    is_inherited: bool = True  # by a subclass: an object that surely is none of it has it not


def contract_of(name: str, owner: Class | None) -> Contract:
    """Return what names a contract in every process."""
    return name, owner.place.identity if owner is not None else None


class Giving(NamedTuple):
    """An attribute that gives a read its key, and the class it is read on; None for an unknown object.

    Where it is not `whole`, the key is made of it in a way that is not repeated for what others set it to.
    """

    name: str
    owner: Class | None
    whole: bool


def givings(recogniser: Recogniser, unit: UnitRef, site: ir.Site, match: Match) -> Iterator[Giving]:
    """Yield the attributes that subclasses (or unknown objects) may set to give this read its key."""
    for hole in match.holes:
        if hole.is_attribute and (hole.owner is not None or hole.name not in PLAIN_NAMES):
            yield Giving(hole.name, Class(hole.owner) if hole.owner is not None else None, whole=True)
    if not isinstance(site.expr, ir.Call) or match.holes:
        return
    frame = Frame(Place(unit, site.scope))
    resolver = recogniser.resolver
    arguments = [argument.value for argument in site.expr.args]
    is_direct = any(argument is match.asked for argument in arguments)
    known = {option.text for option in strings(match.key) if option is not None and option.text}
    for argument in [match.asked] if is_direct and match.asked is not None else arguments:
        given, _ = plain(argument, frame.place.definition)
        for asked, expr in _asked_in(given, frame, is_direct=is_direct):
            found = {option.text for option in strings(resolver.value(expr, frame)) if option is not None}
            whole = expr is given and (not known or not known.isdisjoint(found))
            if not whole and ((not is_direct and _is_spelled(known, arguments)) or not any(found)):
                continue
            base = resolver.value(asked.base, frame)
            if base == match.key == NOTHING and asked is given and asked.name not in PLAIN_NAMES:
                yield Giving(asked.name, None, whole)
            for option in options(base):
                owner = _open_class(option, asked.name)
                if owner is not None and resolver.classes.own_attribute(
                    owner, asked.name, or_method=bool(known) and _is_own(asked, frame)
                ):
                    yield Giving(asked.name, owner, whole)


def _open_class(asked: Value, name: str) -> Class | None:
    """Return the class of what an attribute is asked of, where subclasses may set it to something else."""
    if isinstance(asked, Instance):
        return None if asked.gives(name) else asked.of
    return asked if isinstance(asked, Class) and asked.or_below else None


def set_to(match: Match, name: str, owner: Class | None, text: str | None, step: str) -> Iterator[Value]:
    """Yield what the key of a read is once an attribute is set to a text; None is what is no text."""
    given: Value = Str((text,), (step,)) if text is not None else NOTHING
    place = owner.place if owner is not None else None
    keys = [item for item in options(match.key) if isinstance(item, Str) and item.holes]
    for key in keys:
        if len(key.parts) > 1:
            yield concatenated(
                given
                if isinstance(part, Hole) and part.is_attribute and (part.owner, part.name) == (place, name)
                else _piece(part)
                for part in key.parts
            )
        else:
            yield given
    if not keys:
        yield given


def _piece(part: str | Hole | None) -> Str:
    return Str((part,)) if isinstance(part, str) else Str((None,))


def _asked_in(given: ir.Expr, frame: Frame, *, is_direct: bool) -> Iterator[tuple[ir.Attribute, ir.Expr]]:
    """Yield the attributes that an argument is or asks a method of, each with what it gives; else those in a key."""
    asked = given.func if isinstance(given, ir.Call) else given
    if isinstance(asked, ir.Attribute) and (asked is given or _is_own(asked, frame)):
        yield asked, given
        return
    waiting = [given] if is_direct else []
    while waiting:
        part = waiting.pop()
        if isinstance(part, ir.Call) and isinstance(part.func, ir.Name) and part.func.id == "getattr":
            part = _got(part)
        if isinstance(part, ir.Attribute) and isinstance(part.base, ir.Name):
            yield part, part
        waiting += _parts(part)


def _got(call: ir.Call) -> ir.Expr:
    """Return the attribute that a call of `getattr` gets, where it is spelled there."""
    match [argument.value for argument in call.args]:
        case [base, ir.Text() as name, *_]:
            return ir.Attribute(base, name.value)
        case _:
            return call


def _parts(expr: ir.Expr) -> tuple[ir.Expr, ...]:
    """Return what a key may be made of: pieces of text, what is looked up and by what, what a method is called on."""
    match expr:
        case ir.Attribute():
            return (expr.base,)
        case ir.Join():
            return expr.parts
        case ir.Percent():
            return expr.template, expr.values
        case _:
            return ir.made_of(expr)


def _is_own(asked: ir.Attribute, frame: Frame) -> bool:
    """Whether a method asks its own object, which may be one of a subclass."""
    parameters = frame.place.definition.parameters
    return bool(parameters) and isinstance(asked.base, ir.Name) and asked.base.id == parameters[0].name


def _is_spelled(keys: Collection[str], arguments: Iterable[ir.Expr]) -> bool:
    """Whether a call of a wrapper spells the key: then it is not made of what else the wrapper is given."""
    return any(isinstance(argument, ir.Text) and argument.value in keys for argument in arguments)


def settings_in(unit: UnitRef, contracts: Iterable[Contract], classes: Classes) -> Iterator[Setting]:
    """Yield what the classes of a unit set the attributes of some contracts to."""
    owners: dict[str, list[PlaceId | None]] = {}
    for name, owner in contracts:
        owners.setdefault(name, []).append(owner)
    for number, scope in enumerate(unit.facts.scopes):
        if scope.kind != "class" or (number and unit.unit.members):
            continue
        cls = Class(body_place(unit, number))
        for name in scope.bindings.keys() & owners.keys():
            texts = classes.texts(cls, name)
            if not texts:
                continue
            above = {base.place.identity for base in classes.lineage(cls) if isinstance(base, Class)}
            for owner in owners[name]:
                if owner is None or owner in above:
                    step = f"class attribute {cls.place.qualname}.{name}"
                    yield Setting((name, owner), cls.place.identity, cls.place.qualname, tuple(texts), step)
