"""GitLab's code quality report: an artifact whose findings GitLab shows in a merge request."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flaglint.letters import in_json
from flaglint.model import Severity
from flaglint.render.fingerprints import fingerprinted
from flaglint.render.sources import plain

if TYPE_CHECKING:
    from flaglint.config import Settings
    from flaglint.model import CheckResult, Finding
    from flaglint.render.sources import Sources

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFORMATION: "info"}


def render(result: CheckResult, settings: Settings, sources: Sources, *, color: bool) -> str:  # noqa: ARG001 - as every format
    """Return a JSON list with an entry per finding."""
    entries = [_entry(finding, fingerprint) for finding, fingerprint in fingerprinted(result.findings)]
    return in_json(json.dumps(entries, ensure_ascii=False, indent=2)) + "\n"


def _entry(finding: Finding, fingerprint: str) -> dict[str, object]:
    advice = f" ({finding.help})" if finding.help else ""
    begin = max(1, finding.primary.start.line)
    return {
        "description": plain(f"{finding.code} {finding.message}{advice}"),
        "check_name": finding.code,
        "fingerprint": fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {
            "path": plain(finding.primary.path),
            "lines": {"begin": begin, "end": max(begin, finding.primary.end.line)},
        },
    }
