"""One part of a program in the link stage: some of its files, judged by a recogniser of their own.

What a part says depends on its files, on what all parts found in the rounds before, and on nothing else. So a program
that is cut into the same parts gives the same references, whether one process looks at them or several.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol

from flaglint.refs import ir
from flaglint.refs.cells import joined
from flaglint.refs.collect import Gathered
from flaglint.refs.emit import Emitter
from flaglint.refs.failures import failure_of
from flaglint.refs.leads import Leads
from flaglint.refs.plausible import Carrying, may_carry_key, passes_on
from flaglint.refs.recognise import Recogniser
from flaglint.refs.resolve import Resolver
from flaglint.refs.screen import Screen
from flaglint.refs.stores import found_in
from flaglint.refs.words import ScreenedHere, Words
from flaglint.refs.wrapping import Found, Wrapping
from flaglint.stages import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

    from flaglint.model import ParseFailure, Wrapper
    from flaglint.refs.cells import Cell
    from flaglint.refs.contracts import Contract, Setting
    from flaglint.refs.emit import Settings
    from flaglint.refs.index import SpecIndex
    from flaglint.refs.program import ModuleView, Program, UnitRef
    from flaglint.refs.scan import Files, Surroundings
    from flaglint.refs.values import Place
    from flaglint.refs.words import Hits

_PATCHING = frozenset({"patch", "object"})  # of `mock`: what they stand in for may be a flag object


class Before(Protocol):
    """What is known of files from a search before they changed."""

    def is_dull(self, path: str, text: str) -> bool:
        """Whether a statement of a file, or a member of a class, is not to be looked at."""

    def is_no_reference(self, path: str, head: str, text: str) -> bool:
        """Whether an expression that names `head` last stood in the file as it does now, and referred to no flag."""


class Look(NamedTuple):
    """What one round found in a part: names by which wrappers are called, and names beside which they count.

    `holders` are those of the names by which something can be looked up that holds flags. `is_unnamed`: something is
    called by a name that nobody looks for.
    """

    names: set[str]
    holders: set[str]
    owners: set[str]
    companions: set[str]
    is_unnamed: bool


class Emitted(NamedTuple):
    """The references of a part, where it found wrappers, what failed to parse in it, and what was read for it."""

    gathered: Gathered
    beside: Gathered  # what is declared under names that packs give
    wrappers: tuple[Wrapper, ...]
    wrapping: frozenset[tuple[str, int, int]]  # the units of wrappers: path, index, member
    failures: tuple[ParseFailure, ...]
    read: frozenset[str]  # the files that were looked into
    surroundings: Surroundings


class Part:
    """Some files of a program, which are looked at by the words of a run, or (a file run) whole."""

    def __init__(
        self, files: Files, program: Program, index: SpecIndex, active: SpecIndex, keys: frozenset[str], *, scope: str
    ) -> None:
        """`active` is what the project has of the packs in `index`: it imports their packages."""
        self.files = files
        self.program = program
        self.index = index
        self.active = active
        self.keys = keys
        self.scope = scope
        self.words = Words(index.words, keys)
        self.leads = Leads(active)
        self.resolver = Resolver(program, index)
        self.recogniser = Recogniser(self.resolver, index, self.is_relevant, follows_keys=scope == "file")
        self.wrapping = Wrapping(program, self.resolver, self.recogniser, active, self.words, self.is_site)
        self._owners_named: dict[str, bool] = {}

    # --------------------------------------------------------------------------------------- what a run asks of it

    def look(self, paths: list[str], hits: Hits, owners: set[str], holders: set[str]) -> Look:
        """Return what some files of this part wrap, by the words that are known by now."""
        self.recogniser.forget()
        self.words.hits.take(hits)
        self.wrapping.owners |= owners
        handing = self.wrapping.handing
        handing.holders |= holders
        self.leads.take(owners, holders)
        names: set[str] = set()
        for path in sorted(paths):
            view = self.program.view(path)
            for unit in self.words.units(view) if view is not None else ():
                names |= self.wrapping.new_names(unit)
        return Look(names, handing.holders, self.wrapping.owners, self.wrapping.companions, handing.unnamed)

    def held(self, paths: list[str], words: Collection[str]) -> Mapping[str, set[str]]:
        """Return which of some words stand in some files."""
        with stage("screen the bytes"):
            return self._screened(paths).held(words)

    def accompanied(self, dull: Mapping[str, set[str]], companions: Collection[str]) -> set[str]:
        """Return the files in which one of their common words counts."""
        with stage("screen the bytes"):
            return self._screened(dull).accompanied(dull, companions)

    def _screened(self, paths: Collection[str]) -> ScreenedHere:
        return ScreenedHere(paths, self.files.data, self.active.owners_by_word)

    def rests_on(self) -> tuple[set[Contract], list[Cell]]:
        """Return the attributes by which subclasses give a read its key, and what keys rest on that any code may set.

        Both are of the reads of this part.
        """
        return self.wrapping.contracts, joined(cell for found in self.wrapping.cells.values() for cell in found)

    def settings(self, contracts: set[Contract], paths: list[str], cells: list[Cell]) -> tuple[list[Setting], Found]:
        """Return what classes of this part set such attributes to, and code in some files such things.

        With the latter come the other names that this code gives them.
        """
        found = self.wrapping.settings(contracts) if contracts else []
        with stage("screen the bytes"):
            places = found_in(paths, self.files.data, cells) if cells else {}
        return found, self.wrapping.settings_at(places, cells)

    def emit(self, paths: list[str], settings: Settings, within: frozenset[str] | None = None) -> Emitted:
        """Return the references in the units with a word of some files.

        With `within`, also what declares keys in these files under a name that packs and configuration give by module.
        """
        declaring = self.declarations(settings, within=within) if within is not None else Gathered()
        return self._emitted(paths, self.words.units, settings, declaring)

    def emit_whole(
        self,
        paths: list[str],
        before: Before | None,
        is_told: Callable[[str, str], bool] | None = None,
        *,
        or_nothing: bool = False,
    ) -> Emitted:
        """Return the references in all that was not dull `before` in some files, and what declares keys in others.

        There count the names that packs and configuration give by module, and the flag objects that names lead to. With
        `or_nothing`, what others declare is only looked for when there is something in the files themselves. With
        `is_told`, what does not say that it may refer to a flag is not looked at.
        """

        def units(view: ModuleView) -> Iterator[UnitRef]:
            return (
                unit
                for unit in view.leaves()
                if (before is None or not before.is_dull(view.path, unit.text))
                and (is_told is None or is_told(view.path, unit.text))
            )

        def is_site(site: ir.Site, unit: UnitRef) -> bool:
            if before is not None and site.head and site.head not in self._sdk_names:
                if before.is_no_reference(unit.view.path, site.head, unit.text[site.start : site.end]):
                    return False
            return self.is_site(site, unit)

        emitted = self._emitted(paths, units, {}, Gathered(), is_site)
        if or_nothing and emitted.gathered.is_empty and not emitted.failures:
            return emitted
        if before is not None:  # somebody asks what changed files say, and knows of all others
            return emitted
        beside = self.declarations({}, besides=frozenset(paths))
        beside.add(self._objects(besides=frozenset(paths)))
        return emitted._replace(beside=beside)

    def _objects(self, *, besides: frozenset[str]) -> Gathered:
        """Return what declares the flags of the objects that were met, but for those in the files of `besides`."""
        emitter = Emitter(self.resolver, self.recogniser, self.index, {})
        for unit in list(self.resolver.calls.declaring):
            if unit.view.path not in besides:
                emitter.declarations(unit)
        return emitter.collected.gathered

    def _emitted(
        self,
        paths: list[str],
        units: Callable[[ModuleView], Iterable[UnitRef]],
        settings: Settings,
        beside: Gathered,
        is_site: Callable[[ir.Site, UnitRef], bool] | None = None,
    ) -> Emitted:
        emitter = Emitter(self.resolver, self.recogniser, self.index, settings, self.holds_on)
        failures: list[ParseFailure] = []
        for path in sorted(paths):
            view = self.program.view(path)
            for unit in list(units(view)) if view is not None else ():
                if unit.facts.failure and (mentions := self.interesting.hits(unit.text.encode())):
                    failures.append(failure_of(unit, frozenset(mentions)))
                emitter.unit(unit, is_site or self.is_site)
        wrapping = (place.unit for place in self.wrapping.found)
        return Emitted(
            emitter.collected.gathered,
            beside,
            self.wrapping.listed(),
            frozenset((unit.view.path, unit.index, unit.member) for unit in wrapping),
            tuple(failures),
            self.program.loaded,
            self.files.surroundings,
        )

    def declarations(
        self, settings: Settings, *, within: frozenset[str] | None = None, besides: frozenset[str] = frozenset()
    ) -> Gathered:
        """Return what declares keys under a name that packs and configuration give by module.

        Only in the files `within` (None: any), and not in those of `besides`. Of a class all members are among them:
        those of an enumeration declare, whatever words they hold.
        """
        emitter = Emitter(self.resolver, self.recogniser, self.index, settings)
        done: set[UnitRef] = set()  # several names may be bound in one
        for name in sorted(self.index.declared):
            module, _, bound = name.rpartition(".")
            path = self.program.path_of(module) or self.program.path_of(module.rpartition(".")[0])
            if path is None or path in besides or (within is not None and path not in within):
                continue
            view = self.program.view(path)
            spells = re.compile(rf"\b{re.escape(bound)}\b").search
            for unit in view.units if view is not None else ():
                if unit not in done and spells(unit.text):
                    done.add(unit)
                    for part in (unit, *unit.view.members(unit)):
                        emitter.declarations(part)
        return emitter.collected.gathered

    # ------------------------------------------------------------------------------------------- what it goes by

    def is_relevant(self, site: ir.Site, place: Place, carrying: Carrying) -> bool:
        """Whether a site inside a function can make it a wrapper: it has one of the words, or passes on an argument."""
        is_head = site.head in self.index.heads
        if site.head in self.words.hits.known:
            if not is_head or not self.words.hits.is_dull(site.head, place.unit.view.path):
                return True
        if is_head or not site.head:
            if self.scope == "file":
                return True
            if site.head:
                return self.leads.may_lead(place.unit)
            return not isinstance(site.expr, ir.Subscript) or self.leads.may_hold(place.unit)
        return carrying is not None and isinstance(site.expr, ir.Call) and passes_on(site.expr, place, carrying)

    def is_site(self, site: ir.Site, unit: UnitRef) -> bool:
        """Whether a site may be a reference: its name is one of the words, or it is a lookup."""
        hits = self.words.hits
        if not site.head:
            # The result of a call is called, or what a subscript gives: seldom, and `getattr` is one of these.
            return isinstance(site.expr, ir.Call) or (
                isinstance(site.expr, ir.Subscript) and self.may_look_up(site, unit)
            )
        if site.head in self.index.methods and self.keys & hits.files.get(unit.view.path, _NONE):
            return True  # whatever its receiver is: the file spells a key
        is_dull = hits.is_dull(site.head, unit.view.path)
        if site.head in hits.known and not is_dull:
            return True
        if is_dull and site.head not in self.index.heads:
            return False
        if site.head in self.index.heads and (self.leads_on(unit) or self.spells_key(site, unit)):
            return True
        if site.head in _PATCHING and self.index.constructors:
            return True
        return self.scope == "file" and (not isinstance(site.expr, ir.Call) or may_carry_key(site, unit))

    def may_look_up(self, site: ir.Site, unit: UnitRef) -> bool:
        """Whether `x[key]` may be a read: in a file run always, in a project where its statement or key says so."""
        return self.scope == "file" or self.leads.may_hold(unit) or self.spells_key(site, unit)

    def spells_key(self, site: ir.Site, unit: UnitRef) -> bool:
        """Whether a registered key stands in a site, which is a reason to look at whatever it is looked up in."""
        keys = self.keys & self.words.hits.files.get(unit.view.path, _NONE)
        text = unit.text[site.start : site.end] if keys else ""
        return any(key in text for key in keys)

    def leads_on(self, unit: UnitRef) -> bool:
        """Whether `get` or `create` may matter in a unit: it, or its file in a file run, names what they are of."""
        return self._names_owner(unit.view) if self.scope == "file" else self.leads.may_lead(unit)

    def holds_on(self, unit: UnitRef) -> bool:
        """Whether something in a unit may be a dictionary of flags: it, or its file in a file run, names one."""
        return self._names_owner(unit.view) if self.scope == "file" else self.leads.may_hold(unit)

    def _names_owner(self, view: ModuleView) -> bool:
        found = self._owners_named.get(view.path)
        if found is None:
            found = self._owners_named[view.path] = self.leads.beside.is_in(view.text.data)
        return found

    @cached_property
    def _sdk_names(self) -> frozenset[str]:
        """The last names of all that packs give a meaning."""
        index = self.index
        named = {*index.methods, *index.override_methods, *index.last_words, *index.client_words, *_PATCHING}
        return index.leading() | index.heads | named

    @cached_property
    def interesting(self) -> Screen:
        """What is worth a word when a statement that holds it does not parse."""
        return Screen(self.index.words | self.keys)


_NONE: frozenset[str] = frozenset()
