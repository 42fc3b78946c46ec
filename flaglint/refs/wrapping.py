"""Finds wrappers, round by round: functions that read a flag for their callers, and the names they are called by."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flaglint.model import Kind, Span, Wrapper
from flaglint.refs import ir
from flaglint.refs.contracts import Contract, Setting, contract_of, givings, settings_in
from flaglint.refs.definitions import is_property, owner_of
from flaglint.refs.fields import names_of_fields
from flaglint.refs.handing import Handing, alias_of
from flaglint.refs.keys import key_of
from flaglint.refs.resetting import Resetting
from flaglint.refs.resting import cells_of
from flaglint.refs.values import Class, Frame, Place, Result, options
from flaglint.refs.words import standing_at

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flaglint.refs.cells import Cell
    from flaglint.refs.index import SpecIndex
    from flaglint.refs.match import Match
    from flaglint.refs.program import Program, UnitRef
    from flaglint.refs.recognise import Recogniser
    from flaglint.refs.resolve import Resolver
    from flaglint.refs.values import Value
    from flaglint.refs.words import Words


class Found(NamedTuple):
    """What code sets some cells to; other names of lists and dictionaries, and functions that set what is passed."""

    settings: list[Setting]
    named: list[Cell]


class Wrapping:
    """The wrappers of a project run, and the attributes by which subclasses give a read its key."""

    def __init__(
        self,
        program: Program,
        resolver: Resolver,
        recogniser: Recogniser,
        index: SpecIndex,
        words: Words,
        is_site: Callable[[ir.Site, UnitRef], bool],
    ) -> None:
        self.program = program
        self.resolver = resolver
        self.recogniser = recogniser
        self.index = index
        self.words = words
        self.is_site = is_site
        self.handing = Handing(resolver, recogniser, index, words)
        self.found: dict[Place, Match] = {}
        self.contracts: set[Contract] = set()
        self.cells: dict[tuple[UnitRef, int, Value], list[Cell]] = {}  # what keys rest on, by site
        self.owners: set[str] = set()  # names beside which a common word counts: SDKs, clients, what functions are on

    def new_names(self, unit: UnitRef) -> set[str]:
        """Return the names by which what this unit wraps is known elsewhere."""
        found = names_of_fields(unit, self.index)
        for number, site in enumerate(unit.facts.sites):
            if not self.is_site(site, unit):
                continue
            for match in self.recogniser.site(unit, number):
                if match.kind is Kind.READ and not match.is_candidate:
                    for giving in givings(self.recogniser, unit, site, match):
                        self.contracts.add(contract_of(giving.name, giving.owner))
                        found.add(giving.name)
                    if (unit, number, match.key) not in self.cells:
                        self.cells[unit, number, match.key] = cells_of(match, self.resolver)
                    found |= self.wrapping_functions(unit, site, match)
                elif match.kind is Kind.DECLARATION and site.head and site.target:
                    found.add(site.target)  # a flag object: tests name it in a string to patch it
                    self.handing.holders.add(site.target)
        found |= self.aliases(unit)
        return found

    def wrapping_functions(self, unit: UnitRef, site: ir.Site, match: Match) -> set[str]:
        """Return the names of the functions around a site that hand its read to their callers."""
        found: set[str] = set()
        scope = site.scope
        scopes = unit.facts.scopes
        owners = {filled.owner for hole in match.holes if (filled := hole.parameter) is not None}
        here = {place for place in owners if place is not None and place.unit is unit}
        while scope > 0:
            place = Place(unit, scope)
            if scopes[scope].kind in {"function", "lambda"} and (not here or place in here or not match.holes):
                summary = self.recogniser.summary(place)
                if summary is not None and (summary.fixed or owners or self._asks_own(place, site, match)):
                    self.found.setdefault(place, summary.fixed[0] if summary.fixed else match)
                    called = self.handing.called(place)
                    if match.many or site.head in self.handing.holders:
                        self.handing.holders |= called  # which may return what it has read
                    found |= called
            scope = scopes[scope].parent
        return found

    def _asks_own(self, place: Place, site: ir.Site, match: Match) -> bool:
        """Whether a method gives back a read of a key that subclasses set: a call on one of these has that key."""
        set_below = {Class(hole.owner) for hole in match.holes if hole.is_attribute and hole.owner is not None}
        owner = owner_of(place) if set_below and _gives_back(place.definition, site) else None
        return owner is not None and not set_below.isdisjoint(self.resolver.classes.lineage(Class(owner)))

    def aliases(self, unit: UnitRef) -> set[str]:
        """Return the other names that this unit gives to what this run already looks for."""
        found = self.handing.names(unit)
        for number, scope in enumerate(unit.facts.scopes):
            for name, bindings in scope.bindings.items():
                for binding in bindings:
                    if isinstance(binding, ir.Imported):
                        if binding.name in self.words.hits.known and name != binding.name:
                            found |= self.handing.renamed(binding.name, name)
                    elif isinstance(binding, ir.Assigned):
                        if (alias := alias_of(binding.value)) in self.words.hits.known:
                            found |= self.handing.renamed(alias, name)
                        elif name not in found and self.is_client(unit, binding.value, binding.scope):
                            self.owners.add(name)
            if scope.kind == "function" and any(self.is_client(unit, value, number) for value in scope.returns):
                self.owners.add(scope.name)
        return found

    def names_client(self, expr: ir.Expr) -> bool:
        """Whether an expression ends in a name by which clients are made or known; the rest is not looked at."""
        name = alias_of(expr.func if isinstance(expr, ir.Call) else expr)
        return name in self.index.client_words or name in self.owners

    def is_client(self, unit: UnitRef, expr: ir.Expr, scope: int) -> bool:
        """Whether an expression is a client of an SDK; evaluated only where its last name may be a client's."""
        if not self.names_client(expr):
            return False
        value = self.resolver.value(expr, Frame(Place(unit, scope)))
        return any(isinstance(option, Result) and option.name in self.index.clients for option in options(value))

    def settings(self, contracts: set[Contract]) -> list[Setting]:
        """Return which classes set an attribute that some method reads as a key, in the order of paths."""
        found: list[Setting] = []
        for path in sorted(self.words.hits.files):
            view = self.program.view(path)
            for unit in self.words.units(view) if view is not None else ():
                given = settings_in(unit, contracts, self.resolver.classes)
                found += (item for item in given if not (unit.view.is_test and self._is_of_product(item.contract)))
        return found

    def _is_of_product(self, contract: Contract) -> bool:
        """Whether the class whose methods read an attribute is of no test: what a test sets there is no key of it."""
        owner = contract[1]
        view = self.program.view(owner[0]) if owner is not None else None
        return view is not None and not view.is_test

    def settings_at(self, places: Mapping[str, list[int]], cells: list[Cell]) -> Found:
        """Return what code sets some cells to, by the files and the places in their bytes where it may."""
        found: list[Setting] = []
        resetting = Resetting(self.resolver, cells)
        for path in sorted(places):
            view = self.program.view(path)
            if view is not None and not view.is_test:
                for unit in standing_at(view, places[path]):
                    if resetting.may_set(unit):
                        found += resetting.settings(unit)
        return Found(found, [*resetting.escaping.aliases, *resetting.setters])

    @property
    def companions(self) -> set[str]:
        """The words beside which a common word counts: packages of SDKs, owners of functions, classes of wrappers."""
        found = set(self.owners)
        for place in self.found:
            owner = owner_of(place)
            if owner is not None:
                found.add(owner.definition.name)
            found.add(place.unit.view.name.rpartition(".")[2])
        return found

    def listed(self) -> tuple[Wrapper, ...]:
        """Return the wrappers that were found, in the order of path and place."""
        found = []
        for place, match in self.found.items():
            view = place.unit.view
            start = place.unit.unit.start
            scope = place.definition
            span = Span(
                view.path,
                view.text.position(start + scope.name_start),
                view.text.position(start + scope.name_start + (len(scope.name) if scope.name_start else 0)),
            )
            holes = [hole.name for hole in match.holes]
            key = key_of(match.key)
            kind = "property" if scope.kind == "function" and is_property(scope) else scope.kind
            found.append(
                Wrapper(
                    place.qualname,
                    span,
                    match.sdk,
                    holes[0] if holes else "",
                    key,
                    (kind, *match.via),
                    match.returns,
                )
            )
        return tuple(sorted(found, key=lambda item: (item.span, item.qualname)))


def _gives_back(scope: ir.Scope, site: ir.Site) -> bool:
    """Whether what stands at a site is a part of what a function returns, directly or through a local."""
    waiting = list(scope.returns)
    while waiting:
        match part := waiting.pop():
            case ir.Negation() | ir.Awaited():
                waiting.append(part.operand)
            case ir.Name() if site.target and part.id == site.target:
                return True
            case _ if part is site.expr:
                return True
            case _:
                waiting += ir.made_of(part)
    return False
