"""Whose a flag is: the owner in the registry, else of the code that reads it by CODEOWNERS, else its last authors."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from flaglint.report.debt import NOBODY, OverBudget, OwnerDebt

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from flaglint.definition import Flag
    from flaglint.model import Span
    from flaglint.report.codeowners import CodeOwners
    from flaglint.report.debt import FlagDebt
    from flaglint.report.past import Past


class Ownership(NamedTuple):
    """An owner, and who says so: `registry`, `CODEOWNERS` or `last authors`; both are empty when nobody does."""

    owner: str
    source: str


def owner_of(flags: Sequence[Flag], places: Sequence[Span], owners: CodeOwners, past: Past) -> Ownership:
    """Return the owner of a flag that is read at `places`."""
    written = next((flag.owner for flag in flags if flag.owner), "")
    if written:
        return Ownership(written, "registry")
    reads: Counter[str] = Counter()
    for place in places:
        reads.update(owners.owners(place.path)[:1])
    if not reads and owners.lines:  # nobody owns its readers, but perhaps somebody its definition
        reads.update(owner for flag in flags for owner in owners.owners(flag.key_span.path)[:1])
    if reads:
        return Ownership(min(reads, key=lambda owner: (-reads[owner], owner)), "CODEOWNERS")
    authors = past.last_authors(
        (span.path, span.start.line, max(span.start.line, span.end.line))
        for span in (places or [flag.span for flag in flags])
        if span.start.line > 0
    )
    return Ownership(authors[0], "last authors") if authors else Ownership(NOBODY, "")


def owners_of(paths: Iterable[str], owners: CodeOwners) -> tuple[str, ...]:
    """Return everybody who owns one of these files by CODEOWNERS, sorted."""
    return tuple(sorted({owner for path in paths for owner in owners.owners(path)}))


def debt_by_owner(flags: Iterable[FlagDebt], budgets: Mapping[str, int]) -> tuple[OwnerDebt, ...]:
    """Return the numbers of each owner, those with most to remove first and nobody last.

    `budgets` are by owner in any case of letters; `*` is for everybody without one.
    """
    by_owner: dict[str, list[FlagDebt]] = {}
    for flag in flags:
        by_owner.setdefault(flag.owner, []).append(flag)
    limits = {owner.lower(): limit for owner, limit in budgets.items()}
    rows = []
    for owner, own in by_owner.items():
        temporary = [flag for flag in own if flag.is_temporary]
        due = [flag for flag in temporary if flag.due]
        levels = Counter(flag.readiness.level for flag in due)
        limit = limits.get(owner.lower() or "nobody", limits.get("*"))
        rows.append(
            OwnerDebt(
                owner=owner,
                flags=len(own),
                temporary=len(temporary),
                due=len(due),
                overdue=sum(flag.overdue > 0 for flag in temporary),
                safe=levels["safe"],
                caution=levels["caution"],
                blocked=levels["blocked"],
                statements=sum(flag.code.statements for flag in due if flag.code is not None),
                budget=limit,
            )
        )
    return tuple(sorted(rows, key=lambda row: (row.owner == NOBODY, -row.due, -row.temporary, row.owner)))


def over_budget(rows: Iterable[OwnerDebt], budgets: Mapping[str, int]) -> tuple[OverBudget, ...]:
    """Return each budget that is exceeded: those of owners, and `all` for the whole project."""
    rows = tuple(rows)
    found = [
        OverBudget(row.owner, f"{row.owner or 'nobody'} has {_flags(row.temporary)}, {row.budget} allowed")
        for row in rows
        if row.is_over_budget
    ]
    total = sum(row.temporary for row in rows)
    if "all" in budgets and total > budgets["all"]:
        found.append(OverBudget(None, f"the project has {_flags(total)}, {budgets['all']} allowed"))
    return tuple(found)


def _flags(number: int) -> str:
    return f"{number} temporary {'flag' if number == 1 else 'flags'}"
