"""A project as it was at a revision: its registry, and its files in a temporary folder."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from posixpath import normpath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from flaglint.definition import Registry
from flaglint.errors import UsageError
from flaglint.history.changes import files_at
from flaglint.history.git import GitError, open_repository, read_blobs
from flaglint.history.places import Places, is_literal
from flaglint.records import replace
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import RegistrySpec, Settings
    from flaglint.history.git import Repository

_AT_ONCE: Final = 500  # files whose bytes are in memory together
# Read by a walk over files outside of git, which would leave out files that are tracked all the same.
_LEFT_OUT: Final = frozenset({".gitignore", ".git"})


def repository_of(settings: Settings, purpose: str) -> Repository:
    """Return the repository of a project; raises UsageError, which names what it was needed for, without one."""
    found = open_repository(settings.root)
    if isinstance(found, str):
        raise UsageError(f"{purpose} needs a git repository: {found}", help="run it in a clone of the repository")
    return found


def commit_of(repository: Repository, revision: str) -> str:
    """Return the id of the commit that a revision names; raises UsageError when there is none."""
    try:
        return repository.commit(revision)
    except GitError:
        advice = (
            "in a shallow clone: git fetch --unshallow"
            if repository.shallow
            else "git log --oneline lists commits, git branch --all the branches"
        )
        raise UsageError(f"there is no revision `{revision}`", help=advice) from None


def registry_at(settings: Settings, revision: str, *, now: float | None = None) -> Registry:
    """Return the registry at a revision, read by today's configuration; one that was not there yet is empty.

    `now` (UTC seconds) is for formats whose files hold steps for later. Raises UsageError without git or such a
    revision, and RegistryError for a registry that cannot be read.
    """
    repository = repository_of(settings, "a registry of the past")
    return registry_in(repository, Places.of(settings, repository.prefix), commit_of(repository, revision), now=now)


def registry_in(repository: Repository, places: Places, commit: str, *, now: float | None = None) -> Registry:
    """Return the registry in a commit; see `registry_at`."""
    try:
        files = files_at(repository, commit, places.below())
        roles = places.ordered(files)
        contents = list(read_blobs(repository, [files[role.path] for role in roles]))
    except GitError as error:
        raise UsageError(f"git cannot read the registry at `{commit[:12]}`: {error}") from error
    read = [
        File(_shown(repository, role.path), data, role.format, role.environment)
        for role, data in zip(roles, contents, strict=True)
        if data is not None
    ]
    if len(read) < len(roles):
        raise UsageError(
            f"the registry at `{commit[:12]}` is not in this clone", help="it is a partial clone: git fetch --refetch"
        )
    return load_files(read, now=now) if read else Registry()


def _shown(repository: Repository, path: str) -> str:
    return path.removeprefix(repository.prefix)


@contextmanager
def tree_at(settings: Settings, revision: str) -> Iterator[Settings]:
    """Give the settings of the project with its files as they were at a revision, in a folder that goes afterwards.

    Only regular files are written, with the bytes that git keeps: no links, no submodules, nothing outside the folder.
    Raises UsageError without git or such a revision.
    """
    repository = repository_of(settings, "a tree of the past")
    commit = commit_of(repository, revision)
    with TemporaryDirectory(prefix="flaglint-") as folder:
        root = Path(folder).resolve()
        try:
            _write(repository, commit, root)
        except GitError as error:
            raise UsageError(f"git cannot read the files at `{revision}`: {error}") from error
        project = root / repository.prefix
        project.mkdir(parents=True, exist_ok=True)
        sources = tuple(source for source in settings.source if (project / source).exists())
        registry = _as_it_was(repository, commit, settings.registry, project)
        yield replace(settings, root=project, source=sources or (".",), registry=registry)


def names_before(repository: Repository, commit: str) -> dict[str, str]:
    """Return the path that each file had in a commit which has another one by now; none where git cannot tell."""
    try:
        told = repository.run(
            "diff-tree", "-r", "--name-status", "-z", "-M", "--diff-filter=R", commit, repository.head
        )
    except GitError:
        return {}
    words = told.decode("utf-8", "surrogateescape").split("\0")
    return dict(zip(words[2::3], words[1::3], strict=False))


def _as_it_was(
    repository: Repository, commit: str, specs: tuple[RegistrySpec, ...], project: Path
) -> tuple[RegistrySpec, ...]:
    """Return where the registry was in a commit: a file that is not there under its name of today had another one."""
    if all((project / spec.path).exists() or not is_literal(spec) for spec in specs):
        return specs
    former = names_before(repository, commit)
    found = []
    for spec in specs:
        was = former.get(normpath(f"{repository.prefix}{spec.path}"), "")
        if (project / spec.path).exists() or not was.startswith(repository.prefix):
            found.append(spec)
        else:
            found.append(replace(spec, path=was.removeprefix(repository.prefix) or spec.path))
    return tuple(found)


def _write(repository: Repository, commit: str, root: Path) -> None:
    files = files_at(repository, commit, (repository.prefix.rstrip("/"),) if repository.prefix else ())
    paths = [path for path in files if _is_safe(path)]
    for start in range(0, len(paths), _AT_ONCE):
        together = paths[start : start + _AT_ONCE]
        for path, data in zip(together, read_blobs(repository, [files[path] for path in together]), strict=True):
            if data is None:
                continue
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)


def _is_safe(path: str) -> bool:
    """Whether a path of a tree stays below the folder that it is written to, also where `\\` parts folders."""
    parts = path.replace(os.sep, "/").split("/")
    return not any(part in {"", ".", ".."} or part in _LEFT_OUT for part in parts) and not os.path.isabs(path)  # noqa: PTH117 - text
