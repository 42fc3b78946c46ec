"""The manifest of OpenFeature's command line, from a registry: keys, types, and the value without which reads go on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from flaglint.model import ValueType

if TYPE_CHECKING:
    from flaglint.definition import Flag, Registry

SCHEMA: Final = "https://raw.githubusercontent.com/open-feature/cli/refs/heads/main/schema/v0/flag-manifest.json"
_TYPES: Final = {
    ValueType.BOOLEAN: "boolean",
    ValueType.STRING: "string",
    ValueType.INTEGER: "integer",
    ValueType.FLOAT: "float",
    ValueType.OBJECT: "object",
}


def export_manifest(registry: Registry) -> tuple[dict[str, Any], list[tuple[Flag, str]]]:
    """Return the manifest of a registry, and the flags that are not in it with the reason.

    A flag of several environments is written once, when all agree on its type and its default.
    """
    flags: dict[str, Any] = {}
    refused: list[tuple[Flag, str]] = []
    for flag in registry.flags:
        kind = _TYPES.get(flag.value_type)
        default = _default(flag)
        if flag.archived:
            continue
        if flag.problems:
            refused.append((flag, "its entry is broken"))
        elif kind is None:
            refused.append((flag, "the type of its values is not known"))
        elif default is None:
            refused.append((flag, "there is no value to fall back to"))
        else:
            entry = {"flagType": kind, "defaultValue": default[0]}
            entry |= {"description": flag.description} if flag.description.strip() else {}
            known = flags.setdefault(flag.key, entry)
            if (known["flagType"], known["defaultValue"]) != (kind, default[0]):
                refused.append((flag, "its environments disagree on its type or its default"))
    for flag, _ in refused:
        flags.pop(flag.key, None)
    return {"$schema": SCHEMA, "flags": flags}, refused


def _default(flag: Flag) -> tuple[Any] | None:
    """Return what a read falls back to, in a tuple: what the format lays down, else the value of the off variant."""
    if isinstance(flag.payload, dict) and flag.payload.get("defaultValue") is not None and not flag.variants:
        return (flag.payload["defaultValue"],)
    return next(((variant.value,) for variant in flag.variants if variant.name == flag.off_variant), None)
