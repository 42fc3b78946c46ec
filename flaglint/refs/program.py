"""The files of a program as modules: which module a file is, which file a module is, and what each name is bound to."""

from __future__ import annotations

import sys
from functools import cached_property
from typing import TYPE_CHECKING

from flaglint.patterns import late
from flaglint.records import dataclass, field
from flaglint.refs import ir
from flaglint.refs.named_units import NamedUnits, SpelledUnits
from flaglint.refs.outline import outline
from flaglint.refs.tests import is_test
from flaglint.stages import stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.refs.outline import Unit
    from flaglint.source import Text

_STAR = late(r"import[\s\\]*\*")


@dataclass(frozen=True, slots=True)
class FileFacts:
    """What is known of one file: how it is cut, and the facts of the units that were looked at so far."""

    cut: tuple[Unit, ...]
    units: dict[tuple[int, int], ir.UnitFacts] = field(default_factory=dict)


class UnitRef:
    """One unit of one module: a top-level statement, or a member of a top-level class."""

    __slots__ = ("_facts", "index", "member", "unit", "view")

    def __init__(self, view: ModuleView, unit: Unit, index: int, member: int) -> None:
        self.view = view
        self.unit = unit
        self.index = index
        self.member = member
        self._facts: ir.UnitFacts | None = None

    @property
    def facts(self) -> ir.UnitFacts:
        """The facts of this unit, read now if they were not read before."""
        if self._facts is None:
            self._facts = self.view.facts_of(self)
        return self._facts

    @property
    def text(self) -> str:
        """The source of the unit."""
        return self.view.text.text[self.unit.start : self.unit.end]

    def holds(self, piece: str) -> bool:
        """Whether a piece of text stands in the unit; True where its text is not at hand."""
        return self.view.holds(self, piece)

    @property
    def owner(self) -> UnitRef | None:
        """The class that this unit is a member of."""
        return self.view.units[self.index] if self.member >= 0 else None

    def qualname(self, scope: int) -> str:
        """Return the dotted name of a scope of this unit, with its module."""
        inner = self.local_name(scope)
        return f"{self.view.name}.{inner}" if inner else self.view.name

    def local_name(self, scope: int) -> str:
        """Return the dotted name of a scope inside its module, as `__qualname__` without `<locals>`."""
        names: list[str] = []
        while scope > 0:
            found = self.facts.scopes[scope]
            if found.kind in {"function", "class"}:
                names.append(found.name)
            scope = found.parent
        if self.member >= 0:
            names += self.view.units[self.index].unit.names or ()
        return ".".join(reversed(names))


