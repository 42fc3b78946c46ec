"""Tells the lookups that may concern a flag from all the others, before anything is evaluated.

`x["k"]`, `x.get("k")` and `X.objects.filter(...)` stand in every second statement, and hardly one of them is of a flag.
One is where its statement names what it looks into: a dictionary or model that a pack knows, a read of many flags, a
wrapper or client of this run; or something that the same file made out of these.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.patterns import late
from flaglint.refs.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Collection

    from flaglint.refs.index import SpecIndex
    from flaglint.refs.program import ModuleView, UnitRef

_ON_SELF = late(rb"\b(?:self|cls)\.(\w+)\s*(?::[^=\n]+)?=(?!=)")
_ROUNDS = 3  # names that one file makes out of names
# Methods and names that say nothing of what they are of.
_PLAIN = frozenset({"get", "post", "put", "patch", "delete", "setUp", "run", "handle", "__init__", "_", "self", "cls"})


class Leads:
    """The names that lead to a flag by a lookup, and which units hold one."""

    def __init__(self, index: SpecIndex) -> None:
        self._index = index
        self.beside = Screen(index.beside_heads)
        self._called = _Leading(index.beside_heads | index.batches)
        self._held = _Leading(index.beside_heads | index.batches)

    def take(self, owners: set[str], holders: set[str]) -> None:
        """Add the names that a run has found by now: `holders` of what holds flags, `owners` of clients."""
        names = self._index.beside_heads | self._index.batches | (holders - self._index.words)
        self._held = self._held.of(names)
        if self._index.methods.keys() & self._index.heads:
            names |= owners  # a client is asked by a method that is called as those of everything else are
        self._called = self._called.of(names)

    def may_lead(self, unit: UnitRef) -> bool:
        """Whether a method called in a unit, named as those of everything are, may concern a flag."""
        return self._called.stands_in(unit)

    def may_hold(self, unit: UnitRef) -> bool:
        """Whether what a unit looks into by subscript may hold flags: what only reads one of them holds none."""
        return self._held.stands_in(unit)


class _Leading:
    """Some names, and which units hold one of them, or one that their file makes out of these."""

    def __init__(self, names: Collection[str]) -> None:
        self._names = frozenset(names)
        self._screen = Screen(self._names)
        self._units: dict[UnitRef, bool] = {}
        self._made: dict[str, list[re.Pattern[bytes]]] = {}

    def of(self, names: Collection[str]) -> _Leading:
        """Return the same of other names, with what is known of them if they are no others."""
        return self if names == self._names else _Leading(names)

    def stands_in(self, unit: UnitRef) -> bool:
        """Whether one stands in a unit."""
        found = self._units.get(unit)
        if found is None:
            path = unit.view.path
            if path not in self._made:
                self._made[path] = self._made_in(unit.view)
            found = self._units[unit] = self._holds(_bytes(unit), self._made[path])
        return found

    def _holds(self, data: bytes, made: list[re.Pattern[bytes]]) -> bool:
        return self._screen.is_in(data) or any(pattern.search(data) for pattern in made)

    def _made_in(self, view: ModuleView) -> list[re.Pattern[bytes]]:
        """Return what finds the names that a file gives to something that leads to a flag."""
        found: list[re.Pattern[bytes]] = []
        names: set[str] = set()
        for _ in range(_ROUNDS if self._screen.is_in(view.text.data) else 0):
            holding = [unit for unit in view.leaves() if self._holds(_bytes(unit), found)]
            made = {name for unit in holding for name in _made_by(unit)} - names - self._names
            if not made:
                break
            names |= made
            found.append(re.compile(rb"\b(?:%b)\b" % b"|".join(sorted(re.escape(name.encode()) for name in made))))
        return found


def _made_by(unit: UnitRef) -> set[str]:
    """Return the names that a unit gives to something: its own, and those of attributes that it sets on itself."""
    if unit.unit.kind == "class" and unit.unit.members:
        return set()
    on_self = {match[1].decode("utf-8", "replace") for match in _ON_SELF.finditer(_bytes(unit))}
    return (set(unit.unit.names or ()) | on_self) - _PLAIN


def _bytes(unit: UnitRef) -> bytes:
    if unit.unit.kind == "class" and unit.unit.members:
        return unit.view.text.text[unit.unit.start : unit.unit.header].encode("utf-8", "surrogatepass")
    return unit.text.encode("utf-8", "surrogatepass")
