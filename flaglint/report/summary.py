"""What a team lead wants first: the flags to remove, the flags to decide on, and one line that says how it stands."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from flaglint.records import replace
from flaglint.report.score import count

if TYPE_CHECKING:
    from collections.abc import Collection

    from flaglint.report.debt import Comparison, FlagDebt, Moved, Report

# What is said of one flag, and of several, by how ready they are to go.
_SAID = {
    "safe": ("can be removed as it is", "can be removed as they are"),
    "caution": ("needs a second look", "need a second look"),
    "blocked": ("waits for a decision", "wait for a decision"),
}


def remove_first(report: Report, top: int) -> tuple[FlagDebt, ...]:
    """Return the flags that are due and can go, best first; those whose removal was not planned come last."""
    found = [flag for flag in report.flags if flag.is_temporary and flag.due and flag.readiness.level != "blocked"]
    return tuple(sorted(found, key=lambda flag: (not flag.is_planned, flag.rank)))[:top]


def decide_first(report: Report, top: int) -> tuple[FlagDebt, ...]:
    """Return the flags that are due and cannot go before somebody decides, most overdue first."""
    found = [flag for flag in report.flags if flag.is_temporary and flag.due and flag.readiness.level == "blocked"]
    return tuple(sorted(found, key=lambda flag: (-flag.overdue, flag.rank)))[:top]


def headline(report: Report) -> str:
    """Return how it stands in one sentence or two."""
    temporary = [flag for flag in report.flags if flag.is_temporary]
    due = [flag for flag in temporary if flag.due]
    if not report.flags:
        return "There are no flags."
    if not temporary:
        return "There are no temporary flags."
    if not due and len(temporary) == 1:
        return "The only temporary flag does not have to go yet."
    if not due:
        return f"None of {count(len(temporary), 'temporary flag')} has to go now."
    levels = Counter[str](flag.readiness.level for flag in due)
    told = [f"{levels[level]} {_SAID[level][levels[level] > 1]}" for level in _SAID if levels[level]]
    return f"{len(due)} of {count(len(temporary), 'temporary flag')} should go: {_joined(told)}."


def _joined(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"


def net_change(moved: Comparison) -> str:
    """Return the net change in words: `12 flags, 14 before: 2 fewer`."""
    change = "as many" if not moved.net else f"{abs(moved.net)} {'more' if moved.net > 0 else 'fewer'}"
    return f"{count(moved.after, 'flag')}, {moved.before} before: {change}"


def narrowed(report: Report, owners: Collection[str]) -> Report:
    """Return the part of a report that is about the flags of some owners; an empty name stands for nobody."""
    keys = {flag.key for flag in report.flags if flag.owner in owners}
    groups = (tuple(key for key in group if key in keys) for group in report.order)
    return replace(
        report,
        flags=tuple(flag for flag in report.flags if flag.key in keys),
        owners=tuple(row for row in report.owners if row.owner in owners),
        order=tuple(group for group in groups if group),
        budgets=tuple(item for item in report.budgets if item.owner in owners),
        cycles=tuple(circle for circle in report.cycles if not keys.isdisjoint(circle)),
    )


def moves(moved: Comparison) -> tuple[tuple[str, str, tuple[Moved, ...]], ...]:
    """Return the lists of a comparison that are not empty, with their names and what they mean."""
    lists = (
        ("new", "not there before", moved.new),
        ("cleaned", "gone from registry and code", moved.cleaned),
        ("overdue", "past their time since then", moved.overdue),
        ("worse", "more reads, newly due, or harder to remove", moved.worse),
        ("better", "fewer reads, or easier to remove", moved.better),
    )
    return tuple(item for item in lists if item[2])
