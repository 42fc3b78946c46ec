"""Registries of the past, each read with as little parsing as possible: what was seen before is not parsed again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.definition import Registry
from flaglint.errors import RegistryError
from flaglint.history.git import read_blobs
from flaglint.history.pieces import Pieces, cut
from flaglint.records import dataclass, field, replace
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from flaglint.definition import Flag
    from flaglint.history.git import Repository
    from flaglint.history.places import Place, Places

Contents = tuple["tuple[Place, str]", ...]  # the files of a version, each with the id of its content


@dataclass(slots=True)
class VersionReader:
    """Reads versions of one registry. Spans in what it returns are not to be trusted: nobody opens these files."""

    repository: Repository
    places: Places
    _blobs: dict[str, bytes] = field(default_factory=dict)
    _pieces: dict[str, Pieces | None] = field(default_factory=dict)
    _labels: dict[tuple[tuple[str, str], ...], int] = field(default_factory=dict)
    _entries: dict[tuple[int, str, str], Flag] = field(default_factory=dict)
    _frames: dict[tuple[tuple[str, str], ...], Registry] = field(default_factory=dict)
    _whole: tuple[Contents, float, Registry | None] | None = None

    def contents(self, files: Mapping[str, str]) -> Contents:
        """Return the registry files among the files of a commit (path -> id), in the order in which they are read."""
        return tuple((place, files[place.path]) for place in self.places.ordered(files))

    def fetch(self, ids: Iterable[str]) -> None:
        """Get contents at once, for the versions that are read next; those of the ones before are let go."""
        wanted = {name for name in ids if name}
        kept = {name: data for name, data in self._blobs.items() if name in wanted}
        missing = sorted(wanted - kept.keys())
        found = read_blobs(self.repository, missing)
        self._blobs = kept | {name: data for name, data in zip(missing, found, strict=True) if data is not None}
        self._pieces = {name: pieces for name, pieces in self._pieces.items() if name in wanted}

    def read(self, contents: Contents, when: float) -> Registry | None:
        """Return a version of the registry as it was understood at `when` (UTC seconds), or None.

        None where a content is not at hand, or cannot be read at all: a broken commit says nothing about its flags.
        """
        if not contents:
            return Registry()
        missing = [name for _, name in contents if name not in self._blobs]
        if missing:
            found = read_blobs(self.repository, missing)
            self._blobs |= {name: data for name, data in zip(missing, found, strict=True) if data is not None}
        if any(name not in self._blobs for _, name in contents):
            return None
        return self._assembled(contents, when) or self._parsed(contents, when)

    def _parsed(self, contents: Contents, when: float) -> Registry | None:
        if self._whole is not None and self._whole[0] == contents and self._whole[1] == when:
            return self._whole[2]
        files = [File(place.path, self._blobs[name], place.format, place.environment) for place, name in contents]
        try:
            registry = load_files(files, now=when)
        except RegistryError:
            registry = None
        self._whole = (contents, when, registry)
        return registry

    def _assembled(self, contents: Contents, when: float) -> Registry | None:
        """Return a registry of native files, of which only new entries are parsed; None when it must be read whole."""
        pieces: list[tuple[str, Pieces]] = []
        for place, name in contents:
            if place.format not in {"", "native"} or place.environment or place.path.endswith(".json"):
                return None
            if name not in self._pieces:
                self._pieces[name] = cut(self._blobs[name])
            found = self._pieces[name]
            if found is None:
                return None
            pieces.append((place.path, found))
        frame = tuple((path, piece.head) for path, piece in pieces)
        label = self._labels.setdefault(frame, len(self._labels))
        wanted = [(label, path, entry) for path, piece in pieces for entry in piece.entries]
        if frame not in self._frames or any(entry not in self._entries for entry in wanted):
            if not self._learn(frame, pieces, label, when):
                return None
        flags = tuple(self._entries[entry] for entry in wanted)
        if len({flag.key for flag in flags}) != len(flags):
            return None
        return replace(self._frames[frame], flags=flags)

    def _learn(
        self, frame: tuple[tuple[str, str], ...], pieces: Sequence[tuple[str, Pieces]], label: int, when: float
    ) -> bool:
        """Parse the heads and the entries that are new under them; return whether all of it made sense."""
        new = [
            (path, piece, [entry for entry in piece.entries if (label, path, entry) not in self._entries])
            for path, piece in pieces
        ]
        try:
            registry = load_files([File(path, piece.with_entries(few)) for path, piece, few in new], now=when)
        except RegistryError:
            return False
        if any(problem.breaks and not problem.key for problem in registry.problems):
            return False
        asked = [(label, path, entry) for path, _, few in new for entry in few]
        if [flag.span.path for flag in registry.flags] != [path for _, path, _ in asked]:
            return False
        self._entries.update(zip(asked, registry.flags, strict=True))
        self._frames[frame] = replace(registry, flags=(), problems=())
        return True
