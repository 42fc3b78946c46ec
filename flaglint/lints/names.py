"""Whose names are judged: each flag where it is defined, and a key where it is read only if nothing defines it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from flaglint.lints.definitions import keys_of, place_of, quoted
from flaglint.lints.nearest import folded
from flaglint.lints.styles import proposal
from flaglint.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from flaglint.config import Naming
    from flaglint.definition import Flag
    from flaglint.graph import FlagGraph
    from flaglint.model import Span

# Formats in which flaglint can write a new name.
_RENAMED = frozenset({"native", "python"})


class Named(NamedTuple):
    """A key and the place where its name was chosen; `flag` is None for a key that is only read."""

    key: str
    span: Span
    qualname: str = ""
    flag: Flag | None = None

    @property
    def kind(self) -> str:
        """The flag's type, or empty."""
        return self.flag.type if self.flag else ""


def named(graph: FlagGraph, reported: Callable[[str], bool]) -> Iterator[Named]:
    """Yield each defined flag once, and each key that is read undefined once per file, outside tests.

    `reported` says of a path whether findings there are reported; other places are passed over.
    """
    for flag, _ in graph.definitions:
        place = place_of(graph, flag)
        if reported(place.path):
            yield Named(flag.key, place, flag=flag)
    seen = set()
    for ref in graph.references:
        if ref.kind is not Kind.READ or ref.is_test:
            continue
        for key in keys_of(ref):
            if key in graph.flags or key in graph.tombstones or (ref.span.path, key) in seen:
                continue
            seen.add((ref.span.path, key))
            yield Named(key, ref.span, ref.qualname)


def folded_keys(graph: FlagGraph) -> Counter[str]:
    """Return what is taken: every key that exists or existed, folded, and how many fold into it."""
    return Counter(folded(key) for key in {*graph.flags, *graph.tombstones})


def taken_by_others(taken: Counter[str], key: str) -> Collection[str]:
    """Return the folded keys of all flags but `key`."""
    return (taken - Counter([folded(key)])).keys()


def advice(one: Named, naming: Naming, taken: Counter[str], *, drop: Collection[str] = ()) -> str:
    """Return the help line of a finding about a name: one that would pass, with the command that gives it."""
    more = one.flag.description if one.flag else ""
    others = taken_by_others(taken, one.key)
    better = proposal(one.key, naming, kind=one.kind, taken=others, drop=drop, more=more)
    if better and one.flag and one.flag.format in _RENAMED:
        return f"rename it: flaglint rename {quoted(one.key)} {better}"
    if better:
        return f"a name that fits: `{better}`"
    return f"a name like `{naming.example}` fits" if naming.example else "choose another name"
