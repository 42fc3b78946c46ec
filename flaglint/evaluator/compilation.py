"""Plans become closures: rules, windows, splits and prerequisites, compiled once and read without a lock.

A flag compiles to `decide(context, now)`. Every answer that can be foreseen is built here, so that evaluating a flag
allocates nothing: it picks one of a handful of finished `Evaluation`s.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import floor
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from flaglint.circles import on_circles
from flaglint.errors import RegistryError
from flaglint.evaluator.bucketing import hash_for
from flaglint.evaluator.compiled import Compiled
from flaglint.evaluator.conditions import MAX_DEPTH, ConditionCompiler, always, never
from flaglint.evaluator.evaluation import Evaluation, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flaglint.evaluator.bucketing import Hash
    from flaglint.evaluator.compiled import Context, Decide
    from flaglint.evaluator.plan import Plan

    Matches: TypeAlias = Callable[[Context, float], bool]

_UNBOUNDED: Final = (float("-inf"), float("inf"))


class FlagCompiler:
    """Compiles the flags of one plan; parents before children, each once."""

    def __init__(self, plan: Plan, done: Mapping[str, Compiled] | None = None) -> None:
        """`done` are flags that were compiled before and whose parts of the plan are still the same."""
        self._plan = plan
        self._conditions = ConditionCompiler(plan.segments)
        self._hash = hash_for(plan.bucketing)
        self._done = dict(done or {})
        self._cyclic = on_circles(
            {key: [need[0] for need in flag.get("needs", ())] for key, flag in plan.flags.items()}
        )

    def compile_all(self) -> None:
        """Compile every flag of the plan; raises RegistryError where a condition makes no sense."""
        for key in self._plan.flags:
            self.compile(key)

    def done(self) -> dict[str, Compiled]:
        """Return the flags that are compiled by now."""
        return dict(self._done)

    def compile(self, key: str, depth: int = 0) -> Compiled:
        """Return one flag, compiled, and compile what it needs first; raises KeyError for an unknown one."""
        if key in self._done:
            return self._done[key]
        if depth > MAX_DEPTH:
            raise RegistryError(f"prerequisites are nested more than {MAX_DEPTH} deep at `{key}`")
        flag = self._plan.flags[key]
        if flag["kind"] == "flagd":
            from flaglint.evaluator.flagd import compile_definition

            compiled = compile_definition(key, flag["definition"], self._plan.bucketing)
        else:
            compiled = self._native(key, flag, depth)
        self._done[key] = compiled
        return compiled

    def _native(self, key: str, flag: dict[str, Any], depth: int) -> Compiled:
        variants, off = flag["variants"], flag["off"]
        copies = any(isinstance(value, (dict, list)) for value in variants.values())

        def finished(compiled: Decide, *, timed: bool) -> Compiled:
            return Compiled(compiled, timed, copies, variants)

        def serve_off(reason: Reason) -> Decide:
            return _constant(Evaluation(variants[off], off, reason))

        if flag["killed"]:
            return finished(serve_off(Reason.DISABLED), timed=False)
        if key in self._cyclic:
            return finished(serve_off(Reason.PREREQUISITE_FAILED), timed=False)
        rules, timed = self._rules(flag)
        if not flag["needs"]:
            return finished(rules, timed=timed)
        satisfied, needs_clock = self._needs(flag["needs"], depth)
        unsatisfied = Evaluation(variants[off], off, Reason.PREREQUISITE_FAILED)

        def decide(context: Context, now: float) -> Evaluation:
            return rules(context, now) if satisfied(context, now) else unsatisfied

        return finished(decide, timed=timed or needs_clock)

    def _needs(self, needs: list[Any], depth: int) -> tuple[Matches, bool]:
        parents: list[tuple[Decide, frozenset[str]]] = []
        timed = False
        for key, wanted in needs:
            if key not in self._plan.flags:
                return _never, False
            parent = self.compile(key, depth + 1)
            timed = timed or parent.timed
            parents.append((parent.decide, frozenset(wanted)))

        def satisfied(context: Context, now: float) -> bool:
            for decide, wanted in parents:
                served = decide(context, now)
                # a killed parent never satisfies, not even a child that wants its off variant
                if served.variant not in wanted or served.reason is Reason.DISABLED:
                    return False
            return True

        return satisfied, timed

    def _rules(self, flag: dict[str, Any]) -> tuple[Decide, bool]:
        off = flag["off"]
        steps: list[tuple[Matches, Decide]] = []
        last = _constant(Evaluation(flag["variants"][off], off, Reason.DEFAULT))
        timed = False
        for number, rule in enumerate(flag["rules"], start=1):
            condition = self._conditions.compile(rule["if"])
            if condition is never:
                continue
            window = (rule["from"], rule["until"])
            is_unconditional = condition is always and window == (None, None)
            is_static = is_unconditional and not steps and not flag["needs"]
            outcome = self._outcome(flag, rule["then"], number, Reason.STATIC if is_static else Reason.TARGETING_MATCH)
            timed = timed or rule["then"][0] == "ramp" or window != (None, None)
            if is_unconditional:  # nothing below is ever reached
                last = outcome
                break
            steps.append((_windowed(condition, *window), outcome))
        return _first_match(steps, last), timed

    def _outcome(self, flag: dict[str, Any], then: list[Any], number: int, matched: Reason) -> Decide:
        off = flag["off"]

        def serve(variant: str, reason: Reason) -> Evaluation:
            return Evaluation(flag["variants"][variant], variant, reason, number)

        key = _Key(flag["by"], flag["salt"], self._hash, serve(off, Reason.DEFAULT))
        match then:
            case ["serve", variant]:
                return _constant(serve(variant, matched))
            case ["split", []]:
                return _constant(key.missing)
            case ["split", weights]:
                return _split([(weight, serve(name, Reason.SPLIT)) for name, weight in weights], key)
            case ["ramp", to, first, last, scale, start, until]:
                shape = _Ramp(first, last, scale, start, max(until - start, 1))
                finished = serve(to, Reason.TARGETING_MATCH)
                return _ramp(shape, (serve(to, Reason.SPLIT), serve(off, Reason.SPLIT), finished), key)
        raise RegistryError(f"there is no outcome `{then[0]}`")


@dataclass(frozen=True, slots=True)
class _Key:
    """Where a bucket comes from: the attribute, the salt, the hash, and the answer when there is no key to hash."""

    attribute: str
    salt: str
    hash: Hash
    missing: Evaluation


@dataclass(frozen=True, slots=True)
class _Ramp:
    """Shares of `scale` at both ends (`bucketing.ramp_shares`), the first second and the duration in seconds."""

    first: int
    last: int
    scale: int
    start: int
    duration: int


def _constant(result: Evaluation) -> Decide:
    return lambda _context, _now: result


def _never(_context: Context, _now: float) -> bool:
    return False


def _windowed(condition: Callable[[Context], bool], start: int | None, until: int | None) -> Matches:
    if start is None and until is None:
        return lambda context, _now: condition(context)
    begin = _UNBOUNDED[0] if start is None else start
    end = _UNBOUNDED[1] if until is None else until
    return lambda context, now: begin <= now < end and condition(context)


def _first_match(steps: list[tuple[Matches, Decide]], last: Decide) -> Decide:
    if not steps:
        return last
    if len(steps) == 1:
        (matches, outcome), *_ = steps
        return lambda context, now: outcome(context, now) if matches(context, now) else last(context, now)

    def decide(context: Context, now: float) -> Evaluation:
        for matches, outcome in steps:
            if matches(context, now):
                return outcome(context, now)
        return last(context, now)

    return decide


def _split(shares: list[tuple[int, Evaluation]], key: _Key) -> Decide:
    attribute, salt, hash_text, missing = key.attribute, key.salt, key.hash, key.missing
    total = sum(weight for weight, _ in shares)
    ends: list[tuple[int, Evaluation]] = []
    end = 0
    for weight, result in shares:
        end += weight
        ends.append((end, result))
    first_end, first = ends[0]
    second = ends[1][1]

    def halves(context: Context, _now: float) -> Evaluation:
        value = context.get(attribute)
        if not isinstance(value, str) or not value:
            return missing
        return first if (hash_text(salt + value) * total) >> 32 < first_end else second

    def split(context: Context, _now: float) -> Evaluation:
        value = context.get(attribute)
        if not isinstance(value, str) or not value:
            return missing
        bucket = (hash_text(salt + value) * total) >> 32
        for end, result in ends:
            if bucket < end:
                return result
        raise AssertionError("the buckets are numbered below the total weight")

    return halves if len(ends) == 2 else split


def _ramp(ramp: _Ramp, results: tuple[Evaluation, Evaluation, Evaluation], key: _Key) -> Decide:
    attribute, salt, hash_text, missing = key.attribute, key.salt, key.hash, key.missing
    first, last, start, duration = ramp.first, ramp.last, ramp.start, ramp.duration
    total = ramp.scale * duration
    inside, outside, finished = results
    is_full = last == ramp.scale

    def decide(context: Context, now: float) -> Evaluation:
        elapsed = min(max(floor(now) - start, 0), duration)
        if is_full and elapsed == duration:
            return finished
        value = context.get(attribute)
        if not isinstance(value, str) or not value:
            return missing
        weight = first * (duration - elapsed) + last * elapsed
        return inside if (hash_text(salt + value) * total) >> 32 < weight else outside

    return decide
