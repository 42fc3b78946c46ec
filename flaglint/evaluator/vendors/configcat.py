"""Verdicts on ConfigCat's settings: the first rule that matches decides, then the shares, then the value.

After https://configcat.com/docs/targeting/targeting-overview and the SDKs: without a user every rule on users, and
every share, is passed over; so is a share without the attribute that it hashes, and those beyond its 100 %. Whatever an
SDK cannot evaluate (a value of another type, a flag that is missing or that asks about itself) serves the default in
the code.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.vendors.outcomes import CODE_DEFAULT, ERROR, Outcomes, Served
from flaglint.model import Unknown
from flaglint.registry.configcat import NUMERIC, TYPES
from flaglint.registry.value_names import name_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict

_DEEPEST: Final = 50  # flags that ask about flags that are followed
_MOST: Final = 300  # flags that are looked at for one verdict
_COMPARATORS: Final = range(36)
_EQUALS, _DIFFERS = 0, 1


class _GivenUpError(Exception):
    """An SDK cannot evaluate the setting, for any user, and serves the default in the code."""


def prove(flag: Flag, question: Question) -> Verdict:
    """Return what is proven of a setting."""
    if not isinstance(flag.payload, dict) or not isinstance(flag.payload.get("setting"), dict):
        return Unknown("its setting cannot be read")
    return _Search(question).outcomes(flag).verdict()


class _Search:
    """Looks for everything that a setting can come to, and at the flags that its rules ask about."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._known: dict[str, Outcomes] = {}
        self._path: list[str] = []
        self._left = _MOST
        self._circles = 0

    def outcomes(self, flag: Flag) -> Outcomes:
        """Return what a setting can come to; what a circle took part in counts for this path alone."""
        if flag.key in self._known:
            return self._known[flag.key]
        circles, found = self._circles, Outcomes()
        payload: Any = flag.payload
        setting = payload.get("setting") if isinstance(payload, dict) else None
        if flag.problems or flag.format != "configcat" or setting is None:
            found.add(ERROR, f"`{flag.key}` cannot be read")
            return found
        self._left -= 1
        self._path.append(flag.key)
        self._setting(setting, payload, found)
        self._path.pop()
        if self._circles == circles:
            self._known[flag.key] = found
        return found

    def _setting(self, setting: Mapping[str, Any], payload: Mapping[str, Any], found: Outcomes) -> None:
        kind, variants = TYPES[setting["t"]][0], payload["variants"]
        for number, rule in enumerate(setting.get("r") or [], 1):
            try:
                matches = self._matches(rule.get("c") or [], number, found)
            except _GivenUpError:
                return
            if any(_is_numeric(condition, payload["numeric_segments"]) for condition in rule.get("c") or []):
                found.add(CODE_DEFAULT, f"rule {number} compares numbers, and an attribute may be none")
            if matches is False:
                continue
            if not rule.get("c"):
                matches = None  # SDKs do not agree on it
                found.ask(f"rule {number}, which has no condition")
            if rule.get("s") is not None:
                reason = f"rule {number} matches everyone" if matches else f"rule {number}"
                _add(rule["s"], kind, variants, found, reason)
                if matches:
                    return
            else:
                _shares(rule.get("p") or [], kind, variants, found, f"the shares of rule {number}")
        _shares(setting.get("p") or [], kind, variants, found, "its shares")
        has_more = setting.get("r") or setting.get("p")
        _add(setting, kind, variants, found, "its value" if has_more else "it has no rules and shares: its value")

    def _matches(self, conditions: list[Any], number: int, found: Outcomes) -> bool | None:
        """Return whether conditions, all of which must be met, are so for everyone or nobody."""
        result: bool | None = True
        for condition in conditions:
            if (asked := condition.get("p")) is not None:
                try:
                    met = self._is_met(asked, found)
                except _GivenUpError:
                    if result is True:
                        raise
                    met = False  # either an earlier condition is not met, or the SDK gives up
            else:
                met = None
                user = condition.get("u")
                if user is not None and user.get("c") not in _COMPARATORS:
                    found.add(CODE_DEFAULT, f"a comparison of rule {number} is not known")
                elif user is None and condition.get("s") is None:
                    found.add(CODE_DEFAULT, f"a condition of rule {number} is not known")
                found.ask(f"`{user['a']}`" if user and isinstance(user.get("a"), str) else f"rule {number}")
            if met is False:
                return False
            result = None if met is None else result
        return result

    def _is_met(self, asked: Mapping[str, Any], found: Outcomes) -> bool | None:
        """Return whether another flag has the value that is asked for; raises where every SDK gives up."""
        key, comparator, wanted = asked.get("f"), asked.get("c"), asked.get("v") or {}
        answers: set[bool] = set()
        for value in self._parent_values(str(key), wanted):
            if value is CODE_DEFAULT or comparator not in (_EQUALS, _DIFFERS):
                found.add(CODE_DEFAULT, f"the flag `{key}` that it asks about cannot be evaluated")
            elif value is ERROR:
                answers |= {True, False}
            else:
                given = next((wanted[name] for name in ("b", "s", "i", "d") if wanted.get(name) is not None), None)
                answers.add((value == given) is (comparator == _EQUALS))
        if len(answers) == 1:
            return answers.pop()
        if not answers:
            raise _GivenUpError
        found.ask(f"the flag `{key}`")
        return None

    def _parent_values(self, key: str, wanted: Mapping[str, Any]) -> Iterator[Any]:
        """Yield the values that a flag can have; CODE_DEFAULT where an SDK gives up, ERROR for any value at all."""
        flag = self._question.flags.get(key)
        if key in self._path:
            self._circles += 1
            yield CODE_DEFAULT
            return
        if flag is None:
            yield CODE_DEFAULT
            if any(other.key == key for other in self._question.registry.flags):
                yield ERROR
            return
        if len(self._path) >= _DEEPEST or self._left <= 0:
            yield from (CODE_DEFAULT, ERROR)
            return
        payload: Any = flag.payload
        setting = (payload.get("setting") if isinstance(payload, dict) else None) or {}
        letter = TYPES[setting["t"]][0] if setting else ""
        given = [name for name in ("b", "s", "i", "d") if wanted.get(name) is not None]
        if setting and given != [letter]:
            yield CODE_DEFAULT  # a comparison with a value of another type
            if len(given) > 1:
                yield ERROR
            return
        for outcome in self.outcomes(flag).reasons:
            yield outcome if outcome in {CODE_DEFAULT, ERROR} else json.loads(outcome.value)
            if outcome == ERROR:
                yield CODE_DEFAULT


def _is_numeric(condition: Mapping[str, Any], segments: list[Any]) -> bool:
    """Return whether a condition compares a number or a date: of a list or an object, the Python SDK gives up on it."""
    user, segment = condition.get("u") or {}, condition.get("s") or {}
    return user.get("c") in NUMERIC or segment.get("s") in segments


def _shares(shares: list[Any], kind: str, variants: Any, found: Outcomes, reason: str) -> None:
    """Add what shares can serve, beside going on without them; SDKs count them up to a hundred."""
    reached = 0.0
    for share in shares:
        if share["p"] > 0 and reached < 100:
            _add(share, kind, variants, found, reason)
        reached += share["p"]
    if shares:
        found.ask(reason)


def _add(serving: Mapping[str, Any], kind: str, variants: Any, found: Outcomes, reason: str) -> None:
    value = (serving.get("v") or {}).get(kind)
    if value is None:
        found.add(CODE_DEFAULT, f"{reason} is of another type")
        return
    found.add(Served.of(name_of(value, [(name, other) for name, other in variants]), value), reason)
