"""The main line: the commits that first parents lead to from where we stand, and what each merge of it brought."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Final

from flaglint.history.events import Event
from flaglint.history.git import open_repository
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from flaglint.history.git import Repository

_FORMAT: Final = "--format=%P%n%ct%n%aN%n%aE"


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit: its parents, when it was committed (UTC seconds), and who wrote it, by the repository's `.mailmap`."""

    id: str
    parents: tuple[str, ...]
    when: int
    author: str
    email: str


@dataclass(slots=True)
class MainLine:
    """The main line, oldest first."""

    repository: Repository
    commits: Sequence[Commit]
    _sides: dict[int, list[Commit]] = field(default_factory=dict)
    _loaded_from: int | None = None

    def event(self, index: int, by: Commit | None) -> Event:
        """Return the event of a change that `by` made and the commit at `index` brought; None: nobody knows who."""
        commit = by or self.commits[index]
        return Event(commit.id, self.commits[index].when, by.author if by else "", by.email if by else "")

    def event_by(self, index: int, maker: tuple[str, str, str] | None) -> Event:
        """Return the same for one who is known by commit, author and email alone."""
        name, author, email = maker or (self.commits[index].id, "", "")
        return Event(name, self.commits[index].when, author, email)

    def sides(self, index: int) -> Sequence[Commit]:
        """Return the commits that the commit at `index` brought with it, children before parents; none for no merge."""
        if len(self.commits[index].parents) < 2:
            return ()
        if self._loaded_from is None or self._loaded_from > index:
            self._load_sides(index)
        return self._sides.get(index, ())

    def load_sides(self, indexes: Sequence[int]) -> None:
        """Read at once what the commits at `indexes` brought, so that `sides` need not ask for each."""
        if indexes:
            self._load_sides(min(indexes))

    def _load_sides(self, start: int) -> None:
        below = [f"^{parent}" for parent in self.commits[start].parents[:1]]
        known = _commits(self.repository, ["--topo-order", self.commits[-1].id, *below])
        taken = {commit.id for commit in self.commits[start:]}
        self._sides.clear()
        self._loaded_from = start
        order = {name: place for place, name in enumerate(known)}
        for index in range(start, len(self.commits)):
            brought: list[Commit] = []
            waiting = list(self.commits[index].parents[1:])
            while waiting:
                name = waiting.pop()
                if name in taken or name not in known:
                    continue
                taken.add(name)
                brought.append(known[name])
                waiting += known[name].parents
            if brought:
                self._sides[index] = sorted(brought, key=lambda commit: order[commit.id])


class Checkout:
    """The repository that holds the project at `root`, and its main line; git is asked once, when somebody wants them.

    `repository` is a sentence where there is none; `line` raises GitError.
    """

    def __init__(self, root: Path) -> None:
        self._root = root

    @cached_property
    def repository(self) -> Repository | str:
        """The repository, or why there is none to ask."""
        return open_repository(self._root)

    @cached_property
    def line(self) -> MainLine:
        """The main line up to the commit that is checked out."""
        assert not isinstance(self.repository, str)
        return main_line(self.repository)


def main_line(repository: Repository, head: str = "") -> MainLine:
    """Return the main line up to a commit, by default the one that is checked out; raises GitError."""
    found = _commits(repository, ["--first-parent", head or repository.head])
    return MainLine(repository, list(found.values())[::-1])


def commit_at(repository: Repository, name: str) -> Commit:
    """Return one commit by its id; raises GitError."""
    return next(iter(_commits(repository, ["--max-count=1", name]).values()))


def _commits(repository: Repository, arguments: Sequence[str]) -> Mapping[str, Commit]:
    """Return the commits that `git rev-list` lists, by their id, in its order."""
    out = repository.run("rev-list", "--encoding=UTF-8", _FORMAT, *arguments, "--").decode("utf-8", "replace")
    lines = out.split("\n")
    found = {}
    for at in range(0, len(lines) - 4, 5):
        name = lines[at].removeprefix("commit ")
        when = lines[at + 2]
        found[name] = Commit(
            name,
            tuple(lines[at + 1].split()),
            int(when) if when.lstrip("-").isdigit() else 0,
            lines[at + 3],
            lines[at + 4],
        )
    return found
