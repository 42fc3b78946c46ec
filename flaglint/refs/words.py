"""The words that lead a project run to what is worth reading: which files hold them, and where in a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs.screen import Screen

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from flaglint.refs.program import ModuleView, UnitRef
    from flaglint.refs.scan import Files

COMMON_FROM = 60  # files
COMMON_SHARE = 0.05  # of all files


class Words:
    """The words of a run, which grow with every wrapper found, and the files that hold them.

    A word that stands in very many files (`get`, `render`) says little: alone it does not make a file worth reading,
    unless what it belongs to is named there, too.
    """

    def __init__(self, files: Files, words: Iterable[str], keys: frozenset[str]) -> None:
        self.files = files
        self.keys = keys
        self.known = set(words)
        self.hits: dict[str, set[str]] = {}  # path -> words in it
        self.common: set[str] = set()  # words that stand in so many files that they say little alone
        self._accompanied: set[str] = set()  # the files where such a word does count
        self._screen = Screen(())
        self._screened = -1  # how many words the screen was made of

    def screen(self, paths: Collection[str], fresh: Iterable[str], companions: Iterable[str]) -> dict[str, set[str]]:
        """Note which files hold which of the `fresh` words, and return them.

        Beside one of the `companions`, a common word counts.
        """
        screen = Screen(fresh)
        beside = Screen(companions)
        hits: dict[str, set[str]] = {}
        counts: dict[str, int] = {}
        for path in paths:
            data = self.files.data(path)
            if data is not None and (found := screen.hits(data)):
                hits[path] = set(found)
                for word in found:
                    counts[word] = counts.get(word, 0) + 1
        limit = max(COMMON_FROM, len(paths) * COMMON_SHARE)
        common = {word for word, count in counts.items() if count > limit}
        self.common |= common
        added: dict[str, set[str]] = {}
        for path, present in hits.items():
            data = self.files.data(path)
            if present & common and data is not None and beside.hits(data):
                self._accompanied.add(path)
            elif present <= common:
                continue
            added[path] = present
            self.hits.setdefault(path, set()).update(present)
        return added

    def is_dull(self, word: str, path: str) -> bool:
        """Whether a word says nothing in a file: it is common, and nothing there tells what it belongs to."""
        return word in self.common and path not in self._accompanied

    def units(self, view: ModuleView) -> Iterator[UnitRef]:
        """Yield the units of a module that hold one of the words or keys."""
        if self._screened != len(self.known):
            self._screen, self._screened = Screen(self.known | self.keys), len(self.known)
        text = view.text
        found = self._screen.hits(text.data)
        counted = (places for word, places in found.items() if not self.is_dull(word, view.path))
        offsets = sorted(text.char_offset(at) for places in counted for at in places)
        position = 0
        for unit in view.leaves():
            start, end = unit.unit.start, unit.unit.header if unit.unit.members else unit.unit.end
            while position < len(offsets) and offsets[position] < start:
                position += 1
            if position < len(offsets) and offsets[position] < end:
                yield unit
