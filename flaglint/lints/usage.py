"""Who uses a flag: what counts as a use, what may be one, and what is no sign at all."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from flaglint.model import Kind, Label
from flaglint.records import dataclass
from flaglint.refs.languages import NEVER_USES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Reference

_MOST_DYNAMIC = 3
_REPORT = ".sarif"  # written by linters, flaglint too: it names flags and uses none


@dataclass(frozen=True, slots=True)
class Usage:
    """The references of one key by what they mean. `needed_by`: flags that have it as a prerequisite."""

    production: tuple[Reference, ...] = ()  # reads, and hits in templates and other files that are not Python
    tests: tuple[Reference, ...] = ()  # reads and overrides in tests
    mentions: tuple[Reference, ...] = ()  # constants and lists that hold the key
    patterns: tuple[Reference, ...] = ()  # dynamic reads that can spell it
    needed_by: tuple[str, ...] = ()

    @property
    def is_used(self) -> bool:
        """Whether anything outside tests uses the flag, or may."""
        return bool(self.production or self.patterns or self.needed_by)


class Uses:
    """The usage of every key of a graph."""

    def __init__(self, graph: FlagGraph, settings: Settings, read_text: Callable[[str], bytes | None]) -> None:
        self._graph = graph
        # The registry, the baseline and the configuration name keys without using them.
        self._definers = {*graph.registry.paths, settings.baseline, settings.path.name if settings.path else ""}
        self._needed = _prerequisites(graph)
        self._unseen = _unseen_bytes(graph, read_text)
        self.unreadable = sorted(
            skipped.path for skipped in graph.skipped if skipped.unreadable or skipped.path not in self._unseen
        )
        self.untold = tuple(ref for ref in graph.dynamic if not _has_text(ref) and not ref.is_test)

    def of(self, key: str) -> Usage:
        """Return who uses `key`."""
        production, tests, mentions = [], [], []
        for ref in self._graph.by_key.get(key, ()):
            path = ref.span.path
            if ref.kind is Kind.DECLARATION or path in self._definers or ref.language in NEVER_USES:
                continue
            if path.endswith(_REPORT):
                continue
            if ref.kind is Kind.OVERRIDE or (ref.is_test and ref.kind is not Kind.MENTION):
                tests.append(ref)
            elif ref.kind is Kind.MENTION:
                mentions += [] if ref.is_test else [ref]
            else:
                production.append(ref)
        return Usage(
            tuple(production),
            tuple(tests),
            tuple(mentions),
            tuple(ref for ref in self._graph.patterns(key) if not ref.is_test),
            self._needed.get(key, ()),
        )

    def may_be_hidden(self, key: str) -> bool:
        """Whether a file or a statement that could not be read holds the bytes of `key`."""
        return key in self._hidden or any(key in failure.mentions for failure in self._graph.failures)

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """The flags whose bytes stand in files that were not looked at, in one pass over each for all of them."""
        if not self._unseen:
            return frozenset()
        from ahocorasick_rs import BytesAhoCorasick

        keys = [key for key in self._graph.flags if key]
        screen = BytesAhoCorasick([key.encode("utf-8", "surrogateescape") for key in keys])
        return frozenset(
            keys[number]
            for data in self._unseen.values()
            for number, _, _ in screen.find_matches_as_indexes(data, overlapping=True)
        )

    def dynamic_labels(self) -> list[Label]:
        """Return the first dynamic reads of which no part of the key is known."""
        return [Label(ref.span, "this key is computed, and could be any") for ref in self.untold[:_MOST_DYNAMIC]]


def _has_text(ref: Reference) -> bool:
    return bool(getattr(ref.key, "has_literal_part", False))


def _prerequisites(graph: FlagGraph) -> Mapping[str, tuple[str, ...]]:
    needed: dict[str, list[str]] = {}
    for key, flags in sorted(graph.flags.items()):
        for flag in flags:
            for need in flag.needs:
                children = needed.setdefault(need.key, [])
                if children[-1:] != [key]:
                    children.append(key)
    return {parent: tuple(children) for parent, children in needed.items()}


def _unseen_bytes(graph: FlagGraph, read_text: Callable[[str], bytes | None]) -> Mapping[str, bytes]:
    """Return the bytes of the files that were skipped though they can be read: each may hold a key."""
    found = {skipped.path: read_text(skipped.path) for skipped in graph.skipped if not skipped.unreadable}
    return {path: data for path, data in found.items() if data is not None}
