"""Links the facts of many files: settles every site, finds wrappers to a fixpoint, and says what each reference is.

In a *project* run, words lead the way: the names of the packs, then those of each wrapper found, until no new one
appears. In a *file* run, the given files lead, and only the modules that their names lead to are read. Both decide by
the same recogniser, so a file gets the same references in both.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flaglint.model import Kind, ParseFailure, Position, Reference, Span, Wrapper
from flaglint.refs import ir
from flaglint.refs.definitions import body_place, is_property, owner_of
from flaglint.refs.emit import Contracts, Emitter
from flaglint.refs.keys import key_of
from flaglint.refs.plausible import Carrying, may_carry_key, passes_on
from flaglint.refs.program import ModuleView, Program, UnitRef
from flaglint.refs.recognise import Recogniser
from flaglint.refs.resolve import Resolver
from flaglint.refs.screen import Screen
from flaglint.refs.values import Class, Frame, Function, Partial, Place, Result, options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flaglint.refs.index import SpecIndex
    from flaglint.refs.match import Match
    from flaglint.refs.scan import Files

MAX_ROUNDS = 8
COMMON_FROM = 60  # files
COMMON_SHARE = 0.05  # of all files
_PASSING = frozenset({"partial", "LocalProxy", "staticmethod", "classmethod", "method_decorator"})
# Methods that frameworks call: their name alone says nothing about who calls them.
_FRAMEWORK = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "dispatch", "handle", "run", "main", "setUp", "call"}
)


@dataclass(frozen=True, slots=True)
class Linked:
    """The references of a program, its wrappers, and the statements that could not be read."""

    references: tuple[Reference, ...]
    wrappers: tuple[Wrapper, ...]
    failures: tuple[ParseFailure, ...]
    screened: frozenset[str]


@dataclass(slots=True)
class _State:
    words: set[str] = field(default_factory=set)
    hits: dict[str, set[str]] = field(default_factory=dict)  # path -> words in it


class Linker:
    """One run of the link stage over one set of files."""

    def __init__(self, files: Files, index: SpecIndex, keys: frozenset[str], *, scope: str) -> None:
        self.files = files
        self.index = index
        self.keys = keys
        self.scope = scope
        packages = frozenset(name.partition(".")[0] for pack in index.packs for name in pack.packages)
        self.program = Program(files.load, files.exists, files.roots, packages)
        self.resolver = Resolver(self.program, index)
        self.recogniser = Recogniser(self.resolver, index, self.is_relevant, follows_keys=scope == "file")
        self.words: set[str] = set(index.words)
        self.wrappers: dict[Place, Match] = {}
        self.contracts: Contracts = {}
        self._owners_named: dict[str, bool] = {}
        self.present: set[str] = set()  # packages of SDKs that the project imports
        self.owners: set[str] = set()  # the last names of what the functions of packs are on
        self.common: set[str] = set()  # words that stand in so many files that they say little alone
        self.accompanied: set[str] = set()  # the files where such a word does count

    def is_relevant(self, site: ir.Site, place: Place, carrying: Carrying) -> bool:
        """Whether a site inside a function can make it a wrapper: it has one of the words, or passes on an argument."""
        if site.head in self.words or site.head in self.index.heads or not site.head:
            return True
        return carrying is not None and isinstance(site.expr, ir.Call) and passes_on(site.expr, place, carrying)

    # --------------------------------------------------------------------------------------------------- the rounds

    def project(self, paths: Iterable[str]) -> Linked:
        """Return the references in all of `paths`."""
        paths = list(paths)
        state = _State()
        present = self.present = self.packages_in(paths)
        active = self.index.active(lambda pack: any(name in present for name in pack.packages))
        self.words = set(active.words)
        self.owners = {owner.rpartition(".")[2] for owner in active.owners if owner}
        fresh = set(self.words)
        for number in range(MAX_ROUNDS):
            added = self.screen(paths, state, fresh, with_keys=not number)
            if not number:
                self.files.read_ahead({path: frozenset(words) for path, words in state.hits.items()})
            state.words |= fresh
            self.words |= fresh
            self.recogniser.forget()
            owners = len(self.owners)
            fresh = self.new_words(state, state.hits if not number else added) - state.words
            if len(self.owners) > owners:
                fresh |= self.common  # beside a name that was not known before, a common word counts
            if not fresh:
                break
        self.collect_contracts(state)
        return self.emit(sorted(state.hits), everything=False)

    def packages_in(self, paths: list[str]) -> set[str]:
        """Return the packages of packs that some file imports."""
        wanted = {part for pack in self.index.packs for part in pack.packages}
        screen = Screen(wanted)
        found: set[str] = set()
        for path in paths:
            data = self.files.data(path)
            for name in screen.hits(data) if data is not None else ():
                if name not in found and _imports(name).search(data or b""):
                    found.add(name)
        return found

    def screen(self, paths: list[str], state: _State, words: set[str], *, with_keys: bool) -> dict[str, set[str]]:
        """Add to the state which files hold which of `words`; return the additions.

        A word that stands in very many files (`get`, `render`) says little: alone it does not make a file worth
        reading, unless what it belongs to is named there, too.
        """
        screen = Screen(words | (self.keys if with_keys else frozenset()))
        companions = Screen(self.companions)
        hits: dict[str, set[str]] = {}
        counts: dict[str, int] = {}
        for path in paths:
            data = self.files.data(path)
            if data is not None and (found := screen.hits(data)):
                hits[path] = set(found)
                for word in found:
                    counts[word] = counts.get(word, 0) + 1
        limit = max(COMMON_FROM, len(paths) * COMMON_SHARE)
        common = {word for word, count in counts.items() if count > limit}
        self.common |= common
        added: dict[str, set[str]] = {}
        for path, present in hits.items():
            data = self.files.data(path)
            if present & common and data is not None and companions.hits(data):
                self.accompanied.add(path)
            elif present <= common:
                continue
            added[path] = present
            state.hits.setdefault(path, set()).update(present)
        return added

    @property
    def companions(self) -> set[str]:
        """The words beside which a common word counts: packages of SDKs, owners of functions, classes of wrappers."""
        found = set(self.present)
        found |= self.owners
        for place in self.wrappers:
            owner = owner_of(place)
            if owner is not None:
                found.add(owner.definition.name)
            found.add(place.unit.view.name.rpartition(".")[2])
        return found

    def new_words(self, state: _State, paths: Iterable[str]) -> set[str]:
        """Return the names by which the wrappers found so far are called."""
        found: set[str] = set()
        for path in sorted(paths):
            view = self.program.view(path)
            if view is None:
                continue
            for unit in self.relevant_units(view):
                found |= self.names_of_wrappers(unit)
        return found - self.index.heads

    def names_of_wrappers(self, unit: UnitRef) -> set[str]:
        """Return the names by which what this unit wraps is known elsewhere."""
        found: set[str] = set()
        for number, site in enumerate(unit.facts.sites):
            if not self.is_site(site, unit):
                continue
            for match in self.recogniser.site(unit, number):
                if match.kind is Kind.READ and not match.is_candidate:
                    for name, owner in self.recogniser.attribute_contracts(unit, site, match):
                        self.contracts.setdefault(name, {})[owner] = {}
                        found.add(name)
                    found |= self.wrapping_functions(unit, site, match)
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
                if summary is not None and (summary.fixed is not None or owners):
                    self.wrappers.setdefault(place, summary.fixed or match)
                    found |= self.calling_names(place)
            scope = scopes[scope].parent
        return found

    def collect_contracts(self, state: _State) -> None:
        """Note which classes set an attribute that some method reads as a key."""
        if not self.contracts:
            return
        for path in sorted(state.hits):
            view = self.program.view(path)
            for unit in self.relevant_units(view) if view is not None else ():
                for number, scope in enumerate(unit.facts.scopes):
                    if scope.kind != "class" or (number and unit.unit.members):
                        continue
                    cls = Class(body_place(unit, number))
                    for name in scope.bindings.keys() & self.contracts.keys():
                        value = self.resolver.classes.own_member(cls, name)
                        for owner, values in self.contracts[name].items():
                            if value is not None and (owner is None or owner in self.resolver.classes.lineage(cls)):
                                values[cls] = value

    def calling_names(self, place: Place) -> set[str]:
        """Return the words by which callers name a function: its name, or its class when it is a constructor."""
        scope = place.definition
        owner = owner_of(place)
        if scope.kind == "lambda":
            return _bound_names(place)
        if owner is not None and scope.name == "__init__":
            return {owner.definition.name}
        if owner is not None and scope.name == "__call__":
            return {owner.definition.name}
        if scope.name.startswith("__") or (owner is not None and scope.name in _FRAMEWORK):
            return set()
        return {scope.name}

    def aliases(self, unit: UnitRef) -> set[str]:
        """Return the other names that this unit gives to what this run already looks for."""
        found: set[str] = set()
        for scope in unit.facts.scopes:
            for name, bindings in scope.bindings.items():
                for binding in bindings:
                    if isinstance(binding, ir.Imported):
                        is_alias = binding.name in self.words and name != binding.name
                    else:
                        is_alias = isinstance(binding, ir.Assigned) and (
                            _alias_of(binding.value) in self.words or self.makes_wrapper(unit, binding)
                        )
                    if is_alias:
                        found.add(name)
                    elif isinstance(binding, ir.Assigned) and self.is_client(unit, binding):
                        self.owners.add(name)
        return found

    def is_client(self, unit: UnitRef, binding: ir.Assigned) -> bool:
        """Whether what is assigned is a client of an SDK."""
        if not isinstance(binding.value, ir.Call | ir.Name | ir.Attribute):
            return False
        value = self.resolver.value(binding.value, Frame(Place(unit, binding.scope)))
        return any(isinstance(option, Result) and option.name in self.index.clients for option in options(value))

    def makes_wrapper(self, unit: UnitRef, binding: ir.Assigned) -> bool:
        """Whether what is assigned is a function that a wrapper of this run returns."""
        call = binding.value
        if not isinstance(call, ir.Call) or _alias_of(call.func) not in self.words - self.index.words:
            return False
        value = self.resolver.value(call, Frame(Place(unit, binding.scope)))
        return any(isinstance(option, Function | Partial) for option in options(value))

    # ------------------------------------------------------------------------------------------------------- files

    def given(self, paths: Iterable[str]) -> Linked:
        """Return the references in `paths`, and the declarations that packs and configuration name by module.

        Other files are read only where names lead to them.
        """
        return self.emit(sorted(paths), everything=True, beside=self.declaring_units(frozenset(paths)))

    def declaring_units(self, given: frozenset[str]) -> list[UnitRef]:
        """Return the statements outside of the given files that declare keys under a name that packs know."""
        found: list[UnitRef] = []
        for name in sorted(self.index.declared):
            module, _, bound = name.rpartition(".")
            path = self.program.path_of(module) or self.program.path_of(module.rpartition(".")[0])
            view = self.program.view(path) if path is not None and path not in given else None
            for unit in view.units if view is not None else ():
                if re.search(rf"\b{re.escape(bound)}\b", unit.text):
                    found += [unit, *unit.view.members(unit)]
        return found

    def relevant_units(self, view: ModuleView) -> Iterator[UnitRef]:
        """Yield the units of a module that hold one of the words."""
        text = view.text
        dull = self.common if view.path not in self.accompanied else frozenset()
        found = self._screen().hits(text.data)
        offsets = sorted(text.char_offset(at) for word, places in found.items() if word not in dull for at in places)
        position = 0
        for unit in view.leaves():
            start, end = unit.unit.start, unit.unit.header if unit.unit.members else unit.unit.end
            while position < len(offsets) and offsets[position] < start:
                position += 1
            if position < len(offsets) and offsets[position] < end:
                yield unit

    def _screen(self) -> Screen:
        key = len(self.words)
        if getattr(self, "_screen_key", None) != key:
            self._screen_of_words = Screen(self.words | self.keys)
            self._screen_key = key
        return self._screen_of_words

    def is_site(self, site: ir.Site, unit: UnitRef) -> bool:
        """Whether a site may be a reference: its name is one of the words, or it is a lookup."""
        if site.head:
            if site.head in self.common and unit.view.path not in self.accompanied:
                return False
            if site.head in self.words:
                return True
            if site.head in self.index.heads and self.names_owners(unit.view):
                return True
            return self.scope == "file" and (not isinstance(site.expr, ir.Call) or may_carry_key(site, unit))
        return isinstance(site.expr, ir.Subscript | ir.Call)

    def names_owners(self, view: ModuleView) -> bool:
        """Whether a module names a model, dictionary or constructor on which `get` or `create` would say something."""
        found = self._owners_named.get(view.path)
        if found is None:
            words = Screen(self.index.beside_heads)
            found = self._owners_named[view.path] = bool(words.hits(view.text.data))
        return found

    def emit(self, paths: list[str], *, everything: bool, beside: Iterable[UnitRef] = ()) -> Linked:
        """Return the references in the files."""
        emitter = Emitter(self.resolver, self.recogniser, self.index, self.contracts)
        failures: list[ParseFailure] = []
        for path in paths:
            view = self.program.view(path)
            if view is None:
                continue
            units = list(view.leaves() if everything else self.relevant_units(view))
            for unit in units:
                if unit.facts.failure:
                    failures += self.unit_failure(unit)
                emitter.unit(unit, self.is_site)
        for unit in beside:
            emitter.declarations(unit)
        references = emitter.collected.settle(self.keys)
        return Linked(references, self.listed_wrappers(), tuple(failures), frozenset(paths))

    def unit_failure(self, unit: UnitRef) -> Iterator[ParseFailure]:
        """Yield the failure of a statement that does not parse, when it mentions something of interest."""
        mentions = frozenset(Screen(self.index.words | self.keys).hits(unit.text.encode()))
        if not mentions:
            return
        facts = unit.facts
        text = unit.view.text
        if unit.unit.broken:
            place = text.position(unit.unit.offset)
            yield ParseFailure(Span(unit.view.path, place, place), facts.failure, mentions)
            return
        first = text.position(unit.unit.start).line
        line = first + max(facts.failure_line, 1) - 1
        start = text.position(min(text.offset(Position(line, max(facts.failure_column, 1))), len(text.text)))
        yield ParseFailure(Span(unit.view.path, start, start), facts.failure, mentions)

    def listed_wrappers(self) -> tuple[Wrapper, ...]:
        """Return the wrappers that were found, in the order of path and place."""
        found = []
        for place, match in self.wrappers.items():
            view = place.unit.view
            start = place.unit.unit.start
            scope = place.definition
            span = Span(
                view.path,
                view.text.position(start + scope.name_start if scope.name_start else start + scope.start),
                view.text.position(start + (scope.name_start + len(scope.name) if scope.name_start else scope.end)),
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


def _imports(package: str) -> re.Pattern[bytes]:
    """Return what finds an import of a package in bytes."""
    return re.compile(
        rb"(?:^|^\xef\xbb\xbf|[;:])[ \t]*(?:from|import)[ \t]+(?:[\w., \t]*\b)?" + re.escape(package.encode()) + rb"\b",
        re.MULTILINE,
    )


def _bound_names(place: Place) -> set[str]:
    """Return the names that a lambda is bound to in its unit."""
    return {
        name
        for scope in place.unit.facts.scopes
        for name, bindings in scope.bindings.items()
        for item in bindings
        if isinstance(item, ir.Assigned) and isinstance(item.value, ir.Lambda) and item.value.scope == place.scope
    }


def _alias_of(expr: ir.Expr) -> str:
    """Return the last name of what an assignment gives another name to, or nothing for a call's result."""
    match expr:
        case ir.Attribute():
            return expr.name
        case ir.Name():
            return expr.id
        case ir.Call() if expr.args and _alias_of(expr.func) in _PASSING:
            return _alias_of(expr.args[0].value)
        case _:
            return ""
