"""`flaglint graph`: how flags need each other, whose they are, and where code reads them."""

from __future__ import annotations

from pathlib import Path

import click

from flaglint.cli.moment import Moment
from flaglint.cli.outputs import without
from flaglint.cli.saving import form_for, save
from flaglint.cli.session import load_settings, note, out, progress
from flaglint.errors import UsageError


@click.command("graph", epilog="Example: flaglint graph --flag release-gift-cards --depth 1 --format dot")
@click.option(
    "--format",
    "form",
    type=click.Choice(["mermaid", "dot", "json"]),
    help="What to write.  [default: by the file's suffix, else mermaid]",
)
@click.option("--flag", "keys", metavar="KEY", multiple=True, help="Only what is near this flag; repeatable.")
@click.option("--depth", type=click.IntRange(min=0), help="How many prerequisites away that is.  [default: 2]")
@click.option("--files/--no-files", default=True, help="Show the files that read each flag.  [default: --files]")
@click.option("--all", "with_loners", is_flag=True, help="Show flags that are linked with nothing, too.")
@click.option("-o", "--output", "file", metavar="FILE", type=click.Path(path_type=Path), help="Write to FILE.")
@click.option("--now", type=Moment(), help="Judge as of this day or time.  [default: now]")
def command(
    *,
    form: str | None,
    keys: tuple[str, ...],
    depth: int | None,
    files: bool,
    with_loners: bool,
    file: Path | None,
    now: float | None,
) -> int:
    """Print how flags need each other and where code reads them, by owner.

    Cycles are marked, and so are dead flags: a prerequisite of theirs can never be met, so they serve off to everyone.
    """
    if depth is not None and not keys:
        raise UsageError("`--depth` counts from a flag", help="name it: --flag KEY --depth 1")
    from flaglint.pipeline import analyse
    from flaglint.report.graph_formats import as_dot, as_json, as_mermaid
    from flaglint.report.links import around, links_of, merged, without_files, without_loners

    form = form_for(form, file, {".json": "json", ".dot": "dot", ".gv": "dot"}, "mermaid")
    settings = load_settings()
    if file is not None:
        settings = without(settings, [file])
    with progress("reading") as step:
        analysis = analyse(settings, now=now, progress=step)
    links = links_of(analysis.graph, analysis.settings)
    known = {node.key for node in links.nodes}
    for key in keys:
        if key not in known:
            from flaglint.registry.unknown import ANYWHERE, unknown_flag

            raise unknown_flag(key, analysis.graph.registry, known, ANYWHERE)
    if keys:
        links = merged([around(links, key, 2 if depth is None else depth) for key in keys])
    if not files:
        links = without_files(links)
    shown = links if keys or with_loners or form == "json" else without_loners(links)
    text = {"mermaid": as_mermaid, "dot": as_dot, "json": as_json}[form](shown)
    if file is None:
        out(text, newline=False)
    else:
        save(file, text)
    if len(shown.nodes) < len(links.nodes):
        hidden = len(links.nodes) - len(shown.nodes)
        note(f"{hidden} {'flag is' if hidden == 1 else 'flags are'} linked with nothing and left out: --all shows them")
    for circle in shown.cycles:
        note(f"these flags need each other in a cycle: {', '.join(circle)}")
    return 0
