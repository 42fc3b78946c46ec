"""What is left out: the folders that never hold a project's own code, globs, and `.gitignore` files outside git."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from flaglint.errors import ConfigError
from flaglint.patterns import late

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from pathspec import GitIgnoreSpec

# What decides on the entries of a folder, the nearest first: how much of a path it does not see, and its patterns.
Deciding: TypeAlias = "tuple[tuple[int, GitIgnoreSpec], ...]"
EXCLUDED_FOLDERS = frozenset(
    {
        ".eggs", ".flaglint_cache", ".git", ".hg", ".mypy_cache", ".nox", ".pytest_cache", ".ruff_cache", ".svn",
        ".tox", ".venv", "__pycache__", "__pypackages__", "node_modules", "site-packages",
    }
)  # fmt: skip
# Globs that mean what they spell, but for stars and question marks: each of their pieces stands in what they match.
_PLAIN = late(r"/?(?:[\w.*?-]+/)*[\w.*?-]*")
_PIECE = late(r"[\w.-]+")


def matcher(globs: Sequence[str]) -> Callable[[str], bool]:
    """Return a test whether a path relative to the root matches one of the globs, written as in `.gitignore`.

    Raises ConfigError for a glob that cannot be understood.
    """
    if not globs:
        return lambda _path: False
    if not all(map(_PLAIN.fullmatch, globs)):
        return _spec(globs).match_file
    # To load `pathspec` takes as long as half a hook; most paths do not even hold the letters of a glob.
    pieces = [tuple(_PIECE.findall(glob)) for glob in globs]
    known: list[GitIgnoreSpec] = []

    def matches(path: str) -> bool:
        if not any(all(piece in path for piece in each) for each in pieces):
            return False
        if not known:
            known.append(_spec(globs))
        return known[0].match_file(path)

    return matches


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError as error:  # pathspec's own error is one
        raise ConfigError(f"not a glob: {error}") from error


class IgnoreFiles:
    """The `.gitignore` files met so far; the one nearest to a path that has a word on it decides.

    A walk that starts in a `folder` that is itself ignored was asked for by name: the files above it do not count.
    """

    def __init__(self, root: Path, folder: str) -> None:
        self._root = root
        self._by_folder: dict[str, Deciding] = {}
        if folder and is_ignored(folder + "/", self.deciding_in(folder.rpartition("/")[0])):
            self._by_folder = dict.fromkeys(_folders_above(folder), ())

    def deciding_in(self, folder: str, *, has_file: bool = True) -> Deciding:
        """Return what decides on the entries of a folder; `has_file` says whether a `.gitignore` may be there.

        One that cannot be read ignores nothing, as with git.
        """
        known = self._by_folder.get(folder)
        if known is None:
            known = self.deciding_in(folder.rpartition("/")[0]) if folder else ()
            spec = self._spec_in(folder) if has_file else None
            if spec is not None:
                known = ((len(folder) + 1 if folder else 0, spec), *known)
            self._by_folder[folder] = known
        return known

    def _spec_in(self, folder: str) -> GitIgnoreSpec | None:
        try:
            lines = (self._root / folder / ".gitignore").read_text("utf-8", "surrogateescape").splitlines()
            return _spec(lines) if any(line.strip() for line in lines) else None
        except (OSError, ConfigError):
            return None


def is_ignored(path: str, deciding: Deciding) -> bool:
    """Whether a path is ignored; that of a folder ends in `/`. The folders above it are known not to be."""
    for head, spec in deciding:
        decided = spec.check_file(path[head:]).include
        if decided is not None:
            return decided
    return False


def _folders_above(path: str) -> Iterator[str]:
    """Yield the folders that hold a path, the nearest first, the root (the empty text) last."""
    while path:
        path = path.rpartition("/")[0]
        yield path
