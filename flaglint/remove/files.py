"""The files of a project as a mapping from path to bytes, read when they are first looked at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from flaglint.model import Skipped
from flaglint.source import read

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path


class ProjectFiles(Mapping[str, bytes]):
    """The files `paths` below `root`. A file that cannot be read counts as empty.

    The bytes of those that are `known` are taken from there; only they are asked for, as that may read them.
    """

    def __init__(self, root: Path, paths: Iterable[str], known: Mapping[str, bytes]) -> None:
        self._root = root
        self._paths = dict.fromkeys(paths)
        self._before = known
        self._known: dict[str, bytes] = {}

    def __getitem__(self, path: str) -> bytes:
        if path not in self._known:
            self._known[path] = self._read(path)
        return self._known[path]

    def _read(self, path: str) -> bytes:
        if path not in self._paths:
            raise KeyError(path)
        before = self._before.get(path)
        if before is not None:
            return before
        found = read(self._root, path)
        return b"" if isinstance(found, Skipped) else found

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: object) -> bool:
        return path in self._paths
