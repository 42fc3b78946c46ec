"""JUnit XML, for services that show test reports: a suite per file, a failure per finding that fails the run."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from flaglint.lints import catalogue
from flaglint.render.frames import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.config import Settings
    from flaglint.model import CheckResult, Finding
    from flaglint.render.sources import Sources

# What XML 1.0 cannot hold, even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(result: CheckResult, settings: Settings, sources: Sources, *, color: bool) -> str:  # noqa: ARG001 - as every format
    """Return the report; a finding below `fail-on` is a passing test with a note; so is having none."""
    failing = sum(finding.severity >= settings.fail_on for finding in result.findings)
    suites = [line for path, found in _by_path(result) for line in _suite(path, found, settings)]
    if not result.findings:
        suites = [
            '  <testsuite name="flaglint" tests="1" failures="0" errors="0" skipped="0" time="0">',
            '    <testcase name="no findings" classname="flaglint" time="0"/>',
            "  </testsuite>",
        ]
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="flaglint" tests="{len(result.findings) or 1}" failures="{failing}" errors="0" time="0">',
        *suites,
        "</testsuites>",
    ]
    return "\n".join(lines) + "\n"


def _by_path(result: CheckResult) -> Iterator[tuple[str, list[Finding]]]:
    for path, found in groupby(result.findings, key=lambda finding: finding.primary.path):
        yield path, list(found)


def _suite(path: str, findings: list[Finding], settings: Settings) -> Iterator[str]:
    names = {entry.code: entry.name for entry in catalogue.entries()}
    failing = sum(finding.severity >= settings.fail_on for finding in findings)
    head = f'tests="{len(findings)}" failures="{failing}" errors="0" skipped="0" time="0"'
    yield f"  <testsuite name={_attribute(path)} {head}>"
    for finding in findings:
        name = f"{finding.code} {names.get(finding.code, '')}"
        name += f": {finding.key}" if finding.key else ""
        at = f'file={_attribute(path)} line="{finding.primary.start.line}" time="0"'
        yield f"    <testcase name={_attribute(name)} classname={_attribute(path)} {at}>"
        text = escape(_cleaned(_text(finding)))
        if finding.severity >= settings.fail_on:
            kind = f'type="{finding.severity.word}"'
            yield f"      <failure message={_attribute(finding.message)} {kind}>{text}</failure>"
        else:
            yield f"      <system-out>{text}</system-out>"
        yield "    </testcase>"
    yield "  </testsuite>"


def _text(finding: Finding) -> str:
    lines = [f"{place(finding.primary)}: {finding.severity.word}: {finding.message}"]
    lines += [f"{place(label.span)}: {label.message}" for label in finding.related]
    lines += [f"help: {finding.help}"] if finding.help else []
    return "\n".join(lines)


def _attribute(text: str) -> str:
    return quoteattr(_cleaned(text))


def _cleaned(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
