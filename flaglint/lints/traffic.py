"""What services recorded of evaluations, as evidence for the rules: which flags are quiet, and which are not."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from flaglint.records import dataclass

if TYPE_CHECKING:
    from flaglint.config import Settings
    from flaglint.evaluator.usage import Usage

_DAY = 86_400


@dataclass(frozen=True, slots=True)
class Traffic:
    """The recorded evaluations as of `now` (UTC seconds), of which the last `days` count."""

    usage: Usage
    now: float
    days: int

    @property
    def is_current(self) -> bool:
        """Whether the records reach into the days that count; older ones say nothing about today."""
        until = self.usage.until
        return until is not None and until >= self.now - self.days * _DAY

    def evaluated(self, key: str) -> date | None:
        """Return the day on which the flag was evaluated last, if that is one of the days that count."""
        last = self.usage.last_evaluated(key)
        return _day(last) if last is not None and last > self.now - self.days * _DAY else None

    def silence(self, key: str) -> str:
        """Return since when the flag is not evaluated, in words: `; not evaluated since 2026-10-01`.

        Empty where it was evaluated in the days that count, and where the records have a hole, or do not cover them.
        """
        begins, until = self.usage.unbroken_since, self.usage.until
        if begins is None or until is None or not self.is_current or self.evaluated(key) is not None:
            return ""
        last = self.usage.last_evaluated(key)
        if until - max(begins, last or begins) < self.days * _DAY:
            return ""
        if last is None or last < begins:
            return f"; not evaluated since recording began on {_day(begins)}"
        return f"; not evaluated since {_day(last)}"


def read_traffic(settings: Settings, now: float) -> tuple[Traffic | None, tuple[str, ...]]:
    """Return what is recorded in the places that `usage` names, or None, and notes on what cannot be evidence.

    `now` is in UTC seconds. Without the setting nothing is read, and nothing is noted.
    """
    if not settings.usage or not settings.unused_days:
        return None, ()
    from flaglint.evaluator.usage import read_usage

    usage = read_usage(*(settings.root / place for place in settings.usage))
    notes = [f"{name} is no usage file: it was not read" for name in usage.skipped]
    traffic = Traffic(usage, now, settings.unused_days)
    if usage.until is None:
        notes.append(f"no usage was recorded in {', '.join(settings.usage)}")
    elif not traffic.is_current:
        notes.append(f"the recorded usage ends on {_day(usage.until)}: too long ago to tell what is still evaluated")
    return traffic, tuple(notes)


def _day(seconds: float) -> date:
    return datetime.fromtimestamp(seconds, UTC).date()
