"""What flags went through between two revisions: each version along the main line, and who made it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.history.attribution import attribute
from flaglint.history.changes import files_at
from flaglint.history.definitions import meaning_of
from flaglint.history.timeline import Step as Turn
from flaglint.history.versions import VersionReader
from flaglint.history.walk import Version, versions
from flaglint.records import dataclass, field
from flaglint.release_notes.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flaglint.definition import Flag, Registry
    from flaglint.history import Event
    from flaglint.history.commits import MainLine
    from flaglint.history.definitions import Meaning
    from flaglint.history.places import Places
    from flaglint.release_notes.exposure import Exposure

_AT_ONCE = 64  # versions whose contents are asked for together


@dataclass(frozen=True, slots=True)
class Chapter:
    """What a key was from one commit on: its meaning, None when it is gone, and what each environment served then."""

    event: Event
    meaning: Meaning | None
    was_there: bool
    exposures: Mapping[str, Exposure] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Story:
    """The chapters of each key that was touched, oldest first, and the commits whose registry cannot be read."""

    chapters: Mapping[str, tuple[Chapter, ...]]
    unread: tuple[str, ...] = ()


def story(line: MainLine, places: Places, start: str) -> Story:
    """Return what happened along the main line behind what a commit holds already; raises GitError.

    `places` learns of former paths of the registry that the walk comes by.
    """
    base, found = _walked(line, places, start)
    reader = VersionReader(line.repository, places)
    registry = None
    if base is not None:
        registry = reader.read(reader.contents(base.files), line.commits[base.index].when)
    groups = _by_key(registry) if registry is not None else {}
    turns: list[Turn] = []
    exposures: dict[tuple[int, str], Mapping[str, Exposure]] = {}
    unread: list[str] = []
    for version, registry in _read(line, reader, found):
        if registry is None:
            unread.append(line.commits[version.index].id)
            continue
        new = _by_key(registry)
        if any(problem.breaks and not problem.key for problem in registry.problems):
            new = {**{key: flags for key, flags in groups.items() if key not in new}, **new}
        together = list(_turns(version.index, groups, new))
        snapshot = Snapshot(registry, line.commits[version.index].when, [turn.key for turn in together])
        for turn in together:
            if turn.after is not None:
                exposures[turn.index, turn.key] = snapshot.exposures(turn.key)
        turns += together
        groups = new
    makers = attribute(line, reader, turns, found)
    chapters: dict[str, list[Chapter]] = {}
    for turn in turns:
        event = line.event(turn.index, makers[turn.index, turn.key])
        served = exposures.get((turn.index, turn.key), {})
        chapters.setdefault(turn.key, []).append(Chapter(event, turn.after, turn.before is not None, served))
    return Story({key: tuple(told) for key, told in chapters.items()}, tuple(unread))


def _walked(line: MainLine, places: Places, start: str) -> tuple[Version | None, list[Version]]:
    """Return what the main line was before the first commit that `start` does not hold, and the versions from there."""
    out = line.repository.run("rev-list", "--first-parent", line.commits[-1].id, f"^{start}", "--")
    new = frozenset(out.decode().split())
    index = next((place for place, commit in enumerate(line.commits) if commit.id in new), len(line.commits)) - 1
    while True:
        base = None
        if index >= 0:
            files = files_at(line.repository, line.commits[index].id, places.below())
            held = {path: name for path, name in files.items() if places.holds(path, index)}
            base = Version(index, held)
        found = versions(line, places, base)
        if found is not None:
            return base, found


def _read(line: MainLine, reader: VersionReader, found: list[Version]) -> Iterator[tuple[Version, Registry | None]]:
    for start in range(0, len(found), _AT_ONCE):
        together = found[start : start + _AT_ONCE]
        reader.fetch(name for version in together for name in version.files.values())
        for version in together:
            yield version, reader.read(reader.contents(version.files), line.commits[version.index].when)


def _turns(index: int, before: Mapping[str, tuple[Flag, ...]], after: Mapping[str, tuple[Flag, ...]]) -> Iterator[Turn]:
    for key in sorted(before.keys() | after.keys()):
        old, new = before.get(key), after.get(key)
        if old is not None and new is not None and len(old) == len(new):
            if all(a is b for a, b in zip(old, new, strict=True)):
                continue
        was = meaning_of(old) if old else None
        now = meaning_of(new) if new else None
        if now is not None and now.broken and was is not None:
            continue
        if (was.whole if was else "") != (now.whole if now else ""):
            yield Turn(index, key, was, now)


def _by_key(registry: Registry) -> dict[str, tuple[Flag, ...]]:
    found: dict[str, tuple[Flag, ...]] = {}
    for flag in registry.flags:
        found[flag.key] = (*found.get(flag.key, ()), flag)
    return found
