"""From the timeline of a registry to what is said of each flag: added, changed, killed, constant since, removed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import pairwise
from typing import TYPE_CHECKING

from flaglint.history.events import FlagHistory, History, Killed
from flaglint.history.trend import weeks_of
from flaglint.records import dataclass
from flaglint.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from flaglint.history.commits import MainLine
    from flaglint.history.events import Event
    from flaglint.history.settled import Settled
    from flaglint.history.timeline import Entry, Timeline
    from flaglint.history.walk import Version


@dataclass(frozen=True, slots=True)
class Past:
    """What a walk over the registry found: the timeline, where it ends, and the commits that could not be read."""

    timeline: Timeline
    critical: tuple[str, ...]
    last: Version | None
    unread: tuple[str, ...] = ()


def history_of(past: Past, line: MainLine, environments: Sequence[str], now: float) -> History:
    """Return the history that a walk over the whole main line makes; `environments` are critical, or none for those
    that the registry itself calls so.
    """
    first = line.commits[0]
    since = first.when if first.id in line.repository.shallow else 0
    today = _day(now)
    lives = {key: _life(key, past.timeline) for key in past.timeline}
    flags = {key: _flag_history(key, entries, today) for key, entries in sorted(lives.items()) if not entries[-1].later}
    weeks = weeks_of(
        {key: past.timeline[key] for key in past.timeline},
        tuple(environments) or past.critical,
        line,
        now,
    )
    return History(
        known=True,
        gaps=tuple(_gaps(past, since)),
        flags=flags,
        head=line.repository.head,
        since=since,
        weeks=weeks,
    )


def _gaps(past: Past, since: int) -> list[str]:
    gaps = []
    if since:
        gaps.append(f"the clone is shallow: nothing is known before {_day(since).isoformat()}")
    if not past.timeline:
        gaps.append("no commit holds the registry, so nothing is known of its past")
    if past.unread:
        count = len(past.unread)
        gaps.append(
            f"{counted(count, 'version')} of the registry cannot be read, the last in commit"
            f" {past.unread[-1][:12]}: what changed there counts from the next one"
        )
    return gaps


def _life(key: str, timeline: Timeline) -> list[Entry]:
    """Return the entries of a key since it was last added, those under its former keys included."""
    entries = timeline[key]
    gone = [place for place, entry in enumerate(entries[:-1]) if entry.meaning is None]
    own = entries[gone[-1] + 1 :] if gone else entries
    if not own[0].former:
        return own
    before = [entry for entry in timeline[own[0].former] if entry.index <= own[0].index]
    while before and before[-1].meaning is None:
        before.pop()
    if not before:
        return own
    # the former key may have been added, removed and added again, or have been renamed itself
    return [*_life(own[0].former, {**timeline, own[0].former: before}), *own]


def _flag_history(key: str, entries: Sequence[Entry], today: date) -> FlagHistory:
    changed = served = None
    for before, after in pairwise(entries):
        if before.meaning is None or after.meaning is None:
            continue
        if before.meaning.whole != after.meaning.whole:
            changed = after.event
        if before.meaning.served != after.meaning.served:
            served = after.event
    is_gone = entries[-1].meaning is None
    return FlagHistory(
        key,
        added=entries[0].event,
        changed=changed,
        served_changed=served,
        constant_since={} if is_gone else _constant_since(entries, today),
        kills=_kills(entries),
        removed=entries[-1].event if is_gone else None,
    )


def _kills(entries: Sequence[Entry]) -> tuple[Killed, ...]:
    found: list[Killed] = []
    open_kills: dict[str, Event | None] = {}
    for entry in entries:
        kills = entry.meaning.kills if entry.meaning is not None else frozenset()
        ended = sorted(open_kills.keys() - kills)
        found += [Killed(name, open_kills.pop(name), entry.event) for name in ended]
        for name in sorted(kills - open_kills.keys()):
            open_kills[name] = entry.event
    found += [Killed(name, at) for name, at in sorted(open_kills.items())]
    return tuple(found)


def _constant_since(entries: Sequence[Entry], today: date) -> Mapping[str, date | None]:
    found = {}
    for name, last in entries[-1].settled.items():
        if last.kind in {"constant", "default"} and (not last.since or date.fromordinal(last.since) <= today):
            found[name] = _since(name, entries)
    return found


def _since(name: str, entries: Sequence[Entry]) -> date | None:
    """Return since when one environment has served what it serves now; None when that began before what is known.

    Goes back while the value is the same: a version counts from the commit that brought it, or from the later day that
    its own rules name, if that day came while it was in force.
    """
    last = entries[-1].settled[name]
    first = len(entries) - 1
    while first > 0:
        later, before = entries[first], entries[first - 1].settled.get(name)
        began = _named(entries[first].settled[name])
        if before is None or not _is_same(before, last) or (began and began > _day_of(later)):
            break
        due = _named(before)
        if due and due > _day_of(later):
            break
        first -= 1
    entry = entries[first]
    settled = entry.settled[name]
    named = _named(settled)
    if entry.event is None:
        return named
    if named is not None and (settled.stated or named > entry.event.day):
        return named
    return entry.event.day


def _is_same(before: Settled, last: Settled) -> bool:
    return (before.kind, before.value) == (last.kind, last.value)


def _named(settled: Settled) -> date | None:
    return date.fromordinal(settled.since) if settled.since else None


def _day_of(entry: Entry) -> date:
    return entry.event.day if entry.event is not None else date.min


def _day(moment: float) -> date:
    return datetime.fromtimestamp(moment, UTC).date()
