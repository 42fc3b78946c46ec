"""Lists and dictionaries that a key is taken from, and who gets them: whoever does may change them.

What only reads one (a loop, `len`, a lookup) says nothing. Another name for one is followed: in its function, as a
parameter of a function of the program, and as a name, an attribute or a function of its own that other units may use.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.patterns import late
from flaglint.refs import ir
from flaglint.refs.cells import Cell, module_id
from flaglint.refs.containers import CHANGING
from flaglint.refs.definitions import body_place, class_place
from flaglint.refs.reading import only_reads
from flaglint.refs.values import (
    Class,
    Const,
    Frame,
    Function,
    Instance,
    Member,
    Place,
    PlaceId,
    Str,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flaglint.refs.cells import Step
    from flaglint.refs.program import ModuleView, UnitRef
    from flaglint.refs.resolve import Resolver
    from flaglint.refs.values import Value

CHANGES = frozenset(CHANGING.split("|"))
MAX_UNITS = 30  # that one question leads to by what they are passed
MAX_DEPTH = 40  # names for names, and what stands in what; what stands deeper may be anything
_LOOKUPS = frozenset({"get", "setdefault", "pop"})
_VIEWS = frozenset({"values", "items"})
# Builtins that give the same elements again, and those that hand them to a function.
_REARRANGING = frozenset({"list", "tuple", "set", "iter", "reversed", "sorted", "zip", "enumerate", "dict", "filter"})
_APPLYING = frozenset({"map", "filter", "min", "max", "sorted"})
_SPACES = frozenset({"vars", "globals"})
_IN_PLACE = late(r"\w\s*(?:\+|\||&|\^|-|\*)=(?!=)")
_LOCAL: PlaceId = ("", 0, 0, 0)
_YIELDED = late(r"\byield[ \t]+([\w.]+)(?![\w.\[(])")


class Escaping:
    """Follows some lists and dictionaries through units, one after the other."""

    def __init__(self, resolver: Resolver, cells: Iterable[Cell]) -> None:
        self.resolver = resolver
        self.by_name: dict[str, list[Cell]] = {}
        for cell in cells:
            if cell.depth:
                self.by_name.setdefault(cell.name, []).append(cell)
        self.aliases: dict[Cell, None] = {}
        self._given: dict[tuple[Place, str], set[Cell]] = {}
        self._known: dict[tuple[Place, str], set[Cell]] = {}  # of the names of functions, while one is followed

    def follow(self, place: Place, name: str, cell: Cell) -> None:
        """Follow what a function has under a name, too."""
        self._given.setdefault((place, name), set()).add(cell)

    def escaped(self, unit: UnitRef) -> list[Cell]:
        """Return what may be changed by what a unit does with it; note the other names that are given to it."""
        found: dict[Cell, None] = {}
        waiting, seen = [unit], 0
        while waiting and seen < MAX_UNITS:
            at, seen = waiting.pop(), seen + 1
            known = {key: len(cells) for key, cells in self._given.items()}
            found |= dict.fromkeys(self._changed(at))
            found |= dict.fromkeys(self._handed_on(at))
            waiting += [
                place.unit for (place, name), cells in self._given.items() if len(cells) > known.get((place, name), 0)
            ]
        if waiting:
            found |= dict.fromkeys(cell for cells in self._given.values() for cell in cells)
        return list(found)

    # ------------------------------------------------------------------------------------------- what leads to one

    def leading(self, expr: ir.Expr, frame: Frame, depth: int = 0) -> set[Cell]:
        """Return what an expression is, or holds, of what is followed: that itself, and no copy of it."""
        if depth > MAX_DEPTH:
            return {cell for cells in (*self.by_name.values(), *self._given.values()) for cell in cells}
        match expr:
            case ir.Name():
                return self._named(expr, frame, depth + 1)
            case ir.Attribute():
                return self._owned(expr, frame)
            case ir.Awaited():
                return self.leading(expr.operand, frame, depth + 1)
            case ir.Choice():
                return {cell for part in expr.options for cell in self.leading(part, frame, depth + 1)}
            case ir.Sequence() | ir.Mapping():
                held = {cell for part in ir.made_of(expr) for cell in self.leading(part, frame, depth + 1)}
                return {cell._replace(depth=cell.depth + 1) for cell in held}
            case ir.Spread():
                return self._inner(expr.value, frame, depth)
            case ir.Subscript():
                if (named := _spelled(expr)) is not None:
                    return self.leading(named, frame, depth + 1)
                return self._inner(expr.base, frame, depth) if self._may_hold(expr, frame) else set()
            case ir.Call():
                return self._got(expr, frame, depth)
            case _:
                return set()

    def _inner(self, expr: ir.Expr, frame: Frame, depth: int) -> set[Cell]:
        """Return what an expression leads to that holds other lists and dictionaries: those may be meant."""
        held = self.leading(expr, frame, depth + 1)
        return {cell._replace(depth=cell.depth - 1) for cell in held if cell.depth > 1}

    def _may_hold(self, expr: ir.Expr, frame: Frame) -> bool:
        """Whether a value may be a list or dictionary: not where it surely is a text or a number."""
        found = options(self.resolver.value(expr, frame))
        return not all(isinstance(option, Const | Member) or _is_text(option) for option in found)

    def _got(self, call: ir.Call, frame: Frame, depth: int) -> set[Cell]:
        func = call.func
        if isinstance(func, ir.Attribute) and func.name in _LOOKUPS:
            found = self._inner(func.base, frame, depth)
            return found if found and self._may_hold(call, frame) else set()
        if isinstance(func, ir.Attribute) and func.name in _VIEWS:
            return {cell for cell in self.leading(func.base, frame, depth + 1) if cell.depth > 1}
        if _last(func) == "cast" and len(call.args) == 2:
            return self.leading(call.args[1].value, frame, depth + 1)
        if isinstance(func, ir.Name) and func.id in _REARRANGING:
            given = {cell for arg in call.args for cell in self.leading(arg.value, frame, depth + 1)}
            return {cell for cell in given if cell.depth > 1}
        if (named := _spelled(call)) is not None:
            return self.leading(named, frame, depth + 1)
        cells = [cell for cell in self.by_name.get(_last(func), ()) if cell.is_called]
        if not cells:
            return set()
        places = {
            item.place.identity for item in options(self.resolver.value(func, frame)) if isinstance(item, Function)
        }
        return {cell for cell in cells if cell.owner in places}

    def _named(self, name: ir.Name, frame: Frame, depth: int) -> set[Cell]:
        unit = frame.place.unit
        index = frame.place.scope
        while index > 0:
            scope = unit.facts.scopes[index]
            if name.id in scope.foreign:
                break
            bindings = scope.bindings.get(name.id, ())
            is_parameter = any(item.name == name.id for item in scope.parameters)
            if (bindings or is_parameter) and (scope.kind != "class" or index == frame.place.scope):
                return self._local(name.id, frame.at(index), depth)
            index = scope.parent
        return self._of_module(name, frame)

    def _local(self, name: str, frame: Frame, depth: int) -> set[Cell]:
        """Return what a name of a scope is: each is asked once for a question, as names may go in circles."""
        asked = (frame.place, name)
        if asked in self._known:
            return self._known[asked]
        is_first = not self._known
        self._known[asked] = set()
        scope = frame.place.definition
        found = set(self._given.get(asked, ()))
        for parameter in scope.parameters:
            if parameter.name == name and parameter.default is not None:
                found |= self.leading(parameter.default, frame.at(max(scope.parent, 0)), depth)
        for binding in scope.bindings.get(name, ()):
            found |= self._bound(binding, frame, depth)
        self._known[asked] = found
        if is_first:
            self._known.clear()
        return found

    def _bound(self, binding: ir.Binding, frame: Frame, depth: int) -> set[Cell]:
        match binding:
            case ir.Assigned():
                inner = frame.at(binding.scope)
                value, path = binding.value, list(binding.path)
                while path and isinstance(value, ir.Sequence) and path[0] < len(value.items):
                    value = value.items[path.pop(0)]
                return self._inner(value, inner, depth) if path else self.leading(value, inner, depth + 1)
            case ir.Iterated():
                return self._inner(binding.iterable, frame.at(binding.scope), depth)
            case ir.Imported() if binding.name in self.by_name:
                steps = self.resolver.steps(lambda: self.resolver.binding(binding, frame))
                return self._met(binding.name, steps)
            case _:
                return set()

    def _of_module(self, name: ir.Name, frame: Frame) -> set[Cell]:
        if name.id not in self.by_name:
            return set()
        return self._met(name.id, self.resolver.steps(lambda: self.resolver.value(name, frame)))

    def _owned(self, expr: ir.Attribute, frame: Frame) -> set[Cell]:
        if expr.name not in self.by_name:
            return set()
        found = self._met(expr.name, self.resolver.steps(lambda: self.resolver.value(expr, frame)))
        called = [cell for cell in self.by_name[expr.name] if cell.is_called]
        for option in options(self.resolver.value(expr.base, frame)) if called else ():
            getter = self.resolver.calls.property_of(option, expr.name)
            found |= {cell for cell in called if getter is not None and getter.place.identity == cell.owner}
        return found

    def _met(self, name: str, steps: Iterable[Step]) -> set[Cell]:
        """Return what of a name was met on the way to a value."""
        owners = {id_ for met in steps if met.name == name for id_ in self._owners(met.owner)}
        return {cell for cell in self.by_name[name] if not cell.is_called and cell.owner in owners}

    def _owners(self, owner: Class | ModuleView | Place) -> Iterator[PlaceId]:
        if isinstance(owner, Class):
            yield from (base.place.identity for base in self.resolver.classes.lineage(owner) if isinstance(base, Class))
        elif not isinstance(owner, Place):
            yield module_id(owner.path)

    # ------------------------------------------------------------------------------------------------ what is done

    def _handed_on(self, unit: UnitRef) -> Iterator[Cell]:
        """Yield what a unit hands to others, who may change it, but for other names of it, which are noted."""
        facts = unit.facts
        for site in facts.sites:
            if isinstance(site.expr, ir.Call) and site.expr.args:
                yield from self._passed(site.expr, Frame(Place(unit, site.scope)))
        for store in facts.stores:
            yield from self.leading(store.value, Frame(Place(unit, store.scope)))
        for number in range(len(facts.scopes)):
            yield from self._returned(Place(unit, number))
            self._name_again(Place(unit, number))
        for yielded in _YIELDED.finditer(unit.text) if unit.holds("yield") else ():
            yield from self.leading(ir.named_in(ir.Text(yielded[1])), Frame(Place(unit, 0)))

    def _returned(self, place: Place) -> Iterator[Cell]:
        """Yield what a lambda returns; note the functions that do."""
        scope, frame = place.definition, Frame(place)
        for expr in scope.returns:
            for cell in self.leading(expr, frame):
                if scope.kind != "function":
                    yield cell
                elif cell.owner != _LOCAL:  # what a call has made is nobody else's while it runs
                    self._note(cell, scope.name, place.identity, scope.name, is_called=True)

    def _name_again(self, place: Place) -> None:
        """Note the names and attributes that a scope gives to what is followed, and that others see."""
        scope, frame = place.definition, Frame(place)
        for name, bindings in scope.bindings.items():
            owner = self._seen_as(place.unit, place.scope, name)
            if owner is not None:
                for cell in {cell for item in bindings for cell in self._bound(item, frame, 0)}:
                    self._note(cell, name, *owner)
        for name, assigned in scope.instance.items():
            cls = body_place(place.unit, place.scope)
            for cell in {cell for item in assigned for cell in self._bound(item, frame, 0)}:
                self._note(cell, name, cls.identity, cls.definition.name)

    @staticmethod
    def _seen_as(unit: UnitRef, number: int, name: str) -> tuple[PlaceId, str] | None:
        """Return what a name is one of, and the last name of that, where others than this scope may use it."""
        scope = unit.facts.scopes[number]
        if scope.kind == "class" or (number == 0 and unit.member >= 0):
            place = body_place(unit, number) if number else class_place(unit)
            return place.identity, place.definition.name
        if number == 0 or name in scope.foreign:
            return module_id(unit.view.path), unit.view.name.rpartition(".")[2]
        return None

    def _note(self, cell: Cell, name: str, owner: PlaceId, word: str, *, is_called: bool = False) -> None:
        if (name, owner) == (cell.name, cell.owner):
            return
        if cell.owner == _LOCAL:
            self.aliases[cell] = None
            return
        word = word.rpartition(".")[2]
        self.aliases[
            cell._replace(
                name=name, owner=owner, above=frozenset(), word=word, origin=cell.contract, is_called=is_called
            )
        ] = None

    def _passed(self, call: ir.Call, frame: Frame) -> Iterator[Cell]:
        """Yield what a call is given and may change; what a function of the program is given is followed there."""
        for number, arg in enumerate(call.args):
            given = self._inner(arg.value, frame, 0) if arg.star else self.leading(arg.value, frame)
            is_applied = _last(call.func) in _APPLYING and any(cell.depth > 1 for cell in given)
            if not given or (not is_applied and only_reads(call, arg, self.resolver, frame)):
                continue
            places = self._parameters(call, number, frame)
            if places is None:
                yield from given
                continue
            for place in places:
                self._given.setdefault(place, set()).update(given)

    def _parameters(self, call: ir.Call, number: int, frame: Frame) -> list[tuple[Place, str]] | None:
        """Return the parameters that an argument fills; None where that is not known of all that may be called."""
        found: list[tuple[Place, str]] = []
        for option in options(self.resolver.value(call.func, frame)):
            function = self._constructor(option) if isinstance(option, Class) else option
            if not isinstance(function, Function) or any(arg.star for arg in call.args[: number + 1]):
                return None
            parameters = list(function.place.definition.parameters)
            if function.receiver is not None:
                parameters = parameters[1:]
            keyword = call.args[number].keyword
            named = [item.name for item in parameters if item.name == keyword and not item.star]
            if keyword and named:
                found.append((function.place, keyword))
            elif not keyword and number < len(parameters) and not any(item.star for item in parameters[: number + 1]):
                found.append((function.place, parameters[number].name))
            else:
                return None
        return found

    def _constructor(self, cls: Class) -> Function | None:
        member = self.resolver.classes.class_member(cls, "__init__")
        return Function(member.place, Instance(cls)) if isinstance(member, Function) else None

    def _changed(self, unit: UnitRef) -> Iterator[Cell]:
        """Yield what a unit puts something into, or takes something out of, under another name."""
        for target, number in changes(unit):
            base = target
            while isinstance(base, ir.Subscript) and _spelled(base) is None:
                base = base.base
            yield from self.leading(base, Frame(Place(unit, number)))
        for number, scope in enumerate(unit.facts.scopes):
            for name, bindings in scope.bindings.items():
                is_own = number > 0 and name not in scope.foreign
                frame = Frame(Place(unit, number))
                for before in filter(None, (_before(item, name, unit) for item in bindings)):
                    found = self._named(before, frame, 0) if is_own else self._of_module(before, frame)
                    here = (name, module_id(unit.view.path))
                    yield from (cell for cell in found if number or (cell.name, cell.owner) != here)


def escapes(resolver: Resolver, place: Place, name: str, depth: int) -> bool:
    """Whether a list or dictionary in a function, by its name, is handed on there to what may change it."""
    cell = Cell(name, _LOCAL, frozenset(), is_open=False, texts=frozenset(), word="", depth=depth)
    following = Escaping(resolver, ())
    following.follow(place, name, cell)
    return bool(following.escaped(place.unit)) or bool(following.aliases)


def changes(unit: UnitRef) -> Iterator[tuple[ir.Expr, int]]:
    """Yield the lists and dictionaries that a unit puts something into or takes something out of, and the scopes."""
    facts = unit.facts
    for store in (*facts.stores, *facts.changes):
        if isinstance(store.target, ir.Subscript):
            yield store.target.base, store.scope
    for site in facts.sites:
        expr = site.expr
        if isinstance(expr, ir.Attribute) and expr.name in CHANGES:  # called, or handed to what calls it
            yield expr.base, site.scope
        elif isinstance(expr, ir.Call) and isinstance(expr.func, ir.Attribute):
            if site.head in CHANGES:
                yield expr.func.base, site.scope
            elif site.head == "dict" and expr.args and _last(expr.func.base) == "patch":
                yield expr.args[0].value, site.scope


def _before(binding: ir.Binding, name: str, unit: UnitRef) -> ir.Name | None:
    """Return what a name was before `name += ...` changed it in place; None for any other binding."""
    value = binding.value if isinstance(binding, ir.Assigned) else None
    parts = value.parts if isinstance(value, ir.Join) else ir.made_of(value) if isinstance(value, ir.Mapping) else ()
    if not parts or not isinstance(parts[0], ir.Name) or parts[0].id != name or not isinstance(binding, ir.Assigned):
        return None
    return parts[0] if _IN_PLACE.match(unit.text, binding.start + len(name) - 1) else None


def _spelled(expr: ir.Expr) -> ir.Expr | None:
    """Return the attribute or name that `getattr(it, "name")`, `vars(it)["name"]` or `globals()["name"]` gives."""
    match expr:
        case ir.Call(func=ir.Name(id="getattr"), args=(base, ir.Arg(value=ir.Text() as name), *_)):
            return ir.Attribute(base.value, name.value)
        case ir.Subscript(base=ir.Attribute(name="__dict__") as space, index=ir.Text() as name):
            return ir.Attribute(space.base, name.value)
        case ir.Subscript(base=ir.Call(func=ir.Name(id=space), args=args), index=ir.Text() as name) if space in _SPACES:
            return ir.Attribute(args[0].value, name.value) if args else ir.Name(name.value)
        case _:
            return None


def _is_text(value: Value) -> bool:
    return isinstance(value, Str) and value.text is not None


def _last(expr: ir.Expr) -> str:
    """Return the last name of an expression, or nothing."""
    return expr.name if isinstance(expr, ir.Attribute) else expr.id if isinstance(expr, ir.Name) else ""
