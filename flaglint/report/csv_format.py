"""The report as CSV, a line per flag, for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from flaglint.letters import in_a_cell

if TYPE_CHECKING:
    from flaglint.report.debt import FlagDebt, Report

_COLUMNS = (
    "rank", "key", "owner", "owner_source", "type", "state", "permanent", "created", "age_days", "lifetime_days",
    "expires", "overdue_days", "due", "reads", "files", "tests", "texts", "statements", "branches", "needs",
    "needed_by", "last_evaluated", "readiness", "reasons", "difficulty", "benefit", "effort", "score", "command",
)  # fmt: skip


def render(report: Report) -> str:
    """Return the flags by rank, with a line of column names; lines end in CRLF as RFC 4180 says."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_COLUMNS)
    for flag in report.flags:
        row = _row(flag)
        assert len(row) == len(_COLUMNS)
        writer.writerow([in_a_cell(value) if isinstance(value, str) else value for value in row])
    return out.getvalue()


def _row(flag: FlagDebt) -> list[object]:
    code = flag.code
    return [
        flag.rank,
        flag.key,
        flag.owner,
        flag.owner_source,
        flag.type,
        str(flag.state),
        flag.permanent,
        flag.created,
        flag.age,
        flag.lifetime or None,
        flag.expires,
        flag.overdue,
        "; ".join(item.sentence for item in flag.due),
        flag.reads,
        len(flag.files),
        len(flag.tests),
        len(flag.texts),
        code.statements if code is not None else None,
        code.branches if code is not None else None,
        " ".join(flag.needs),
        " ".join(flag.needed_by),
        flag.last_evaluated,
        flag.readiness.level,
        "; ".join(flag.readiness.reasons),
        flag.difficulty,
        round(sum(term.points for term in flag.benefit), 2),
        round(flag.effort_points, 2),
        flag.score,
        flag.command,
    ]
