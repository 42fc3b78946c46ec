"""Which flags serve one value to everyone from now on: proven over their rules, or not claimed.

Time is cut where a window or a ramp begins or ends; in between, `explore` goes every way that an evaluation can take.
The last stretch has no end, so the verdict follows from its tail: constant since the moment from which every way of
every later stretch serves the same value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from flaglint.circles import on_circles
from flaglint.errors import RegistryError
from flaglint.evaluator.exploration import TooManyWaysError, explore
from flaglint.evaluator.foreign import Question, proof_of
from flaglint.evaluator.plan import environment_entry, native_plan, segment_plan
from flaglint.evaluator.walk import BEGINNING, Cause, Ground, UnprovableError, serve_at
from flaglint.evaluator.wording import constant_reason, day_of, killed_since, until_reason, varies_reason
from flaglint.model import CodeDefault, Constant, Unknown, Varies
from flaglint.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from flaglint.definition import Flag, Registry
    from flaglint.model import Verdict

FEW: Final = 8  # flags that are proven without preparing all others
WAYS: Final = 2_000  # through one flag in one stretch of time; beyond that only the bare set of outcomes is looked at


def verdict(flag: Flag, environment: str, now: float, registry: Registry) -> Verdict:
    """Return what is proven of the value of `flag` in `environment` from `now` (UTC seconds) on, for every context.

    The flag may differ from the one in the registry: then the answer is what would be, if it stood there.
    """
    if flag not in registry.flags:
        others = tuple(other for other in registry.flags if other.key != flag.key)
        registry = replace(registry, flags=(*others, flag))
    return Prover(registry).verdict(flag, environment, now)


def verdicts(registry: Registry, now: float) -> Mapping[str, Mapping[str, Verdict]]:
    """Return the verdict of every flag in every environment: key -> environment -> verdict.

    Of several definitions of a key, that of the environment speaks; two for one environment prove nothing. Each flag is
    proven when somebody asks for it.
    """
    return Verdicts(registry, now)


class Verdicts(Mapping[str, Mapping[str, "Verdict"]]):
    """The verdicts of a registry by key and environment, each proven when it is looked up."""

    def __init__(self, registry: Registry, now: float) -> None:
        self._registry = registry
        self._prover = Prover(registry)
        self._now = now
        self._by_key: dict[str, list[Flag]] = {}
        for flag in registry.flags:
            self._by_key.setdefault(flag.key, []).append(flag)
        self._proven: dict[str, Mapping[str, Verdict]] = {}

    def __getitem__(self, key: str) -> Mapping[str, Verdict]:
        """Return the verdicts of a flag by environment; raises KeyError for one that the registry does not define."""
        if key not in self._proven:
            flags, prover = self._by_key[key], self._prover_of(key)
            found: dict[str, Verdict] = {}
            alike = ""  # an environment with nothing of its own to say of the flag
            for name in self._prover.environments:
                if alike and _is_nothing_special(flags, name):
                    found[name] = found[alike]
                    continue
                found[name] = prover.verdict(_for_environment(flags, name), name, self._now)
                alike = alike or (name if _is_nothing_special(flags, name) else "")
            self._proven[key] = found
        return self._proven[key]

    def _prover_of(self, key: str) -> Prover:
        """Return what proves a flag: for the first few one that knows no more than what they need."""
        if len(self._proven) >= FEW or key not in self._by_key:
            return self._prover
        known = {key}
        pending = [key]
        while pending:
            for flag in self._by_key.get(pending.pop(), ()):
                if flag.format != "native":  # it may ask for others in a way of its own
                    return self._prover
                new = {need.key for need in flag.needs} - known
                known |= new
                pending += new
        flags = tuple(flag for name in self._by_key if name in known for flag in self._by_key[name])
        return Prover(replace(self._registry, flags=flags))

    def __iter__(self) -> Iterator[str]:
        """Yield the keys in the order of the registry."""
        return iter(self._by_key)

    def __len__(self) -> int:
        """Return how many keys there are."""
        return len(self._by_key)


def _is_nothing_special(flags: Sequence[Flag], environment: str) -> bool:
    """Whether a flag serves there what it serves in every environment that says nothing of it, whatever others do."""
    flag = flags[0]
    is_plain = len(flags) == 1 and flag.format == "native" and not flag.environment and not flag.needs
    return is_plain and environment_entry(flag, environment) is None


def _for_environment(flags: Sequence[Flag], environment: str) -> Flag:
    return next((flag for flag in flags if flag.environment in {"", environment}), flags[0])


@dataclass(frozen=True, slots=True)
class Stretch:
    """What a flag can serve from `start` (UTC seconds) to the next boundary: variants by name, and what decided."""

    start: float
    variants: frozenset[str | None]
    causes: frozenset[Cause]


class Prover:
    """Proves flags of one registry; what the flags share is prepared once per environment."""

    def __init__(self, registry: Registry) -> None:
        self._registry = registry
        named = {flag.environment for flag in registry.flags if flag.environment}
        self.environments: tuple[str, ...] = (*registry.environments, *sorted(named - set(registry.environments)))
        self._grounds: dict[str, Ground] = {}
        self._neighbours: dict[str, Mapping[str, Flag]] = {}

    def ground(self, environment: str) -> Ground:
        """Return the flags and segments as the environment sees them."""
        if environment not in self._grounds:
            self._grounds[environment] = _ground(self._registry, environment)
        return self._grounds[environment]

    def _visible(self, environment: str) -> Mapping[str, Flag]:
        """Return the flags that the environment sees, by key, without those that are defined twice."""
        if environment not in self._neighbours:
            twice = self.ground(environment).twice
            self._neighbours[environment] = {
                flag.key: flag
                for flag in self._registry.flags
                if flag.environment in {"", environment} and flag.format != "python" and flag.key not in twice
            }
        return self._neighbours[environment]

    def verdict(self, flag: Flag, environment: str, now: float) -> Verdict:
        """Return what is proven of `flag`; see `verdict`."""
        if flag.problems:
            return Unknown("its entry in the registry is broken")
        if flag.environment not in {"", environment}:
            return CodeDefault(f"it is not in the registry of {environment}")
        if flag.key in self.ground(environment).twice:
            return Unknown("it is defined more than once")
        if flag.archived:
            return CodeDefault("it is archived")
        if flag.format == "python":
            return Unknown("it is declared in Python, and the value it serves is not in the registry")
        if flag.format != "native":
            proof = proof_of(flag.format)
            if proof is None:
                return Unknown(f"flaglint does not evaluate the format {flag.format}")
            return proof.prove(flag, Question(environment, now, self._visible(environment), self._registry))
        try:
            return _native_verdict(flag, environment, now, self.ground(environment))
        except UnprovableError as reason:
            return Unknown(str(reason))
        except RegistryError as error:  # a condition that means nothing
            return Unknown(error.message)


def _ground(registry: Registry, environment: str) -> Ground:
    flags: dict[str, dict[str, Any]] = {}
    broken, twice = set(), set()
    for flag in registry.flags:
        if flag.environment not in {"", environment} or flag.format == "python":
            continue
        if flag.key in flags or flag.key in broken:
            twice.add(flag.key)
        if flag.problems:
            broken.add(flag.key)
        elif flag.format == "native" and not flag.archived:
            flags[flag.key] = native_plan(flag, environment)
        elif not flag.archived:
            flags[flag.key] = {"kind": flag.format, "variants": {variant.name for variant in flag.variants}}
    needs = {key: [need[0] for need in flag.get("needs", ())] for key, flag in flags.items()}
    segments = {segment.name: segment_plan(segment) for segment in registry.segments}
    return Ground(flags, segments, on_circles(needs), frozenset(broken | twice), frozenset(twice))


def _stretches(key: str, ground: Ground, values: Mapping[str, str]) -> Iterator[Stretch]:
    """Yield what a native flag can serve in each stretch of time, latest first; raises UnprovableError.

    `values` are those of the variants as JSON. Of a stretch that can serve two of them, two are enough to know.
    """
    for start in reversed((BEGINNING, *ground.boundaries(key))):
        variants: set[str | None] = set()
        causes: set[Cause] = set()
        try:
            for served, _ in explore(partial(serve_at, ground, key, start), WAYS):
                variants.add(served.variant)
                causes.add(served.cause)
                if len(variants) > 1 and len({values.get(name or "") for name in variants}) > 1:
                    break
        except TooManyWaysError:
            variants |= _named_outcomes(ground.flags[key])
            causes = {Cause("many")}
        yield Stretch(start, frozenset(variants), frozenset(causes))


def _named_outcomes(flag: Mapping[str, Any]) -> set[str | None]:
    """Return every variant that the flag names at all, were each of its conditions free."""
    names: set[str | None] = {flag["off"]}
    for rule in flag["rules"]:
        match rule["then"]:
            case ["split", weights]:
                names.update(name for name, _ in weights)
            case [_, variant, *_]:
                names.add(variant)
    return names


def _native_verdict(flag: Flag, environment: str, now: float, ground: Ground) -> Verdict:
    # JSON tells true from 1, and 1 from 1.0
    values = {variant.name: json.dumps(variant.value) for variant in flag.variants}
    tail: list[Stretch] = []  # the stretches that all serve one and the same value, latest first
    for stretch in _stretches(flag.key, ground, values):
        if len(_values(values, [*tail[:1], stretch])) != 1:
            break
        tail.append(stretch)
    if not tail:
        return Varies(varies_reason(ground, flag.key, now))
    begins = tail[-1].start
    live = [stretch for stretch, later in zip(tail, (None, *tail), strict=False) if later is None or later.start > now]
    names = frozenset[str | None]().union(*(stretch.variants for stretch in live))
    variant = next(iter(names)) if len(names) == 1 else None
    if begins > now:
        return Varies(until_reason(ground, flag.key, now, begins), day_of(begins, round_up=True), variant)
    causes = frozenset[Cause]().union(*(stretch.causes for stretch in live))
    (value,) = _values(values, live)
    since = day_of(begins) if begins != BEGINNING else killed_since(flag, environment, causes)
    return Constant(variant, json.loads(value), constant_reason(flag, environment, causes), since)


def _values(values: Mapping[str, str], stretches: Iterable[Stretch]) -> set[str]:
    """Return the values that the stretches can serve, as JSON; raises UnprovableError for a variant without one."""
    names = {name for stretch in stretches for name in stretch.variants}
    if unknown := names - values.keys():
        raise UnprovableError(f"it has no variant `{min(map(str, unknown))}`")
    return {values[name] for name in names if name is not None}
