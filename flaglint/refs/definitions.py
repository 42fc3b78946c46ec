"""What stands around the definition of a function: its class, and the decorators that change how it is called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs import ir
from flaglint.refs.values import Place

if TYPE_CHECKING:
    from flaglint.refs.program import UnitRef

_PROPERTIES = frozenset({"property", "cached_property", "abstractproperty", "classproperty", "cachedproperty"})
_CACHES = frozenset({"cache", "lru_cache", "cached", "memoize", "memoized"})
_IMPLICIT_CLASS_METHODS = frozenset({"__init_subclass__", "__class_getitem__"})


def class_place(unit: UnitRef) -> Place:
    """Return the place of the class that a member belongs to."""
    owner = unit.owner
    assert owner is not None
    (name,) = owner.unit.names or ("",)
    defined = owner.facts.scopes[0].bindings.get(name, ())
    return Place(owner, next((item.scope for item in defined if isinstance(item, ir.Defined)), 0))


def owner_of(place: Place) -> Place | None:
    """Return the class that a function is a method of, or None."""
    scope = place.definition
    if scope.kind != "function":
        return None
    if scope.parent == 0:
        return class_place(place.unit) if place.unit.member >= 0 else None
    parent = place.unit.facts.scopes[scope.parent]
    return Place(place.unit, scope.parent) if parent.kind == "class" else None


def body_place(unit: UnitRef, scope: int) -> Place:
    """Return the place of the class whose body is this scope of a unit."""
    return Place(unit, scope) if scope > 0 or unit.member < 0 else class_place(unit)


def only_returns(scope: ir.Scope) -> bool:
    """Whether a function is one `return`, and assignments to locals before it."""
    return not scope.foreign and scope.statements - 1 <= sum(map(len, scope.bindings.values()))


def plain(expr: ir.Expr, scope: ir.Scope) -> tuple[ir.Expr, bool]:
    """Return what stands under `not`, `await`, `bool()` and a single-use local; and whether it is inverted."""
    inverted = False
    followed: set[str] = set()
    while True:
        if isinstance(expr, ir.Negation):
            expr, inverted = expr.operand, not inverted
        elif isinstance(expr, ir.Awaited):
            expr = expr.operand
        elif isinstance(expr, ir.Call) and len(expr.args) == 1 and _is_named(expr.func, "bool"):
            expr = expr.args[0].value
        elif isinstance(expr, ir.Name) and expr.id not in followed:
            followed.add(expr.id)  # `x = x` would go round for ever
            bindings = scope.bindings.get(expr.id, ())
            if len(bindings) != 1 or not isinstance(bindings[0], ir.Assigned) or bindings[0].path:
                return expr, inverted
            expr = bindings[0].value
        else:
            return expr, inverted


def _is_named(expr: ir.Expr, name: str) -> bool:
    return isinstance(expr, ir.Name) and expr.id == name


def sites_by_scope(facts: ir.UnitFacts) -> dict[int, list[int]]:
    """Return the numbers of the sites in each scope of a unit, and in the scopes that stand in it, in order."""
    found: dict[int, list[int]] = {}
    for number, site in enumerate(facts.sites):
        scope = site.scope
        found.setdefault(scope, []).append(number)
        while scope > 0:
            scope = facts.scopes[scope].parent
            found.setdefault(scope, []).append(number)
    return found


def is_property(scope: ir.Scope) -> bool:
    """Whether a function is read as an attribute."""
    return bool(_decorators(scope) & _PROPERTIES)


def is_cached(scope: ir.Scope) -> bool:
    """Whether a function gives every caller the same object."""
    return bool(_decorators(scope) & _CACHES)


def is_class_method(scope: ir.Scope) -> bool:
    """Whether a method is bound to its class."""
    return "classmethod" in _decorators(scope) or scope.name in _IMPLICIT_CLASS_METHODS


def is_static(scope: ir.Scope) -> bool:
    """Whether a method is bound to nothing."""
    return "staticmethod" in _decorators(scope)


def is_method(scope: ir.Scope) -> bool:
    """Whether what a class holds is bound to its instances."""
    return scope.kind == "function" and not is_static(scope)


def _decorators(scope: ir.Scope) -> set[str]:
    """Return the last names of the decorators of a function, called or not."""
    found = set()
    for decorator in scope.decorators:
        target = decorator.func if isinstance(decorator, ir.Call) else decorator
        if isinstance(target, ir.Attribute):
            found.add(target.name)
        elif isinstance(target, ir.Name):
            found.add(target.id)
    return found
