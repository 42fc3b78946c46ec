"""`flaglint rename`: a flag under another key, in the registry and in the code."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from flaglint.cli.moment import Moment
from flaglint.cli.session import load_settings, note, out, progress
from flaglint.errors import UsageError
from flaglint.model import Kind, Literal
from flaglint.records import replace
from flaglint.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.config import Settings
    from flaglint.model import Reference
    from flaglint.pipeline import Analysis
    from flaglint.remove.outcome import Leftover
    from flaglint.remove.rename import Rename

_NAME_RULES = frozenset({"FLG101", "FLG102", "FLG103", "FLG104", "FLG105", "FLG106"})
_NO_FLAG = frozenset({Kind.MENTION, Kind.TEXT})


@click.command("rename", epilog="Example: flaglint rename NewsletterPopup release-newsletter-popup --write")
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@click.option("--write/--diff", "write", default=False, help="Write the files, or print the diff.  [default: --diff]")
@click.option("--format", "form", type=click.Choice(["diff", "json"]), default="diff", show_default=True)
@click.option("--tombstone/--no-tombstone", default=True, help="Leave a tombstone for OLD.  [default: --tombstone]")
@click.option("--any-name", is_flag=True, help="Take a name that breaks the rules for names.")
@click.option("--leave-refused", is_flag=True, help="Rename the rest when something cannot be.  [default: nothing]")
@click.option("--allow-dirty", is_flag=True, help="Write files that have changes which are not committed.")
@click.option("--now", type=Moment(), help="The day to write in the tombstone.  [default: today, UTC]")
def command(
    *,
    old: str,
    new: str,
    write: bool,
    form: str,
    tombstone: bool,
    any_name: bool,
    leave_refused: bool,
    allow_dirty: bool,
    now: float | None,
) -> int:
    """Rename a flag everywhere; nobody changes variant.

    The diff is printed, or written with --write. Comments, templates and other texts that name it are listed, not
    changed. Exit code 1 when something had to be refused, 2 for an unknown OLD or a NEW that cannot be.
    """
    if write and form == "json":
        raise UsageError("`--write` does not go with `--format json`")
    from flaglint.pipeline import analyse

    settings = load_settings()
    with progress("reading") as step:
        analysis = analyse(settings, now=now, progress=step, verdicts=False)
    _refuse_unknown(analysis, old)
    _refuse_taken(analysis, old, new, any_name=any_name)
    if not any_name:
        _refuse_bad_name(analysis, old, new)
    made = _planned(analysis, old, new, tombstone=tombstone)
    if made.refused and (made.is_hard or not leave_refused):
        made = replace(made, changes=(), references=0)
    return _deliver(made, analysis, write=write, form=form, allow_dirty=allow_dirty)


def _refuse_unknown(analysis: Analysis, old: str) -> None:
    graph = analysis.graph
    references = [ref for ref in graph.by_key.get(old, ()) if ref.language == "python" and ref.kind not in _NO_FLAG]
    if old in graph.flags or references:
        return
    from flaglint.registry.unknown import ANYWHERE, unknown_flag

    raise unknown_flag(old, graph.registry, {*graph.flags, *graph.by_key} - {old}, ANYWHERE)


def _refuse_taken(analysis: Analysis, old: str, new: str, *, any_name: bool) -> None:
    """Raise UsageError for a key that exists, existed, collides with one, or cannot be written in code."""
    from flaglint.lints.nearest import folded
    from flaglint.registry.edit import refuse_taken

    graph = analysis.graph
    if new == old:
        raise UsageError(f"`{old}` has that name already")
    if not new.strip():
        raise UsageError("the new key is empty")
    if new != new.strip() or not new.isprintable() or set(new) & set("\"'`\\{}"):
        told = new if new.isprintable() else repr(new)[1:-1]
        raise UsageError(f"`{told}` is no key: it holds what has to be escaped in code, or blanks around it")
    refuse_taken(graph.registry, new)
    used = [*(flag.key_span for flag in graph.flags.get(new, ()))]
    used += [ref.span for ref in graph.by_key.get(new, ()) if ref.kind not in _NO_FLAG]
    if used:
        raise UsageError(f"`{new}` is in use already, at {used[0]}", help="take another name")
    if any_name:
        return
    for key in sorted({*graph.flags, *graph.tombstones} - {old}):
        if folded(key) == folded(new):
            raise UsageError(
                f"`{new}` and `{key}` differ in case and separators alone",
                help="take another name; --any-name takes this one",
            )


def _refuse_bad_name(analysis: Analysis, old: str, new: str) -> None:
    """Raise UsageError with what the rules for names say of a key, as far as they are selected."""
    from flaglint.join import join
    from flaglint.lints import check
    from flaglint.lints.names import folded_keys, taken_by_others
    from flaglint.lints.selection import select_rules
    from flaglint.lints.styles import proposal

    settings: Settings = analysis.settings
    selected = [entry.code for entry, decision in select_rules(settings) if decision.selected]
    rules = tuple(code for code in selected if code in _NAME_RULES)
    if not rules:
        return
    before = analysis.graph
    flags = tuple(replace(flag, key=new) if flag.key == old else flag for flag in before.registry.flags)
    references = [replace(ref, key=Literal(new)) if ref.key == Literal(old) else ref for ref in before.references]
    graph = join(replace(before.registry, flags=flags), references)
    alone = replace(settings, select=rules, extend_select=(), ignore=(), per_file_ignores={})
    for finding in check(graph, alone, read_text=lambda _path: None, now=0.0).findings:
        if finding.key == new:
            flag = next(iter(graph.flags.get(new, ())), None)
            taken = taken_by_others(folded_keys(graph), new)
            kind, more = (flag.type, flag.description) if flag else ("", "")
            better = proposal(new, settings.naming, kind=kind, taken=taken, more=more)
            advice = f"`{better}` would pass" if better else "choose another name"
            raise UsageError(f"{finding.message} ({finding.code})", help=f"{advice}; --any-name takes this one")


def _planned(analysis: Analysis, old: str, new: str, *, tombstone: bool) -> Rename:
    from flaglint.pipeline import analyse
    from flaglint.planning import day_of
    from flaglint.registry.edit import Draft
    from flaglint.remove.files import ProjectFiles
    from flaglint.remove.rename import plan_rename
    from flaglint.source import discover

    settings = analysis.settings
    paths = discover(settings.root, source=settings.source, exclude=settings.exclude).paths

    def recognise(changed: Mapping[str, bytes]) -> tuple[Reference, ...]:
        if not changed:
            return analysis.graph.references
        return analyse(settings, contents=changed, now=analysis.now, verdicts=False).graph.references

    return plan_rename(
        ProjectFiles(settings.root, paths, analysis.contents),
        analysis.graph,
        old,
        new,
        recognise=recognise,
        draft=Draft.of(settings.root, settings.registry),
        removed_on=day_of(analysis.now) if tombstone else None,
    )


def _deliver(made: Rename, analysis: Analysis, *, write: bool, form: str, allow_dirty: bool) -> int:
    from flaglint.remove.diff import unified
    from flaglint.remove.write import refuse_dirty, repository_prefix
    from flaglint.remove.write import write as write_plan

    root = analysis.settings.root
    if form == "json":
        out(json.dumps(_as_data(made), indent=2, ensure_ascii=True))
    elif write:
        if not allow_dirty:
            refuse_dirty(root, made.as_plan())
        write_plan(root, made.as_plan())
    else:
        sys.stdout.flush()
        sys.stdout.buffer.write(unified(made.changes, prefix=repository_prefix(root)))
        sys.stdout.buffer.flush()
    _summary(made, analysis)
    return 1 if made.refused else 0


def _summary(made: Rename, analysis: Analysis) -> None:
    """Say on stderr what was renamed, what was refused, and what a person should look at."""
    from flaglint.render.sources import safe

    lines = []
    if made.changes:
        edits = sum(len(change.edits) for change in made.changes)
        count = counted(made.references, "reference")
        files = counted(len(made.changes), "file")
        lines.append(f"`{made.old}` is `{made.new}` now: {count}, {counted(edits, 'edit')} in {files}")
    elif made.refused:
        lines.append(f"`{made.old}` was not renamed")
    for title, items in (("not renamed:", made.refused), ("look at:", made.leftovers)):
        if items:
            lines.append(title)
            lines += [f"  {item.span.path}:{item.span.start.line}: {item.sentence} ({item.code})" for item in items]
    for line in lines:
        click.echo(safe(line), err=True)
    if made.changes and all(flag.key != made.old for flag in analysis.graph.registry.flags):
        note(f"`{made.old}` is in no registry here: rename it where its values are kept, too")
    if made.refused and not made.changes and not made.is_hard:
        note("nothing was changed, because that is all or nothing", help="--leave-refused renames the rest")


def _as_data(made: Rename) -> dict[str, Any]:
    """Return the rename as plain data, version 1. Lines and columns are 1-based; byte offsets 0-based."""
    from flaglint.remove.describe import edits_as_data

    return {
        "version": 1,
        "old": made.old,
        "new": made.new,
        "references": made.references,
        "refused": [_place(item) for item in made.refused],
        "leftovers": [_place(item) for item in made.leftovers],
        "edits": edits_as_data(made.changes),
    }


def _place(item: Leftover) -> dict[str, Any]:
    return {**item.span.as_data(), "code": item.code, "reason": item.sentence}
