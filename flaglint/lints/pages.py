"""The pages of the rules in `rules/lints`, and the table of all rules in `rules/README.md`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints import catalogue
from flaglint.rulesdata import rules_folder

if TYPE_CHECKING:
    from pathlib import Path

    from flaglint.lints.catalogue import Entry

_BANDS = {
    "FLG0": "The run",
    "FLG1": "Names",
    "FLG2": "Code and registry",
    "FLG3": "The life of a flag",
    "FLG4": "The registry",
    "FLG5": "The shape of the code (opt-in)",
}


def page_of(entry: Entry) -> Path:
    """Return the path of the page about a rule."""
    return rules_folder() / "lints" / f"{entry.code.lower()}-{entry.name}.md"


def facts_of(entry: Entry) -> str:
    """Return the line of facts that stands under the title of a page, so that page and rule agree."""
    rule = entry.load()
    scope = "a file by itself" if rule.scope == "file" else "the whole project"
    opt_in = "" if rule.enabled else " Opt-in: it runs when it is selected."
    return f"Severity: {rule.severity.word}. Looks at {scope}. Since {rule.since}.{opt_in}"


def index() -> str:
    """Return the text of `rules/README.md`: every rule with its severity, what it finds, and a link to its page."""
    lines = [
        "# Rules",
        "",
        "`flaglint rule FLG201` prints the page of a rule, by code or name. *File* rules judge a file by itself, so",
        "they run in a commit hook (`--scope file`); *project* rules look at the whole project, or at the date.",
    ]
    for band, title in _BANDS.items():
        lines += [
            "",
            f"## {band}: {title}",
            "",
            "| code | name | severity | scope | finds |",
            "| --- | --- | --- | --- | --- |",
        ]
        for entry in catalogue.entries():
            if entry.code.startswith(band):
                rule = entry.load()
                link = f"[{rule.name}](lints/{page_of(entry).name})"
                severity = rule.severity.word if rule.enabled else f"{rule.severity.word}, opt-in"
                lines.append(f"| {rule.code} | {link} | {severity} | {rule.scope} | {rule.summary} |")
    return "\n".join(lines) + "\n"
