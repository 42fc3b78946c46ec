"""The revision that a report is compared with: when it was made, and its name for people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple

from flaglint.errors import UsageError
from flaglint.history.git import GitError, open_repository

if TYPE_CHECKING:
    from pathlib import Path


class Revision(NamedTuple):
    """A commit: its id, and when it was made in UTC seconds."""

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
    except (GitError, ValueError, IndexError) as error:
        raise UsageError(
            f"there is no revision `{name}`{' in this shallow clone' if repository.shallow else ''}",
            help="git fetch --unshallow gets all of them; --since report.json compares with an earlier report"
            if repository.shallow
            else "git log --oneline lists commits; --since report.json compares with an earlier report",
        ) from error
    return Revision(commit, when)
