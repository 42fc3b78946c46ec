"""What Unleash's engine wants of features and strategies, and what of them a proof needs.

As in https://github.com/Unleash/client-specification; with another type in one field the engine refuses all features.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flaglint.registry.shape import Names

if TYPE_CHECKING:
    from flaglint.registry.shape import Shape

_CONSTRAINT: Final[Shape] = {
    "contextName!": "text",
    "operator!": "text",
    "values": ["text"],
    "value": "text",
    "inverted": "boolean",
    "caseInsensitive": "boolean",
}
_VARIANTS: Final[Shape] = [
    {
        "name!": "text",
        "weight!": "integer",
        "stickiness": "text",
        "overrides": [{"contextName!": "text", "values!": ["text"]}],
        "payload": {"type": "text", "value": "any"},
    }
]
_DEPENDENCIES: Final[Shape] = [{"feature!": "name", "enabled": "boolean", "variants": ["text"]}]
_STRATEGY: Final[dict[str, Shape]] = {
    "parameters": Names("text"),
    "constraints": [_CONSTRAINT],
    "segments": ["integer"],
    "variants": _VARIANTS,
    "disabled": "boolean",
}
FEATURE: Final[Shape] = {
    "name!": "name",
    "enabled!": "boolean",
    "strategies!": [{**_STRATEGY, "name!": "text"}],
    "variants": _VARIANTS,
    "dependencies": _DEPENDENCIES,
    "description": "text",
    "type": "text",
}
EXPORTED: Final[Shape] = {"name!": "name", "archived": "boolean", "description": "text", "type": "text"}
STRATEGY: Final[Shape] = {
    **_STRATEGY,
    "featureName!": "name",
    "environment": "text",
    "name": "text",
    "strategyName": "text",
}
SEGMENT: Final[Shape] = {"id!": "integer", "constraints": [_CONSTRAINT]}


def strategy_data(strategy: Any) -> dict[str, Any]:
    """Return what a proof needs of a strategy."""
    return {
        "name": strategy["name"],
        "parameters": strategy.get("parameters") or {},
        "constraints": strategy.get("constraints") or [],
        "segments": list(strategy.get("segments") or []),
        "variants": variants_of(strategy.get("variants")),
        "disabled": strategy.get("disabled") is True,
    }


def variants_of(variants: Any) -> list[Any]:
    """Return the names of variants, each with whether anybody can get it."""
    found = []
    for variant in variants if isinstance(variants, list) else ():
        if isinstance(variant, dict) and isinstance(variant.get("name"), str):
            weight = variant.get("weight")
            is_served = bool(variant.get("overrides")) or not (isinstance(weight, int) and weight <= 0)
            found.append([variant["name"], is_served])
    return found


def dependencies_of(dependencies: Any) -> list[Any]:
    """Return the parents of a feature: its name, whether it must be on, and the variants of which it must have one."""
    found = []
    for parent in dependencies if isinstance(dependencies, list) else ():
        if isinstance(parent, dict) and isinstance(parent.get("feature"), str):
            variants = [name for name in parent.get("variants") or () if isinstance(name, str)]
            found.append({"feature": parent["feature"], "on": parent.get("enabled") is not False, "variants": variants})
    return found
