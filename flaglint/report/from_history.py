"""What git tells of flags, put into the words of a report: days, authors, and the weeks of the past year."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.history import Checkout, FlagHistory, LineAuthors, ReadHistory, read_history, registry_history
from flaglint.report.debt import Point, State
from flaglint.report.past import FlagPast, Past

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flaglint.config import Settings
    from flaglint.history import History

_STATES = {
    "on": State.ROLLED_OUT,
    "off": State.OFF,
    "killed": State.KILLED,
    "varies": State.IN_ROLLOUT,
    "unknown": State.UNKNOWN,
    "permanent": State.PERMANENT,
}


def past_of(settings: Settings, keys: Iterable[str], now: float, *, cache: bool = True) -> Past:
    """Return what git tells of the flags `keys` as of `now` (UTC seconds); where it cannot, the notes say why."""
    folder = settings.root / settings.cache_dir if cache else None
    checkout = Checkout(settings.root)
    history = registry_history(settings, cache=folder, now=now, checkout=checkout)
    reads = read_history(settings, keys, cache=folder, now=now, checkout=checkout) if history.known else {}
    unknown, unread = FlagHistory(""), ReadHistory()
    known = history.flags.keys() | reads.keys()
    authors = LineAuthors(checkout)
    return Past(
        flags={key: _flag(history.flags.get(key, unknown), reads.get(key, unread)) for key in known},
        trend=_trend(history),
        last_authors=lambda lines: tuple(author.name or author.email for author in authors.of(lines)),
        ask_authors=authors.ask,
        notes=history.gaps,
        head=history.head,
    )


def _flag(flag: FlagHistory, reads: ReadHistory) -> FlagPast:
    changed = flag.served_changed or flag.changed
    return FlagPast(
        added=flag.added.day if flag.added is not None else None,
        added_by=flag.added.author if flag.added is not None else "",
        changed=changed.day if changed is not None else None,
        constant_since={name: day for name, day in flag.constant_since.items() if day is not None},
        first_read=reads.first.day if reads.first is not None else None,
        last_read_gone=reads.last_gone.day if reads.last_gone is not None else None,
    )


def _trend(history: History) -> tuple[Point, ...]:
    return tuple(
        Point(week.day, tuple((_STATES[name], number) for name, number in week.states.items() if name in _STATES))
        for week in history.weeks
    )
