"""`flaglint rule`: the rules there are, and the page of one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from flaglint.cli.session import out
from flaglint.errors import UsageError
from flaglint.rulesdata import rules_folder
from flaglint.spelling import did_you_mean

if TYPE_CHECKING:
    from flaglint.lints.catalogue import Entry


@click.command("rule", epilog="Example: flaglint rule FLG201")
@click.argument("code_or_name", metavar="[CODE|NAME]", default="")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def command(*, code_or_name: str, form: str) -> int:
    """Explain a rule, named by its code or its name; without one, list them all, or those whose code begins so."""
    from flaglint.lints import catalogue

    if not code_or_name:
        entries = catalogue.entries()
        out(_as_json(entries) if form == "json" else _as_table(entries))
        return 0
    entries = catalogue.matching(code_or_name)
    if not entries:
        close = catalogue.suggestion(code_or_name)
        raise UsageError(f"no rule `{code_or_name}`", help=did_you_mean(close, "flaglint rule lists them"))
    if form == "json":
        out(_as_json(entries))
    else:
        out(_page(entries[0]) if len(entries) == 1 else _as_table(entries))
    return 0


def _page(entry: Entry) -> str:
    """Return the page of a rule as it stands in `rules/lints`, headings in bold."""
    pages = sorted((rules_folder() / "lints").glob("*.md"))
    page = next((path for path in pages if path.stem.upper().startswith(entry.code)), None)
    if page is None:
        return f"{click.style(f'{entry.code} {entry.name}', bold=True)}\n\n{entry.load().summary}"
    lines = page.read_text(encoding="utf-8").rstrip("\n").split("\n")
    return "\n".join(click.style(line, bold=True) if line.startswith("#") else line for line in lines)


def _as_table(entries: tuple[Entry, ...]) -> str:
    width = max((len(entry.name) for entry in entries), default=0)
    lines = []
    for entry in entries:
        rule = entry.load()
        opt_in = "" if rule.enabled else " (opt-in)"
        lines.append(f"{entry.code}  {entry.name:{width}}  {rule.severity.word:11}  {rule.summary}{opt_in}")
    return "\n".join(lines)


def _as_json(entries: tuple[Entry, ...]) -> str:
    rows = []
    for entry in entries:
        rule = entry.load()
        rows.append(
            {
                "code": rule.code,
                "name": rule.name,
                "severity": rule.severity.word,
                "scope": rule.scope,
                "since": rule.since,
                "enabled": rule.enabled,
                "summary": rule.summary,
            }
        )
    return json.dumps({"version": 1, "rules": rows}, indent=2, ensure_ascii=False)
