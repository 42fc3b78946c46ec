"""What a parameter of a function is: what a caller passes, `self`, an instance of what it is annotated with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs import ir
from flaglint.refs.cells import Step, is_data, step
from flaglint.refs.definitions import is_class_method, is_static, owner_of
from flaglint.refs.parametrised import passed
from flaglint.refs.values import (
    NOTHING,
    Argued,
    Class,
    Frame,
    Hole,
    Instance,
    Known,
    Nothing,
    Place,
    Result,
    Str,
    Value,
    one_of,
    options,
)

if TYPE_CHECKING:
    from flaglint.refs.classes import Classes
    from flaglint.refs.evaluation import Evaluator

# Attributes of a function that hold the defaults of its parameters.
DEFAULTS = frozenset({"__defaults__", "__kwdefaults__"})


class Parameters:
    """Evaluates parameters."""

    def __init__(self, evaluator: Evaluator, classes: Classes) -> None:
        self.evaluator = evaluator
        self.classes = classes

    def value(self, name: str, frame: Frame) -> Value:
        """Return the value of a parameter: what the caller gave, self, an annotated instance, or a hole."""
        place = frame.place
        if frame.bound is not None and (place, name) in frame.bound.values:
            given = frame.bound.values[place, name]
            return self._given(given, name, place) if isinstance(given, Argued) else given
        owner = owner_of(place)
        scope = place.definition
        first = scope.parameters[0].name if scope.parameters else ""
        if owner is not None and name == first and not is_static(scope):
            if not is_class_method(scope):
                is_member = self.classes.is_enum(Class(owner))  # whichever it is called on
                return Str((Hole(place, name),)) if is_member else Instance(Class(owner))
            if self.evaluator.log is not None:
                self.evaluator.log[Step("", Class(owner), is_open=True)] = None
            return Class(owner, or_below=True)
        parameter = _named(scope, name)
        if parameter.annotation is not None:
            instance = self.instance_of(parameter.annotation, Frame(Place(place.unit, scope.parent)))
            if not isinstance(instance, Nothing):
                return instance
        outer = Frame(Place(place.unit, max(scope.parent, 0)))
        given_by_tests = [
            self.evaluator.value(expr, outer)
            for expr in passed(scope, name, is_method=owner is not None and not is_static(scope))
        ]
        if given_by_tests:
            return one_of(given_by_tests)
        return Str((Hole(place, name),), (f"parameter {name}",))

    def _given(self, given: Argued, name: str, place: Place) -> Value:
        """Return what a caller passes; where it leaves the default, note that this may be another one by then."""
        found = self.evaluator.value(given.expr, given.frame)
        log = self.evaluator.log
        if log is not None and is_data(found):
            parameter = _named(place.definition, name)
            if given.expr is parameter.default:
                held_in = "__kwdefaults__" if parameter.keyword_only else "__defaults__"
                log[step(held_in, place, found)] = None
        return found

    def instance_of(self, annotation: ir.Expr, frame: Frame) -> Value:
        """Return an instance of what an annotation names: `Client`, `Client | None`, `Optional[Client]`."""
        if isinstance(annotation, ir.Mapping):
            return one_of(self.instance_of(part, frame) for _, part in annotation.pairs)
        if isinstance(annotation, ir.Subscript):
            parts = annotation.index.items if isinstance(annotation.index, ir.Sequence) else (annotation.index,)
            return one_of(self.instance_of(part, frame) for part in parts)
        if not isinstance(annotation, ir.Name | ir.Attribute):
            return NOTHING
        found: list[Value] = []
        for named in options(self.evaluator.value(annotation, frame)):  # several where a pack names something on it
            if isinstance(named, Class) and not self.classes.is_enum(named):
                found.append(Instance(named))
            elif isinstance(named, Known) and not named.name.startswith("builtins."):
                found.append(Result(named.name))
        return one_of(found)


def _named(scope: ir.Scope, name: str) -> ir.Parameter:
    return next(item for item in scope.parameters if item.name == name)
