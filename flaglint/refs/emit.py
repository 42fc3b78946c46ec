"""Turns matches into references: their place, role, key, default and traits."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from flaglint.model import Confidence, Kind, Literal, Reference, Unknown, keys_in
from flaglint.records import replace
from flaglint.refs import ir
from flaglint.refs.cells import key_with
from flaglint.refs.collect import Collected, default_of
from flaglint.refs.contracts import contract_of, givings, set_to
from flaglint.refs.declarations import Declarations
from flaglint.refs.definitions import owner_of
from flaglint.refs.inheriting import of_subclass
from flaglint.refs.keys import is_open, key_of, steps
from flaglint.refs.plausible import may_carry_key
from flaglint.refs.resting import cells_of
from flaglint.refs.values import (
    NOTHING,
    Bound,
    Class,
    Frame,
    Place,
    Str,
    one_of,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.refs.contracts import Contract, Setting
    from flaglint.refs.index import SpecIndex
    from flaglint.refs.match import Match
    from flaglint.refs.program import UnitRef
    from flaglint.refs.recognise import Recogniser
    from flaglint.refs.resolve import Resolver

# What classes, and code elsewhere, set an attribute or a name to that a read takes its key from.
Settings: TypeAlias = "dict[Contract, list[Setting]]"
# Names of methods that say so little that a key alone does not make them a read of a flag.
GENERIC = frozenset({"get", "run", "on", "value", "string", "boolean", "integer", "object", "float", "number", "json"})


class Emitter:
    """Turns the sites of units into references."""

    def __init__(
        self,
        resolver: Resolver,
        recogniser: Recogniser,
        index: SpecIndex,
        settings: Settings,
        may_hold: Callable[[UnitRef], bool] = lambda _: True,
    ) -> None:
        self.resolver = resolver
        self.recogniser = recogniser
        self.index = index
        self.settings = settings
        self.collected = Collected(resolver)
        self.declared = Declarations(resolver, index, self.collected, may_hold)

    def unit(self, unit: UnitRef, is_site: Callable[[ir.Site, UnitRef], bool]) -> None:
        """Collect the references of one unit."""
        for number, site in enumerate(unit.facts.sites):
            if not is_site(site, unit):
                continue
            for match in self.recogniser.site(unit, number):
                self.add(unit, site, match)
            if site.head in self.index.override_methods and unit.view.is_test:
                self.overriding(unit, site)
        self.declared.unit(unit)

    def overriding(self, unit: UnitRef, site: ir.Site) -> None:
        """Collect what a method sets that only tests call, on whatever they call it on."""
        frame = Frame(Place(unit, site.scope))
        if isinstance(site.expr, ir.Call) and self.is_handed_in(site.expr.func, frame):
            for match in self.recogniser.overrides.by_method(site.head, site.expr, frame):
                self.add(unit, site, match)

    def declarations(self, unit: UnitRef) -> None:
        """Collect what a unit declares, and nothing else of it."""
        for number, site in enumerate(unit.facts.sites):
            for match in self.recogniser.site(unit, number) if isinstance(site.expr, ir.Call) else ():
                if match.kind is Kind.DECLARATION:
                    self.add(unit, site, match)
        self.declared.unit(unit)

    def is_handed_in(self, func: ir.Expr, frame: Frame) -> bool:
        """Whether what is called is a method, or a function that a test is given as a fixture."""
        return isinstance(func, ir.Attribute) or any(
            isinstance(option, Str) and option.holes for option in options(self.resolver.value(func, frame))
        )

    def add(self, unit: UnitRef, site: ir.Site, match: Match) -> None:
        """Keep one match of a site as a reference, a candidate, or the inner read of a wrapper."""
        found = match
        if self.settings and match.kind is Kind.READ:
            found = self.by_contract(unit, site, match)
            if not found.is_candidate and not found.holes:
                asked = partial(of_subclass, self.recogniser, unit, site, match)
                key = key_with(found.key, match, cells_of(match, self.resolver), self.settings, asked)
                found = replace(found, key=key) if key is not found.key else found
        if found.is_candidate and not match.is_candidate and not match.holes:
            self.collected.gathered.otherwise.append(self.reference(unit, site, match))
        self.keep(unit, site, found)

    def keep(self, unit: UnitRef, site: ir.Site, match: Match) -> None:
        """Keep a match as what it is by all that is known of its key here."""
        key = key_of(match.key)
        if match.wrapper is not None and not (isinstance(key, Unknown) or match.holes):
            self.collected.gathered.called.add(match.wrapper.identity)
        if match.kind is Kind.READ and isinstance(key, Unknown) and match.is_candidate:
            return
        reference = self.reference(unit, site, match)
        if match.is_candidate:
            # The key has to stand in the file itself, so that a run over this file alone says the same.
            spelled = any(map(unit.view.spells, keys_in(key)))
            set_elsewhere = any(step.startswith("class attribute ") for step in reference.via)
            if site.head not in GENERIC and (spelled or set_elsewhere):
                self.collected.gathered.candidates.append(reference)
        elif match.holes:
            place = function_of(unit, site.scope)
            if match.kind is Kind.READ and place is not None:
                told = self.of_any_member(unit, site, place)
                self.collected.gathered.parametric.append(
                    (place.identity, reference if told is None else self.reference(unit, site, told))
                )
        elif not (reference.kind is not Kind.READ and isinstance(key, Unknown)):
            self.collected.gathered.certain.append(reference)

    def of_any_member(self, unit: UnitRef, site: ir.Site, place: Place) -> Match | None:
        """Return what a read in a method of an enumeration is, whichever member that is called on; None for others."""
        owner = owner_of(place)
        if owner is None or not place.definition.parameters or not self.resolver.classes.is_enum(Class(owner)):
            return None
        members = one_of(self.resolver.classes.enum_members(Class(owner)))
        bound = Bound({(place, place.definition.parameters[0].name): members})
        found = self.recogniser.expression(site.expr, Frame(Place(unit, site.scope), bound))
        return next((item for item in found if item.kind is Kind.READ and not item.holes), None)

    def reference(self, unit: UnitRef, site: ir.Site, match: Match) -> Reference:
        """Return what a match says of its site."""
        in_test = unit.view.is_test
        return Reference(
            key=key_of(match.key),
            span=self.collected.span(unit, site.start, site.end),
            kind=Kind.OVERRIDE if in_test and match.via == ("database row",) else match.kind,
            role=site.role,
            qualname=unit.local_name(site.scope),
            sdk=match.sdk,
            via=(*match.via, *steps(match.key)) or ("literal",),
            confidence=match.confidence,
            default=default_of(match.default, self.resolver),
            value_type=match.returns,
            is_test=in_test,
            compared_with=self.compared(unit, site),
            traits=frozenset(self.traits(unit, site, match)),
        )

    def by_contract(self, unit: UnitRef, site: ir.Site, match: Match) -> Match:
        """Return a read whose key is an attribute with the values that classes set it to."""
        for name, owner, whole in givings(self.recogniser, unit, site, match):
            given = self.settings.get(contract_of(name, owner), ())
            values = [
                value
                for setting in given
                for text in setting.texts
                for value in set_to(match, name, owner, text, setting.step)
            ]
            if not whole and (len(set(values)) > 1 or NOTHING in values):
                values = [
                    of_subclass(self.recogniser, unit, site, match, setting.setter) if setting.is_inherited else NOTHING
                    for setting in given
                ]
            elif not whole:
                values = []
            if values:
                own = [item for item in options(match.key) if not (isinstance(item, Str) and item.holes)]
                if match.key == NOTHING:
                    own = []
                guessed = owner is None
                return replace(
                    match,
                    key=one_of((*own, *values)),
                    confidence=Confidence.LIKELY if guessed else match.confidence,
                    is_candidate=guessed,
                )
        return match

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
        elif is_open(match.key):
            yield "open-key"
        if match.is_fixed:
            yield "fixed-wrapper"
        if match.wrapper is not None and (match.is_fixed or not may_carry_key(site, unit)):
            yield "spelled-elsewhere"
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


def function_of(unit: UnitRef, scope: int) -> Place | None:
    """Return the innermost function or lambda around a scope, or None at import time."""
    scopes = unit.facts.scopes
    while scope > 0:
        if scopes[scope].kind in {"function", "lambda"}:
            return Place(unit, scope)
        scope = scopes[scope].parent
    return None
