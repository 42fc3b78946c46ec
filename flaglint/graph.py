"""The references of a project joined with its registry, indexed: what every rule and report asks."""

from __future__ import annotations

from functools import cached_property
from operator import itemgetter
from typing import TYPE_CHECKING
from typing import Literal as OneWordOf

from flaglint.model import Kind, Pattern
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flaglint.definition import Flag, Registry, Tombstone
    from flaglint.model import ParseFailure, Reference, Skipped, Verdict, Wrapper


class Patterns:
    """Dynamic reads by what their keys begin and end with, so that a key is held against few of them."""

    def __init__(self, dynamic: Iterable[Reference]) -> None:
        self._by_ends: dict[tuple[str, str], list[tuple[int, Pattern, Reference]]] = {}
        for place, ref in enumerate(dynamic):
            if isinstance(ref.key, Pattern) and ref.key.has_literal_part:
                ends = (ref.key.parts[0] or "", ref.key.parts[-1] or "")
                self._by_ends.setdefault(ends, []).append((place, ref.key, ref))
        self._sizes = tuple(dict.fromkeys((len(begin), len(end)) for begin, end in self._by_ends))

    def spelling(self, key: str) -> tuple[Reference, ...]:
        """Return the reads whose pattern can spell `key`, in their order."""
        found = [
            (place, ref)
            for begin, end in self._sizes
            if begin <= len(key) >= end
            for place, pattern, ref in self._by_ends.get((key[:begin], key[len(key) - end :] if end else ""), ())
            if pattern.matches(key)
        ]
        return tuple(ref for _, ref in sorted(found, key=itemgetter(0)))


@dataclass(frozen=True)
class FlagGraph:
    """The references of a project joined with its registry, indexed; built by `join`."""

    registry: Registry
    flags: Mapping[str, tuple[Flag, ...]]  # by key; several when a key is defined in several files or formats
    references: tuple[Reference, ...]  # all, in the order of path and place
    by_key: Mapping[str, tuple[Reference, ...]]  # those that name exactly this key, or list it in a OneOf
    by_path: Mapping[str, tuple[Reference, ...]]
    dynamic: tuple[Reference, ...]  # reads whose key is a Pattern or Unknown
    tombstones: Mapping[str, Tombstone]
    verdicts: Mapping[str, Mapping[str, Verdict]] = field(default_factory=dict)  # key -> environment -> verdict
    skipped: tuple[Skipped, ...] = ()
    failures: tuple[ParseFailure, ...] = ()
    wrappers: tuple[Wrapper, ...] = ()
    scope: OneWordOf["file", "project"] = "project"
    elsewhere: frozenset[str] = frozenset()  # names of other repositories, which the paths of their places begin with

    def reads(self, key: str) -> tuple[Reference, ...]:
        """The reads of `key` outside and inside tests, in the order of path and place."""
        return tuple(ref for ref in self.by_key.get(key, ()) if ref.kind is Kind.READ)

    def patterns(self, key: str) -> tuple[Reference, ...]:
        """The dynamic reads whose pattern has a literal part and can spell `key`."""
        return self._patterns.spelling(key)

    def spelled_by(self, pattern: Pattern) -> tuple[str, ...]:
        """The flags that a pattern of a dynamic read can spell, when it has a literal part; sorted."""
        return self._spelled.get(pattern, ())

    @cached_property
    def definitions(self) -> tuple[tuple[Flag, tuple[Flag, ...]], ...]:
        """The first definition of each key that is not archived, with all its definitions, by place."""
        rows = []
        for flags in self.flags.values():
            live = [flag for flag in flags if not flag.archived]
            if len(live) > 1:
                live.sort(key=_by_place)
            if live:
                rows.append((live[0], tuple(live)))
        return tuple(sorted(rows, key=lambda row: _by_place(row[0])))

    @cached_property
    def prerequisites(self) -> frozenset[str]:
        """The keys that some flag needs."""
        return frozenset(need.key for flags in self.flags.values() for flag in flags for need in flag.needs)

    @cached_property
    def _patterns(self) -> Patterns:
        return Patterns(self.dynamic)

    @cached_property
    def _spelled(self) -> Mapping[Pattern, tuple[str, ...]]:
        found: dict[Pattern, dict[str, None]] = {}
        for key in sorted(self.flags):
            for ref in self._patterns.spelling(key):
                if isinstance(ref.key, Pattern):
                    found.setdefault(ref.key, {})[key] = None
        return {pattern: tuple(keys) for pattern, keys in found.items()}

    def is_elsewhere(self, path: str) -> bool:
        """Whether a path is one of another repository, `payments:src/app.py`, which nothing here can change."""
        return bool(self.elsewhere) and path.partition(":")[0] in self.elsewhere

    @property
    def has_definitions(self) -> bool:
        """Whether there is any registry or declaration to hold references against.

        A registry without a flag in it defines that there are none, unless what is wrong in it may hide them.
        """
        return bool(self.flags) or (bool(self.registry.paths) and not self.registry.problems)


def _by_place(flag: Flag) -> tuple[str, int, int, str]:
    start = flag.key_span.start
    return flag.key_span.path, start.line, start.column, flag.key
