"""What a name is bound to: in the scopes around its use, at the top of its module, and through imports."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from flaglint.refs import ir
from flaglint.refs.cells import REPLACED, Step, is_data, is_named, step
from flaglint.refs.containers import is_changed, widened
from flaglint.refs.definitions import class_place
from flaglint.refs.parameters import Parameters
from flaglint.refs.reaching import final, reach
from flaglint.refs.values import (
    NOTHING,
    Bound,
    Class,
    Const,
    Frame,
    Function,
    Items,
    Known,
    Module,
    Nothing,
    Pairs,
    Place,
    Str,
    Value,
    found_by,
    one_of,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flaglint.refs.classes import Classes
    from flaglint.refs.containers import Containers
    from flaglint.refs.evaluation import Evaluator
    from flaglint.refs.index import SpecIndex
    from flaglint.refs.program import ModuleView, Program, UnitRef


_MANY = 16  # bindings of one name in one scope, from which on the later ones are not gone through


class Names:
    """Follows names across scopes and modules."""

    def __init__(
        self, evaluator: Evaluator, program: Program, index: SpecIndex, classes: Classes, containers: Containers
    ) -> None:
        self.evaluator = evaluator
        self.program = program
        self.index = index
        self.classes = classes
        self.containers = containers
        self.parameters = Parameters(evaluator, classes)
        self._names: dict[tuple[str, str], Value] = {}
        self._circling: set[tuple[str, str]] = set()
        self._changed: dict[tuple[UnitRef, str], bool] = {}
        self._stores: dict[UnitRef, dict[str, list[tuple[int, ir.Binding]]]] = {}
        self._orders: dict[tuple[UnitRef, int, str], list[int]] = {}

    def lookup(self, use: ir.Name, frame: Frame) -> Value:
        """Return what a name may be: the innermost scope that binds it decides, as in Python."""
        name = use.id
        unit = frame.place.unit
        scopes = unit.facts.scopes
        index = home = frame.place.scope
        inner = True
        while index > 0:
            scope = scopes[index]
            if name in scope.foreign:
                break
            if inner or scope.kind != "class":
                if name in scope.bindings:
                    bindings = scope.bindings[name]
                    reaching, certain = bindings, True
                    if index == home:
                        before = self._before(unit, index, use, bindings)
                        reaching, certain = reach(before, use, scope.leaving)
                    if not reaching:  # read before it is bound: in a circle, or by a mistake
                        reaching, certain = bindings, True
                    found = one_of(self.binding(binding, frame.at(index)) for binding in reaching)
                    found = self._with_stores_within(unit, name, found, frame)
                    if _holds_several(found):
                        found = self._several(found, name, Place(unit, index))
                    if not certain and any(parameter.name == name for parameter in scope.parameters):
                        return one_of((self.parameters.value(name, frame.at(index)), found))
                    return found
                if any(parameter.name == name for parameter in scope.parameters):
                    return self._with_stores_within(unit, name, self.parameters.value(name, frame.at(index)), frame)
            inner = inner and scope.kind == "comprehension"
            home = scope.parent if scope.kind == "comprehension" and index == home else home
            index = scope.parent
        if unit.member >= 0 and inner and index == 0:
            member = self.classes.class_member(Class(class_place(unit)), name)
            if member is not None:
                return member
        if unit.member < 0 and index == home == 0:
            return self.name_in_order(unit, use)
        return self.module_name(unit.view, name)

    def _several(self, found: Value, name: str, place: Place) -> Value:
        """Return what a list or dictionary of a function may be; note it, as it may be handed on there."""
        if self.evaluator.log is not None:
            self.evaluator.log[step(name, place, found)] = None
        return one_of(map(widened, options(found))) if self._is_changed(place.unit, name) else found

    def _with_stores_within(self, unit: UnitRef, name: str, found: Value, frame: Frame) -> Value:
        """Return what a name of a function may be with what functions in it bind it to."""
        stores = self._stores_within(unit).get(name, ()) if _spells(found) else ()
        return one_of((found, *(self.binding(store, frame.at(at)) for at, store in stores))) if stores else found

    def _is_changed(self, unit: UnitRef, name: str) -> bool:
        """Whether some code of a unit changes the list or dictionary that goes by a name in it."""
        key = (unit, name)
        if key not in self._changed:
            self._changed[key] = unit.view.has_text and is_changed(name, unit.text)
        return self._changed[key]

    def _stores_within(self, unit: UnitRef) -> dict[str, list[tuple[int, ir.Binding]]]:
        """Return by name what functions in functions bind to names of these (`nonlocal name`)."""
        found = self._stores.get(unit)
        if found is None:
            found = self._stores[unit] = {}
            for index, scope in enumerate(unit.facts.scopes):
                for name in scope.foreign & scope.bindings.keys():
                    found.setdefault(name, []).extend((index, binding) for binding in scope.bindings[name])
        return found

    def _before(self, unit: UnitRef, scope: int, use: ir.Name, bindings: list[ir.Binding]) -> list[ir.Binding]:
        """Return the bindings of a name without those that surely come after a use, where these may be many."""
        if len(bindings) < _MANY or any(block < 0 for block in use.block):  # in a loop, all may come before
            return bindings
        key = (unit, scope, use.id)
        orders = self._orders.get(key)
        if orders is None:
            orders = self._orders[key] = [binding.when.order for binding in bindings]
            if orders != sorted(orders):
                orders.clear()
        return bindings[: bisect_right(orders, use.order)] if orders else bindings

    def name_in_order(self, unit: UnitRef, use: ir.Name) -> Value:
        """Return what a name of a module is at one of its top-level statements: what was bound to it before."""
        view = unit.view
        binders = view.binders(use.id)
        begin = bisect_left(binders, unit.index, key=_index)
        own = [binding for _, binding in binders[begin : bisect_right(binders, unit.index, key=_index)]]
        if len(binders) < 2:
            return self.module_name(view, use.id)
        if begin == len(binders) and not _spells(value := self.module_name(view, use.id)):
            return value
        reaching, certain = reach(own, use, frozenset()) if own else ([], False)
        found = [self.binding(binding, Frame(Place(unit, 0))) for binding in reaching]
        if not certain:
            for number in range(begin - 1, -1, -1):
                item, binding = binders[number]
                found.append(self.binding(binding, Frame(Place(item, 0))))
                if not binding.when.block:
                    break
        if not found:
            return self.module_name(view, use.id)
        value = self._with_stores(view, use.id, one_of(found))
        self._note(view, use.id, value)
        return value

    def _with_stores(self, view: ModuleView, name: str, found: Value) -> Value:
        """Return what a name of a module may be with what functions of it bind the name to."""
        if found not in {NOTHING, Const(None)} and not is_data(found):
            return found
        return one_of(
            (found, *(self.binding(store, Frame(Place(at, scope))) for at, scope, store in view.global_stores(name)))
        )

    def binding(self, binding: ir.Binding, frame: Frame) -> Value:
        """Return the value that one binding gives to its name."""
        match binding:
            case ir.Assigned():
                value = self.evaluator.value(binding.value, frame.at(binding.scope))
                for index in binding.path:
                    value = self.containers.element(value, index)
                if isinstance(value, Nothing) and binding.annotation is not None:
                    return self.parameters.instance_of(binding.annotation, frame.at(binding.scope))
                return value
            case ir.Iterated():
                return self.containers.iterated(binding, frame)
            case ir.Imported():
                return self.imported(binding, frame.place.unit.view)
            case ir.Defined():
                return self.defined(Place(frame.place.unit, binding.scope), frame.bound)
            case _:
                return NOTHING

    def defined(self, place: Place, bound: Bound | None = None) -> Value:
        """Return the function or class that is defined at a place, or what a pack knows under its name."""
        known = self.known(place.qualname)
        if known is not None:
            return known
        if place.definition.kind == "class":
            return Class(place)
        return Function(place, bound=bound)

    def known(self, dotted: str) -> Known | None:
        """Return the thing of this qualified name when a pack names it."""
        return Known(dotted) if dotted in self.index.names else None

    def module_name(self, view: ModuleView, name: str) -> Value:
        """Return the value of a name at the top level of a module; `Nothing` for modules that import in a circle."""
        key = (view.path, name)
        if self.evaluator.log is not None:
            return self._noted_name(view, name)
        if key not in self._names:
            self._names[key] = NOTHING
            self._names[key] = self._module_name(view, name)
        return self._names[key]

    def _noted_name(self, view: ModuleView, name: str) -> Value:
        """Return the value of a name of a module, and note that it is one."""
        key = (view.path, name)
        if key in self._circling:
            return NOTHING
        self._circling.add(key)
        try:
            found = self._module_name(view, name)
        finally:
            self._circling.discard(key)
        self._note(view, name, found)
        return found

    def _note(self, view: ModuleView, name: str, found: Value) -> None:
        log = self.evaluator.log
        if log is not None and is_named(found):
            log[step(name, view, found)] = None
            if not is_data(found) and view.global_stores(name):
                log[Step(REPLACED, view)] = None

    def _module_name(self, view: ModuleView, name: str) -> Value:
        dotted = f"{view.name}.{name}"
        known = self.known(dotted)
        if known is not None:
            return known
        is_named = dotted in self.index.owners or dotted in self.index.declared
        if is_named and view.binders(name):  # a pack names something on it, such as `shop.features.manager.add`
            real = self._bound_name(view, name)
            if isinstance(real, Class) and self.index.is_enum_alone(dotted):
                return real  # else its members would be something else, too
            return Known(dotted) if isinstance(real, Nothing) else one_of((Known(dotted), real))
        return self._bound_name(view, name)

    def _bound_name(self, view: ModuleView, name: str) -> Value:
        dotted = f"{view.name}.{name}"
        binders = view.binders(name)
        if binders:
            held = final(binders)
            found = one_of(self.binding(binding, Frame(Place(unit, 0))) for unit, binding in held)
            if _spells(found) and (len(held) < len(binders) or view.may_star) and not _goes_on(held, name):
                earlier = binders[: len(binders) - len(held)]
                # what a call finds while the module is loaded
                before = [self.binding(binding, Frame(Place(unit, 0))) for unit, binding in earlier]
                found = one_of((found, *before, *self._starred(view, name)))
            if _holds_several(found) and view.has_text and is_changed(name, view.text.text):
                found = one_of(map(widened, options(found)))
            found = self._with_stores(view, name, found)
            is_assigned = any(isinstance(binding, ir.Assigned) for _, binding in binders)
            return found_by(f"constant {dotted}", found) if is_assigned else found
        starred: list[Value] = []
        for value in self._starred(view, name):
            starred.append(value)
            if not _spells(value):
                break
        if starred:
            return one_of(starred)
        return Known(f"builtins.{name}") if name in self.index.builtins else NOTHING

    def _starred(self, view: ModuleView, name: str) -> Iterator[Value]:
        """Yield what a name may be by the star imports of a module, whichever comes last."""
        for star in view.stars:
            module = self.program.module(view.absolute(star), view)
            if module is not None and module is not view:
                value = self.module_name(module, name)
                if not isinstance(value, Nothing):
                    yield value
            elif (known := self.known(f"{view.absolute(star)}.{name}")) is not None:
                yield known

    def imported(self, imported: ir.Imported, view: ModuleView) -> Value:
        """Return what an import statement binds."""
        module = view.absolute(imported)
        if imported.whole:
            return self.module_value(module.partition(".")[0], view)
        if not imported.name:
            return self.module_value(module, view)
        return self.member_of_module(module, imported.name, view)

    def module_value(self, dotted: str, view: ModuleView) -> Value:
        """Return a module, of the program when it has one of that name."""
        if self.program.module(dotted, view) is not None or self.program.is_namespace(dotted, view):
            return Module(dotted, view)
        return Known(dotted)

    def dotted(self, text: str, near: ModuleView, attribute: Callable[[Value, str], Value]) -> Value:
        """Return what `package.module.name.attribute`, written in a string, leads to."""
        parts = text.split(".")
        for size in range(len(parts) - 1, 0, -1):
            module = ".".join(parts[:size])
            if self.program.module(module, near) is not None:
                value = self.member_of_module(module, parts[size], near)
                for name in parts[size + 1 :]:
                    value = attribute(value, name)
                return value
        return NOTHING

    def member_of_module(self, module: str, name: str, near: ModuleView) -> Value:
        """Return `module.name`: what the module binds, a submodule, or something outside the program."""
        dotted = f"{module}.{name}"
        known = self.known(dotted)
        if known is not None:
            return known
        view = self.program.module(module, near)
        if view is not None:
            value = self.module_name(view, name) if view is not near or not view.is_package else self._own(view, name)
            if not isinstance(value, Nothing):
                return value
        if self.program.module(dotted, near) is not None or self.program.is_namespace(dotted, near):
            return Module(dotted, near)
        return NOTHING if view is not None else Known(dotted)

    def _own(self, view: ModuleView, name: str) -> Value:
        """Return a name that a package imports from itself: `from . import name` is a submodule first."""
        if self.program.module(f"{view.name}.{name}", view) is not None:
            return Module(f"{view.name}.{name}", view)
        return self.module_name(view, name)

    def of_module(self, module: Module, name: str) -> Value:
        """Return what a module of the program binds, or its submodule."""
        return self.member_of_module(module.name, name, module.near)


def _goes_on(held: Sequence[tuple[UnitRef, ir.Binding]], name: str) -> bool:
    """Whether a name is bound to something longer, made of what it was: nobody asks for that half-way."""
    return any(
        isinstance(item, ir.Assigned)
        and any(isinstance(part, ir.Name) and part.id == name for part in ir.parts_of(item.value))
        for _, item in held
    )


def _holds_several(value: Value) -> bool:
    return any(isinstance(option, Items | Pairs) for option in options(value))


def _spells(value: Value) -> bool:
    return any(isinstance(option, Str) for option in options(value))


def _index(binder: tuple[UnitRef, ir.Binding]) -> int:
    return binder[0].index
