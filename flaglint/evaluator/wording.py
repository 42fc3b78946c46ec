"""Verdicts in words: why a value is constant, what it depends on, and until when."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from flaglint.evaluator.exploration import explore
from flaglint.evaluator.plan import environment_entry
from flaglint.evaluator.walk import BEGINNING, serve_at
from flaglint.model import CodeDefault, Constant, Varies

if TYPE_CHECKING:
    from collections.abc import Collection

    from flaglint.definition import Flag, Kill
    from flaglint.evaluator.walk import Cause, Ground
    from flaglint.model import Verdict

_WAYS: Final = 24  # that are followed to find out what a value depends on
_NAMED: Final = 4  # things that it depends on, before the rest is only counted


def constant_reason(flag: Flag, environment: str, causes: Collection[Cause]) -> str:
    """Return why the flag serves one value, given what decided on every way through it."""
    kinds = {cause.kind for cause in causes}
    if kinds == {"killed"}:
        kill = _kill(flag, environment)
        return "it is killed" if kill is None else f"it is killed{_details(kill)}"
    if kinds == {"cycle"}:
        return "its prerequisites lead back to itself"
    if kinds == {"off"}:
        entry = environment_entry(flag, environment)
        rules = entry.rules if entry is not None and entry.rules is not None else flag.rules
        return "no rule can match any more" if rules else "it has no rules"
    if kinds == {"needs"} and len(causes) == 1:
        return _need_reason(flag, *causes)
    if kinds == {"rule"} and len({cause.rule for cause in causes}) == 1:
        outcomes = {cause.outcome for cause in causes}
        (number,) = {cause.rule for cause in causes}
        if outcomes == {"finished"}:
            return f"the ramp of rule {number} is over"
        return f"rule {number} serves it to everyone"
    return "everything that it can still serve is the same"


def _need_reason(flag: Flag, cause: Cause) -> str:
    wanted = next((" or ".join(need.variants) for need in flag.needs if need.key == cause.parent), "")
    need = f"it needs `{cause.parent}` to serve {wanted}"
    if cause.outcome == "killed":
        return f"{need}, which is killed"
    return f"{need}, which serves {cause.served}" if cause.served else f"{need}, and there is no such flag"


def _details(kill: Kill) -> str:
    since = f" since {kill.since.isoformat()}" if kill.since is not None else ""
    return since + (f" by {kill.by}" if kill.by else "") + (f": {kill.reason}" if kill.reason else "")


def killed_since(flag: Flag, environment: str, causes: Collection[Cause]) -> date | None:
    """Return the day since which the flag is killed, if a kill decides and tells it."""
    kill = _kill(flag, environment)
    return kill.since if kill is not None and {cause.kind for cause in causes} == {"killed"} else None


def _kill(flag: Flag, environment: str) -> Kill | None:
    entry = environment_entry(flag, environment)
    return flag.kill or (entry.kill if entry is not None else None)


def varies_reason(ground: Ground, key: str, now: float) -> str:
    """Return what the value depends on now, or that it will change."""
    starts = [start for start in (BEGINNING, *ground.boundaries(key)) if start <= now]
    served, about = _ways(ground, key, starts[-1])
    if len(served) > 1 or not served:
        return f"it depends on {_listed(about)}" if about else "its rules combine into too many cases"
    later = [start for start in ground.boundaries(key) if start > now]
    for start in later:
        changed, about = _ways(ground, key, start)
        if changed != served:
            on = f", and then depends on {_listed(about)}" if about else ""
            return f"it serves {', '.join(sorted(served))} until {day_of(start)}{on}"
    return "its rules combine into too many cases"


def until_reason(ground: Ground, key: str, now: float, begins: float) -> str:
    """Return what the value depends on until it becomes constant."""
    reason = varies_reason(ground, key, now)
    return reason if " until " in reason else f"{reason} until {day_of(begins)}"


def _ways(ground: Ground, key: str, start: float) -> tuple[set[str], list[str]]:
    """Return the variants that some ways serve, and what they asked for."""
    served: set[str] = set()
    about: dict[str, None] = {}
    for result, questions in islice(explore(partial(serve_at, ground, key, start), _WAYS + 1), _WAYS):
        served.add(result.variant or "the default in the code")
        about.update(dict.fromkeys(questions.asked.values()))
    by = {thing.rpartition(" by ")[2] for thing in about if " by " in thing}
    return served, [thing for thing in about if thing not in {f"whether {key} is given" for key in by}]


def _listed(things: list[str]) -> str:
    if len(things) > _NAMED:
        things = [*things[:_NAMED], f"{len(things) - _NAMED} more"]
    *head, last = things
    return f"{', '.join(head)} and {last}" if head else last


def day_of(moment: float, *, round_up: bool = False) -> date:
    """Return the UTC day of a moment; rounded up, the first day that lies wholly after it."""
    try:
        at = datetime.fromtimestamp(moment, UTC)
        starts_the_day = at.time() == at.time().min
        return at.date() if starts_the_day or not round_up else at.date() + timedelta(days=1)
    except (OverflowError, ValueError, OSError):
        return date.max if moment > 0 else date.min


def verdict_in_words(verdict: Verdict) -> str:
    """Return a verdict as a part of a sentence: `always true (it is on)`."""
    if isinstance(verdict, Constant):
        return f"always {json.dumps(verdict.value, sort_keys=True, ensure_ascii=False)} ({verdict.reason})"
    if isinstance(verdict, CodeDefault):
        return f"the default in the code ({verdict.reason})"
    return f"no single value ({verdict.why})" if isinstance(verdict, Varies) else f"not known ({verdict.why})"
