"""Follows names: what an expression may be, across scopes, classes and modules. Pure, demand-driven, bounded.

Nothing is executed. Where a name is bound in several places, its value is any of theirs; where a value cannot be
followed it is `Nothing`, never a guess.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs import ir
from flaglint.refs.calls import Calls
from flaglint.refs.classes import Classes
from flaglint.refs.containers import Containers, is_display
from flaglint.refs.definitions import is_method, is_property, owner_of
from flaglint.refs.names import Names
from flaglint.refs.passing import Passing
from flaglint.refs.strings import Strings
from flaglint.refs.values import (
    NOTHING,
    Alternatives,
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
    Partial,
    Place,
    Result,
    Str,
    Value,
    one_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from flaglint.refs.cells import Step
    from flaglint.refs.index import SpecIndex
    from flaglint.refs.program import Program, UnitRef

MAX_DEPTH = 60  # expressions within expressions
MAX_STEPS = 20_000  # expressions to settle one question
MAX_STEPS_IN_A_UNIT = 40_000  # of all questions about one statement; a large server as a whole comes to 20,000
FEW_STEPS = 200  # for each question about a statement that goes round in circles for longer
MAX_TRIES = 3  # at an expression whose value goes in circles


class Resolver:
    """Evaluates expressions of the facts to abstract values, each once."""

    def __init__(self, program: Program, index: SpecIndex) -> None:
        self.passing = Passing(self)
        self.strings = Strings(self)
        self.classes = Classes(self, self.passing)
        self.containers = Containers(self, self.classes)
        self.names = Names(self, program, index, self.classes, self.containers)
        self.calls = Calls(self, index, self.names, self.classes, self.containers, self.strings, self.passing)
        self._memo: dict[tuple[int, Place], Value] = {}
        self._alive: dict[int, ir.Expr] = {}  # what the memo knows by its identity, which nothing else may get
        self._busy: set[tuple[int, Place, int]] = set()
        self._tries: dict[tuple[int, Place, int], int] = {}
        self._depth = 0
        self._steps = 0
        self._limit = MAX_STEPS
        self._spent: dict[UnitRef, int] = {}
        self._cuts = 0
        self.log: dict[Step, None] | None = None  # while somebody asks by which steps a value is found
        self._notes: dict[tuple[int, Place], tuple[Value, dict[Step, None]]] = {}
        self._bound_notes: dict[tuple[int, Place, Bound], tuple[Value, dict[Step, None]]] = {}

    def give_up(self) -> Value:
        """Return `Nothing` for what is cut short, so that no conclusion on the way to it is remembered."""
        self._cuts += 1
        return NOTHING

    def named(self, dotted: str, frame: Frame) -> Value:
        """Return what a dotted name in a string leads to, from the longest module of the program that begins it."""
        return self.names.dotted(dotted, frame.place.unit.view, self.attribute)

    def binding(self, binding: ir.Binding, frame: Frame) -> Value:
        """Return the value that one binding gives to its name."""
        return self.names.binding(binding, frame)

    def value(self, expr: ir.Expr, frame: Frame) -> Value:
        """Return what `expr` may be where `frame` stands; `Nothing` for a cycle or a chain that is too long."""
        if self.log is not None:
            return self._noted(expr, frame)
        key = (id(expr), frame.place)
        memo = self._memo if frame.bound is None else frame.bound.memo
        if key in memo:
            return memo[key]
        busy = (*key, id(frame.bound))
        if self._depth:
            self._steps += 1
        else:
            self._steps = 0
            self._limit = self._patience(frame.place.unit)
        if busy in self._busy or self._depth > MAX_DEPTH or self._steps > self._limit:
            return self.give_up()
        self._alive[id(expr)] = expr
        cuts = self._cuts
        self._busy.add(busy)
        self._depth += 1
        try:
            found = self._value(expr, frame)
        finally:
            self._busy.discard(busy)
            self._depth -= 1
            if not self._depth:
                self._spent[frame.place.unit] = self._spent.get(frame.place.unit, 0) + self._steps
        if cuts == self._cuts or not self._depth:
            memo[key] = found
        else:  # cut short on the way, so no conclusion yet; but what goes in circles is tried only a few times
            tries = self._tries[busy] = self._tries.get(busy, 0) + 1
            if tries >= MAX_TRIES:
                memo[key] = found
        return found

    def _patience(self, unit: UnitRef) -> int:
        """Return how many steps a question in a unit may take."""
        return MAX_STEPS if self._spent.get(unit, 0) < MAX_STEPS_IN_A_UNIT else FEW_STEPS

    def steps(self, ask: Callable[[], Value]) -> list[Step]:
        """Return the attributes and names of modules that give a value, which `ask` asks for."""
        self.log = {}
        self._steps = 0
        try:
            ask()
            return list(self.log)
        finally:
            self.log = None
            self._bound_notes.clear()

    def _noted(self, expr: ir.Expr, frame: Frame) -> Value:
        """Return what `expr` may be, and note the steps to it in the log."""
        assert self.log is not None
        key = (id(expr), frame.place)
        bound = frame.bound
        noted = self._notes.get(key) if bound is None else self._bound_notes.get((*key, bound))
        if noted is None:
            busy = (*key, id(bound))
            if not self._depth:
                self._limit = self._patience(frame.place.unit)
            self._steps += 1
            if busy in self._busy or self._depth > MAX_DEPTH or self._steps > self._limit:
                return self.give_up()
            self._alive[id(expr)] = expr
            cuts, outer, before = self._cuts, self.log, self._steps
            self._busy.add(busy)
            self._depth += 1
            self.log = {}
            try:
                noted = self._value(expr, frame), self.log
            finally:
                self._busy.discard(busy)
                self._depth -= 1
                self.log = outer
                if not self._depth:
                    self._spent[frame.place.unit] = self._spent.get(frame.place.unit, 0) + self._steps - before
            if cuts == self._cuts and bound is None:
                self._notes[key] = noted
            elif cuts == self._cuts and bound is not None:
                self._bound_notes[*key, bound] = noted
        self.log.update(noted[1])
        return noted[0]

    def _value(self, expr: ir.Expr, frame: Frame) -> Value:
        match expr:
            case ir.Text():
                return Str((expr.value,))
            case ir.Value():
                return Const(expr.value)
            case ir.Name():
                return self.names.lookup(expr, frame)
            case ir.Attribute():
                return (
                    NOTHING if is_display(expr.base, frame) else self.attribute(self.value(expr.base, frame), expr.name)
                )
            case ir.Call():
                return self.calls.called(expr, frame)
            case ir.Choice():
                return one_of(self.value(option, frame) for option in expr.options)
            case ir.Awaited():
                return self.value(expr.operand, frame)
            case ir.Lambda():
                return Function(Place(frame.place.unit, expr.scope), bound=frame.bound)
            case ir.Join():
                return self.strings.joined(expr.parts, frame, expr.step)
            case ir.Percent():
                return self.strings.percent(expr, frame)
            case _:
                return self._container(expr, frame)

    def _container(self, expr: ir.Expr, frame: Frame) -> Value:
        match expr:
            case ir.Subscript():
                return self.containers.subscript(self.value(expr.base, frame), self.value(expr.index, frame))
            case ir.Sequence():
                return Items(tuple(self.containers.display(expr, frame)))
            case ir.Mapping():
                return self.containers.pairs(expr, frame)
            case ir.Comprehension():
                return self.containers.comprehension(expr, frame)
            case _:
                return NOTHING

    def _of_member(self, member: Member, name: str) -> Value:
        """Return an attribute of a member of an enumeration: what it stands for, its name, or one of its methods."""
        if name in {"value", "_value_"}:
            return member.value
        if name == "name":
            return Str((member.name,))
        if isinstance(member.value, Flagged) and any(read.name == name for read in member.value.spec.reads):
            return self.attribute(member.value, name)  # what reads the flag is often a method of the enumeration
        method = self.classes.class_member(member.of, name)
        if not isinstance(method, Function) or not is_method(method.place.definition):
            return NOTHING
        bound = Function(method.place, member)
        return self.classes.property_value(bound) if is_property(method.place.definition) else bound

    def _of_any_member(self, base: Str, name: str) -> Value:
        """Return a method of an enumeration, asked of `self` there: of whichever member a caller has; or nothing."""
        hole = base.holes[0]
        place = hole.owner if not hole.is_attribute else None
        owner = owner_of(place) if place is not None else None
        if place is None or owner is None or place.definition.parameters[0].name != hole.name:
            return NOTHING
        method = self.classes.class_member(Class(owner), name) if self.classes.is_enum(Class(owner)) else None
        if not isinstance(method, Function) or not is_method(method.place.definition):
            return NOTHING
        bound = Function(method.place, base)
        return self.classes.property_value(bound) if is_property(method.place.definition) else bound

    def attribute(self, base: Value, name: str) -> Value:
        """Return `base.name`."""
        match base:
            case Known() | Result():
                dotted = f"{base.name}.{name}"
                return Known(dotted)
            case Module():
                return self.names.of_module(base, name)
            case Class():
                return self.classes.class_attribute(base, name)
            case Instance():
                return self.classes.instance_attribute(base, name)
            case Member():
                return self._of_member(base, name)
            case Flagged():
                read = next((read for read in base.spec.reads if read.name == name), None)
                return FlaggedMethod(base, read) if read is not None else NOTHING
            case Alternatives():
                return one_of(self.attribute(option, name) for option in base.values)
            case Partial() if name == "func":
                return base.func
            case Str() if base.text is None and base.holes and not isinstance(base.parts[0], str):
                method = self._of_any_member(base, name)
                if not isinstance(method, Nothing):
                    return method
                # an attribute of something that a caller passes: a contract by the attribute's name
                passed = base.holes[0].parameter
                return Str((Hole(None, name, is_attribute=True, passed=passed),), (f"attribute {name}",))
            case Batch():
                return base
            case _:
                return NOTHING
