"""How flags moved since an earlier report: new, cleaned, overdue, worse, better, and the net change."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flaglint.errors import UsageError
from flaglint.records import dataclass
from flaglint.report.debt import Comparison, Moved
from flaglint.report.score import count, days

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from flaglint.report.debt import FlagDebt, Report

VERSION = 1
_LEVELS = ("safe", "caution", "blocked")


@dataclass(frozen=True, slots=True)
class Before:
    """What a comparison needs of one flag as it was."""

    owner: str
    overdue: int
    is_due: bool
    reads: int
    level: str  # empty where no removal was planned
    temporary: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier report: when it was made, and its flags by key."""

    since: str
    flags: Mapping[str, Before]


def earlier(report: Report, since: str, now: Report) -> Earlier:
    """Return what a comparison needs of a report of the past; `since` is how it is named.

    Who owned code at that time is not asked for: where the registry did not tell, a flag has the owner that it has
    `now`.
    """
    owners = {flag.key: flag.owner for flag in now.flags}
    return Earlier(since, {flag.key: _before(flag, owners) for flag in report.flags})


def _before(flag: FlagDebt, owners: Mapping[str, str]) -> Before:
    level = _told(flag)
    owner = flag.owner if flag.owner_source == "registry" else owners.get(flag.key, flag.owner)
    return Before(owner, flag.overdue, bool(flag.due), flag.reads, level, flag.is_temporary)


def read_earlier(path: Path) -> Earlier:
    """Return what `flaglint report --format json` wrote; raises UsageError, with the line, for anything else."""
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise UsageError(
            f"the earlier report cannot be read: {reason}",
            path=str(path),
            help="flaglint report --format json writes one; --since takes a revision, too",
        ) from error
    except json.JSONDecodeError as error:
        raise UsageError(
            f"not valid JSON: {error.msg.lower()}",
            path=str(path),
            line=error.lineno,
            column=error.colno,
            help="flaglint report --format json writes one",
        ) from error
    except (ValueError, RecursionError) as error:
        raise UsageError("not valid JSON", path=str(path), help="flaglint report --format json writes one") from error
    return _parsed(data, path)


def _parsed(data: Any, path: Path) -> Earlier:
    wrong = UsageError(
        "it is no report", path=str(path), help="flaglint report --format json -o report.json writes one"
    )
    if not isinstance(data, dict) or not isinstance(data.get("flags"), list):
        raise wrong
    if data.get("version") != VERSION:
        raise UsageError(
            f"a report of version {data.get('version')}, and this flaglint reads {VERSION}", path=str(path)
        )
    try:
        flags = {
            str(item["key"]): Before(
                owner=str(item["owner"]["name"] or ""),
                overdue=int(item["overdue_days"]),
                is_due=bool(item["due"]),
                reads=int(item["reads"]),
                level=str(item["readiness"]["level"]) if item["readiness"]["planned"] else "",
                temporary=item["permanent"] is None,
            )
            for item in data["flags"]
        }
        revision = f" ({data['revision'][:12]})" if data.get("revision") else ""
        return Earlier(f"{data['date']}{revision}", flags)
    except (KeyError, TypeError, ValueError, AttributeError, OverflowError) as error:
        raise wrong from error


def compare(report: Report, before: Earlier) -> Comparison:
    """Return how the flags of a report moved since an earlier one; each list by rank, what is gone by key."""
    now = {flag.key: flag for flag in report.flags}
    known = before.flags
    return Comparison(
        since=before.since,
        before=len(known),
        after=len(now),
        new=tuple(Moved(flag.key, flag.owner, _introduction(flag)) for key, flag in now.items() if key not in known),
        cleaned=tuple(
            Moved(key, flag.owner, f"it had {count(flag.reads, 'read')}")
            for key, flag in sorted(known.items())
            if key not in now
        ),
        overdue=tuple(
            Moved(key, flag.owner, f"{days(flag.overdue)} past its time")
            for key, flag in now.items()
            if flag.overdue and not (known[key].overdue if key in known else 0)
        ),
        worse=tuple(_moved(now, known, _worse)),
        better=tuple(_moved(now, known, _better)),
        due_before=sum(flag.is_due and flag.temporary for flag in known.values()),
        due_after=sum(bool(flag.due) and flag.is_temporary for flag in now.values()),
        reads_before=sum(flag.reads for flag in known.values()),
        reads_after=sum(flag.reads for flag in now.values()),
    )


def _introduction(flag: FlagDebt) -> str:
    who = f" by {flag.created_by}" if flag.created_by else ""
    when = f"created {flag.created}{who}" if flag.created else "without a day of creation"
    limit = f", expires {flag.expires}" if flag.expires else ""
    return "read, but not registered" if not flag.registered else f"{when}{limit}"


def _moved(now: Mapping[str, FlagDebt], known: Mapping[str, Before], judge: Any) -> Iterator[Moved]:
    for key, flag in now.items():
        if key in known and (facts := list(judge(flag, known[key]))):
            yield Moved(key, flag.owner, "; ".join(facts))


def _worse(flag: FlagDebt, before: Before) -> Iterable[str]:
    if flag.reads > before.reads:
        yield f"{flag.reads} reads, {before.reads} before"
    if flag.is_temporary and flag.due and not before.is_due and not flag.overdue:
        yield flag.due[0].sentence
    if flag.is_temporary and _steps(flag, before) > 0:
        yield f"{flag.readiness.level} to remove, {before.level} before"


def _better(flag: FlagDebt, before: Before) -> Iterable[str]:
    if flag.reads < before.reads:
        yield f"{flag.reads} reads, {before.reads} before"
    if flag.is_temporary and _steps(flag, before) < 0:
        yield f"{flag.readiness.level} to remove, {before.level} before"
    if before.overdue and not flag.overdue and flag.is_temporary:
        yield f"no longer overdue{f': expires {flag.expires}' if flag.expires else ''}"


def _told(flag: FlagDebt) -> str:
    return flag.readiness.level if flag.is_planned else ""


def _steps(flag: FlagDebt, before: Before) -> int:
    """Return how much harder the removal is, from safe over caution to blocked; 0 where one of them is not planned."""
    if before.level not in _LEVELS or not flag.is_planned:
        return 0
    return _LEVELS.index(flag.readiness.level) - _LEVELS.index(before.level)