class ModuleView:
    """One module of the program, read unit by unit as it is needed."""

    has_text = True  # in which one may look for words

    def __init__(self, path: str, name: str, text: Text, facts: FileFacts | None, *, is_package: bool) -> None:
        self.path = path
        self.name = name
        self.text = text
        self._given = facts
        self.is_package = is_package

    @cached_property
    def file(self) -> FileFacts:
        """How the file is cut, and what was read of it; cut now if it was not before."""
        return self._given or cut(self.text.text)

    def holds(self, unit: UnitRef, piece: str) -> bool:
        """Whether a piece of text stands in a unit: asked before its facts are, which cost more."""
        return self.text.text.find(piece, unit.unit.start, unit.unit.end) >= 0

    def spells(self, piece: str) -> bool:
        """Whether a piece of text stands anywhere in the file."""
        return piece in self.text.text

    def lacks(self, piece: str) -> bool:
        """Whether a piece of text surely stands nowhere in the file: asked before the file is cut."""
        return piece not in self.text.text

    @property
    def may_star(self) -> bool:
        """Whether a star import may stand in the file: asked before the file is cut."""
        return _STAR.search(self.text.text) is not None

    @cached_property
    def is_test(self) -> bool:
        """Whether the file holds tests, or what only tests use."""
        return is_test(self.path, self.text.text)

    @cached_property
    def units(self) -> list[UnitRef]:
        """The top-level statements in order."""
        return [UnitRef(self, unit, index, -1) for index, unit in enumerate(self.file.cut)]

    @cached_property
    def _members(self) -> dict[int, list[UnitRef]]:
        return {}

    def members(self, unit: UnitRef) -> list[UnitRef]:
        """Return the members of a top-level class."""
        found = self._members.get(unit.index)
        if found is None:
            found = [UnitRef(self, member, unit.index, number) for number, member in enumerate(unit.unit.members)]
            self._members[unit.index] = found
        return found

    @cached_property
    def _named(self) -> NamedUnits:
        return NamedUnits(self.units)

    @cached_property
    def _named_members(self) -> dict[int, NamedUnits]:
        return {}

    def named_members(self, unit: UnitRef) -> NamedUnits:
        """Return the members of a top-level class, to be found by name."""
        found = self._named_members.get(unit.index)
        if found is None:
            found = self._named_members[unit.index] = NamedUnits(self.members(unit))
        return found

    @cached_property
    def _storing(self) -> SpelledUnits:
        """The functions that may bind names of the module."""
        return SpelledUnits(
            [unit for unit in self.leaves() if unit.unit.kind in {"def", "simple"} and unit.holds("global ")]
        )

    def leaves(self) -> Iterator[UnitRef]:
        """Yield the smallest units: members of classes, and every other statement; a class itself for its header."""
        for unit in self.units:
            yield unit
            if unit.unit.members:
                yield from self.members(unit)

    def facts_of(self, unit: UnitRef) -> ir.UnitFacts:
        """Return the facts of a unit, from what was read ahead or by reading it now."""
        key = (unit.index, unit.member)
        found = self.file.units.get(key)
        if found is None:
            with stage("read statements"):
                found = self.file.units[key] = read_unit(self.text.text, unit.unit, is_member=unit.member >= 0)
        return found

    def binders(self, name: str) -> list[tuple[UnitRef, ir.Binding]]:
        """Return what the module binds `name` to at its top level, in order."""
        return self._binders(name)

    @cached_property
    def _bound(self) -> dict[str, list[tuple[UnitRef, ir.Binding]]]:
        return {}

    def _binders(self, name: str) -> list[tuple[UnitRef, ir.Binding]]:
        found = self._bound.get(name)
        if found is None:
            found = self._bound[name] = [
                (unit, binding)
                for unit in (() if self.lacks(name) else self._named.perhaps_binding(name))  # most lack what is asked
                for binding in unit.facts.scopes[0].bindings.get(name, ())
            ]
        return found

    @cached_property
    def stars(self) -> list[ir.Imported]:
        """The star imports of the module, in order."""
        if not self.may_star:
            return []
        return [
            star
            for unit in self.units
            if unit.unit.kind in {"import", "compound"} and unit.holds("*")
            for star in unit.facts.scopes[0].stars
        ]

    def global_stores(self, name: str) -> list[tuple[UnitRef, int, ir.Binding]]:
        """Return the bindings that functions make to a global `name` (`global name`)."""
        return [
            (unit, index, binding)
            for unit in self._storing.spelling(name)
            for index, scope in enumerate(unit.facts.scopes)
            if name in scope.foreign
            for binding in scope.bindings.get(name, ())
        ]

    def absolute(self, imported: ir.Imported) -> str:
        """Return the dotted name of the module that an import statement of this module names."""
        if not imported.level:
            return imported.module
        parts = self.name.split(".")
        parts = parts[: len(parts) - imported.level + self.is_package]
        return ".".join((*parts, imported.module)) if imported.module else ".".join(parts)


def read_unit(text: str, unit: Unit, *, is_member: bool) -> ir.UnitFacts:
    """Return the facts of one unit. A class with members is read by its header alone; the members stand for themselves.

    libcst is imported here, when the first statement has to be read.
    """
    if unit.broken:
        return ir.UnitFacts([ir.Scope("unit")], failure=unit.broken)
    from flaglint.refs.extract import extract

    if unit.kind == "class" and unit.members and not is_member:
        return extract(text[unit.start : unit.header] + "    pass\n")
    return extract(text[unit.start : unit.end], is_member=is_member)


