"""The counts of quoted words per commit, kept on disk: one line for each word, so that a run reads them fast."""

from __future__ import annotations

import json
from contextlib import suppress
from hashlib import sha256
from typing import TYPE_CHECKING, Final

from flaglint import __version__
from flaglint.records import dataclass, field
from flaglint.source.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from flaglint.config import Settings
    from flaglint.history.commits import MainLine

FORM: Final = 1  # to be raised with every change of what is kept, or of what it means

Maker = tuple[str, str, str]  # commit, author, email


@dataclass(slots=True)
class Words:
    """By how much each commit of the main line changed the count of each word, from `start` to `last`.

    The commit at `start` counts as if it stood on nothing. `makers` says who made changes that a merge brought.
    """

    start: int
    last: int
    steps: dict[str, str] = field(default_factory=dict)  # word -> `place:step` with blanks between
    makers: dict[tuple[int, str], Maker | None] = field(default_factory=dict)

    def add(self, index: int, counts: Mapping[str, int]) -> None:
        """Add what the commit at a place changed; places grow."""
        for word, step in counts.items():
            before = self.steps.get(word)
            self.steps[word] = f"{index}:{step}" if before is None else f"{before} {index}:{step}"

    def of(self, word: str) -> Iterator[tuple[int, int]]:
        """Yield the places at which the count of a word changed, and by how much."""
        for pair in self.steps.get(word, "").split():
            index, _, step = pair.partition(":")
            yield int(index), int(step)


def recall_words(folder: Path, line: MainLine, settings: Settings, start: int) -> Words | None:
    """Return the counts that were kept of a part of this main line, if they begin at `start` or before; or None."""
    with suppress(OSError, ValueError, TypeError, KeyError, IndexError):
        header, _, body = (folder / _name(settings)).read_bytes().partition(b"\n")
        if header != _header(line, settings, body):
            return None
        first, _, rest = body.decode().partition("\n")
        kept = json.loads(first)
        begin, last = int(kept["start"]), int(kept["last"])
        if begin > start or line.commits[last].id != kept["commit"]:
            return None
        steps = dict(text.split("\t", 1) for text in rest.splitlines()) if rest else {}
        makers = {(index, key): None if maker is None else tuple(maker) for index, key, maker in kept["makers"]}
        return Words(begin, last, steps, makers)
    return None


def keep_words(folder: Path, line: MainLine, settings: Settings, words: Words) -> None:
    """Keep the counts for the next run; what cannot be written costs time only."""
    head = {
        "start": words.start,
        "last": words.last,
        "commit": line.commits[words.last].id,
        "makers": [[index, key, maker] for (index, key), maker in sorted(words.makers.items(), key=lambda m: m[0])],
    }
    rows = "\n".join(f"{word}\t{steps}" for word, steps in sorted(words.steps.items()))
    body = f"{json.dumps(head)}\n{rows}".encode()
    keep(folder, _name(settings), _header(line, settings, body) + b"\n" + body)


def _name(settings: Settings) -> str:
    return f"history/words-{_scope(settings)[:16]}.txt"


def _scope(settings: Settings) -> str:
    return sha256(json.dumps([settings.source, settings.exclude]).encode()).hexdigest()


def _header(line: MainLine, settings: Settings, body: bytes) -> bytes:
    first = line.commits[0].id
    made = (
        f"{__version__} {FORM} {_scope(settings)} {line.repository.prefix} {first} {first in line.repository.shallow}"
    )
    return f"flaglint-words {sha256(made.encode()).hexdigest()} {sha256(body).hexdigest()}".encode()
