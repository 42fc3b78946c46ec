"""`flaglint report`: the page that says which flags to remove, whose they are, and whether it gets better."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint.cli.indexes import index_option, read_indexes
from flaglint.cli.moment import Moment
from flaglint.cli.outputs import without
from flaglint.cli.saving import save
from flaglint.cli.session import load_settings, note, out, progress
from flaglint.errors import UsageError
from flaglint.records import dataclass, replace
from flaglint.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.config import Settings
    from flaglint.report.compare import Earlier
    from flaglint.report.debt import Report

FORMATS = ("html", "markdown", "json", "csv")
_SUFFIXES = {
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".json": "json",
    ".csv": "csv",
}
_TOP = 10


@dataclass(frozen=True, slots=True)
class _Target:
    """A format, and the file that it goes to; None is stdout."""

    form: str
    file: Path | None = None


@click.command("report", epilog="Example: flaglint report -o report.html -o report.md --since v1.4")
@click.option("--format", "form", type=click.Choice(FORMATS), help="What to write.  [default: by the file's suffix]")
@click.option(
    "-o", "--output", "files", metavar="FILE", type=click.Path(path_type=Path), multiple=True,
    help="Write to FILE instead of stdout; repeatable.",
)  # fmt: skip
@click.option("--owner", "owners", metavar="NAME", multiple=True, help="Only flags of this owner; repeatable.")
@click.option("--top", type=click.IntRange(min=1), help="How many flags a list has at most.  [default: 10]")
@click.option("--since", metavar="REV|FILE", help="Compare with a revision, or with an earlier report in JSON.")
@click.option(
    "--release-notes", "notes_file", metavar="FILE", type=click.Path(path_type=Path),
    help="Write what changed for users since that revision, too: .md, .html or .json.",
)  # fmt: skip
@click.option("--budget", "budgets", metavar="OWNER=N", multiple=True, help="Exit with 1 beyond N temporary flags.")
@click.option(
    "--usage", "usage", metavar="FILE", type=click.Path(path_type=Path), multiple=True,
    help="When flags were evaluated last: JSON or CSV of a vendor, or a folder of records; repeatable.",
)  # fmt: skip
@index_option
@click.option("--env", "environments", multiple=True, help="Look at this environment of the registry; repeatable.")
@click.option("--now", type=Moment(), help="Judge ages and dates as of this day or time.  [default: now]")
@click.option("--no-history", is_flag=True, help="Do not ask git for dates and authors.")
@click.option("--plan-all", is_flag=True, help="Plan every removal, however long it takes, not only the best ones.")
@click.option("--no-cache", is_flag=True, help="Read every file again.")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=0), default=0, help="Processes to use; 0 is as many as it pays for."
)
def command(
    *,
    form: str | None,
    files: tuple[Path, ...],
    owners: tuple[str, ...],
    top: int | None,
    since: str | None,
    notes_file: Path | None,
    budgets: tuple[str, ...],
    usage: tuple[Path, ...],
    index_files: tuple[Path, ...],
    environments: tuple[str, ...],
    now: float | None,
    no_history: bool,
    plan_all: bool,
    no_cache: bool,
    jobs: int,
) -> int:
    """Write the page that says which flags to remove.

    It ranks them, and tells whose they are, how old, how hard to remove, and whether it gets better. Exits with 1 when
    an owner has more temporary flags than --budget, or `budgets` in the configuration, allow.
    """
    from flaglint.cli.reporting import Wanted, report_of

    targets = _targets(form, files)
    settings = load_settings()
    settings = replace(settings, environments=environments or settings.environments)
    settings = _limited(settings, budgets)
    _refuse_missing(usage)
    before = _earlier_file(since)
    settings = without(settings, [target.file for target in targets if target.file is not None])
    settings = without(settings, [*usage, *index_files, *([Path(since)] if before is not None and since else [])])
    if notes_file is not None:
        _refuse_notes(notes_file, since, is_report=before is not None)
        settings = without(settings, [notes_file])
    wanted = Wanted(
        now=now,
        usage=usage,
        history=not no_history,
        cache=not no_cache,
        jobs=jobs,
        plan_all=plan_all,
        indexes=read_indexes(index_files),
    )
    with progress("reading") as step:
        found = report_of(settings, wanted, step, since=since if before is None else None)
    report, before = found.report, before or found.earlier
    report, before = _of_owners(report, before, owners)
    if before is not None:
        from flaglint.report.compare import compare

        report = replace(report, comparison=compare(report, before))
    for target in sorted(targets, key=lambda target: target.file is None):
        _write(target, report, top)
    if notes_file is not None and since is not None:
        _write_notes(settings, since, notes_file, now)
    if all(target.file is not None for target in targets):
        from flaglint.report.summary import headline

        click.echo(headline(report), err=True)
        click.echo(f"wrote {', '.join(str(target.file) for target in targets)}", err=True)
    for sentence in (*report.notes, *(item.sentence for item in report.budgets)):
        note(sentence)
    return 1 if report.budgets else 0


def _targets(form: str | None, files: Sequence[Path]) -> tuple[_Target, ...]:
    """Return what to write where; raises UsageError for a file whose suffix says nothing of its format."""
    if not files or files == (Path("-"),):
        return (_Target(form or "markdown"),)
    if form is not None and len(files) > 1:
        raise UsageError("`--format` is for one file: with several, each one's suffix tells its format")
    targets = []
    for file in files:
        told = form or _SUFFIXES.get(file.suffix.lower())
        if told is None:
            raise UsageError(
                f"the name of `{file}` does not tell its format",
                help=f"end it in .html, .md, .json or .csv, or say --format: {', '.join(FORMATS)}",
            )
        targets.append(_Target(told, file))
    return tuple(targets)


def _limited(settings: Settings, given: Sequence[str]) -> Settings:
    """Return the settings with the budgets of the command line; raises UsageError for what is no budget."""
    budgets = dict(settings.budgets)
    for text in given:
        owner, separator, number = text.rpartition("=")
        if not separator or not owner or not number.isdecimal():
            raise UsageError(f"`{text}` is no budget", help='write it as "@payments=10", "*=5" or "all=40"')
        budgets = {name: limit for name, limit in budgets.items() if name.lower() != owner.lower()}
        budgets[owner] = int(number)
    return replace(settings, budgets=budgets)


def _refuse_missing(usage: Sequence[Path]) -> None:
    for place in usage:
        if not place.exists():
            raise UsageError(
                f"there is no usage file `{place}`", help="name what a vendor exported, or a folder of records"
            )


def _earlier_file(since: str | None) -> Earlier | None:
    """Return the earlier report when `--since` names a file; None when it names a revision, or is not given."""
    if since is None or not (since.endswith(".json") or Path(since).is_file()):
        return None
    from flaglint.report.compare import read_earlier

    return read_earlier(Path(since))


def _of_owners(report: Report, before: Earlier | None, owners: Sequence[str]) -> tuple[Report, Earlier | None]:
    """Return the part of the report that is about some owners; raises UsageError for one that owns nothing."""
    if not owners:
        return report, before
    known = {row.owner.lower() or "nobody": row.owner for row in report.owners}
    known |= {flag.owner.lower() or "nobody": flag.owner for flag in (before.flags.values() if before else ())}
    chosen = set()
    for name in owners:
        found = known.get(name.lower(), known.get(f"@{name.lower()}"))
        if found is None:
            raise UsageError(
                f"no flag belongs to `{name}`",
                help=did_you_mean(nearest(name, known), f"owners: {', '.join(sorted(known))}"),
            )
        chosen.add(found)
    from flaglint.report.summary import narrowed

    if before is not None:
        before = replace(before, flags={key: flag for key, flag in before.flags.items() if flag.owner in chosen})
    return narrowed(report, chosen), before


_NOTES = {".md": "markdown", ".html": "html", ".json": "json"}


def _refuse_notes(file: Path, since: str | None, *, is_report: bool) -> None:
    if since is None or is_report:
        raise UsageError("`--release-notes` needs a revision to begin at", help="say --since REV, such as a tag")
    if file.suffix.lower() not in _NOTES:
        raise UsageError(f"the name of `{file}` does not tell its format", help="end it in .md, .html or .json")


def _write_notes(settings: Settings, since: str, file: Path, now: float | None) -> None:
    """Write the release notes of the flags from a revision up to the work tree."""
    import time
    from importlib import import_module

    from flaglint.release_notes.collect import parse_range, release_notes

    notes = release_notes(settings, parse_range(since), now=time.time() if now is None else now)
    form = import_module(f"flaglint.release_notes.{_NOTES[file.suffix.lower()]}_format")
    save(file, form.render(notes, title="", issue_url=""))


def _write(target: _Target, report: Report, top: int | None) -> None:
    text = _rendered(target.form, report, top)
    if target.file is None:
        out(text, newline=False)
        return
    save(target.file, text)


def _rendered(form: str, report: Report, top: int | None) -> str:
    if form == "html":
        from flaglint.report import html_format

        return html_format.render(report, top=top or _TOP)
    if form == "markdown":
        from flaglint.report import markdown_format

        return markdown_format.render(report, top=top or _TOP)
    if top is not None:
        report = replace(report, flags=report.flags[:top])
    if form == "json":
        from flaglint.report import json_format

        return json_format.render(report)
    from flaglint.report import csv_format

    return csv_format.render(report)
