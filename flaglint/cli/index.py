"""`flaglint index`: what other repositories need to know of this one, without its source text."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint import __version__
from flaglint.cli.saving import save
from flaglint.cli.session import load_checkout, load_settings, note, progress
from flaglint.errors import OutputError, UsageError
from flaglint.records import replace
from flaglint.spelling import counted

if TYPE_CHECKING:
    from flaglint.config import Settings


_LARGE = 2_000_000  # bytes; most of it is what is called in packages that nobody's repository offers
_FOLLOW_LESS = (
    "name the packages that your repositories share in `shared`: it is faster to write, and a part of the size"
)
_LEVEL = 6  # of compression: the highest takes four times as long for three hundredths of the size


@click.command("index", epilog="Example: flaglint index -o payments.json")
@click.argument("checkouts", nargs=-1, type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    required=True,
    help="The file to write; one that ends in .gz is compressed. With CHECKOUTS the folder for a file of each.",
)
@click.option("--name", default="", help="What the repository is called in findings.  [default: its folder]")
@click.option("--revision", default="", help="The commit that it is of, to be named beside it.")
@click.option(
    "-j", "--jobs", type=click.IntRange(min=0), default=0, help="Processes to use; 0 is as many as it pays for."
)
@click.option("--no-cache", is_flag=True, help="Read every file again.")
def command(*, checkouts: tuple[Path, ...], output: Path, name: str, revision: str, jobs: int, no_cache: bool) -> int:
    """Write what is known of the flags of this repository, for runs in other ones.

    It holds references, the registry, and facts of wrappers, constants and calls that lead to other packages, so that
    these link across repositories; it holds no source text. Give it to check, refs and report with --index. CHECKOUTS
    are indexed instead of this repository, each as by a run inside of it.
    """
    if not checkouts:
        if output.is_dir():
            raise UsageError("it is a folder", path=str(output), help="name the file to write, or the checkouts")
        settings = load_settings()
        _write(settings, _name_of(settings, name), output, revision=revision, jobs=jobs, cache=not no_cache)
        return 0
    if name or revision:
        raise UsageError(
            "--name and --revision are of one repository", help="leave them out, or run it inside of each checkout"
        )
    projects: dict[str, Settings] = {}
    for checkout in checkouts:
        settings = load_checkout(checkout)
        chosen = _name_of(settings, "")
        if chosen in projects:
            raise UsageError(f"two checkouts are named `{chosen}`", help="index one of them alone, with another --name")
        projects[chosen] = settings
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        advice = "with CHECKOUTS -o names a folder that is there or can be made"
        raise OutputError(f"it cannot be a folder: {reason}", path=str(output), help=advice) from error
    for chosen, settings in projects.items():
        _write(settings, chosen, output / f"{chosen}.json", jobs=jobs, cache=not no_cache)
    return 0


def _name_of(settings: Settings, name: str) -> str:
    from flaglint.refs.across.document import NAME

    chosen = name or settings.root.name
    if not NAME.match(chosen):
        raise UsageError(
            f"`{chosen}` cannot be the name of a repository",
            help="give it one with --name, of letters, digits and . _ - + @",
        )
    return chosen


def _write(settings: Settings, name: str, output: Path, *, jobs: int, cache: bool, revision: str = "") -> None:
    from flaglint.pipeline import analyse
    from flaglint.refs.across.document import Index, to_bytes

    with progress("reading") as step:
        analysis = analyse(settings, progress=step, cache=cache, jobs=jobs, verdicts=False, outward=True)
    assert analysis.repository is not None
    index = Index(
        repository=replace(analysis.repository, name=name),
        registry=analysis.graph.registry,
        packs=analysis.packs,
        wrappers=analysis.graph.wrappers,
        skipped=analysis.graph.skipped,
        revision=revision,
        tool=__version__,
    )
    data = to_bytes(index)
    save(output, gzip.compress(data, _LEVEL, mtime=0) if output.suffix == ".gz" else data)
    modules = len(index.repository.modules)
    note(
        f"{output}: {counted(len(index.repository.references), 'reference')} and the facts of "
        f"{counted(modules, 'module')} of {len(index.repository.paths)}, {len(data) // 1024 + 1} KiB",
        help=_FOLLOW_LESS if len(data) > _LARGE and not settings.shared else "",
    )
