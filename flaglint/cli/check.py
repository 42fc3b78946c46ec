"""`flaglint check`: what is wrong with the flags of a project."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import click

from flaglint.cli import baseline_file, outputs
from flaglint.cli.indexes import index_option, read_indexes
from flaglint.cli.moment import Moment
from flaglint.cli.session import load_settings, note, progress, say
from flaglint.errors import UsageError
from flaglint.lints import catalogue, check, constants, needs
from flaglint.model import Severity
from flaglint.pipeline import analyse, plans
from flaglint.records import replace
from flaglint.render import module_of
from flaglint.source import relative_to_root
from flaglint.spelling import counted, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.config import Settings
    from flaglint.model import CheckResult
    from flaglint.pipeline import Analysis
    from flaglint.refs import Search

_SEVERITIES = [severity.word for severity in reversed(Severity)]
_PLURAL = {Severity.INFORMATION: "information"}


_PLANNED_FILES = 40  # that removals are planned for in one check, to say what they come to; a few seconds at most
Rules: TypeAlias = tuple[str, ...]


@click.command("check", epilog="Example: flaglint check --output-format full --output-format sarif:flaglint.sarif")
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1)
@click.option(
    "--output-format",
    metavar="FORMAT[:FILE]",
    multiple=True,
    help="full, concise, json, sarif, github, gitlab, junit; repeatable, one without a file.  [default: full]",
)
@click.option("--statistics", is_flag=True, help="Print how many findings each rule has, instead of the findings.")
@click.option("--select", multiple=True, metavar="RULES", help="Run these rules instead of the configured ones.")
@click.option("--extend-select", multiple=True, metavar="RULES", help="Run these rules, too.")
@click.option("--ignore", multiple=True, metavar="RULES", help="Do not run these rules either.")
@click.option(
    "--fail-on", type=click.Choice(_SEVERITIES), help="Exit with 1 from this severity on.  [default: warning]"
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@click.option("--baseline", metavar="FILE", help="The findings that are known; an empty name is none.")
@click.option("--write-baseline", is_flag=True, help="Write all findings of now to the baseline.")
@click.option("--update-baseline", is_flag=True, help="Take out of the baseline what is not found any more.")
@click.option(
    "--scope",
    type=click.Choice(["file", "project"]),
    default="project",
    show_default=True,
    help="file: only rules that judge a file by itself, as a hook on some files needs.",
)
@click.option("--force-exclude", is_flag=True, help="Leave out excluded files even when they are named.")
@click.option("--stdin-filename", type=click.Path(path_type=Path), help="Check what comes on stdin as this file.")
@click.option("--now", type=Moment(), help="Judge ages and dates as of this day or time.  [default: now]")
@click.option("--env", "environments", multiple=True, help="Look at this environment of the registry; repeatable.")
@index_option
@click.option(
    "-j", "--jobs", type=click.IntRange(min=0), default=0, help="Processes to use; 0 is as many as it pays for."
)
@click.option("--no-cache", is_flag=True, help="Read every file again.")
@click.option("-q", "--quiet", is_flag=True, help="Print findings and nothing else.")
def command(
    *,
    paths: tuple[Path, ...],
    output_format: tuple[str, ...],
    statistics: bool,
    exit_zero: bool,
    write_baseline: bool,
    update_baseline: bool,
    scope: Literal["file", "project"],
    force_exclude: bool,
    stdin_filename: Path | None,
    now: float | None,
    index_files: tuple[Path, ...],
    jobs: int,
    no_cache: bool,
    quiet: bool,
    **overrides: Any,
) -> int:
    """Report what is wrong with the flags of a project, or in the files and folders PATHS.

    The whole project is read in any case, because a flag that is unused here may be used there; --scope file is the
    exception. Exits with 1 when there are findings.
    """
    targets = outputs.parse(output_format)
    if index_files and scope == "file":
        raise UsageError("--index needs the whole project", help="leave out --scope file")
    if write_baseline and update_baseline:
        raise UsageError(
            "`--write-baseline` and `--update-baseline` exclude each other",
            help="--write-baseline takes in what is new, --update-baseline only takes out what is gone",
        )
    if write_baseline or update_baseline:
        baseline_file.refuse_partial(paths, scope, stdin_filename)
    if stdin_filename is not None and paths not in {(), (Path("-"),)}:
        raise UsageError("--stdin-filename takes the place of paths: give one or the other")
    if stdin_filename is None and Path("-") in paths:
        raise UsageError("stdin has no name", help="--stdin-filename FILE says which file of the project it is")
    given = () if stdin_filename is not None else paths
    settings = outputs.left_out(configured(load_settings(paths), **overrides), targets)
    settings = outputs.without(settings, index_files)
    baseline = None if write_baseline else baseline_file.read(settings, wanted=overrides["baseline"] is not None)
    if scope == "project" and not no_cache:
        from flaglint.cli import glance

        glance.note_unknown(settings)
    with progress("reading") as step:
        analysis = analyse(
            settings,
            given,
            scope=scope,
            now=now,
            jobs=jobs,
            cache=not no_cache,
            force_exclude=force_exclude,
            progress=step,
            contents=_from_stdin(settings, stdin_filename),
            indexes=read_indexes(index_files),
            before=_search_made(scope),
            meanwhile=lambda: _load_ahead(settings, scope, targets),
        )
    from flaglint.registry.unknown import refuse_unknown_environments

    refuse_unknown_environments(analysis.settings.environments, analysis.graph.registry)
    provided, notes = _provided(analysis, scope, jobs)
    result = check(
        analysis.graph,
        settings,
        read_text=analysis.read_text,
        now=analysis.now,
        paths=analysis.given,
        commented=analysis.commented,
        files=analysis.counts,
        baseline=baseline,
        provided=provided,
    )
    if (planned := provided.get("plans")) is not None:
        planned.keep()
    constant = constants.notes(analysis.graph) if analysis.given is None and scope == "project" else ()
    notes = (*analysis.notes, *notes, *result.notes, *constant, *_not_planned(provided.get("plans")))
    result = replace(result, notes=notes)
    if write_baseline:
        baseline_file.write(settings, result)
        return 0
    if update_baseline:
        result = baseline_file.update(settings, result, baseline)
    outputs.write(targets, result, analysis, statistics=statistics)
    if not quiet:
        _summarise(result)
    if not no_cache:
        from flaglint.cli import glance  # a hook has it already

        glance.remember(analysis)
    fails = any(finding.severity >= settings.fail_on for finding in result.findings)
    return 1 if fails and not exit_zero else 0


def configured(
    settings: Settings,
    *,
    select: Rules,
    extend_select: Rules,
    ignore: Rules,
    fail_on: str | None,
    baseline: str | None,
    environments: tuple[str, ...],
) -> Settings:
    """Return the settings with what the command line says instead, or besides.

    Who selects rules gets these: neither what the configuration adds nor what it ignores by the same selector counts.
    """
    chosen = _named(select, "--select")
    asked_for = {catalogue.matching(name) for name in chosen}
    ignored = tuple(name for name in settings.ignore if catalogue.matching(name) not in asked_for)
    return replace(
        settings,
        select=chosen or settings.select,
        extend_select=(() if chosen else settings.extend_select) + _named(extend_select, "--extend-select"),
        ignore=ignored + _named(ignore, "--ignore"),
        fail_on=Severity[fail_on.upper()] if fail_on else settings.fail_on,
        baseline=settings.baseline if baseline is None else baseline,
        environments=environments or settings.environments,
    )


def _named(given: Rules, option: str) -> tuple[str, ...]:
    """Return the rules named by an option, repeated or with commas; raises UsageError for one that there is not."""
    names = tuple(name.strip() for part in given for name in part.split(",") if name.strip())
    for name in names:
        if not catalogue.matching(name):
            raise UsageError(
                f"`{name}` in {option} names no rule",
                help=did_you_mean(catalogue.suggestion(name), "flaglint rule lists them"),
            )
    return names


def _load_ahead(settings: Settings, scope: Literal["file", "project"], targets: Sequence[outputs.Target]) -> None:
    """Import the rules and what comes after them, while other processes read."""
    if "plans" in needs(settings, scope):
        from flaglint.planning import bounded, load  # noqa: F401
        from flaglint.registry.files import registry_files
        from flaglint.remove import earlier, told  # noqa: F401

        if registry_files(settings.root, settings.registry):  # else nothing is proven, and nothing planned
            load()
    for target in targets:
        module_of(target.form)


def _provided(
    analysis: Analysis, scope: Literal["file", "project"], jobs: int
) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Return what rules need besides the graph, and notes on it; a hook needs nothing, and pays for nothing."""
    if scope == "file":
        return {}, ()
    settings = analysis.settings
    wanted = needs(settings, scope)
    provided: dict[str, Any] = {}
    notes: tuple[str, ...] = ()
    if "plans" in wanted:
        from flaglint.planning.bounded import Bounded

        provided["plans"] = Bounded(plans(analysis), _PLANNED_FILES, jobs)
    if settings.usage and "traffic" in wanted:
        from flaglint.lints.traffic import read_traffic

        provided["traffic"], notes = read_traffic(settings, analysis.now)
    return provided, notes


