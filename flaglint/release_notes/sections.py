"""Release notes in the order in which people read them: by environment, then by owner, then by what happened."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from flaglint.records import dataclass, replace
from flaglint.release_notes.changes import KINDS, TITLES, ReleaseNotes

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from flaglint.release_notes.changes import Change

EVERYWHERE: Final = "All environments"
NOBODY: Final = "Without an owner"
_WEB: Final = re.compile(r"https?://\S+\Z")
_ANNOUNCEMENTS: Final = ("release_note", "release-note", "announcement", "docs")
_COUNTED: Final = {
    "new": "new", "released": "released to everyone", "rollout": "rolled out further",
    "audience": "with another audience", "served": "with another value", "scheduled": "scheduled", "killed": "killed",
    "revived": "revived", "rolled-back": "rolled back", "interrupted": "changed and changed back", "removed": "removed",
    "renamed": "renamed", "value": "with other values", "details": "with other details",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Link:
    """A text and where it leads, empty for nowhere."""

    text: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class OwnerSection:
    """The changes of one owner's flags in one environment."""

    owner: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True)
class Section:
    """The changes in one environment, or in all of them."""

    title: str
    owners: tuple[OwnerSection, ...]


def chosen(notes: ReleaseNotes, environments: Collection[str], owners: Collection[str]) -> ReleaseNotes:
    """Return the notes of some environments and owners only; an empty choice is all."""

    def is_wanted(names: Sequence[str], owner: str) -> bool:
        here = not environments or not names or not set(names).isdisjoint(environments)
        return here and (not owners or owner in owners)

    def cut(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(name for name in names if not environments or name in environments)

    return replace(
        notes,
        environments=cut(notes.environments),
        changes=tuple(
            replace(one, environments=cut(one.environments))
            for one in notes.changes
            if is_wanted(one.environments, one.owner)
        ),
        moves=tuple(
            replace(one, environments=cut(one.environments))
            for one in notes.moves
            if is_wanted(one.environments, one.owner)
        ),
    )


def sections(notes: ReleaseNotes) -> list[Section]:
    """Return the changes that hold everywhere, then those of each environment."""
    found = []
    for name in ("", *notes.environments):
        changes = [one for one in notes.changes if (name in one.environments if name else not one.environments)]
        if not changes:
            continue
        owners = sorted({one.owner for one in changes}, key=lambda owner: (not owner, owner))
        by_owner = (
            OwnerSection(owner or NOBODY, tuple(sorted((c for c in changes if c.owner == owner), key=_rank)))
            for owner in owners
        )
        found.append(Section(name or EVERYWHERE, tuple(by_owner)))
    return found


def _rank(change: Change) -> tuple[int, str]:
    return KINDS.index(change.kind), change.key


def title_of(change: Change) -> str:
    """Return what happened, as a heading."""
    return TITLES[change.kind]


def counted(notes: ReleaseNotes) -> str:
    """Return how many flags each thing happened to, in a sentence."""
    counts = Counter(kind for kind, _ in {(one.kind, one.key) for one in notes.changes})
    said = [f"{counts[kind]} {_COUNTED[kind]}" for kind in KINDS if counts[kind]]
    return ", ".join(said) if said else "no flag changed"


def announcement(change: Change) -> Link | None:
    """Return the release note of a flag, with the link to more of it where there is one."""
    if not change.release_note:
        return None
    links = dict(change.links)
    url = next((links[name] for name in _ANNOUNCEMENTS if _WEB.match(links.get(name, ""))), "")
    return Link(change.release_note, url)


def issue_links(change: Change, issue_url: str) -> list[Link]:
    """Return the other links of a flag; one that is no address is an issue, found at `issue_url` in place of `{}`."""
    found = []
    for name, value in change.links:
        if name in _ANNOUNCEMENTS and change.release_note and _WEB.match(value):
            continue
        if _WEB.match(value):
            last = value.split("?")[0].rstrip("/").rsplit("/", 1)[-1]
            found.append(Link(f"#{last}" if last.isdigit() else last if name == "issue" else name, value))
        else:
            found.append(Link(value, issue_url.replace("{}", quote(value, safe="")) if issue_url else ""))
    return found


def when(change: Change) -> str:
    """Return the day of a change; empty where nobody knows, as for what is not committed."""
    day = change.event.day if change.event is not None else change.day
    return day.isoformat() if day is not None else ""


def by_way_of(change: Change) -> str:
    """Return what an environment went through on the way, for a change of several steps."""
    if len(change.steps) < 2 or change.kind == "interrupted":
        return ""
    return ", ".join(f"{step.label} on {step.event.day}" for step in change.steps[:-1])
