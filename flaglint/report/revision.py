"""The files of a project as they were at a revision, written to a folder: for a report to compare with."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from flaglint.errors import UsageError
from flaglint.history.git import GitError, open_repository, read_blobs

if TYPE_CHECKING:
    from pathlib import Path

    from flaglint.history.git import Repository

_AT_ONCE = 400  # blobs that are held in memory
_REGULAR = frozenset({b"100644", b"100755"})


class Revision(NamedTuple):
    """A commit: its id, when it was made in UTC seconds, and its name for people."""

    repository: Repository
    commit: str
    when: int

    @property
    def words(self) -> str:
        """The day of the commit, and its short id."""
        return f"{datetime.fromtimestamp(self.when, UTC).date()} ({self.commit[:7]})"


def find_revision(root: Path, name: str) -> Revision:
    """Return the commit that `name` stands for; raises UsageError when there is none, or no git."""
    repository = open_repository(root)
    if isinstance(repository, str):
        raise UsageError(
            f"`{name}` cannot be looked up: {repository}", help="compare with an earlier report: --since report.json"
        )
    try:
        commit = repository.commit(name)
        when = int(repository.run("rev-list", "--max-count=1", "--timestamp", commit).split()[0])
    except (GitError, ValueError) as error:
        shallow = " in this shallow clone" if repository.shallow else ""
        raise UsageError(
            f"there is no revision `{name}`{shallow}",
            help="fetch it (git fetch --unshallow), or compare with an earlier report: --since report.json",
        ) from error
    return Revision(repository, commit, when)


def write_tree(revision: Revision, folder: Path) -> None:
    """Write the project's files of a revision below `folder`; links and submodules are left out.

    The bytes are those of the commit: no line end is changed, and no filter runs. Raises UsageError when git fails.
    """
    repository, prefix = revision.repository, revision.repository.prefix
    try:
        listed = repository.run("ls-tree", "-r", "-z", "--full-tree", revision.commit, *([prefix] if prefix else []))
        entries = []
        for line in listed.split(b"\0"):
            about, _, name = line.partition(b"\t")
            fields = about.split()
            path = name.decode("utf-8", "surrogateescape").removeprefix(prefix)
            if fields and fields[0] in _REGULAR and ".." not in path.split("/"):
                entries.append((fields[2].decode(), path))
        for start in range(0, len(entries), _AT_ONCE):
            some = entries[start : start + _AT_ONCE]
            for (_, path), data in zip(some, read_blobs(repository, [name for name, _ in some]), strict=True):
                target = folder / path
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data or b"")
    except GitError as error:
        raise UsageError(f"the revision {revision.commit[:12]} cannot be read: {error}") from error
