"""What LaunchDarkly's SDKs want of flags and segments: with another type in one field they refuse all of the data.

As in the Python SDK's `ldclient.impl.model`, and https://github.com/launchdarkly/api-openapi for exports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from flaglint.registry.shape import Shape

_CLAUSE: Final[Shape] = {
    "attribute!": "text",
    "op!": "text",
    "values!": ["any"],
    "negate": "boolean",
    "contextKind": "text",
}
_ROLLOUT: Final[dict[str, Shape]] = {
    "variations!": [{"variation!": "integer", "weight!": "integer"}],
    "contextKind": "text",
    "bucketBy": "text",
    "kind": "text",
    "seed": "integer",
}
_SERVED: Final[dict[str, Shape]] = {"variation": "integer", "rollout": _ROLLOUT}
_TARGET: Final[Shape] = {"variation!": "integer", "values!": ["text"], "contextKind": "text"}
_RULES: Final[dict[str, Shape]] = {
    "on": "boolean",
    "offVariation": "integer",
    "fallthrough": _SERVED,
    "targets": [_TARGET],
    "contextTargets": [_TARGET],
    "rules": [{**_SERVED, "clauses!": [_CLAUSE]}],
    "prerequisites": [{"key!": "name", "variation!": "integer"}],
}
FLAG: Final[Shape] = {**_RULES, "key": "text", "variations": ["any"], "salt": "text", "deleted": "boolean"}
ENVIRONMENT: Final[Shape] = {**_RULES, "archived": "boolean"}
EXPORTED: Final[Shape] = {
    "key!": "name",
    "variations!": [{"value": "any", "name": "text"}],
    "environments!": {},
    "temporary": "boolean",
    "archived": "boolean",
    "description": "text",
    "tags": ["text"],
}
SEGMENT: Final[Shape] = {
    "key": "text",
    "included": ["text"],
    "excluded": ["text"],
    "includedContexts": [{"values!": ["text"], "contextKind": "text"}],
    "excludedContexts": [{"values!": ["text"], "contextKind": "text"}],
    "rules": [{"clauses!": [_CLAUSE], "weight": "integer", "bucketBy": "text", "rolloutContextKind": "text"}],
    "unbounded": "boolean",
}


def summary_of_segment(segment: Any) -> dict[str, Any]:
    """Return what a proof needs of a segment: whether it lists anybody, and its rules."""
    lists = ("included", "excluded", "includedContexts", "excludedContexts")
    named = {name: any(_members(entry) for entry in segment.get(name) or ()) for name in lists}
    found: dict[str, Any] = {
        "included": named["included"] or named["includedContexts"],
        "excluded": named["excluded"] or named["excludedContexts"],
        "rules": segment.get("rules") or [],
    }
    if segment.get("unbounded") is True:
        found["unbounded"] = True
    if segment.get("deleted") is True:
        found["deleted"] = True
    return found


def _members(entry: Any) -> bool:
    return bool(entry.get("values")) if isinstance(entry, dict) else True
