"""Verdicts on Unleash's features: strategies are OR-ed, a feature that is enabled without any is on.

As in https://github.com/Unleash/client-specification and the engine of the SDKs. What that engine cannot compile in one
strategy switches the whole feature off, where other engines go on with the next strategy; so it proves nothing.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.vendors.outcomes import ERROR, Outcomes, Served, of_environment, without_data

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict

_NEVER, _MAYBE, _ALWAYS = range(3)
_NO_VARIANT: Final = "disabled"  # what a feature that is on without variants serves as one
_OF_LISTS: Final = frozenset({"IN", "NOT_IN", "STR_CONTAINS", "STR_STARTS_WITH", "STR_ENDS_WITH"})
_OF_NUMBERS: Final = frozenset({"NUM_EQ", "NUM_GT", "NUM_GTE", "NUM_LT", "NUM_LTE"})
_NUMBER: Final = re.compile(r"-?[0-9]+(?:\.[0-9]+)?")
_DATE: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[-+][0-9]{2}:[0-9]{2})"
)
_SEMVER: Final = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+(?:-[0-9A-Za-z.-]+)?")
_SINGLE: Final = {
    **dict.fromkeys(_OF_NUMBERS, _NUMBER),
    **dict.fromkeys(("DATE_AFTER", "DATE_BEFORE"), _DATE),
    **dict.fromkeys(("SEMVER_EQ", "SEMVER_GT", "SEMVER_LT"), _SEMVER),
}
_PERCENT: Final = re.compile(r"[0-9]{1,2}|100")
_FIXED: Final = frozenset({"default", "random"})  # kinds of stickiness that need nothing of the context


def prove(flag: Flag, question: Question) -> Verdict:
    """Return what is proven of a feature; the value is whether it is on."""
    if of_environment(flag.payload, question.environment) is None:
        return without_data(flag.payload, question.environment)
    return _outcomes(flag, question).verdict()


def _outcomes(flag: Flag, question: Question, *, is_parent: bool = False) -> Outcomes:
    payload: Any = flag.payload
    found = of_environment(payload, question.environment)
    outcomes = Outcomes()
    if found is None or flag.problems:
        outcomes.add(ERROR, f"what `{flag.key}` serves cannot be read")
        return outcomes
    if not found["enabled"]:
        where = "" if question.environment == "default" else f" in {question.environment}"
        outcomes.add(_OFF, f"it is disabled{where}")
        return outcomes
    if not is_parent and not _parents(payload, question, outcomes):
        return outcomes
    _strategies(found, payload, outcomes)
    return outcomes


_OFF: Final = Served(None, "false")


# ---------------------------------------------------------------------------------------------------- dependencies


def _parents(payload: Mapping[str, Any], question: Question, outcomes: Outcomes) -> bool:
    """Add what parents that are not met serve; return whether all can be."""
    for wanted in payload["dependencies"]:
        key = wanted["feature"]
        met, why = _met(wanted, question, is_part="is_part" in payload)
        if met == _NEVER:
            outcomes.reasons.clear()
            outcomes.add(_OFF, why)
            return False
        if met == _MAYBE:
            outcomes.ask(why)
            outcomes.add(_OFF, f"its parent `{key}` is not as wanted")
    return True


def _met(wanted: Mapping[str, Any], question: Question, *, is_part: bool) -> tuple[int, str]:
    """Return whether a parent is as a child wants it, and why not or what that depends on."""
    key = wanted["feature"]
    parent = question.flags.get(key)
    if parent is None and is_part:
        return _MAYBE, f"the parent `{key}`, which the export does not hold"
    if parent is None or parent.archived or parent.format != "unleash":
        return _NEVER, f"its parent `{key}` does not exist"
    payload: Any = parent.payload
    if payload.get("dependencies"):
        return _NEVER, f"its parent `{key}` has a parent itself"
    found = _outcomes(parent, question, is_parent=True).reasons
    on = {outcome for outcome in found if outcome.value == "true"}
    if ERROR in found:
        return _MAYBE, f"the parent `{key}`"
    if not wanted["on"]:
        fits = found.keys() - on
    else:
        names = wanted["variants"]
        fits = {outcome for outcome in on if not names or (outcome.variant or _NO_VARIANT) in names}
    # of a parent without variants, the SDK's engine asks for none; others take it for one called `disabled`
    is_open = wanted["on"] and any(outcome.variant is None and outcome not in fits for outcome in on)
    if not fits and not is_open:
        return _NEVER, f"its parent `{key}` is never as wanted"
    # with variants, engines do not agree whether one is asked of a parent that is to be off
    is_certain = len(fits) == len(found) and not is_open and (wanted["on"] or not wanted["variants"])
    return (_ALWAYS, "") if is_certain else (_MAYBE, f"the parent `{key}`")


# ------------------------------------------------------------------------------------------------------ strategies


def _strategies(found: Mapping[str, Any], payload: Mapping[str, Any], outcomes: Outcomes) -> None:
    # SDKs are not told of disabled ones; what their file says of it nonetheless does not count
    strategies = [strategy for strategy in found["strategies"] if not ("is_part" in payload and strategy["disabled"])]
    if found["strategies"] and not strategies:
        outcomes.add(ERROR, "all of its strategies are disabled")
        return
    if not strategies:
        _on(outcomes, found["variants"], "it is enabled, without strategies")
        return
    doubt = next((doubt for strategy in strategies for doubt in _doubts(strategy, payload)), None)
    if doubt is not None:
        outcomes.add(ERROR, f"{doubt}, and engines do not agree what follows")
        return
    result = _NEVER
    for number, strategy in enumerate(strategies, start=1):
        matches, about = _strategy(strategy, payload)
        if matches != _NEVER and result != _ALWAYS:
            _on(outcomes, strategy["variants"] or found["variants"], f"strategy {number} serves it to everyone")
            outcomes.ask(*about)
        result = max(result, matches)
    if result != _ALWAYS:
        outcomes.add(_OFF, "none of its strategies can match")


def _on(outcomes: Outcomes, variants: Sequence[Any], reason: str) -> None:
    names = [name for name, is_served in variants if is_served]
    for name in names or [None]:
        outcomes.add(Served(name, "true"), reason)


def _strategy(strategy: Mapping[str, Any], payload: Mapping[str, Any]) -> tuple[int, list[str]]:
    """Return whether a strategy is on, and what that depends on."""
    result, about = _by_name(strategy)
    if strategy["disabled"]:
        result = min(result, _MAYBE)
    constraints = list(strategy["constraints"])
    for number in strategy["segments"]:
        segment = payload["segments"].get(str(number)) or {}
        if segment.get("constraints") is None:
            name = f"`{segment['name']}`" if segment.get("name") else str(number)
            result, about = min(result, _MAYBE), [*about, f"the segment {name}"]
        constraints += segment.get("constraints") or []
    for constraint in constraints:
        matches = _constraint(constraint)
        if matches == _MAYBE:
            about.append(constraint["contextName"])
        result = min(result, matches)
    return result, about


def _by_name(strategy: Mapping[str, Any]) -> tuple[int, list[str]]:
    name, parameters = strategy["name"], strategy["parameters"]
    if name == "default":
        return _ALWAYS, []
    if name == "flexibleRollout":
        stickiness = parameters.get("stickiness", "default")
        return _share(parameters.get("rollout"), None if stickiness in _FIXED else stickiness)
    if name == "gradualRolloutRandom":
        return _share(parameters.get("percentage"), None)
    if name in {"gradualRolloutUserId", "gradualRolloutSessionId"}:
        by = "userId" if name.endswith("UserId") else "sessionId"
        return _share(parameters.get("percentage"), by)
    named = {"userWithId": "who is listed", "remoteAddress": "the address", "applicationHostname": "the host"}
    return _MAYBE, [named.get(name, f"the strategy `{name}`")]


def _share(percent: Any, by: str | None) -> tuple[int, list[str]]:
    """Return whether a share of users gets it. All of those who have a property, `by`, are not everybody."""
    if isinstance(percent, str) and _PERCENT.fullmatch(percent):
        if int(percent) == 0:
            return _NEVER, []
        if int(percent) == 100 and by is None:
            return _ALWAYS, []
    return _MAYBE, ["a rollout by chance" if by is None else f"a rollout by {by}"]


def _constraint(constraint: Mapping[str, Any]) -> int:
    """Return whether a constraint holds; only lists without entries are decided without a context."""
    operator, values = constraint["operator"], constraint.get("values") or []
    if operator not in {"IN", "NOT_IN"} or values:
        return _MAYBE
    holds = (operator == "NOT_IN") is not bool(constraint.get("inverted"))
    return _ALWAYS if holds else _NEVER


# ---------------------------------------------------------------------------------------------------------- doubts


def _doubts(strategy: Mapping[str, Any], payload: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the engine may not be able to compile: then it switches the whole feature off."""
    constraints = list(strategy["constraints"])
    for number in strategy["segments"]:
        segment = payload["segments"].get(str(number))
        if segment is None and "is_part" not in payload:
            yield f"there is no segment {number}"
        elif segment is not None and segment["constraints"] is None and "is_part" not in payload:
            yield f"the segment {number} cannot be read"
        constraints += (segment or {}).get("constraints") or []
    for constraint in constraints:
        if not _compiles(constraint):
            yield f"its constraint on `{constraint['contextName']}` cannot be read"
    for name, value in strategy["parameters"].items():
        if not isinstance(value, str) or '"' in value or "\\" in value:
            yield f"its parameter `{name}` cannot be read"
        elif name in {"rollout", "percentage"} and _is_over(value):
            yield f"its {name} is over 100"


def _is_over(value: str) -> bool:
    digits = value.strip().lstrip("+").lstrip("0")
    return digits.isdigit() and (len(digits) > 3 or int(digits) > 100)


def _compiles(constraint: Mapping[str, Any]) -> bool:
    operator, values = constraint["operator"], constraint.get("values") or []
    if '"' in constraint["contextName"] or "\\" in constraint["contextName"]:
        return False
    if operator in _OF_LISTS:
        return not any("\\" in value for value in values) and (bool(values) or operator in {"IN", "NOT_IN"})
    pattern = _SINGLE.get(operator)
    return pattern is not None and bool(pattern.fullmatch(constraint.get("value") or ""))
