"""A program without its text: modules of an index, which resolver and recogniser read like any other."""

from __future__ import annotations

from bisect import bisect_right
from functools import cached_property
from typing import TYPE_CHECKING

from flaglint.records import dataclass, replace
from flaglint.refs import ir
from flaglint.refs.outline import Unit
from flaglint.refs.program import FileFacts, ModuleView, UnitRef
from flaglint.source import Text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_NOTHING = Unit("simple", (), 0, 0)  # stands for a unit that the index does not hold; it binds nothing


@dataclass(frozen=True, slots=True)
class Shadow:
    """One module as an index holds it. `units` are (index, member, unit, facts); `starts` those of the lines."""

    path: str
    name: str
    is_package: bool = False
    is_test: bool = False
    starts: tuple[int, ...] = (0,)  # 0-based character offsets
    units: tuple[tuple[int, int, Unit, ir.UnitFacts], ...] = ()


class ShadowText(Text):
    """The lines of a text that is not there."""

    def __init__(self, path: str, starts: Sequence[int]) -> None:
        super().__init__(path, b"", "", "utf-8")
        object.__setattr__(self, "shadow_starts", starts)

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return the 1-based line and column of a 0-based character offset."""
        starts: Sequence[int] = self.__dict__["shadow_starts"]
        line = bisect_right(starts, offset)
        return line, offset - starts[line - 1] + 1


class ShadowView(ModuleView):
    """A module of which only some units are known, and no text: it cannot say what does not stand in it."""

    has_text = False

    def __init__(self, shadow: Shadow) -> None:
        self.shadow = shadow
        facts = {(index, member): found for index, member, _, found in shadow.units}
        text = ShadowText(shadow.path, shadow.starts)
        file = FileFacts(tuple(_outlined(shadow)), facts)
        super().__init__(shadow.path, shadow.name, text, file, is_package=shadow.is_package)

    def holds(self, unit: UnitRef, piece: str) -> bool:  # noqa: ARG002 - there is no text to look in
        """Whether a unit may hold a piece of text: nothing rules it out here."""
        return True

    def spells(self, piece: str) -> bool:  # noqa: ARG002 - there is no text to look in
        """Whether a piece of text surely stands in the file: nothing says so here."""
        return False

    def lacks(self, piece: str) -> bool:  # noqa: ARG002 - there is no text to look in
        """Whether a piece of text surely stands nowhere in the file: nothing says so here."""
        return False

    @property
    def may_star(self) -> bool:
        """Whether a star import may stand in the file: nothing rules it out here."""
        return True

    def facts_of(self, unit: UnitRef) -> ir.UnitFacts:
        """Return the facts of a unit; those of one that the index does not hold say nothing."""
        found = self.file.units.get((unit.index, unit.member))
        if found is None:
            found = self.file.units[unit.index, unit.member] = ir.UnitFacts([ir.Scope("unit")])
        return found

    @cached_property
    def is_test(self) -> bool:
        """Whether the file holds tests, or what only tests use."""
        return self.shadow.is_test


def _outlined(shadow: Shadow) -> list[Unit]:
    """Return the top-level units in order, with a stand-in for each that is not held; members likewise."""
    top = {index: unit for index, member, unit, _ in shadow.units if member < 0}
    inner: dict[int, dict[int, Unit]] = {}
    for index, member, unit, _ in shadow.units:
        if member >= 0:
            inner.setdefault(index, {})[member] = unit
    units = []
    for index in range(max((*top, *inner), default=-1) + 1):
        unit = top.get(index, _NOTHING)
        members = inner.get(index, {})
        whole = tuple(members.get(number, _NOTHING) for number in range(max(members, default=-1) + 1))
        units.append(Unit(unit.kind, unit.names, unit.start, unit.end, unit.header, whole or unit.members))
    return units


class ShadowFiles:
    """The modules of several repositories, each in a folder of its own, named by the repository and a colon."""

    def __init__(self, sources: Mapping[str, tuple[Sequence[Shadow], Sequence[str], Sequence[str]]]) -> None:
        """`sources` are, by name: the modules, the paths of all Python files, and the folders to import from."""
        self._views: dict[str, Shadow] = {}
        self._known: set[str] = set()
        self.roots: tuple[str, ...] = ()
        for name, (shadows, paths, roots) in sources.items():
            self._views.update({placed(name, shadow.path): shadow for shadow in shadows})
            self.roots += tuple(f"{name}:/{root}" for root in roots)
            for path in paths:
                here = placed(name, path)
                self._known.add(here)
                parts = here.split("/")
                self._known.update("/".join(parts[:size]) + "/" for size in range(1, len(parts)))

    def exists(self, path: str) -> bool:
        """Whether some repository has a file, or a folder when the path ends in a slash."""
        return path in self._known

    def load(self, path: str) -> ModuleView | None:
        """Return a module; one that its index does not hold is there, but binds nothing."""
        if path not in self._known:
            return None
        if path not in self._views:
            return ShadowView(Shadow(path, _dotted(path)))
        return ShadowView(replace(self._views[path], path=path))

    def paths(self) -> list[str]:
        """Return the paths of the modules that are held, sorted."""
        return sorted(self._views)


def placed(source: str, path: str) -> str:
    """Return the path of a file among several repositories."""
    return f"{source}:/{path}"


def _dotted(path: str) -> str:
    return path.rpartition(":/")[2].removesuffix(".py").removesuffix("/__init__").replace("/", ".")
