"""Days from the timestamps of vendors' exports: milliseconds since the epoch, or ISO 8601."""

from __future__ import annotations

from datetime import UTC, date, datetime

_LATEST = 253_402_300_799_000  # the last millisecond of the year 9999


def day_of(value: object) -> date | None:
    """Return the UTC day of milliseconds, or of a text such as `2026-08-01` and `2026-08-01T12:00:00.000Z`.

    None for anything else. A time without an offset is taken for UTC, as the exports mean it.
    """
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value <= _LATEST:
        return datetime.fromtimestamp(value / 1000, UTC).date()
    if isinstance(value, str):
        try:
            moment = datetime.fromisoformat(value.strip())
        except ValueError:
            return None
        try:
            return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
        except OverflowError:
            return None
    return None


def moment_of(value: object) -> float | None:
    """Return ISO 8601 as UTC seconds, or None for anything else; a time without an offset is taken for UTC."""
    if not isinstance(value, str):
        return None
    try:
        moment = datetime.fromisoformat(value.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
