"""The steps of an explanation, and how they show values and times."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that was looked at: what, whether it holds (None where it is no question), and what was found."""

    label: str  # kill, needs, rule 1, segment staff, if, off; empty for a further line of the same
    text: str
    holds: bool | None = None
    found: str = ""


def value_text(value: Any) -> str:
    """Return a value of a context as JSON."""
    return json.dumps(value, ensure_ascii=False, default=str)


def moment_text(seconds: float) -> str:
    """Return UTC seconds as `2026-10-01T00:00:00Z`; as a number where no calendar reaches."""
    try:
        return datetime.fromtimestamp(int(seconds), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (OverflowError, ValueError, OSError):
        return str(seconds)
