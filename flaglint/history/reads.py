"""When keys came into the code and went out of it: by where they are spelled, along the main line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.history.commits import Checkout
from flaglint.history.events import ReadHistory
from flaglint.history.git import GitError
from flaglint.history.spelled import WordCounter, can_be_counted
from flaglint.history.words import Words, keep_words, recall_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

    from flaglint.config import Settings
    from flaglint.history.commits import Commit, MainLine
    from flaglint.history.events import Event

_DAY = 86_400


def read_history(
    settings: Settings,
    keys: Iterable[str],
    *,
    cache: Path | None = None,
    now: float,
    days: int = 730,
    checkout: Checkout | None = None,
) -> Mapping[str, ReadHistory]:
    """Return when each key was first spelled in the Python files of a project, and when the last place went.

    It looks back `days` from `now` (UTC seconds); what was there before has no first day. Keys that nothing can be
    said of (with blanks in them, or never spelled) have neither; without git, no key is in the answer. `cache` is the
    folder of the project's caches, and `checkout` the project's, for who asks for more. Nothing is raised.
    """
    checkout = checkout or Checkout(settings.root)
    repository = checkout.repository
    if isinstance(repository, str):
        return {}
    try:
        line = checkout.line
        counter = WordCounter(repository, settings)
        start = next((i for i, commit in enumerate(line.commits) if commit.when >= now - days * _DAY), None)
        if start is None:
            start = len(line.commits) - 1
        words = recall_words(cache, line, settings, start) if cache is not None else None
        before = words.last if words is not None else -1
        words = _counted(line, counter, words, start)
        turns = {key: _turns(words, key) for key in keys if can_be_counted(key)}
        makers = _makers(line, counter, words, turns)
        words.makers.update(makers)
        if cache is not None and (words.last != before or makers):
            keep_words(cache, line, settings, words)
    except GitError:
        return {}
    return {key: _history(line, words, key, *turns[key]) for key in turns}


def _counted(line: MainLine, counter: WordCounter, words: Words | None, start: int) -> Words:
    """Return the counts up to the end of the line."""
    if words is None:
        words = Words(start, start)
        words.add(start, counter.everything(line.commits[start].id))
    index = {commit.id: place for place, commit in enumerate(line.commits)}
    new = [(commit.id, commit.parents[0]) for commit in line.commits[words.last + 1 :]]
    for name, counts in counter.differences(new):
        words.add(index[name], counts)
    words.last = len(line.commits) - 1
    return words


def _turns(words: Words, key: str) -> tuple[int, int]:
    """Return the places of the main line where a key came first and where it went last; -1 where it did not."""
    first = gone = -1
    count = 0
    for index, step in words.of(key):
        if count <= 0 < count + step:
            first = index if first < 0 else first
            gone = -1
        elif count > 0 >= count + step:
            gone = index
        count += step
    return first, gone


def _makers(
    line: MainLine, counter: WordCounter, words: Words, turns: Mapping[str, tuple[int, int]]
) -> dict[tuple[int, str], tuple[str, str, str] | None]:
    """Return who made the turns that merges brought, as far as that is not known: commit, author, email."""
    wanted: dict[int, list[tuple[str, bool]]] = {}
    for key, (first, gone) in turns.items():
        for index, is_coming in ((first, True), (gone, False)):
            is_merge = index > words.start and len(line.commits[index].parents) > 1
            if is_merge and (index, key) not in words.makers:
                wanted.setdefault(index, []).append((key, is_coming))
    if not wanted:
        return {}
    line.load_sides(sorted(wanted))
    sides = {index: _plain(line, index) for index in wanted}
    pairs = {commit.id: commit.parents[0] for commits in sides.values() for commit in commits if commit.parents}
    differences = dict(counter.differences(list(pairs.items())))
    found: dict[tuple[int, str], tuple[str, str, str] | None] = {}
    for index, asked in wanted.items():
        for key, is_coming in asked:
            makers = [
                commit
                for commit in sides[index]
                if (step := differences.get(commit.id, {}).get(key, 0)) and (step > 0) == is_coming
            ]
            is_cut = any(commit.id in line.repository.shallow for commit in line.sides(index))
            merge = None if is_cut or not line.sides(index) else line.commits[index]
            maker = (
                (makers[-1] if is_coming else makers[0]) if makers else merge
            )  # the first to bring, the last to take
            found[index, key] = None if maker is None else (maker.id, maker.author, maker.email)
    return found


def _plain(line: MainLine, index: int) -> Sequence[Commit]:
    return [c for c in line.sides(index) if len(c.parents) < 2 and c.id not in line.repository.shallow]


def _history(line: MainLine, words: Words, key: str, first: int, gone: int) -> ReadHistory:
    return ReadHistory(_event(line, words, key, first), _event(line, words, key, gone))


def _event(line: MainLine, words: Words, key: str, index: int) -> Event | None:
    """Return the event at a place of the main line; None where it was so when the count began in the middle."""
    if index < 0:
        return None
    commit = line.commits[index]
    if index == words.start and (commit.parents or commit.id in line.repository.shallow):
        return None
    if (index, key) not in words.makers:
        return line.event(index, commit)
    maker = words.makers[index, key]
    return line.event_by(index, maker)
