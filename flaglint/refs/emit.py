"""Turns matches into references: their place, role, key, default and traits; and settles what was only likely."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from flaglint.model import (
    Confidence,
    Default,
    Kind,
    Literal,
    OneOf,
    Pattern,
    Reference,
    Span,
    Unknown,
    ValueType,
)
from flaglint.refs import ir
from flaglint.refs.definitions import body_place
from flaglint.refs.keys import key_of, keys_in, steps
from flaglint.refs.match import Match
from flaglint.refs.tests import is_test
from flaglint.refs.values import (
    Argued,
    Class,
    Const,
    Flagged,
    Frame,
    Items,
    Known,
    Pairs,
    Place,
    Str,
    Value,
    one_of,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.refs.index import SpecIndex
    from flaglint.refs.program import ModuleView, UnitRef
    from flaglint.refs.recognise import Recogniser
    from flaglint.refs.resolve import Resolver

# attribute -> the class whose methods read it (None: an unknown object) -> the classes that set it
Contracts: TypeAlias = "dict[str, dict[Class | None, dict[Class, Value]]]"
# Names of methods that say so little that a key alone does not make them a read of a flag.
_GENERIC = frozenset({"get", "run", "on", "value", "string", "boolean", "integer", "object", "float", "number", "json"})


class Emitter:
    """Collects the references of one run."""

    def __init__(
        self,
        resolver: Resolver,
        recogniser: Recogniser,
        index: SpecIndex,
        keys: frozenset[str],
        contracts: Contracts,
    ) -> None:
        self.resolver = resolver
        self.recogniser = recogniser
        self.index = index
        self.keys = keys
        self.contracts = contracts
        self.certain: list[Reference] = []
        self.candidates: list[Reference] = []
        self.parametric: list[tuple[Place, Reference]] = []
        self.called: set[Place] = set()
        self._tests: dict[str, bool] = {}

    def is_test(self, view: ModuleView) -> bool:
        """Whether a module is a test."""
        if view.path not in self._tests:
            self._tests[view.path] = is_test(view.path, view.text.text)
        return self._tests[view.path]

    def unit(self, unit: UnitRef, is_site: Callable[[ir.Site, UnitRef], bool]) -> None:
        """Collect the references of one unit."""
        facts = unit.facts
        for number, site in enumerate(facts.sites):
            if is_site(site, unit):
                for match in self.recogniser.site(unit, number):
                    self.add(unit, site, match)
                if site.head in self.index.override_methods and self.is_test(unit.view):
                    frame = Frame(Place(unit, site.scope))
                    if isinstance(site.expr, ir.Call) and self.is_handed_in(site.expr.func, frame):
                        for match in self.recogniser.overrides.by_method(site.head, site.expr, frame):
                            self.add(unit, site, match)
                if site.head == "update":
                    self.updated(unit, site)
        for store in facts.stores:
            self.store(unit, store)
        for number in range(len(facts.scopes)):
            self.bindings(unit, number)

    def declarations(self, unit: UnitRef) -> None:
        """Collect what a unit declares, and nothing else of it."""
        for number, site in enumerate(unit.facts.sites):
            for match in self.recogniser.site(unit, number) if isinstance(site.expr, ir.Call) else ():
                if match.kind is Kind.DECLARATION:
                    self.add(unit, site, match)
            if site.head == "update":
                self.updated(unit, site)
        for store in unit.facts.stores:
            self.store(unit, store)
        for number in range(len(unit.facts.scopes)):
            self.bindings(unit, number)

    def is_handed_in(self, func: ir.Expr, frame: Frame) -> bool:
        """Whether what is called is a method, or a function that a test is given as a fixture."""
        return isinstance(func, ir.Attribute) or any(
            isinstance(option, Str) and option.holes for option in options(self.resolver.value(func, frame))
        )

    def add(self, unit: UnitRef, site: ir.Site, match: Match) -> None:
        """Keep one match of a site as a reference, a candidate, or the inner read of a wrapper."""
        if self.contracts and match.kind is Kind.READ:
            match = self.by_contract(unit, site, match)
        key = key_of(match.key)
        if match.wrapper is not None and not (isinstance(key, Unknown) or match.holes):
            self.called.add(match.wrapper)
        if match.kind is Kind.READ and isinstance(key, Unknown) and match.is_candidate:
            return
        in_test = self.is_test(unit.view)
        kind = Kind.OVERRIDE if in_test and match.via == ("database row",) else match.kind
        reference = Reference(
            key=key,
            span=self.span(unit, site.start, site.end),
            kind=kind,
            role=site.role,
            qualname=unit.local_name(site.scope),
            sdk=match.sdk,
            via=(*match.via, *steps(match.key)) or ("literal",),
            confidence=match.confidence,
            default=default_of(match.default, unit, self.resolver),
            value_type=match.returns,
            is_test=in_test,
            compared_with=self.compared(unit, site),
            traits=frozenset(self.traits(unit, site, match)),
        )
        if match.is_candidate:
            if site.head not in _GENERIC:
                self.candidates.append(reference)
        elif match.holes:
            place = function_of(unit, site.scope)
            if match.kind is Kind.READ and place is not None:
                self.parametric.append((place, reference))
        elif not (kind is not Kind.READ and isinstance(key, Unknown)):
            self.certain.append(reference)

    def by_contract(self, unit: UnitRef, site: ir.Site, match: Match) -> Match:
        """Return a read whose key is an attribute with the values that classes set it to."""
        for name, owner in self.recogniser.attribute_contracts(unit, site, match):
            values = [
                Str(option.parts, (f"class attribute {cls.place.qualname}.{name}",))
                for cls, value in self.contracts.get(name, {}).get(owner, {}).items()
                for option in options(value)
                if isinstance(option, Str) and option.text
            ]
            if values:
                own = [] if match.holes else [match.key]
                guessed = owner is None
                return replace(
                    match,
                    key=one_of((*own, *values)),
                    confidence=Confidence.LIKELY if guessed else match.confidence,
                    is_candidate=guessed,
                )
        return match

    def span(self, unit: UnitRef, start: int, end: int) -> Span:
        """Return the span of a stretch of a unit."""
        text = unit.view.text
        return Span(unit.view.path, text.position(unit.unit.start + start), text.position(unit.unit.start + end))

    def compared(self, unit: UnitRef, site: ir.Site) -> tuple[bool | int | float | str | None, ...]:
        """Return the literals that the value is compared with, directly or through the local it is assigned to."""
        found = list(site.compared)
        if site.target:
            found += unit.facts.scopes[site.scope].compares.get(site.target, ())
        return tuple(dict.fromkeys(found))

    def traits(self, unit: UnitRef, site: ir.Site, match: Match) -> Iterator[str]:
        """Yield what else matters of a read."""
        yield from site.traits
        if match.inverted:
            yield "inverted"
        if match.many:
            yield "batch"
        if match.is_fixed:
            yield "fixed-wrapper"
        if match.is_mixed:
            yield "mixed-wrapper"
        if match.is_coroutine and match.wrapper is None:
            yield "coroutine"
        if function_of(unit, site.scope) is None:
            yield "at-import"
        for guard in site.guards:
            for found in self.recogniser.site(unit, guard):
                key = key_of(found.key)
                if found.kind is Kind.READ and isinstance(key, Literal):
                    yield f"guarded-by:{key.key}"

    # --------------------------------------------------------------------------------------- stores and declarations

    def store(self, unit: UnitRef, store: ir.Store) -> None:
        """Collect what `FEATURES["k"] = value` does: an override in a test, a declaration elsewhere."""
        if not isinstance(store.target, ir.Subscript):
            return
        frame = Frame(Place(unit, store.scope))
        for base in options(self.resolver.value(store.target.base, frame)):
            if not isinstance(base, Known):
                continue
            in_test = self.is_test(unit.view)
            specs = [sdk for sdk, _ in self.index.dictionaries.get(base.name, ())]
            specs += [sdk for sdk, spec in self.index.declared.get(base.name, ()) if base.name in spec.dictionaries]
            for sdk in specs[:1]:
                key = self.resolver.value(store.target.index, frame)
                self.plain(
                    unit,
                    store.start,
                    store.end,
                    Match(
                        Kind.OVERRIDE if in_test else Kind.DECLARATION,
                        sdk,
                        key,
                        ValueType.UNKNOWN,
                        default=Argued(store.value, frame),
                    ),
                    scope=store.scope,
                    role="assignment",
                )

    def updated(self, unit: UnitRef, site: ir.Site) -> None:
        """Collect the keys that `DEFAULTS.update({...})` adds to a dictionary that declares flags."""
        call = site.expr
        if not isinstance(call, ir.Call) or not isinstance(call.func, ir.Attribute) or not call.args:
            return
        frame = Frame(Place(unit, site.scope))
        for base in options(self.resolver.value(call.func.base, frame)):
            for sdk, spec in self.index.declared.get(base.name, ()) if isinstance(base, Known) else ():
                if spec.dictionaries:
                    self.declared_collection(unit, sdk, call.args[0].value, frame)

    def bindings(self, unit: UnitRef, number: int) -> None:
        """Collect the keys that a binding declares, and the class attributes that a base class reads."""
        scope = unit.facts.scopes[number]
        is_class = scope.kind == "class"
        if is_class and unit.member < 0 and unit.unit.members and number:
            return  # the members are units of their own
        if is_class:
            owner = Class(body_place(unit, number))
            for name, bindings in scope.bindings.items():
                for binding in bindings:
                    if isinstance(binding, ir.Assigned):
                        self.class_binding(unit, owner, name, binding)
        elif scope.kind == "unit":
            for name, bindings in scope.bindings.items():
                declared = self.index.declared.get(f"{unit.view.name}.{name}", ())
                for binding in bindings:
                    value = binding.value if isinstance(binding, ir.Assigned) else None
                    for sdk, spec in declared:
                        if value is not None and not spec.calls:
                            self.declared_collection(unit, sdk, value, Frame(Place(unit, 0)))

    def declared_collection(self, unit: UnitRef, sdk: str, value: ir.Expr, frame: Frame) -> None:
        """Collect the keys of a dictionary or list that declares flags."""
        match value:
            case ir.Mapping():
                for (key, default), (start, end) in zip(value.pairs, value.offsets, strict=False):
                    if key is None:
                        self.declared_collection(unit, sdk, default, frame)
                        continue
                    found = Match(
                        Kind.DECLARATION,
                        sdk,
                        self.resolver.value(key, frame),
                        ValueType.UNKNOWN,
                        default=Argued(default, frame),
                    )
                    self.plain(unit, start, end, found, role="dict-key")
                if not value.offsets:
                    for _, part in value.pairs:
                        self.declared_collection(unit, sdk, part, frame)
            case ir.Sequence() | ir.Call() | ir.Name() | ir.Comprehension():
                self.declared_items(unit, sdk, value, frame)

    def declared_items(self, unit: UnitRef, sdk: str, value: ir.Expr, frame: Frame) -> None:
        """Collect the keys of a list, of tuples that begin with a key, or of a dictionary made by a call."""
        if isinstance(value, ir.Name):
            return  # the other name is bound to a display somewhere; that one declares
        for option in options(self.resolver.value(value, frame)):
            keys: list[Value] = []
            if isinstance(option, Items):
                keys = [item.values[0] if isinstance(item, Items) and item.values else item for item in option.values]
            elif isinstance(option, Pairs):
                keys = [key for key, _ in option.values]
            for key in keys:
                self.plain(unit, 0, 0, Match(Kind.DECLARATION, sdk, key, ValueType.UNKNOWN), role="element")

    def class_binding(self, unit: UnitRef, owner: Class, name: str, binding: ir.Assigned) -> None:
        """Collect a class attribute that a base class reads as a key, or an enum member that declares one."""
        if owner.place.qualname in self.index.declared and not name.startswith("_"):
            for sdk, spec in self.index.declared[owner.place.qualname]:
                if spec.enums:
                    value = self.resolver.classes.own_member(owner, name)
                    for option in options(value) if value is not None else ():
                        first = option.values[0] if isinstance(option, Items) and option.values else option
                        found = Match(Kind.DECLARATION, sdk, first, ValueType.UNKNOWN)
                        self.plain(unit, binding.start, binding.end, found, role="enum-member")
        for match in self.attribute_reads(owner, name, binding, unit):
            self.plain(unit, binding.start, binding.end, match, scope=binding.scope, role="class-attribute")

    def attribute_reads(self, owner: Class, name: str, binding: ir.Assigned, unit: UnitRef) -> Iterator[Match]:
        """Yield the reads that setting a class attribute causes."""
        packed = self.index.attributes.get(name, ())
        if not packed:
            return
        value = self.resolver.value(binding.value, Frame(Place(unit, binding.scope)))
        bases = set(self.resolver.classes.outside_bases(owner))
        for sdk, spec in packed:
            if bases & set(spec.bases):
                yield from self.prefixed(sdk, spec.inverted_by_prefix, value)

    @staticmethod
    def prefixed(sdk: str, prefix: str, value: Value) -> Iterator[Match]:
        """Yield the reads of keys in a class attribute, a leading mark taken as inversion."""
        found = [
            item for option in options(value) for item in (option.values if isinstance(option, Items) else [option])
        ]
        for option in found:
            text = option.text if isinstance(option, Str) else None
            if text is None:
                continue
            inverted = bool(prefix) and text.startswith(prefix)
            yield Match(Kind.READ, sdk, Str((text.removeprefix(prefix) if inverted else text,)), inverted=inverted)

    def plain(self, unit: UnitRef, start: int, end: int, match: Match, *, scope: int = 0, role: str) -> None:
        """Keep a match that stands at no call."""
        key = key_of(match.key)
        if isinstance(key, Unknown):
            return
        reference = Reference(
            key=key,
            span=self.span(unit, start, end),
            kind=match.kind,
            role=role,
            qualname=unit.local_name(scope),
            sdk=match.sdk,
            via=(*match.via, *steps(match.key)) or ("literal",),
            confidence=match.confidence,
            default=default_of(match.default, unit, self.resolver),
            value_type=match.returns,
            is_test=self.is_test(unit.view),
            traits=frozenset({"inverted"} if match.inverted else ()),
        )
        (self.candidates if match.is_candidate else self.certain).append(reference)

    # ---------------------------------------------------------------------------------------------------- settling

    def settle(self) -> tuple[Reference, ...]:
        """Return all references, sorted; candidates only where their key is a flag's."""
        known = set(self.keys)
        for reference in self.certain:
            if reference.kind is Kind.DECLARATION:
                known.update(keys_in(reference.key))
        found = list(self.certain)
        for reference in self.candidates:
            keys = [key for key in keys_in(reference.key) if key in known]
            if keys and len(keys) == len(keys_in(reference.key)):
                found.append(reference)
        for place, reference in self.parametric:
            if place not in self.called and isinstance(reference.key, Pattern):
                found.append(reference)
        certain_places = {(item.span, item.kind) for item in found if item.confidence is Confidence.CERTAIN}
        unique: dict[tuple[Span, Kind], Reference] = {}
        for item in found:
            where = (item.span, item.kind)
            if item.confidence is Confidence.CERTAIN or where not in certain_places:
                unique[where] = _merged(unique[where], item) if where in unique else item
        return tuple(sorted(unique.values(), key=lambda item: (item.span, item.kind, str(item.key), item.sdk)))


