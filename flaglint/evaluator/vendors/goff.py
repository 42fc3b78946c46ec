"""Verdicts on GO Feature Flag's flags, by `modules/core/flag` of https://github.com/thomaspoignant/go-feature-flag.

A flag with a percentage or a progressive rollout anywhere fails for a context without a targeting key, and the caller's
default is served: also where one variation has 100 %. So does a flag with a `bucketingKey` that the context lacks.
"""

from __future__ import annotations

from copy import deepcopy
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.vendors.outcomes import CODE_DEFAULT, ERROR, Outcomes, Served
from flaglint.evaluator.wording import day_of
from flaglint.model import CodeDefault, Constant, Unknown, Varies
from flaglint.registry.timestamps import moment_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict

_BEGINNING: Final = float("-inf")


def prove(flag: Flag, question: Question) -> Verdict:
    """Return what is proven of a flag: past steps are carried out first, those of the future count both ways."""
    payload: Any = flag.payload
    if not isinstance(payload, dict) or not isinstance(payload.get("defaultRule"), dict):
        return Unknown("its definition cannot be read")
    now = question.now
    boundaries = _boundaries(payload)
    past = max((moment for moment in boundaries if moment <= now), default=_BEGINNING)
    starts = [past, *sorted(moment for moment in boundaries if moment > now)]
    stretches = [(start, _outcomes(payload, max(start, now), question)) for start in starts]
    since = day_of(past) if past != _BEGINNING else None
    tail: list[tuple[float, Outcomes]] = []
    for start, outcomes in reversed(stretches):
        if not _is_single([outcomes, *(found for _, found in tail)]):
            break
        tail.append((start, outcomes))
    if not tail:
        return stretches[0][1].verdict() if len(stretches) == 1 else Varies(_now(stretches))
    settled = _joined([found for _, found in tail]).verdict(since)
    begins = tail[-1][0]
    if len(tail) == len(stretches):
        return settled
    forecast = settled.variant if isinstance(settled, Constant) else None
    until = f"{_why(stretches[0][1])} until {day_of(begins)}"
    return Varies(until, day_of(begins, round_up=True), forecast)


def _now(stretches: Sequence[tuple[float, Outcomes]]) -> str:
    first = stretches[0][1]
    return f"{_why(first)} until {day_of(stretches[1][0])}" if _is_single([first]) else _why(first)


def _why(outcomes: Outcomes) -> str:
    verdict = outcomes.verdict()
    if isinstance(verdict, Varies):
        return verdict.why
    served = verdict.value if isinstance(verdict, Constant) else "the default in the code"
    return f"it serves {served if not isinstance(served, bool) else str(served).lower()}"


def _is_single(found: Sequence[Outcomes]) -> bool:
    return isinstance(_joined(found).verdict(), Constant | CodeDefault)


def _joined(found: Sequence[Outcomes]) -> Outcomes:
    joined = Outcomes()
    for outcomes in found:
        for outcome, reasons in outcomes.reasons.items():
            for reason in reasons:
                joined.add(outcome, reason)
        joined.ask(*outcomes.asked)
    return joined


def _boundaries(payload: Mapping[str, Any]) -> set[float]:
    """Return the moments at which something changes, UTC seconds."""
    found: set[float] = set()
    for place in (payload, *payload.get("scheduledRollout", ())):
        experiment = place.get("experimentation") or {}
        ramps = [rule.get("progressiveRollout") or {} for rule in _all_rules(place)]
        steps = [ramp.get(name) or {} for ramp in ramps for name in ("initial", "end")]
        found |= set(_moments(place.get("date"), experiment.get("start"), *(step.get("date") for step in steps)))
        found |= {moment + 0.001 for moment in _moments(experiment.get("end"))}  # the last moment still counts
    return found


def _moments(*written: Any) -> Iterator[float]:
    for text in written:
        moment = moment_of(text)
        if moment is not None:
            yield moment


def _outcomes(
    payload: Mapping[str, Any], moment: float, question: Question, *, ignores_needs: bool = False
) -> Outcomes:
    """Return what a flag can come to at a moment."""
    outcomes = Outcomes()
    flag, is_doubtful = _at(payload, moment)
    experiment = flag.get("experimentation") or {}
    started = next(_moments(experiment.get("start")), _BEGINNING)
    ended = next(_moments(experiment.get("end")), float("inf"))
    if flag.get("disable"):
        outcomes.add(CODE_DEFAULT, "it is disabled")
        return outcomes
    if not started <= moment <= ended:
        outcomes.add(
            CODE_DEFAULT, "its experimentation is over" if moment > ended else "its experimentation has not begun"
        )
        return outcomes
    if is_doubtful:
        outcomes.add(ERROR, "a step adds rules and another follows, which versions carry out differently")
        return outcomes
    if flag.get("bucketingKey"):
        outcomes.ask(f"whether {flag['bucketingKey']} is given")
        outcomes.add(ERROR, "the bucketing key may be missing")
    elif _needs_a_key(payload, flag):
        outcomes.ask("whether a targeting key is given")
        outcomes.add(ERROR, "the targeting key may be missing")
    if not ignores_needs:
        _needs(flag, moment, question, outcomes)
    _rules(flag, moment, outcomes)
    return outcomes


# --------------------------------------------------------------------------------------------------------- steps


