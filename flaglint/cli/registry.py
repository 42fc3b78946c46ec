"""`flaglint registry`: validate registries, and translate them."""

from __future__ import annotations

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint.cli.export import command as export
from flaglint.cli.importing import command as importing
from flaglint.cli.session import load_settings, note, out, use_color
from flaglint.errors import UsageError

if TYPE_CHECKING:
    from flaglint.config import RegistrySpec, Settings
    from flaglint.definition import Problem, Registry


@click.group("registry", invoke_without_command=True, no_args_is_help=False)
@click.pass_context
def command(context: click.Context) -> None:
    """Validate registries, and translate them from and into other formats."""
    if context.invoked_subcommand is None:
        out(context.get_help())


@command.command(
    "validate",
    short_help="Say everything that is wrong in a registry.",
    epilog="Example: flaglint registry validate flags.yaml",
)
@click.argument("paths", type=click.Path(path_type=Path), nargs=-1)
def validate(*, paths: tuple[Path, ...]) -> int:
    """Say everything that is wrong in the registry, or in the files PATHS read as one registry.

    Exits with 1 when there is something, with 2 when a file cannot be read.
    """
    from flaglint.registry import load

    settings = load_settings(paths)
    registry = load(settings.root, _specs(settings, paths) if paths else settings.registry)
    if not registry.paths:
        raise UsageError("there is no registry here", help="`flaglint init` writes a first one")
    for problem in registry.problems:
        out(_line(problem))
    note(_summary(registry))
    return 1 if registry.problems else 0


command.add_command(export)
command.add_command(importing)


def _specs(settings: Settings, paths: tuple[Path, ...]) -> list[RegistrySpec]:
    from glob import escape

    from flaglint.config import RegistrySpec
    from flaglint.source import relative_to_root

    return [RegistrySpec(escape(relative_to_root(settings.root, path))) for path in paths]


def _line(problem: Problem) -> str:
    from flaglint.render.sources import safe

    code = click.style(problem.code, bold=True) if use_color(sys.stdout) else problem.code
    advice = f" ({safe(problem.help)})" if problem.help else ""
    also = "".join(f"; {safe(label.message)}: {safe(str(label.span))}" for label in problem.related)
    return f"{safe(str(problem.span))}: {code} {safe(problem.message)}{also}{advice}"


def _summary(registry: Registry) -> str:
    flags = _count(len({flag.key for flag in registry.flags}), "flag")
    files = _count(len(set(registry.paths)), "file")
    if not registry.problems:
        return f"{flags} in {files}, nothing wrong"
    places = Counter(problem.span.path for problem in registry.problems)
    return f"{_count(len(registry.problems), 'problem')} in {_count(len(places), 'file')}; {flags} in {files}"


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number:,} {thing}s"
