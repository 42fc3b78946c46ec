"""Flags that are the fields of a model: `class Features(BaseSettings): new_cart: bool = False`, read as attributes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.model import Kind, ValueType
from flaglint.refs import ir
from flaglint.refs.match import Match
from flaglint.refs.values import Class, Instance, Str

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.refs.index import SpecIndex
    from flaglint.refs.program import UnitRef
    from flaglint.refs.resolve import Resolver
    from flaglint.refs.values import Value

_NO_FIELDS = frozenset({"model_config", "Config", "Meta", "objects"})


def fields_of(scope: ir.Scope) -> Iterator[tuple[str, ir.Assigned]]:
    """Yield the fields that the body of a class declares, with what they are bound to."""
    for name, bindings in scope.bindings.items():
        for binding in bindings:
            if isinstance(binding, ir.Assigned) and not name.startswith("_") and name not in _NO_FIELDS:
                yield name, binding


def names_of_fields(unit: UnitRef, index: SpecIndex) -> set[str]:
    """Return the names of the fields that a unit, a class, declares as flags."""
    if unit.member >= 0 or unit.unit.kind != "class" or not unit.unit.names:
        return set()
    if index.model(f"{unit.view.name}.{unit.unit.names[0]}") is None:
        return set()
    units = [unit, *unit.view.members(unit)]
    bodies = [scope for part in units for scope in part.facts.scopes if scope.kind == "class"]
    return {name for scope in bodies for name, _ in fields_of(scope)}


def reads_of_field(resolver: Resolver, index: SpecIndex, base: Value, name: str) -> Iterator[Match]:
    """Yield the read that an attribute of a model, or of an instance of one, is."""
    owner = base.of if isinstance(base, Instance) else base
    if not isinstance(owner, Class):
        return
    for cls in resolver.classes.lineage(owner):
        sdk = index.model(cls.place.qualname) if isinstance(cls, Class) else None
        if sdk is not None and isinstance(cls, Class) and is_field(resolver, cls, name):
            yield Match(Kind.READ, sdk, Str((name,)), ValueType.UNKNOWN, via=("model field",))
            return


def is_field(resolver: Resolver, cls: Class, name: str) -> bool:
    """Whether the body of a model declares `name` as a field."""
    bodies = resolver.classes.bodies(cls, name)
    return any(found == name for scope in bodies for found, _ in fields_of(scope))


def default_of_field(binding: ir.Assigned) -> ir.Expr | None:
    """Return the default of a field: its value, or what `Field(default=...)` and `BooleanField(default=...)` say."""
    value = binding.value
    if not isinstance(value, ir.Call):
        return None if value is ir.OPAQUE else value
    return next((argument.value for argument in value.args if argument.keyword == "default"), None)
