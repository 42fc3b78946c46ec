"""What the key of a read rests on: the names and attributes on the way to it that other code may set or change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs.calls import CACHED
from flaglint.refs.cells import REPLACED, Cell, module_id
from flaglint.refs.escaping import escapes
from flaglint.refs.parameters import DEFAULTS
from flaglint.refs.values import Class, Place, strings

if TYPE_CHECKING:
    from flaglint.refs.cells import Step
    from flaglint.refs.classes import Classes
    from flaglint.refs.match import Match
    from flaglint.refs.resolve import Resolver


def cells_of(match: Match, resolver: Resolver) -> list[Cell]:
    """Return what the key of a read rests on, also where subclasses alone give it; nothing where that is spelled.

    A list or dictionary of a function that is handed on there to what may change it counts as replaced.
    """
    left = [
        _of_class(hole.name, Class(hole.owner), resolver.classes)
        for hole in match.holes
        if hole.is_attribute and hole.owner is not None
    ]
    if match.ask is None or not any(item is not None and item.text for item in strings(match.key)):
        return left
    steps = resolver.steps(match.ask)
    opened = {met.owner for met in steps if not met.name}
    for met in steps:
        if met.name and isinstance(met.owner, Class):
            cell = _of_class(met.name, met.owner, resolver.classes)
            is_open = met.is_open or met.owner in opened
            left.append(cell._replace(is_open=is_open, texts=met.texts, depth=met.depth))
        elif met.name and isinstance(met.owner, Place):
            left += _of_function(met, met.owner, resolver)
        elif met.name and not isinstance(met.owner, Place | Class):
            owner = module_id(met.owner.path)
            word = met.owner.name.rpartition(".")[2]
            left.append(Cell(met.name, owner, frozenset(), met.is_open, met.texts, word, met.depth))
    return left


def _of_class(name: str, owner: Class, classes: Classes) -> Cell:
    above = frozenset(base.place.identity for base in classes.lineage(owner) if isinstance(base, Class))
    return Cell(name, owner.place.identity, above, is_open=True, texts=frozenset(), word=owner.place.definition.name)


def _of_function(met: Step, place: Place, resolver: Resolver) -> list[Cell]:
    """Return the defaults of a function, or what it gives every caller; or that others may change one in it."""
    if met.name == place.definition.name + CACHED:
        cell = Cell(place.definition.name, place.identity, frozenset(), is_open=False, texts=frozenset(), word="")
        return [cell._replace(word=cell.name, depth=met.depth, is_called=True)]
    if met.name in DEFAULTS:
        return [Cell(met.name, place.identity, frozenset(), met.is_open, met.texts, place.definition.name)]
    if not escapes(resolver, place, met.name, met.depth):
        return []
    view = place.unit.view
    return [Cell(REPLACED, module_id(view.path), frozenset(), is_open=False, texts=frozenset(), word=view.name)]
