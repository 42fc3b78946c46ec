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
    from collections.abc import Callable, Iterable, Mapping

    from flaglint.refs.contracts import Setting
    from flaglint.refs.match import Match
    from flaglint.refs.program import ModuleView
    from flaglint.refs.values import Place, Value

REPLACED = "?"  # the name of a step at which a decorator may give something else; such a key is open
_DATA = (Str, Items, Pairs, Flagged, Member)


class Step(NamedTuple):
    """What was met on the way to a value: a name, the class or module that has it, and the texts that it may be.

    The object may be one of a subclass where it `is_open`. With an empty name, a class that may be one of its
    subclasses. The owner of a local is its function; of defaults, too. `depth` is as in `Cell`.
    """

    name: str
    owner: Class | ModuleView | Place
    is_open: bool = False
    texts: frozenset[str] = frozenset()
    depth: int = 0


class Cell(NamedTuple):
    """An attribute or a name of a module that a key is, or is made of, and what it is as far as its owner says.

    `above` is what the owner inherits from. The object may be one of a subclass where it `is_open`. `depth` is 1 for a
    list or dictionary, which whoever gets it may change, 2 for one that holds such. What is another name for one
    has its name and owner as `origin`; such a function (`is_called`) gives it back.
    """

    name: str
    owner: PlaceId
    above: frozenset[PlaceId]
    is_open: bool
    texts: frozenset[str]
    word: str  # the last name of the owner, which stands in code that has to do with it
    depth: int = 0
    origin: tuple[str, PlaceId] | None = None
    is_called: bool = False

    @property
    def is_setter(self) -> bool:
        """Whether this is a function that sets attributes of what it is given, and not something that holds keys."""
        return self.is_called and not self.depth

    @property
    def contract(self) -> tuple[str, PlaceId]:
        """What is set where this is changed."""
        return self.origin or (self.name, self.owner)


def module_id(path: str) -> PlaceId:
    """Return what stands for a module among the owners of names."""
    return path, -1, -1, -1


def is_module(owner: PlaceId) -> bool:
    """Whether what has a name is a module."""
    return owner[1:] == (-1, -1, -1)


def place_of(cell: Cell) -> tuple[str, PlaceId]:
    """Return by what cells are sorted: their names and owners."""
    return cell.name, cell.owner


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


def step(name: str, owner: Class | ModuleView | Place, value: Value, *, is_open: bool = False) -> Step:
    """Return what is to be noted of an attribute or a name that has a value."""
    texts = frozenset(item.text for item in strings(value) if item is not None and item.text)
    return Step(name, owner, is_open, texts, depth_of(value))


def depth_of(value: Value, at_most: int = 4) -> int:
    """Return how deep lists and dictionaries go in a value: 0 is none, 2 is some in others."""
    held = [option for option in options(value) if isinstance(option, Items | Pairs)]
    if not held or not at_most:
        return 0
    inner = (
        part
        for item in held
        for part in (item.values if isinstance(item, Items) else [value for _, value in item.values])
    )
    return 1 + max((depth_of(part, at_most - 1) for part in inner), default=0)


def joined(cells: Iterable[Cell]) -> list[Cell]:
    """Return each cell once, in the order of names and owners: open when it is so for one read."""
    found: dict[tuple[str, PlaceId], Cell] = {}
    for cell in cells:
        known = found.get((cell.name, cell.owner))
        is_open = cell.is_open or (known is not None and known.is_open)
        depth = max(cell.depth, known.depth if known is not None else 0)
        found[cell.name, cell.owner] = cell._replace(is_open=is_open, depth=depth, texts=frozenset())
    return sorted(found.values(), key=place_of)


def key_with(
    key: Value,
    match: Match,
    cells: Iterable[Cell],
    settings: Mapping[tuple[str, PlaceId | None], list[Setting]],
    of_subclass: Callable[[PlaceId], Value],
) -> Value:
    """Return the key of a read with what other code sets its cells to; open where it is only made of one.

    `match` is the read as it stands, and `key` what it has by now; `of_subclass` says what it is of one.
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
            if known <= cell.texts:
                added += [Str((text,), (setting.step,)) if text is not None else NOTHING for text in setting.texts]
            else:
                added.append(of_subclass(setting.setter) if setting.is_inherited else NOTHING)
    return one_of((key, *added)) if added else key
