"""The index of a project's files, kept for as long as none of them changes.

It is made when a removal has read the files of a project that nothing has changed in since it was searched, in a
process of its own: the second removal has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove.index import read_index, written
from flaglint.source.keeping import keep

if TYPE_CHECKING:
    from pathlib import Path

    from flaglint.remove.index import Index
    from flaglint.remove.sources import Sources

FOLDER = "words"
AT_MOST = 2  # states of the project that are remembered
WORTH_IT = 200  # Python files; fewer are read in no time


def kept_index(folder: Path, state: str, sources: Sources) -> Index | None:
    """Return the index of a project in a `state`, or None when there is none."""
    try:
        data = (folder / FOLDER / state).read_bytes()
    except OSError:
        return None
    return read_index(data, state, sources.python, sources.settings)


def keep_index(folder: Path, state: str, sources: Sources) -> None:
    """Make the index of a project in a `state`, and keep it."""
    from flaglint.remove.sources import ANY_STAR, PATCHING

    files = sources.files
    python, settings = sources.python, sources.settings
    data = written(
        state, python, settings, files.__getitem__, sources.imported_by, patching=PATCHING, starring=ANY_STAR
    )
    keep(folder, f"{FOLDER}/{state}", data, at_most=AT_MOST)
