"""What a key rests on: attributes of classes and names of modules, which other code may set to something else."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from flaglint.refs.values import (
    NOTHING,
    Class,
    Const,
    Flagged,
    Function,
    Instance,
    Items,
    Member,
    Pairs,
    PlaceId,
    Str,
    one_of,
    options,
    strings,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flaglint.refs.classes import Classes
    from flaglint.refs.contracts import Setting
    from flaglint.refs.match import Match
    from flaglint.refs.program import ModuleView
    from flaglint.refs.resolve import Resolver
    from flaglint.refs.values import Value

REPLACED = "?"  # the name of a step at which a decorator may give something else; such a key is open
_DATA = (Str, Items, Pairs, Flagged, Member)


class Step(NamedTuple):
    """What was met on the way to a value: a name, the class or module that has it, and the texts that it may be.

    The object may be one of a subclass where it `is_open`. With an empty name, a class that may be one of its
    subclasses.
    """

    name: str
    owner: Class | ModuleView
    is_open: bool = False
    texts: frozenset[str] = frozenset()


class Cell(NamedTuple):
    """An attribute or a name of a module that a key is, or is made of, and what it is as far as its owner says.

    `above` is what the owner inherits from. The object may be one of a subclass where it `is_open`.
    """

    name: str
    owner: PlaceId
    above: frozenset[PlaceId]
    is_open: bool
    texts: frozenset[str]
    word: str  # the last name of the owner, which stands in code that has to do with it


def module_id(path: str) -> PlaceId:
    """Return what stands for a module among the owners of names."""
    return path, -1, -1, -1


def is_module(owner: PlaceId) -> bool:
    """Whether what has a name is a module."""
    return owner[1:] == (-1, -1, -1)


def is_data(value: Value) -> bool:
    """Whether a value is a key, or something that holds one: of objects those that were made with something."""
    return any(
        isinstance(option, _DATA)
        or (isinstance(option, Const) and option.value is not None)
        or (isinstance(option, Instance) and option.bound is not None and option.bound.values)
        for option in options(value)
    )


def is_named(value: Value) -> bool:
    """Whether a value is data, or a class or function that may hold or return some."""
    return is_data(value) or any(isinstance(option, Class | Function) for option in options(value))


def step(name: str, owner: Class | ModuleView, value: Value, *, is_open: bool = False) -> Step:
    """Return what is to be noted of an attribute or a name of a module that has a value."""
    texts = frozenset(item.text for item in strings(value) if item is not None and item.text)
    return Step(name, owner, is_open, texts)


def cells_of(match: Match, resolver: Resolver) -> list[Cell]:
    """Return what the key of a read rests on, also where subclasses alone give it; nothing where that is spelled."""
    left = [
        _cell(hole.name, Class(hole.owner), frozenset(), resolver.classes, is_open=True)
        for hole in match.holes
        if hole.is_attribute and hole.owner is not None
    ]
    if match.ask is None or not any(item is not None and item.text for item in strings(match.key)):
        return left
    steps = resolver.steps(match.ask)
    opened = {met.owner for met in steps if not met.name}
    return left + [
        _cell(met.name, met.owner, met.texts, resolver.classes, is_open=met.is_open or met.owner in opened)
        for met in steps
        if met.name
    ]


def _cell(name: str, owner: Class | ModuleView, texts: frozenset[str], classes: Classes, *, is_open: bool) -> Cell:
    if not isinstance(owner, Class):
        word = owner.name.rpartition(".")[2]
        return Cell(name, module_id(owner.path), frozenset(), is_open, texts, word)
    above = frozenset(base.place.identity for base in classes.lineage(owner) if isinstance(base, Class))
    return Cell(name, owner.place.identity, above, is_open, texts, owner.place.definition.name)


def joined(cells: Iterable[Cell]) -> list[Cell]:
    """Return each cell once, in the order of names and owners: open when it is so for one read."""
    found: dict[tuple[str, PlaceId], Cell] = {}
    for cell in cells:
        known = found.get((cell.name, cell.owner))
        is_open = cell.is_open or (known is not None and known.is_open)
        found[cell.name, cell.owner] = cell._replace(is_open=is_open, texts=frozenset())
    return sorted(found.values(), key=lambda cell: (cell.name, cell.owner))


def key_with(
    key: Value, match: Match, cells: Iterable[Cell], settings: Mapping[tuple[str, PlaceId | None], list[Setting]]
) -> Value:
    """Return the key of a read with what other code sets its cells to; open where it is only made of one.

    `match` is the read as it stands, and `key` what it has by now.
    """
    known = {item.text for item in strings(match.key) if item is not None and item.text}
    filled = {(hole.name, hole.owner.identity) for hole in match.holes if hole.owner is not None}  # as `key` has it
    added: list[Value] = []
    for cell in cells:
        if (cell.name, cell.owner) in filled:
            continue
        for setting in settings.get((cell.name, cell.owner), ()):
            if (setting.is_inherited and not cell.is_open) or cell.texts.issuperset(setting.texts):
                continue
            is_whole = known <= cell.texts
            added += [
                Str((text,), (setting.step,)) if is_whole and text is not None else NOTHING for text in setting.texts
            ]
    return one_of((key, *added)) if added else key
