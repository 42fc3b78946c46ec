"""Verified plans, kept for as long as nothing has changed that they were made of.

Who has read the diff of a removal writes it, or reads it again: the plan that was verified for the first is that of the
second. What is kept is what a plan changes and says. The files themselves are read when it is taken up, and have to be
those that it was made of, to the byte.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from flaglint.model import Edit, Reference, Span, edited
from flaglint.refs.across.codec import FactReader, Writer
from flaglint.remove.outcome import Change, Leftover, Plan, ReadOutcome, Status
from flaglint.remove.told import pinned
from flaglint.source.digest import digest
from flaglint.source.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from flaglint.remove.kept import Kept

FOLDER = "plans"
AT_MOST = 16  # plans of a project that are kept
_UNFIT = (OSError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError)


class Earlier:
    """The plans that were made of a project in one state; `state` are digests of all that they were made of."""

    def __init__(self, folder: Path, state: Iterable[str]) -> None:
        self._folder = folder
        self._state = tuple(state)

    def find(self, pins: Mapping[str, Kept], read: Callable[[str], bytes | None]) -> Plan | None:
        """Return the plan that was kept for these `pins`, or None; `read` gives the bytes of a file as it is now."""
        with suppress(*_UNFIT):
            header, _, body = (self._folder / self._name(pins)).read_bytes().partition(b"\n")
            if header == _header(body):
                return _plan(json.loads(body), pins, read)
        return None

    def keep(self, plan: Plan) -> None:
        """Keep a plan that was verified; one that cannot be written down is not."""
        with suppress(*_UNFIT):
            body = json.dumps(_data(plan), separators=(",", ":")).encode()
            keep(self._folder, self._name(plan.pins), _header(body) + b"\n" + body, at_most=AT_MOST)

    def _name(self, pins: Mapping[str, Kept]) -> str:
        kept = (part for key, value in pins.items() for part in (key, pinned(value)))
        return f"{FOLDER}/{digest(*(part.encode('utf-8', 'surrogateescape') for part in (*self._state, *kept)))}.json"


def _header(body: bytes) -> bytes:
    return f"flaglint-plan {digest(body)}".encode()


def _data(plan: Plan) -> dict[str, Any]:
    writer = Writer()
    said = {
        "reads": [[writer.write(item.reference), item.status.value, item.code, item.sentence] for item in plan.reads],
        "leftovers": [[writer.write(item.span), item.code, item.sentence, item.key] for item in plan.leftovers],
        "changes": [_changed(change) for change in plan.changes],
        "unused": sorted(plan.unused_keys),
    }
    return {"rows": writer.rows, "said": said}


def _changed(change: Change) -> list[Any]:
    after: bytes | None = change.after
    if after is not None and edited(change.before, change.edits) != after:
        raise ValueError(change.path)
    edits = [[edit.start, edit.end, edit.text.decode("latin-1")] for edit in change.edits]
    return [change.path, digest(change.before), digest(after) if after is not None else None, edits]


def _plan(data: dict[str, Any], pins: Mapping[str, Kept], read: Callable[[str], bytes | None]) -> Plan | None:
    reader, said = FactReader(data["rows"]), data["said"]
    changes = []
    for row in said["changes"]:
        change = _change(*row, read=read)
        if change is None:
            return None
        changes.append(change)
    return Plan(
        dict(pins),
        tuple(
            ReadOutcome(_a(Reference, reader.read(place)), Status(status), str(code), str(sentence))
            for place, status, code, sentence in said["reads"]
        ),
        tuple(
            Leftover(_a(Span, reader.read(place)), str(code), str(sentence), str(key))
            for place, code, sentence, key in said["leftovers"]
        ),
        tuple(changes),
        frozenset(map(str, said["unused"])),
    )


def _change(
    path: str, old: str, new: str | None, rows: list[list[Any]], *, read: Callable[[str], bytes | None]
) -> Change | None:
    """Return what changes in a file, or None when that is not as it was or what comes out is not what did."""
    before = read(path)
    if before is None or digest(before) != old:
        return None
    edits = tuple([Edit(path, start, end, text.encode("latin-1")) for start, end, text in rows])
    if new is None:
        return Change(path, before, None, edits)  # type: ignore[arg-type] # the file goes
    after = edited(before, edits)
    return Change(path, before, after, edits) if digest(after) == new else None


def _a(kind: type[Any], value: object) -> Any:
    if not isinstance(value, kind):
        raise TypeError(value)
    return value
