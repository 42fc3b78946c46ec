"""Verdicts on flags in LaunchDarkly's formats, by the rules of its Python SDK (`ldclient.impl.evaluator`).

Where SDKs in other languages differ, the outcomes of both count. A rollout divides 0 to 100,000: what is missing falls
to the last entry. A context without the kind that is bucketed gets the first entry, whatever its weight.
"""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.vendors.outcomes import CODE_DEFAULT, ERROR, Outcomes, Served, of_environment, without_data
from flaglint.model import CodeDefault, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict

_WHOLE: Final = 100_000  # the weights of a rollout together
_DEEPEST: Final = 50  # prerequisites and segments that stand behind each other
_BAD_ESCAPE: Final = re.compile("~[^01]|~$")
_NEVER, _MAYBE, _ALWAYS = range(3)


def prove(flag: Flag, question: Question) -> Verdict:
    """Return what is proven of a flag in LaunchDarkly's formats."""
    definition = of_environment(flag.payload, question.environment)
    if definition is None:
        return without_data(flag.payload, question.environment)
    if definition.get("archived"):
        return CodeDefault(f"it is archived in {question.environment}")
    if definition.get("summary"):
        return Unknown("the export tells no rules: ask the API with `summary=0`")
    walk = _Walk(question)
    outcomes = walk.flag(flag)
    return outcomes.verdict(max(walk.days, default=None))


class _Walk:
    """Goes every way through a flag and its prerequisites."""

    def __init__(self, question: Question) -> None:
        self.days: list[date] = []  # when what was met was changed last; nothing when one does not tell
        self.question = question
        self._tells = True
        self._done: dict[str, Outcomes] = {}
        self._open: list[str] = []

    def flag(self, flag: Flag) -> Outcomes:
        """Return what a flag can come to."""
        if flag.key in self._done:
            return self._done[flag.key]
        outcomes = Outcomes()
        definition = of_environment(flag.payload, self.question.environment)
        if definition is None or flag.problems or definition.get("summary"):
            outcomes.add(ERROR, f"what `{flag.key}` serves cannot be read")
            return outcomes
        self._note_day(definition.get("since"))
        self._open.append(flag.key)
        one = _One(flag, definition, outcomes, self)
        one.run()
        self._open.pop()
        self._done[flag.key] = outcomes
        return outcomes

    def _note_day(self, since: str | None) -> None:
        self._tells = self._tells and since is not None
        self.days = [*self.days, date.fromisoformat(since)] if self._tells and since is not None else []

    def leads_back(self, key: str) -> bool:
        """Whether a prerequisite is being evaluated already, or stands too far behind others."""
        return key in self._open or len(self._open) > _DEEPEST


