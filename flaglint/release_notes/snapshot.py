"""A registry at one moment, asked flag by flag what each environment serves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.evaluator.proof import Prover
from flaglint.history.definitions import common_text, meaning_of
from flaglint.history.settled import with_parents
from flaglint.records import replace
from flaglint.release_notes.exposure import exposure

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from flaglint.definition import Flag, Registry
    from flaglint.history.definitions import Meaning
    from flaglint.release_notes.exposure import Exposure


class Snapshot:
    """A registry at `when` (UTC seconds). With `keys`, only these are asked about, and what they need is kept."""

    def __init__(self, registry: Registry, when: float, keys: Collection[str] | None = None) -> None:
        self.when = when
        self.flags: dict[str, tuple[Flag, ...]] = {}
        for flag in registry.flags:
            self.flags[flag.key] = (*self.flags.get(flag.key, ()), flag)
        self.registry = registry
        if keys is not None:
            needed = with_parents([key for key in keys if key in self.flags], self.flags)
            kept = tuple(flag for flag in registry.flags if flag.key in needed)
            self.registry = replace(registry, flags=kept)
        self.common = common_text(registry)
        named = {flag.environment for flag in registry.flags if flag.environment}
        self.environments = (*registry.environments, *sorted(named - set(registry.environments)))
        self._prover = Prover(self.registry)
        self._exposures: dict[tuple[str, str], Exposure] = {}

    def meaning(self, key: str) -> Meaning | None:
        """Return what the definitions of a key mean, or None when there is none."""
        flags = self.flags.get(key)
        return meaning_of(flags) if flags else None

    def flag(self, key: str, environment: str = "") -> Flag:
        """Return the definition that speaks for an environment."""
        flags = self.flags[key]
        return next((flag for flag in flags if flag.environment in {"", environment}), flags[0])

    def exposure(self, key: str, environment: str) -> Exposure:
        """Return what a flag serves in an environment."""
        if (key, environment) not in self._exposures:
            flag = self.flag(key, environment)
            verdict = self._prover.verdict(flag, environment, self.when)
            self._exposures[key, environment] = exposure(flag, environment, verdict, self.when)
        return self._exposures[key, environment]

    def exposures(self, key: str) -> Mapping[str, Exposure]:
        """Return what a flag serves in each environment."""
        return {name: self.exposure(key, name) for name in self.environments}

    def turning_points(self, key: str, since: float) -> Iterator[float]:
        """Yield the seconds after `since`, and not after now, at which a native flag or its parents may turn."""
        for name in self.environments:
            for turn in self._prover.ground(name).boundaries(key):
                if since < turn <= self.when:
                    yield turn
