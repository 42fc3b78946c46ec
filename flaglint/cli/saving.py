"""Writing a file that somebody named on the command line: `-o FILE`, `--output-format FORMAT:FILE`, a patch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.errors import EditError, OutputError

if TYPE_CHECKING:
    from pathlib import Path


def save(file: Path, content: str | bytes, *, errors: str = "surrogateescape") -> None:
    """Write a file whole, or leave it as it was and raise OutputError; a pipe or a device just takes the bytes.

    `errors` is what becomes of letters that are none.
    """
    from flaglint.source import replace_atomically

    data = content if isinstance(content, bytes) else content.encode("utf-8", errors)
    try:
        if file.exists() and not file.is_file():
            file.write_bytes(data)  # /dev/stdout and the like cannot be replaced
        else:
            replace_atomically(file, data)
    except EditError as error:
        raise OutputError(error.message, path=error.path) from error
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise OutputError(f"it cannot be written: {reason}", path=str(file)) from error
