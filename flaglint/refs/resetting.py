"""Code that sets what a key rests on: by an assignment, by `setattr`, by a dictionary of attributes.

What is set is told by the receiver. One of another class or module says nothing; one that nobody knows may be any
object that has such an attribute. Where the name is computed, only what surely is the owner's counts.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, TypeAlias

from flaglint.refs import ir
from flaglint.refs.cells import Cell, is_module, module_id
from flaglint.refs.contracts import PLAIN_NAMES, Setting, settings_in
from flaglint.refs.definitions import body_place, class_place
from flaglint.refs.escaping import Escaping, changes
from flaglint.refs.parameters import DEFAULTS
from flaglint.refs.values import (
    NOTHING,
    Class,
    Const,
    Frame,
    Function,
    Instance,
    Known,
    Module,
    Nothing,
    Pairs,
    Place,
    Result,
    Str,
    Value,
    one_of,
    options,
    strings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flaglint.refs.contracts import Contract
    from flaglint.refs.program import ModuleView, UnitRef
    from flaglint.refs.resolve import Resolver
    from flaglint.refs.values import Bound, PlaceId

# What is set: the receiver, the name (None for any), and what to.
Store: TypeAlias = "tuple[Value, str | None, Value]"
# A cell, what to, and whether by a subclass: an object that surely is none of it has it not.
Given: TypeAlias = "tuple[Cell, Value, bool]"
_SPACES = frozenset({"vars", "globals", "locals"})
_SETTING = frozenset({"setattr", "__setattr__", "object", "update", "setdefault", "type", "new_class", "dict", "patch"})


class Resetting:
    """Finds what units set of some cells."""

    def __init__(self, resolver: Resolver, cells: Iterable[Cell]) -> None:
        self.resolver = resolver
        known = list(cells)
        self.cells = [cell for cell in known if cell.origin is None]
        self.setters: dict[Cell, None] = {}  # functions that set what they are given, by names that nobody spells
        self.called: dict[str, list[Cell]] = {}  # such functions, by name
        for cell in known:
            if cell.is_setter:
                self.called.setdefault(cell.name, []).append(cell)
        self.held = {cell.name for cell in known if cell.depth}  # lists and dictionaries, and other names for them
        self.escaping = Escaping(resolver, known)
        self.by_name: dict[str, list[Cell]] = {}
        for cell in self.cells:
            self.by_name.setdefault(cell.name, []).append(cell)
        self.contracts = [(cell.name, cell.owner) for cell in self.cells if cell.is_open]

    def may_set(self, unit: UnitRef) -> bool:
        """Whether a unit spells the name of a cell, or what it belongs to, or is a method of that."""
        if any(map(unit.holds, self.by_name.keys() | self.held | self.called.keys())) or unit.member < 0:
            return True
        if any(unit.holds(cell.word) for cell in self.cells):
            return True
        cls = Class(class_place(unit))
        return any(self._concerns(cls, cell, is_named=False) is not None for cell in self.cells)

    def settings(self, unit: UnitRef) -> Iterator[Setting]:
        """Yield what a unit sets of the cells."""
        inherited = list(settings_in(unit, self.contracts, self.resolver.classes))
        yield from inherited
        where = unit.qualname(0)
        found = chain(self._defined(unit, {(item.contract, item.setter) for item in inherited}), self._stored(unit))
        for number, (cell, value, is_inherited) in enumerate(found, 1):
            texts = tuple(
                item.text if item is not None else None
                for option in options(value)
                if option != Const(None)
                for item in strings(option)
            )
            setter = (unit.view.path, unit.index, unit.member, -number)  # a class of the unit has its scope there
            yield Setting(cell.contract, setter, where, texts, f"set in {where}", is_inherited)

    def _stored(self, unit: UnitRef) -> Iterator[Given]:
        """Yield what code of a unit sets, also in a list or dictionary that a cell holds."""
        for receiver, name, value in self._stores(unit):
            for cell in self.cells if name is None else self.by_name.get(name, ()):
                is_named = name is not None and self._may_mean(cell, unit)
                concerned = [self._concerns(option, cell, is_named=is_named) for option in options(receiver)]
                if any(found is not None for found in concerned):
                    yield cell, value, all(found is None or found for found in concerned)
                elif name is None:
                    self._note_setter(receiver, cell)
        yield from self._by_setters(unit)
        for target in changes(unit):
            for cell in self._holding(target, unit):
                yield cell, NOTHING, False
        for cell in self.escaping.escaped(unit) if any(map(unit.holds, self.held)) else ():
            yield cell, NOTHING, False

    def _note_setter(self, receiver: Value, cell: Cell) -> None:
        """Note a function that sets attributes of what it is given: those of a class have to be looked for in calls."""
        for hole in receiver.holes if isinstance(receiver, Str) and receiver.text is None else ():
            if hole.owner is not None and not hole.is_attribute and not is_module(cell.owner):
                name = hole.owner.definition.name
                other = cell._replace(name=name, owner=hole.owner.identity, origin=cell.contract, depth=0)
                self.setters[other._replace(is_called=True)] = None

    def _by_setters(self, unit: UnitRef) -> Iterator[Given]:
        """Yield what a unit has set by a function that sets attributes of what it is given."""
        for site in unit.facts.sites if self.called else ():
            if not isinstance(site.expr, ir.Call) or site.head not in self.called:
                continue
            frame = Frame(Place(unit, site.scope))
            for option in options(self.resolver.value(site.expr.func, frame)):
                if not isinstance(option, Function):
                    continue
                inner = option.place.unit
                bound = self.resolver.passing.bound(option, site.expr.args, frame)
                for setter in self.called[site.head]:
                    if setter.owner != option.place.identity or setter.origin is None:
                        continue
                    name, owner = setter.origin
                    cell = setter._replace(name=name, owner=owner, origin=None)
                    for receiver, given, value in self._setting_calls(inner, bound):
                        concerned = [self._concerns(item, cell, is_named=False) for item in options(receiver)]
                        if given in {None, name} and any(found is not None for found in concerned):
                            yield cell, value, all(found is None or found for found in concerned)

    def _setting_calls(self, unit: UnitRef, bound: Bound | None = None) -> Iterator[Store]:
        """Yield what calls in a unit set, with what a caller has passed."""
        for site in unit.facts.sites:
            if isinstance(site.expr, ir.Call) and site.head in _SETTING:
                yield from self._called(site.expr, site.head, Frame(Place(unit, site.scope), bound))

    @staticmethod
    def _may_mean(cell: Cell, unit: UnitRef) -> bool:
        """Whether a name says of an unknown object that it may be one of the cell's: not one that any object has."""
        return cell.name not in PLAIN_NAMES | DEFAULTS or unit.view.spells(cell.word)

    def _concerns(self, receiver: Value, cell: Cell, *, is_named: bool) -> bool | None:
        """Return None when a receiver has nothing to do with a cell, else whether it is one of a subclass."""
        match receiver:
            case Instance() | Class():
                cls = receiver.of if isinstance(receiver, Instance) else receiver
                place = cls.place.identity
                if place == cell.owner or place in cell.above:
                    return False
                lineage = self.resolver.classes.lineage(cls)
                return (
                    True
                    if any(isinstance(base, Class) and base.place.identity == cell.owner for base in lineage)
                    else None
                )
            case Function():
                return False if receiver.place.identity == cell.owner else None
            case Module():
                view = self.resolver.names.program.module(receiver.name, receiver.near)
                return False if view is not None and module_id(view.path) == cell.owner else None
            case Nothing():
                return False if is_named else None
            case Str() if receiver.text is None:
                return False if is_named else None
            case Result() | Known() if is_named:
                # a class says by its name that it is one; what a function gives may be anything
                last = receiver.name.rpartition(".")[2]
                is_ours = isinstance(receiver, Result) and not last[:1].isupper()
                return False if is_ours or "sys.modules" in receiver.name else None
            case _:
                return None

    # ------------------------------------------------------------------------------------- attributes and names

    def _defined(self, unit: UnitRef, known: set[tuple[Contract, PlaceId]]) -> Iterator[Given]:
        """Yield what bodies of subclasses bind cells to that is no text, and what methods assign to `self`.

        Of the attributes and classes that are `known`, the texts are told already.
        """
        classes = self.resolver.classes
        for number, scope in enumerate(unit.facts.scopes):
            if scope.kind != "class" or (number and unit.unit.members):
                continue
            cls = Class(body_place(unit, number))
            place = cls.place.identity
            for name in sorted(self.by_name.keys() & (scope.bindings.keys() | scope.instance.keys())):
                above = {base.place.identity for base in classes.lineage(cls) if isinstance(base, Class)}
                for cell in self.by_name[name]:
                    is_below = cell.owner in above and place != cell.owner
                    if is_below and name in scope.bindings and ((name, cell.owner), place) not in known:
                        found = [
                            option
                            for item in scope.bindings[name]
                            if isinstance(item, ir.Assigned) and item.value is not ir.OPAQUE
                            for option in options(self.resolver.binding(item, Frame(Place(unit, number))))
                            if option != Const(None)
                        ]
                        if found:
                            yield cell, NOTHING, True
                    if is_below or (place in cell.above and place != cell.owner):
                        value = self._assigned(unit, scope, name, is_below=is_below)
                        if value is not None:
                            yield cell, value, is_below

    def _assigned(self, unit: UnitRef, scope: ir.Scope, name: str, *, is_below: bool) -> Value | None:
        """Return what methods assign to `self.name`; of a base not what its constructor does, as others follow it."""
        found = [
            self.resolver.binding(item, Frame(Place(unit, item.scope)))
            for item in scope.instance.get(name, ())
            if is_below or unit.facts.scopes[item.scope].name != "__init__"
        ]
        return one_of(found) if found else None

    def _stores(self, unit: UnitRef) -> Iterator[Store]:
        """Yield what a unit sets: by assignments, by calls, and in dictionaries of attributes."""
        facts = unit.facts
        for number, scope in enumerate(facts.scopes):
            if scope.kind == "class" and ("__dict__" in scope.instance or "__getattribute__" in scope.bindings):
                yield Instance(Class(body_place(unit, number))), None, NOTHING
        for store in (*facts.stores, *facts.changes):
            frame = Frame(Place(unit, store.scope))
            value = self.resolver.value(store.value, frame)
            for place in store.path:
                value = self.resolver.containers.element(value, place)
            match store.target:
                case ir.Attribute(base=base, name="__dict__"):
                    yield self.resolver.value(base, frame), None, NOTHING
                case ir.Attribute(base=base, name=name) if name in self.by_name:
                    yield self.resolver.value(base, frame), name, value
                case ir.Subscript(base=ir.Attribute(base=base, name="__kwdefaults__" as name)) if name in self.by_name:
                    yield self.resolver.value(base, frame), name, NOTHING
                case ir.Subscript(base=base, index=index):
                    receiver = self._space(base, frame)
                    if receiver is not None:
                        yield from self._named(receiver, index, value, frame)
        yield from self._setting_calls(unit)

    def _named(self, receiver: Value, name: ir.Expr, value: Value, frame: Frame) -> Iterator[Store]:
        for item in strings(self.resolver.value(name, frame)):
            text = item.text if item is not None else None
            yield receiver, text, value if text is not None else NOTHING

    def _space(self, expr: ir.Expr, frame: Frame) -> Value | None:
        """Return whose attributes a dictionary holds: `vars(x)`, `x.__dict__`, `globals()`; None for any other."""
        if isinstance(expr, ir.Attribute) and expr.name == "__dict__":
            return self.resolver.value(expr.base, frame)
        if not isinstance(expr, ir.Call) or not isinstance(expr.func, ir.Name) or expr.func.id not in _SPACES:
            return None
        if expr.args:
            return self.resolver.value(expr.args[0].value, frame)
        view = frame.place.unit.view
        if expr.func.id == "globals":
            return Module(view.name, view)
        place = frame.place
        if place.definition.kind == "class" or (place.scope == 0 and place.unit.member >= 0):
            return Class(body_place(place.unit, place.scope))
        return Module(view.name, view) if place.scope == 0 else None

    def _called(self, call: ir.Call, head: str, frame: Frame) -> Iterator[Store]:
        func = call.func
        args = [item.value for item in call.args if not item.keyword and not item.star]
        base = func.base if isinstance(func, ir.Attribute) else None
        if head in {"setattr", "__setattr__", "object"} and len(args) >= 3:
            receiver, value = self.resolver.value(args[0], frame), self.resolver.value(args[2], frame)
            yield from self._named(receiver, args[1], value, frame)
        elif head == "__setattr__" and len(args) == 2 and base is not None:
            value = self.resolver.value(args[1], frame)
            yield from self._named(self.resolver.value(base, frame), args[0], value, frame)
        elif head == "patch" and args and isinstance(args[0], ir.Text):
            *_, name = args[0].value.split(".")
            yield NOTHING, name, NOTHING
        elif head == "dict" and args and isinstance(args[0], ir.Text) and base is not None and _last(base) == "patch":
            *_, name = args[0].value.split(".")  # `patch.dict("shop.keys.BY_NAME", ...)`
            yield NOTHING, name, NOTHING
        elif head in {"update", "setdefault"} and base is not None and (space := self._space(base, frame)) is not None:
            yield from self._updated(space, call, frame)
        elif head in {"type", "new_class"} and len(args) >= 2:
            bases = self.resolver.containers.elements(self.resolver.value(args[1], frame))
            made = args[2] if head == "type" and len(args) > 2 else None
            for option in bases:
                if isinstance(option, Class):
                    yield from self._in_body(option, made, frame)

    def _updated(self, space: Value, call: ir.Call, frame: Frame) -> Iterator[Store]:
        for item in call.args:
            value = self.resolver.value(item.value, frame)
            if item.keyword:
                yield space, item.keyword, value
            elif isinstance(value, Pairs) and not value.is_open:
                for key, given in value.values:
                    for text in strings(key):
                        yield space, text.text if text is not None else None, given
            else:
                yield space, None, NOTHING

    def _in_body(self, base: Class, made: ir.Expr | None, frame: Frame) -> Iterator[Store]:
        """Yield what a class that is made by a call sets, as if its base were set: it may be an object of either."""
        value = self.resolver.value(made, frame) if made is not None else NOTHING
        if isinstance(value, Pairs) and not value.is_open:
            for key, given in value.values:
                for text in strings(key):
                    yield base, text.text if text is not None else None, given
        else:
            yield base, None, NOTHING

    # ---------------------------------------------------------------------------------- lists and dictionaries

    def _is_of(self, owner: Class | ModuleView, cell: Cell) -> bool:
        value: Value = owner if isinstance(owner, Class) else Module(owner.name, owner)
        return self._concerns(value, cell, is_named=True) is not None

    def _holding(self, target: tuple[ir.Expr, int], unit: UnitRef) -> list[Cell]:
        """Return the cells that a list or dictionary is the value of, or a part of that."""
        expr, scope = target
        while isinstance(expr, ir.Subscript):
            expr = expr.base
        cells = self.by_name.get(_last(expr), ())
        if not cells:
            return []
        frame = Frame(Place(unit, scope))
        found: list[Cell] = []
        steps = self.resolver.steps(lambda: self.resolver.value(expr, frame))
        owners = [step.owner for step in steps if step.name and not isinstance(step.owner, Place)]
        for cell in cells:
            for owner in owners:
                if self._is_of(owner, cell):
                    found.append(cell)
                    break
            else:
                if not owners and isinstance(expr, ir.Attribute):
                    receiver = self.resolver.value(expr.base, frame)
                    if any(self._concerns(item, cell, is_named=True) is not None for item in options(receiver)):
                        found.append(cell)
        return found


def _last(expr: ir.Expr) -> str:
    """Return the last name of an expression, or nothing."""
    return expr.name if isinstance(expr, ir.Attribute) else expr.id if isinstance(expr, ir.Name) else ""