def _merged(first: Reference, second: Reference) -> Reference:
    """Return one reference for two at the same place: a call of one of several wrappers reads any of their flags."""
    if first.kind not in {Kind.READ, Kind.OVERRIDE} and first.key != second.key:
        return first
    keys = sorted({*keys_in(first.key), *keys_in(second.key)})
    if first.key == second.key or not keys_in(second.key):
        return first
    via = tuple(dict.fromkeys((*first.via, *second.via)))
    return replace(first, key=OneOf(tuple(keys)) if len(keys) > 1 else Literal(keys[0]), via=via)


def function_of(unit: UnitRef, scope: int) -> Place | None:
    """Return the innermost function or lambda around a scope, or None at import time."""
    scopes = unit.facts.scopes
    while scope > 0:
        if scopes[scope].kind in {"function", "lambda"}:
            return Place(unit, scope)
        scope = scopes[scope].parent
    return None


def default_of(argued: Argued | None, unit: UnitRef, resolver: Resolver) -> Default | None:
    """Return the fallback that a read passes, with its value when that is a literal or a constant."""
    del unit
    if argued is None:
        return None
    value = resolver.value(argued.expr, argued.frame)
    if isinstance(value, Const):
        return Default(repr(value.value), known=True, value=value.value)
    if isinstance(value, Str) and value.text is not None:
        return Default(repr(value.text), known=True, value=value.text)
    if isinstance(value, Flagged):
        return None
    return Default("<expression>")
