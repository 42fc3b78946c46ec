"""What git tells of flags, put into the words of a report: days, authors, and the weeks of the past year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.history import registry_history
from flaglint.report.debt import Point, State
from flaglint.report.past import FlagPast, Past

if TYPE_CHECKING:
    from flaglint.config import Settings
    from flaglint.history import FlagHistory, History

_STATES = {
    "on": State.ROLLED_OUT,
    "off": State.OFF,
    "killed": State.KILLED,
    "varies": State.IN_ROLLOUT,
    "unknown": State.UNKNOWN,
    "permanent": State.PERMANENT,
}


def past_of(settings: Settings, now: float, *, cache: bool = True) -> Past:
    """Return what git tells of a project's flags as of `now` (UTC seconds); where it cannot, the notes say why."""
    folder = settings.root / settings.cache_dir if cache else None
    history = registry_history(settings, cache=folder, now=now)
    return Past(
        flags={key: _flag(flag) for key, flag in history.flags.items()},
        trend=_trend(history),
        notes=history.gaps,
        head=history.head,
    )


def _flag(flag: FlagHistory) -> FlagPast:
    changed = flag.served_changed or flag.changed
    return FlagPast(
        added=flag.added.day if flag.added is not None else None,
        added_by=flag.added.author if flag.added is not None else "",
        changed=changed.day if changed is not None else None,
        constant_since={name: day for name, day in flag.constant_since.items() if day is not None},
    )


def _trend(history: History) -> tuple[Point, ...]:
    return tuple(
        Point(week.day, tuple((_STATES[name], number) for name, number in week.states.items() if name in _STATES))
        for week in history.weeks
    )
