"""The packs of a run, indexed by the names that code uses: what the recogniser and the screen look things up in."""

from __future__ import annotations

import builtins
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flaglint.refs.spec import (
        Call,
        ClassAttribute,
        Declaration,
        Decorator,
        Dictionary,
        FlagObject,
        Override,
        Pack,
        Row,
    )

_BUILTINS = frozenset(dir(builtins))


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
            }
        )
        self.owners = frozenset(name.rpartition(".")[0] for name in self.names) - self.names
        self.words = frozenset(self._words())

    def _add(self, pack: Pack) -> None:
        for call in pack.calls:
            for name in call.functions:
                self.functions[name].append((pack.name, call))
            for name in call.methods:
                self.methods[name].append((pack, call))
        for name in pack.clients:
            self.clients[name].append(pack)
        for spec in pack.objects:
            for name in spec.constructors:
                self.constructors[name].append((pack.name, spec))
        for decorator in pack.decorators:
            for name in decorator.functions:
                self.decorators[name].append((pack.name, decorator))
        for dictionary in pack.dictionaries:
            for name in (*dictionary.names, *dictionary.functions):
                self.dictionaries[name].append((pack.name, dictionary))
        for attribute in pack.attributes:
            for name in attribute.names:
                self.attributes[name].append((pack.name, attribute))
        for declaration in pack.declarations:
            for name in (*declaration.dictionaries, *declaration.calls, *declaration.enums, *declaration.collections):
                self.declared[name].append((pack.name, declaration))
        for override in pack.overrides:
            for name in override.functions:
                self.overrides[name].append((pack.name, override))
            for name in override.methods:
                self.override_methods[name].append((pack.name, override))
        for row in pack.rows:
            for name in row.models:
                self.rows[name].append((pack.name, row))

    def _words(self) -> Iterable[str]:
        """Yield the identifiers whose presence makes a statement worth reading."""
        yield from self.methods
        yield from self.attributes
        yield from self.override_methods
        for name in self.names - frozenset(self.clients):
            yield _last_word(name)
        for specs in self.constructors.values():
            for _, spec in specs:
                yield from (read.name for read in spec.reads)

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
            if pack in packs and (not call.clients or owner in call.clients)
        ]


def _last_word(dotted: str) -> str:
    """Return the last identifier of a qualified name, also of `config[KEY]`."""
    bare = dotted.rstrip("]")
    return bare.replace("[", ".").rpartition(".")[2]
