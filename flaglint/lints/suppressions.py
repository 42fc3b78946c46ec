"""Suppressions: `# flaglint: ignore[FLG302] reason`, what each one hides, and what is wrong with one."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from flaglint.lints import catalogue
from flaglint.lints.directives import directives
from flaglint.model import Skipped
from flaglint.records import dataclass, field
from flaglint.source import decode
from flaglint.spelling import did_you_mean, nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flaglint.lints.directives import Directive
    from flaglint.model import Finding, Span

_VERB = "ignore"
_UNTIL = r"(?:^|\s)until\s*=\s*(\S*)"
_HOW = "write `# flaglint: ignore[FLG302] reason`, with the code of the rule"


@dataclass(slots=True)
class Suppression:
    """One comment that hides findings, with what it hid so far."""

    span: Span
    codes: tuple[str, ...]
    first: int
    last: int
    own_line: bool
    until: date | None = None  # the last day on which it hides anything
    problems: tuple[tuple[str, str], ...] = ()  # (message, help) for what cannot be understood in it
    used: set[str] = field(default_factory=set)

    def covers(self, finding: Finding) -> bool:
        """Whether it speaks for the place of a finding: one that touches its line, or begins in its statement."""
        place = finding.primary
        if finding.code not in self.codes or place.path != self.span.path:
            return False
        if self.own_line:
            return self.first <= place.start.line <= self.last
        return place.start.line <= self.last and self.first <= place.end.line

    def is_over(self, today: date | None) -> bool:
        """Whether its last day is past; without a day to compare with, it never is."""
        return self.until is not None and today is not None and today > self.until


def in_file(path: str, data: bytes) -> Iterator[Suppression]:
    """Yield the suppressions of one file, in order; none for a file that cannot be decoded."""
    text = decode(path, data)
    if isinstance(text, Skipped):
        return
    for directive in directives(text):
        yield _understand(directive)


def split(
    findings: Iterable[Finding], suppressions: Iterable[Suppression], today: date | None
) -> tuple[list[Finding], list[Finding]]:
    """Return (findings that stand, findings that are hidden), and note in each suppression what it hid."""
    by_path: dict[str, list[Suppression]] = {}
    for suppression in suppressions:
        if not suppression.is_over(today):
            by_path.setdefault(suppression.span.path, []).append(suppression)
    kept: list[Finding] = []
    hidden: list[Finding] = []
    for finding in findings:
        covering = [one for one in by_path.get(finding.primary.path, ()) if one.covers(finding)]
        for one in covering:
            one.used.add(finding.code)
        (hidden if covering else kept).append(finding)
    return kept, hidden


def _understand(directive: Directive) -> Suppression:
    known: list[str] = []
    problems: list[tuple[str, str]] = []
    until = None
    if directive.verb != _VERB:
        told = f"`{directive.verb}` is no instruction to flaglint" if directive.verb else "an instruction is missing"
        problems.append((told, did_you_mean(nearest(directive.verb, [_VERB]), _HOW)))
    elif not directive.codes:
        problems.append(("a suppression without a code hides nothing", _HOW))
    else:
        for code in directive.codes:
            entry = catalogue.find(code)
            if entry is not None:
                known.append(entry.code)
                continue
            problems.append((f"`{code}` is no rule", did_you_mean(catalogue.suggestion(code), _HOW)))
        if (match := re.search(_UNTIL, directive.rest)) is not None:
            try:
                until = date.fromisoformat(match[1])
            except ValueError:
                problems.append((f"`until={match[1]}` is no date", "write the last day as `until=2027-01-31`"))
                known = []  # a snooze of unknown length would be one for ever
    return Suppression(
        span=directive.span,
        codes=tuple(dict.fromkeys(known)),
        first=directive.first,
        last=directive.last,
        own_line=directive.own_line,
        until=until,
        problems=tuple(problems),
    )
