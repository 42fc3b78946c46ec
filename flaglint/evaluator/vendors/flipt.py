"""Verdicts on Flipt's flags, by `internal/server/evaluation` of https://github.com/flipt-io/flipt.

Every evaluation has an entity, so that a share of 100 % is everybody. A boolean flag falls through its rollouts to
`enabled`; a variant flag that nothing decides has its default variant, or the default in the code.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.vendors.outcomes import CODE_DEFAULT, ERROR, Outcomes, Served
from flaglint.model import Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict

_NEVER, _MAYBE, _ALWAYS = range(3)
_BUCKETS: Final = 1_000  # of a distribution; a share of 100 % has all
_TEXTS: Final = frozenset({"STRING_COMPARISON_TYPE", "ENTITY_ID_COMPARISON_TYPE"})


def prove(flag: Flag, _: Question) -> Verdict:
    """Return what is proven of a flag: whether a boolean one is on, or the key of the variant."""
    payload: Any = flag.payload
    if not isinstance(payload, dict) or "kind" not in payload:
        return Unknown("its definition cannot be read")
    outcomes = Outcomes()
    if payload["kind"] == "BOOLEAN_FLAG_TYPE":
        _boolean(payload, outcomes)
    else:
        _variant(payload, outcomes)
    return outcomes.verdict()


def _on(value: bool) -> Served:  # noqa: FBT001 - the value that is served
    return Served.of(str(value).lower(), value)


def _boolean(payload: Mapping[str, Any], outcomes: Outcomes) -> None:
    for number, rollout in enumerate(payload["rollouts"], start=1):
        if "percentage" in rollout:
            share = rollout["percentage"]
            matches = _ALWAYS if share >= 100 else _MAYBE if share > 0 else _NEVER
            about = "a share of the entities"
        else:
            matches = _segments(rollout, payload, outcomes)
            about = _named(rollout)
        if matches == _NEVER:
            continue
        outcomes.add(_on(rollout["value"]), f"rollout {number} serves it to everyone")
        if matches == _ALWAYS:
            return
        outcomes.ask(about)
    enabled = payload["enabled"]
    outcomes.add(_on(enabled), f"it is {'enabled' if enabled else 'disabled'}, and no rollout decides")


def _variant(payload: Mapping[str, Any], outcomes: Outcomes) -> None:
    if not payload["enabled"]:
        outcomes.add(CODE_DEFAULT, "it is disabled")
        if payload["default"] is not None:
            outcomes.ask("whether the SDK serves the default variant of a flag that is disabled")
            _otherwise(payload, "it is disabled", outcomes)
        return
    for number, rule in enumerate(payload["rules"], start=1):
        matches = _segments(rule, payload, outcomes)
        if matches == _NEVER:
            continue
        if matches == _MAYBE:
            outcomes.ask(_named(rule))
        _distribute(rule, payload, f"rule {number} serves it to everyone", outcomes)
        if matches == _ALWAYS:
            return
    _otherwise(payload, "no rule decides", outcomes)


def _distribute(rule: Mapping[str, Any], payload: Mapping[str, Any], reason: str, outcomes: Outcomes) -> None:
    """Add what the shares of a rule serve; who falls beside them gets the default, and no further rule is asked.

    A rule without any share matches. It names the default variant; without one it names none, which callers do not take
    for a reason to use their default.
    """
    before, names = 0, set()
    for variant, rollout in rule["distributions"]:
        if rollout > 0 and before <= _BUCKETS:  # the client takes the last bucket of a share for the next one's
            names.add(variant)
            outcomes.add(Served.of(variant, variant), reason)
        before += int(max(rollout, 0) * 10)
    if not names and payload["default"] is None:
        outcomes.add(ERROR, "a rule that matches has no shares, and names no variant")
    if before < _BUCKETS:
        _otherwise(payload, "no share decides", outcomes)
    if len(names) > 1 or (names and before < _BUCKETS):
        outcomes.ask("a share of the entities")


def _otherwise(payload: Mapping[str, Any], reason: str, outcomes: Outcomes) -> None:
    default = payload["default"]
    if default is None:
        outcomes.add(CODE_DEFAULT, f"{reason}, and it has no default variant")
    else:
        outcomes.add(Served.of(default, default), f"{reason}, so its default variant is served")


def _segments(rule: Mapping[str, Any], payload: Mapping[str, Any], outcomes: Outcomes) -> int:
    """Return whether the segments of a rule match; those without constraints hold everybody."""
    found = [_segment(payload["segments"].get(name), outcomes) for name in rule["segments"]]
    if not found:
        return _MAYBE
    return min(found) if rule["all"] else max(found)


def _segment(segment: Any, outcomes: Outcomes) -> int:
    if segment is None:
        outcomes.add(ERROR, "a segment cannot be read")
        return _MAYBE
    constraints = segment.get("constraints") or ()
    if any(constraint.get("type") not in _TEXTS for constraint in constraints):
        # an attribute that is no number, or no time, is an error to some versions
        outcomes.add(ERROR, "a constraint may fail")
    return _MAYBE if constraints else _ALWAYS


def _named(rule: Mapping[str, Any]) -> str:
    names = rule["segments"]
    return f"the segment `{names[0]}`" if len(names) == 1 else "segments"
