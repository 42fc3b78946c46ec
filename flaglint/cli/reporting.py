"""What a report is made of: the analysis, the plans, history and usage, wired for the project and for a revision."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from flaglint.pipeline import analyse, plans
from flaglint.report.build import build
from flaglint.report.evidence import Evidence, read_evidence
from flaglint.report.from_history import past_of
from flaglint.report.past import Past, refined

if TYPE_CHECKING:
    from collections.abc import Callable

    from flaglint.config import Settings
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
        return Found(_report(settings, wanted, step))
    from flaglint.report.compare import earlier
    from flaglint.report.revision import find_revision, write_tree

    revision = find_revision(settings.root, since)
    report = _report(settings, wanted, step)
    with tempfile.TemporaryDirectory(prefix="flaglint-") as folder:
        root = Path(folder).resolve() / settings.root.name
        root.mkdir()
        write_tree(revision, root)
        then = replace(wanted, now=float(revision.when), usage=(), history=False, cache=False)
        before = _report(replace(settings, root=root, source=_existing(settings, root)), then, step)
    return Found(report, earlier(before, revision.words))


def _existing(settings: Settings, root: Path) -> tuple[str, ...]:
    """Return the folders of the project that were there at that time."""
    return tuple(place for place in settings.source if (root / place).exists()) or (".",)


def _report(settings: Settings, wanted: Wanted, step: Callable[[int, int], None]) -> Report:
    analysis = analyse(settings, now=wanted.now, jobs=wanted.jobs, cache=wanted.cache, progress=step)
    past = past_of(settings, analysis.now, cache=wanted.cache) if wanted.history else Past()
    better = refined(analysis.graph, past)
    analysis = replace(analysis, graph=better.graph)
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
    )


def _evidence(settings: Settings, wanted: Wanted, now: float) -> Evidence:
    places = [settings.root / place for place in (*settings.usage, *settings.usage_exports)]
    return read_evidence([place for place in (*places, *wanted.usage) if place.exists()], now, settings.unused_days)
