"""`flaglint registry export`: one environment of the registry in a format that other programs serve."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint.cli.session import load_settings, note, out, say
from flaglint.errors import OutputError

if TYPE_CHECKING:
    from flaglint.evaluator.flagd.export import Export


@click.command("export", epilog="Example: flaglint registry export --format flagd --env production -o flagd.json")
@click.option("--format", "form", type=click.Choice(["flagd"]), default="flagd", show_default=True)
@click.option("--env", "environment", metavar="NAME", help="The environment; needed when the registry has several.")
@click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write here.  [default: stdout]"
)
@click.option("--partial", is_flag=True, help="Leave out the flags that the format cannot say exactly.")
def command(*, form: str, environment: str | None, file: Path | None, partial: bool) -> int:  # noqa: ARG001 - flagd is the only format
    """Write one environment of the registry for flagd, so that every OpenFeature language serves the same.

    Users keep their buckets. A flag that flagd's format cannot say exactly is refused, and then nothing is written.
    """
    from flaglint.evaluator.flagd.export import export_flagd
    from flaglint.registry import load

    settings = load_settings()
    exported = export_flagd(load(settings.root, settings.registry), environment)
    for refusal in exported.refusals:
        say("error", f"{refusal.span}: `{refusal.key}` cannot be exported: {refusal.reason}", color="red")
    if exported.refusals and not partial:
        note("nothing was written", help="`--partial` leaves these flags out, and their readers get their defaults")
        return 1
    _write(exported, file)
    _summarise(exported)
    return 1 if exported.refusals else 0


def _write(exported: Export, file: Path | None) -> None:
    text = json.dumps(exported.document, indent=2, ensure_ascii=False)
    if file is None:
        out(text)
        return
    from flaglint.errors import EditError
    from flaglint.source import replace_atomically

    try:
        replace_atomically(file, f"{text}\n".encode())
    except EditError as error:
        raise OutputError(error.message, path=error.path) from error


def _summarise(exported: Export) -> None:
    count = len(exported.document["flags"])
    generation = exported.document["metadata"]["bucketing"]
    note(
        f"{count} flag{'' if count == 1 else 's'}, with the buckets of {generation}: serve them with an engine of that "
        "generation, and with targeting keys in ASCII"
    )
