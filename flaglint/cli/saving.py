"""Writing a file that somebody named on the command line: `-o FILE`, `--output-format FORMAT:FILE`, a patch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.errors import EditError, OutputError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def form_for(form: str | None, file: Path | None, suffixes: Mapping[str, str], default: str) -> str:
    """Return the format that was asked for, else the one that the name of the file tells."""
    return form or (suffixes.get(file.suffix.lower()) if file is not None else None) or default


def save(file: Path, content: str | bytes) -> None:
    """Write a file whole, or leave it as it was and raise OutputError; a pipe or a device just takes the bytes.

    A letter that is none, such as a byte of a file name that is no UTF-8, is written as its escape, as on stdout.
    """
    from flaglint.source import replace_atomically

    data = content if isinstance(content, bytes) else content.encode("utf-8", "backslashreplace")
    try:
        if file.exists() and not file.is_file():
            file.write_bytes(data)  # /dev/stdout and the like cannot be replaced
        else:
            replace_atomically(file, data)
    except EditError as error:
        raise _not_written(file, error.message) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise _not_written(file, f"it cannot be written: {reason}") from error


def _not_written(file: Path, message: str) -> OutputError:
    folder = file.parent
    advice = "name a file where you may write and there is room"
    if file.is_dir():
        message, advice = "it cannot be written: it is a folder", f"name a file in it, such as {file / 'flaglint'}"
    elif not folder.exists():
        message, advice = f"it cannot be written: there is no folder `{folder}`", "make it first, or name another file"
    elif not folder.is_dir():
        message, advice = f"it cannot be written: `{folder}` is no folder", "name another file"
    return OutputError(message, path=str(file), help=advice)
