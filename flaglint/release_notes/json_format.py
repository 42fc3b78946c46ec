"""Release notes for programs; the schema is `rules/schemas/changelog.schema.json`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flaglint.letters import in_json
from flaglint.release_notes.changes import KINDS
from flaglint.release_notes.sections import issue_links, when

if TYPE_CHECKING:
    from flaglint.release_notes.changes import Change, Move, Point, ReleaseNotes


def render(notes: ReleaseNotes, *, title: str = "", issue_url: str = "") -> str:
    """Return one JSON object; shares are numbers from 0 to 1, times are UTC seconds."""
    order = {kind: number for number, kind in enumerate(KINDS)}
    changes = sorted(notes.changes, key=lambda one: (one.environments, one.owner, order[one.kind], one.key))
    document = {
        "version": 1,
        "title": _plain(title),
        "from": _point(notes.start),
        "to": _point(notes.end),
        "environments": list(notes.environments),
        "changes": [_change(change, issue_url) for change in changes],
        "moves": [_move(move) for move in notes.moves],
        "segments": list(map(_plain, notes.segments)),
        "gaps": list(map(_plain, notes.gaps)),
    }
    return in_json(json.dumps(document, indent=2, ensure_ascii=False)) + "\n"


def _point(point: Point) -> dict[str, Any]:
    return {"revision": _plain(point.revision), "commit": point.commit or None, "when": point.when}


def _change(change: Change, issue_url: str) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "key": _plain(change.key),
        "title": _plain(change.title),
        "type": change.type,
        "owner": _plain(change.owner),
        "environments": list(change.environments),
        "summary": _plain(change.summary),
        "before": _plain(change.before),
        "after": _plain(change.after),
        "release_note": _plain(change.release_note),
        "links": [{"text": _plain(link.text), "url": link.url or None} for link in issue_links(change, issue_url)],
        "day": when(change) or None,
        "commit": change.event.commit if change.event is not None else None,
        "author": _plain(change.event.author) or None if change.event is not None else None,
        "steps": [
            {"day": step.event.day.isoformat(), "commit": step.event.commit, "label": _plain(step.label)}
            for step in change.steps
        ],
    }


def _move(move: Move) -> dict[str, Any]:
    return {
        "key": _plain(move.key),
        "owner": _plain(move.owner),
        "environments": list(move.environments),
        "rule": _plain(move.rule),
        "moved": float(move.moved),
        "needed": float(move.needed),
        "expected": move.is_expected,
        "transitions": [{"from": old, "to": new, "share": float(share)} for old, new, share in move.transitions],
        "why": _plain(move.why),
        "help": _plain(move.help),
    }


def _plain(text: str) -> str:
    """Return a text without lone surrogates, which UTF-8 cannot write."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
