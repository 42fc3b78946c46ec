"""Reads the files of a project for the link stage: bytes once, units ahead of need, on several cores when it pays."""

from __future__ import annotations

import os
from bisect import bisect_right
from typing import TYPE_CHECKING

from flaglint.model import Skipped
from flaglint.refs.program import FileFacts, ModuleView, cut, module_name, read_unit
from flaglint.refs.screen import Screen
from flaglint.source import Text, decode, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

PARALLEL_FROM = 600_000  # bytes to read ahead from which on worker processes pay for their start
_CHUNK = 12


class Files:
    """The files of a project: bytes, texts and modules by path; what cannot be read is kept with its reason."""

    def __init__(self, root: Path, *, jobs: int | None = None) -> None:
        self.root = root
        self.jobs = jobs if jobs is not None else (os.cpu_count() or 1)
        self.skipped: dict[str, Skipped] = {}
        self.roots = (*(f"{name}/" for name in ("src", "lib") if (root / name).is_dir()), "")
        self._data: dict[str, bytes] = {}
        self._texts: dict[str, Text | None] = {}
        self._ahead: dict[str, FileFacts] = {}
        self._exists: dict[str, bool] = {}

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
        self._data[path] = data

    def contents(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the bytes of those of `paths` that were read."""
        return {path: self._data[path] for path in paths if path in self._data}

    @property
    def probed(self) -> Mapping[str, bool]:
        """What was looked for so far, and whether it is there."""
        return self._exists

    def outside(self, paths: Iterable[str]) -> dict[str, bytes]:
        """Return the bytes of what was read besides `paths`."""
        known = set(paths)
        return {path: data for path, data in self._data.items() if path not in known}

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
            target = self.root / path
            known = path in self._data
            self._exists[path] = known or (target.is_dir() if path.endswith("/") else target.is_file())
        return self._exists[path]

    def load(self, path: str) -> ModuleView | None:
        """Return the module in a file, with the units that were read ahead."""
        text = self.text(path)
        if text is None:
            return None
        name, is_package = module_name(path, self.exists, self.roots)
        facts = self._ahead.get(path) or cut(text.text)
        return ModuleView(path, name, text, facts, is_package=is_package)

    def read_ahead(self, hits: Mapping[str, frozenset[str]]) -> None:
        """Read the units of files that hold one of their words, with several processes when that pays."""
        todo = [(path, data, words) for path, words in hits.items() if (data := self.data(path)) is not None]
        size = sum(len(data) for _, data, _ in todo)
        if self.jobs < 2 or size < PARALLEL_FROM:
            return
        from concurrent.futures import ProcessPoolExecutor  # 20 ms

        import flaglint.refs.extract  # noqa: F401 - before the fork: each worker would pay for libcst again

        todo.sort(key=lambda item: -len(item[1]))
        chunks = [todo[start :: _chunk_count(todo)] for start in range(_chunk_count(todo))]
        with ProcessPoolExecutor(min(self.jobs, len(chunks))) as pool:
            for results in pool.map(_read_chunk, chunks):
                self._ahead.update(results)


def _chunk_count(todo: list[tuple[str, bytes, frozenset[str]]]) -> int:
    return max(1, len(todo) // _CHUNK)


def _read_chunk(chunk: list[tuple[str, bytes, frozenset[str]]]) -> dict[str, FileFacts]:
    found = {}
    for path, data, words in chunk:
        text = decode(path, data)
        if isinstance(text, Text):
            found[path] = read_hits(text, words)
    return found


def read_hits(text: Text, words: Iterable[str]) -> FileFacts:
    """Return the facts of the units of a text that hold one of `words`, and of its imports."""
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
