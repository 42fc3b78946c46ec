"""Conditions in the manner of MongoDB's queries, as GrowthBook has them, decided as far as that can be known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Truth: TypeAlias = bool | None  # None: that depends

_DEEPEST = 90  # levels of nesting; readers of files stop at a hundred


def holds(condition: Any, known: Mapping[str, Any] | None = None, depth: int = 0) -> Truth:
    """Return whether a condition holds for every context, or for none; None when that depends, or is not certain.

    `known` are attributes with certain values; of all others nothing is known, not even whether they are there.
    """
    if not isinstance(condition, dict) or depth > _DEEPEST:
        return None
    found: list[Truth] = []
    for key, value in condition.items():
        match key:
            case "$and":
                found.append(_each(value, known, depth, stops_at=False))
            case "$or":
                found.append(True if value == [] else _each(value, known, depth, stops_at=True))
            case "$nor":
                found.append(_opposite(True if value == [] else _each(value, known, depth, stops_at=True)))
            case "$not":
                found.append(_opposite(holds(value, known, depth + 1)))
            case _ if known is not None and key in known:
                found.append(_equals(value, known[key]))
            case _:
                found.append(None)
    return _all(found)


def _each(conditions: Any, known: Mapping[str, Any] | None, depth: int, *, stops_at: bool) -> Truth:
    if not isinstance(conditions, list):
        return None
    found = [holds(condition, known, depth + 1) for condition in conditions]
    if stops_at:
        return _opposite(_all(map(_opposite, found)))
    return _all(found)


def _all(found: Iterable[Truth]) -> Truth:
    """Return the conjunction. One part that is not certain leaves it open: an engine may give a condition up."""
    results = list(found)
    if None in results:
        return None
    return all(results)


def _opposite(result: Truth) -> Truth:
    return None if result is None else not result


def _equals(wanted: Any, value: Any) -> Truth:
    """Return whether a known scalar meets what is wanted: a scalar, or `$eq`, `$ne`, `$in`, `$nin`, `$exists`."""
    if isinstance(value, (dict, list)):
        return None
    if not isinstance(wanted, dict):
        return None if isinstance(wanted, list) else _same(wanted, value)
    found: list[Truth] = []
    for operator, operand in wanted.items():
        match operator:
            case "$eq" | "$ne" if not isinstance(operand, (dict, list)):
                found.append(_same(operand, value) is (operator == "$eq"))
            case "$in" | "$nin" if isinstance(operand, list) and not any(isinstance(o, (dict, list)) for o in operand):
                found.append(any(_same(item, value) for item in operand) is (operator == "$in"))
            case "$exists" if isinstance(operand, bool):
                found.append((value is not None) is operand)
            case _:
                found.append(None)
    return _all(found) if found else None


def _same(one: Any, other: Any) -> bool:
    return _kind(one) == _kind(other) and bool(one == other)


def _kind(value: Any) -> type:
    return float if isinstance(value, int) and not isinstance(value, bool) else type(value)
