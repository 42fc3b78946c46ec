"""`flaglint registry export`: one environment of the registry in a format that other programs serve."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint.cli.saving import save
from flaglint.cli.session import load_settings, note, out, say
from flaglint.spelling import counted

if TYPE_CHECKING:
    from flaglint.definition import Registry
    from flaglint.evaluator.flagd.export import Export

_FORMATS = ("flagd", "openfeature-manifest")


@click.command(
    "export",
    short_help="Write the registry for flagd, or as OpenFeature's manifest.",
    epilog="Example: flaglint registry export --format flagd --env production -o flagd.json",
)
@click.option(
    "--format", "form", type=click.Choice(["flagd", "openfeature-manifest"]), default="flagd", show_default=True
)
@click.option("--env", "environment", metavar="NAME", help="The environment; needed when the registry has several.")
@click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write here.  [default: stdout]"
)
@click.option("--partial", is_flag=True, help="Leave out the flags that the format cannot say exactly.")
def command(*, form: str, environment: str | None, file: Path | None, partial: bool) -> int:
    """Write one environment of the registry for flagd, so that every OpenFeature language serves the same.

    Users keep their buckets. A flag that flagd's format cannot say exactly is refused, and then nothing is written.
    The manifest of OpenFeature's command line holds no state: it names keys, types and the value of the off variant.
    """
    from flaglint.registry import load

    settings = load_settings()
    registry = load(settings.root, settings.registry)
    if form == "openfeature-manifest":
        return _manifest(registry, file, partial=partial)
    from flaglint.evaluator.flagd.export import export_flagd

    exported = export_flagd(registry, environment)
    for refusal in exported.refusals:
        say("error", f"{refusal.span}: `{refusal.key}` cannot be exported: {refusal.reason}", color="red")
    if exported.refusals and not partial:
        note("nothing was written", help="`--partial` leaves these flags out, and their readers get their defaults")
        return 1
    _write(exported.document, file)
    _summarise(exported)
    return 1 if exported.refusals else 0


def _manifest(registry: Registry, file: Path | None, *, partial: bool) -> int:
    from flaglint.evaluator.manifest import export_manifest

    document, refusals = export_manifest(registry)
    for flag, reason in refusals:
        say("error", f"{flag.key_span}: `{flag.key}` cannot be exported: {reason}", color="red")
    if refusals and not partial:
        note("nothing was written", help="`--partial` leaves these flags out")
        return 1
    _write(document, file)
    count = len(document["flags"])
    note(f"{counted(count, 'flag')}; who gets them is no part of a manifest")
    return 1 if refusals else 0


def _write(document: object, file: Path | None) -> None:
    text = json.dumps(document, indent=2, ensure_ascii=False)
    if file is None:
        out(text)
    else:
        save(file, f"{text}\n")


def _summarise(exported: Export) -> None:
    count = len(exported.document["flags"])
    generation = exported.document["metadata"]["bucketing"]
    note(
        f"{counted(count, 'flag')}, with the buckets of {generation}: serve them with an engine of that "
        "generation, and with targeting keys in ASCII"
    )
