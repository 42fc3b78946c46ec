"""Contracts by attribute: a base class reads `self.flag_name` as a key, and its subclasses set it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from flaglint.refs import ir
from flaglint.refs.definitions import body_place
from flaglint.refs.values import Class, Frame, PlaceId, Str, strings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flaglint.refs.classes import Classes
    from flaglint.refs.program import UnitRef
    from flaglint.refs.values import Value

# An attribute, and the class whose methods read it; None for an unknown object.
Contract: TypeAlias = "tuple[str, PlaceId | None]"


class Setting(NamedTuple):
    """What one class sets an attribute of a contract to, or returns from a method; None is what is no text."""

    contract: Contract
    setter: PlaceId
    qualname: str
    texts: tuple[str | None, ...]


def contract_of(name: str, owner: Class | None) -> Contract:
    """Return what names a contract in every process."""
    return name, owner.place.identity if owner is not None else None


def is_spelled(key: Value, call: ir.Call) -> bool:
    """Whether a call spells its key: then no attribute that it is given as well can be the key."""
    return isinstance(key, Str) and any(
        isinstance(argument.value, ir.Text) and argument.value.value == key.text for argument in call.args
    )


def may_give(value: Value, key: Value) -> bool:
    """Whether a value may be where a read has its key from, and not the default or something else that it is given."""
    known = {option.text for option in strings(key) if option is not None}
    return not known or any(option is not None and option.text in known for option in strings(value))


def asked_of(given: ir.Expr, key: Value, frame: Frame) -> tuple[ir.Attribute | None, bool]:
    """Return the attribute that an argument is, and whether it may be a property or is what a method returns.

    That counts where a method asks its own object, which may be one of a subclass, and the key is known.
    """
    parameters = frame.place.definition.parameters
    asked = given.func if isinstance(given, ir.Call) else given
    if not isinstance(asked, ir.Attribute):
        return None, False
    own = bool(parameters) and isinstance(asked.base, ir.Name) and asked.base.id == parameters[0].name
    by_method = own and any(option is not None and option.text for option in strings(key))
    return (asked, by_method) if by_method or asked is given else (None, False)


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
                    yield Setting((name, owner), cls.place.identity, cls.place.qualname, tuple(texts))
