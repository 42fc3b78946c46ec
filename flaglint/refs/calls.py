"""What a call gives: an instance, what a function of the program returns, what is known of a builtin or an SDK."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs import containers, ir, strings
from flaglint.refs.arguments import find
from flaglint.refs.cells import depth_of, step
from flaglint.refs.definitions import is_cached, is_property, owner_of
from flaglint.refs.enums import shown
from flaglint.refs.values import (
    NOTHING,
    Batch,
    Class,
    Flagged,
    Frame,
    Function,
    Instance,
    Items,
    Known,
    Member,
    Nothing,
    Pairs,
    Partial,
    Place,
    Result,
    Str,
    Value,
    one_of,
    options,
)

if TYPE_CHECKING:
    from flaglint.refs.classes import Classes
    from flaglint.refs.containers import Containers
    from flaglint.refs.evaluation import Evaluator
    from flaglint.refs.index import SpecIndex
    from flaglint.refs.names import Names
    from flaglint.refs.passing import Passing
    from flaglint.refs.program import UnitRef
    from flaglint.refs.strings import Strings

_METHODS = strings.METHODS | containers.METHODS
_FIELDS = frozenset({"dataclasses.field", "attr.ib", "attrs.field", "attr.field", "pydantic.Field"})
_TRANSPARENT = frozenset({"str", "list", "tuple", "iter"})
_REORDERING = frozenset({"set", "frozenset", "sorted", "reversed"})
MAX_CALLS = 5  # functions of the program within functions, to find what a call returns
CACHED = "()"  # behind the name of a function in the step of what it gives to every caller alike
MAX_RETURNS = 8  # of one function, to say what it returns


class Calls:
    """Evaluates calls."""

    def __init__(
        self,
        evaluator: Evaluator,
        index: SpecIndex,
        names: Names,
        classes: Classes,
        containers: Containers,
        strings: Strings,
        passing: Passing,
    ) -> None:
        self.evaluator = evaluator
        self.index = index
        self.names = names
        self.classes = classes
        self.containers = containers
        self.strings = strings
        self.passing = passing
        self.declaring: dict[UnitRef, None] = {}  # where flag objects are made that declare their flag, as met
        self._nested = 0

    def called(self, call: ir.Call, frame: Frame) -> Value:
        """Return what a call gives."""
        known = self.method_of_value(call, frame)
        if known is not None:
            return known
        callee = self.evaluator.value(call.func, frame)
        return one_of(self.call_of(option, call, frame) for option in options(callee))

    def method_of_value(self, call: ir.Call, frame: Frame) -> Value | None:
        """Return what a method of a string or dictionary gives, or None when the call is of something else."""
        if not isinstance(call.func, ir.Attribute) or call.func.name not in _METHODS:
            return None
        base = self.evaluator.value(call.func.base, frame)
        if isinstance(base, Str):
            return self.strings.method(base, call.func.name, call, frame)
        return self.containers.method(base, call.func.name, call, frame) if isinstance(base, Pairs) else None

    def call_of(self, callee: Value, call: ir.Call, frame: Frame) -> Value:
        """Return what calling `callee` with these arguments gives."""
        match callee:
            case Known():
                return self.call_of_known(callee, call, frame)
            case Class() if self.classes.is_enum(callee):
                return self.member_by_value(callee, call, frame)
            case Class() if "typing.TypedDict" in self.classes.outside_bases(callee):
                return self.dictionary(call, frame)
            case Class():
                flagged = self.flag_object(callee, call, frame)
                return flagged or Instance(callee, self.classes.constructor_arguments(callee, call, frame))
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
        members = [member for member in self.classes.enum_members(enum) if isinstance(member, Member)]
        wanted = self.evaluator.value(call.args[0].value, frame) if call.args else NOTHING
        found = one_of([member for member in members if member.value == wanted] or members)
        is_other = self.classes.class_member(enum, "_missing_") is not None and wanted not in [
            member.value for member in members
        ]
        return one_of((found, NOTHING)) if is_other else found

    def call_of_known(self, callee: Known, call: ir.Call, frame: Frame) -> Value:
        """Return what calling something outside the program gives, as far as its name tells."""
        name = callee.name
        flagged = self.flag_object(callee, call, frame)
        if flagged is not None:
            return flagged
        batch = self.index.batch(name)
        if batch is not None:
            return Batch(batch)
        if name == "functools.partial" and call.args:
            return Partial(self.evaluator.value(call.args[0].value, frame), call.args[1:], frame)
        if name in _FIELDS:
            default = next((arg.value for arg in call.args if arg.keyword == "default"), None)
            return self.evaluator.value(default, frame) if default is not None else NOTHING
        if name == "typing.cast" and len(call.args) == 2:
            return self.evaluator.value(call.args[1].value, frame)
        if name.startswith("builtins."):
            return self.call_of_builtin(name.removeprefix("builtins."), call, frame)
        owner, _, method = name.rpartition(".")
        if method == "get" and call.args and not owner.endswith("]"):
            key = self.evaluator.value(call.args[0].value, frame)
            if isinstance(key, Str) and key.text is not None and f"{owner}[{key.text}]" in self.index.names:
                return Known(f"{owner}[{key.text}]")
        return Result(name)

    def call_of_builtin(self, name: str, call: ir.Call, frame: Frame) -> Value:
        """Return what a builtin function gives, where that is one of the values that are followed."""
        if name == "super":
            return self.parent_of(frame)
        if name == "dict":
            return self.dictionary(call, frame)
        if not call.args:
            return NOTHING
        first = self.evaluator.value(call.args[0].value, frame)
        if name == "getattr" and len(call.args) > 1:
            wanted = self.evaluator.value(call.args[1].value, frame)
            return self.evaluator.attribute(first, wanted.text) if isinstance(wanted, Str) and wanted.text else NOTHING
        if name == "enumerate":
            return Items(tuple(Items((NOTHING, element)) for element in self.containers.elements(first)))
        if name in _REORDERING and isinstance(first, Items | Pairs):
            return Items((one_of(self.containers.elements(first)),))
        if name == "str":
            return shown(first)
        return first if name in _TRANSPARENT | _REORDERING else NOTHING

    def dictionary(self, call: ir.Call, frame: Frame) -> Pairs:
        """Return what `dict(other, key=value)` makes."""
        inner = self.evaluator.value(call.args[0].value, frame) if call.args and not call.args[0].keyword else None
        pairs = ((Str((arg.keyword,)), self.evaluator.value(arg.value, frame)) for arg in call.args if arg.keyword)
        return Pairs((*(inner.values if isinstance(inner, Pairs) else ()), *pairs))

    def parent_of(self, frame: Frame) -> Value:
        """Return what `super()` is in a method: an instance of the first base of its class."""
        place = frame.place
        while place.scope > 0 and (owner := owner_of(place)) is None:
            place = Place(place.unit, place.definition.parent)
        owner = owner_of(place) if place.definition.kind == "function" else None
        for base in self.classes.bases(Class(owner)) if owner is not None else ():
            return Instance(base) if isinstance(base, Class) else base if isinstance(base, Known) else NOTHING
        return NOTHING

    def returned(self, function: Function, call: ir.Call, frame: Frame) -> Value:
        """Return what a function of the program returns for these arguments."""
        scope = function.place.definition
        if scope.decorators and self.evaluator.log is not None:
            self.classes.note_decorators(function.place)
        found: Value = NOTHING
        if not scope.yields and len(scope.returns) <= MAX_RETURNS:
            if self._nested >= MAX_CALLS:
                return self.evaluator.give_up()
            self._nested += 1
            try:
                inner = Frame(function.place, self.passing.bound(function, call.args, frame))
                found = one_of(self.evaluator.value(value, inner) for value in scope.returns)
            finally:
                self._nested -= 1
        if self.evaluator.log is not None and depth_of(found) and is_cached(scope):
            self.evaluator.log[step(scope.name + CACHED, function.place, found)] = None
        annotation = scope.keywords.get("return")
        if isinstance(found, Nothing) and annotation is not None:
            return self.names.parameters.instance_of(annotation, Frame(Place(function.place.unit, scope.parent)))
        return found

    def flag_object(self, callee: Known | Class, call: ir.Call, frame: Frame) -> Flagged | None:
        """Return the flag object that a constructor makes, also through a subclass of the program."""
        names = [callee.name] if isinstance(callee, Known) else self.classes.outside_bases(callee)
        for name in names:
            for sdk, spec in self.index.constructors.get(name, ()):
                if spec.declares:
                    self.declaring[frame.place.unit] = None
                found = find(call, spec.key)
                key = self.evaluator.value(found, frame) if found is not None else NOTHING
                return Flagged(spec, sdk, key, self.passing.default(call, spec.default, frame))
        return None

    def property_of(self, base: Value, name: str) -> Function | None:
        """Return the getter when `name` is a property of an instance of the program, or of a member."""
        if not isinstance(base, Instance | Member):
            return None
        value = self.classes.class_member(base.of, name)
        if isinstance(value, Function) and is_property(value.place.definition):
            return Function(value.place, base)
        return None
