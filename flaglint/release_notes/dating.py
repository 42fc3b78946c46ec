"""Puts a commit or a day to each net change, and finds what came and went without leaving one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from flaglint.records import replace
from flaglint.release_notes.changes import Change, Step
from flaglint.release_notes.wording import listed

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.history import Event
    from flaglint.release_notes.snapshot import Snapshot
    from flaglint.release_notes.story import Chapter, Story

_OF_THE_ENTRY = frozenset({"new", "removed", "renamed", "value", "details"})


def dated(change: Change, story: Story, before: Snapshot, after: Snapshot) -> Change:
    """Return a change with the commit that made it, or with the day on which time did.

    Neither where it is not committed yet.
    """
    chapters = story.chapters.get(change.key, ())
    if not _is_committed(change.key, chapters, before, after):
        return change
    if change.kind in _OF_THE_ENTRY:
        event = next((chapter.event for chapter in reversed(chapters) if _is_it(change, chapter)), None)
        return replace(change, event=event)
    environment = change.environments[0] if change.environments else after.environments[0]
    steps = _steps(environment, chapters, before, change.key)
    turned = max((turn for turn in after.turning_points(change.key, before.when)), default=None)
    if steps and (turned is None or turned <= steps[-1].event.when):
        return replace(change, event=steps[-1].event, steps=tuple(steps) if len(steps) > 1 else ())
    if turned is not None and change.kind != "scheduled":
        return replace(change, day=datetime.fromtimestamp(turned, UTC).date(), steps=tuple(steps))
    if chapters:
        return replace(change, event=chapters[-1].event)
    return replace(change, event=_event_of_parents(change.key, story, after))


def _is_committed(key: str, chapters: Sequence[Chapter], before: Snapshot, after: Snapshot) -> bool:
    last = chapters[-1].meaning if chapters else before.meaning(key)
    now = after.meaning(key)
    return (last.whole if last else "") == (now.whole if now else "")


def _is_it(change: Change, chapter: Chapter) -> bool:
    if change.kind == "removed":
        return chapter.meaning is None
    if change.kind in {"new", "renamed"}:
        return not chapter.was_there
    return True


def _steps(environment: str, chapters: Sequence[Chapter], before: Snapshot, key: str) -> list[Step]:
    """Return where what an environment serves, or will, became another thing."""
    last: tuple[object, ...] | None = None
    if key in before.flags and environment in before.environments:
        start = before.exposure(key, environment)
        last = (start.served, start.plans)
    found = []
    for chapter in chapters:
        one = chapter.exposures.get(environment)
        now = (one.served, one.plans) if one is not None else None
        if now != last:
            found.append(Step(chapter.event, one.label if one is not None else "gone"))
        last = now
    return found


def _event_of_parents(key: str, story: Story, after: Snapshot) -> Event | None:
    """Return the last commit that changed something the flag needs; None when that is not known either."""
    waiting, seen = [key], {key}
    events = []
    while waiting:
        for flag in after.flags.get(waiting.pop(), ()):
            for need in flag.needs:
                if need.key not in seen:
                    seen.add(need.key)
                    waiting.append(need.key)
                    events += [chapter.event for chapter in story.chapters.get(need.key, ())[-1:]]
    return max(events, key=lambda event: event.when, default=None)


def interrupted(changes: Sequence[Change], story: Story, before: Snapshot, after: Snapshot) -> Iterator[Change]:
    """Yield what came and went: killed and revived, rolled out and back, added and removed."""
    served = [change for change in changes if change.kind not in _OF_THE_ENTRY]
    told = {(change.key, name) for change in served for name in change.environments or after.environments}
    for key, chapters in sorted(story.chapters.items()):
        if key not in before.flags and key not in after.flags:
            if chapters[0].meaning is not None and not any(change.before == key for change in changes):
                came, went = chapters[0].event, chapters[-1].event
                summary = f"added on {came.day} and removed on {went.day}"
                yield Change(kind="interrupted", key=key, summary=summary, event=went)
            continue
        if key not in before.flags or key not in after.flags:
            continue
        flag = after.flag(key)
        together: dict[str, tuple[list[str], list[Step]]] = {}
        for name in after.environments:
            if (key, name) in told or name not in before.environments:
                continue
            steps = _steps(name, chapters, before, key)
            if len(steps) > 1:
                together.setdefault(_tale(steps), ([], steps))[0].append(name)
        for summary, (names, steps) in together.items():
            yield Change(
                kind="interrupted",
                key=key,
                summary=summary,
                environments=() if len(names) == len(after.environments) else tuple(names),
                before=steps[-1].label,
                after=steps[-1].label,
                title=flag.description,
                owner=flag.owner,
                type=flag.type,
                links=flag.links,
                event=steps[-1].event,
                steps=tuple(steps),
            )


def _tale(steps: Sequence[Step]) -> str:
    said = [f"{step.label} on {step.event.day}" for step in steps[:-1]]
    return f"{listed(said, 'then')}, and back to {steps[-1].label} on {steps[-1].event.day}"
