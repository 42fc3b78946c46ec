"""A plan for programs and for people: as JSON, and as the summary that goes into a pull request."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from flaglint.model import Literal
from flaglint.remove.outcome import Status
from flaglint.spelling import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flaglint.model import Span
    from flaglint.remove.outcome import Change, Plan, ReadOutcome


def as_data(plan: Plan) -> dict[str, Any]:
    """Return the plan as plain data, version 1. Lines and columns are 1-based; byte offsets 0-based."""
    return {
        "version": 1,
        "flags": [
            {
                "key": key,
                "value": kept.value,
                "variant": kept.variant,
                **({} if kept.switch is None else {"switch": kept.switch}),
                "why": kept.why,
            }
            for key, kept in sorted(plan.pins.items())
        ],
        "reads": [
            {
                "key": _key(item),
                **item.reference.span.as_data(),
                "status": str(item.status),
                "code": item.code or None,
                "reason": item.sentence or None,
            }
            for item in plan.reads
        ],
        "leftovers": [
            {"key": item.key or None, **item.span.as_data(), "code": item.code, "reason": item.sentence}
            for item in plan.leftovers
        ],
        "edits": edits_as_data(plan.changes),
    }


def edits_as_data(changes: Iterable[Change]) -> list[dict[str, Any]]:
    """Return edits per file as plain data; byte offsets are 0-based."""
    return [
        {
            "path": change.path,
            "edits": [
                {"start": edit.start, "end": edit.end, "text": edit.text.decode("utf-8", "surrogateescape")}
                for edit in change.edits
            ],
        }
        for change in changes
    ]


def as_json(plan: Plan) -> str:
    """Return the plan as JSON text."""
    return json.dumps(as_data(plan), indent=2, ensure_ascii=True)


def _key(item: ReadOutcome) -> str:
    return ", ".join(_keys(item))


def _keys(item: ReadOutcome) -> tuple[str, ...]:
    key = item.reference.key
    return (key.key,) if isinstance(key, Literal) else getattr(key, "keys", ())


def summary(plan: Plan) -> Iterator[str]:
    """Yield the lines of a summary: what was kept and why, what changes, and what is left to a person."""
    read = {name for item in plan.reads for name in _keys(item)}
    for key, kept in sorted(plan.pins.items()):
        if key not in read:
            yield f"`{key}` goes: no code reads it" if key in plan.unused_keys else f"`{key}` stays: look below"
            continue
        variant = f" (variant `{kept.variant}`)" if kept.variant and kept.variant != kept.value else ""
        why = f": {kept.why}" if kept.why else ""
        yield f"`{key}` is kept as {kept.shown}{variant}{why}"
    counts = Counter(item.status for item in plan.reads)
    parts = [f"{counts[status]} {status}" for status in Status if counts[status]]
    yield f"{counted(len(plan.reads), 'read')}{': ' + ', '.join(parts) if parts else ''}"
    if plan.changes:
        gone, new = _line_counts(plan)
        yield f"{counted(len(plan.changes), 'file')} changed, {counted(gone, 'line')} removed, {new} added"
    for title, status in (("not removed", Status.REFUSED), ("the value stays as a literal", Status.KEPT)):
        items = [item for item in plan.reads if item.status is status]
        if items:
            yield f"{title}:"
            yield from _listed(f"{_short(item.reference.span)}: {item.sentence} ({item.code})" for item in items)
    if plan.leftovers:
        yield "look at:"
        yield from _listed(f"{_short(item.span)}: {item.sentence} ({item.code})" for item in plan.leftovers)


def _listed(lines: Iterable[str]) -> Iterator[str]:
    """Yield each line once, with how often it was said: a line of a bundle may name a flag a dozen times."""
    for line, count in Counter(lines).items():
        yield f"  {line}" if count == 1 else f"  {line}, {count} times"


def _short(span: Span) -> str:
    return f"{span.path}:{span.start.line}"


def _line_counts(plan: Plan) -> tuple[int, int]:
    """Return how many lines go and how many come, as the diff shows them."""
    from flaglint.remove.diff import unified

    gone = new = 0
    for line in unified(plan.changes).split(b"\n"):
        gone += line.startswith(b"-") and not line.startswith((b"--- a/", b'--- "a/'))
        new += line.startswith(b"+") and not line.startswith((b"+++ b/", b'+++ "b/', b"+++ /dev/null"))
    return gone, new
