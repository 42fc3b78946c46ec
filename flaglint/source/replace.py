"""Replacing files whole: whoever looks at one, and whatever stops us, finds the old bytes or the new ones."""

from __future__ import annotations

import contextlib
import os
import stat
import time
from pathlib import Path
from typing import TYPE_CHECKING

from flaglint.errors import EditError
from flaglint.records import dataclass
from flaglint.source.keeping import HALF_WRITTEN
from flaglint.source.text import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable


@dataclass(frozen=True, slots=True)
class Replacement:
    """A file and its new bytes. `expected` are the bytes that it was made from; without them the file may be new."""

    path: Path
    data: bytes
    expected: bytes | None = None

    @property
    def target(self) -> Path:
        """The file itself, where `path` is a link to it."""
        return Path(os.path.realpath(self.path))


def replace_atomically(path: Path, data: bytes, *, expected: bytes | None = None) -> None:
    """Write `data` to `path` through a temporary file in the same folder; its mode stays, a link stays a link.

    `expected` are the bytes that the change was made from. Raises EditError when the file holds others by now, or
    when it cannot be written; the old file is whole then. Without `expected` the file may be new.
    """
    replace_together((Replacement(path, data, expected),))


def replace_together(replacements: Iterable[Replacement]) -> None:
    """Replace several files, all or none: there is room for all of them before the first one takes its place.

    Raises EditError as `replace_atomically` does. What took its place by then is taken back; when that fails, too, the
    error names what stays changed.
    """
    waiting: list[tuple[Replacement, Path]] = []
    replaced: list[Replacement] = []
    tidied: set[Path] = set()
    try:
        for one in replacements:
            if (folder := one.target.parent) not in tidied:
                tidied.add(folder)
                _tidy(folder)
            waiting.append((one, _stage(one)))
        for one, temporary in waiting:
            _put(one, temporary)
            replaced.append(one)
    except EditError as error:
        raise EditError(f"{error.message}{_take_back(replaced)}", path=error.path, help=error.help) from error
    except BaseException:  # Ctrl-C: what does not wait any more has taken its place, whether that was noted or not
        _take_back(one for one, temporary in waiting if not temporary.exists())
        raise
    finally:
        for _, temporary in waiting:
            with contextlib.suppress(OSError):
                temporary.unlink()


def _take_back(replaced: Iterable[Replacement]) -> str:
    """Give files their old bytes again; return words for those that stay as they are now."""
    stay = []
    for one in replaced:
        try:
            if one.expected is None:
                stay.append(str(one.path))
            else:
                replace_atomically(one.path, one.expected, expected=one.data)
        except EditError:
            stay.append(str(one.path))
    return f"; changed all the same: {', '.join(stay)}" if stay else ""


def _stage(one: Replacement) -> Path:
    """Write the new bytes beside the file; return where they wait."""
    target = one.target
    temporary = target.with_name(f".flaglint-{os.getpid()}-{target.stat().st_ino if target.exists() else 0}.tmp")
    try:
        with contextlib.suppress(FileNotFoundError):  # left by a process of the same number that was killed
            temporary.unlink()
        _write_through(temporary, one.data, like=target)
    except BaseException as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        if isinstance(error, OSError):
            raise _unwritable(one, error) from error
        raise
    return temporary


def _tidy(folder: Path) -> None:
    """Delete what runs that were killed left in a folder, when it is so old that nobody writes on."""
    since = time.time() - HALF_WRITTEN
    with contextlib.suppress(OSError):
        for entry in os.scandir(folder):
            is_ours = entry.name.startswith(".flaglint-") and entry.name.endswith(".tmp")
            if is_ours and entry.is_file(follow_symlinks=False) and entry.stat().st_mtime < since:
                with contextlib.suppress(OSError):
                    os.unlink(entry.path)  # noqa: PTH108 - an entry of a folder


def _put(one: Replacement, temporary: Path) -> None:
    """Let the new bytes take the place of the old ones."""
    target = one.target
    try:
        if one.expected is not None and target.read_bytes() != one.expected:
            raise EditError(
                "it changed since it was read, and was left alone", path=str(one.path), help="run the command again"
            )
        temporary.replace(target)
    except OSError as error:
        raise _unwritable(one, error) from error
    _sync_folder(target.parent)


def _unwritable(one: Replacement, error: OSError) -> EditError:
    return EditError(f"it cannot be written: {reason_of(error)}", path=str(one.path))


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
