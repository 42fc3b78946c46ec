"""What a flag should say of itself, and which formats of registries can carry it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from flaglint.definition import Flag

FIELDS = ("owner", "description", "type", "expiry")
# Formats with fields for it. What is not listed is a payload for an SDK, or code, and cannot say any of it.
_CARRIED = {
    "native": FIELDS,
    "appconfig": ("description",),
    "flagpole": ("owner",),
    "gitlab": ("owner", "type"),
    "openfeature-manifest": ("description",),
}
# What Open edX asks of a toggle's annotations; the date only of those that are temporary.
_ANNOTATED = ("description", "expiry")
# Formats with free metadata, or with files that do not tell all: a field counts as a rule of the house once any flag
# there has it.
_FREE = frozenset(
    {"featurevisor", "flagd", "flipt", "goff", "growthbook", "launchdarkly", "posthog", "statsig", "unleash"}
)
_NO_TYPES = frozenset({"posthog", "statsig"})  # they tell experiments, and nothing of the types of other flags


def missing(flag: Flag, lifetimes: Mapping[str, int], *, is_permanent: bool) -> list[str]:
    """Return what a flag does not say, in the words of a finding.

    It says when it goes by `expires`, by being permanent, or by its date of birth where its type has a lifetime.
    """
    said = _said(flag)
    goes = is_permanent or (flag.created is not None and lifetimes.get(flag.type, 0) > 0)
    goes = goes or (_is_annotated(flag) and flag.type != "release")
    return [name for name in FIELDS if name not in said and not (name == "expiry" and goes)]


def demanded(flags: Iterable[Flag]) -> Mapping[str, Collection[str]]:
    """Return which of the fields are asked for in each format."""
    asked: dict[str, Collection[str]] = dict(_CARRIED)
    for flag in flags:
        if flag.format in _FREE:
            said = _said(flag) - ({"type"} if flag.format in _NO_TYPES else set())
            asked[flag.format] = {*asked.get(flag.format, ()), *said}
        elif flag.format == "python" and not _is_annotated(flag):
            # Of a comment in plain words nobody can tell whether it is a rule of the house. What one file says of its
            # flags depends on no other.
            where = _in_file(flag)
            asked[where] = {*asked.get(where, ()), *(_said(flag) - {"description"})}
    return asked


def asked_of(flag: Flag, demands: Mapping[str, Collection[str]]) -> Collection[str]:
    """Return which of the fields are asked for of a flag: those of its format, or of its annotations."""
    if _is_annotated(flag):
        return _ANNOTATED
    return demands.get(_in_file(flag) if flag.format == "python" else flag.format, ())


def _in_file(flag: Flag) -> str:
    return f"python in {flag.key_span.path}"


def _is_annotated(flag: Flag) -> bool:
    return flag.format == "python" and isinstance(flag.payload, dict) and "annotation" in flag.payload


def _said(flag: Flag) -> set[str]:
    fields = {"owner": flag.owner, "description": flag.description, "type": flag.type}
    return {name for name, value in fields.items() if value.strip()} | ({"expiry"} if flag.expires else set())
