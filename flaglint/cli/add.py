"""`flaglint add`: a new flag in the registry, with a name that passes and somebody who owns it."""

from __future__ import annotations

import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flaglint.cli.moment import Moment
from flaglint.cli.session import load_settings
from flaglint.cli.set import Day
from flaglint.errors import UsageError
from flaglint.records import replace
from flaglint.registry.flags import TYPES

if TYPE_CHECKING:
    from flaglint.config import Settings
    from flaglint.registry.edit import Draft
    from flaglint.registry.edit.writing import Value

_NAME_RULES = frozenset({"FLG101", "FLG102", "FLG103", "FLG104", "FLG105", "FLG106"})
_QUESTIONS = {"type": "type", "owner": "owner", "description": "what it decides"}


@click.command(
    "add", epilog="Example: flaglint add release-wish-list --type release --owner @web --description 'Keep for later'"
)
@click.argument("key", metavar="KEY")
@click.option("--type", type=click.Choice(TYPES), help="Which life the flag has.")
@click.option("--owner", metavar="WHO", help="A team, a person or an entry of CODEOWNERS.")
@click.option("--description", metavar="TEXT", help="What the flag decides.")
@click.option(
    "--expires", type=Day(), help="The last day on which it may be in use.  [default: by its type's lifetime]"
)
@click.option("--permanent", metavar="WHY", help="Why it is not to be removed.")
@click.option("--link", "links", metavar="NAME=URL", multiple=True, help="An issue, a page or a board; repeatable.")
@click.option(
    "--variant", "variants", metavar="NAME=VALUE", multiple=True, help="A value that is not boolean; repeatable."
)
@click.option("--off-variant", metavar="VARIANT", help="What is served when it is off.")
@click.option("--file", "path", metavar="FILE", help="The file to add it to.  [default: where its like is]")
@click.option("--any-name", is_flag=True, help="Take a name that breaks the rules for names.")
@click.option("--now", type=Moment(), help="The day to write as `created`.  [default: today, UTC]")
@click.option("--dry-run", is_flag=True, help="Print the diff and write nothing.")
def command(
    *,
    key: str,
    links: tuple[str, ...],
    variants: tuple[str, ...],
    path: str | None,
    any_name: bool,
    now: float | None,
    dry_run: bool,
    **given: str | date | None,
) -> int:
    """Add a flag to the registry, off for everybody: the file is edited in place, and the diff printed.

    What is not given and must be known is asked for on a terminal. The file is chosen by `layout` in the configuration,
    or by where flags like it are.
    """
    from flaglint.cli.diff import show_and_write
    from flaglint.registry.edit import Draft, add_flag, file_for, refuse_taken

    settings = load_settings()
    draft = Draft.of(settings.root, settings.registry)
    refuse_taken(draft.registry, key)
    _asked_for(given)
    created = datetime.fromtimestamp(time.time() if now is None else now, UTC).date()
    fields = _fields(given, created, links=links, variants=variants, settings=settings)
    owner, flag_type = str(given["owner"]), str(given["type"])
    if path is not None:
        file = _relative(path, settings)
    else:
        file = file_for(draft, key, flag_type=flag_type, owner=owner, layout=settings.layout)
        _refuse_uncovered(file, settings)
    add_flag(draft, key, fields, file)
    if not any_name:
        _refuse_bad_name(draft, key, settings)
    return show_and_write(draft, settings.root, dry_run=dry_run)


def _asked_for(given: dict[str, str | date | None]) -> None:
    """Ask for what is missing on a terminal; raises UsageError where nobody can be asked."""
    missing = [field for field in _QUESTIONS if not given[field]]
    if missing and not sys.stdin.isatty():
        *rest, last = (f"--{field}" for field in missing)
        options = f"{', '.join(rest)} and {last}" if rest else last
        raise UsageError(f"a flag needs {options}", help="nobody can be asked here, because stdin is no terminal")
    for field in missing:
        choices = click.Choice(TYPES) if field == "type" else None
        given[field] = click.prompt(_QUESTIONS[field], type=choices, err=True)


