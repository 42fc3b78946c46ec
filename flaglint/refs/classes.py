"""Classes of the program: their members, bases and instances, as far as the facts tell."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from flaglint.refs import ir
from flaglint.refs.cells import REPLACED, Step, is_data, step
from flaglint.refs.definitions import is_class_method, is_method, is_property
from flaglint.refs.enums import ENUMS, member_of
from flaglint.refs.values import (
    NOTHING,
    Bound,
    Class,
    Const,
    Frame,
    Function,
    Hole,
    Instance,
    Known,
    Nothing,
    Place,
    Str,
    Value,
    found_by,
    one_of,
    options,
    strings,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.refs.evaluation import Evaluator
    from flaglint.refs.passing import Passing
    from flaglint.refs.program import UnitRef

_MODELS = frozenset({"typing.NamedTuple", "pydantic.BaseModel", "pydantic.main.BaseModel", "msgspec.Struct"})
_MAKERS = frozenset(
    {"dataclasses.dataclass", "pydantic.dataclasses.dataclass", "attr.s", "attr.attrs", "attr.dataclass"}
    | {f"{package}.{name}" for package in ("attr", "attrs") for name in ("define", "frozen", "mutable")}
)
# Bases that make a class generic or abstract, and have no attributes of their own.
_BARE = frozenset(
    {"builtins.object", "abc.ABC"}
    | {f"{package}.{name}" for package in ("typing", "typing_extensions") for name in ("Generic", "Protocol")}
)
_UNSET = frozenset({Const(None), NOTHING})  # what holds the place of what subclasses set
MAX_BASES = 30
MAX_VISITS = 200  # of bases, some of them several times


class Classes:
    """Finds attributes on classes and instances."""

    def __init__(self, evaluator: Evaluator, passing: Passing) -> None:
        self.evaluator = evaluator
        self.passing = passing
        self._lineages: dict[Class, list[Class | Known]] = {}
        self._fields: dict[Class, list[str]] = {}
        self._members: dict[tuple[Class, str], Value | None] = {}
        self._setters: dict[tuple[Class, str], list[tuple[Place, ir.Binding]]] = {}

    def bases(self, cls: Class) -> list[Value]:
        """Return what the bases of a class are, in order; not those that give it nothing to read a key with."""
        place = cls.place
        outer = Frame(Place(place.unit, max(place.definition.parent, 0)))
        named = (
            base.base if isinstance(base, ir.Subscript) else base for base in place.definition.bases
        )  # `Base[int]`
        found = (option for base in named for option in options(self.evaluator.value(base, outer)))
        return [base for base in found if not (isinstance(base, Known) and base.name in _BARE)]

    def lineage(self, cls: Class) -> list[Class | Known]:
        """Return the class and everything it inherits from, each once, and where several inherit from it after these.

        So Python looks attributes up, too, but for the few cases that C3 linearization was made for.
        """
        known = self._lineages.get(cls)
        if known is None:
            visited = list(islice(self._above(cls, frozenset()), MAX_VISITS))
            known = list(reversed(dict.fromkeys(reversed(visited))))[:MAX_BASES]
            self._lineages[cls] = known
        return known

    def _above(self, base: Class | Known, below: frozenset[Value]) -> Iterator[Class | Known]:
        """Yield a class and all that it inherits from, as often as it does; what leads back to itself is left out."""
        yield base
        for further in self.bases(base) if isinstance(base, Class) else ():
            if isinstance(further, Class | Known) and further not in below and further != base:
                yield from self._above(further, below | {base})

    def outside_bases(self, cls: Class) -> list[str]:
        """Return the qualified names of the bases that are not of the program (or that a pack names)."""
        return [base.name for base in self.lineage(cls) if isinstance(base, Known)]

    def is_enum(self, cls: Class) -> bool:
        """Whether a class is an enumeration."""
        return any(name in ENUMS for name in self.outside_bases(cls))

    def enum_members(self, cls: Class) -> Iterator[Value]:
        """Yield the members of an enumeration, in order."""
        for unit, scope in class_bodies(cls):
            for name, bindings in scope.bindings.items():
                if not name.startswith("_") and any(isinstance(item, ir.Assigned) for item in bindings):
                    frame = Frame(Place(unit, body_index(unit, cls)))
                    value = one_of(self.evaluator.binding(item, frame) for item in bindings)
                    yield member_of(self, cls, name, value)

    def own_member(self, cls: Class, name: str) -> Value | None:
        """Return what the body of a class binds `name` to; None when it does not."""
        key = (cls, name)
        if self.evaluator.log is not None:
            return self._own_member(cls, name)
        if key not in self._members:
            self._members[key] = None  # a member whose value asks for itself
            self._members[key] = self._own_member(cls, name)
        return self._members[key]

    def bodies(self, cls: Class, name: str) -> list[ir.Scope]:
        """Return the parts of the body of a class that bind `name`."""
        return [scope for _, scope in class_bodies(cls, name) if name in scope.bindings]

    def _own_member(self, cls: Class, name: str) -> Value | None:
        found: list[Value] = []
        for unit, scope in class_bodies(cls, name):
            if name in scope.bindings:
                frame = Frame(Place(unit, body_index(unit, cls)))
                found += [self.evaluator.binding(item, frame) for item in scope.bindings[name]]
        return one_of(found) if found else None

    def class_member(self, cls: Class, name: str) -> Value | None:
        """Return what a class or its nearest base binds `name` to; None when none of the program does."""
        for base in self.lineage(cls):
            if isinstance(base, Known):
                continue
            value = self.own_member(base, name)
            if value is None:
                continue
            if not isinstance(value, Function) and self.is_enum(base):
                return member_of(self, base, name, value, f"enum {base.place.qualname}.{name}")
            return found_by(f"class attribute {base.place.qualname}.{name}", value)
        return None

    def own_attribute(self, cls: Class, name: str, *, or_method: bool = False) -> bool:
        """Whether a class or a base of the program binds `name` to a string in its body, or to a function there."""
        value = self.class_member(cls, name)
        kinds = (Str, Function) if or_method else Str
        return value is not None and any(isinstance(option, kinds) for option in options(value))

    def texts(self, cls: Class, name: str) -> list[str | None]:
        """Return what a class itself binds `name` to, or what its method returns; None for what is no text."""
        found: list[str | None] = []
        for option in options(self.own_member(cls, name) or NOTHING):
            if isinstance(option, Str) and option.text:
                found.append(option.text)
            elif isinstance(option, Function) and option.place.definition.returns:
                value = self.property_value(Function(option.place, Instance(cls)))
                found += [item.text if item is not None else None for item in strings(value)]
        return found

    def class_attribute(self, cls: Class, name: str) -> Value:
        """Return `Class.name`."""
        value = self.class_member(cls, name)
        if value is None:
            found = self._missing(cls, name)
            return found if cls.or_below or isinstance(found, Known) else NOTHING
        if self.evaluator.log is not None and is_data(value) and not self.is_enum(cls):
            self.evaluator.log[step(name, cls, value)] = None
            self.note_decorators(cls.place)
            self._note_metaclasses(cls, name)
        if cls.or_below and value in _UNSET:
            return self._set_below(cls, name)
        return one_of(
            Function(option.place, cls)
            if isinstance(option, Function) and is_class_method(option.place.definition)
            else option
            for option in options(value)
        )

    def instance_attribute(self, instance: Instance, name: str) -> Value:
        """Return `instance.name`: assigned to self, a class attribute, a bound method, a property's value."""
        found = self._instance_attribute(instance, name)
        if self.evaluator.log is not None:
            methods = [option for option in options(found) if isinstance(option, Function)]
            if methods or is_data(found):
                known = one_of((found, *map(self.property_value, methods)))
                self.evaluator.log[step(name, instance.of, known, is_open=instance.bound is None)] = None
                self._note_metaclasses(instance.of, name)
        return found

    def _instance_attribute(self, instance: Instance, name: str) -> Value:
        assigned = self.assigned_on_self(instance, name)
        if instance.bound is not None and instance.gives(name):
            return one_of((self.passing.given(instance.bound.values[instance.of.place, name]), *assigned))
        value = self.class_member(instance.of, name)
        if value is None and not assigned:
            return self._missing(instance.of, name)
        found: list[Value] = list(assigned)
        for option in options(value) if value is not None else ():
            if isinstance(option, Function) and is_method(option.place.definition):
                bound = Function(option.place, instance)
                found.append(self.property_value(bound) if is_property(option.place.definition) else bound)
            else:
                found.append(option)
        if instance.bound is None and not assigned and name in self.fields(instance.of):
            found.append(NOTHING)  # whoever makes one may say something else
        result = one_of(found)
        if result == Const(None) or (isinstance(result, Nothing) and not assigned):
            return self._set_below(instance.of, name)
        return result

    def _missing(self, cls: Class, name: str) -> Value:
        outside = self.outside_bases(cls)
        return Known(f"{outside[0]}.{name}") if outside else self._set_below(cls, name)

    def _set_below(self, cls: Class, name: str) -> Str:
        """Return what subclasses set, as a hole in a key."""
        return Str((Hole(cls.place, name, is_attribute=True),), (f"class attribute {name}",))

    def assigned_on_self(self, instance: Instance, name: str) -> list[Value]:
        """Return what methods of the class or its bases assign to `self.name`."""
        for base in self.lineage(instance.of):
            if not isinstance(base, Class):
                continue
            found: list[Value] = []
            for place, item in self._setting(base, name):
                if instance.bound is None:
                    found.append(self.evaluator.binding(item, Frame(place)))
                    continue
                first = place.definition.parameters[0].name
                given = {key: value for key, value in instance.bound.values.items() if key[0] == place}
                found.append(self.evaluator.binding(item, Frame(place, Bound({**given, (place, first): instance}))))
            if found:
                return found
        return []

    def _setting(self, cls: Class, name: str) -> list[tuple[Place, ir.Binding]]:
        """Return the assignments to `self.name` in the methods of one class, each with the function that makes it."""
        found = self._setters.get((cls, name))
        if found is None:
            found = self._setters[cls, name] = [
                (Place(unit, item.scope), item)
                for unit, scope in class_bodies(cls, setting=name)
                for item in scope.instance.get(name, ())
            ]
        return found

    def property_value(self, method: Function) -> Value:
        """Return what reading a property gives."""
        bound = self.passing.bound(method, (), Frame(method.place))
        inner = Frame(method.place, bound)
        return one_of(self.evaluator.value(value, inner) for value in method.place.definition.returns)

    def constructor_arguments(self, cls: Class, call: ir.Call, frame: Frame) -> Bound:
        """Return the parameters of `__init__` in a construction; of a dataclass or named tuple, its fields.

        A field is a parameter at the place of its class.
        """
        init = self.class_member(cls, "__init__")
        for option in options(init) if init is not None else ():
            if isinstance(option, Function):
                return self.passing.bound(Function(option.place, Instance(cls)), call.args, frame)
        names = self.fields(cls) if call.args else []
        if not names:
            return Bound({})
        positional, keywords, is_open = self.passing.spread(call.args, frame)
        given = {**(dict.fromkeys(names, NOTHING) if is_open else {}), **dict(zip(names, positional, strict=False))}
        return Bound({(cls.place, name): value for name, value in (given | keywords).items()})

    def fields(self, cls: Class) -> list[str]:
        """Return the fields that make up a dataclass, a named tuple or a model, in order; of any other class none."""
        found = self._fields.get(cls)
        if found is None:
            self._fields[cls] = []  # a decorator that asks for it
            names: dict[str, None] = {}
            for base in reversed(self.lineage(cls)) if self._is_made_of_fields(cls) else ():
                for _, scope in class_bodies(base) if isinstance(base, Class) else ():
                    names |= {name: None for name, items in scope.bindings.items() if any(map(_is_field, items))}
            found = self._fields[cls] = list(names)
        return found

    def note_decorators(self, place: Place) -> None:
        """Note in the log of a key that a decorator of the program may put something else in the place of this."""
        frame = Frame(Place(place.unit, max(place.definition.parent, 0)))
        for decorator in place.definition.decorators:
            made_by = self.evaluator.value(decorator.func if isinstance(decorator, ir.Call) else decorator, frame)
            is_other = any(
                isinstance(item, Function) and not _gives_back(item.place.definition) for item in options(made_by)
            )
            if is_other and self.evaluator.log is not None:
                self.evaluator.log[Step(REPLACED, place.unit.view)] = None

    def _note_metaclasses(self, cls: Class, name: str) -> None:
        """Note in the log of a key that a metaclass of the program has to do with an attribute of what it makes."""
        for base in self.lineage(cls):
            given = base.place.definition.keywords.get("metaclass") if isinstance(base, Class) else None
            if not isinstance(base, Class) or given is None:
                continue
            frame = Frame(Place(base.place.unit, max(base.place.definition.parent, 0)))
            for made_by in options(self.evaluator.value(given, frame)):
                is_told = isinstance(made_by, Class) and any(unit.holds(name) for unit, _ in class_bodies(made_by))
                if is_told and self.evaluator.log is not None:
                    self.evaluator.log[Step(REPLACED, base.place.unit.view)] = None

    def _is_made_of_fields(self, cls: Class) -> bool:
        if any(name in _MODELS for name in self.outside_bases(cls)):
            return True
        for base in self.lineage(cls):
            if not isinstance(base, Class):
                continue
            frame = Frame(Place(base.place.unit, max(base.place.definition.parent, 0)))
            for decorator in base.place.definition.decorators:
                made_by = self.evaluator.value(decorator.func if isinstance(decorator, ir.Call) else decorator, frame)
                if any(isinstance(item, Known) and item.name in _MAKERS for item in options(made_by)):
                    return True
        return False


