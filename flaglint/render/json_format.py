"""For programs: everything a check knows, as JSON; its schema is `rules/schemas/output.schema.json`."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING

from flaglint.letters import in_json
from flaglint.lints import catalogue
from flaglint.model import Severity
from flaglint.render.fingerprints import fingerprinted
from flaglint.render.sources import plain

if TYPE_CHECKING:
    from flaglint.config import Settings
    from flaglint.model import CheckResult, Finding, Span
    from flaglint.render.sources import Sources


def render(result: CheckResult, settings: Settings, sources: Sources, *, color: bool) -> str:  # noqa: ARG001 - as every format
    """Return one JSON object with a list of findings."""
    names = {entry.code: entry.name for entry in catalogue.entries()}
    counts = Counter(finding.severity for finding in result.findings)
    document = {
        "version": 1,
        "findings": [_finding(one, names.get(one.code, ""), mark) for one, mark in fingerprinted(result.findings)],
        "summary": {
            **{severity.word: counts[severity] for severity in sorted(Severity, reverse=True)},
            "suppressed": len(result.suppressed),
            "baselined": len(result.baselined),
            "skipped": len(result.skipped),
        },
        "files": {"seen": result.files.seen, "screened": result.files.screened, "parsed": result.files.parsed},
        "skipped": [{"path": plain(one.path), "reason": one.reason} for one in result.skipped],
        "stale": list(map(plain, result.stale)),
        "notes": list(map(plain, result.notes)),
    }
    return in_json(json.dumps(document, ensure_ascii=False, indent=2)) + "\n"


def _finding(finding: Finding, name: str, fingerprint: str) -> dict[str, object]:
    return {
        "code": finding.code,
        "name": name,
        "severity": finding.severity.word,
        "message": plain(finding.message),
        "key": plain(finding.key),
        **_place(finding.primary),
        "qualname": finding.qualname,
        "confidence": finding.confidence.value,
        "help": plain(finding.help),
        "related": [{**_place(label.span), "message": plain(label.message)} for label in finding.related],
        "fingerprint": fingerprint,
    }


def _place(span: Span) -> dict[str, object]:
    return {**span.as_data(), "path": plain(span.path)}
