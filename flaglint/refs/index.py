"""The packs of a run, indexed by the names that code uses: what the recogniser and the screen look things up in."""

from __future__ import annotations

import builtins
from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable

    from flaglint.refs.spec import (
        Call,
        ClassAttribute,
        Declaration,
        Decorator,
        Dictionary,
        Export,
        FlagObject,
        Override,
        Pack,
        Row,
    )

Item = TypeVar("Item")
_BUILTINS = frozenset(dir(builtins))
_ROW_CALLS = frozenset(
    {"create", "get_or_create", "update_or_create", "acreate", "filter", "get", "exclude", "make", "prepare", "build"}
)
_TOO_COMMON = _ROW_CALLS | {"dict", "update", "setdefault", "as_view"}


class SpecIndex:
    """Everything the packs say, by qualified name, by method name and by owner."""

    def __init__(self, packs: Iterable[Pack]) -> None:
        self.packs = tuple(packs)
        self.builtins = _BUILTINS
        self.functions: dict[str, list[tuple[str, Call]]] = defaultdict(list)
        self.methods: dict[str, list[tuple[Pack, Call]]] = defaultdict(list)
        self.clients: dict[str, list[Pack]] = defaultdict(list)
        self.constructors: dict[str, list[tuple[str, FlagObject]]] = defaultdict(list)
        self.decorators: dict[str, list[tuple[str, Decorator]]] = defaultdict(list)
        self.dictionaries: dict[str, list[tuple[str, Dictionary]]] = defaultdict(list)
        self.attributes: dict[str, list[tuple[str, ClassAttribute]]] = defaultdict(list)
        self.declared: dict[str, list[tuple[str, Declaration]]] = defaultdict(list)
        self.overrides: dict[str, list[tuple[str, Override]]] = defaultdict(list)
        self.override_methods: dict[str, list[tuple[str, Override]]] = defaultdict(list)
        self.rows: dict[str, list[tuple[str, Row]]] = defaultdict(list)
        self.exports: dict[str, list[tuple[Pack, Export]]] = defaultdict(list)  # by function, or by method
        for pack in self.packs:
            self._add(pack)
        self.names = frozenset(
            {
                *self.functions,
                *self.clients,
                *self.constructors,
                *self.decorators,
                *self.dictionaries,
                *(name for name, found in self.declared.items() if any(name in spec.calls for _, spec in found)),
                *self.overrides,
                *self.rows,
                *(name for name in self.exports if "." in name),
            }
        )
        self.last_words = frozenset(_last_word(name) for name in self.declared)
        self.client_words = frozenset(_last_word(name) for name in self.clients)
        looked_into = {name.partition("[")[0] for name in self.dictionaries if "[" in name}
        self.owners = frozenset({*looked_into, *(name.rpartition(".")[0] for name in self.names)}) - self.names
        self.words = frozenset(self._words()) - _TOO_COMMON
        # Names of calls that matter only on a receiver or argument of interest: never worth a screen of their own.
        last_words = {_last_word(name) for name in self.names} | frozenset(self._words())
        self.heads = _TOO_COMMON & last_words | (_ROW_CALLS if self.rows else frozenset())
        if self.dictionaries or self.declared:
            self.heads |= {"get", "dict", "update", "setdefault"}
        # A call with such a name counts only where the code names what it would have to be called on.
        held = (name for name, found in self.declared.items() if any(name not in spec.calls for _, spec in found))
        self.looked_into = frozenset({*self.rows, *self.dictionaries, *held, *self.constructors})
        common = {name for name in (*self.looked_into, *self.names) if _last_word(name) in _TOO_COMMON}
        self.beside_heads = frozenset(_last_word(name) for name in self.looked_into - common) | frozenset(
            _last_word(name.rpartition(".")[0]) for name in common
        )

    def _add(self, pack: Pack) -> None:
        name = pack.name
        for call in pack.calls:
            _settle(self.functions, call.functions, (name, call))
            _file(self.methods, call.methods, (pack, call))
        # A project's own pack has no clients but those of its calls.
        narrowed = [call.clients for call in pack.calls] + [export.clients for export in pack.exports]
        _file(self.clients, dict.fromkeys((*pack.clients, *(name for names in narrowed for name in names))), pack)
        for spec in pack.objects:
            _settle(self.constructors, spec.constructors, (name, spec))
        for decorator in pack.decorators:
            _settle(self.decorators, decorator.functions, (name, decorator))
        for dictionary in pack.dictionaries:
            _file(self.dictionaries, (*dictionary.names, *dictionary.functions), (name, dictionary))
        for attribute in pack.attributes:
            _file(self.attributes, attribute.names, (name, attribute))
        for item in pack.declarations:
            names = (*item.dictionaries, *item.calls, *item.enums, *item.collections, *item.models)
            _file(self.declared, names, (name, item))
        for override in pack.overrides:
            _file(self.overrides, override.functions, (name, override))
            _file(self.override_methods, override.methods, (name, override))
        for row in pack.rows:
            _file(self.rows, row.models, (name, row))
        for export in pack.exports:
            _file(self.exports, (*export.functions, *export.methods), (pack, export))

    def _words(self) -> Iterable[str]:
        """Yield the identifiers whose presence makes a statement worth reading."""
        yield from self.methods
        yield from (name for name in self.exports if "." not in name)
        yield from self.attributes
        yield from self.override_methods
        for name in self.names:
            last = _last_word(name)
            yield last if last not in _TOO_COMMON else _last_word(name.rpartition(".")[0])
        yield from (_last_word(name) for name in self.declared)
        for specs in self.constructors.values():
            for _, spec in specs:
                yield from (read.name for read in spec.reads)

    def leading(self) -> frozenset[str]:
        """Return the words of which a file holds one, if it refers to a flag at all and not through another file."""
        named = (*self.names, *self.declared, *self.clients, *self.rows, *self.dictionaries, *self.constructors)
        common = {name.rpartition(".")[0] for name in named if _last_word(name) in _TOO_COMMON}
        return self.words | {_last_word(name) for name in (*named, *common)} - _TOO_COMMON

    @cached_property
    def owners_by_word(self) -> dict[str, set[str]]:
        """The last names of what the names of packs are on, by their own last names: `features` for `has`."""
        found: dict[str, set[str]] = {}
        for name in self.names:
            owner = name.rpartition(".")[0]
            if owner and owner not in self.names:
                found.setdefault(_last_word(name), set()).add(_last_word(owner))
        return found

    @cached_property
    def batches(self) -> frozenset[str]:
        """The names by which many flags are read at once, or all of them handed out."""
        calls = (call for pack in self.packs for call in pack.calls if call.key.many)
        named = {name for call in calls for name in (*call.functions, *call.methods)}
        return frozenset(_last_word(name) for name in (*named, *self.exports))

    def active(self, is_imported: Callable[[Pack], bool]) -> SpecIndex:
        """Return the index of those packs whose package the project imports, and of the project's own."""
        return SpecIndex(pack for pack in self.packs if not pack.packages or is_imported(pack))

    def without(self, names: Collection[str]) -> SpecIndex:
        """Return the index of packs of which some say nothing of what is not of their own packages."""
        from flaglint.refs.elsewhere import at_home

        return SpecIndex(at_home(pack) if pack.name in names else pack for pack in self.packs)

    def model(self, name: str) -> str | None:
        """Return the SDK of which a class of this qualified name declares the flags as its fields, or None."""
        return next((sdk for sdk, spec in self.declared.get(name, ()) if name in spec.models), None)

    def is_enum_alone(self, name: str) -> bool:
        """Whether what packs say of a qualified name is that the members of this enumeration are flags, and no more."""
        specs = () if name in self.owners else self.declared.get(name, ())
        return bool(specs) and all(name in spec.enums for _, spec in specs)

    def batch(self, name: str) -> str | None:
        """Return the SDK of a read of many flags that is called by this qualified name, or None."""
        for sdk, call in self.functions.get(name, ()):
            if call.key.many:
                return sdk
        owner, _, method = name.rpartition(".")
        for pack, call in self.methods.get(method, ()):
            if call.key.many and owner in self.clients and pack in self.clients[owner]:
                return pack.name
        return None

    def method_calls(self, owner: str, method: str) -> list[tuple[str, Call]]:
        """Return the reads that `method` is on a client of the qualified name `owner`."""
        packs = self.clients.get(owner, ())
        return [
            (pack.name, call)
            for pack, call in self.methods.get(method, ())
            if pack in packs and owner in (call.clients or pack.clients)
        ]

    def exporters(self, name: str) -> list[str]:
        """Return the SDKs of which a call of this qualified name hands out every flag."""
        owner, _, method = name.rpartition(".")
        packs = self.clients.get(owner, ())
        return [pack.name for pack, _ in self.exports.get(name, ())] + [
            pack.name
            for pack, export in self.exports.get(method, ())
            if pack in packs and owner in (export.clients or pack.clients)
        ]


def _last_word(dotted: str) -> str:
    """Return the last identifier of a qualified name, also of `config[KEY]`."""
    bare = dotted.rstrip("]")
    return bare.replace("[", ".").rpartition(".")[2]


def _file(table: dict[str, list[Item]], names: Iterable[str], item: Item) -> None:
    for name in names:
        table[name].append(item)


def _settle(table: dict[str, list[tuple[str, Item]]], names: Iterable[str], item: tuple[str, Item]) -> None:
    """File what a pack says of qualified names; what an earlier pack says of them counts no more.

    A project names its own functions in its configuration, also those that a shipped pack knows by now.
    """
    for name in names:
        if any(sdk != item[0] for sdk, _ in table[name]):
            table[name].clear()
        table[name].append(item)
