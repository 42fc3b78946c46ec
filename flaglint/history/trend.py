"""How many flags there were, week by week over a year, by what they served then."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING, Final

from flaglint.history.events import STATES, Week

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flaglint.history.commits import MainLine
    from flaglint.history.timeline import Entry

_WEEKS: Final = 53  # a year of weeks, and the day from which the first of them counts


def weeks_of(
    timeline: Mapping[str, Sequence[Entry]], critical: Sequence[str], line: MainLine, now: float
) -> tuple[Week, ...]:
    """Return the weeks of the year that ends on the day of `now` (UTC seconds), none before the main line is known."""
    today = datetime.fromtimestamp(now, UTC).date()
    first = datetime.fromtimestamp(line.commits[0].when, UTC).date()
    days = [today - timedelta(days=7 * back) for back in range(_WEEKS - 1, -1, -1)]
    times = {index: commit.when for index, commit in enumerate(line.commits)}
    return tuple(_week(day, timeline, critical, times) for day in days if day >= first)


def _week(
    day: date, timeline: Mapping[str, Sequence[Entry]], critical: Sequence[str], times: Mapping[int, int]
) -> Week:
    end = datetime.combine(day + timedelta(days=1), datetime.min.time(), UTC).timestamp()
    begin = end - timedelta(days=7).total_seconds()
    states: Counter[str] = Counter()
    added = removed = 0
    for entries in timeline.values():
        past = [entry for entry in entries if times[entry.index] < end]
        if past and past[-1].meaning is not None:
            states[_state(past[-1], critical, day)] += 1
        for before, entry in zip((None, *past), past, strict=False):
            if times[entry.index] < begin or entry.event is None:
                continue
            was_there = before is not None and before.meaning is not None
            added += entry.meaning is not None and not was_there and not entry.former
            removed += entry.meaning is None and was_there and not entry.later
    return Week(day, {state: states[state] for state in STATES}, added, removed)


def _state(entry: Entry, critical: Sequence[str], day: date) -> str:
    assert entry.meaning is not None
    if entry.meaning.permanent:
        return "permanent"
    if "" in entry.meaning.kills or (critical and entry.meaning.kills.issuperset(critical)):
        return "killed"
    settled = [entry.settled[name] for name in critical if name in entry.settled]
    if not settled or any(one.kind == "unknown" for one in settled):
        return "unknown"
    is_constant = all(one.kind != "varies" and (not one.since or date.fromordinal(one.since) <= day) for one in settled)
    outcomes = {one.is_off for one in settled}
    if not is_constant or len(outcomes) > 1:
        return "varies"
    return "off" if outcomes == {True} else "on"
