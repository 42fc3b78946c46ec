"""What is known of a flag's past: plain data, with UTC seconds and calendar days in UTC."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Event:
    """A commit that changed something, and when that reached the main line.

    `commit` and `author` are those of the commit that made the change, also when a merge brought it; `when` is the
    committer's time, in UTC seconds, of the commit of the main line that has it first. The author is empty where the
    commits behind a merge are not at hand.
    """

    commit: str
    when: int
    author: str
    email: str

    @property
    def day(self) -> date:
        """The UTC day on which the change reached the main line."""
        return datetime.fromtimestamp(self.when, UTC).date()


@dataclass(frozen=True, slots=True)
class Killed:
    """A time during which a flag was killed. `environment` is empty for all of them.

    `at` is None when it was killed before anything is known of it; `until` is None while it is killed.
    """

    environment: str
    at: Event | None
    until: Event | None = None


@dataclass(frozen=True, slots=True)
class FlagHistory:
    """The past of one flag in the registry.

    `added` is None when the flag is older than what is known. `changed` is the last change of its definition other
    than a reformat, a comment, a move, or an addition; `served_changed` the last one of what it serves (rules,
    variants, kills, prerequisites). `constant_since` has the environments in which it serves one value now, each with
    the day since when, or None when that was so before anything is known. `removed` is None while it is defined.
    """

    key: str
    added: Event | None = None
    changed: Event | None = None
    served_changed: Event | None = None
    constant_since: Mapping[str, date | None] = field(default_factory=dict)
    kills: tuple[Killed, ...] = ()
    removed: Event | None = None


STATES = ("varies", "on", "off", "killed", "permanent", "unknown")


@dataclass(frozen=True, slots=True)
class Week:
    """How many flags there were at the end of a week (00:00 UTC of `day`), by state, and what the week brought.

    States are `STATES`: `on` and `off` serve one value in every critical environment, the off variant or another;
    `permanent` are meant to stay, whatever they serve. `added` and `removed` count the seven days before.
    """

    day: date
    states: Mapping[str, int]
    added: int = 0
    removed: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """The past of a project's flags, as far as it is known.

    `known` is False when there is none at all. `gaps` says in sentences what is unknown and why. `since` is the UTC
    second before which nothing is known, 0 when everything is. `head` is the commit that it was read from.
    """

    known: bool
    gaps: tuple[str, ...] = ()
    flags: Mapping[str, FlagHistory] = field(default_factory=dict)
    head: str = ""
    since: int = 0
    weeks: tuple[Week, ...] = ()


@dataclass(frozen=True, slots=True)
class ReadHistory:
    """When a key was first spelled in the code, and when the last place that spelled it went.

    `first` is None when that was before what is known, or when the key was never spelled; `last_gone` is None while
    it is still spelled.
    """

    first: Event | None = None
    last_gone: Event | None = None


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote lines, how many of those asked about, and the UTC seconds of the last of them."""

    name: str
    email: str
    lines: int
    when: int
