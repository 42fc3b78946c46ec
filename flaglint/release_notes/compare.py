"""Two registries held against each other: what changed for users, flag by flag and environment by environment."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flaglint.history.timeline import Step as Turn
from flaglint.history.timeline import renames
from flaglint.release_notes.changes import Change
from flaglint.release_notes.exposure import shares_text
from flaglint.release_notes.moves import ROUNDING
from flaglint.release_notes.wording import condition, listed, percent

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from flaglint.definition import Flag, Registry
    from flaglint.release_notes.exposure import Exposure
    from flaglint.release_notes.snapshot import Snapshot

_Told = tuple[str, str, str, str]  # kind, summary, before, after


def compare(before: Snapshot, after: Snapshot) -> list[Change]:
    """Return what changed from one snapshot to another, without who did it and when."""
    turns = [
        Turn(0, key, old, new)
        for key in sorted(before.flags.keys() | after.flags.keys())
        if _text(old := before.meaning(key)) != _text(new := after.meaning(key))
    ]
    renamed = renames(turns)
    found: list[Change] = []
    for turn in turns:
        if turn.key in renamed:
            new_key = renamed[turn.key]
            found.append(
                _about(after.flag(new_key), "renamed", f"`{turn.key}` is called `{new_key}` now", before=turn.key)
            )
        elif turn.after is None:
            found.append(_removed(before, turn.key))
        elif turn.before is None and turn.key not in renamed.values():
            found.append(_new(after, turn.key))
    gone = {turn.key for turn in turns if turn.after is None or turn.before is None}
    told = {turn.key for turn in turns}
    for key in sorted((before.flags.keys() & after.flags.keys()) - gone):
        if key in told or before.common != after.common or _turns(before, after, key) or _depends(after, key, told):
            found += _in_environments(before, after, key)
        if key in told:
            found += _details(before.flag(key), after.flag(key))
    return found


def _text(meaning: object) -> str:
    return str(getattr(meaning, "whole", ""))


def _turns(before: Snapshot, after: Snapshot, key: str) -> bool:
    return before.when < after.when and any(True for _ in after.turning_points(key, before.when))


def _depends(snapshot: Snapshot, key: str, changed: set[str]) -> bool:
    """Whether a flag may serve something else because another one changed."""
    flags = snapshot.flags[key]
    if any(flag.format != "native" for flag in flags):
        return bool(changed)
    waiting, seen = [need.key for flag in flags for need in flag.needs], {key}
    while waiting:
        parent = waiting.pop()
        if parent in changed:
            return True
        if parent not in seen:
            seen.add(parent)
            waiting += [need.key for flag in snapshot.flags.get(parent, ()) for need in flag.needs]
    return False


def _about(flag: Flag, kind: str, summary: str, **more: object) -> Change:
    return Change(
        kind=kind,
        key=flag.key,
        summary=summary,
        title=flag.description,
        owner=flag.owner,
        type=flag.type,
        release_note=flag.release_note,
        links=flag.links,
        **more,  # type: ignore[arg-type] # the fields of Change, by name
    )


def _by_label(exposures: Mapping[str, Exposure]) -> str:
    """Return what environments serve, those that serve the same together."""
    labels: dict[str, list[str]] = {}
    for name, one in exposures.items():
        labels.setdefault(one.label, []).append(name)
    if len(labels) == 1:
        return next(iter(labels))
    return "; ".join(f"{listed(names)}: {label}" for label, names in labels.items())


def _new(after: Snapshot, key: str) -> Change:
    exposures = after.exposures(key)
    label = _by_label(exposures)
    plans = list(dict.fromkeys(text for one in exposures.values() for _, text in one.plans))
    later = f"; planned: {listed(plans)}" if plans else ""
    return _about(after.flag(key), "new", f"{label}{later}", after=label)


def _removed(before: Snapshot, key: str) -> Change:
    label = _by_label(before.exposures(key))
    return _about(before.flag(key), "removed", f"was {label}", before=label)


def _in_environments(before: Snapshot, after: Snapshot, key: str) -> Iterator[Change]:
    """Yield the changes in environments that both sides know; those that are the same are told once."""
    both = [name for name in after.environments if name in before.environments]
    together: dict[_Told, list[str]] = {}
    for name in both:
        for told in _told(before.exposure(key, name), after.exposure(key, name)):
            together.setdefault(told, []).append(name)
    for (kind, summary, old, new), names in together.items():
        everywhere = len(names) == len(after.environments)
        environments = () if everywhere else tuple(names)
        yield _about(after.flag(key, names[0]), kind, summary, environments=environments, before=old, after=new)


def _told(old: Exposure, new: Exposure) -> Iterator[_Told]:
    if old.served != new.served:
        kind, summary = _turned(old, new)
        yield kind, summary, old.label, new.label
    if fresh := [text for _, text in new.plans if text not in {known for _, known in old.plans}]:
        yield "scheduled", listed(fresh), old.label, listed(fresh)
    elif old.plans and not new.plans and old.served == new.served:
        dropped = listed([text for _, text in old.plans])
        yield "scheduled", f"no longer planned: {dropped}", dropped, new.label


def _turned(old: Exposure, new: Exposure) -> tuple[str, str]:
    """Return what happened and a sentence on it, for two exposures that differ."""
    if new.kind == "killed":
        return "killed", f"off for everyone{f': {new.reason}' if new.reason else ''} (was {old.label})"
    if old.kind == "killed":
        return "revived", new.label
    if new.kind == "everyone":
        if new.on == 0:
            return (
                "served" if old.kind == "everyone" and old.on == 0 else "rolled-back"
            ), f"{new.label} (was {old.label})"
        if old.kind == "everyone" and old.on == 1:
            return "served", f"{new.label} (was {old.label})"
        return "released", f"{new.label} (was {old.label})"
    if old.on is None or new.on is None:
        return "served", f"{new.label} (was {old.label})"
    if abs(old.on - new.on) < ROUNDING:
        return "audience", _audiences(old, new)
    also = f"; {_audiences(old, new)}" if old.groups[:-1] != new.groups[:-1] else ""
    if new.on > old.on:
        return "rollout", f"moved from {_share(old)} to {_share(new)}{also}"
    return "rolled-back", f"back from {_share(old)} to {_share(new)}{also}"


def _share(one: Exposure) -> str:
    """Return the share of those for whom no special rule decides, or everything where that says too little."""
    assert one.on is not None
    shares = one.groups[-1].shares if one.groups else ()
    simple = len(shares) <= 2 and all(name in {"on", "off"} for name, _ in shares)
    return percent(one.on) if simple else one.label


def _audiences(old: Exposure, new: Exposure) -> str:
    before, after = ({group.audience: group for group in one.groups if group.audience} for one in (old, new))
    parts = [
        f"{shares_text(group.shares, new.off)} for {name}" for name, group in after.items() if before.get(name) != group
    ]
    gone = [name for name in before if name not in after]
    if gone:
        parts.append(f"no special rule any more for {listed(gone)}")
    if not parts and old.label == new.label:
        return f"the same shares for other users: {new.label}"
    return f"now {listed(parts)}" if parts else f"{new.label} (was {old.label})"


def _details(old: Flag, new: Flag) -> Iterator[Change]:
    values = _values(old, new)
    if values:
        yield _about(new, "value", "; ".join(values))
    if said := list(_fields(old, new)):
        yield _about(new, "details", "; ".join(said))


def _values(old: Flag, new: Flag) -> list[str]:
    before, after = ({variant.name: variant.value for variant in flag.variants} for flag in (old, new))
    found = []
    for name in [*after, *(name for name in before if name not in after)]:
        if name not in before:
            found.append(f"`{name}` is new: {_json(after[name])}")
        elif name not in after:
            found.append(f"`{name}` is gone")
        elif _json(before[name]) != _json(after[name]):
            found.append(f"`{name}` is {_json(after[name])} (was {_json(before[name])})")
    return found


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _fields(old: Flag, new: Flag) -> Iterator[str]:
    for name in ("owner", "type", "created", "expires", "permanent", "description", "release_note", "bucket_by"):
        before, after = str(getattr(old, name) or ""), str(getattr(new, name) or "")
        if before != after:
            word = name.replace("_", " ")
            yield f"{word} is {after} (was {before})" if before and after else f"{word} is {after or 'gone'}"
    if (old.salt or old.key) != (new.salt or new.key):
        yield "its salt is another one"
    before_needs, after_needs = ({need.key: need.variants for need in flag.needs} for flag in (old, new))
    for key, variants in after_needs.items():
        if before_needs.get(key) != variants:
            yield f"needs `{key}` to serve {listed([f'`{name}`' for name in variants], 'or')}"
    for key in before_needs:
        if key not in after_needs:
            yield f"does not need `{key}` any more"


def segments_changed(before: Registry, after: Registry) -> Iterable[tuple[str, str]]:
    """Yield the segments that are others now, each with a sentence."""

    def said(registry: Registry) -> dict[str, str]:
        return {
            segment.name: " or ".join(
                [
                    *(f"segment `{name}`" for name in segment.segments),
                    *([condition(segment.when)] if segment.when else []),
                ]
            )
            or "everyone"
            for segment in registry.segments
        }

    old, new = said(before), said(after)
    for name in sorted(old.keys() & new.keys()):
        if old[name] != new[name]:
            yield name, f"segment `{name}` is {new[name]} (was {old[name]})"
