"""`flaglint kill`: a flag off, now, in the registry."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import click

from flaglint.cli.moment import Moment
from flaglint.cli.session import load_settings
from flaglint.errors import UsageError


@click.command("kill", epilog="Example: flaglint kill release-one-page-checkout --reason 'payment errors'")
@click.argument("key", metavar="KEY")
@click.option("--env", "environment", metavar="NAME", default="", help="In this environment only.")
@click.option("--undo", is_flag=True, help="Take the kill switch out again.")
@click.option("--by", metavar="WHO", default="", help="Who killed it.")
@click.option("--reason", metavar="WHY", default="", help="Why it was killed.")
@click.option("--now", type=Moment(), help="The day to write.  [default: today, UTC]")
@click.option("--dry-run", is_flag=True, help="Print the diff and write nothing.")
def command(*, key: str, environment: str, undo: bool, by: str, reason: str, now: float | None, dry_run: bool) -> int:
    """Switch a flag off for everybody, above every rule: the registry file is edited in place, and the diff printed.

    It serves its off variant from then on. Services that watch the file follow within a second.
    """
    from flaglint.cli.diff import show_and_write
    from flaglint.registry.edit import Draft, kill, unkill

    settings = load_settings()
    draft = Draft.of(settings.root, settings.registry)
    if undo:
        if by or reason:
            raise UsageError("`--undo` takes no `--by` and no `--reason`")
        unkill(draft, key, environment=environment)
    else:
        since = datetime.fromtimestamp(time.time() if now is None else now, UTC).date()
        kill(draft, key, environment=environment, since=since, by=by, reason=reason)
    return show_and_write(draft, settings.root, dry_run=dry_run)
