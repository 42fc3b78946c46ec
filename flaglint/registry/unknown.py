"""What is answered to a key or an environment that does not exist: the fact, the nearest names, a next command."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.errors import UsageError
from flaglint.spelling import did_you_mean, nearest_few

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from flaglint.definition import Registry

REGISTRY = "in the registry"
ANYWHERE = "in the registry or the code"


def unknown_flag(key: str, registry: Registry, known: Collection[str], where: str = REGISTRY) -> UsageError:
    """Return the error for a key that is none of the `known` ones; `where` says what these were taken from."""
    fact = f"there is no flag `{key}` {where}"
    grave = next((stone for stone in registry.tombstones if stone.key == key), None)
    if grave is not None:
        when = f" on {grave.date}" if grave.date is not None else ""
        return UsageError(f"{fact}: it was removed{when}", help=f"flaglint refs {key} lists what still names it")
    if few := nearest_few(key, known):
        return UsageError(fact, help=did_you_mean(few))
    if known:
        return UsageError(fact, help="flaglint refs lists every flag that is defined or read here")
    advice = "no flag is defined here: flaglint init writes a first registry, flaglint add KEY defines a flag"
    return UsageError(fact, help=advice if where == REGISTRY else f"{advice}; or go to the folder of the project")


def refuse_unknown_environments(names: Iterable[str], registry: Registry) -> None:
    """Raise UsageError for the first environment that a registry does not have; without a registry none is known."""
    for name in names:
        if registry.paths and name not in registry.environments:
            raise unknown_environment(name, registry.environments)


def unknown_environment(name: str, known: Collection[str]) -> UsageError:
    """Return the error for an environment that the registry does not have."""
    few = nearest_few(name, known)
    return UsageError(
        f"there is no environment `{name}` in the registry",
        help=did_you_mean(few) or f"there {'is' if len(known) == 1 else 'are'}: {', '.join(known)}",
    )
