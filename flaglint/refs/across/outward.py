"""Which facts of a repository matter to others: where it leads out, and what it offers.

It leads *out* where it uses a package that is neither its own, nor of the standard library, nor of an SDK: the package
of another repository may wrap a read there, or hold a key. Packages that everybody knows (`rules/public-packages.txt`)
are not followed, unless they are named as shared. It *offers* wrappers, constants that may be keys, and what declares
flags. What these need in turn is found by evaluating them and noting which units were asked for.
"""

from __future__ import annotations

import re
import sys
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from flaglint.refs import ir
from flaglint.refs.across.shadow import Shadow
from flaglint.refs.outline import Unit
from flaglint.refs.plausible import Carrying, passes_on
from flaglint.refs.program import FileFacts, ModuleView, Program, UnitRef
from flaglint.refs.recognise import Recogniser
from flaglint.refs.resolve import Resolver
from flaglint.refs.screen import Screen
from flaglint.refs.values import Frame, Known, Place, options
from flaglint.refs.words import Words
from flaglint.rulesdata import rules_folder

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.refs.link import Linker

MAX_ROUNDS = 4
_IMPORTED = re.compile(  # and not a line of prose that begins with one of these words
    r"^[ \t]*(?:from[ \t]+(\w+)[\w. \t]*(?:\\\r?\n[ \t]*)?(?<!\w)import\b|import[ \t]+([\w., \t]+)(?=[#;\\\r\n]|\Z))",
    re.MULTILINE,
)
_CONSTANT = re.compile(r"""\w+\s*(?::[^=\n]+)?=\s*\(?\s*[frbFRB]?["'][\w.:/ -]{1,128}["']""")


class _Recording(ModuleView):
    """A module that notes which of its units were asked for; their facts are shared with another view of it."""

    def __init__(self, view: ModuleView) -> None:
        shared = FileFacts(view.file.cut, view.file.units)
        super().__init__(view.path, view.name, view.text, shared, is_package=view.is_package)
        self.asked: set[tuple[int, int]] = set()

    def facts_of(self, unit: UnitRef) -> ir.UnitFacts:
        """Return the facts of a unit, and note that somebody needed them."""
        self.asked.add((unit.index, unit.member))
        return super().facts_of(unit)


