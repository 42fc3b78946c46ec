"""Verdicts on PostHog's flags: any group that matches turns a flag on, and says with which variant.

After the definitions of https://posthog.com/docs/feature-flags/local-evaluation and its SDKs: a group without a
percentage covers everyone that its properties fit. Versions differ in the order in which groups are asked, so that each
group that can match counts. What an SDK cannot decide itself, for want of properties, a cohort or a device, the server
decides by the same rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TypeAlias

from flaglint.evaluator.vendors.outcomes import CODE_DEFAULT, Outcomes, Served
from flaglint.model import CodeDefault, Constant, Unknown
from flaglint.registry.timestamps import day_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict


Value: TypeAlias = str | bool

_OFF: Final = Served(None, "false", switch=False)
_DEEPEST: Final = 30  # flags that ask about flags that are followed
_MOST: Final = 300  # flags that are looked at for one verdict


def prove(flag: Flag, question: Question) -> Verdict:
    """Return what is proven of a flag."""
    return _Search(question).verdict(flag)


class _Search:
    """Looks for everything that a flag can come to, and at the flags that its conditions ask about."""

    def __init__(self, question: Question) -> None:
        self._question = question
        self._path: list[str] = []
        self._known: dict[str, Verdict] = {}
        self._left = _MOST

    def verdict(self, flag: Flag) -> Verdict:
        payload: Any = flag.payload
        if not isinstance(payload, dict) or "active" not in payload or flag.problems:
            return Unknown("its definition cannot be read")
        found = Outcomes()
        if payload.get("evaluation_runtime") == "client":
            found.add(CODE_DEFAULT, "servers do not get it: it is for clients")
            found.ask("where it is read: it is for clients")
        if payload.get("evaluation_tags") or payload.get("evaluation_contexts"):
            found.add(CODE_DEFAULT, "clients of other contexts do not get it")
            found.ask("the contexts that a client asks for")
        if payload["active"]:
            self._path.append(flag.key)
            self._active(payload, found)
            self._path.pop()
        else:
            found.add(_OFF, "it is not active")
        return found.verdict(None if flag.needs else day_of(payload.get("updated_at")))

    def _active(self, payload: dict[str, Any], found: Outcomes) -> None:
        filters = payload.get("filters") or {}
        everyone_is_held_out = _hold_out(filters, found)
        shares = (filters.get("multivariate") or {}).get("variants") or []
        if filters.get("feature_enrollment") or filters.get("super_groups"):
            found.ask("who has enrolled")
            found.add(_OFF, "people enrol themselves")
            for value in _values(shares, None):
                found.add(_served(value), "people enrol themselves")
        if _may_be_off(payload, filters, found):
            found.add(_OFF, "what it is for may not be given")
        if filters.get("feature_enrollment") or everyone_is_held_out:
            return
        is_always_on = False
        for number, group in enumerate(filters.get("groups") or [], 1):
            matches = self._matches(group, filters, number, found)
            if matches is False:
                continue
            everyone = f"group {number} is everyone"
            for value in _values(shares, group.get("variant")):
                found.add(_served(value), everyone if matches else f"group {number}")
            is_always_on |= matches is True
        if shares and len(found.reasons) > 1:
            found.ask("the variant that a user is given")
        if not is_always_on:
            found.add(_OFF, "no group matches")

    def _matches(self, group: dict[str, Any], filters: dict[str, Any], number: int, found: Outcomes) -> bool | None:
        """Return whether a group covers everyone or nobody; None when that depends."""
        share = group.get("rollout_percentage")
        if share is not None and share <= 0:
            return False
        met = [(item, self._is_met(item)) for item in group.get("properties") or []]
        if any(answer is False for _, answer in met):
            return False
        open_ = [item for item, answer in met if answer is None]
        found.ask(*(_asked(item) or f"the properties of group {number}" for item in open_))
        index = filters.get("aggregation_group_type_index")
        if for_groups := group.get("aggregation_group_type_index", index) != index:
            found.ask(f"whether the group that group {number} is for is given")
        if share is not None and share < 100:
            found.ask(f"the {share:g} % of group {number}")
            return None
        return None if open_ or for_groups else True

    def _is_met(self, item: Any) -> bool | None:
        """Return whether a condition holds for everyone or nobody: only one on a flag that is constant does."""
        if not isinstance(item, dict) or item.get("type") != "flag" or item.get("operator") != "flag_evaluates_to":
            return None
        wanted, parent = item.get("value"), self._question.flags.get(str(item.get("key")))
        if parent is None or parent.format != "posthog" or parent.key in self._path or len(self._path) > _DEEPEST:
            return None
        self._left -= 1
        if parent.key not in self._known and self._left > 0:
            self._known[parent.key] = self.verdict(parent)
        return _equals(self._known[parent.key], wanted) if parent.key in self._known else None


def _equals(known: Verdict, wanted: Any) -> bool | None:
    """Return whether a flag has the value that is wanted; any variant is as good as true."""
    if isinstance(known, CodeDefault) or not isinstance(known, Constant) or not isinstance(wanted, (str, bool)):
        return None
    if isinstance(known.value, str) and isinstance(wanted, bool):
        return wanted
    return known.value is wanted if isinstance(wanted, bool) else known.value == wanted


def _hold_out(filters: dict[str, Any], found: Outcomes) -> bool:
    """Note who is held out, and return whether that is everyone."""
    holdout = filters.get("holdout") or {}
    share, name = holdout.get("exclusion_percentage"), holdout.get("id")
    if filters.get("holdout_groups"):
        found.ask("who is held out")
        found.add(_OFF, "some are held out")
        found.add(_served("holdout"), "some are held out")
    if share is None or name is None or share <= 0:
        return False
    found.ask("who is held out")
    found.add(_served(f"holdout-{name}"), f"holdout {name}")
    return bool(share >= 100)


def _may_be_off(payload: dict[str, Any], filters: dict[str, Any], found: Outcomes) -> bool:
    """Return whether it can be off though a group covers everyone."""
    if filters.get("aggregation_group_type_index") is not None:
        found.ask("whether the group that it is for is given")
        return True
    if "device_id" in (payload.get("bucketing_identifier"), filters.get("bucketing_identifier")):
        found.ask("whether the device is known")
        return True
    # a person who is outside of one share is then not looked at any further
    shares = [group.get("rollout_percentage") for group in filters.get("groups") or ()]
    return bool(filters.get("early_exit")) and any(share is not None and share < 100 for share in shares)


def _asked(item: Any) -> str:
    """Return what a condition looks at, in words."""
    if not isinstance(item, dict) or not isinstance(item.get("key"), str):
        return ""
    kind = item.get("type")
    if kind == "cohort":
        return f"cohort {item.get('value')}"
    return f"the flag `{item['key']}`" if kind == "flag" else f"`{item['key']}`"


def _values(shares: list[Any], override: Any) -> Iterator[Value]:
    """Yield the values of a group that matches: its own variant, else those that people are given, else on."""
    if override and any(share["key"] == override for share in shares):
        yield override
        return
    begins = 0.0
    for share in shares:
        if share["rollout_percentage"] > 0 and begins < 1:
            yield share["key"]
        begins += share["rollout_percentage"] / 100
    if begins < 1:
        yield True


def _served(value: Value) -> Served:
    return Served.of(value if isinstance(value, str) else None, value, switch=bool(value))
