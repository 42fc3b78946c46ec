"""The names under which a file hands on what a run looks for: wrappers, methods of SDKs, dictionaries of flags.

A wrapper is called by its own name, and by any that it is given: in an assignment, on an object, as an element of a
table, by a function that returns it. Each of these is a word of the run from then on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs import ir
from flaglint.refs.classes import class_bodies
from flaglint.refs.definitions import owner_of
from flaglint.refs.values import (
    Alternatives,
    Argued,
    Batch,
    Class,
    FlaggedMethod,
    Frame,
    Function,
    Instance,
    Items,
    Known,
    Pairs,
    Partial,
    Place,
    Result,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from flaglint.refs.index import SpecIndex
    from flaglint.refs.program import UnitRef
    from flaglint.refs.recognise import Recogniser
    from flaglint.refs.resolve import Resolver
    from flaglint.refs.values import Value
    from flaglint.refs.words import Words

_PASSING = frozenset({"partial", "LocalProxy", "staticmethod", "classmethod", "method_decorator"})
# Methods that frameworks call: their name alone says nothing about who calls them.
_FRAMEWORK = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "dispatch", "handle", "run", "main", "setUp", "call"}
)


class Handing:
    """Finds the names that units give to what a run looks for."""

    def __init__(self, resolver: Resolver, recogniser: Recogniser, index: SpecIndex, words: Words) -> None:
        self.resolver = resolver
        self.recogniser = recogniser
        self.index = index
        self.words = words
        self.unnamed = False  # whether something is called by a name that so many others have that nobody looks for it
        self.holders: set[str] = set()  # names of what holds flags, or gives what does; others only read some

    def called(self, place: Place) -> set[str]:
        """Return the words by which callers name a function, as `calling_names`; note where there are none."""
        names = calling_names(place) or self._called_by_program(place)
        if not names and place.definition.kind != "lambda":
            self.unnamed = True
        return names

    def _called_by_program(self, place: Place) -> set[str]:
        """Return the name of a method that is called as frameworks call theirs, of a class that is none of theirs."""
        owner = owner_of(place)
        if owner is None or place.definition.name not in _FRAMEWORK:
            return set()
        classes = self.resolver.classes
        is_own = all(isinstance(base, Class) for base in classes.bases(Class(owner)))
        return {place.definition.name} if is_own and not classes.outside_bases(Class(owner)) else set()

    def names(self, unit: UnitRef) -> set[str]:
        """Return the names that a unit gives to something that it makes out of what this run looks for."""
        found: set[str] = set()
        for number, scope in enumerate(unit.facts.scopes):
            is_seen = number == 0  # by other files, or by the methods of the class
            for name, bindings in scope.bindings.items():
                for binding in bindings:
                    given = _given(binding)
                    value = self.handed_on(unit, given, number, is_seen=is_seen) if given is not None else None
                    if value is not None and self.leads(value, is_seen=is_seen):
                        found |= self.noted({name}, (value,))
                    elif value is not None:
                        found |= self.kept_by(value)
            for name, assigned in scope.instance.items():
                given_to = ((_default_of(unit, item), item.scope) for item in assigned)
                found |= self.noted({name}, self.all_handed_on(unit, given_to))
            if scope.kind == "function" and (values := self.all_handed_on(unit, ((e, number) for e in scope.returns))):
                found |= self.noted(self.called(Place(unit, number)), values)
            if scope.kind == "class":
                bases = ((base, max(scope.parent, 0)) for base in scope.bases)
                found |= self.noted({scope.name}, self.all_handed_on(unit, bases))
        return found

    def renamed(self, old: str, new: str) -> set[str]:
        """Return the other name that is given to a name of this run; note that it holds flags, if that may."""
        if old in self.holders or old in self.index.beside_heads or old in self.index.batches:
            self.holders.add(new)
        return {new}

    def noted(self, names: set[str], values: Collection[Value]) -> set[str]:
        """Return the names of what this run looks for, none if there are no values; note those of what holds flags."""
        if not all(map(self.only_reads, values)):
            self.holders |= names
        return names if values else set()

    def only_reads(self, value: Value) -> bool:
        """Whether calling a value reads some flags, and gives nothing by which others could be looked up."""
        match value:
            case Function():
                is_lambda = value.place.definition.kind == "lambda"  # which may return anything
                return not is_lambda and calling_names(value.place).isdisjoint(self.holders)
            case Known():  # a read of one flag, as what `leads` takes it for
                is_many = value.name.rpartition(".")[2] in self.index.batches
                return not is_many and value.name not in self.index.looked_into | self.index.overrides.keys()
            case FlaggedMethod():
                return True
            case Partial():
                return self.only_reads(value.func)
            case Alternatives():
                return all(map(self.only_reads, value.values))
            case _:
                return False

    def all_handed_on(self, unit: UnitRef, given: Iterable[tuple[ir.Expr, int]]) -> list[Value]:
        """Return those of some expressions, each in a scope of a unit, that are something that this run looks for.

        A dictionary of flags is one where others see what is made of it; in its own function it is found without.
        """
        values = (self.handed_on(unit, expr, scope, is_seen=True) for expr, scope in given)
        return [value for value in values if value is not None and self.leads(value, is_seen=True)]

    def handed_on(self, unit: UnitRef, expr: ir.Expr, scope: int, *, is_seen: bool) -> Value | None:
        """Return what an expression is, where its names say that it may be something that this run looks for.

        Of a list or dictionary that stands there, only those parts are looked at of which they do.
        """
        if not self.names_some(unit, expr, is_seen=is_seen):
            return None
        frame = Frame(Place(unit, scope))
        match expr:
            case ir.Mapping():
                parts = [(value, key is None) for key, value in expr.pairs]
            case ir.Sequence():
                parts = [(item.value, True) if isinstance(item, ir.Spread) else (item, False) for item in expr.items]
            case _:
                return self.resolver.value(expr, frame)
        named = [(part, is_spread) for part, is_spread in parts if self.names_some(unit, part, is_seen=is_seen)]
        values = ((self.resolver.value(part, frame), is_spread) for part, is_spread in named)
        return Items(tuple(v for v, is_spread in values if not is_spread or isinstance(v, Items | Pairs)))

    def names_some(self, unit: UnitRef, expr: ir.Expr, *, is_seen: bool) -> bool:
        """Whether an expression holds a name of something that this run looks for, or a lambda that may use one."""
        known, beside = self.words.hits.known, self.index.beside_heads if is_seen else frozenset()
        return any(
            self.may_read(unit, found) if isinstance(found, ir.Lambda) else found in known or found in beside
            for found in _names_of(expr)
        )

    def may_read(self, unit: UnitRef, function: ir.Lambda) -> bool:
        """Whether a lambda, or a function behind it, calls something by a name of this run, or looks something up."""
        known, heads = self.words.hits.known, self.index.heads
        return any(
            site.scope >= function.scope and (not site.head or site.head in known or site.head in heads)
            for site in unit.facts.sites
        )

    def kept_by(self, value: Value) -> set[str]:
        """Return the attributes in which an object keeps what its constructor was given, and this run looks for."""
        found: set[str] = set()
        for option in options(value):
            if not isinstance(option, Instance) or option.bound is None:
                continue
            for unit, scope in class_bodies(option.of):
                for name, assigned in scope.instance.items():
                    for item in assigned:
                        key = (Place(unit, item.scope), item.value.id) if isinstance(item.value, ir.Name) else None
                        given = option.bound.values.get(key) if key is not None else None
                        if isinstance(given, Argued):
                            given = self.resolver.value(given.expr, given.frame)
                        if given is not None and self.leads(given, is_seen=True):
                            found |= self.noted({name}, (given,))
        return found

    def leads(self, value: Value, *, is_seen: bool) -> bool:
        """Whether calling a value, or looking something up in it, may read a flag."""
        for option in options(value):
            match option:
                case Function():
                    leads = self.recogniser.summary(option.place) is not None
                case Partial():
                    leads = self.leads(option.func, is_seen=is_seen)
                case FlaggedMethod():
                    leads = True
                case Known():
                    owner, _, method = option.name.rpartition(".")
                    leads = option.name in self.index.functions or bool(self.index.method_calls(owner, method))
                    leads = leads or (method == "get" and owner in self.index.looked_into)
                    leads = leads or (is_seen and (option.name in self.index.looked_into | self.index.overrides.keys()))
                case Class():
                    bases = self.resolver.classes.outside_bases(option) if is_seen else ()
                    leads = any(name in self.index.looked_into for name in bases)
                case Result():
                    leads = is_seen and option.name in self.index.looked_into
                case Batch():
                    leads = is_seen
                case Items():
                    leads = any(self.leads(item, is_seen=is_seen) for item in option.values)
                case Pairs():
                    leads = any(self.leads(item, is_seen=is_seen) for _, item in option.values)
                case _:
                    leads = False
            if leads:
                return True
        return False


def _given(binding: ir.Binding) -> ir.Expr | None:
    """Return what a name is bound to, or to elements of which."""
    if isinstance(binding, ir.Assigned):
        return binding.value
    return binding.iterable if isinstance(binding, ir.Iterated) else None


def _names_of(expr: ir.Expr) -> Iterator[str | ir.Lambda]:
    """Yield the names in what an expression may be, or be made of; a lambda, which has none, as it is."""
    waiting = [expr]  # a chain of thousands of operators is as deep
    while waiting:
        match part := waiting.pop():
            case ir.Name():
                yield part.id
            case ir.Attribute():
                yield part.name
                waiting.append(part.base)
            case ir.Lambda():
                yield part
            case ir.Text():  # `getattr(module, "f")`, `config["FLAGS"]`
                yield part.value
            case _:
                waiting += ir.made_of(part)


def _default_of(unit: UnitRef, item: ir.Assigned) -> ir.Expr:
    """Return what is assigned; of a parameter its default, when it has one."""
    if isinstance(item.value, ir.Name):
        for parameter in unit.facts.scopes[item.scope].parameters:
            if parameter.name == item.value.id and parameter.default is not None:
                return parameter.default
    return item.value


def calling_names(place: Place) -> set[str]:
    """Return the words by which callers name a function: its name, or its class when it is a constructor."""
    scope = place.definition
    owner = owner_of(place)
    if scope.kind == "lambda":
        return _bound_names(place)
    if owner is not None and scope.name in {"__init__", "__call__"}:
        return {owner.definition.name}
    if scope.name.startswith("__") or (owner is not None and scope.name in _FRAMEWORK):
        return set()
    return {scope.name}


def _bound_names(place: Place) -> set[str]:
    """Return the names that a lambda is bound to in its unit."""
    return {
        name
        for scope in place.unit.facts.scopes
        for name, bindings in scope.bindings.items()
        for item in bindings
        if isinstance(item, ir.Assigned) and isinstance(item.value, ir.Lambda) and item.value.scope == place.scope
    }


def alias_of(expr: ir.Expr) -> str:
    """Return the last name of what an assignment gives another name to, or nothing for a call's result."""
    match expr:
        case ir.Attribute():
            return expr.name
        case ir.Name():
            return expr.id
        case ir.Call() if expr.args and alias_of(expr.func) in _PASSING:
            return alias_of(expr.args[0].value)
        case _:
            return ""
