"""Follows names: what an expression may be, across scopes, classes and modules. Pure, demand-driven, bounded.

Nothing is executed. Where a name is bound in several places, its value is any of theirs; where a value cannot be
followed it is `Nothing`, never a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs import ir
from flaglint.refs.arguments import find
from flaglint.refs.classes import Classes, is_property
from flaglint.refs.formatting import format_parts, join_parts, percent_parts
from flaglint.refs.values import (
    NOTHING,
    Alternatives,
    Argued,
    Batch,
    Bound,
    Class,
    Const,
    Flagged,
    FlaggedMethod,
    Frame,
    Function,
    Hole,
    Instance,
    Items,
    Known,
    Member,
    Module,
    Nothing,
    Pairs,
    Partial,
    Place,
    Result,
    Str,
    Value,
    concatenated,
    one_of,
    options,
    strings,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from flaglint.refs.index import SpecIndex
    from flaglint.refs.program import ModuleView, Program, UnitRef

MAX_DEPTH = 60  # expressions within expressions
MAX_STEPS = 20_000  # expressions to settle one site
MAX_TRIES = 3  # at an expression whose value goes in circles
MAX_CALLS = 5  # functions of the program within functions, to find what a call returns
_FIELDS = frozenset({"dataclasses.field", "attr.ib", "attrs.field", "attr.field", "pydantic.Field"})
_TEXT_METHODS: Mapping[str, Callable[[str], str]] = {"lower": str.lower, "upper": str.upper, "strip": str.strip}
_VALUE_METHODS = frozenset({"format", "join", "get", "keys", "copy", "values", "items", *_TEXT_METHODS})
_TRANSPARENT = frozenset({"str", "list", "tuple", "set", "frozenset", "sorted", "iter", "reversed"})


class Resolver(Classes):
    """Evaluates expressions of the facts to abstract values, each once."""

    def __init__(self, program: Program, index: SpecIndex) -> None:
        super().__init__()
        self.program = program
        self.index = index
        self._memo: dict[tuple[int, Place], Value] = {}
        self._names: dict[tuple[str, str], Value] = {}
        self._busy: set[tuple[int, Place, int]] = set()
        self._depth = 0
        self._calls = 0
        self._cuts = 0
        self._steps = 0
        self._tries: dict[tuple[int, Place, int], int] = {}

    def value(self, expr: ir.Expr, frame: Frame) -> Value:
        """Return what `expr` may be where `frame` stands; `Nothing` for a cycle or a chain that is too long."""
        key = (id(expr), frame.place)
        memo = self._memo if frame.bound is None else frame.bound.memo
        if key in memo:
            return memo[key]
        busy = (*key, id(frame.bound))
        if busy in self._busy or self._depth > MAX_DEPTH or self._steps > MAX_STEPS:
            self._cuts += 1
            return NOTHING
        self._steps = self._steps + 1 if self._depth else 0
        cuts = self._cuts
        self._busy.add(busy)
        self._depth += 1
        try:
            found = self._value(expr, frame)
        finally:
            self._busy.discard(busy)
            self._depth -= 1
        if cuts == self._cuts or not self._depth:
            memo[key] = found
        else:  # cut short on the way, so no conclusion yet; but what goes in circles is tried only a few times
            tries = self._tries[busy] = self._tries.get(busy, 0) + 1
            if tries >= MAX_TRIES:
                memo[key] = found
        return found

    def _value(self, expr: ir.Expr, frame: Frame) -> Value:
        match expr:
            case ir.Text():
                return Str((expr.value,))
            case ir.Value():
                return Const(expr.value)
            case ir.Name():
                return self.lookup(expr, frame)
            case ir.Attribute():
                base = self.value(expr.base, frame)
                return one_of(self.attribute(option, expr.name) for option in options(base))
            case ir.Call():
                return self.called(expr, frame)
            case ir.Subscript():
                return self.subscript(self.value(expr.base, frame), self.value(expr.index, frame))
            case ir.Join():
                return self.joined(expr.parts, frame)
            case ir.Percent():
                return self.percent(expr, frame)
            case ir.Sequence():
                return Items(tuple(self.elements_of_display(expr, frame)))
            case ir.Mapping():
                return self.pairs(expr, frame)
            case ir.Choice():
                return one_of(self.value(option, frame) for option in expr.options)
            case ir.Awaited():
                return self.value(expr.operand, frame)
            case ir.Lambda():
                return Function(Place(frame.place.unit, expr.scope), bound=frame.bound)
            case ir.Comprehension():
                return self.comprehension(expr, frame)
            case _:
                return NOTHING

    def joined(self, parts: Iterable[ir.Expr], frame: Frame) -> Value:
        """Return a string put together from parts, or two lists added to each other."""
        # a text may be a node made for this call: it must not be remembered by its identity
        values = [Str((part.value,)) if isinstance(part, ir.Text) else self.value(part, frame) for part in parts]
        if len(values) > 1 and all(isinstance(value, Items) for value in values):
            return Items(tuple(item for value in values if isinstance(value, Items) for item in value.values))
        return _named(concatenated(values), ("concatenation",))

    def percent(self, expr: ir.Percent, frame: Frame) -> Value:
        """Return `template % values`."""
        template = self.value(expr.template, frame)
        if not isinstance(template, Str) or template.text is None:
            return NOTHING
        values = expr.values.items if isinstance(expr.values, ir.Sequence) else (expr.values,)
        return self.joined(percent_parts(template.text, values), frame)

    def method_of_value(self, call: ir.Call, frame: Frame) -> Value | None:
        """Return what a method of a string or dictionary gives, or None when the call is of something else."""
        if not isinstance(call.func, ir.Attribute) or call.func.name not in _VALUE_METHODS:
            return None
        base = self.value(call.func.base, frame)
        name = call.func.name
        if isinstance(base, Str):
            if name == "format" and base.text is not None:
                return self.joined(format_parts(base.text, call.args), frame)
            if name == "join" and base.text is not None and call.args and isinstance(call.args[0].value, ir.Sequence):
                return self.joined(join_parts(base.text, call.args[0].value.items), frame)
            change = _TEXT_METHODS.get(name)
            return Str((change(base.text),), base.via) if change and base.text is not None and not call.args else None
        if isinstance(base, Pairs):
            if name == "get" and call.args:
                return one_of(self.entries(base, self.value(call.args[0].value, frame)))
            if name in {"keys", "copy"}:
                return base
            if name == "values":
                return Items(tuple(value for _, value in base.values))
            if name == "items":
                return Items(tuple(Items(pair) for pair in base.values))
        return None

    # ------------------------------------------------------------------------------------------------------- names

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
                    reaching, certain = (bindings, True) if index != home else reach(bindings, use)
                    if not reaching:  # read before it is bound: in a circle, or by a mistake
                        reaching, certain = bindings, True
                    found = self.bound_locally(reaching, frame.at(index))
                    if not certain and any(parameter.name == name for parameter in scope.parameters):
                        return one_of((self.parameter(name, frame.at(index)), found))
                    return found
                if any(parameter.name == name for parameter in scope.parameters):
                    return self.parameter(name, frame.at(index))
            inner = inner and scope.kind == "comprehension"
            home = scope.parent if scope.kind == "comprehension" and index == home else home
            index = scope.parent
        if unit.member >= 0 and inner and index == 0:
            found = self.class_member(Class(class_place(unit)), name)
            if found is not None:
                return found
        if unit.member < 0 and index == home == 0:
            return self.name_in_order(unit, use)
        return self.module_name(unit.view, name)

    def name_in_order(self, unit: UnitRef, use: ir.Name) -> Value:
        """Return what a name of a module is at one of its top-level statements: what was bound to it before."""
        view = unit.view
        binders = view.binders(use.id)
        later = [item for item, _ in binders if (item.index, 0) > (unit.index, 0)]
        own = [binding for item, binding in binders if item is unit]
        if len(binders) < 2 or (not later and not own):
            return self.module_name(view, use.id)
        before = [(item, binding) for item, binding in binders if item.index < unit.index]
        reaching, certain = reach(own, use) if own else ([], False)
        found = [self.binding(binding, Frame(Place(unit, 0))) for binding in reaching]
        if not certain:
            for item, binding in reversed(before):
                found.append(self.binding(binding, Frame(Place(item, 0))))
                if not binding.when.block:
                    break
        return one_of(found) if found else self.module_name(view, use.id)

    def bound_locally(self, bindings: list[ir.Binding], frame: Frame) -> Value:
        """Return the value of a name that a function, class or comprehension binds."""
        return one_of(self.binding(binding, frame) for binding in bindings)

    def binding(self, binding: ir.Binding, frame: Frame) -> Value:
        """Return the value that one binding gives to its name."""
        match binding:
            case ir.Assigned():
                value = self.value(binding.value, frame.at(binding.scope))
                for index in binding.path:
                    value = self.element(value, index)
                if isinstance(value, Nothing) and binding.annotation is not None:
                    return self.instance_of(binding.annotation, frame.at(binding.scope))
                return value
            case ir.Iterated():
                return self.iterated(binding, frame)
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
        if key not in self._names:
            self._names[key] = NOTHING
            self._names[key] = self._module_name(view, name)
        return self._names[key]

    def _module_name(self, view: ModuleView, name: str) -> Value:
        dotted = f"{view.name}.{name}"
        known = self.known(dotted)
        if known is not None:
            return known
        is_named = dotted in self.index.owners or dotted in self.index.declared
        if is_named and view.binders(name):  # a pack names something on it, such as `shop.features.manager.add`
            real = self._bound_name(view, name)
            return Known(dotted) if isinstance(real, Nothing) else one_of((Known(dotted), real))
        return self._bound_name(view, name)

    def _bound_name(self, view: ModuleView, name: str) -> Value:
        dotted = f"{view.name}.{name}"
        binders = view.binders(name)
        if binders:
            found = one_of(self.binding(binding, Frame(Place(unit, 0))) for unit, binding in final(binders))
            if found in {NOTHING, Const(None)}:
                stores = [self.binding(b, Frame(Place(u, i))) for u, i, b in view.global_stores(name)]
                found = one_of((found, *stores))
            steps = (f"constant {dotted}",) if any(isinstance(b, ir.Assigned) for _, b in binders) else ()
            return _named(found, steps)
        for star in view.stars:
            module = self.program.module(view.absolute(star), view)
            if module is not None and module is not view:
                value = self.module_name(module, name)
                if not isinstance(value, Nothing):
                    return value
            elif (known := self.known(f"{view.absolute(star)}.{name}")) is not None:
                return known
        return Known(f"builtins.{name}") if name in self.index.builtins else NOTHING

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
            return Module(dotted)
        return Known(dotted)

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
            return Module(dotted)
        return NOTHING if view is not None else Known(dotted)

    def _own(self, view: ModuleView, name: str) -> Value:
        """Return a name that a package imports from itself: `from . import name` is a submodule first."""
        if self.program.module(f"{view.name}.{name}", view) is not None:
            return Module(f"{view.name}.{name}")
        return self.module_name(view, name)

    def parameter(self, name: str, frame: Frame) -> Value:
        """Return the value of a parameter: what the caller gave, self, an annotated instance, or a hole."""
        place = frame.place
        if frame.bound is not None and (place, name) in frame.bound.values:
            given = frame.bound.values[place, name]
            return self.value(given.expr, given.frame) if isinstance(given, Argued) else given
        owner = owner_of(place)
        scope = place.definition
        first = scope.parameters[0].name if scope.parameters else ""
        if owner is not None and name == first and not is_static(scope):
            return Class(owner) if is_classmethod(scope) else Instance(Class(owner))
        parameter = next(item for item in scope.parameters if item.name == name)
        if parameter.annotation is not None:
            instance = self.instance_of(parameter.annotation, Frame(Place(place.unit, scope.parent)))
            if not isinstance(instance, Nothing):
                return instance
        return Str((Hole(place, name),), (f"parameter {name}",))

    def instance_of(self, annotation: ir.Expr, frame: Frame) -> Value:
        """Return an instance of what an annotation names: `Client`, `Client | None`, `Optional[Client]`."""
        if isinstance(annotation, ir.Mapping):
            return one_of(self.instance_of(part, frame) for _, part in annotation.pairs)
        if isinstance(annotation, ir.Subscript):
            parts = annotation.index.items if isinstance(annotation.index, ir.Sequence) else (annotation.index,)
            return one_of(self.instance_of(part, frame) for part in parts)
        if not isinstance(annotation, ir.Name | ir.Attribute):
            return NOTHING
        named = self.value(annotation, frame)
        if isinstance(named, Class):
            return NOTHING if self.is_enum(named) else Instance(named)
        return Result(named.name) if isinstance(named, Known) and not named.name.startswith("builtins.") else NOTHING

    # -------------------------------------------------------------------------------------------------- containers

    def elements_of_display(self, expr: ir.Sequence, frame: Frame) -> list[Value]:
        """Return the elements of a display, spread ones included."""
        found: list[Value] = []
        for item in expr.items:
            if isinstance(item, ir.Spread):
                found += self.elements(self.value(item.value, frame))
            else:
                found.append(self.value(item, frame))
        return found

    def pairs(self, expr: ir.Mapping, frame: Frame) -> Value:
        """Return a dictionary display, with the entries of `**others`."""
        found: list[tuple[Value, Value]] = []
        is_open = False
        for key, item in expr.pairs:
            value = self.value(item, frame)
            if key is not None:
                found.append((self.value(key, frame), value))
            elif isinstance(value, Pairs):
                found += value.values
                is_open = is_open or value.is_open
            else:
                is_open = True
        return Pairs(tuple(found), is_open)

    def comprehension(self, expr: ir.Comprehension, frame: Frame) -> Value:
        """Return the elements of a comprehension over something known."""
        inner = frame.at(expr.scope)
        element = self.value(expr.element, inner)
        if expr.key is not None:
            return Pairs(((self.value(expr.key, inner), element),))
        return Items(options(element))

    def elements(self, value: Value) -> list[Value]:
        """Return what iterating over `value` gives."""
        found: list[Value] = []
        for option in options(value):
            match option:
                case Items():
                    found += option.values
                case Pairs():
                    found += [key for key, _ in option.values]
                case Class() if self.is_enum(option):
                    found += self.enum_members(option)
                case Str() if option.text is None and len(option.parts) == 1:
                    found.append(option)  # what a caller passes: its elements are what the caller's elements are
                case _:
                    found.append(NOTHING)
        return found

    def element(self, value: Value, index: int) -> Value:
        """Return `value[index]` of each option."""
        return one_of(
            option.values[index] if isinstance(option, Items) and index < len(option.values) else NOTHING
            for option in options(value)
        )

    def iterated(self, binding: ir.Iterated, frame: Frame) -> Value:
        """Return what a loop variable may be."""
        values = self.elements(self.value(binding.iterable, frame.at(binding.scope)))
        for index in binding.path:
            values = [self.element(value, index) for value in values]
        return _named(one_of(values), ("loop",))

    def subscript(self, base: Value, index: Value) -> Value:
        """Return `base[index]`."""
        found: list[Value] = []
        for option in options(base):
            match option:
                case Pairs():
                    found += self.entries(option, index)
                case Items() if isinstance(index, Const) and isinstance(index.value, int):
                    within = -len(option.values) <= index.value < len(option.values)
                    found.append(option.values[index.value] if within else NOTHING)
                case Items():
                    found.append(one_of(option.values))
                case Known() | Result() if isinstance(index, Str) and index.text is not None:
                    found.append(Known(f"{option.name}[{index.text}]"))
                case Class() if self.is_enum(option) and isinstance(index, Str) and index.text is not None:
                    found.append(self.class_member(option, index.text) or NOTHING)
                case Batch():
                    found.append(option)
                case _:
                    found.append(NOTHING)
        return one_of(found)

    def entries(self, pairs: Pairs, index: Value) -> list[Value]:
        """Return the values that a lookup in a dictionary may give: one for a known key, else any."""
        wanted = list(strings(index))
        text = wanted[0].text if len(wanted) == 1 and wanted[0] is not None else None
        if text is not None:
            return [value for key, value in pairs.values if _spells(key, text)] or [NOTHING]
        exact = [value for key, value in pairs.values if key == index]
        return exact or [value for _, value in pairs.values] or [NOTHING]

    # ------------------------------------------------------------------------------------------------------- calls

    def called(self, call: ir.Call, frame: Frame) -> Value:
        """Return what a call gives."""
        known = self.method_of_value(call, frame)
        if known is not None:
            return known
        callee = self.value(call.func, frame)
        return one_of(self.call_of(option, call, frame) for option in options(callee))

    def call_of(self, callee: Value, call: ir.Call, frame: Frame) -> Value:
        """Return what calling `callee` with these arguments gives."""
        match callee:
            case Known():
                return self.call_of_known(callee, call, frame)
            case Class() if self.is_enum(callee):
                return self.member_by_value(callee, call, frame)
            case Class():
                flagged = self.flag_object(callee, call, frame)
                return flagged or Instance(callee, self.constructor_arguments(callee, call, frame))
            case Function():
                return self.returned(callee, call, frame)
            case Partial():
                return self.call_of(callee.func, ir.Call(call.func, (*callee.args, *call.args)), frame)
            case Batch():
                return callee
            case _:
                return NOTHING

    def member_by_value(self, enum: Class, call: ir.Call, frame: Frame) -> Value:
        """Return `Enum(value)`: the member of that value, or any."""
        members = [member for member in self.enum_members(enum) if isinstance(member, Member)]
        wanted = self.value(call.args[0].value, frame) if call.args else NOTHING
        return one_of([member for member in members if member.value == wanted] or members)

    def call_of_known(self, callee: Known, call: ir.Call, frame: Frame) -> Value:
        """Return what calling something outside the program gives, as far as its name tells."""
        name = callee.name
        flagged = self.flag_object(callee, call, frame)
        if flagged is not None:
            return flagged
        batch = self.index.batch(name)
        if batch is not None:
            return Batch(batch)
        first = call.args[0].value if call.args else ir.OPAQUE
        if name == "functools.partial" and call.args:
            return Partial(self.value(first, frame), call.args[1:], frame)
        if name in _FIELDS:
            default = next((arg.value for arg in call.args if arg.keyword == "default"), None)
            return self.value(default, frame) if default is not None else NOTHING
        bare = name.removeprefix("builtins.")
        if name == "builtins.super":
            return self.parent_of(frame)
        if bare == "getattr" and len(call.args) > 1:
            wanted = self.value(call.args[1].value, frame)
            base = self.value(first, frame)
            return self.attribute(base, wanted.text) if isinstance(wanted, Str) and wanted.text else NOTHING
        if bare == "dict":
            pairs = tuple((Str((arg.keyword,)), self.value(arg.value, frame)) for arg in call.args if arg.keyword)
            inner = self.value(first, frame) if call.args and not call.args[0].keyword else None
            return Pairs((*(inner.values if isinstance(inner, Pairs) else ()), *pairs))
        if bare == "enumerate" and call.args:
            elements = self.elements(self.value(first, frame))
            return Items(tuple(Items((NOTHING, element)) for element in elements))
        if bare in _TRANSPARENT and len(call.args) >= 1:
            return self.value(first, frame)
        if name in {"typing.cast", "builtins.cast"} and len(call.args) == 2:
            return self.value(call.args[1].value, frame)
        if name.startswith("builtins."):
            return NOTHING
        owner, _, method = name.rpartition(".")
        if method == "get" and call.args and owner.endswith("]") is False:
            key = self.value(first, frame)
            if isinstance(key, Str) and key.text is not None and f"{owner}[{key.text}]" in self.index.names:
                return Known(f"{owner}[{key.text}]")
        return Result(name)

    def parent_of(self, frame: Frame) -> Value:
        """Return what `super()` is in a method: an instance of the first base of its class."""
        place = frame.place
        while place.scope > 0 and (owner := owner_of(place)) is None:
            place = Place(place.unit, place.definition.parent)
        owner = owner_of(place) if place.definition.kind == "function" else None
        for base in self.bases(Class(owner)) if owner is not None else ():
            return Instance(base) if isinstance(base, Class) else base if isinstance(base, Known) else NOTHING
        return NOTHING

    def returned(self, function: Function, call: ir.Call, frame: Frame) -> Value:
        """Return what a function of the program returns for these arguments."""
        scope = function.place.definition
        if scope.yields or len(scope.returns) > 8:
            annotation = scope.keywords.get("return")
            return (
                self.instance_of(annotation, Frame(Place(function.place.unit, scope.parent))) if annotation else NOTHING
            )
        if self._calls >= MAX_CALLS:
            self._cuts += 1
            return NOTHING
        self._calls += 1
        inner = Frame(function.place, self.arguments(function, call.args, frame))
        found = one_of(self.value(value, inner) for value in scope.returns)
        self._calls -= 1
        annotation = scope.keywords.get("return")
        if isinstance(found, Nothing) and annotation is not None:
            return self.instance_of(annotation, Frame(Place(function.place.unit, scope.parent)))
        return found

    def arguments(self, function: Function, args: tuple[ir.Arg, ...], frame: Frame) -> Bound:
        """Return what each parameter of `function` is given in a call with `args`; evaluated when it is asked for."""
        place = function.place
        bound: dict[tuple[Place, str], Value | Argued] = dict(function.bound.values if function.bound else {})
        parameters = list(place.definition.parameters)
        if function.receiver is not None and parameters and not is_static(place.definition):
            bound[place, parameters.pop(0).name] = function.receiver
        positional, keywords, is_open = self.spread(args, frame)
        outer = Frame(Place(place.unit, max(place.definition.parent, 0)))
        for parameter in parameters:
            value: Value | Argued = NOTHING
            if parameter.star == "*":
                value = Items(tuple(self.given(item) for item in positional))
                positional = []
            elif parameter.star == "**":
                value = Pairs(tuple((Str((key,)), self.given(item)) for key, item in keywords.items()), is_open)
            elif positional and not parameter.keyword_only:
                value = positional.pop(0)
            elif parameter.name in keywords:
                value = keywords.pop(parameter.name)
            elif not is_open and parameter.default is not None:
                value = Argued(parameter.default, outer)
            bound[place, parameter.name] = value
        return Bound(bound)

    def given(self, item: Value | Argued) -> Value:
        """Return the value of an argument."""
        return self.value(item.expr, item.frame) if isinstance(item, Argued) else item

    def spread(
        self, args: tuple[ir.Arg, ...], frame: Frame
    ) -> tuple[list[Value | Argued], dict[str, Value | Argued], bool]:
        """Return positional and keyword arguments of a call, `*` and `**` spread; and whether some stay unknown."""
        positional: list[Value | Argued] = []
        keywords: dict[str, Value | Argued] = {}
        is_open = False
        for arg in args:
            if arg.star == "*":
                value = self.value(arg.value, frame)
                is_open = is_open or not isinstance(value, Items)
                positional += value.values if isinstance(value, Items) else ()
            elif arg.star == "**":
                value = self.value(arg.value, frame)
                is_open = is_open or not isinstance(value, Pairs)
                entries = value.values if isinstance(value, Pairs) else ()
                keywords |= {key.text: item for key, item in entries if isinstance(key, Str) and key.text}
            elif arg.keyword:
                keywords[arg.keyword] = Argued(arg.value, frame)
            else:
                positional.append(Argued(arg.value, frame))
        return positional, keywords, is_open

    def flag_object(self, callee: Known | Class, call: ir.Call, frame: Frame) -> Flagged | None:
        """Return the flag object that a constructor makes, also through a subclass of the program."""
        names = [callee.name] if isinstance(callee, Known) else self.outside_bases(callee)
        for name in names:
            for sdk, spec in self.index.constructors.get(name, ()):
                found = find(call, spec.key)
                default = find(call, spec.default) if spec.default is not None else None
                key = self.value(found, frame) if found is not None else NOTHING
                return Flagged(spec, sdk, key, Argued(default, frame) if default is not None else None)
        return None

    def property_of(self, base: Value, name: str) -> Function | None:
        """Return the getter when `name` is a property of an instance of the program."""
        if not isinstance(base, Instance):
            return None
        value = self.class_member(base.of, name)
        if isinstance(value, Function) and is_property(value.place):
            return Function(value.place, base)
        return None

    # -------------------------------------------------------------------------------------------------- attributes

    def attribute(self, base: Value, name: str) -> Value:
        """Return `base.name`."""
        match base:
            case Known() | Result():
                dotted = f"{base.name}.{name}"
                return Known(dotted)
            case Module():
                return self.attribute_of_module(base, name)
            case Class():
                return self.class_attribute(base, name)
            case Instance():
                return self.instance_attribute(base, name)
            case Member():
                return base.value if name in {"value", "_value_"} else Str((base.name,)) if name == "name" else NOTHING
            case Flagged():
                read = next((read for read in base.spec.reads if read.name == name), None)
                return FlaggedMethod(base, read) if read is not None else NOTHING
            case Alternatives():
                return one_of(self.attribute(option, name) for option in base.values)
            case Partial() if name == "func":
                return base.func
            case Str() if base.text is None and base.holes and not isinstance(base.parts[0], str):
                # an attribute of something that a caller passes: a contract by the attribute's name
                passed = base.holes[0].parameter
                return Str((Hole(None, name, is_attribute=True, passed=passed),), (f"attribute {name}",))
            case Batch():
                return base
            case _:
                return NOTHING

    def attribute_of_module(self, module: Module, name: str) -> Value:
        """Return what a module of the program binds, or its submodule."""
        near = self.program.any_view()
        return self.member_of_module(module.name, name, near) if near is not None else NOTHING


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


def _decorated(scope: ir.Scope, words: frozenset[str]) -> bool:
    for decorator in scope.decorators:
        target = decorator.func if isinstance(decorator, ir.Call) else decorator
        name = target.name if isinstance(target, ir.Attribute) else target.id if isinstance(target, ir.Name) else ""
        if name in words:
            return True
    return False


def is_static(scope: ir.Scope) -> bool:
    """Whether a method is a static one."""
    return _decorated(scope, frozenset({"staticmethod"}))


def is_classmethod(scope: ir.Scope) -> bool:
    """Whether a method is a class method."""
    return _decorated(scope, frozenset({"classmethod"})) or scope.name in {"__init_subclass__", "__class_getitem__"}


def reach(bindings: Sequence[ir.Binding], use: ir.Name) -> tuple[list[ir.Binding], bool]:
    """Return the bindings of one scope that may reach a use in it, and whether one of them surely does.

    The nearest binding before the use that stands on every way to it hides the earlier ones; later ones count in a
    loop around both.
    """
    found: list[ir.Binding] = []
    certain = False
    for binding in reversed(bindings):
        when = binding.when
        if when.order > use.order:
            if any(block < 0 for block in _shared(when.block, use.block)):
                found.append(binding)
            continue
        found.append(binding)
        if when.block == use.block[: len(when.block)]:
            certain = True
            break
    return found, certain


def _shared(left: tuple[int, ...], right: tuple[int, ...]) -> tuple[int, ...]:
    size = next(
        (index for index, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right))
    )
    return left[:size]


def final(binders: Sequence[tuple[UnitRef, ir.Binding]]) -> list[tuple[UnitRef, ir.Binding]]:
    """Return the bindings of a module's name that may hold when the module is loaded."""
    found = []
    for unit, binding in reversed(binders):
        found.append((unit, binding))
        if not binding.when.block:
            break
    return found


def _spells(key: Value, text: str) -> bool:
    return any(item is not None and item.text == text for item in strings(key))


def _named(value: Value, steps: tuple[str, ...]) -> Value:
    """Add steps to the way in which the strings of `value` were found."""
    if not steps or not any(isinstance(option, Str) for option in options(value)):
        return value
    return one_of(
        Str(option.parts, (*steps, *option.via)) if isinstance(option, Str) else option for option in options(value)
    )
