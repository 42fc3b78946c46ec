"""Why flags should go now, as the lint rules say it: the report and `flaglint check` never disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints import check
from flaglint.model import Severity
from flaglint.records import replace
from flaglint.report.debt import Due

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.lints.traffic import Traffic

# expired, fully rolled out, off for everybody, killed long ago, stale, unused, used by tests only
_CODES = ("FLG301", "FLG302", "FLG304", "FLG307", "FLG303", "FLG202", "FLG208")


def due_flags(
    graph: FlagGraph,
    settings: Settings,
    *,
    read_text: Callable[[str], bytes | None],
    now: float,
    commented: Iterable[str],
    traffic: Traffic | None,
) -> tuple[dict[str, list[Due]], tuple[str, ...]]:
    """Return by key why flags should go, most telling reason first, and notes on what could not be judged.

    What the project ignores or suppresses is no reason, and neither is what a rule only gives as information. The
    baseline does not count: what is in it is debt all the same.
    """
    chosen = replace(settings, select=_CODES, extend_select=())
    result = check(
        graph,
        chosen,
        read_text=read_text,
        now=now,
        commented=commented,
        provided={"traffic": traffic} if traffic else {},
    )
    found: dict[str, list[Due]] = {}
    for finding in result.findings:
        if finding.code in _CODES and finding.severity >= Severity.WARNING:
            sentence = finding.message.removeprefix(f"`{finding.key}` ").removeprefix("is ")
            reasons = found.setdefault(finding.key, [])
            if not any(reason.code == finding.code for reason in reasons):
                reasons.append(Due(finding.code, sentence))
    for reasons in found.values():
        reasons.sort(key=lambda reason: _CODES.index(reason.code))
    return found, result.notes
