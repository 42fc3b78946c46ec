"""The statements of changed files that a removal left as they were, and in which there was no reference before."""

from __future__ import annotations

from bisect import bisect_left
from itertools import chain
from typing import TYPE_CHECKING

from flaglint.refs.outline import outline

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flaglint.model import Reference
    from flaglint.remove.sources import Sources


class Unchanged:
    """What the files said before: their statements, and the members of their classes, in which nothing was found.

    One that stands in the new text as it did in the old refers to no flag there either; any other is read.
    """

    def __init__(self, sources: Sources, references: Iterable[Reference]) -> None:
        self._sources = sources
        self._places: dict[str, list[Reference]] = {}
        for reference in references:
            self._places.setdefault(reference.span.path, []).append(reference)
        self._dull: dict[str, frozenset[str]] = {}

    def is_dull(self, path: str, text: str) -> bool:
        """Whether a statement of a file was there before, word for word, and had no reference in it."""
        if path not in self._dull:
            self._dull[path] = self._dull_in(path)
        return text in self._dull[path]

    def _dull_in(self, path: str) -> frozenset[str]:
        file = self._sources.text(path)
        if file is None:
            return frozenset()
        starts = sorted(file.offset(reference.span.start) for reference in self._places.get(path, ()))
        dull: set[str] = set()
        others: set[str] = set()
        units = outline(file.text).units
        for unit in chain(units, *(unit.members for unit in units)):
            first = bisect_left(starts, unit.start)
            refers = first < len(starts) and starts[first] < unit.end
            (others if refers else dull).add(file.text[unit.start : unit.end])
        return frozenset(dull - others)
