"""Verdicts on Featurevisor's features: whether one is on, and its variation.

After https://featurevisor.com/docs/features and the SDKs: what is forced comes first, then every feature that it
requires must be on, then the first rule whose segments match decides, by its `enabled` or its share. Nobody lacks a
bucket: a missing attribute is left out of what is hashed. A feature that is off has its `disabledVariationValue`.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.vendors.outcomes import ERROR, Outcomes, Served
from flaglint.model import Unknown
from flaglint.registry.featurevisor import WHOLE
from flaglint.registry.value_names import name_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict

_DEEPEST: Final = 50  # features that require features that are followed
_MOST: Final = 300  # features that are looked at for one verdict
_EVERYONE: Final = "*"


def prove(flag: Flag, question: Question) -> Verdict:
    """Return what is proven of a feature."""
    if not isinstance(flag.payload, dict):
        return Unknown("its rules cannot be read")
    return _Search(question).outcomes(flag).verdict()


class _Search:
    """Looks for everything that a feature can come to, and at those that it requires."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._known: dict[str, Outcomes] = {}
        self._path: list[str] = []
        self._left = _MOST

    def outcomes(self, flag: Flag) -> Outcomes:
        """Return what a feature can come to."""
        if flag.key in self._known:
            return self._known[flag.key]
        found = Outcomes()
        payload: Any = flag.payload
        environments = payload.get("environments") if isinstance(payload, dict) else None
        if flag.problems or flag.format != "featurevisor" or not isinstance(environments, dict):
            found.add(ERROR, f"`{flag.key}` cannot be read")
            return found
        feature = environments.get(self._question.environment) or environments.get("")
        if feature is None or flag.archived:
            found.add(_off({}, flag), "it is not in the datafile of this environment")
            return found
        if (exposed := feature.get("exposed")) is not None and exposed is not True:
            found.add(_off({}, flag), "it is not exposed in this environment")
            if exposed is False:
                return found
            found.ask("the tags for which it is exposed")
        self._left -= 1
        self._path.append(flag.key)
        self._feature(feature, flag, found)
        self._path.pop()
        self._known[flag.key] = found
        return found

    def _feature(self, feature: Mapping[str, Any], flag: Flag, found: Outcomes) -> None:
        forced: list[Any] = []
        for force in feature["forces"]:
            matches = _matches(force)
            if matches is False:
                continue
            found.ask("who is forced")
            variation = force["variation"] if force["variation"] in feature["variations"] else None
            if force["enabled"] is False:
                found.add(_off(feature, flag), "it is forced off")
            elif force["enabled"] is True:
                candidates = [variation] if variation is not None else [*feature["variations"], None]
                for value in candidates:
                    found.add(_on(value, feature, flag), "it is forced on")
            elif variation is not None:
                forced.append(variation)
            if matches and force["enabled"] is not None:
                return
        required = self._required(feature, found)
        if required is not True:
            found.add(_off(feature, flag), "a feature that it requires is off")
        if required is False:
            return
        for value, reason in self._ruled(feature, forced, flag, found):
            found.add(value, reason)

    def _ruled(
        self, feature: Mapping[str, Any], forced: list[Any], flag: Flag, found: Outcomes
    ) -> Iterator[tuple[Served, str]]:
        """Yield what the rules serve, with the reason; any of the forced variations may take the place of theirs."""
        for number, rule in enumerate(feature["rules"], 1):
            matches = _matches(rule)
            if matches is False:
                continue
            who = f"rule {number} is everyone" if matches else f"rule {number}"
            if not matches:
                found.ask(f"the segments of rule {number}")
            can_be_on = rule["share"] > 0 and rule["enabled"] is not False
            is_all = rule["enabled"] is True or rule["share"] >= WHOLE
            if can_be_on:
                for value in [*forced, *_variations(rule, feature, found, is_all=is_all)]:
                    yield _on(value, feature, flag), who
            if not can_be_on or not is_all:
                yield _off(feature, flag), f"{who}, of whom nobody has it" if not can_be_on else who
            if can_be_on and not is_all:
                found.ask(f"the {rule['share'] * 100 / WHOLE:g} % of rule {number}")
            if matches:
                return
        yield _off(feature, flag), "no rule matches"

    def _required(self, feature: Mapping[str, Any], found: Outcomes) -> bool | None:
        """Return whether everything that a feature requires is given, for everyone or nobody."""
        result: bool | None = None if feature["opaque"] else True
        if feature["opaque"]:
            found.ask("its conditions")
        for item in feature["required"]:
            key = item["key"]
            answer = self._is_given(key, item["variation"], found)
            if answer is False and item["counts"]:
                return False
            if answer is not True:
                found.ask(f"the feature `{key}` that it requires" if key else "the features that it requires")
                result = None
        return result

    def _is_given(self, key: str, variation: Any, found: Outcomes) -> bool | None:
        flag = self._question.flags.get(key)
        if flag is None:
            return None
        if key in self._path or len(self._path) > _DEEPEST or self._left <= 0:
            found.add(ERROR, "features require each other, and SDKs give up")
            return None
        answers = set()
        for outcome in self.outcomes(flag).reasons:
            if outcome == ERROR or outcome.switch is None:
                found.add(ERROR, f"SDKs may give up on the feature `{key}` that it requires")
                return None
            has_it = variation is None or json.loads(outcome.value) == variation
            answers.add(outcome.switch and has_it)
        return answers.pop() if len(answers) == 1 else None


def _matches(entry: Mapping[str, Any]) -> bool | None:
    """Return whether a rule or a force is for everyone, or for nobody; None when that depends."""
    parts = entry["match"]
    if entry["opaque"]:
        return None
    is_everyone = parts and parts.get("segments", _EVERYONE) in (_EVERYONE, [])
    # SDKs differ in whom a rule without segments and conditions, or with an empty list of conditions, is for
    return True if is_everyone and parts.get("conditions", _EVERYONE) == _EVERYONE else None


def _variations(rule: Mapping[str, Any], feature: Mapping[str, Any], found: Outcomes, *, is_all: bool) -> Iterable[Any]:
    """Return the variations that whoever a rule turns on can have; None for none."""
    known = feature["variations"]
    if not known:
        return [None]
    if rule["variation"] is not None and rule["variation"] in known:
        return [rule["variation"]]
    if rule["buckets"] is None:
        found.ask("the weights of its variations")
        return [*known, None]
    last = WHOLE - 1 if is_all else min(WHOLE - 1, int(rule["share"]))
    reached, is_covered = [], False
    free = [(0, last)]
    for value, start, end in rule["buckets"]:
        if any(low <= end and start <= high for low, high in free):
            reached.append(value if value in known else None)
        free = [
            part
            for low, high in free
            for part in ((low, min(high, start - 1)), (max(low, end + 1), high))
            if part[0] <= part[1]
        ]
        is_covered = not free
    if len(set(map(json.dumps, reached))) > 1:
        found.ask("the weights of its variations")
    return reached if is_covered else [*reached, None]


def _on(variation: Any, feature: Mapping[str, Any], flag: Flag) -> Served:
    value = variation if feature["variations"] else True
    return Served.of(_name(value, flag), value, switch=True)


def _off(feature: Mapping[str, Any], flag: Flag) -> Served:
    has_variations = bool(flag.variants)
    value = feature.get("off") if has_variations else False
    return Served.of(_name(value, flag), value, switch=False)


def _name(value: Any, flag: Flag) -> str | None:
    return name_of(value, [(variant.name, variant.value) for variant in flag.variants])
