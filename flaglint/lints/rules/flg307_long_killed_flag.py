"""A flag that was killed long ago is an incident that nobody finished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.lints.definitions import days, past, place_of, quoted
from flaglint.lints.rule import rule
from flaglint.lints.served import kills
from flaglint.model import Label, Severity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding


@rule(code="FLG307", name="long-killed-flag", severity=Severity.WARNING, scope="project", needs=("today",), since="0.1")
def long_killed_flag(graph: FlagGraph, settings: Settings, *, today: date) -> Iterator[Finding]:
    """Yield flags whose `kill.since` is older than `killed-days`, of every type: a kill is meant to be lifted."""
    for flag, _ in graph.definitions:
        old = [
            (environment, kill)
            for environment, kill in kills(graph, settings, flag)
            if kill.since is not None and past(kill.since, today) >= settings.killed_days
        ]
        if not old:
            continue
        environment, kill = min(old, key=lambda item: str(item[1].since))
        assert kill.since is not None
        where = f" in {environment}" if environment else ""
        by = f" by {kill.by}" if kill.by else ""
        why = f": {kill.reason}" if kill.reason else ""
        undo = f"flaglint kill {quoted(flag.key)}{f' --env {quoted(environment)}' if environment else ''} --undo"
        place = place_of(graph, flag)
        yield long_killed_flag.at(
            place,
            key=flag.key,
            message=f"`{flag.key}` is killed{where} since {kill.since} ({days(past(kill.since, today))}){by}{why}",
            related=[Label(kill.span, "killed here")] if kill.span != place else [],
            help=f"mend what was wrong and lift it: {undo}; or remove it: flaglint remove {quoted(flag.key)}",
        )