class Outward:
    """Collects what one linked repository shows to others."""

    def __init__(self, linker: Linker, paths: Sequence[str], shared: Sequence[str]) -> None:
        """`shared` are globs of the packages to follow; without any, all are that are not known to be public."""
        self.linker = linker
        self.paths = list(paths)
        self.shared = tuple(shared)
        self._sdks = {name.partition(".")[0] for pack in linker.index.packs for name in pack.packages}
        self._public = _public_packages()
        self._views: dict[str, _Recording | None] = {}
        self._words = Words(linker.index.words, linker.keys)
        self._words.hits.take(linker.hits)
        self.program = Program(self._load, linker.files.exists, linker.files.roots, frozenset(self._sdks))
        self.resolver = Resolver(self.program, linker.index)
        self.recogniser = Recogniser(self.resolver, linker.index, self._is_relevant, follows_keys=False)

    def _is_relevant(self, site: ir.Site, _place: Place, _carrying: Carrying) -> bool:
        return not site.head or site.head in self._words.hits.known or site.head in self.linker.index.heads

    def _load(self, path: str) -> ModuleView | None:
        if path not in self._views:
            found = self.linker.program.view(path)
            self._views[path] = _Recording(found) if found is not None else None
        return self._views[path]

    def shadows(self) -> tuple[Shadow, ...]:
        """Return the modules that others need, each with those of its units that they do."""
        for path in self.paths:
            self._offer(path)
        pending = {name: None for path in self.paths for name in self._leading_out(path)}
        seen: set[str] = set()
        for _ in range(MAX_ROUNDS):
            fresh = set(pending) - seen
            if not fresh:
                break
            seen |= fresh
            screen = Screen(fresh)
            pending = dict.fromkeys(name for path in self._holding(screen) for name in self._follow(path, screen))
        for asked in [view for view in self._views.values() if view is not None and view.asked]:
            for unit in asked.units:
                if unit.unit.kind == "import":
                    self._ask(unit)
        return tuple(
            shadow
            for path in sorted(self._views)
            if (view := self._views[path]) is not None and (shadow := _shadow(view)).units
        )

    # ----------------------------------------------------------------------------------------------------- offered

    def _offer(self, path: str) -> None:
        """Ask for what other repositories may import from a module: wrappers, constants, re-exports."""
        view = self._load(path)
        if view is None:
            return
        hits = self._words.units(view) if path in self._words.hits.files else ()
        worded = {(unit.index, unit.member) for unit in hits}
        for unit in view.leaves():
            kind = unit.unit.kind
            where = (unit.index, unit.member)
            is_constant = kind == "simple" and (where in worded or _CONSTANT.match(unit.text))
            if is_constant or (path, *where) in self.linker.wrapping or (kind == "import" and view.is_package):
                self._settle(unit)

    # ------------------------------------------------------------------------------------------------- leading out

    def _leading_out(self, path: str) -> Iterator[str]:
        """Ask for the units of a file that use packages from outside; yield the functions that pass something on."""
        view = self.linker.program.view(path)
        if view is None:
            return
        outside = {name for name in _packages(view.text.text) if self._is_outside(name, view)}
        if not outside:
            return
        recording = self._load(path)
        assert recording is not None
        words = set(outside)
        for unit in recording.units:
            if unit.unit.kind in {"import", "compound"} and any(map(unit.holds, outside)):
                for name, bindings in unit.facts.scopes[0].bindings.items():
                    if any(isinstance(item, ir.Imported) and _top(item) in outside for item in bindings):
                        words.add(name)
        yield from self._follow(path, Screen(words))

    def _is_outside(self, name: str, view: ModuleView) -> bool:
        if name in sys.stdlib_module_names or name in self._sdks:
            return False
        if self.shared:
            return any(fnmatchcase(name, pattern) for pattern in self.shared)
        is_own = self.linker.program.module(name, view) is not None or self.linker.program.is_namespace(name, view)
        return name not in self._public and not is_own

    def _holding(self, screen: Screen) -> list[str]:
        """Return the files that hold one of the words of a screen; of a word that very many hold none."""
        hits: dict[str, set[str]] = {}
        counts: dict[str, int] = dict.fromkeys(screen.words, 0)
        for path in self.paths:
            data = self.linker.files.data(path)
            if data is not None and (found := set(screen.hits(data))):
                hits[path] = found
                for word in found:
                    counts[word] += 1
        limit = max(60, len(self.paths) * 0.05)
        return [path for path, found in sorted(hits.items()) if any(counts[word] <= limit for word in found)]

    def _follow(self, path: str, screen: Screen) -> Iterator[str]:
        """Ask for the units of a file that hold a word of a screen; yield the functions that hand something on."""
        view = self._load(path)
        if view is None:
            return
        for unit in view.leaves():
            text = unit.text[: unit.unit.header - unit.unit.start] if unit.unit.members else unit.text
            if screen.hits(text.encode("utf-8", "surrogatepass")):
                self._settle(unit)
                yield from self._passing(unit)

    def _settle(self, unit: UnitRef) -> None:
        """Evaluate what a unit calls and passes, so that what it needs is asked for."""
        if unit.facts.failure:
            return
        if unit.owner is not None:
            self._ask(unit.owner)
        for number, site in enumerate(unit.facts.sites):
            frame = Frame(Place(unit, site.scope))
            self.recogniser.site(unit, number)
            if isinstance(site.expr, ir.Call):
                for arg in site.expr.args:
                    self.resolver.value(arg.value, frame)
        for index, scope in enumerate(unit.facts.scopes):
            for bindings in scope.bindings.values():
                for binding in bindings:
                    if isinstance(binding, ir.Assigned):
                        self.resolver.value(binding.value, Frame(Place(unit, binding.scope)))
            for base in scope.bases:
                self.resolver.value(base, Frame(Place(unit, max(index and scope.parent, 0))))

    def _passing(self, unit: UnitRef) -> Iterator[str]:
        """Yield the functions of a unit that call something from outside with what they are given, or return that."""
        for site in unit.facts.sites:
            scope = site.scope
            if not isinstance(site.expr, ir.Call) or scope == 0 or not self._is_unknown(site.expr, unit, scope):
                continue
            while scope > 0:
                definition = unit.facts.scopes[scope]
                given = frozenset(parameter.name for parameter in definition.parameters) - {"self", "cls"}
                hands_on = passes_on(site.expr, Place(unit, scope), given) or site.expr in definition.returns
                if definition.kind == "function" and hands_on and not definition.name.startswith("__"):
                    yield definition.name
                scope = definition.parent

    def _is_unknown(self, call: ir.Call, unit: UnitRef, scope: int) -> bool:
        value = self.resolver.value(call.func, Frame(Place(unit, scope)))
        names = [option.name.partition(".")[0] for option in options(value) if isinstance(option, Known)]
        return any(name != "builtins" and self._is_outside(name, unit.view) for name in names)

    @staticmethod
    def _ask(unit: UnitRef) -> None:
        _ = unit.facts


def _public_packages() -> frozenset[str]:
    lines = (rules_folder() / "public-packages.txt").read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))


def _packages(text: str) -> set[str]:
    """Return the first parts of the modules that a text imports; of a relative import nothing."""
    found: set[str] = set()
    for match in _IMPORTED.finditer(text):
        names = (match[1],) if match[1] else (part.split()[0] for part in match[2].split(",") if part.strip())
        found.update(name.partition(".")[0] for name in names)
    return found


def _top(imported: ir.Imported) -> str:
    return imported.module.partition(".")[0] if not imported.level else ""


def _shadow(view: _Recording) -> Shadow:
    units: list[tuple[int, int, Unit, ir.UnitFacts]] = []
    for index, member in sorted(view.asked):
        facts = view.file.units.get((index, member))
        if facts is not None and not facts.failure:
            unit = view.units[index] if member < 0 else view.members(view.units[index])[member]
            units.append((index, member, _bare(unit.unit, facts), facts))
    return Shadow(
        view.path,
        view.name,
        view.is_package,
        view.is_test,
        view.text.line_starts,
        tuple(units),
    )


def _bare(unit: Unit, facts: ir.UnitFacts) -> Unit:
    """Return a unit with the names that it really binds, and without its members: those stand for themselves."""
    names = unit.names if unit.names is not None else tuple(facts.scopes[0].bindings)
    return Unit(unit.kind, names, unit.start, unit.end, unit.header)
