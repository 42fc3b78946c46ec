"""What a rule is: a generator of findings with a code, a name and a severity, made by the decorator `rule`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING
from typing import Literal as OneWordOf

from flaglint.model import Confidence, Finding, Severity
from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Label, Span

Scope = OneWordOf["file", "project"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule. `run(graph, settings, **needs)` yields its findings.

    `scope`: a `file` rule says of a file the same whatever other files were given; a `project` rule looks at the
    whole project or at the clock. `needs` names what is handed in besides the graph, by keyword: `today`, `read_text`
    (the bytes of a file), `reported` (whether findings in a file are), `notes` (a list; a rule that adds to it withheld
    its judgement), `traffic` (recorded evaluations, where some are configured), `plans` (what the removal of a flag
    comes to, by key, made when it is looked up), and what the pipeline computes, such as `verdicts`, which stand in the
    graph.
    `registry_only`: all its findings stand in registry files. `enabled` is false for a rule that runs only when it is
    named. `summary` is its first sentence.
    """

    code: str
    name: str
    severity: Severity
    scope: Scope
    needs: tuple[str, ...]
    since: str
    enabled: bool
    registry_only: bool
    summary: str
    run: Callable[..., Iterator[Finding]]

    def __call__(self, graph: FlagGraph, settings: Settings, **needs: object) -> Iterator[Finding]:
        """Yield the findings of this rule alone."""
        return self.run(graph, settings, **needs)

    def at(
        self,
        span: Span,
        *,
        message: str,
        key: str = "",
        related: Sequence[Label] = (),
        help: str = "",  # noqa: A002 - the word that is printed
        confidence: Confidence = Confidence.CERTAIN,
        qualname: str = "",
        severity: Severity | None = None,
    ) -> Finding:
        """Return a finding of this rule at `span`; `severity` only where it is lower than the rule's own."""
        return Finding(
            code=self.code,
            severity=self.severity if severity is None else severity,
            message=message,
            primary=span,
            key=key,
            related=tuple(related),
            help=help,
            confidence=confidence,
            qualname=qualname,
        )


def rule(
    *,
    code: str,
    name: str,
    severity: Severity,
    scope: Scope,
    needs: tuple[str, ...] = (),
    since: str,
    enabled: bool = True,
    registry_only: bool = False,
) -> Callable[[Callable[..., Iterator[Finding]]], Rule]:
    """Turn a generator of findings into a `Rule`; the first sentence of its module is the summary."""

    def make(run: Callable[..., Iterator[Finding]]) -> Rule:
        documentation = sys.modules[run.__module__].__doc__ or ""
        return Rule(
            code=code,
            name=name,
            severity=severity,
            scope=scope,
            needs=needs,
            since=since,
            enabled=enabled,
            registry_only=registry_only,
            summary=documentation.strip().partition("\n\n")[0].replace("\n", " "),
            run=run,
        )

    return make
