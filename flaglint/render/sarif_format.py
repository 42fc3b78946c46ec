"""SARIF 2.1.0, for code scanning services: rules, results with both sides of each finding, stable fingerprints."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from flaglint import __version__
from flaglint.letters import in_json
from flaglint.lints import catalogue
from flaglint.lints.pages import page_of
from flaglint.model import Severity
from flaglint.render.fingerprints import VERSION, fingerprinted
from flaglint.render.sources import plain

if TYPE_CHECKING:
    from flaglint.config import Settings
    from flaglint.model import CheckResult, Finding, Span
    from flaglint.render.sources import Sources

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_HOME = "https://github.com/flaglint/flaglint"
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFORMATION: "note"}
_ROOT = "%SRCROOT%"  # the name that services know for the root of the repository


def render(result: CheckResult, settings: Settings, sources: Sources, *, color: bool) -> str:  # noqa: ARG001 - as every format
    """Return a SARIF log with one run; files that were skipped are notifications of its invocation."""
    codes = sorted({finding.code for finding in result.findings})
    rules = [entry for entry in catalogue.entries() if entry.code in codes]
    index = {entry.code: number for number, entry in enumerate(rules)}
    run = {
        "tool": {
            "driver": {
                "name": "flaglint",
                "version": __version__,
                "informationUri": _HOME,
                "rules": [_rule(entry) for entry in rules],
            }
        },
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The root of the project."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {
                        "level": "note",
                        "message": {"text": f"skipped: {plain(skipped.reason)}"},
                        "locations": [{"physicalLocation": {"artifactLocation": _artifact(skipped.path)}}],
                    }
                    for skipped in result.skipped
                ],
            }
        ],
        "results": [_result(one, index.get(one.code, -1), mark) for one, mark in fingerprinted(result.findings)],
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return in_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _rule(entry: catalogue.Entry) -> dict[str, Any]:
    rule = entry.load()
    page = page_of(entry)
    text = page.read_text("utf-8") if page.is_file() else rule.summary
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": rule.summary},
        "fullDescription": {"text": _opening(text) or rule.summary},
        "help": {"text": f"flaglint rule {rule.code} explains this rule.", "markdown": text},
        "helpUri": f"{_HOME}/blob/main/rules/lints/{rule.code.lower()}-{rule.name}.md",
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }


def _opening(page: str) -> str:
    """Return the first paragraph of what a page says that its rule does, as one line."""
    body = page.partition("## What it does\n")[2].strip()
    return " ".join(body.partition("\n\n")[0].split())


def _result(finding: Finding, rule_index: int, fingerprint: str) -> dict[str, Any]:
    advice = f"\nhelp: {finding.help}" if finding.help else ""
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": rule_index,
        "level": _LEVELS[finding.severity],
        "message": {"text": plain(finding.message + advice)},
        "locations": [_location(finding.primary, finding.qualname)],
        "partialFingerprints": {VERSION: fingerprint},
    }
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, **_location(label.span), "message": {"text": plain(label.message)}}
            for number, label in enumerate(finding.related, 1)
        ]
    if finding.key:
        result["properties"] = {"flag": plain(finding.key), "confidence": finding.confidence.value}
    return result


def _location(span: Span, qualname: str = "") -> dict[str, Any]:
    physical: dict[str, Any] = {"artifactLocation": _artifact(span.path)}
    if span.start.line:
        physical["region"] = {
            "startLine": span.start.line,
            "startColumn": max(1, span.start.column),
            "endLine": max(span.end.line, span.start.line),
            "endColumn": max(1, span.end.column),
        }
    location: dict[str, Any] = {"physicalLocation": physical}
    if qualname:
        location["logicalLocations"] = [{"fullyQualifiedName": qualname}]
    return location


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path.encode("utf-8", "surrogateescape")), "uriBaseId": _ROOT}
