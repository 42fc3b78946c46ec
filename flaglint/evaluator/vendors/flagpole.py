"""Verdicts on Sentry's Flagpole features: the first segment that matches decides, and one without conditions matches.

A feature that is not enabled or has no segment is off. A condition on a value of another type than it wants is an error
there, so nothing is claimed of what lies behind a condition, unless no segment can turn the feature on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flaglint.model import Constant, Unknown, Varies

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.definition import Flag
    from flaglint.evaluator.foreign import Question
    from flaglint.model import Verdict

_EVERYBODY = 100


def prove(flag: Flag, question: Question) -> Verdict:  # noqa: ARG001 - Flagpole knows no prerequisites
    """Return what is proven of a feature."""
    definition = flag.payload
    if not isinstance(definition, dict) or not isinstance(segments := definition.get("segments"), list):
        return Unknown("its definition cannot be read")
    if definition.get("enabled") is False:
        return _constant(False, "it is not enabled")  # noqa: FBT003 - the value that is served
    if not segments:
        return _constant(False, "it has no segments")  # noqa: FBT003 - as above
    if not all(isinstance(segment, dict) for segment in segments):
        return Unknown("a segment cannot be read")
    if all(_rollout(segment) == 0 for segment in segments):
        return _constant(False, "the rollout of every segment is 0")  # noqa: FBT003 - as above
    first: Mapping[str, Any] = segments[0]  # type: ignore[assignment] # all are mappings
    if first.get("conditions"):
        return Varies(f"the segment {_named(first)} has conditions")
    rollout = _rollout(first)
    if rollout == 0:
        return _constant(False, f"the rollout of its first segment, {_named(first)}, is 0")  # noqa: FBT003 - as above
    if rollout == _EVERYBODY:
        return _constant(True, f"its first segment, {_named(first)}, has no conditions")  # noqa: FBT003 - as above
    return Varies(f"the segment {_named(first)} is rolled out to {rollout} %")


def _rollout(segment: Mapping[str, Any] | Any) -> int:
    rollout = segment.get("rollout", _EVERYBODY)
    return _EVERYBODY if rollout is None else rollout if isinstance(rollout, int) else -1


def _named(segment: Mapping[str, Any]) -> str:
    return f"`{segment.get('name') or 'without a name'}`"


def _constant(value: bool, reason: str) -> Constant:  # noqa: FBT001 - the value that is served
    return Constant("true" if value else "false", value, reason)
