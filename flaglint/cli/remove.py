"""`flaglint remove`: takes flags out of the code, and shows what that changes."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint.cli.moment import Moment
from flaglint.cli.saving import save
from flaglint.cli.session import load_settings, note, out, progress
from flaglint.errors import FlaglintError, OutputError, UsageError
from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.pipeline import Analysis
    from flaglint.planning import Plans
    from flaglint.remove.kept import Kept
    from flaglint.remove.outcome import Plan

_MAY_READ = frozenset({"dynamic-key", "unparsable-file", "uncertain-read"})  # what is left that may be a read


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What the command line asks for, beside the keys."""

    variant: str
    value: str
    ready: bool
    write: bool
    allow_dirty: bool
    keep_public: bool
    tombstone: bool
    verify_command: str
    patch_dir: Path | None
    form: str


@click.command("remove", epilog="Example: flaglint remove release-one-page-checkout | git apply")
@click.argument("keys", metavar="KEY…", nargs=-1)
@click.option("--variant", metavar="NAME", default="", help="Keep this variant.  [default: the proven one]")
@click.option("--value", metavar="JSON", default="", help="Keep this value.  [default: the proven one]")
@click.option("--ready", is_flag=True, help="Remove every flag that is safe to remove.")
@click.option("--write/--diff", "write", default=False, help="Write the files, or print the diff.  [default: --diff]")
@click.option("--patch-dir", metavar="DIR", type=click.Path(path_type=Path), help="Write one patch per flag there.")
@click.option("--format", "form", type=click.Choice(["diff", "json"]), default="diff", show_default=True)
@click.option("--keep-public", is_flag=True, help="Keep public names that nothing in the project uses any more.")
@click.option("--tombstone", is_flag=True, help="Leave a tombstone in the registry, so that no key is used again.")
@click.option("--allow-dirty", is_flag=True, help="Write files that have changes which are not committed.")
@click.option(
    "--verify-cmd", "verify_command", metavar="CMD", default="", help="Run CMD before and after, and compare."
)
@click.option("--now", "now", type=Moment(), help="Judge as if it were this day or time.")
def command(*, keys: tuple[str, ...], now: float | None, **given: object) -> int:
    """Take flags out of the code, behaviour kept: the diff is printed, or written with --write.

    Exit code 1 when a read had to be left, 2 for an unknown key or one without a proven value.
    """
    options = Options(verify_command=str(given.pop("verify_command")), **given)  # type: ignore[arg-type] # click's own
    _check_usage(keys, options)
    from flaglint.pipeline import analyse, plans
    from flaglint.registry.unknown import refuse_unknown_environments

    settings = load_settings()
    with progress("reading") as step:
        analysis = analyse(settings, now=now, progress=step)
    refuse_unknown_environments(settings.environments, analysis.graph.registry)
    found = plans(analysis, keep_public=options.keep_public, tombstone=options.tombstone)
    chosen = _ready(found) if options.ready else keys
    if not chosen:
        note("no flag is safe to remove")
        return 0
    pins = {key: _pin(analysis, key, options) for key in dict.fromkeys(chosen)}
    if options.patch_dir is not None:
        return _patches(found, pins, options.patch_dir)
    return _deliver(analysis, found.plan(pins), options)


def _check_usage(keys: tuple[str, ...], options: Options) -> None:
    if options.ready and (keys or options.value or options.variant):
        raise UsageError("`--ready` takes no key and no value: it removes what is proven")
    if not options.ready and not keys:
        raise UsageError("name a flag, or `--ready` for all that are safe to remove", help="flaglint refs lists keys")
    if options.value and options.variant:
        raise UsageError("`--value` and `--variant` say the same thing: give one of them")
    if (options.value or options.variant) and len(keys) > 1:
        raise UsageError("several flags cannot share one `--value`: remove them one at a time")
    if options.write and (options.patch_dir is not None or options.form == "json"):
        raise UsageError("`--write` goes with neither `--patch-dir` nor `--format json`")


