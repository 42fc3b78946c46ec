"""What is told of a plan, without the plan: how many reads go, what needs a person, and the code that goes with them.

It is kept for as long as nothing has changed that the plan looked at. To make one takes a good part of a second where
files are large; who only wants to hear what it comes to need not wait for it twice.
"""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from flaglint.model import Position, Span
from flaglint.records import dataclass
from flaglint.source.digest import digest
from flaglint.source.keeping import keep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from flaglint.remove.footprint import Footprint
    from flaglint.remove.kept import Kept
    from flaglint.remove.outcome import Plan

FOLDER = "removals"
AT_MOST = 2  # states of the project that are remembered


@dataclass(frozen=True, slots=True)
class Told:
    """What is told of the plan of one flag. `code` is None where nobody has asked how much goes."""

    reads: int
    refused: tuple[tuple[Span, str], ...]  # the reads that stay, and why
    reasons: tuple[str, ...]  # what speaks against calling it safe
    code: Measured | None = None

    @property
    def removable(self) -> str:
        """How many reads can be taken out: `5 of 6 reads`."""
        return f"{self.reads - len(self.refused)} of {self.reads} {'read' if self.reads == 1 else 'reads'}"


@dataclass(frozen=True, slots=True)
class Measured:
    """What a plan takes out of the project's own code, and how many reads and places it leaves to a person."""

    statements: int
    branches: int
    lines: int
    by_hand: int


def told_of(plan: Plan, reasons: Iterable[str], code: Measured | None = None) -> Told:
    """Return what is told of a plan."""
    refused = tuple((item.reference.span, item.sentence) for item in plan.refused)
    return Told(len(plan.reads), refused, tuple(reasons), code)


class Remembered:
    """What plans came to before, of a project in one state; `state` are digests of all that they were made of.

    What they came to in states `since` then still holds as far as they looked at nothing that has changed.
    """

    def __init__(
        self,
        folder: Path,
        state: Iterable[str],
        since: Sequence[tuple[Iterable[str], Iterable[str]]] = (),
        read_text: Callable[[str], bytes | None] = lambda _: None,
    ) -> None:
        """`since` are states before this one, the last first, each with the Python files that have changed since.

        `read_text` returns the bytes of a file as it is now.
        """
        self._folder = folder
        self._name = _name(state)
        self._since = since
        self._read_text = read_text
        self._rows: dict[str, Any] | None = None
        self._is_new = False

    def recall(self, key: str, kept: Kept) -> Told | None:
        """Return what was told when `key` was planned with this value kept, or None when it was not."""
        if self._rows is None:
            self._rows = self._known()
        with suppress(KeyError, TypeError, ValueError):
            value, reads, refused, reasons, code, _ = self._rows[key]
            if value == pinned(kept):
                return Told(
                    _number(reads),
                    tuple((_span(place), str(why)) for place, why in refused),
                    tuple(map(str, reasons)),
                    Measured(*map(_number, code)) if code is not None else None,
                )
        return None

    def note(self, key: str, kept: Kept, told: Told, looked_at: Footprint) -> None:
        """Remember what was told of a plan."""
        if self._rows is None:
            self._rows = self._known()
        code = told.code
        self._rows[key] = [
            pinned(kept),
            told.reads,
            [[_place(span), why] for span, why in told.refused],
            list(told.reasons),
            [code.statements, code.branches, code.lines, code.by_hand] if code is not None else None,
            looked_at.written(),
        ]
        self._is_new = True

    def keep(self) -> None:
        """Write down what is new, if anything is."""
        if self._is_new:
            with suppress(TypeError, ValueError):
                body = json.dumps(self._rows, separators=(",", ":")).encode()
                keep(self._folder, self._name, _header(body) + body, at_most=AT_MOST)
            self._is_new = False

    def _known(self) -> dict[str, Any]:
        if rows := self._read(self._name):
            return rows
        for state, changed in self._since:
            if rows := self._read(_name(state)):
                kept = self._standing(rows, changed)
                self._is_new = bool(kept)
                return kept
        return {}

    def _standing(self, rows: dict[str, Any], changed: Iterable[str]) -> dict[str, Any]:
        """Return the plans of an earlier state that looked at nothing which has `changed`."""
        from flaglint.remove.footprint import Footprint

        contents = {path: self._read_text(path) or b"" for path in changed}
        with suppress(TypeError, ValueError, LookupError):
            return {key: row for key, row in rows.items() if Footprint.of(row[-1]).bears(contents)}
        return {}

    def _read(self, name: str) -> dict[str, Any]:
        with suppress(OSError, ValueError, RecursionError):
            header, end, body = (self._folder / name).read_bytes().partition(b"\n")
            rows = json.loads(body) if header + end == _header(body) else None
            if isinstance(rows, dict):
                return rows
        return {}


def _name(state: Iterable[str]) -> str:
    return f"{FOLDER}/{digest(*(item.encode() for item in state))}.json"


def _header(body: bytes) -> bytes:
    return f"flaglint-removals {digest(body)}\n".encode()


def pinned(kept: Kept) -> str:
    """Return the value that is kept in letters: `true` is not 1, and 1 not 1.0."""
    return json.dumps([kept.value, kept.variant, kept.switch], sort_keys=True)


def _number(value: object) -> int:
    if not isinstance(value, int):
        raise TypeError(value)
    return value


def _place(span: Span) -> list[str | int]:
    return [span.path, span.start.line, span.start.column, span.end.line, span.end.column]


def _span(place: Any) -> Span:
    path, *numbers = place
    line, column, end_line, end_column = map(_number, numbers)
    return Span(str(path), Position(line, column), Position(end_line, end_column))
