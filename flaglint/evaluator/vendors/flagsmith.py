"""Verdicts on Flagsmith's features: whether one is on, and its value, in the environment and wherever it is overridden.

After https://docs.flagsmith.com/clients/server-side and the engine's own specification: an override takes the place of
both for whoever is in the segment; a multivariate value needs an identity, and without one, as for those outside of
its shares, the feature has the value of its state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.evaluator.vendors.outcomes import CODE_DEFAULT, Outcomes, Served, listed
from flaglint.model import Constant, Unknown, Varies

if TYPE_CHECKING:
    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict


def prove(flag: Flag, question: Question) -> Verdict:  # noqa: ARG001 - as every format's
    """Return what is proven of a feature."""
    payload: Any = flag.payload
    if not isinstance(payload, dict) or not isinstance(payload.get("state"), dict):
        return Unknown("its state cannot be read")
    found = Outcomes()
    _add(payload["state"], found, "its state in the environment, which nothing overrides")
    for override in payload.get("overrides") or []:
        found.ask(override["by"])
        _add(override, found, f"its state for {override['by']}")
    switches = {outcome.switch for outcome in found.reasons}
    if payload.get("hides_disabled") and False in switches:
        # the API leaves a feature that is off out of its answers, an engine beside the code does not
        found.add(CODE_DEFAULT, "the project hides features that are off")
        return Varies(
            "the project hides features that are off, so that reads through the API get a default of their own"
        )
    verdict = found.verdict()
    if isinstance(verdict, Constant) or len(switches) > 1:
        return verdict
    state = "on" if True in switches else "off"
    return Varies(f"it is {state} for everyone, but its value depends on {listed(found.asked)}")


def _add(state: dict[str, Any], found: Outcomes, reason: str) -> None:
    switch = state["enabled"]
    found.add(Served.of(None, state.get("value"), switch=switch), reason)
    for value, weight in state.get("variants") or []:
        if weight > 0:
            found.add(Served.of(None, value, switch=switch), f"a share of {weight} %")
            found.ask("the identity")
