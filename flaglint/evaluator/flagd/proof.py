"""Verdicts on flags in flagd's format.

A 100/0 split there still depends on the bucketing key, and what may end in an error is no proof.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.flagd.definition import variant_name
from flaglint.evaluator.flagd.logic import KNOWN_OPERATORS, operators_of
from flaglint.evaluator.flagd.possible import TIMESTAMP, Analysis
from flaglint.evaluator.wording import day_of
from flaglint.model import CodeDefault, Constant, Unknown, Varies

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict

HORIZON: Final = (
    20 * 365 * 86_400
)  # seconds that a proof looks ahead: flagd's usual ramp overflows its weights in 68 years
_MOST_BOUNDARIES: Final = 200
_ERROR, _CODE_DEFAULT = "\0error", "\0default"


def prove(flag: Flag, question: Question) -> Verdict:
    """Return what is proven of a flag in flagd's format."""
    definition, now = flag.payload, question.now
    if not isinstance(definition, dict) or not isinstance(definition.get("variants"), dict):
        return Unknown("its definition cannot be read")
    variants: dict[str, Any] = definition["variants"]  # type: ignore[assignment] # checked on the line above
    if definition.get("state") == "DISABLED":
        return CodeDefault("it is disabled")
    targeting = definition.get("targeting")
    default = _outcome(definition.get("defaultVariant"), variants)
    if not targeting:
        return _settled({default}, variants, "it has no targeting") or Varies("its default variant does not exist")
    # JavaScript's core refuses a rule for what it cannot read in a branch that is never taken; it has no `log`
    is_refused = not operators_of(targeting) <= KNOWN_OPERATORS - {"log"}
    is_refused = is_refused or Analysis(flag.key, question.registry.bucketing, 0, 0).fails_unasked(targeting)
    tail: list[tuple[int, set[str]]] = []  # stretches that all come to one outcome, latest first
    for begins, ends in _stretches(targeting, int(now)):
        result = Analysis(flag.key, question.registry.bucketing, begins, ends).result(targeting)
        outcomes = {_ERROR} if result.fails or is_refused else set()
        if result.values is None:
            outcomes |= {*variants, default, _ERROR}
        else:
            found = map(json.loads, result.values)
            # an empty text names no variant here, while an empty default means that there is none
            outcomes |= {
                default if value is None else _ERROR if value == "" else _outcome(value, variants) for value in found
            }
        if _settled(outcomes.union(*(earlier for _, earlier in tail)), variants, "") is None:
            break
        tail.append((begins, outcomes))
    if not tail:
        return Varies("its targeting depends on the context")
    begins = tail[-1][0]
    settled = _settled(
        set().union(*(outcomes for _, outcomes in tail)), variants, "everything its targeting can come to is the same"
    )
    assert settled is not None
    if begins > now:
        forecast = settled.variant if isinstance(settled, Constant) else None
        return Varies(
            f"its targeting depends on the context or the time until {day_of(begins)}",
            day_of(begins, round_up=True),
            forecast,
        )
    return settled


def _settled(outcomes: set[str], variants: Mapping[str, Any], reason: str) -> Constant | CodeDefault | None:
    """Return the verdict for a set of outcomes: variants, the default in the code, an error; None when they differ."""
    if outcomes == {_CODE_DEFAULT}:
        return CodeDefault("it has no default variant")
    if _ERROR in outcomes or _CODE_DEFAULT in outcomes:
        return None
    if len({json.dumps(variants[name]) for name in outcomes}) != 1:
        return None
    variant = next(iter(outcomes))
    return Constant(variant if len(outcomes) == 1 else None, variants[variant], reason)


def _outcome(result: Any, variants: Mapping[str, Any]) -> str:
    name = variant_name(result)
    if name is None:
        return _CODE_DEFAULT
    return _ERROR if variants.get(name) is None else name


def _stretches(targeting: Any, now: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last second of each stretch from the beginning of time to the horizon, latest first.

    Boundaries are all integers in the rule: what is compared with the time, or counted from it, is among them.
    """
    end = now + HORIZON
    boundaries = {0}
    if json.dumps(TIMESTAMP) in json.dumps(targeting):
        boundaries |= {moment for number in _integers(targeting) for moment in (number, number + 1)}
    if len(boundaries) > _MOST_BOUNDARIES:
        boundaries = {now, *(moment for moment in boundaries if moment > now)}
    for begins in sorted((moment for moment in boundaries if 0 <= moment <= end), reverse=True):
        yield begins, end
        end = begins - 1


def _integers(rule: Any) -> Iterator[int]:
    if isinstance(rule, bool):
        return
    if isinstance(rule, int):
        yield rule
    elif isinstance(rule, dict):
        for value in rule.values():
            yield from _integers(value)
    elif isinstance(rule, list):
        for value in rule:
            yield from _integers(value)
