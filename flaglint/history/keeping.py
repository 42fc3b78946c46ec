"""The walk over a registry kept on disk, so that the next run goes on where the last one ended."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import astuple
from hashlib import sha256
from typing import TYPE_CHECKING, Any, Final

from flaglint import __version__
from flaglint.history.definitions import Meaning
from flaglint.history.derive import Past
from flaglint.history.events import Event
from flaglint.history.settled import Settled
from flaglint.history.timeline import Entry
from flaglint.history.walk import Version
from flaglint.source import keeping

if TYPE_CHECKING:
    from pathlib import Path

    from flaglint.history.commits import MainLine
    from flaglint.history.places import Places

FORM: Final = 1  # to be raised with every change of what is kept, or of what it means


def recall(folder: Path, line: MainLine, places: Places) -> Past | None:
    """Return what was kept of a part of this main line, or None. What does not fit is not there."""
    with suppress(OSError, ValueError, TypeError, KeyError, IndexError, AttributeError):
        header, _, body = (folder / _name(places)).read_bytes().partition(b"\n")
        if header != _header(places, line, body):
            return None
        kept = json.loads(body)
        here = {commit.id: index for index, commit in enumerate(line.commits)}
        if here.get(kept["last"][0]) != kept["last"][1]:
            return None
        places.former = {path: (later, index) for path, (later, index) in kept["former"].items()}
        return Past(
            {key: [_entry(row, kept) for row in rows] for key, rows in kept["timeline"].items()},
            tuple(kept["critical"]),
            Version(kept["last"][1], kept["files"]),
            tuple(kept["unread"]),
        )
    return None


def keep(folder: Path, line: MainLine, places: Places, past: Past) -> None:
    """Keep a walk for the next run; one that cannot be written costs time only."""
    if past.last is None:
        return
    tables: dict[str, dict[Any, int]] = {"events": {}, "meanings": {}, "settled": {}}
    timeline = {key: [_row(entry, tables) for entry in entries] for key, entries in past.timeline.items()}
    kept = {
        "last": [line.commits[past.last.index].id, past.last.index],
        "files": past.last.files,
        "former": places.former,
        "critical": past.critical,
        "unread": past.unread,
        "timeline": timeline,
        **{name: list(table) for name, table in tables.items()},
    }
    body = json.dumps(kept, separators=(",", ":"), default=sorted).encode()
    keeping.keep(folder, _name(places), _header(places, line, body) + b"\n" + body)


def _name(places: Places) -> str:
    return f"history/registry-{_specs(places)[:16]}.json"


def _specs(places: Places) -> str:
    specs = [[spec.path, spec.format, spec.environment] for spec in places.specs]
    return sha256(json.dumps(specs).encode()).hexdigest()


def _header(places: Places, line: MainLine, body: bytes) -> bytes:
    """Return the line above what is kept: what it was made by and from, and what it must hash to."""
    made = f"{__version__} {FORM} {_specs(places)} {line.commits[0].id} {line.commits[0].id in line.repository.shallow}"
    return f"flaglint-history {sha256(made.encode()).hexdigest()} {sha256(body).hexdigest()}".encode()


def _row(entry: Entry, tables: dict[str, dict[Any, int]]) -> list[Any]:
    meaning = None
    if entry.meaning is not None:
        fields = astuple(entry.meaning)
        meaning = _number(
            tables["meanings"], tuple(tuple(sorted(f)) if isinstance(f, frozenset) else f for f in fields)
        )
    settled = {name: _number(tables["settled"], astuple(one)) for name, one in entry.settled.items()}
    event = None if entry.event is None else _number(tables["events"], astuple(entry.event))
    return [entry.index, event, meaning, settled, entry.former, entry.later]


def _number(table: dict[Any, int], row: Any) -> int:
    return table.setdefault(row, len(table))


def _entry(row: list[Any], kept: dict[str, Any]) -> Entry:
    index, event, meaning, settled, former, later = row
    return Entry(
        index,
        None if meaning is None else _meaning(kept["meanings"][meaning]),
        {name: Settled(*kept["settled"][number]) for name, number in settled.items()},
        None if event is None else Event(*kept["events"][event]),
        former,
        later,
    )


def _meaning(row: list[Any]) -> Meaning:
    whole, served, nameless, kills, permanent, broken = row
    return Meaning(whole, served, nameless, frozenset(kills), permanent, broken)
