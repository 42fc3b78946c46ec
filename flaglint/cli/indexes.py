"""The option that names the indexes of other repositories, and how they are read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint.errors import UsageError
from flaglint.source.text import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flaglint.refs.across.document import Index


def _files(context: click.Context, parameter: click.Parameter, given: tuple[Path, ...]) -> tuple[Path, ...]:  # noqa: ARG001 - click's interface
    """Return the files that are given, and those in the folders that are."""
    found: list[Path] = []
    for path in given:
        inside = sorted(path.glob("*.json*")) if path.is_dir() else [path]
        if not inside:
            raise UsageError("it holds no index", path=str(path), help="write them there: flaglint index -o FILE")
        found += inside
    return tuple(found)


index_option = click.option(
    "--index",
    "index_files",
    type=click.Path(path_type=Path),
    multiple=True,
    callback=_files,
    help="What `flaglint index` wrote of another repository, which may read these flags, too, or a folder of it; "
    "repeatable.",
)


def read_indexes(paths: Iterable[Path]) -> tuple[Index, ...]:
    """Return the indexes in these files; raises UsageError for one that cannot be read or is none."""
    found = []
    for path in paths:
        from flaglint.refs.across.document import from_bytes

        try:
            data = path.read_bytes()
        except OSError as error:
            raise UsageError(
                f"it cannot be read: {reason_of(error)}", path=str(path), help="write it with `flaglint index -o FILE`"
            ) from error
        found.append(from_bytes(data, str(path)))
    return tuple(found)