class _One:
    """One flag on the way: what it can come to, step by step."""

    def __init__(self, flag: Flag, definition: Mapping[str, Any], outcomes: Outcomes, walk: _Walk) -> None:
        payload: Any = flag.payload
        self.key = flag.key
        self.variants: list[Any] = payload["variants"]
        self.is_export = "data" not in payload
        self.segments: Mapping[str, Any] = payload.get("segments") or {}
        self.definition = definition
        self.outcomes = outcomes
        self.walk = walk

    def run(self) -> None:
        """Collect the outcomes."""
        definition = self.definition
        if not definition.get("on"):
            self.off("it is off")
            return
        if not self.prerequisites():
            return
        self.targets()
        for number, rule in enumerate(definition.get("rules") or (), start=1):
            matches, about = self.clauses(rule["clauses"])
            if matches == _NEVER:
                continue
            if matches == _MAYBE:
                self.outcomes.ask(*about)
            self.served(rule, f"rule {number} serves it to everyone it matches")
            if matches == _ALWAYS:
                return
        self.served(definition.get("fallthrough") or {}, "it is on, and its default rule serves it")

    def serve(self, index: Any, reason: str) -> None:
        """Add a variation by its index; one that does not exist, or is null, is no outcome to rely on."""
        if type(index) is not int or not 0 <= index < len(self.variants):
            self.outcomes.add(ERROR, f"there is no variation {index}")
        elif self.variants[index][1] is None:
            self.outcomes.add(ERROR, f"its variation {index} is null, which SDKs take for the default in the code")
        else:
            name, value = self.variants[index]
            self.outcomes.add(Served.of(name, value), reason)

    def off(self, reason: str) -> None:
        """Add what is served when the flag is off."""
        index = self.definition.get("offVariation")
        if index is None:
            self.outcomes.add(CODE_DEFAULT, f"{reason}, and has no off variation")
        else:
            self.serve(index, reason)

    def prerequisites(self) -> bool:
        """Add what failing prerequisites serve; return whether the flag can get past them."""
        for wanted in self.definition.get("prerequisites") or ():
            key = wanted["key"]
            parent = self.walk.question.flags.get(key)
            if parent is None and self.is_export:
                self.outcomes.ask(f"the prerequisite `{key}`, which the export does not hold")
                self.outcomes.add(ERROR, f"its prerequisite `{key}` is not in the export")
                continue
            if parent is None or parent.archived or parent.format != "launchdarkly":
                self.off(f"its prerequisite `{key}` does not exist")
                return False
            if self.walk.leads_back(key):
                self.outcomes.add(ERROR, "its prerequisites lead back to itself")
                return False
            found = self.walk.flag(parent)
            if ERROR in found.reasons:
                self.outcomes.add(ERROR, next(iter(found.reasons[ERROR])))
                if len(found.reasons) == 1:
                    return False
            met = self.met(parent, found, wanted["variation"])
            if met == _NEVER:
                self.off(f"its prerequisite `{key}` is never met")
                return False
            if met == _MAYBE:
                self.outcomes.ask(f"the prerequisite `{key}`")
                self.off(f"its prerequisite `{key}` is not met")
        return True

    def met(self, parent: Flag, found: Outcomes, index: int) -> int:
        """Return whether a parent serves a variation; one that is off never does, whatever it serves."""
        payload: Any = parent.payload
        variants = payload["variants"]
        definition = of_environment(parent.payload, self.walk.question.environment) or {}
        if not definition.get("on") or not 0 <= index < len(variants):
            return _NEVER
        if Served.of(*variants[index]) not in found.reasons:
            return _MAYBE if ERROR in found.reasons else _NEVER
        return _ALWAYS if len(found.reasons) == 1 else _MAYBE

    def targets(self) -> None:
        """Add what is served to targets."""
        for target in (*(self.definition.get("targets") or ()), *(self.definition.get("contextTargets") or ())):
            if target["values"]:
                self.outcomes.ask("who is targeted")
                self.serve(target["variation"], "targets get it")

    # ---------------------------------------------------------------------------------------------- rollouts

    def served(self, rule: Mapping[str, Any], reason: str) -> None:
        """Add what a rule or the fallthrough serves: a variation, or a rollout of several."""
        if rule.get("variation") is not None:
            self.serve(rule["variation"], reason)
            return
        rollout = rule.get("rollout") or {}
        entries = rollout.get("variations")
        if not entries:
            self.outcomes.add(ERROR, "a rule says nothing of what it serves")
            return
        kind, attribute = rollout.get("contextKind") or "user", rollout.get("bucketBy") or "key"
        if _fails(attribute, rollout.get("contextKind")):
            self.outcomes.add(ERROR, "its rollout cannot be evaluated")
        possible = _possible(entries)
        for entry in possible:
            self.serve(entry["variation"], reason)
        if len({entry["variation"] for entry in possible}) > 1:
            self.outcomes.ask(f"a rollout by {kind} {attribute}")

    # ----------------------------------------------------------------------------------------------- clauses

    def clauses(self, clauses: list[Any]) -> tuple[int, list[str]]:
        """Return whether all of the clauses match, and what that depends on."""
        about: list[str] = []
        result = _ALWAYS
        for clause in clauses:
            matches = self.clause(clause, ())
            if matches == _NEVER:
                return _NEVER, []
            if matches == _MAYBE:
                result = _MAYBE
                about.append(_subject(clause))
        return result, about

    def clause(self, clause: Mapping[str, Any], within: tuple[str, ...]) -> int:
        """Return whether a clause matches: never, always, or for some."""
        negate = bool(clause.get("negate"))
        if clause["op"] == "segmentMatch":
            found = _NEVER
            for key in clause["values"]:
                found = max(found, self.segment(key, within))
            return _ALWAYS - found if negate else found
        attribute, kind = clause["attribute"], clause.get("contextKind")
        if _fails(attribute, kind):
            self.outcomes.add(ERROR, f"`{attribute}` refers to no attribute")
            return _MAYBE
        is_kind = attribute == "kind" or (bool(kind) and attribute == "/kind")
        if clause["values"] and clause["op"] in _OPERATORS:
            return _MAYBE
        if not negate:
            return _NEVER
        return _ALWAYS if is_kind else _MAYBE  # a context without the kind or the attribute never matches

    def segment(self, key: Any, within: tuple[str, ...]) -> int:
        """Return whether a segment holds a context."""
        if not isinstance(key, str):
            self.outcomes.add(ERROR, "a segment has no name")
            return _MAYBE
        if self.is_export:
            return _MAYBE
        if key not in self.segments:
            return _NEVER
        segment = self.segments[key]
        if segment is None or segment.get("unbounded"):
            return _MAYBE
        if segment.get("deleted"):
            return _NEVER
        if key in within or len(within) > _DEEPEST:
            self.outcomes.add(ERROR, f"the segment `{key}` refers to itself")
            return _MAYBE
        found = _MAYBE if segment["included"] else _NEVER
        for rule in segment["rules"]:
            matches = [self.clause(clause, (*within, key)) for clause in rule["clauses"]]
            is_weighted = rule.get("weight") is not None
            if _fails(rule.get("bucketBy") or "key", rule.get("rolloutContextKind")):
                self.outcomes.add(ERROR, f"the segment `{key}` is weighted by no attribute")
            weighted = _MAYBE if is_weighted else _ALWAYS
            found = max(found, min([*matches, weighted]))
        return min(found, _MAYBE) if segment["excluded"] else found


