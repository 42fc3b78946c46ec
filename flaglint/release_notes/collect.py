"""Release notes between two revisions: the net change, who made it and when, and what came and went in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.errors import UsageError
from flaglint.history.commits import commit_at, main_line
from flaglint.history.git import GitError
from flaglint.history.places import Places
from flaglint.history.trees import commit_of, names_before, registry_in, repository_of
from flaglint.records import dataclass
from flaglint.registry import load
from flaglint.release_notes.changes import Point, ReleaseNotes
from flaglint.release_notes.compare import compare, segments_changed
from flaglint.release_notes.dating import dated, interrupted
from flaglint.release_notes.moved import moves
from flaglint.release_notes.snapshot import Snapshot
from flaglint.release_notes.story import story

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.history.git import Repository
    from flaglint.release_notes.story import Story

WORK_TREE = "the work tree"


@dataclass(frozen=True, slots=True)
class Range:
    """`A..B`; with `since_fork`, `A...B`: from where B left A. An empty end is the work tree."""

    start: str
    end: str
    since_fork: bool = False


def parse_range(text: str) -> Range:
    """Return the revisions that a range names; a single one reaches to the work tree. Raises UsageError."""
    for dots in ("...", ".."):
        start, found, end = text.partition(dots)
        if found:
            if not start or end.startswith(".") or ".." in end:
                break
            return Range(start, end or "HEAD", since_fork=dots == "...")
    else:
        if text.strip():
            return Range(text, "")
    raise UsageError(f"`{text}` is no range of revisions", help="write it like v1.4..v1.5, main...HEAD, or v1.4 alone")


def release_notes(settings: Settings, asked: Range, *, now: float) -> ReleaseNotes:
    """Return what happened to the flags of a project; `now` is in UTC seconds.

    The earlier registry is understood as of the time of its commit, the later one as of its own, or of `now` when it
    is what is checked out; for a pull request (`since_fork`) both as of `now`. Raises UsageError without git or such
    revisions, RegistryError for a registry that cannot be read.
    """
    repository = repository_of(settings, "a changelog")
    end = commit_of(repository, asked.end or "HEAD")
    start = commit_of(repository, asked.start)
    places = Places.of(settings, repository.prefix)
    try:
        if asked.since_fork:
            start = _fork(repository, asked, start, end)
        line = main_line(repository, end)
        if end != repository.head:  # what was renamed later has its former name in all of the range
            for now_at, was_at in names_before(repository, end).items():
                if any(now_at == spec.path for spec in places.specs):
                    places.former[was_at] = (now_at, len(line.commits))
        told = story(line, places, start)
        began = commit_at(repository, start).when
    except GitError as error:
        raise UsageError(f"git cannot tell what lies between: {error}") from error
    ends_now = not asked.end or end == repository.head or asked.since_fork
    until = now if ends_now else float(line.commits[-1].when)
    before = Snapshot(registry_in(repository, places, start, now=began), now if asked.since_fork else began)
    if asked.end:
        after = Snapshot(registry_in(repository, places, end, now=until), until)
    else:
        after = Snapshot(load(settings.root, settings.registry, now=now), until)
    changes = [dated(change, told, before, after) for change in compare(before, after)]
    changes += interrupted(changes, told, before, after)
    critical = settings.environments or after.registry.critical
    return ReleaseNotes(
        start=Point(asked.start, start, began),
        end=Point(asked.end or WORK_TREE, end if asked.end else "", int(until)),
        environments=(
            *(name for name in after.environments if name in critical),
            *(name for name in after.environments if name not in critical),
        ),
        changes=tuple(changes),
        moves=tuple(moves(before, after)),
        segments=tuple(text for _, text in segments_changed(before.registry, after.registry)),
        gaps=tuple(_gaps(repository, told)),
    )


def _fork(repository: Repository, asked: Range, start: str, end: str) -> str:
    """Return the commit from which two lines went apart; raises UsageError when they have none."""
    try:
        return repository.run("merge-base", start, end).decode().split()[0]
    except (GitError, IndexError):
        advice = (
            "the clone is shallow: git fetch --unshallow"
            if repository.shallow
            else f"compare {asked.start}..{asked.end}"
        )
        raise UsageError(f"`{asked.start}` and `{asked.end}` have no commit in common", help=advice) from None


def _gaps(repository: Repository, told: Story) -> Iterator[str]:
    if repository.shallow:
        yield "the clone is shallow: who changed what, and what came and went in between, may be missing"
    if count := len(told.unread):
        what = "1 version of the registry in between" if count == 1 else f"{count} versions of the registry in between"
        yield f"{what} cannot be read, the last in commit {told.unread[-1][:12]}"
