"""Which files a registry is read from: a path, a folder or a glob of the configuration, relative to the root."""

from __future__ import annotations

import os
import re
from functools import lru_cache
from typing import TYPE_CHECKING

from flaglint.errors import RegistryError
from flaglint.patterns import late
from flaglint.records import dataclass
from flaglint.source.text import reason_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flaglint.config import RegistrySpec

_SUFFIXES = (".json", ".yaml", ".yml")
_GLOB = late(r"[*?\[]")
_ESCAPED = late(r"\[([*?\[])\]")
_PIECE = late(r"\*\*/|\*\*|\*|\?|\[!?\]?[^\]/]*\]|[^*?\[]+|\[")


@dataclass(frozen=True, slots=True)
class File:
    """A file of a registry with its bytes. An empty format is recognised."""

    path: str
    data: bytes
    format: str = ""
    environment: str = ""


def registry_files(root: Path, specs: Sequence[RegistrySpec]) -> list[tuple[str, RegistrySpec]]:
    """Return the files of each spec, relative to `root` with `/`, in the order of the specs and sorted within one.

    A folder stands for the YAML and JSON files below it. Names that begin with a dot are passed over, links to
    folders are not followed. A file counts for the first spec that names it; again only for another environment.
    Raises RegistryError for a path that does not exist, or a glob without a match, unless the spec is optional.
    """
    found: dict[tuple[str, str], RegistrySpec] = {}
    for spec in specs:
        paths = _files(root, spec.path)
        if paths is None and not spec.optional:
            what = "no file matches it" if _GLOB.search(spec.path) else "it does not exist"
            raise RegistryError(f"the registry is missing: {what}", path=spec.path, help=_advice(root))
        for path in paths or ():
            found.setdefault((path, spec.environment), spec)
    return [(path, spec) for (path, _), spec in found.items()]


def _advice(root: Path) -> str:
    relative = f"`registry` in the configuration names files relative to `{root}`"
    return f"{relative}; an empty one is `version: 1` and `flags: {{}}`"


def _files(root: Path, path: str) -> list[str] | None:
    """Return the files that a path, a folder or a glob stands for; None when there is nothing."""
    path = path.replace(os.sep, "/").removeprefix("./").rstrip("/")
    literal = _ESCAPED.sub(r"\1", path)  # what `glob.escape` writes for a name that looks like a glob
    try:
        for name in (path, literal):
            if (root / name).is_dir():
                return [found for found in _below(root, name) if found.endswith(_SUFFIXES)]
            if (root / name).exists() or (root / name).is_symlink():
                return [name]
    except (OSError, ValueError) as error:  # a loop of links, a null byte, a name that is too long
        raise RegistryError(f"it cannot be reached: {reason_of(error)}", path=path) from error
    parts = path.split("/")
    first = next((index for index, part in enumerate(parts) if _GLOB.search(part)), None)
    if first is None:
        return None
    depth = None if "**" in path else len(parts) - first
    matches = _pattern(path)
    return [found for found in _below(root, "/".join(parts[:first]), depth) if matches.fullmatch(found)] or None


def _below(root: Path, folder: str, depth: int | None = None) -> list[str]:
    """Return the files at most `depth` levels below a folder, sorted, without names that begin with a dot."""
    found: list[str] = []
    pending = [(folder, depth)]
    while pending:
        below, left = pending.pop()
        try:
            entries = list(os.scandir(root / below))
        except (FileNotFoundError, NotADirectoryError):
            continue
        except (OSError, ValueError) as error:
            raise RegistryError(f"the folder cannot be read: {reason_of(error)}", path=below) from error
        for entry in entries:
            path = f"{below}/{entry.name}" if below else entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                if left is None or left > 1:
                    pending.append((path, None if left is None else left - 1))
            elif not entry.is_dir():
                found.append(path)
    return sorted(found)


def matches_glob(path: str, glob: str) -> bool:
    """Whether a path relative to the root matches a glob: `*` stays within a name, `**/` stands for any folders."""
    return _pattern(glob).fullmatch(path) is not None


def is_covered(path: str, specs: Sequence[RegistrySpec]) -> bool:
    """Whether a file, which need not exist, is one that the specs name: itself, by a glob, or below a folder."""
    for spec in specs:
        named = spec.path.removeprefix("./").rstrip("/")
        if path == named or matches_glob(path, named):
            return True
        if path.startswith(f"{named}/") and path.endswith(_SUFFIXES):
            return True
    return False


@lru_cache(maxsize=64)
def _pattern(glob: str) -> re.Pattern[str]:
    """Translate a glob: `*` and `?` stay within a name, `**/` stands for any folders, none included."""
    pieces = []
    for piece in _PIECE.findall(glob):
        if piece == "**/":
            pieces.append("(?:.*/)?")
        elif piece == "**":
            pieces.append(".*")
        elif piece == "*":
            pieces.append("[^/]*")
        elif piece == "?":
            pieces.append("[^/]")
        elif piece.startswith("[") and len(piece) > 1:
            inside = piece[1:-1].replace("\\", "\\\\")
            pieces.append(f"[^/{inside[1:]}]" if inside.startswith("!") else f"[{inside}]")
        else:
            pieces.append(re.escape(piece))
    return re.compile("".join(pieces), re.DOTALL)
