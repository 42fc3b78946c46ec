"""Walking through the rules of a native flag at one stretch of time, asking instead of looking at a context.

It follows `compilation` step by step; where that looks something up, this asks `Questions`.
"""

from __future__ import annotations

import json
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from flaglint.evaluator.conditions import MAX_DEPTH
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from flaglint.evaluator.exploration import Questions

BEGINNING: Final = float("-inf")


class UnprovableError(Exception):
    """Nothing can be said of a flag, and why."""


@dataclass(frozen=True, slots=True)
class Cause:
    """What decided: `killed`, `cycle`, `needs` (a parent's key), `rule` (its number), or `off`."""

    kind: str
    rule: int = 0
    parent: str = ""
    served: str = ""  # by the parent; empty when there is no such flag
    outcome: str = ""  # of the rule: serve, split, ramp, finished (a ramp at 100 %), no-key


@dataclass(frozen=True, slots=True)
class Served:
    """The variant at the end of one walk, and what decided; None for a flagd flag that serves the caller's default."""

    variant: str | None
    cause: Cause


@dataclass(frozen=True)
class Ground:
    """The flags and segments of one environment, as plans; `broken` names flags whose entries cannot be trusted."""

    flags: Mapping[str, dict[str, Any]]
    segments: Mapping[str, Any]
    cyclic: frozenset[str] = frozenset()
    broken: frozenset[str] = frozenset()
    twice: frozenset[str] = frozenset()  # keys with two definitions, which prove nothing

    def boundaries(self, key: str) -> list[int]:
        """Return the seconds at which the flag, or one that it needs, may begin to behave differently, sorted."""
        return sorted(self._moments.get(key, ()))

    @cached_property
    def _moments(self) -> Mapping[str, set[int]]:
        """The boundaries of each flag that has some: handed on from the few with windows to what needs them."""
        children: dict[str, list[str]] = {}
        for key, flag in self.flags.items():
            for parent, _ in flag.get("needs", ()):
                children.setdefault(parent, []).append(key)
        found: dict[str, set[int]] = {}
        for key, flag in self.flags.items():
            own = set(boundaries_of(flag))
            seen = {key}
            waiting = [key] if own else []
            while waiting:
                current = waiting.pop()
                found.setdefault(current, set()).update(own)
                new = [child for child in children.get(current, ()) if child not in seen]
                seen.update(new)
                waiting += new
        return found


def boundaries_of(flag: Mapping[str, Any]) -> Iterator[int]:
    """Yield the seconds at which a window or a ramp of the flag's plan begins or ends."""
    for rule in flag.get("rules", ()):
        yield from (moment for moment in (rule["from"], rule["until"]) if moment is not None)
        match rule["then"]:
            case ["ramp", _, _, _, _, start, until]:
                yield start
                yield start + max(until - start, 1)


