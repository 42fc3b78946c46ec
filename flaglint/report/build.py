"""Puts a report together: the debt of every flag, the numbers of every owner, the order of removal, and the trend."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flaglint.records import replace
from flaglint.report.code_behind import CodeBehind
from flaglint.report.codeowners import read_codeowners
from flaglint.report.debt import Report
from flaglint.report.due import due_flags
from flaglint.report.measure import Sources, debts, ranked
from flaglint.report.order import cycles, needs_of, removal_order
from flaglint.report.owners import debt_by_owner, over_budget
from flaglint.report.removals import WORK, planned, unplanned, worth_planning

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from flaglint.config import Settings
    from flaglint.planning import Plans
    from flaglint.report.debt import FlagDebt
    from flaglint.report.evidence import Evidence
    from flaglint.report.past import Past, Refined


def build(
    refined: Refined,
    settings: Settings,
    plans: Plans,
    *,
    past: Past,
    evidence: Evidence,
    read_text: Callable[[str], bytes | None],
    commented: Iterable[str],
    now: float,
    budgets: Mapping[str, int],
    revision: str = "",
    files: int = 0,
    work: int = WORK,
    jobs: int = 0,
    step: Callable[[int, int], None] = lambda _done, _total: None,
) -> Report:
    """Return the report of a project as of `now` (UTC seconds), flags by rank.

    `plans` say what the removal of each flag comes to; they must be of the refined graph. `commented` are the files
    that may hold suppressions. `work` limits in how many files removals are planned, 0 is no limit; `jobs` are the
    processes for it, 0 as many as there are cores, and `step` is told how many are planned, and of how many.
    """
    graph = refined.graph
    code = CodeBehind(frozenset(ref.span.path for ref in graph.references if ref.is_test))
    today = datetime.fromtimestamp(now, UTC).date()
    due, notes = due_flags(graph, settings, read_text=read_text, now=now, commented=commented, traffic=evidence.traffic)
    unranked = debts(
        Sources(
            refined=refined,
            settings=settings,
            past=past,
            owners=read_codeowners(settings.root),
            evidence=evidence,
            due=due,
            today=today,
        )
    )
    removals = {flag.key: unplanned(plans, flag.key) for flag in unranked if flag.registered}
    wanted = worth_planning(ranked(unranked, removals, evidence, today), removals, work)
    removals |= planned(replace(plans, measure=code.measure), wanted, jobs, step)
    flags = ranked(unranked, removals, evidence, today)
    left = sum(removal.has_value and not removal.is_planned for removal in removals.values())
    owners = debt_by_owner(flags, budgets)
    needs = needs_of(graph)
    return Report(
        project=settings.root.name,
        day=today,
        revision=revision,
        flags=flags,
        owners=owners,
        order=_order(flags, needs),
        cycles=cycles(needs),
        trend=past.trend,
        budgets=over_budget(owners, budgets),
        notes=tuple(dict.fromkeys((*past.notes, *notes, *_skips(refined), *_unplanned(left)))),
        files=files,
    )


def _order(flags: tuple[FlagDebt, ...], needs: Mapping[str, Collection[str]]) -> tuple[tuple[str, ...], ...]:
    """Return in which order the flags can go that are due and not blocked."""
    wanted = [flag.key for flag in flags if flag.is_temporary and flag.due and flag.readiness.level != "blocked"]
    return removal_order(wanted, needs, {flag.key: flag.rank for flag in flags})


def _skips(refined: Refined) -> Iterable[str]:
    graph = refined.graph
    if graph.skipped:
        names = ", ".join(item.path for item in graph.skipped[:3])
        more = f" and {len(graph.skipped) - 3} more" if len(graph.skipped) > 3 else ""
        yield f"not looked at: {names}{more}"
    if graph.failures:
        where = str(graph.failures[0].span)
        several = f"{len(graph.failures)} statements that mention a flag do not parse, the first at {where}"
        yield several if len(graph.failures) > 1 else f"a statement that mentions a flag does not parse: {where}"


def _unplanned(left: int) -> Iterable[str]:
    if left:
        removals = "1 removal was" if left == 1 else f"{left} removals were"
        yield (
            f"{removals} not planned, so what code goes with them is not known: "
            "flaglint remove KEY plans one, --plan-all plans them all"
        )