def class_bodies(cls: Class, name: str = "", *, setting: str = "") -> Iterator[tuple[UnitRef, ir.Scope]]:
    """Yield the scopes that make up the body of a class: its own, or those of the members it was cut into.

    Of the members only those that may bind `name`, or that may assign to `self.setting`.
    """
    unit = cls.place.unit
    if cls.place.scope > 0 and not (unit.unit.members and is_top_class(cls)):
        yield unit, cls.place.definition
        return
    for member in _members(unit, name, setting):
        yield member, member.facts.scopes[0]


def _members(unit: UnitRef, name: str, setting: str) -> Sequence[UnitRef]:
    if not name and not setting:
        return unit.view.members(unit)
    named = unit.view.named_members(unit)
    return named.binding(name) if name else named.setting(setting)


def is_top_class(cls: Class) -> bool:
    """Whether a class is the one that its unit defines, and not one inside a function or another class."""
    return cls.place.unit.member < 0 and cls.place.definition.parent == 0


def body_index(unit: UnitRef, cls: Class) -> int:
    """Return the index of the scope of `unit` that is the body of the class."""
    return 0 if unit.member >= 0 and unit.owner is cls.place.unit else cls.place.scope


def _gives_back(scope: ir.Scope) -> bool:
    """Whether a function returns what it is given first, or may well do so when it is called for that."""
    first = scope.parameters[0].name if scope.parameters else ""
    return bool(scope.returns) and all(isinstance(item, ir.Name) and item.id == first for item in scope.returns)


def _is_field(binding: ir.Binding) -> bool:
    """Whether a name in the body of a class is annotated, and not as one that the class alone has."""
    if not isinstance(binding, ir.Assigned) or binding.annotation is None:
        return False
    kind = binding.annotation.base if isinstance(binding.annotation, ir.Subscript) else binding.annotation
    last = kind.name if isinstance(kind, ir.Attribute) else kind.id if isinstance(kind, ir.Name) else ""
    return last != "ClassVar"
