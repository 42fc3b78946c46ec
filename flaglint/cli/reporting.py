"""What a report is made of: the analysis, the plans, history and usage, wired for the project and for a revision."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.cli.session import progress
from flaglint.pipeline import analyse, plans
from flaglint.records import dataclass, replace
from flaglint.registry.unknown import refuse_unknown_environments
from flaglint.report.build import build
from flaglint.report.evidence import Evidence, read_evidence
from flaglint.report.past import Past, refined
from flaglint.report.removals import WORK
from flaglint.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flaglint.config import Settings
    from flaglint.pipeline import Analysis
    from flaglint.refs.across.document import Index
    from flaglint.report.compare import Earlier
    from flaglint.report.debt import Report


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the command line asks for; `now` is in UTC seconds."""

    now: float | None = None
    usage: tuple[Path, ...] = ()
    history: bool = True
    cache: bool = True
    jobs: int = 0
    plan_all: bool = False
    indexes: tuple[Index, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """The report of the project, and what it is compared with."""

    report: Report
    earlier: Earlier | None = None


def report_of(
    settings: Settings, wanted: Wanted, step: Callable[[int, int], None], *, since: str | None = None
) -> Found:
    """Return the report of a project; with `since`, what it was at that revision, too."""
    if since is None:
        return Found(_todays(settings, wanted, step))
    from flaglint.history import tree_at
    from flaglint.report.compare import earlier
    from flaglint.report.revision import find_revision

    revision = find_revision(settings.root, since)
    report = _todays(settings, wanted, step)
    moment = min(float(revision.when), wanted.now if wanted.now is not None else float("inf"))
    then = replace(wanted, now=moment, usage=(), history=False, cache=False)
    with tree_at(settings, revision.commit) as tree:
        # A registry that was not there yet defined nothing.
        registry = tuple(replace(spec, optional=True) for spec in tree.registry)
        past = replace(tree, registry=registry)
        before = _report(past, then, _analysed(past, then, step))
    return Found(report, earlier(before, revision.words, report))


def _todays(settings: Settings, wanted: Wanted, step: Callable[[int, int], None]) -> Report:
    analysis = _analysed(settings, wanted, step)
    refuse_unknown_environments(settings.environments, analysis.graph.registry)
    report = _report(settings, wanted, analysis)
    missing = [place for place in settings.usage_exports if not (settings.root / place).exists()]
    if missing:
        note = f"no usage is told by {', '.join(missing)}, which `usage-exports` names: there is no such file"
        report = replace(report, notes=(*report.notes, note))
    ageless = sum(flag.age is None and not flag.permanent for flag in report.flags)
    if wanted.history or not ageless:
        return report
    note = (
        f"without git the age of {counted(ageless, 'temporary flag')} is not known, so it makes none of them due: "
        "leave out --no-history"
    )
    return replace(report, notes=(*report.notes, note))


def _analysed(settings: Settings, wanted: Wanted, step: Callable[[int, int], None]) -> Analysis:
    return analyse(
        settings, now=wanted.now, jobs=wanted.jobs, cache=wanted.cache, progress=step, indexes=wanted.indexes
    )


def _report(settings: Settings, wanted: Wanted, analysis: Analysis) -> Report:
    past = _past(settings, analysis, wanted)
    better = refined(analysis.graph, past)
    analysis = replace(analysis, graph=better.graph)
    with progress("planning removals") as step:
        return build(
            better,
            settings,
            plans(analysis),
            past=past,
            evidence=_evidence(settings, wanted, analysis.now),
            read_text=analysis.read_text,
            commented=analysis.commented,
            now=analysis.now,
            revision=past.head,
            budgets=settings.budgets,
            files=analysis.counts.seen,
            work=0 if wanted.plan_all else WORK,
            jobs=wanted.jobs,
            step=step,
        )


def _past(settings: Settings, analysis: Analysis, wanted: Wanted) -> Past:
    if not wanted.history:
        return Past()
    from flaglint.report.from_history import past_of

    graph = analysis.graph
    keys = sorted(
        {*graph.flags, *(key for key, refs in graph.by_key.items() if any(ref.kind == "read" for ref in refs))}
    )
    return past_of(settings, keys, analysis.now, cache=wanted.cache)


def _evidence(settings: Settings, wanted: Wanted, now: float) -> Evidence:
    places = [settings.root / place for place in (*settings.usage, *settings.usage_exports)]
    return read_evidence([place for place in (*places, *wanted.usage) if place.exists()], now, settings.unused_days)
