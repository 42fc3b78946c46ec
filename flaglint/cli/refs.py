"""`flaglint refs`: every reference of a flag, how its key was resolved, and how sure that is."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint.cli.indexes import index_option, read_indexes
from flaglint.cli.outputs import without
from flaglint.cli.session import load_settings, note, out, progress
from flaglint.errors import UsageError
from flaglint.model import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flaglint.graph import FlagGraph
    from flaglint.model import FileCounts, Wrapper


@click.command("refs", epilog="Example: flaglint refs release-one-page-checkout --format json")
@click.argument("keys", metavar="[KEY]...", nargs=-1)
@click.option("--format", "form", type=click.Choice(["text", "json", "csv"]), default="text", show_default=True)
@click.option("--wrappers", is_flag=True, help="List the wrappers that were inferred instead, and from where.")
@click.option(
    "--kind",
    "kinds",
    type=click.Choice([kind.value for kind in Kind]),
    multiple=True,
    help="Only these kinds; repeatable.",
)
@click.option(
    "--path",
    "paths",
    type=click.Path(path_type=Path),
    multiple=True,
    help="Look here only; repeatable.  [default: `source`]",
)
@index_option
@click.option("--no-cache", is_flag=True, help="Read every file again.")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=0), default=0, help="Processes to use; 0 is as many as it pays for."
)
def command(
    *,
    keys: tuple[str, ...],
    form: str,
    wrappers: bool,
    kinds: tuple[str, ...],
    paths: tuple[Path, ...],
    index_files: tuple[Path, ...],
    no_cache: bool,
    jobs: int,
) -> int:
    """List every reference of a flag, and how it was found; without KEY, of all flags.

    Reads, declarations, overrides in tests, constants that hold a key, and mentions in files that are not Python.
    Keys that are put together at run time are listed as patterns.
    """
    from flaglint.pipeline import analyse
    from flaglint.render import references as render

    settings = without(load_settings(paths), index_files)
    with progress("reading") as step:
        analysis = analyse(
            settings,
            paths,
            progress=step,
            cache=not no_cache,
            jobs=jobs,
            verdicts=False,
            indexes=read_indexes(index_files),
        )
    graph = analysis.graph
    _refuse_unknown(keys, graph)
    strong = partial(click.style, bold=True)
    if wrappers:
        chosen = render.wrappers_of(graph.wrappers, keys)
        as_text = partial(render.wrappers_as_text, strong=strong)
        formats: dict[str, Callable[[Sequence[Wrapper]], str]] = {
            "json": render.wrappers_as_json,
            "csv": render.wrappers_as_csv,
            "text": as_text,
        }
        out(formats[form](chosen), newline=False)
        if not chosen:
            note(f"no function was found that reads {'these flags' if keys else 'a flag'} for its callers")
        return 0
    given = analysis.given
    references = [
        ref
        for ref in graph.references
        if (not kinds or ref.kind in kinds) and (given is None or ref.span.path in given)
    ]
    if form == "json":
        out(render.as_json(references, graph, analysis.counts, keys), newline=False)
    elif form == "csv":
        out(render.as_csv(references, keys), newline=False)
    else:
        out(render.as_text(references, graph, keys, strong), newline=False)
        note(_counted(analysis.counts))
    _say_what_is_missing(graph, with_skipped=form != "json")
    return 0


def _refuse_unknown(keys: Sequence[str], graph: FlagGraph) -> None:
    """Raise UsageError for a key that is neither defined nor referenced anywhere."""
    known = {*graph.flags, *graph.by_key, *graph.tombstones}
    for key in keys:
        if key not in known and not graph.patterns(key):
            from flaglint.registry.unknown import ANYWHERE, unknown_flag

            if Path(key).exists():
                raise UsageError(f"`{key}` is a path, and no flag", help=f"flaglint refs --path {key} looks there only")
            raise unknown_flag(key, graph.registry, {*graph.flags, *graph.by_key}, ANYWHERE)


def _counted(counts: FileCounts) -> str:
    files = "file" if counts.seen == 1 else "files"
    return f"{counts.seen} {files} seen, {counts.screened} of them with a word of interest, {counts.parsed} parsed"


def _say_what_is_missing(graph: FlagGraph, *, with_skipped: bool) -> None:
    """Name on stderr what can hold references that are not listed; the JSON document names skipped files itself."""
    from flaglint.render.frames import place
    from flaglint.render.sources import safe

    if with_skipped:
        for skip in graph.skipped:
            note(f"{safe(skip.path)} was skipped: {safe(skip.reason)}")
    for failure in graph.failures:
        note(f"{place(failure.span)}: a statement was not read: {safe(failure.message)}")
