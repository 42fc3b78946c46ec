"""The history of a registry: one walk over the commits that touched its files, from the cache where it was walked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flaglint.history.attribution import attribute
from flaglint.history.commits import Checkout
from flaglint.history.derive import Past, history_of
from flaglint.history.events import History
from flaglint.history.git import GitError
from flaglint.history.keeping import keep, recall
from flaglint.history.places import Places
from flaglint.history.timeline import Fold
from flaglint.history.versions import VersionReader
from flaglint.history.walk import versions
from flaglint.records import replace

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from flaglint.config import Settings
    from flaglint.history.commits import MainLine
    from flaglint.history.walk import Version

_AT_ONCE: Final = 64  # versions whose contents are asked for together


def registry_history(
    settings: Settings, *, cache: Path | None = None, now: float, checkout: Checkout | None = None
) -> History:
    """Return the past of every flag of a project, up to the commit that is checked out.

    `cache` is the folder of the project's caches, where the walk is kept and goes on from; `now` (UTC seconds) decides
    what has begun; `checkout` is the project's, for who asks for more. Nothing is raised: where git cannot answer, the
    history is not known and says why.
    """
    checkout = checkout or Checkout(settings.root)
    repository = checkout.repository
    if isinstance(repository, str):
        return History(known=False, gaps=(f"{repository}, so nothing is known of the past",))
    try:
        line = checkout.line
        places = Places.of(settings, repository.prefix)
        past = recall(cache, line, places) if cache is not None else None
        walked = _walk(line, places, past)
        if walked is None:
            walked = _walk(line, Places.of(settings, repository.prefix), None)
        assert walked is not None  # nothing was walked before, so nothing has to be walked again
    except GitError as error:
        return History(known=False, gaps=(f"git cannot tell the past of the registry: {error}",), head=repository.head)
    if cache is not None and walked is not past:
        keep(cache, line, places, walked)
    return history_of(walked, line, settings.environments, now)


def _walk(line: MainLine, places: Places, past: Past | None) -> Past | None:
    """Return the past up to the end of the line, going on from what is known; None when that must be read again."""
    found = versions(line, places, past.last if past is not None else None)
    if found is None:
        return None
    if past is not None and not found:
        return past
    fold = Fold()
    reader = VersionReader(line.repository, places)
    unread = list(past.unread) if past is not None else []
    if past is not None and past.last is not None:
        fold.timeline, fold.critical = past.timeline, past.critical
        last = reader.read(reader.contents(past.last.files), line.commits[past.last.index].when)
        if last is not None:
            fold.resume(last)
    for version in _fetched(found, reader):
        commit = line.commits[version.index]
        registry = reader.read(reader.contents(version.files), commit.when)
        if registry is None:
            unread.append(commit.id)
            continue
        fold.add(version.index, commit.when, registry, is_last=version is found[-1])
    _attribute(line, reader, fold, found)
    return Past(fold.timeline, fold.critical, found[-1] if found else None, tuple(unread))


def _fetched(found: Sequence[Version], reader: VersionReader) -> Iterator[Version]:
    """Yield the versions, with the contents of those that come next at hand."""
    for start in range(0, len(found), _AT_ONCE):
        together = found[start : start + _AT_ONCE]
        reader.fetch(name for version in together for name in version.files.values())
        yield from together


def _attribute(line: MainLine, reader: VersionReader, fold: Fold, found: Sequence[Version]) -> None:
    """Give each new entry of the timeline its event; what stood in the first commit of a shallow clone has none."""
    makers = attribute(line, reader, fold.steps, found)
    new = {version.index for version in found}
    for key, entries in fold.timeline.items():
        for place, entry in enumerate(entries):
            if entry.event is not None or entry.index not in new:
                continue
            commit = line.commits[entry.index]
            if commit.id in line.repository.shallow:
                continue
            entries[place] = replace(entry, event=line.event(entry.index, makers.get((entry.index, key), commit)))
