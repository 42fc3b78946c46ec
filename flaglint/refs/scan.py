"""Reads the files of a project for the link stage: bytes once, and units ahead of need where others offer to."""

from __future__ import annotations

import os
from bisect import bisect_right
from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from flaglint.model import Skipped
from flaglint.refs.screen import Screen
from flaglint.source import Text, decode, read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from concurrent.futures import Executor
    from pathlib import Path

    from flaglint.refs.program import FileFacts, ModuleView

_BATCHES = 16  # for an executor whose size is not known
_LARGEST = 1_000_000  # bytes of one batch, about
File: TypeAlias = "tuple[str, bytes, frozenset[str]]"
Batch: TypeAlias = "list[File]"


class Surroundings(NamedTuple):
    """What was read and looked for beside the files of the project, and what could not be read."""

    skipped: Mapping[str, Skipped]
    probed: Mapping[str, bool]  # what was looked for: is there a file, a folder
    outside: Mapping[str, bytes]


class Files:
    """The files of a project: bytes, texts and modules by path; what cannot be read is kept with its reason.

    `paths` are those of the project, for which no others stand in. `jobs` are the processes to use at most; None is
    as many as there are cores.
    """

    def __init__(
        self,
        root: Path,
        paths: Iterable[str] = (),
        *,
        jobs: int | None = None,
        executor: Executor | None = None,
        progress: Callable[[int, int], None] | None = None,
    ) -> None:
        self.root = root
        self.executor = executor
        self.progress = progress or _unseen
        self.jobs = jobs if jobs is not None else cores()
        self.is_asked_for_jobs = jobs is not None
        self.paths = frozenset(paths)
        self.skipped: dict[str, Skipped] = {}
        self._data: dict[str, bytes] = {}
        self._buffers: dict[str, bytes] = {}
        self._texts: dict[str, Text | None] = {}
        self._ahead: dict[str, FileFacts] = {}
        self._exists: dict[str, bool] = {}
        self.roots = (*filter(self.exists, ("src/", "lib/")), "")
        self.namespaces: frozenset[str] = frozenset()  # folders that are packages without an `__init__`, with a slash

    def data(self, path: str) -> bytes | None:
        """Return the bytes of a file, or None when it cannot be read (then it is in `skipped`)."""
        if path not in self._data:
            found = read(self.root, path)
            if isinstance(found, Skipped):
                self.skipped[path] = found
                return None
            self._data[path] = found
        return self._data[path]

    def put(self, path: str, data: bytes) -> None:
        """Use `data` as the content of `path`, whatever the disk says: for a buffer of an editor."""
        self._data[path] = self._buffers[path] = data

    def __getstate__(self) -> dict[str, Any]:
        """Return what another process reads the same files with."""
        kept: dict[str, Any] = {
            "executor": None,
            "progress": _unseen,
            "_texts": {},
            "_ahead": {},
            "_exists": {},
            "skipped": {},
        }
        return self.__dict__ | kept | {"_data": dict(self._buffers)}

    def contents(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the bytes of those of `paths` that were read."""
        return {path: self._data[path] for path in paths if path in self._data}

    @property
    def surroundings(self) -> Surroundings:
        """What was read and looked for beside the files of the project, and what could not be read."""
        # Of a fork, whoever touches the bytes of a file gets a page of his own.
        outside = {path: self._data[path] for path in self._data.keys() - self.paths}
        return Surroundings(self.skipped, self._exists, outside)

    def surround(self, found: Surroundings) -> None:
        """Add what another process has read and looked for."""
        self.skipped.update(found.skipped)
        self._exists.update(found.probed)
        self._data.update(found.outside)

    def text(self, path: str) -> Text | None:
        """Return the text of a file, or None when it has none (then it is in `skipped`)."""
        if path not in self._texts:
            data = self.data(path)
            found = decode(path, data) if data is not None else None
            if isinstance(found, Skipped):
                self.skipped[path] = found
            self._texts[path] = found if isinstance(found, Text) else None
        return self._texts[path]

    def exists(self, path: str) -> bool:
        """Whether there is a file `path`, or a folder when it ends in a slash."""
        if path not in self._exists:
            is_there = os.path.isdir if path.endswith("/") else os.path.isfile
            self._exists[path] = path in self._data or is_there(f"{self.root}/{path}")
        return self._exists[path]

    def _is_package(self, path: str) -> bool:
        """Whether there is an `__init__` of a package, or would be one if it were no namespace."""
        return path.removesuffix("__init__.py") in self.namespaces or self.exists(path)

    def load(self, path: str) -> ModuleView | None:
        """Return the module in a file, with the units that were read ahead."""
        from flaglint.refs.program import ModuleView, module_name  # a hook may find nothing worth cutting

        text = self.text(path)
        if text is None:
            return None
        name, is_package = module_name(path, self._is_package, self.roots)
        facts = self._ahead.get(path)
        return ModuleView(path, name, text, facts, is_package=is_package)

    def read_ahead(self, hits: Mapping[str, frozenset[str]]) -> None:
        """Read the units of files that hold one of their words in the executor, when there is one.

        What does not come back, because a process died or a machine was lost, is read here when it is needed.
        """
        if self.executor is None:
            return
        todo = [(path, data, words) for path, words in hits.items() if (data := self.data(path)) is not None]
        size = sum(len(data) for _, data, _ in todo)
        self._collect(self.executor, _batches(todo, max(_BATCHES, size // _LARGEST)))

    def _collect(self, executor: Executor, batches: list[Batch]) -> None:
        futures = []
        for batch in batches:
            with suppress(Exception):  # of whatever kind of executor this is
                futures.append(executor.submit(read_batch, batch))
        for number, future in enumerate(futures):
            with suppress(Exception):
                self._ahead.update(future.result())
            self.progress(number + 1, len(futures))


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else (os.cpu_count() or 1)


def _unseen(_done: int, _total: int) -> None:
    """Tell nobody how far a search is."""


def _batches(todo: list[File], count: int) -> list[Batch]:
    """Return the files in at most so many batches of about the same size."""
    todo.sort(key=lambda item: (-len(item[1]), item[0]))
    batches = [todo[start::count] for start in range(count)]
    return [batch for batch in batches if batch]


def read_batch(batch: Batch) -> dict[str, FileFacts]:
    """Return the facts of some files, given as path, bytes and words; what another process or machine runs."""
    found = {}
    for path, data, words in batch:
        text = decode(path, data)
        if isinstance(text, Text):
            found[path] = read_hits(text, words)
    return found


def read_hits(text: Text, words: Iterable[str]) -> FileFacts:
    """Return the facts of the units of a text that hold one of `words`, and of its imports."""
    from flaglint.refs.program import cut, read_unit

    facts = cut(text.text)
    units = facts.cut
    starts = [unit.start for unit in units]
    wanted: set[tuple[int, int]] = {(index, -1) for index, unit in enumerate(units) if unit.kind == "import"}
    for offsets in Screen(words).hits(text.data).values():
        for byte in offsets:
            offset = text.char_offset(byte)
            index = bisect_right(starts, offset) - 1
            if index < 0:
                continue
            wanted.add((index, -1))
            members = units[index].members
            member = bisect_right([item.start for item in members], offset) - 1
            if member >= 0:
                wanted.add((index, member))
    for index, member in sorted(wanted):
        unit = units[index] if member < 0 else units[index].members[member]
        facts.units[index, member] = read_unit(text.text, unit, is_member=member >= 0)
    return facts
