"""Links the facts of many files: settles every site, finds wrappers to a fixpoint, and says what each reference is.

In a *project* run, words lead the way: the names of the packs, then those of each wrapper found, until no new one
appears. In a *file* run, the given files lead, and only the modules that their names lead to are read. Both decide by
the same recogniser, so a file gets the same references in both, but for calls of wrappers that pass no key: to find
these a file run would have to follow every call. They have the trait `spelled-elsewhere`.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from flaglint.records import dataclass
from flaglint.refs import ir
from flaglint.refs.emit import Emitter
from flaglint.refs.failures import failure_of
from flaglint.refs.plausible import Carrying, may_carry_key, passes_on
from flaglint.refs.program import ModuleView, Program, UnitRef
from flaglint.refs.recognise import Recogniser
from flaglint.refs.resolve import Resolver
from flaglint.refs.screen import Screen
from flaglint.refs.words import Words
from flaglint.refs.wrapping import Wrapping
from flaglint.stages import stage

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flaglint.model import ParseFailure, Reference, Wrapper
    from flaglint.refs.index import SpecIndex
    from flaglint.refs.scan import Files
    from flaglint.refs.values import Place

MAX_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class Linked:
    """The references of a program, its wrappers, and the statements that could not be read."""

    references: tuple[Reference, ...]
    wrappers: tuple[Wrapper, ...]
    failures: tuple[ParseFailure, ...]
    screened: frozenset[str]
    candidates: tuple[Reference, ...] = ()


_PATCHING = frozenset({"patch", "object"})  # of `mock`: what they stand in for may be a flag object


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
        self.words = Words(files, index.words, keys)
        self.wrapping = Wrapping(self.program, self.resolver, self.recogniser, index, self.words, self.is_site)
        self._owners_named: dict[str, bool] = {}

    def is_relevant(self, site: ir.Site, place: Place, carrying: Carrying) -> bool:
        """Whether a site inside a function can make it a wrapper: it has one of the words, or passes on an argument."""
        if site.head in self.words.known or site.head in self.index.heads or not site.head:
            return True
        return carrying is not None and isinstance(site.expr, ir.Call) and passes_on(site.expr, place, carrying)

    def project(self, paths: Iterable[str]) -> Linked:
        """Return the references in all of `paths`."""
        paths = list(paths)
        with stage("screen the bytes"):
            present = self.packages_in(paths)
        active = self.index.active(lambda pack: any(name in present for name in pack.packages))
        self.words.known = set(active.words)
        owners = self.wrapping.owners
        owners |= present | {owner.rpartition(".")[2] for owner in active.owners if owner}
        with stage("screen the bytes"):
            added = self.words.screen(paths, active.words | self.keys, self.wrapping.companions)
        with stage("read statements ahead"):
            self.files.read_ahead({path: frozenset(words) for path, words in self.words.hits.items()})
        for _ in range(MAX_ROUNDS):
            known = len(owners)
            fresh = self.new_words(added) - self.words.known
            if len(owners) > known:
                fresh |= self.words.common  # beside a name that was not known before, a common word counts
            if not fresh:
                break
            with stage("screen the bytes"):
                added = self.words.screen(paths, fresh, self.wrapping.companions)
            self.words.known |= fresh
            self.recogniser.forget()
        self.wrapping.collect_contracts()
        own = frozenset(paths)
        declaring = [unit for unit in self.declaring_units(frozenset()) if unit.view.path in own]
        return self.emit(sorted(self.words.hits), everything=False, beside=declaring)

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

    def new_words(self, paths: Iterable[str]) -> set[str]:
        """Return the names by which the wrappers found in some files are called."""
        found: set[str] = set()
        paths = sorted(paths)
        for number, path in enumerate(paths):
            view = self.program.view(path)
            for unit in self.words.units(view) if view is not None else ():
                found |= self.wrapping.new_names(unit)
            self.files.progress(number + 1, len(paths))
        return found - self.index.heads

    def given(self, paths: Iterable[str]) -> Linked:
        """Return the references in `paths`, and the declarations that packs and configuration name by module.

        Other files are read only where names lead to them.
        """
        return self.emit(sorted(paths), everything=True, beside=self.declaring_units(frozenset(paths)))

    def declaring_units(self, given: frozenset[str]) -> list[UnitRef]:
        """Return the statements outside of the given files that declare keys under a name that packs know.

        Of a class all members are among them: those of an enumeration declare, whatever words they hold.
        """
        found: list[UnitRef] = []
        for name in sorted(self.index.declared):
            module, _, bound = name.rpartition(".")
            path = self.program.path_of(module) or self.program.path_of(module.rpartition(".")[0])
            view = self.program.view(path) if path is not None and path not in given else None
            for unit in view.units if view is not None else ():
                if re.search(rf"\b{re.escape(bound)}\b", unit.text):
                    found += [unit, *unit.view.members(unit)]
        return found

    def is_site(self, site: ir.Site, unit: UnitRef) -> bool:
        """Whether a site may be a reference: its name is one of the words, or it is a lookup."""
        if site.head:
            if site.head in self.index.methods and self.keys & self.words.hits.get(unit.view.path, set()):
                return True  # whatever its receiver is: the file spells a key
            if self.words.is_dull(site.head, unit.view.path):
                return False
            if site.head in self.words.known:
                return True
            if site.head in self.index.heads and self.names_owners(unit.view):
                return True
            if site.head in _PATCHING and self.index.constructors:
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

    @cached_property
    def interesting(self) -> Screen:
        """What is worth a word when a statement that holds it does not parse."""
        return Screen(self.index.words | self.keys)

    def emit(self, paths: list[str], *, everything: bool, beside: Iterable[UnitRef] = ()) -> Linked:
        """Return the references in the files."""
        emitter = Emitter(self.resolver, self.recogniser, self.index, self.wrapping.contracts)
        failures: list[ParseFailure] = []
        for path in paths:
            view = self.program.view(path)
            if view is None:
                continue
            units = list(view.leaves() if everything else self.words.units(view))
            for unit in units:
                if unit.facts.failure and (mentions := self.interesting.hits(unit.text.encode())):
                    failures.append(failure_of(unit, frozenset(mentions)))
                emitter.unit(unit, self.is_site)
        for unit in beside:
            emitter.declarations(unit)
        references = emitter.collected.settle(self.keys)
        candidates = tuple(emitter.collected.candidates)
        return Linked(references, self.wrapping.listed(), tuple(failures), frozenset(paths), candidates)


def _imports(package: str) -> re.Pattern[bytes]:
    """Return what finds an import of a package in bytes."""
    return re.compile(
        rb"(?:^|^\xef\xbb\xbf|[;:])[ \t]*(?:from|import)[ \t]+(?:[\w., \t]*\b)?" + re.escape(package.encode()) + rb"\b",
        re.MULTILINE,
    )
