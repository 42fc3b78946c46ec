"""What a flag can come to, collected on the way through its rules, and the verdict that follows from it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from flaglint.model import CodeDefault, Constant, Unknown, Varies

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    from flaglint.model import JsonValue, Verdict

_NAMED: Final = 3  # things that a sentence lists before it counts


class Served(NamedTuple):
    """A value that is served. `variant` is its name, or None where a flag has no names for its values.

    `switch` is whether the flag is on, in systems where that is not simply what its value says.
    """

    variant: str | None
    value: str  # as JSON, so that values of different types are never equal
    switch: bool | None = None

    @classmethod
    def of(cls, variant: str | None, value: JsonValue, *, switch: bool | None = None) -> Served:
        """Return what is served with a value."""
        return cls(variant, json.dumps(value, sort_keys=True), switch)


CODE_DEFAULT: Final = Served(None, "the default in the code")
ERROR: Final = Served(None, "an error")


class Outcomes:
    """Everything that a flag can come to, each with the reasons; and what that depends on."""

    def __init__(self) -> None:
        self.reasons: dict[Served, dict[str, None]] = {}
        self.asked: dict[str, None] = {}

    def add(self, outcome: Served, reason: str) -> None:
        """Note that the flag can come to `outcome`."""
        self.reasons.setdefault(outcome, {})[reason] = None

    def ask(self, *things: str) -> None:
        """Note what the outcome depends on."""
        self.asked.update(dict.fromkeys(things))

    def verdict(self, since: date | None = None) -> Verdict:
        """Return what is proven. An error is never a proof; values that are equal prove the value alone."""
        served = set(self.reasons)
        reasons = [reason for found in self.reasons.values() for reason in found]
        reason = reasons[0] if len(set(reasons)) == 1 else "everything that it can come to is the same"
        if served == {CODE_DEFAULT}:
            return CodeDefault(reason)
        if not served or served == {ERROR}:
            return Unknown(reason if reasons else "nothing says what it serves")
        if len({(outcome.value, outcome.switch) for outcome in served}) == 1 and served.isdisjoint(
            {CODE_DEFAULT, ERROR}
        ):
            first = next(iter(served))
            return Constant(
                first.variant if len(served) == 1 else None, json.loads(first.value), reason, since, first.switch
            )
        return Varies(f"it depends on {listed(self.asked)}" if self.asked else listed(reasons))


def listed(things: Iterable[str]) -> str:
    """Return things as a sentence lists them: `a, b and c`, and how many more there are."""
    found = list(dict.fromkeys(things))
    if len(found) > _NAMED:
        found = [*found[:_NAMED], f"{len(found) - _NAMED} more"]
    *head, last = found or [""]
    return f"{', '.join(head)} and {last}" if head else last


def of_environment(payload: JsonValue, environment: str) -> Mapping[str, Any] | None:
    """Return what decides in one environment: the payload's `data`, of the only one, or its entry in `environments`."""
    if not isinstance(payload, dict):
        return None
    environments = payload.get("environments")
    found = environments.get(environment) if isinstance(environments, dict) else payload.get("data")
    return found if isinstance(found, dict) else None


def without_data(payload: JsonValue, environment: str) -> Verdict:
    """Return the verdict where nothing decides in an environment: the flag is not there, or cannot be read."""
    environments = payload.get("environments") if isinstance(payload, dict) else None
    if isinstance(environments, dict) and environment not in environments:
        return CodeDefault(f"the file has nothing of it in {environment}")
    return Unknown("its rules cannot be read")
