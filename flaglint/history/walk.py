"""The versions of the registry along the main line: which files it was made of after which commit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.history.changes import changes
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.history.commits import MainLine
    from flaglint.history.places import Places


@dataclass(frozen=True, slots=True)
class Version:
    """The registry's files from a place of the main line on: path from the top -> id of the content."""

    index: int
    files: Mapping[str, str] = field(default_factory=dict)


def versions(line: MainLine, places: Places, after: Version | None = None) -> list[Version] | None:
    """Return the versions behind the one `after`, or all, oldest first; raises GitError.

    Files that came by a rename from a path that the configuration does not name are followed to that path, which is
    put into `places`. None when that happens behind `after`: what is before it has to be read again, too.
    """
    while True:
        found, arrivals = _versions(line, places, after)
        if not _follow(line, places, arrivals):
            return found
        if after is not None:
            return None


def _versions(line: MainLine, places: Places, after: Version | None) -> tuple[list[Version], dict[int, set[str]]]:
    start = 0 if after is None else after.index + 1
    commits = line.commits[start:]
    by_commit = changes(
        line.repository,
        [(commit.id, commit.parents[0] if commit.parents else "") for commit in commits],
        places.below(),
    )
    files = {} if after is None else dict(after.files)
    found: list[Version] = []
    arrivals: dict[int, set[str]] = {}
    for index, commit in enumerate(commits, start):
        is_touched = False
        for change in by_commit.get(commit.id, ()):
            if change.path in files and not change.after:
                del files[change.path]
                is_touched = True
            elif change.after and places.holds(change.path, index):
                files[change.path] = change.after
                is_touched = True
                if change.added and commit.parents:
                    arrivals.setdefault(index, set()).add(change.path)
        if is_touched:
            found.append(Version(index, dict(files)))
    return found, arrivals


def _follow(line: MainLine, places: Places, arrivals: Mapping[int, set[str]]) -> bool:
    """Find out which registry files came by a rename from elsewhere; return whether there is a new place to look at."""
    pairs = {line.commits[index].id: index for index in arrivals}
    asked = [(name, line.commits[index].parents[0]) for name, index in pairs.items()]
    is_news = False
    for name, renamed in changes(line.repository, asked, renames=True).items():
        index = pairs[name]
        for change in renamed:
            is_ours = change.path in arrivals[index]
            if change.former and is_ours and not places.holds(change.former) and change.former not in places.former:
                places.former[change.former] = (change.path, index)
                is_news = True
    return is_news