def _pin(analysis: Analysis, key: str, options: Options) -> Kept:
    """Return the value of a flag that is kept; raises UsageError for an unknown flag or an unproven value."""
    from flaglint.remove.pins import a_choice, given, proven

    graph = analysis.graph
    if key not in graph.flags and not any(item.kind != "mention" for item in graph.by_key.get(key, ())):
        from flaglint.registry.unknown import ANYWHERE, unknown_flag

        raise unknown_flag(key, graph.registry, {*graph.flags, *graph.by_key}, ANYWHERE)
    if options.variant or options.value:
        return given(graph.flags.get(key, ()), key, variant=options.variant, value=options.value)
    environments = analysis.settings.environments or graph.registry.critical
    flags = graph.flags.get(key, ())
    found = proven(graph, key, environments)
    if isinstance(found, str):
        raise UsageError(found, help=f"say which value to keep: flaglint remove {key} {a_choice(flags)}")
    return found


def _ready(found: Plans) -> tuple[str, ...]:
    """Return the keys of the flags that are safe to remove."""
    chosen = []
    with progress("planning") as step:
        for number, (key, planned) in enumerate(found.items()):
            step(number, len(found))
            if planned.readiness.level == "safe":
                chosen.append(key)
    found.keep()
    return tuple(chosen)


def _deliver(analysis: Analysis, plan: Plan, options: Options) -> int:
    from flaglint.remove.describe import as_json, summary
    from flaglint.remove.diff import unified
    from flaglint.remove.write import refuse_dirty, repository_prefix, write
    from flaglint.render.sources import safe

    root = analysis.settings.root
    if options.verify_command:
        _verify(root, plan, options.verify_command)
    if options.form == "json":
        out(as_json(plan))
    elif options.write:
        if not options.allow_dirty:
            refuse_dirty(root, plan)
        write(root, plan)
    else:
        prefix = repository_prefix(root)
        _print_diff(unified(plan.changes, prefix=prefix))
    for line in summary(plan):
        click.echo(safe(line), err=True)
    if not options.write and options.form == "diff":
        folder = Path.cwd()
        _tell_where_to_apply(plan, prefix, prefix if folder == root else repository_prefix(folder))
    return _code(plan)


def _tell_where_to_apply(plan: Plan, prefix: str, folder: str) -> None:
    from flaglint.remove.write import out_of_reach

    outside = out_of_reach(plan, prefix, folder)
    if outside:
        more = f" and {len(outside) - 1} more" if len(outside) > 1 else ""
        note(
            f"`git apply` does not reach {outside[0]}{more} from this folder",
            help='pipe the diff to: git -C "$(git rev-parse --show-toplevel)" apply',
        )


def _print_diff(diff: bytes) -> None:
    sys.stdout.flush()
    sys.stdout.buffer.write(diff)
    sys.stdout.buffer.flush()


def _verify(root: Path, plan: Plan, command_line: str) -> None:
    from flaglint.remove.verify_command import compare

    report = compare(root, plan, command_line)
    for line in report.lines:
        click.echo(line, err=True)
    if not report.is_same:
        raise FlaglintError("the command ends differently with the flag removed", help="nothing was written")


def _code(plan: Plan) -> int:
    return 1 if plan.refused or any(item.code in _MAY_READ for item in plan.leftovers) else 0


def _patches(found: Plans, pins: Mapping[str, Kept], folder: Path) -> int:
    """Write one patch per flag; each applies alone to the project as it is."""
    from flaglint.remove.describe import summary
    from flaglint.remove.diff import unified
    from flaglint.remove.write import patch_names, repository_prefix
    from flaglint.render.sources import safe

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        reason = "it is a file" if folder.is_file() else (error.strerror or str(error)).lower()
        advice = "--patch-dir names a folder that is there or can be made"
        raise OutputError(f"patches cannot be written there: {reason}", path=str(folder), help=advice) from error
    code = 0
    names = patch_names(pins)
    for key, kept in pins.items():
        plan = found.plan({key: kept})
        target = folder / names[key]
        patch = unified(plan.changes, prefix=repository_prefix(found.settings.root))
        if patch:
            save(target, patch)
        click.echo(f"{target}:" if patch else f"no patch for `{key}`, because nothing would change:", err=True)
        for line in summary(plan):
            click.echo(f"  {safe(line)}", err=True)
        code = max(code, _code(plan))
    return code