def _not_planned(plans: object) -> tuple[str, ...]:
    """Return a note on the removals that findings say nothing of."""
    from flaglint.planning.bounded import Bounded

    if not isinstance(plans, Bounded) or not plans.left_out:
        return ()
    removals = "1 removal was" if plans.left_out == 1 else f"{plans.left_out} removals were"
    return (f"{removals} not planned, because that takes long; flaglint report --plan-all plans every one",)


def _search_made(scope: Literal["file", "project"]) -> Search | None:
    """Return the search by which a hook has seen that there is something to say."""
    if scope != "file":
        return None
    from flaglint.cli.glance import search_made

    return search_made()


def _from_stdin(settings: Settings, name: Path | None) -> dict[str, bytes]:
    """Return the content of the file that an editor sends, by its path below the root."""
    if name is None:
        return {}
    path = relative_to_root(settings.root, Path.cwd() / name, shown=str(name), missing_ok=True)
    return {path: sys.stdin.buffer.read()}


def _summarise(result: CheckResult) -> None:
    """Say on stderr how much there is, and what was not looked at."""
    for line in result.notes:
        note(line)
    if result.stale:
        note(f"{counted(len(result.stale), 'entry', 'entries')} of the baseline found no more:")
        for entry in result.stale:
            click.echo(f"  {entry}", err=True)
        say("help", "flaglint check --update-baseline takes them out", color="green")
    severities = Counter(finding.severity for finding in result.findings)
    ordered = sorted(severities.items(), reverse=True)
    parts = [counted(count, severity.word, _PLURAL.get(severity, "")) for severity, count in ordered]
    words = f"{counted(len(result.findings), 'finding')}" if result.findings else "no findings"
    line = f"{words} in {counted(result.files.seen, 'file')}" + (f": {', '.join(parts)}" if parts else "")
    rest = [
        (len(result.suppressed), "suppressed"),
        (len(result.baselined), "in the baseline"),
        (len(result.skipped), "skipped"),
    ]
    hidden = [f"{number} {word}" for number, word in rest if number]
    click.echo(line + (f" ({', '.join(hidden)})" if hidden else ""), err=True)
