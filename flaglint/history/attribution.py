"""Who made the changes that a merge brought: the commit of its side that made each, not the one who merged."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.history.changes import changes
from flaglint.history.definitions import meaning_of
from flaglint.history.git import object_ids
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from flaglint.definition import Flag
    from flaglint.history.commits import Commit, MainLine
    from flaglint.history.definitions import Meaning
    from flaglint.history.timeline import Step
    from flaglint.history.versions import Contents, VersionReader
    from flaglint.history.walk import Version


def attribute(
    line: MainLine, reader: VersionReader, steps: Sequence[Step], versions: Iterable[Version]
) -> Mapping[tuple[int, str], Commit | None]:
    """Return who made each step, by its place on the main line and its key; None where those commits are cut off.

    Raises GitError.
    """
    search = _Search(line, reader, {version.index: version.files for version in versions})
    by_index: dict[int, list[Step]] = {}
    for step in steps:
        by_index.setdefault(step.index, []).append(step)
    search.prepare([index for index in by_index if len(line.commits[index].parents) > 1])
    return {(index, step.key): search.maker(index, step) for index, together in by_index.items() for step in together}


@dataclass(slots=True)
class _Search:
    line: MainLine
    reader: VersionReader
    files: Mapping[int, Mapping[str, str]]
    _touching: dict[str, tuple[str, ...]] = field(default_factory=dict)  # commit -> registry paths that it changed
    _contents: dict[str, Contents] = field(default_factory=dict)  # commit -> its registry
    _flags: dict[Contents, Mapping[str, tuple[Flag, ...]]] = field(default_factory=dict)

    def prepare(self, merges: Sequence[int]) -> None:
        """Ask at once which commits of the sides of all merges touched the registry."""
        self.line.load_sides(merges)
        sides = [commit for index in merges for commit in self._plain(index)]
        pairs = [(commit.id, commit.parents[0] if commit.parents else "") for commit in sides]
        places = self.reader.places
        for name, found in changes(self.line.repository, pairs, places.below()).items():
            if paths := tuple(change.path for change in found if places.holds(change.path)):
                self._touching[name] = paths

    def _plain(self, index: int) -> list[Commit]:
        """Return the commits of a side that are no merges and whose parents are at hand."""
        shallow = self.line.repository.shallow
        return [c for c in self.line.sides(index) if len(c.parents) < 2 and c.id not in shallow]

    def maker(self, index: int, step: Step) -> Commit | None:
        """Return the commit that made a step; that of the main line itself when it brought no other that could have."""
        merge = self.line.commits[index]
        if len(merge.parents) < 2:
            return merge
        shallow = self.line.repository.shallow
        is_cut = any(c.id in shallow for c in self.line.sides(index)) or not self.line.sides(index)
        suspects = [commit for commit in self._plain(index) if commit.id in self._touching]
        if not suspects:
            return None if is_cut else merge
        if len(suspects) == 1 and not is_cut:
            return suspects[0]
        return self._among(suspects, index, step) or (None if is_cut else merge)

    def _among(self, suspects: Sequence[Commit], index: int, step: Step) -> Commit | None:
        """Return the last of the commits that did what the step does, else the last that changed the key at all."""
        changed = None
        for commit in suspects:
            before = self._meaning(commit.parents[0] if commit.parents else "", commit, index, step.key)
            after = self._meaning(commit.id, commit, index, step.key)
            if _text(before) == _text(after):
                continue
            if step.before is None or step.after is None:
                if (before is None, after is None) == (step.before is None, step.after is None):
                    return commit
            elif _text(after) == _text(step.after):
                return commit
            changed = changed or commit
        return changed

    def _meaning(self, revision: str, side: Commit, index: int, key: str) -> Meaning | None:
        if not revision:
            return None
        if revision not in self._contents:
            paths = sorted({*self.files[index], *self._touching.get(side.id, ())})
            ids = object_ids(self.line.repository, [f"{revision}:{path}" for path in paths])
            files = {path: name for path, name in zip(paths, ids, strict=True) if name}
            self._contents[revision] = self.reader.contents(files)
        contents = self._contents[revision]
        if contents not in self._flags:
            registry = self.reader.read(contents, side.when)
            groups: dict[str, tuple[Flag, ...]] = {}
            for flag in registry.flags if registry is not None else ():
                groups[flag.key] = (*groups.get(flag.key, ()), flag)
            self._flags[contents] = groups
        flags = self._flags[contents].get(key)
        return meaning_of(flags) if flags else None


def _text(meaning: Meaning | None) -> str:
    return "" if meaning is None else meaning.whole
