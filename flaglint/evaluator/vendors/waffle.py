"""Verdicts on django-waffle's flags, switches and samples, by `waffle.models` of version 5.

A flag reaches everyone through `everyone` alone: a share tops out at 99.9 %, and superusers are in unless the row says
otherwise. Settings that change it all, WAFFLE_OVERRIDE above all, and overrides in tests lie outside of the proof.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.vendors.outcomes import Outcomes, Served
from flaglint.model import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict

_ON: Final = Served(None, "true")
_OFF: Final = Served(None, "false")
# Who gets a flag, by the field that says so, in the order in which waffle looks.
_GROUPS: Final = {
    "testing": "a cookie for tests",
    "languages": "the language",
    "authenticated": "whether the user is logged in",
    "staff": "whether the user is staff",
    "superusers": "whether the user is a superuser",
    "users": "who is listed",
    "groups": "the user's groups",
}


def prove(flag: Flag, _: Question) -> Verdict:
    """Return what is proven of a name: of a flag, a switch or a sample, or of those that share it."""
    payload: Any = flag.payload
    kinds: Mapping[str, Mapping[str, Any]] = payload.get("kinds", {}) if isinstance(payload, dict) else {}
    if not kinds:
        return Unknown("its row cannot be read")
    outcomes = Outcomes()
    for kind, row in kinds.items():
        _COLLECT[kind](row, outcomes)
    if len(kinds) > 1 and not outcomes.asked:
        outcomes.ask(f"whether the {' or the '.join(kinds)} of this name is read")
    days = [date.fromisoformat(row["since"]) for row in kinds.values() if "since" in row]
    return outcomes.verdict(max(days) if len(days) == len(kinds) else None)


def _flag(row: Mapping[str, Any], outcomes: Outcomes) -> None:
    everyone = row.get("everyone")
    if everyone is not None:
        outcomes.add(_ON if everyone else _OFF, f"`everyone` is {str(everyone).lower()}")
        return
    asked = [what for name, what in _GROUPS.items() if row.get(name)]
    if Decimal(row.get("percent", 0)) > 0:
        asked.append(f"chance, at {row['percent']} %")
    if "model" in row:
        asked.append(f"what the model `{row['model']}` asks")
    outcomes.ask(*asked)
    if asked:
        outcomes.add(_ON, "it names some")
    outcomes.add(_OFF, "`everyone` is unknown, and it names nobody")


def _switch(row: Mapping[str, Any], outcomes: Outcomes) -> None:
    outcomes.add(_ON if row["active"] else _OFF, f"the switch is {'on' if row['active'] else 'off'}")


def _sample(row: Mapping[str, Any], outcomes: Outcomes) -> None:
    """Add what a share serves; that a draw is 0 to the last digit, once in 2^53, is left out of account."""
    percent = Decimal(row["percent"])
    if 0 < percent < 100:
        outcomes.ask(f"chance, at {percent} %")
    if percent > 0:
        outcomes.add(_ON, f"it is on for {percent} %")
    if percent < 100:
        outcomes.add(_OFF, f"it is on for {percent} %")


_COLLECT: Final = {"flag": _flag, "switch": _switch, "sample": _sample}
