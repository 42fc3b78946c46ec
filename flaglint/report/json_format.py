"""The report as JSON, version 1; the schema is rules/schemas/report.schema.json."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flaglint.report.compare import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from flaglint.report.debt import Comparison, FlagDebt, Moved, OwnerDebt, Report, Term


def render(report: Report) -> str:
    """Return the whole document; days are ISO dates, what is not known is null."""
    return json.dumps(as_data(report), indent=1) + "\n"


def as_data(report: Report) -> dict[str, Any]:
    """Return the report as plain data."""
    return {
        "version": VERSION,
        "project": report.project,
        "date": report.day.isoformat(),
        "revision": report.revision or None,
        "flags": [_flag(flag) for flag in report.flags],
        "owners": [_owner(row) for row in report.owners],
        "removal_order": [list(group) for group in report.order],
        "cycles": [list(circle) for circle in report.cycles],
        "trend": [
            {"date": point.day.isoformat(), "states": {str(state): number for state, number in point.states}}
            for point in report.trend
        ],
        "since": _comparison(report.comparison) if report.comparison is not None else None,
        "over_budget": [{"owner": item.owner, "fact": item.sentence} for item in report.budgets],
        "notes": list(report.notes),
    }


def _flag(flag: FlagDebt) -> dict[str, Any]:
    return {
        "key": flag.key,
        "rank": flag.rank,
        "registered": flag.registered,
        "type": flag.type or None,
        "description": flag.description or None,
        "format": flag.format or None,
        "defined_at": list(flag.defined_at),
        "links": dict(flag.links),
        "owner": {"name": flag.owner or None, "source": flag.owner_source or None},
        "code_owners": list(flag.code_owners),
        "permanent": flag.permanent or None,
        "state": str(flag.state),
        "served": [
            {
                "environment": item.environment,
                "critical": item.critical,
                "verdict": item.words,
                "since": _day(item.since),
                "source": item.source or None,
            }
            for item in flag.served
        ],
        "created": {"date": _day(flag.created), "source": flag.created_source or None, "by": flag.created_by or None},
        "age_days": flag.age,
        "lifetime_days": flag.lifetime or None,
        "expires": _day(flag.expires),
        "overdue_days": flag.overdue,
        "due": [{"code": item.code, "reason": item.sentence} for item in flag.due],
        "reads": flag.reads,
        "references": dict(flag.kinds),
        "places": [
            {"path": item.path, "line": item.line, "kind": item.kind, "role": item.role or None} for item in flag.places
        ],
        "files": list(flag.files),
        "packages": list(flag.packages),
        "tests": list(flag.tests),
        "texts": list(flag.texts),
        "dynamic": list(flag.patterns),
        "nested": list(flag.nested),
        "needs": list(flag.needs),
        "needed_by": list(flag.needed_by),
        "code": None
        if flag.code is None
        else {
            "statements": flag.code.statements,
            "branches": flag.code.branches,
            "lines": flag.code.lines,
            "removable": flag.code.removable,
            "by_hand": flag.code.by_hand,
        },
        "last_change": _day(flag.last_change),
        "unread_since": _day(flag.unread_since),
        "last_evaluated": _day(flag.last_evaluated),
        "usage": flag.usage or None,
        "readiness": {
            "level": flag.readiness.level,
            "reasons": list(flag.readiness.reasons),
            "planned": flag.is_planned,
        },
        "difficulty": flag.difficulty,
        "score": flag.score,
        "benefit": _terms(flag.benefit),
        "effort": _terms(flag.effort),
        "command": flag.command,
    }


def _owner(row: OwnerDebt) -> dict[str, Any]:
    return {
        "owner": row.owner or None,
        "flags": row.flags,
        "temporary": row.temporary,
        "due": row.due,
        "overdue": row.overdue,
        "safe": row.safe,
        "caution": row.caution,
        "blocked": row.blocked,
        "statements": row.statements,
        "budget": row.budget,
        "over_budget": row.is_over_budget,
    }


def _comparison(moved: Comparison) -> dict[str, Any]:
    return {
        "since": moved.since,
        "before": moved.before,
        "after": moved.after,
        "net": moved.net,
        "due_before": moved.due_before,
        "due_after": moved.due_after,
        "reads_before": moved.reads_before,
        "reads_after": moved.reads_after,
        **{name: _moves(getattr(moved, name)) for name in ("new", "cleaned", "overdue", "worse", "better")},
    }


def _moves(moves: Iterable[Moved]) -> list[dict[str, Any]]:
    return [{"key": item.key, "owner": item.owner or None, "fact": item.fact} for item in moves]


def _terms(terms: Iterable[Term]) -> list[dict[str, Any]]:
    return [{"name": term.name, "points": term.points, "fact": term.fact} for term in terms]


def _day(day: date | None) -> str | None:
    return day.isoformat() if day is not None else None
