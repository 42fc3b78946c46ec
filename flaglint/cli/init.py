"""`flaglint init`: look at a project, and write its first configuration and registry."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint.cli import starter
from flaglint.cli.session import note, out, progress
from flaglint.errors import OutputError, UsageError
from flaglint.spelling import counted

if TYPE_CHECKING:
    from flaglint.cli.proposals import Proposals
    from flaglint.cli.starter import Findings
    from flaglint.graph import FlagGraph

CONFIGURATION, REGISTRY = "flaglint.toml", "flags.yaml"
_FEW_PLACES = 3


@click.command("init", epilog="Example: flaglint init")
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True), default=Path())
def command(*, folder: Path) -> int:
    """Look at a project and write its first configuration, and a registry of the flags that its code reads.

    A file that exists is left as it is.
    """
    from flaglint import config
    from flaglint.cli.proposals import propose
    from flaglint.pipeline import analyse
    from flaglint.source import discover

    settings = config.load(folder)
    if settings.path is not None:
        raise UsageError(
            f"there is a configuration already: {config.shown(settings.path)}", help="flaglint check takes it from here"
        )
    with progress("reading") as step:
        graph = analyse(settings, progress=step, verdicts=False).graph
    found = starter.look(graph)
    proposals = propose(
        settings.root,
        discover(settings.root, source=settings.source, exclude=settings.exclude).paths,
        known=graph.flags.keys(),
        asked={*found.keys, *(key for key in graph.by_key if graph.reads(key))},  # by tests alone, too
        registry=graph.registry.paths,
    )
    _tell(found, graph, proposals)
    has_registry = bool(graph.registry.paths) or (settings.root / REGISTRY).exists()
    wants_registry = bool(found.undeclared) and not has_registry and not proposals
    named = REGISTRY if wants_registry or (settings.root / REGISTRY).exists() else ""
    _write(settings.root / CONFIGURATION, starter.configuration(found, named, proposals))
    out(f"wrote {CONFIGURATION}")
    if wants_registry:
        _write(settings.root / REGISTRY, starter.registry(found, graph))
        out(f"wrote {REGISTRY}: {counted(len(found.undeclared), 'flag')}, to be given an owner, a type and a date")
    elif has_registry:
        note(f"the registry stays as it is: {', '.join(graph.registry.paths) or REGISTRY}")
    if found.keys or found.patterns or proposals or has_registry:
        out("next: flaglint check, then flaglint check --write-baseline for what has to wait")
    else:
        out(f"next: flaglint refs, once {CONFIGURATION} says what a read of a flag looks like here")
    return 0


def _tell(found: Findings, graph: FlagGraph, proposals: Proposals) -> None:
    for file in proposals.files:
        where = f", for {file.environment}" if file.environment else ""
        out(f"{file.path} is a registry of {file.format}{where}")
    for declared in proposals.declared:
        out(f"{declared.name} declares {counted(len(declared.keys), 'flag')} ({declared.kind})")
    for name, _ in proposals.calls:
        out(f"{name} is handed their keys")
    for name in proposals.lookups:
        out(f"{name} is asked for them")
    if not found.keys and not found.patterns:
        if proposals:
            return
        if graph.wrappers:
            reading = "function that reads" if len(graph.wrappers) == 1 else "functions that read"
            note(
                f"no key of a flag was found, only {len(graph.wrappers)} {reading} one for callers",
                help="flaglint refs --wrappers lists them; check the projects that call them",
            )
            return
        note(
            "no read of a flag was found",
            help="name the function that asks for one under [[calls]], or the SDK's pack under `extend-sdks`",
        )
        return
    out(f"found {counted(len(found.keys), 'flag')}, read through {', '.join(found.sdks) or 'nothing yet'}")
    if found.declared:
        places = sorted({flags[0].key_span.path for flags in graph.flags.values()})
        where = f", in {', '.join(places)}" if len(places) <= _FEW_PLACES else ""
        out(f"{len(found.declared)} of them {'is' if len(found.declared) == 1 else 'are'} defined already{where}")
    if found.undefined:
        out(f"read, and defined nowhere: {', '.join(found.undefined)}")
    if found.patterns:
        out(f"keys put together at run time: {', '.join(found.patterns)}")
    if graph.wrappers:
        out(f"{counted(len(graph.wrappers), 'wrapper')} understood; flaglint refs --wrappers lists them")


def _write(path: Path, text: str) -> None:
    """Create a file; raises OutputError when it exists by now, or cannot be written."""
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise OutputError(f"it cannot be written: {(error.strerror or '').lower()}", path=str(path)) from error