def _at(payload: Mapping[str, Any], moment: float) -> tuple[dict[str, Any], bool]:
    """Return a flag with the steps until a moment carried out, and whether versions disagree about them."""
    flag: dict[str, Any] = deepcopy({name: value for name, value in payload.items() if name != "scheduledRollout"})
    adds: list[bool] = []  # whether each step that is carried out adds rules
    base = list(flag.get("targeting") or ())
    for step in payload.get("scheduledRollout", ()):
        if not any(at <= moment for at in _moments(step.get("date"))):
            continue
        added = _merge_rules(base, step.get("targeting") or ())
        adds.append(bool(added))
        flag["targeting"] = [*base, *added]
        if step.get("disable") is not None:
            flag["disable"] = step["disable"]
        if step.get("defaultRule") is not None:
            _merge(flag["defaultRule"], step["defaultRule"])
        flag["variations"].update(step.get("variations") or {})
        if step.get("experimentation") is not None:
            told = {name: value for name, value in step["experimentation"].items() if value is not None}
            flag["experimentation"] = {**(flag.get("experimentation") or {}), **told}
    return flag, any(adds[:-1])


def _merge_rules(rules: list[Any], updates: Sequence[Any]) -> list[Any]:
    """Merge updates into the rules of the same name, in place; return those that name none."""
    named = {update["name"]: update for update in updates if update.get("name") is not None}
    merged = set()
    for rule in rules:
        name = rule.get("name") or ""
        if name in named:
            _merge(rule, named[name])
            merged.add(name)
    return [deepcopy(update) for update in updates if (update.get("name") or "") not in merged]


def _merge(rule: dict[str, Any], update: Mapping[str, Any]) -> None:
    """Carry out an update of a rule. Its percentages stay, and still decide, where it only gets a variation."""
    for name in ("disable", "query", "variation"):
        if update.get(name) is not None:
            rule[name] = update[name]
    if update.get("progressiveRollout") is not None:
        known = rule.get("progressiveRollout") or {}
        for name in ("initial", "end"):
            told = {
                key: value for key, value in (update["progressiveRollout"].get(name) or {}).items() if value is not None
            }
            known[name] = {**(known.get(name) or {}), **told}
        rule["progressiveRollout"] = known
    if update.get("percentage") is not None:
        merged = {**(rule.get("percentage") or {}), **update["percentage"]}
        rule["percentage"] = {name: share for name, share in merged.items() if update["percentage"].get(name, 0) >= 0}


# --------------------------------------------------------------------------------------------------------- rules


def _needs_a_key(payload: Mapping[str, Any], flag: Mapping[str, Any]) -> bool:
    """Whether a percentage stands anywhere, in steps that are still to come, too."""
    rules = _all_rules(flag)
    for step in payload.get("scheduledRollout", ()):
        rules += _all_rules(step)
    return any(rule.get("percentage") or rule.get("progressiveRollout") is not None for rule in rules)


def _all_rules(place: Mapping[str, Any]) -> list[Any]:
    return [place.get("defaultRule") or {}, *(place.get("targeting") or ())]


def _needs(flag: Mapping[str, Any], moment: float, question: Question, outcomes: Outcomes) -> None:
    """Add the default where a flag that this one needs does not serve what is wanted, or may not."""
    for need in flag.get("needs") or ():
        parent = question.flags.get(need["flag"])
        payload: Any = (
            parent.payload if parent is not None and not parent.problems and parent.format == "goff" else None
        )
        wanted = need.get("value")
        served = Served.of(None, True if wanted is None else wanted).value
        found = _outcomes(payload, moment, question, ignores_needs=True) if payload else None
        if found is None or {outcome.value for outcome in found.reasons} != {served}:
            outcomes.ask(f"the flag `{need['flag']}`, which it needs")
            outcomes.add(CODE_DEFAULT, f"it needs `{need['flag']}`")


def _rules(flag: Mapping[str, Any], moment: float, outcomes: Outcomes) -> None:
    for number, rule in enumerate(flag.get("targeting") or (), start=1):
        if rule.get("disable"):
            continue
        query = (rule.get("query") or "").strip()
        if query:
            outcomes.ask(f"the query of rule {number}")
        _serve(rule, flag, moment, f"rule {number} serves it to everyone it matches", outcomes)
        if not query:
            return
    _serve(flag["defaultRule"], flag, moment, "its default rule serves it", outcomes)


def _in_a_ramp(rollout: Mapping[str, Any], moment: float) -> list[Any]:
    """Return the variations that a progressive rollout serves: one before it begins, one when it is over."""
    initial, end = rollout.get("initial") or {}, rollout.get("end") or {}
    begins, ends = next(_moments(initial.get("date")), None), next(_moments(end.get("date")), None)
    if begins is None or ends is None or ends <= begins:
        return [None]
    if moment < begins:
        return [initial.get("variation")]
    if moment >= ends and not 0 < (end.get("percentage") or 0) < 100:
        return [end.get("variation")]
    return [initial.get("variation"), end.get("variation")]


def _serve(rule: Mapping[str, Any], flag: Mapping[str, Any], moment: float, reason: str, outcomes: Outcomes) -> None:
    variations = flag["variations"]
    if rule.get("progressiveRollout") is not None:
        names = _in_a_ramp(rule["progressiveRollout"], moment)
        if len(names) > 1:
            outcomes.ask("a progressive rollout")
    elif rule.get("percentage"):
        names = [name for name, share in rule["percentage"].items() if share > 0]
        if len(names) != 1:
            outcomes.ask("a share by the targeting key")
    else:
        names = [rule.get("variation")]
    for name in names or [None]:
        if name is None or variations.get(name) is None:
            outcomes.add(ERROR, "a rule names no variation that exists")
        else:
            outcomes.add(Served.of(name, variations[name]), reason)
