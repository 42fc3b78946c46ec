"""Finds among the units of one file those that may bind a name, without a look at each of them for every name.

A file may have thousands of statements and a class thousands of members, and each of them may be asked for by name.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from flaglint.patterns import late

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.refs.program import UnitRef

MANY = 16  # units, from which on an index of their words pays
_WORD = late(r"\.?\w+")
_NO_TARGET = late(r"\w|[ \t]*(?:[(.\[]|[=!]=)")  # what follows the name of an attribute that is not set there


class SpelledUnits:
    """Finds units of one file, in their order, by what they spell."""

    def __init__(self, units: Sequence[UnitRef]) -> None:
        self.units = units

    @cached_property
    def _by_word(self) -> dict[str, list[UnitRef]]:
        found: dict[str, list[UnitRef]] = {}
        for unit in self.units:
            for word in dict.fromkeys(_WORD.findall(unit.text)):
                found.setdefault(word, []).append(unit)
        return found

    def spelling(self, word: str) -> Sequence[UnitRef]:
        """Return the units that may hold a word; with a dot before it, as the name of an attribute."""
        is_plain = word.isascii()  # else it may have letters that stand for others, or that no pattern calls letters
        if len(self.units) < MANY or not is_plain or not self.units[0].view.has_text:
            return [unit for unit in self.units if unit.holds(word)]
        return self._by_word.get(word, ())


class NamedUnits:
    """Finds units of one file, in their order, by the names that they bind: statements, or members of one class."""

    def __init__(self, units: Sequence[UnitRef]) -> None:
        self._units = units

    @cached_property
    def _told(self) -> dict[str, list[UnitRef]]:
        found: dict[str, list[UnitRef]] = {}
        for unit in self._units:
            for name in dict.fromkeys(unit.unit.names or ()):
                found.setdefault(name, []).append(unit)
        return found

    @cached_property
    def _untold(self) -> SpelledUnits:
        return SpelledUnits([unit for unit in self._units if unit.unit.names is None])

    @cached_property
    def _spelled(self) -> SpelledUnits:
        return SpelledUnits(self._units)

    def binding(self, name: str) -> Sequence[UnitRef]:
        """Return the units that bind `name`, and all of which only a parse can tell what they bind."""
        return _ordered(self._told.get(name, ()), self._untold.units)

    def perhaps_binding(self, name: str) -> Sequence[UnitRef]:
        """Return the units that bind `name`, and those that hold it and of which only a parse can tell."""
        return _ordered(self._told.get(name, ()), self._untold.spelling(name))

    def setting(self, attribute: str) -> Sequence[UnitRef]:
        """Return the units that may set an attribute of something."""
        spelled = f".{attribute}"
        units = self._spelled.spelling(spelled)
        if not units or not units[0].view.has_text:
            return units
        return [unit for unit in units if _may_set(unit.text, spelled)]


def _may_set(text: str, spelled: str) -> bool:
    """Whether some code may set an attribute, which it spells with its dot."""
    if not text.isascii():
        return True  # it may spell the name by other letters
    at = text.find(spelled)
    while at >= 0:
        end = at + len(spelled)
        if _NO_TARGET.match(text, end) is None:
            return True
        at = text.find(spelled, end)
    return False


def _ordered(left: Sequence[UnitRef], right: Sequence[UnitRef]) -> Sequence[UnitRef]:
    return sorted((*left, *right), key=lambda unit: (unit.index, unit.member)) if left and right else left or right
