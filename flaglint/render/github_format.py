"""Annotations on a pull request: the commands that a GitHub workflow prints."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints import catalogue
from flaglint.model import Severity
from flaglint.render.frames import place
from flaglint.render.sources import safe

if TYPE_CHECKING:
    from flaglint.config import Settings
    from flaglint.model import CheckResult, Finding
    from flaglint.render.sources import Sources

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "notice"}
_DATA = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY = {**_DATA, ":": "%3A", ",": "%2C"}


def render(result: CheckResult, settings: Settings, sources: Sources, *, color: bool) -> str:  # noqa: ARG001 - as every format
    """Return one workflow command per finding; second places and the help go into its text."""
    names = {entry.code: entry.name for entry in catalogue.entries()}
    return "".join(_annotation(finding, names.get(finding.code, "")) + "\n" for finding in result.findings)


def _annotation(finding: Finding, name: str) -> str:
    span = finding.primary
    properties = {"file": safe(span.path)}
    if span.start.line:
        properties |= {"line": str(span.start.line), "endLine": str(max(span.end.line, span.start.line))}
        if span.end.line == span.start.line:  # GitHub takes columns only within one line
            properties |= {"col": str(span.start.column), "endColumn": str(span.end.column)}
    properties["title"] = f"{finding.code} {name}"
    lines = [safe(finding.message)]
    lines += [f"{place(label.span)}: {safe(label.message)}" for label in finding.related]
    lines += [f"help: {safe(finding.help)}"] if finding.help else []
    told = ",".join(f"{key}={_escaped(value, _PROPERTY)}" for key, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {told}::{_escaped(chr(10).join(lines), _DATA)}"


def _escaped(text: str, escapes: dict[str, str]) -> str:
    return "".join(escapes.get(letter, letter) for letter in text)
