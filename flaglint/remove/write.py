"""Writing a plan: all files or none, each whole, and nothing over changes that nobody saved."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from flaglint.errors import EditError
from flaglint.source import Replacement, replace_together

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from flaglint.remove.outcome import Plan

# Variables that tell git where repositories and their work trees are.
_OF_REPOSITORIES = frozenset(
    {"GIT_DIR", "GIT_WORK_TREE", "GIT_COMMON_DIR", "GIT_CEILING_DIRECTORIES", "GIT_DISCOVERY_ACROSS_FILESYSTEM"}
)


def write(root: Path, plan: Plan) -> None:
    """Write all changes of a plan below `root`, or none; raises EditError when one of them cannot be written."""
    for change in plan.changes:
        path = root / change.path
        if not path.is_file() or path.read_bytes() != change.before:
            raise EditError("it changed since it was read, and nothing was written", path=change.path, help="try again")
    replace_together(Replacement(root / change.path, change.after, change.before) for change in plan.changes)


def refuse_dirty(root: Path, plan: Plan) -> None:
    """Raise EditError when git knows of changes in one of the plan's files that are not committed."""
    paths = [change.path for change in plan.changes]
    if not paths:
        return
    status = _git(root, "status", "--porcelain", "-z", "--", *paths)
    if status is None:
        return  # no git here, so there is nothing to compare with
    dirty = [entry[3:] for entry in status.split("\0") if entry]
    if dirty:
        raise EditError(
            f"it has changes that are not committed{_so_others(len(dirty) - 1)}",
            path=dirty[0],
            help="commit them first, or give --allow-dirty; nothing was written",
        )


def _so_others(count: int) -> str:
    return f", and so {'has' if count == 1 else 'have'} {count} more" if count else ""


def repository_prefix(root: Path) -> str:
    """Return the way from the top of the git repository to `root`, with a slash at its end, or nothing."""
    try:
        plain = _plain_prefix(root.resolve())
    except OSError:
        plain = None
    return plain if plain is not None else (_git(root, "rev-parse", "--show-prefix") or "").removesuffix("\n")


def _plain_prefix(root: Path) -> str | None:
    """Return what git would say, told from the folders alone; None where that is not plain. Raises OSError.

    It is where there is no repository, and where one keeps its files beside its work tree, all of them ours, and says
    nothing else. To start git takes longer than to print the diff.
    """
    if any(name in _OF_REPOSITORIES or name.startswith("GIT_CONFIG") for name in os.environ):
        return None
    device = root.stat().st_dev  # git looks no further than the file system goes
    for folder in (root, *root.parents):
        if folder.stat().st_dev != device or (folder / "HEAD").exists():
            return None
        if (folder / ".git").exists() or (folder / ".git").is_symlink():
            break
    else:
        return ""
    inside = folder / ".git"
    owners = {place.stat().st_uid for place in (folder, inside)}
    if not hasattr(os, "geteuid") or owners != {os.geteuid()}:
        return None
    if not any(os.access(f"{place}/git", os.X_OK) for place in os.environ.get("PATH", "").split(os.pathsep)):
        return None
    settings = (inside / "config").read_bytes().lower()
    is_whole = all((inside / name).exists() for name in ("HEAD", "objects", "refs"))
    is_plain = settings.count(b"bare") == settings.count(b"bare = false")
    if not is_whole or not is_plain or any(word in settings for word in (b"worktree", b"include")):
        return None
    return "".join(f"{part}/" for part in root.relative_to(folder).parts)


def _git(root: Path, *arguments: str) -> str | None:
    import subprocess

    try:
        done = subprocess.run(["git", *arguments], cwd=root, capture_output=True, check=False)
    except OSError:
        return None
    return os.fsdecode(done.stdout) if done.returncode == 0 else None


def out_of_reach(plan: Plan, prefix: str, folder: str) -> tuple[str, ...]:
    """Return the files of a plan that `git apply` does not reach from a folder, by their path from the top of git.

    It changes nothing outside of the folder in which it runs, unless that is in no repository. `prefix` is the way from
    the top of git to the root of the project, `folder` that to the folder, as `repository_prefix` gives them.
    """
    paths = (f"{prefix}{change.path}" for change in plan.changes)
    return tuple(path for path in paths if folder and not path.startswith(folder))


def patch_names(keys: Iterable[str]) -> dict[str, str]:
    """Return the name of the file that holds the patch of each flag; no two keys share one."""
    found: dict[str, str] = {}
    taken: set[str] = set()
    for key in keys:
        plain = re.sub(r"[^A-Za-z0-9._-]+", "-", key).strip("-.") or "flag"
        names = (f"{plain}.patch", *(f"{plain}-{number}.patch" for number in range(2, len(taken) + 3)))
        # Some file systems take names that differ in case for the same.
        found[key] = next(name for name in names if name.lower() not in taken)
        taken.add(found[key].lower())
    return found
