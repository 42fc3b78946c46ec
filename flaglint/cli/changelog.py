"""`flaglint changelog`: release notes of the flags between two revisions."""

from __future__ import annotations

import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint.cli.moment import Moment
from flaglint.cli.saving import form_for, save
from flaglint.cli.session import load_settings, note, out
from flaglint.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.release_notes.changes import ReleaseNotes

_FORMATS = {
    "markdown": "flaglint.release_notes.markdown_format",
    "json": "flaglint.release_notes.json_format",
    "html": "flaglint.release_notes.html_format",
}
_SUFFIXES = {".html": "html", ".htm": "html", ".json": "json"}


@click.command("changelog", epilog="Example: flaglint changelog v1.4..v1.5 --format html -o flags.html")
@click.argument("revisions", metavar="RANGE")
@click.option(
    "--format",
    "form",
    type=click.Choice(sorted(_FORMATS)),
    help="What to write.  [default: by the file's suffix, else markdown]",
)
@click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write here.  [default: stdout]"
)
@click.option("--env", "environments", metavar="NAME", multiple=True, help="Only this environment; repeatable.")
@click.option("--owner", "owners", metavar="NAME", multiple=True, help="Only the flags of this owner; repeatable.")
@click.option(
    "--issue-url",
    metavar="URL",
    default="",
    help="Where issues are, with {} for the issue: https://example.org/browse/{}.",
)
@click.option("--title", metavar="TEXT", default="", help="The heading, instead of the two revisions.")
@click.option("--now", type=Moment(), help="Judge the flags as of this day or time.  [default: now]")
def command(
    *,
    revisions: str,
    form: str | None,
    file: Path | None,
    environments: tuple[str, ...],
    owners: tuple[str, ...],
    issue_url: str,
    title: str,
    now: float | None,
) -> int:
    """Write release notes of the flags between two revisions, for people who do not read code.

    RANGE is A..B, A...B for what B changed since it left A (a pull request), or A alone, up to the work tree. It tells
    of new flags, rollouts, releases, kills, schedules and removals, by environment and owner, and warns where a change
    of weights gives users another variant for no need.
    """
    from flaglint.release_notes.collect import parse_range, release_notes
    from flaglint.release_notes.sections import chosen

    if issue_url and ("{}" not in issue_url or not issue_url.startswith(("https://", "http://"))):
        raise UsageError("`--issue-url` is no address with `{}` in it", help="such as https://example.org/browse/{}")
    settings = load_settings()
    notes = release_notes(settings, parse_range(revisions), now=time.time() if now is None else now)
    _refuse_unknown(environments, notes)
    form = form_for(form, file, _SUFFIXES, "markdown")
    text = import_module(_FORMATS[form]).render(chosen(notes, environments, owners), title=title, issue_url=issue_url)
    if file is None:
        out(text, newline=False)
    else:
        save(file, text)
    if not notes.changes:
        note(f"no flag changed from {notes.start.revision} to {notes.end.revision}")
    return 0


def _refuse_unknown(environments: Sequence[str], notes: ReleaseNotes) -> None:
    from flaglint.registry.unknown import unknown_environment

    for name in environments:
        if name not in notes.environments:
            raise unknown_environment(name, notes.environments)
