"""Whether two registries say the same, wherever in their files they say it."""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any

from flaglint.model import Span
from flaglint.records import field_names, is_record, replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from flaglint.definition import Registry

_UNORDERED = ("flags", "segments", "attributes", "tombstones")
_NO_MEANING = frozenset({"field_spans", "problems"})
_VALUES: dict[type, Callable[[Any], tuple[Any, ...]] | None] = {}  # what gets the values that mean something


def is_same(one: Registry, other: Registry) -> bool:
    """Whether two registries hold the same flags, segments, attributes and tombstones, in whatever order."""
    one, other = (replace(registry, problems=(), paths=()) for registry in (one, other))
    return _is_same(one, other) or _plain(one) == _plain(other)


def _is_same(one: Any, other: Any) -> bool:
    kind = type(one)
    if kind is not type(other):
        return False
    if kind is Span or one is other:
        return True
    if kind is tuple:
        return len(one) == len(other) and all(map(_is_same, one, other))
    values = _VALUES[kind] if kind in _VALUES else _VALUES.setdefault(kind, _values_of(kind))
    return bool(one == other) if values is None else all(map(_is_same, values(one), values(other)))


def _values_of(kind: type) -> Callable[[Any], tuple[Any, ...]] | None:
    names = [name for name in field_names(kind) if name not in _NO_MEANING] if is_record(kind) else []
    if len(names) > 1:
        return attrgetter(*names)
    return (lambda value: (getattr(value, names[0]),)) if names else None


def _plain(registry: Registry) -> Any:
    """Return what a registry says as plain data without places; flags and the like by their names."""
    parts = _without_places(registry)
    for name in _UNORDERED:
        parts[name] = sorted(parts[name], key=repr)
    return parts


def _without_places(value: Any) -> Any:
    if isinstance(value, Span):
        return None
    if is_record(type(value)):
        names = (name for name in field_names(type(value)) if name not in _NO_MEANING)
        return {name: _without_places(getattr(value, name)) for name in names}
    if isinstance(value, tuple):
        return [_without_places(item) for item in value]
    return value
