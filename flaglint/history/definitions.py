"""What a definition means, as a short digest: equal for a reformat, a comment and a move, different for a change."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from flaglint.evaluator.plan import native_plan, segment_plan
from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.definition import Flag, Kill, Registry

_LONG_LIVED = frozenset({"kill-switch", "ops", "permission"})


@dataclass(frozen=True, slots=True)
class Meaning:
    """Digests of all definitions of one key: what they say (`whole`), what they serve, and both without the key."""

    whole: str
    served: str
    nameless: str
    kills: frozenset[str]  # environments in which the flag is killed, the empty text for all
    permanent: bool
    broken: bool


def meaning_of(flags: Sequence[Flag]) -> Meaning:
    """Return what the definitions of one key mean together, in whichever order and file they stand."""
    served = sorted(_text(_served(flag)) for flag in flags)
    told = sorted(_text(_told(flag)) for flag in flags)
    salts = sorted(flag.salt or flag.key for flag in flags)
    key = flags[0].key
    return Meaning(
        whole=_digest([key, salts, served, told]),
        served=_digest([key, salts, served]),
        nameless=_digest([salts, served, told]),
        kills=frozenset(name for flag in flags for name in _kills(flag)),
        permanent=any(flag.is_permanent or flag.permanent or flag.type in _LONG_LIVED for flag in flags),
        broken=any(flag.problems for flag in flags),
    )


def common_text(registry: Registry) -> str:
    """Return what a registry says for all flags, as a text: its environments, its segments, its hash."""
    segments = sorted((segment.name, _text(segment_plan(segment))) for segment in registry.segments)
    return _text([registry.environments, registry.critical, registry.bucketing, segments])


def _served(flag: Flag) -> list[Any]:
    """Return what decides the value that a flag serves."""
    if flag.format == "flagd" and isinstance(flag.payload, dict):
        # its metadata decide nothing, and a file may tell its own version there, for all flags
        payload = {name: value for name, value in flag.payload.items() if name != "metadata"}
        return [flag.format, flag.environment, flag.archived, payload]
    if flag.format != "native":
        return [flag.format, flag.environment, flag.archived, flag.payload]
    names = sorted(entry.name for entry in flag.environments)
    plans = [[name, {**native_plan(flag, name), "metadata": None, "salt": None}] for name in ("", *names)]
    return [flag.archived, plans]


def _told(flag: Flag) -> list[Any]:
    """Return what a flag says beside that."""
    kills = [[entry.name, *_told_kill(entry.kill)] for entry in flag.environments if entry.kill is not None]
    return [
        flag.description, flag.type, flag.owner, str(flag.created), str(flag.expires), flag.permanent,
        flag.is_permanent, sorted(flag.links), flag.release_note, sorted(flag.tags), sorted(kills),
        _told_kill(flag.kill),
    ]  # fmt: skip


def _told_kill(kill: Kill | None) -> list[str]:
    return [] if kill is None else [str(kill.since), kill.by, kill.reason]


def _kills(flag: Flag) -> list[str]:
    found = [] if flag.kill is None else [flag.environment]
    return found + [entry.name for entry in flag.environments if entry.kill is not None]


def _text(value: Any) -> str:
    return json.dumps(value, sort_keys=True, default=str)


def _digest(value: Any) -> str:
    return blake2b(_text(value).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()
