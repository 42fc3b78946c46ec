"""Facts and references as plain data and back: dataclasses become rows of a table, so that shared parts stay shared.

The recogniser tells expressions apart by identity, so an expression that stands in two places of the facts must be one
object again when they are read. Only the classes named here are ever made; nothing that is read can be executed.
"""

from __future__ import annotations

from enum import Enum
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

from flaglint import model
from flaglint.records import field_names
from flaglint.refs import ir, outline

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_CLASSES: Final = (
    ir.Text,
    ir.Value,
    ir.Name,
    ir.Attribute,
    ir.Arg,
    ir.Call,
    ir.Subscript,
    ir.Percent,
    ir.Join,
    ir.Sequence,
    ir.Spread,
    ir.Mapping,
    ir.Choice,
    ir.Negation,
    ir.Awaited,
    ir.Lambda,
    ir.Comprehension,
    ir.Opaque,
    ir.Moment,
    ir.Assigned,
    ir.Iterated,
    ir.Imported,
    ir.Defined,
    ir.Rebound,
    ir.Parameter,
    ir.Scope,
    ir.Site,
    ir.Store,
    ir.UnitFacts,
    outline.Unit,
    model.Position,
    model.Span,
    model.Label,
    model.Literal,
    model.OneOf,
    model.Pattern,
    model.Unknown,
    model.Default,
    model.Reference,
    model.Wrapper,
    model.Skipped,
)
_ENUMS: Final = (model.Kind, model.Confidence, model.ValueType)
_TUPLE, _LIST, _DICT, _SET, _FROZEN, _ENUM = -1, -2, -3, -4, -5, -6
_FIELDS: Final = {kind: field_names(kind) for kind in _CLASSES}


def _parts_of(names: Sequence[str]) -> Callable[[Any], tuple[Any, ...]]:
    """Return what returns the attributes of these names."""
    return attrgetter(*names) if len(names) > 1 else lambda value: tuple(getattr(value, name) for name in names)


_PLAIN: Final = frozenset({type(None), bool, str, int, float})
_NUMBERS: Final = {kind: number for number, kind in enumerate(_CLASSES)}
_PARTS: Final[dict[type, Callable[[Any], tuple[Any, ...]]]] = {
    kind: _parts_of(names) for kind, names in _FIELDS.items()
}
_ENUM_NUMBERS: Final[dict[type[Enum], int]] = {kind: number for number, kind in enumerate(_ENUMS)}


def layout() -> str:
    """Return a text that changes with every class and field that is written, so that no other layout is ever read."""
    return ";".join(f"{kind.__name__}:{','.join(names)}" for kind, names in _FIELDS.items())


class Writer:
    """Turns values into rows of one table; a value that was written before is named by its row."""

    def __init__(self) -> None:
        self.rows: list[Any] = []
        self._seen: dict[int, int] = {}
        self._kept: list[Any] = []  # an identity is worth something only while its object lives

    def write(self, value: Any) -> Any:
        """Return `value` as data; raises TypeError for what is neither plain nor one of the classes."""
        kind = type(value)
        if kind in _PLAIN:
            return value
        if kind in _NUMBERS:
            found = self._seen.get(id(value))
            if found is None:
                parts = _PARTS[kind](value)
                # A call for each part that is plain would be most of the time.
                row = [_NUMBERS[kind], *[part if type(part) in _PLAIN else self.write(part) for part in parts]]
                found = self._seen[id(value)] = len(self.rows)
                self._kept.append(value)
                self.rows.append(row)
            return [found]
        if kind is tuple:  # most have none, and few several
            return [_TUPLE, *[part if type(part) in _PLAIN else self.write(part) for part in value]]
        if kind in _ENUM_NUMBERS:
            return [_ENUM, _ENUM_NUMBERS[kind], value._value_]
        if isinstance(value, dict):
            return [_DICT, *(self.write(part) for pair in value.items() for part in pair)]
        if isinstance(value, tuple | list):
            return [_TUPLE if isinstance(value, tuple) else _LIST, *map(self.write, value)]
        if isinstance(value, set | frozenset):
            return [_SET if isinstance(value, set) else _FROZEN, *map(self.write, sorted(value))]
        if isinstance(value, bool | str | int | float) and not isinstance(value, Enum):
            return value
        raise TypeError(f"{kind.__name__} is not written")


class FactReader:
    """Turns rows back into values; raises ValueError, TypeError, IndexError or KeyError for what was not written so."""

    def __init__(self, rows: list[Any]) -> None:
        self._made: list[Any] = []
        for row in rows:
            kind = _CLASSES[row[0]]
            self._made.append(kind(*map(self.read, row[1:])))

    def read(self, data: Any) -> Any:
        """Return the value that was written as `data`."""
        if not isinstance(data, list):
            return data
        tag = data[0]
        if not isinstance(tag, int):
            raise TypeError(f"{tag!r} is no tag")
        if tag >= 0:
            return self._made[tag]
        if tag == _ENUM:
            return _ENUMS[data[1]](data[2])
        parts = [self.read(part) for part in data[1:]]
        if tag == _DICT:
            return dict(zip(parts[::2], parts[1::2], strict=True))
        return {_TUPLE: tuple, _LIST: list, _SET: set, _FROZEN: frozenset}[tag](parts)
