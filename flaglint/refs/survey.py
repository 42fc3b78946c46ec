"""What the file system says of the Python files that may be imported below a folder, and of the folders they are in."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING, NamedTuple

from flaglint.model import Skipped
from flaglint.source import read
from flaglint.source.digest import digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

YOUNG = 2_000_000_000  # nanoseconds, as in `remembered`
MOST_FILES = 20_000  # that are asked for their times; a hook has no more time
_NOT_IMPORTED = frozenset({"__pycache__", "node_modules"})


class Survey(NamedTuple):
    """What the file system says of the Python files that may be imported, and of the folders that they may be in."""

    files: dict[str, str]
    folders: dict[str, int]
    marks: dict[str, str]  # short digests of what was searched: many a file is written that says what it said


def survey(
    root: Path, started: int, contents: Mapping[str, bytes], settled: Mapping[str, str] | None = None
) -> Survey | None:
    """Return what may be imported below a folder, of which `contents` were searched; None when that is too much.

    The search was `started` at a time, in nanoseconds: what is written since then counts as it was searched. The rows
    of files that are `settled` are known.
    """
    known = settled or {}
    since = started - YOUNG
    found = Survey({}, {}, {})
    pending = [""]
    with suppress(OSError):
        while pending:
            folder = pending.pop()
            changed = os.stat(f"{root}/{folder}").st_mtime_ns  # noqa: PTH116 - thousands of times
            found.folders[folder] = changed if changed <= since else 0  # within one tick a file may come unseen
            for name, is_folder in entries_of(f"{root}/{folder}"):
                path = f"{folder}{name}"
                if is_folder:
                    pending.append(f"{path}/")
                elif path in known:
                    found.files[path] = known[path]
                else:
                    row = row_of(f"{root}/{path}")
                    found.files[path] = held_by(root, path, contents) if is_young(row, since) else row
            if len(found.files) + len(found.folders) > MOST_FILES:
                return None
        return found
    return None


def entries_of(folder: str) -> Iterable[tuple[str, bool]]:
    """Yield the modules and folders of modules in a folder. Raises OSError for a folder that leads elsewhere."""
    with os.scandir(folder) as entries:
        for entry in entries:
            name = entry.name
            if name.endswith(".py"):
                if not entry.is_dir():
                    yield name, False
            elif name.isidentifier() and name not in _NOT_IMPORTED and entry.is_dir():
                if entry.is_symlink():
                    raise OSError(name)
                yield name, True


def row_of(path: str) -> str:
    """Return what the file system says of a file: size in bytes, times in nanoseconds, inode. Raises OSError."""
    found = os.stat(path)  # noqa: PTH116 - thousands of times
    return f"{found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_ino}"


def is_young(row: str, since: int) -> bool:
    """Whether a file was written or moved after a time in nanoseconds, by its row."""
    return max(map(int, row.split()[1:3])) > since


def held_by(root: Path, path: str, contents: Mapping[str, bytes] | None = None) -> str:
    """Return what a file is known by whose times settle nothing: a digest of its bytes, as in `contents` or on disk."""
    data = contents[path] if contents and path in contents else read(root, path)
    return "" if isinstance(data, Skipped) else "=" + digest(data)
