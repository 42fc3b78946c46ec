"""The index of a project's files, kept for as long as none of them changes.

It is made when a removal has read the files of a project that nothing has changed in since it was searched, each half
of it in a process of its own: the next removal has it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove.bytewise import has_star, may_patch
from flaglint.remove.index import read_index, written_facts, written_words
from flaglint.source.keeping import keep

if TYPE_CHECKING:
    from pathlib import Path

    from flaglint.remove.index import Index
    from flaglint.remove.sources import Sources

WORDS, FACTS = "words", "facts"  # the folders of its two parts
AT_MOST = 2  # states of the project that are remembered
WORTH_IT = 200  # Python files; fewer are read in no time


def kept_index(folder: Path, state: str, sources: Sources) -> Index | None:
    """Return the index of a project in a `state`, or None when there is none."""
    try:
        words, facts = ((folder / part / state).read_bytes() for part in (WORDS, FACTS))
    except OSError:
        return None
    return read_index(words, facts, state, sources.python, sources.settings)


def keep_words(folder: Path, state: str, sources: Sources) -> None:
    """Make the part of the index that tells who holds a word, and keep it."""
    data = written_words(state, sources.python, sources.settings, sources.files.__getitem__)
    keep(folder, f"{WORDS}/{state}", data, at_most=AT_MOST)


def keep_facts(folder: Path, state: str, sources: Sources) -> None:
    """Make the part of the index that tells what else is known of files, and keep it."""
    data = written_facts(
        state,
        sources.python,
        sources.settings,
        sources.files.__getitem__,
        imported=sources.imported_by,
        patches=may_patch,
        stars=has_star,
    )
    keep(folder, f"{FACTS}/{state}", data, at_most=AT_MOST)
