"""What release notes of flags are made of: plain data for the formats."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import dataclass

if TYPE_CHECKING:
    from datetime import date
    from fractions import Fraction

    from flaglint.history import Event

# What can have happened to a flag, in the order in which people want to read it.
KINDS = (
    "new", "released", "rollout", "audience", "served", "scheduled", "killed", "revived", "rolled-back", "interrupted",
    "removed", "renamed", "value", "details",
)  # fmt: skip
TITLES = {
    "new": "New",
    "released": "Released to everyone",
    "rollout": "Rolled out further",
    "audience": "Audience changed",
    "served": "Another value",
    "scheduled": "Scheduled",
    "killed": "Killed",
    "revived": "Revived",
    "rolled-back": "Rolled back",
    "interrupted": "Back where it was",
    "removed": "Removed",
    "renamed": "Renamed",
    "value": "Values changed",
    "details": "Details",
}


@dataclass(frozen=True, slots=True)
class Step:
    """What an environment served from one commit on."""

    event: Event
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What happened to one flag, in some environments (all of them: none is named).

    `event` is the commit that did it, None when it is not committed, or when time alone did it: then `day` tells when.
    `steps` are what it went through on the way.
    """

    kind: str
    key: str
    summary: str
    environments: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    title: str = ""
    owner: str = ""
    type: str = ""
    release_note: str = ""
    links: tuple[tuple[str, str], ...] = ()
    event: Event | None = None
    day: date | None = None
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Users who had a variant and get another one, more of them than the change of weights asks for.

    `rule` says whose split it is, in words. `transitions` are variants before and after, each with the share of the
    users of the split; `is_expected`: the hash itself changed, so the shares are those of many users.
    """

    key: str
    environments: tuple[str, ...]
    rule: str
    moved: Fraction
    needed: Fraction
    transitions: tuple[tuple[str, str, Fraction], ...]
    why: str
    help: str
    owner: str = ""
    is_expected: bool = False


@dataclass(frozen=True, slots=True)
class Point:
    """One end of the time that is told about: as it was asked for, its commit (empty for the work tree), its second."""

    revision: str
    commit: str
    when: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ReleaseNotes:
    """Everything that happened to flags between two points."""

    start: Point
    end: Point
    environments: tuple[str, ...]  # in the order in which they are told about
    changes: tuple[Change, ...]
    moves: tuple[Move, ...] = ()
    segments: tuple[str, ...] = ()  # sentences on segments that are others now
    gaps: tuple[str, ...] = ()
