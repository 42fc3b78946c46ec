"""The files of a project that hold a word, found only as far as someone asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence


class Search:
    """A search of files for a word; what was looked at once is not looked at again.

    What a search `before` this one finds still holds, but in the files that are `differing` from those it looks at.
    """

    def __init__(
        self,
        word: str,
        paths: Sequence[str],
        files: Mapping[str, bytes],
        before: Search | None = None,
        differing: frozenset[str] = frozenset(),
        known: tuple[str, ...] | None = None,
    ) -> None:
        """`known` are the files that hold the word, where no file need be read for that."""
        self._needle = word.encode()
        self._paths = paths
        self._files = files
        self._before = before
        self._differing = differing
        self._known = frozenset(known) if known is not None else None
        self._holds: dict[str, bool] = {}
        self._found: list[str] = list(known or ())  # among the first `_next` paths
        self._next = len(paths) if known is not None else 0
        self._all = known

    def all(self) -> tuple[str, ...]:
        """Return all files that hold the word, in the order of the paths."""
        if self._all is None:
            if self._before is None:
                needle, files = self._needle, self._files
                self._found += [path for path in self._paths[self._next :] if needle in files[path]]
                self._next = len(self._paths)
                self._all = tuple(self._found)
            else:
                known = frozenset(self._before.all()) - self._differing
                own = {path for path in self._differing if self.holds(path)}
                self._all = tuple([path for path in self._paths if path in known or path in own])
        return self._all

    def some(self, first: Iterable[str]) -> Iterator[str]:
        """Yield the files that hold the word: those of `first`, then all others in the order of the paths."""
        seen = dict.fromkeys(path for path in first if self.holds(path))
        yield from seen
        for path in self._in_order():
            if path not in seen:
                yield path

    def holds(self, path: str) -> bool:
        """Whether a file holds the word; one that is not there holds none."""
        if self._before is not None and path not in self._differing:
            return self._before.holds(path)
        if path not in self._holds:
            known = self._known
            self._holds[path] = path in known if known is not None else self._needle in self._files.get(path, b"")
        return self._holds[path]

    def _in_order(self) -> Iterator[str]:
        if self._before is not None:
            return self._after_changes(self._before)
        return self._from_the_first()

    def _after_changes(self, before: Search) -> Iterator[str]:
        yield from sorted(path for path in self._differing if self.holds(path))
        yield from (path for path in before._in_order() if path not in self._differing)

    def _from_the_first(self) -> Iterator[str]:
        number = 0
        while True:
            while number < len(self._found):
                yield self._found[number]
                number += 1
            while self._next < len(self._paths) and number == len(self._found):
                path = self._paths[self._next]
                self._next += 1
                if self._needle in self._files[path]:
                    self._found.append(path)
            if number == len(self._found):
                return
