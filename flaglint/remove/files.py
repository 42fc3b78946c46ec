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
    """The files `paths` below `root`. A file that cannot be read counts as empty."""

    def __init__(self, root: Path, paths: Iterable[str], known: Mapping[str, bytes]) -> None:
        self._root = root
        self._paths = dict.fromkeys(paths)
        self._known = dict(known)

    def __getitem__(self, path: str) -> bytes:
        if path not in self._known:
            if path not in self._paths:
                raise KeyError(path)
            found = read(self._root, path)
            self._known[path] = b"" if isinstance(found, Skipped) else found
        return self._known[path]

    def __iter__(self) -> Iterator[str]:
        yield from self._paths
        yield from (path for path in self._known if path not in self._paths)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, path: object) -> bool:
        return path in self._paths or path in self._known
