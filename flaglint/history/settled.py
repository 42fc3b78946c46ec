"""The value that a version of a flag settles on in each environment, whenever one asks."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from flaglint.evaluator.proof import Prover
from flaglint.model import CodeDefault, Constant, Varies
from flaglint.records import dataclass, replace

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from flaglint.definition import Flag, Registry

# For the native format "constant since" does not depend on when one asks, so one asks when everything is over.
_WHEN_ALL_IS_OVER: Final = datetime(9998, 1, 1, tzinfo=UTC).timestamp()


@dataclass(frozen=True, slots=True)
class Settled:
    """What one environment serves: `constant` (or the code's `default`) from a day on, `varies`, or `unknown`.

    `since` is the ordinal of the day that the rules themselves name, 0 for none; `value` is JSON. `stated`: that day
    comes from what a vendor recorded, who knows better than the commit of an export.
    """

    kind: str
    value: str = ""
    since: int = 0
    is_off: bool = False
    stated: bool = False


def settle(
    registry: Registry, groups: Mapping[str, Sequence[Flag]], keys: Collection[str], when: float
) -> Mapping[str, Mapping[str, Settled]]:
    """Return what each of `keys` serves: key -> environment -> value. `when` (UTC seconds) is for foreign formats."""
    if not keys:
        return {}
    needed = with_parents(keys, groups)
    flags = tuple(flag for key in groups if key in needed for flag in groups[key])
    prover = Prover(replace(registry, flags=flags, problems=()))
    named = {flag.environment for found in groups.values() for flag in found if flag.environment}
    environments = (*registry.environments, *sorted(named - set(registry.environments)))
    return {
        key: {name: _settled(prover, _speaking(groups[key], name), name, when) for name in environments}
        for key in sorted(keys)
        if key in groups
    }


def _speaking(flags: Sequence[Flag], environment: str) -> Flag:
    return next((flag for flag in flags if flag.environment in {"", environment}), flags[0])


def _settled(prover: Prover, flag: Flag, environment: str, when: float) -> Settled:
    is_native = flag.format == "native"
    verdict = prover.verdict(flag, environment, _WHEN_ALL_IS_OVER if is_native else when)
    off = next((variant.value for variant in flag.variants if variant.name == flag.off_variant), None)
    match verdict:
        case Constant():
            is_kill = flag.kill is not None or any(e.kill for e in flag.environments if e.name == environment)
            stated = 0 if verdict.since is None or (is_native and is_kill) else verdict.since.toordinal()
            return _constant(verdict.value, off, stated, stated=not is_native and stated > 0)
        case Varies() if verdict.forecast is not None and verdict.forecast_variant is not None:
            names = [variant for variant in flag.variants if variant.name == verdict.forecast_variant]
            if names:
                return _constant(names[0].value, off, verdict.forecast.toordinal(), stated=False)
        case CodeDefault():
            return Settled("default", is_off=True)
    return Settled("varies" if isinstance(verdict, Varies) else "unknown")


def _constant(value: object, off: object, since: int, *, stated: bool) -> Settled:
    text = json.dumps(value, sort_keys=True)
    is_off = text == json.dumps(off, sort_keys=True) if off is not None else value is False
    return Settled("constant", text, since, is_off, stated)


def with_parents(keys: Collection[str], groups: Mapping[str, Sequence[Flag]]) -> set[str]:
    """Return the keys with all that they need; of foreign formats, whose parents are their own affair, every flag."""
    found = set(keys)
    waiting = list(keys)
    while waiting:
        for flag in groups.get(waiting.pop(), ()):
            for need in flag.needs:
                if need.key not in found:
                    found.add(need.key)
                    waiting.append(need.key)
    if any(flag.format != "native" for key in keys for flag in groups.get(key, ())):
        found |= {key for key, flags in groups.items() if flags[0].format != "native"}
    return found
