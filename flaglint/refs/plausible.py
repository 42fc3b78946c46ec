"""Which calls a file run follows into other modules: those that may carry a key. The call and its file decide.

In a project run the words lead from wrappers to their callers; in a file run nobody has named the wrappers yet, and
following every call would read half of the program.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from flaglint.refs import ir
from flaglint.refs.definitions import is_static

if TYPE_CHECKING:
    from flaglint.refs.program import UnitRef
    from flaglint.refs.values import Frame, Function, Place

_KEY_LIKE = re.compile(r"!?[A-Za-z0-9][\w.:/ -]{0,127}\Z")
Carrying: TypeAlias = "frozenset[str] | None"
# Attributes that a member of an enumeration, or an object that stands for a flag, may hold its key in.
PLAIN_NAMES = frozenset({"value", "name", "key", "slug", "flag", "feature"})
_DEPTH = 3  # names that are followed from an argument to the text that they hold


def may_carry_key(site: ir.Site, unit: UnitRef) -> bool:
    """Whether a call passes something that may be a key: a text like one, or a name that is not made on the way."""
    search = _Search(unit, frozenset())
    return isinstance(site.expr, ir.Call) and any(search.may_be(arg.value, site.scope) for arg in site.expr.args)


def key_parameters(function: Function, call: ir.Call, frame: Frame, carrying: frozenset[str]) -> frozenset[str]:
    """Return the parameters of a function that a call may pass a key in, where `carrying` hold one around the call."""
    search = _Search(frame.place.unit, carrying)
    scope = frame.place.scope
    parameters = list(function.place.definition.parameters)
    if function.receiver is not None and parameters and not is_static(function.place.definition):
        parameters = parameters[1:]
    given: set[str] = set()
    if any(arg.star for arg in call.args):
        return frozenset(parameter.name for parameter in parameters)
    position = 0
    for arg in call.args:
        name = arg.keyword
        if not name:
            while position < len(parameters) and parameters[position].keyword_only:
                position += 1
            name = parameters[position].name if position < len(parameters) else ""
            starred = position < len(parameters) and parameters[position].star
            position += 0 if starred else 1
        if search.may_be(arg.value, scope):
            known = any(parameter.name == name for parameter in parameters)
            rest = next((parameter.name for parameter in parameters if parameter.star == "**"), "")
            given.add(name if known else rest)
    passed = {arg.keyword for arg in call.args} | {parameter.name for parameter in parameters[:position]}
    given |= {item.name for item in parameters if item.default is not None and item.name not in passed}
    return frozenset(given - {""})


class _Search:
    """Whether expressions of one unit may hold a key, where the names in `carrying` do."""

    def __init__(self, unit: UnitRef, carrying: frozenset[str]) -> None:
        self.unit = unit
        self.carrying = carrying

    def may_be(self, expr: ir.Expr, scope: int, depth: int = 0) -> bool:
        match expr:
            case ir.Text():
                return _KEY_LIKE.match(expr.value) is not None
            case ir.Join() | ir.Percent():
                return True
            case ir.Sequence():
                return any(self.may_be(item, scope, depth) for item in expr.items)
            case ir.Choice() if not expr.is_boolean:
                return any(self.may_be(item, scope, depth) for item in expr.options)
            case ir.Attribute() if isinstance(expr.base, ir.Name) and expr.base.id in self.carrying:
                return expr.name in PLAIN_NAMES
            case ir.Attribute() | ir.Subscript():
                return self.may_be(expr.base, scope, depth)
            case ir.Name():
                return self.name_may_be(expr, scope, depth)
            case _:
                return False

    def name_may_be(self, name: ir.Name, index: int, depth: int) -> bool:
        """Whether a name may hold a key: a constant, an import, a loop over keys; not any parameter or result."""
        while index > 0:
            scope = self.unit.facts.scopes[index]
            if name.id in scope.bindings:
                return depth < _DEPTH and any(self.binds(item, depth) for item in scope.bindings[name.id])
            if any(parameter.name == name.id for parameter in scope.parameters):
                return name.id in {"self", "cls"} or name.id in self.carrying
            index = scope.parent
        return True

    def binds(self, binding: ir.Binding, depth: int) -> bool:
        match binding:
            case ir.Assigned():
                return self.may_be(binding.value, binding.scope, depth + 1)
            case ir.Iterated():
                return self.may_be(binding.iterable, binding.scope, depth + 1)
            case ir.Imported():
                return True
            case _:
                return False


def passes_on(call: ir.Call, place: Place, carrying: frozenset[str]) -> bool:
    """Whether a call is given one of the parameters that carry a key, or a local made from one."""
    names = set(carrying)
    for name, bindings in place.definition.bindings.items():
        for item in bindings:
            source = item.value if isinstance(item, ir.Assigned) else getattr(item, "iterable", None)
            if source is not None and _names_in(source) & names:
                names.add(name)
    return any(_names_in(arg.value) & names for arg in call.args)


def _names_in(expr: ir.Expr) -> set[str]:
    match expr:
        case ir.Name():
            return {expr.id}
        case ir.Attribute():
            return _names_in(expr.base) if expr.name in PLAIN_NAMES else set()
        case ir.Join():
            return {name for part in expr.parts for name in _names_in(part)}
        case ir.Choice():
            return {name for option in expr.options for name in _names_in(option)}
        case ir.Sequence():
            return {name for item in expr.items for name in _names_in(item)}
        case ir.Spread():
            return _names_in(expr.value)
        case ir.Percent():
            return _names_in(expr.values)
        case ir.Subscript():
            return _names_in(expr.base) | _names_in(expr.index)
        case ir.Call():
            made = {name for arg in expr.args for name in _names_in(arg.value)}
            return made | (_names_in(expr.func.base) if isinstance(expr.func, ir.Attribute) else set())
        case _:
            return set()
