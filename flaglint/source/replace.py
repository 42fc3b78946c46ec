"""Replacing a file whole: whoever looks at it, and whatever stops us, finds the old bytes or the new ones."""

from __future__ import annotations

import contextlib
import os
import stat
from pathlib import Path

from flaglint.errors import EditError
from flaglint.source.text import reason_of


def replace_atomically(path: Path, data: bytes, *, expected: bytes | None = None) -> None:
    """Write `data` to `path` through a temporary file in the same folder; its mode stays, a link stays a link.

    `expected` are the bytes that the change was made from. Raises EditError when the file holds others by now, or
    when it cannot be written; the old file is whole then. Without `expected` the file may be new.
    """
    target = Path(os.path.realpath(path))
    temporary = target.with_name(f".flaglint-{os.getpid()}-{target.stat().st_ino if target.exists() else 0}.tmp")
    try:
        with contextlib.suppress(FileNotFoundError):  # left by a process of the same number that was killed
            temporary.unlink()
        _write_through(temporary, data, like=target)
        if expected is not None and target.read_bytes() != expected:
            raise EditError(
                "it changed since it was read, and was left alone", path=str(path), help="run the command again"
            )
        temporary.replace(target)
    except OSError as error:
        raise EditError(f"it cannot be written: {reason_of(error)}", path=str(path)) from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()
    _sync_folder(target.parent)


def _write_through(temporary: Path, data: bytes, *, like: Path) -> None:
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o666)
    with open(descriptor, "wb") as file:  # noqa: PTH123 - a descriptor, not a path
        file.write(data)
        file.flush()
        os.fsync(descriptor)
    try:
        known = like.stat()
    except FileNotFoundError:
        return
    with contextlib.suppress(OSError, AttributeError):  # only root may give files away, and Windows has no owners
        os.chown(temporary, known.st_uid, known.st_gid)
    temporary.chmod(stat.S_IMODE(known.st_mode))


def _sync_folder(folder: Path) -> None:
    """Make the new name last through a power cut, where the system can sync a folder."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    with contextlib.suppress(OSError):
        os.fsync(descriptor)
    os.close(descriptor)
