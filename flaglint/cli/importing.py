"""`flaglint registry import`: flags of other formats, or declared in Python, as a native registry."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint.cli.moment import Moment
from flaglint.cli.saving import save
from flaglint.cli.session import load_settings, note, out, progress, say
from flaglint.errors import UsageError
from flaglint.records import replace

if TYPE_CHECKING:
    from flaglint.config import RegistrySpec, Settings
    from flaglint.definition import Registry


@click.command(
    "import",
    short_help="Write flags of other formats as a registry.",
    epilog="Example: flaglint registry import production=flagd.json -o imported.yaml",
)
@click.argument("files", metavar="[ENV=]FILE...", nargs=-1)
@click.option("--format", "form", metavar="FORMAT", default="", help="The format.  [default: recognised]")
@click.option("--declared", is_flag=True, help="Take the flags that are declared in Python.")
@click.option(
    "-o", "--output", "file", type=click.Path(path_type=Path, dir_okay=False), help="Write here.  [default: stdout]"
)
@click.option("--now", type=Moment(), help="Judge what is constant as of this day or time.  [default: now]")
def command(*, files: tuple[str, ...], form: str, declared: bool, file: Path | None, now: float | None) -> int:
    """Write flags of other formats as a native registry, where that is exact.

    Exact is what serves everyone the same as before: constant values, and rules that mean the same. A percentage would
    put other users into its buckets. What has no equal is kept as a comment, and listed; then the exit code is 1.
    """
    from flaglint.evaluator.translation import translated

    if bool(files) == declared:
        raise UsageError(
            "name the files to import, or `--declared` for flags in Python",
            help="flaglint registry import production=export.json",
        )
    settings = load_settings()
    moment = time.time() if now is None else now
    registry = _declared(settings, moment) if declared else _loaded(settings, files, form, moment)
    found = translated(registry, moment)
    if file is None:
        out(found.text.rstrip("\n"))
    else:
        save(file, found.text)
    for item in found.left:
        say("left", f"{item.span}: `{item.key}`: {item.reason}", color="yellow")
    total = len({flag.key for flag in registry.flags})
    kept = f", {len(found.left)} left as comments or told above" if found.left else ""
    note(f"{found.count} of {total} {'flag' if total == 1 else 'flags'} translated{kept}")
    return 1 if found.left else 0


def _loaded(settings: Settings, files: tuple[str, ...], form: str, now: float) -> Registry:
    from flaglint.registry import load

    registry = load(settings.root, [_spec(settings, given, form) for given in files], now=now)
    for problem in registry.problems:
        say("problem", f"{problem.span}: {problem.message}", color="yellow")
    return registry


def _spec(settings: Settings, given: str, form: str) -> RegistrySpec:
    """Return the spec of `ENV=FILE`, or of a file alone."""
    from glob import escape

    from flaglint.config import RegistrySpec
    from flaglint.source import relative_to_root

    environment, equals, path = given.rpartition("=")
    if equals and not Path(given).exists():
        return RegistrySpec(escape(relative_to_root(settings.root, Path(path))), form, environment)
    return RegistrySpec(escape(relative_to_root(settings.root, Path(given))), form)


def _declared(settings: Settings, now: float) -> Registry:
    """Return the flags that only Python declares, as a registry."""
    from flaglint.pipeline import analyse

    with progress("reading") as step:
        graph = analyse(settings, now=now, progress=step, verdicts=False).graph
    flags = tuple(
        flags[0] for _, flags in sorted(graph.flags.items()) if all(flag.format == "python" for flag in flags)
    )
    return replace(graph.registry, flags=flags, problems=())
