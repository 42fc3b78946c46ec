"""Where SDK packs lie: the shipped ones, and those that a configuration names."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flaglint.errors import PackError
from flaglint.rulesdata import rules_folder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from flaglint.config import Settings

_WILDCARDS = frozenset("*?[")


@lru_cache(maxsize=1)
def shipped_names() -> tuple[str, ...]:
    """Return the names of the shipped packs, sorted."""
    return tuple(sorted(path.stem for path in (rules_folder() / "sdks").glob("*.yaml")))


def shipped_path(name: str) -> Path:
    """Return the file of a shipped pack."""
    return rules_folder() / "sdks" / f"{name}.yaml"


def all_files(settings: Settings) -> list[Path]:
    """Return every file that the packs of a project may come from; raises PackError for a path that leads to none."""
    return [*map(shipped_path, shipped_names()), *own_files(settings.sdk_paths, settings.root)]


def own_files(paths: Sequence[str], root: Path) -> list[Path]:
    """Return the files of a company's own packs, named by file, folder or glob; raises PackError for what is none."""
    found: list[Path] = []
    for given in paths:
        path = root / given
        if path.is_dir():
            below = sorted(path.glob("*.yaml"))
        elif _WILDCARDS.isdisjoint(given):
            below = [path]
        else:
            below = sorted(file for file in root.glob(given) if file.is_file())
        if not below or not below[0].is_file():
            raise PackError(
                f"`{given}` in `sdk-paths` leads to no pack", help="a path is relative to the project's root"
            )
        found += below
    return list(dict.fromkeys(found))