class Program:
    """Finds the module of a dotted name among the files of the project, and reads it when it is needed."""

    def __init__(
        self,
        load: Callable[[str], ModuleView | None],
        exists: Callable[[str], bool],
        roots: tuple[str, ...],
        outside: frozenset[str] = frozenset(),
    ) -> None:
        self._outside = outside | sys.stdlib_module_names
        self._load = load
        self._exists = exists
        self._roots = roots
        self._views: dict[str, ModuleView | None] = {}
        self._paths: dict[tuple[str, str], str | None] = {}

    def view(self, path: str) -> ModuleView | None:
        """Return the module in a file, or None when the file cannot be read as Python."""
        if path not in self._views:
            self._views[path] = self._load(path)
        return self._views[path]

    @property
    def loaded(self) -> frozenset[str]:
        """The files that were read as modules, or could not be."""
        return frozenset(self._views)

    def module(self, dotted: str, near: ModuleView) -> ModuleView | None:
        """Return the module `dotted` as the module `near` would import it, or None when it is not of this program."""
        folder = near.path.rpartition("/")[0]
        key = (dotted, folder)
        if key not in self._paths:
            self._paths[key] = self._find(dotted, root_of(near), folder)
        path = self._paths[key]
        return self.view(path) if path is not None else None

    def path_of(self, dotted: str) -> str | None:
        """Return the file of a module by its dotted name alone, from the roots of the project."""
        for root in self._roots:
            base = f"{root}{dotted.replace('.', '/')}"
            for path in (f"{base}.py", f"{base}/__init__.py"):
                if dotted and self._exists(path):
                    return path
        return None

    def is_namespace(self, dotted: str, near: ModuleView) -> bool:
        """Whether `dotted` is a folder of modules without an `__init__` of its own."""
        inner = dotted.replace(".", "/")
        return any(self._exists(f"{root}{inner}/") for root in dict.fromkeys((root_of(near), *self._roots)))

    def _find(self, dotted: str, near_root: str, folder: str) -> str | None:
        for root in self._search_path(dotted, near_root, folder):
            base = f"{root}{dotted.replace('.', '/')}"
            for path in (f"{base}.py", f"{base}/__init__.py"):
                if self._exists(path):
                    return path
        return None

    def _search_path(self, dotted: str, near_root: str, folder: str) -> Iterator[str]:
        """Yield the folders to look for an absolute import in: the file's own root, the project's, those above it.

        A folder above a file counts as applications put theirs on the path (`manage.py` in a package), but never for
        a name of the standard library or of an SDK.
        """
        tried = dict.fromkeys((near_root, *self._roots))
        yield from tried
        if dotted.partition(".")[0] in self._outside:
            return
        parts = folder.split("/") if folder else []
        for depth in range(len(parts), 0, -1):
            above = "/".join(parts[:depth]) + "/"
            if above not in tried:
                yield above


def root_of(view: ModuleView) -> str:
    """Return the folder (with a slash, or empty) that the dotted name of a module starts from."""
    depth = view.name.count(".") + 1 + view.is_package
    parts = view.path.split("/")
    return "".join(f"{part}/" for part in parts[: len(parts) - depth])


def module_name(path: str, exists: Callable[[str], bool], roots: tuple[str, ...]) -> tuple[str, bool]:
    """Return the dotted name of the module in `path`, and whether it is a package.

    A file in a package is named from the folder above its outermost package; any other one from the source root that
    it lies below.
    """
    parts = path.removesuffix(".pyi").removesuffix(".py").split("/")
    is_package = parts[-1] == "__init__"
    if is_package:
        parts = parts[:-1]
    start = len(parts) - 1
    while start > 0 and exists("/".join(parts[:start]) + "/__init__.py"):
        start -= 1
    if start == len(parts) - 1 and not is_package:
        for root in sorted(roots, key=len, reverse=True):
            if root and path.startswith(root):
                start = root.count("/")
                break
        else:
            start = 0
    return ".".join(parts[start:]) or "__init__", is_package


def cut(text: str) -> FileFacts:
    """Return the units of a text, none of them read yet."""
    return FileFacts(outline(text).units)