@dataclass(slots=True)
class Walk:
    """One walk; `moment` is the first second of a stretch in which no window begins or ends."""

    ground: Ground
    moment: float
    questions: Questions
    _parents: dict[str, Served] = field(default_factory=dict)

    def serve(self, key: str, depth: int = 0) -> Served:
        """Return what the flag serves under the answers of this walk."""
        if key in self.ground.broken:
            raise UnprovableError(f"the entry of `{key}` is broken")
        if depth > MAX_DEPTH:
            raise UnprovableError(f"prerequisites are nested more than {MAX_DEPTH} deep at `{key}`")
        flag = self.ground.flags[key]
        if flag["kind"] != "native":
            served = self.questions.choose(f"foreign\0{key}", [*sorted(flag["variants"]), None], f"the flag `{key}`")
            return Served(served, Cause("rule"))
        if flag["killed"]:
            return Served(flag["off"], Cause("killed"))
        if key in self.ground.cyclic:
            return Served(flag["off"], Cause("cycle"))
        for parent, wanted in flag["needs"]:
            served_by_parent = self._parent(parent, depth)
            if served_by_parent is None or served_by_parent.variant not in wanted:
                variant = "" if served_by_parent is None else served_by_parent.variant or ""
                return Served(flag["off"], Cause("needs", parent=parent, served=variant))
            if served_by_parent.cause.kind == "killed":
                return Served(flag["off"], Cause("needs", parent=parent, outcome="killed"))
        return self.rules(flag)

    def _parent(self, key: str, depth: int) -> Served | None:
        if key not in self.ground.flags and key not in self.ground.broken:
            return None
        if key not in self._parents:
            self._parents[key] = self.serve(key, depth + 1)
        return self._parents[key]

    def rules(self, flag: Mapping[str, Any]) -> Served:
        """Return what the rules serve, without a look at kill and prerequisites."""
        for number, rule in enumerate(flag["rules"], start=1):
            begins = rule["from"] is None or rule["from"] <= self.moment
            ends = rule["until"] is not None and rule["until"] <= self.moment
            if begins and not ends and self._holds(rule["if"]):
                return self._outcome(flag, rule["then"], number)
        return Served(flag["off"], Cause("off"))

    def _holds(self, condition: list[Any] | None, depth: int = 0) -> bool:
        match condition:
            case None:
                return True
            case ["all", items]:
                return all(self._holds(item, depth) for item in items)
            case ["any", items]:
                return any(self._holds(item, depth) for item in items)
            case ["not", item]:
                return not self._holds(item, depth)
            case ["segment", name]:
                if name not in self.ground.segments or depth > MAX_DEPTH:
                    raise UnprovableError(f"segment `{name}` cannot be resolved")
                return self._holds(self.ground.segments[name], depth + 1)
            case ["test", attribute, operation, operand]:
                return self.questions.holds(attribute, operation, operand)
        raise UnprovableError("a condition cannot be read")

    def _outcome(self, flag: Mapping[str, Any], then: list[Any], number: int) -> Served:
        off, key = flag["off"], flag["by"]
        no_key = Served(off, Cause("rule", number, outcome="no-key"))
        match then:
            case ["serve", variant]:
                return Served(variant, Cause("rule", number, outcome="serve"))
            case ["split", []]:
                return Served(off, Cause("rule", number, outcome="split"))
            case ["split", weights]:
                if not self.questions.holds(key, "key", None):
                    return no_key
                question = json.dumps(["split", flag["salt"], key, weights])
                shares = "/".join(str(weight) for _, weight in weights)
                picked = self.questions.choose(
                    question, [name for name, _ in weights], f"a split of {shares} by `{key}`"
                )
                return Served(picked, Cause("rule", number, outcome="split"))
            case ["ramp", to, first, last, scale, start, until]:
                shape = (first, last, scale, start, start + max(until - start, 1))
                if self.moment >= shape[4] and last == scale:
                    return Served(to, Cause("rule", number, outcome="finished"))
                if not self.questions.holds(key, "key", None):
                    return no_key
                question = json.dumps(["ramp", flag["salt"], key, first, last, scale, start, until])
                inside = self.questions.choose(question, self._inside(shape), f"a ramp of `{to}` by `{key}`")
                return Served(to if inside else off, Cause("rule", number, outcome="ramp"))
        raise UnprovableError("an outcome cannot be read")

    def _inside(self, shape: tuple[int, int, int, int, int]) -> list[bool]:
        """Return whether a bucket can lie inside a ramp, outside it, or both, during this stretch of time."""
        first, last, scale, start, until = shape
        if self.moment < start:
            share = {first}
        elif self.moment >= until:
            share = {last}
        else:
            share = {first, last}
        if share == {0}:
            return [False]
        return [True] if share == {scale} else [True, False]


def serve_at(ground: Ground, key: str, moment: float, questions: Questions) -> Served:
    """Return what the flag serves from `moment` until the next boundary, under the answers of this walk."""
    return Walk(ground, moment, questions).serve(key)
