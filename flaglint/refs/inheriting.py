"""What the key of a read is where the objects that it is made of are those of a subclass."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.model import Kind
from flaglint.refs.values import NOTHING, Bound, Class, Frame, Instance, Place, one_of, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.refs import ir
    from flaglint.refs.match import Match
    from flaglint.refs.program import Program, UnitRef
    from flaglint.refs.recognise import Recogniser
    from flaglint.refs.values import PlaceId, Value


def of_subclass(recogniser: Recogniser, unit: UnitRef, site: ir.Site, match: Match, subclass: PlaceId) -> Value:
    """Return the key of a read when what its function is given is of a subclass; nothing where that cannot be told.

    That is `self` or `cls` in a method of a base, and parameters that are annotated with one.
    """
    resolver = recogniser.resolver
    place = _class_at(resolver.names.program, subclass)
    if place is None:
        return NOTHING
    above = set(resolver.classes.lineage(Class(place)))
    given: dict[tuple[Place, str], Value] = {}
    for function in _functions_around(unit, site.scope):
        for parameter in function.definition.parameters:
            for option in options(resolver.names.parameters.value(parameter.name, Frame(function))):
                if isinstance(option, Instance) and option.of in above:
                    given[function, parameter.name] = Instance(Class(place))
                elif isinstance(option, Class) and option in above:
                    given[function, parameter.name] = Class(place)
    if not given:
        return NOTHING
    found = recogniser.expression(site.expr, Frame(Place(unit, site.scope), Bound(given)))
    keys = [item.key for item in found if item.kind is Kind.READ and item.sdk == match.sdk and not item.holes]
    return one_of(keys)


def _class_at(program: Program, place: PlaceId) -> Place | None:
    path, index, member, scope = place
    view = program.view(path)
    if view is None or scope < 0:
        return None
    unit = view.units[index]
    return Place(unit if member < 0 else view.members(unit)[member], scope)


def _functions_around(unit: UnitRef, scope: int) -> Iterator[Place]:
    while scope > 0:
        if unit.facts.scopes[scope].kind == "function":
            yield Place(unit, scope)
        scope = unit.facts.scopes[scope].parent