# What compares; every other operator never matches.
_OPERATORS: Final = frozenset(
    {
        "after",
        "before",
        "contains",
        "endsWith",
        "greaterThan",
        "greaterThanOrEqual",
        "in",
        "lessThan",
        "lessThanOrEqual",
        "matches",
        "semVerEqual",
        "semVerGreaterThan",
        "semVerLessThan",
        "startsWith",
    }
)


def _possible(entries: list[Any]) -> list[Any]:
    """Return the entries of a rollout that some context can get.

    A bucket lies from 0 to 1, and is -1 without the kind that is bucketed. That it is 1 to the last digit, which
    happens for 64 hashes of 2^60, is left out of account.
    """
    if any(entry["weight"] < 0 for entry in entries):
        return entries
    before, found = 0, []
    for entry in entries:
        if entry is entries[0] or (entry["weight"] and before < _WHOLE):
            found.append(entry)
        before += entry["weight"]
    if before < _WHOLE and entries[-1] not in found:
        found.append(entries[-1])
    return found


def _fails(attribute: str, kind: str | None) -> bool:
    """Whether a reference to an attribute is malformed; without a kind of context it is a plain name."""
    if attribute in {"", "/"} and (kind or not attribute):
        return True
    if not kind or not attribute.startswith("/"):
        return False
    steps = attribute[1:].split("/")
    return any(not step or _BAD_ESCAPE.search(step) for step in steps)


def _subject(clause: Mapping[str, Any]) -> str:
    if clause["op"] == "segmentMatch":
        names = [value for value in clause["values"] if isinstance(value, str)]
        return f"the segment `{names[0]}`" if len(names) == 1 else "segments"
    kind = clause.get("contextKind") or "user"
    return str(clause["attribute"]) if kind == "user" else f"{kind} {clause['attribute']}"
