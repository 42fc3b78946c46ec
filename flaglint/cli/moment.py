"""`--now`: the moment at which flags are judged, for runs that must say the same tomorrow."""

from __future__ import annotations

from datetime import UTC, datetime

import click


class Moment(click.ParamType[float]):
    """A day, which begins at midnight UTC, or a time with its offset; converted to UTC seconds since the epoch."""

    name = "time"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Return UTC seconds; fails for what is neither a day nor a time with an offset."""
        if isinstance(value, float):
            return value
        try:
            moment = datetime.fromisoformat(str(value))
        except ValueError:
            self.fail(f"'{value}' is no day or time, such as 2026-11-01 or 2026-11-01T09:00:00Z", param, ctx)
        if moment.tzinfo is None and len(str(value)) > len("2026-11-01"):
            self.fail(f"'{value}' needs an offset, such as {value}Z", param, ctx)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
