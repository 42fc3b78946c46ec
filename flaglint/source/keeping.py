"""Files in the folder of caches: written whole, so that a run beside this one, or one that is killed, disturbs nothing.

What is in them is data. The folder lies in the project, so anybody may have put something there: whoever reads a file
of it makes nothing but plain values of it, and takes one that fits in nothing for none.
"""

from __future__ import annotations

import os
import time
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

IGNORE = ".gitignore"
HALF_WRITTEN = 86_400  # seconds after which nobody writes on
MARK = b"# written by flaglint"  # how the .gitignore of the folder begins, by which it is known again


def keep(folder: Path, name: str, data: bytes, *, at_most: int = 0) -> None:
    """Write `data` as the file `name` of a folder of caches; when that fails, nothing is kept and nothing is said.

    With `at_most`, only so many files stay in the folder of `name`: those that were written last. What a run that was
    killed has left half written goes after a while. The folder is kept out of version control. In one that somebody
    else has put something into, nothing but the file is written, and nothing is deleted.
    """
    path = folder / name
    try:
        folder.mkdir(parents=True, exist_ok=True)
        is_ours = _marked(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        _put(path, data)
    except OSError:
        return
    if is_ours:
        _tidy(path.parent, at_most)


def is_marked(folder: Path) -> bool:
    """Whether this module made the folder, so that nothing in it is anybody else's."""
    try:
        return (folder / IGNORE).read_bytes().startswith(MARK)
    except OSError:
        return False


def _marked(folder: Path) -> bool:
    """Whether the folder is marked as one of caches; one that holds nothing yet is marked now.

    In a folder that was there before, as where somebody names one of sources, no file of theirs may be ignored by git,
    nor deleted for being old.
    """
    if is_marked(folder):
        return True
    if not all(path.name.startswith(f".{IGNORE}.") for path in folder.iterdir()):  # half written by a run beside this
        return False
    _put(folder / IGNORE, MARK + b"\n*\n")
    return True


def _put(path: Path, data: bytes) -> None:
    from flaglint.interrupts import put_off  # a hook keeps nothing as a rule

    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with put_off():  # who is interrupted leaves nothing half written
        try:
            partial.write_bytes(data)
            partial.replace(path)
        except OSError:
            with suppress(OSError):
                partial.unlink()
            raise


def _tidy(folder: Path, at_most: int) -> None:
    """Delete what was half written long ago, and the oldest files beyond `at_most`, unless that is 0."""
    with suppress(OSError):
        files = [(entry.stat().st_mtime, entry) for entry in os.scandir(folder) if entry.is_file()]
        partial = [(when, entry) for when, entry in files if entry.name.startswith(".") and entry.name != IGNORE]
        whole = sorted((item for item in files if item not in partial), key=lambda item: -item[0])
        since = time.time() - HALF_WRITTEN
        gone = [item for item in partial if item[0] < since] + (whole[at_most:] if at_most else [])
        for _, entry in gone:
            with suppress(OSError):
                os.unlink(entry.path)  # noqa: PTH108 - an entry of a folder
