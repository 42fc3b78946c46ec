"""The registry over time: for each key a list of what it was from which commit on, one entry for each real change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.history.definitions import common_text, meaning_of
from flaglint.history.settled import settle
from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from flaglint.definition import Flag, Registry
    from flaglint.history.definitions import Meaning
    from flaglint.history.events import Event
    from flaglint.history.settled import Settled

Groups = dict[str, tuple["Flag", ...]]


@dataclass(frozen=True, slots=True)
class Entry:
    """What a key is from the commit with this place on the main line on; `meaning` is None where it is gone.

    `event` is None for what was there before anything is known. `former` is the key from which it was renamed, `later`
    the one that it was renamed to.
    """

    index: int
    meaning: Meaning | None
    settled: Mapping[str, Settled] = field(default_factory=dict)
    event: Event | None = None
    former: str = ""
    later: str = ""


Timeline = dict[str, list[Entry]]


@dataclass(frozen=True, slots=True)
class Step:
    """A change of one key, for who wants to know which commit made it; None for a meaning: the key is not there."""

    index: int
    key: str
    before: Meaning | None
    after: Meaning | None


@dataclass(slots=True)
class Fold:
    """Goes through the versions, oldest first, and keeps what changed."""

    timeline: Timeline = field(default_factory=dict)
    critical: tuple[str, ...] = ()
    steps: list[Step] = field(default_factory=list)
    _groups: Groups = field(default_factory=dict)
    _common: str = ""

    def add(self, index: int, when: float, registry: Registry, *, is_last: bool) -> None:
        """Add the version at a place of the main line, committed at `when` (UTC seconds).

        A broken entry stays what it was, and where a part cannot be read nothing is gone; but the last version counts
        as it stands.
        """
        groups = _by_key(registry.flags)
        if not is_last and any(problem.breaks and not problem.key for problem in registry.problems):
            groups = {**{key: flags for key, flags in self._groups.items() if key not in groups}, **groups}
        common = common_text(registry)
        steps = list(self._steps(index, groups, is_last=is_last))
        changed = {step.key for step in steps}
        affected = set(groups) if common != self._common else _with_dependants(changed, groups)
        settled = settle(registry, groups, affected, when)
        self._keep(steps, settled, index)
        self._groups, self._common, self.critical = groups, common, registry.critical

    def resume(self, registry: Registry) -> None:
        """Go on behind a version that is in the timeline already."""
        self._groups, self._common = _by_key(registry.flags), common_text(registry)

    def _steps(self, index: int, groups: Groups, *, is_last: bool) -> Iterable[Step]:
        for key, flags in groups.items():
            if _same(self._groups.get(key, ()), flags):
                continue
            before, after = self.meaning(key), meaning_of(flags)
            if after.broken and before is not None and not is_last:
                continue
            if before is None or before.whole != after.whole:
                yield Step(index, key, before, after)
        for key in self._groups.keys() - groups.keys():
            if (before := self.meaning(key)) is not None:
                yield Step(index, key, before, None)

    def meaning(self, key: str) -> Meaning | None:
        """Return what a key means so far, or None when it is not there."""
        entries = self.timeline.get(key)
        return entries[-1].meaning if entries else None

    def _keep(self, steps: Sequence[Step], settled: Mapping[str, Mapping[str, Settled]], index: int) -> None:
        renamed = renames(steps)
        former = {new: old for old, new in renamed.items()}
        for step in steps:
            entry = Entry(
                index,
                step.after,
                settled.get(step.key, {}) if step.after is not None else {},
                former=former.get(step.key, ""),
                later=renamed.get(step.key, ""),
            )
            self.timeline.setdefault(step.key, []).append(entry)
        changed = {step.key for step in steps}
        for key, verdicts in settled.items():
            last = self.timeline[key][-1] if key in self.timeline else None
            if key not in changed and last is not None and last.meaning is not None and last.settled != verdicts:
                self.timeline[key].append(Entry(index, last.meaning, verdicts))
        self.steps += sorted(steps, key=lambda step: step.key)


def renames(steps: Sequence[Step]) -> dict[str, str]:
    """Return former and new key of flags that one commit took away and brought back unchanged under another key."""
    gone = {step.before.nameless: step.key for step in steps if step.after is None and step.before is not None}
    found = {}
    for step in steps:
        if step.before is None and step.after is not None and step.after.nameless in gone:
            found[gone.pop(step.after.nameless)] = step.key
    return found


def _by_key(flags: Iterable[Flag]) -> Groups:
    found: dict[str, tuple[Flag, ...]] = {}
    for flag in flags:
        found[flag.key] = (*found.get(flag.key, ()), flag)
    return found


def _same(first: Sequence[Flag], second: Sequence[Flag]) -> bool:
    return len(first) == len(second) and all(a is b for a, b in zip(first, second, strict=True))


def _with_dependants(changed: Collection[str], groups: Groups) -> set[str]:
    """Return the changed keys that are there, and those whose value may hang on one of them."""
    affected = set(changed)
    if not affected:
        return affected
    needs: dict[str, set[str]] = {}
    for key, flags in groups.items():
        for flag in flags:
            for need in flag.needs:
                needs.setdefault(need.key, set()).add(key)
    waiting = list(affected)
    while waiting:
        for key in needs.get(waiting.pop(), ()):
            if key not in affected:
                affected.add(key)
                waiting.append(key)
    # What a foreign format calls a parent is in its payload; where any of them changed, all of them are looked at.
    if any(flag.format != "native" for key in affected for flag in groups.get(key, ())):
        affected |= {key for key, flags in groups.items() if flags[0].format != "native"}
    return affected & groups.keys()