def _fields(
    given: dict[str, str | date | None],
    created: date,
    *,
    links: tuple[str, ...],
    variants: tuple[str, ...],
    settings: Settings,
) -> dict[str, Value]:
    from flaglint.registry.edit.writing import Name

    fields: dict[str, Value] = {name: value for name, value in given.items() if value is not None}
    fields["created"] = created
    lifetime = settings.lifetimes.get(str(given["type"]), 0)
    if lifetime and "expires" not in fields and "permanent" not in fields:
        fields["expires"] = created + timedelta(days=lifetime)
    if links:
        fields["links"] = dict(_pair(link, "--link") for link in links)
    if variants:
        fields["variants"] = {name: _scalar(value) for name, value in (_pair(v, "--variant") for v in variants)}
        if "off_variant" not in fields:
            raise UsageError("`--variant` needs `--off-variant`", help="name the variant to serve when the flag is off")
    elif "off_variant" in fields:
        raise UsageError("`--off-variant` goes with `--variant`", help="a boolean flag serves `false` when it is off")
    if "off_variant" in fields:
        fields["off_variant"] = Name(fields["off_variant"])
    return fields


def _pair(text: str, option: str) -> tuple[str, str]:
    name, equals, value = text.partition("=")
    if not equals or not name or not value:
        raise UsageError(f"`{option} {text}` is no NAME=VALUE")
    return name, value


def _scalar(text: str) -> Value:
    """Return a value as YAML reads it without quotes: `2000` is a number, `short` a text."""
    from flaglint.registry.nodes import ScalarNode
    from flaglint.registry.scalars import UnfitScalarError, core_value

    try:
        value = core_value(ScalarNode(text, "", 0, 0))
    except UnfitScalarError as unfit:
        raise UsageError(f"the value `{text}` {unfit.fact}", help=unfit.help) from None
    if value is None:
        raise UsageError(f"`{text}` is no value", help="give a text, a number, `true` or `false`")
    return value


def _refuse_bad_name(draft: Draft, key: str, settings: Settings) -> None:
    """Raise UsageError with what the rules for names say of a key, as far as they are selected."""
    from flaglint.join import join
    from flaglint.lints import check
    from flaglint.lints.names import folded_keys, taken_by_others
    from flaglint.lints.selection import select_rules
    from flaglint.lints.styles import proposal

    selected = [entry.code for entry, decision in select_rules(settings) if decision.selected]
    rules = tuple(code for code in selected if code in _NAME_RULES)
    if not rules:
        return
    graph = join(draft.registry, ())
    alone = replace(settings, select=rules, extend_select=(), ignore=(), per_file_ignores={})
    for finding in check(graph, alone, read_text=lambda _path: None, now=0.0).findings:
        if finding.key == key:
            (flag,) = graph.flags[key]
            taken = taken_by_others(folded_keys(graph), key)
            better = proposal(key, settings.naming, kind=flag.type, taken=taken, more=flag.description)
            advice = f"`{better}` would pass" if better else "choose another name"
            raise UsageError(f"{finding.message} ({finding.code})", help=f"{advice}; --any-name takes this one")


def _relative(path: str, settings: Settings) -> str:
    """Return a file that was named from the working folder, relative to the root; it must be part of the registry."""
    full = (Path.cwd() / path).resolve()
    if not full.is_relative_to(settings.root.resolve()):
        raise UsageError(f"`{path}` is outside of the project, whose root is `{settings.root}`")
    relative = full.relative_to(settings.root.resolve()).as_posix()
    _refuse_uncovered(relative, settings)
    return relative


def _refuse_uncovered(path: str, settings: Settings) -> None:
    """Raise UsageError for a file of which the registry would not read anything that is written there."""
    from flaglint.registry.files import is_covered

    if not is_covered(path, settings.registry):
        listed = ", ".join(f"`{spec.path}`" for spec in settings.registry)
        raise UsageError(f"`{path}` is no part of the registry", help=f"`registry` in the configuration is {listed}")
