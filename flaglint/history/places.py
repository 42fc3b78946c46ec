"""Which files of a repository are the project's registry, in commits of long ago, too."""

from __future__ import annotations

import re
from posixpath import normpath
from typing import TYPE_CHECKING, Final

from flaglint.records import dataclass, field, replace
from flaglint.registry.files import is_covered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flaglint.config import RegistrySpec, Settings

_GLOB: Final = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True)
class Place:
    """A registry file: where it is from the top of the repository, and how it is read."""

    path: str
    format: str = ""
    environment: str = ""


@dataclass(slots=True)
class Places:
    """The paths that the configuration names today, and those under which the same files were known before.

    `specs` are relative to the top of the repository. `former` leads from a path of former times to the path that the
    file was renamed to, and the place on the main line of the commit that did it: later it is any other file.
    """

    specs: tuple[RegistrySpec, ...]
    former: dict[str, tuple[str, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings, prefix: str) -> Places:
        """Return the places of a project in the folder `prefix` (with `/`, or empty) of its repository."""
        return cls(tuple(replace(spec, path=normpath(f"{prefix}{spec.path}")) for spec in settings.registry))

    def below(self) -> tuple[str, ...]:
        """Return the files and folders that hold all registry files; none when only the whole tree does."""
        roots = {_literal_part(spec.path) for spec in self.specs}
        return () if "" in roots else tuple(sorted(roots | self.former.keys()))

    def ordered(self, paths: Iterable[str]) -> list[Place]:
        """Return the registry files among `paths` as they are read, in the order of the specs and sorted within one."""
        found = [role for path in paths for role in self._roles(path)]
        return [place for _, place in sorted(found, key=lambda role: (role[0], role[1].path))]

    def holds(self, path: str, index: int = 0) -> bool:
        """Whether a path is that of a registry file in the commit at a place of the main line."""
        if path in self.former and index > self.former[path][1]:
            return False
        return any(True for _ in self._roles(path))

    def _roles(self, path: str) -> Iterator[tuple[int, Place]]:
        """Yield as what a path is read, with the number of the spec: once for each environment."""
        current = self._now(path)
        environments = set()
        for number, spec in enumerate(self.specs):
            if spec.environment not in environments and _covers(spec, current):
                environments.add(spec.environment)
                yield number, Place(path, spec.format, spec.environment)

    def _now(self, path: str) -> str:
        """Return the path that the file of a former path has by now."""
        seen = {path}
        while path in self.former and self.former[path][0] not in seen:
            path = self.former[path][0]
            seen.add(path)
        return path


def is_literal(spec: RegistrySpec) -> bool:
    """Whether a spec is the path of a file or folder, without a pattern."""
    return _GLOB.search(spec.path) is None


def _covers(spec: RegistrySpec, path: str) -> bool:
    """Whether a spec stands for a path; as on disk, names that begin with a dot are passed over in its folders."""
    if path == spec.path:
        return True
    below = path.removeprefix(f"{_literal_part(spec.path)}/")
    return not any(part.startswith(".") for part in below.split("/")) and is_covered(path, [spec])


def _literal_part(path: str) -> str:
    """Return a spec as far as it holds no glob, whole names only; empty for the top itself."""
    found = _GLOB.search(path)
    literal = path if found is None else path[: found.start()].rpartition("/")[0]
    return "" if literal == "." else literal
