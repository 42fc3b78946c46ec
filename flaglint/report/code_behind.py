"""The code behind a flag: what the plan of its removal takes out of the project's own code, in statements and lines."""

from __future__ import annotations

import ast
import warnings
from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from flaglint.records import dataclass, field
from flaglint.remove.outcome import Status
from flaglint.remove.told import Measured
from flaglint.source import Text, decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from flaglint.model import Edit
    from flaglint.remove.outcome import Change, Plan

_BRANCHES = (ast.If, ast.IfExp, ast.While, ast.match_case)
_UNREAD = (-1, -1)  # what is counted of syntax that this interpreter does not know


@dataclass(slots=True)
class CodeBehind:
    """Measures plans; what a file holds before is counted once for all of them. `tests` are the files of tests."""

    tests: frozenset[str]
    _known: dict[str, _File] = field(default_factory=dict)

    def measure(self, plan: Plan) -> Measured:
        """Return what goes with the flags of a plan. Tests and the registry are not counted."""
        statements = branches = lines = 0
        for change in plan.changes:
            if not change.path.endswith((".py", ".pyi")) or change.path in self.tests:
                continue
            lines += _fewer_lines(change.before, change.after)
            known = self._known.get(change.path)
            if known is None or known.data is not change.before:
                known = self._known[change.path] = _File(change)
            fewer = known.fewer(change)
            statements += fewer[0]
            branches += fewer[1]
        return Measured(
            statements=max(0, statements),
            branches=max(0, branches),
            lines=max(0, lines),
            by_hand=sum(item.status is not Status.FOLDED for item in plan.reads)
            + sum(item.code != "text-reference" for item in plan.leftovers),
        )


class _File:
    """A file as it was. Only those of its top-level statements are parsed in which something changes."""

    def __init__(self, change: Change) -> None:
        self.data = change.before
        from flaglint.remove.draft import boundaries  # with the syntax trees: a plan is at hand, so they are there

        text = decode(change.path, change.before)
        self._text = text if isinstance(text, Text) else None
        self._bounds = [text.byte_offset(bound) for bound in boundaries(text.text)] if isinstance(text, Text) else [0]
        self._counts: dict[tuple[int, int], tuple[int, int]] = {}

    def fewer(self, change: Change) -> tuple[int, int]:
        """Return how many statements and branches a change takes out; none where they cannot be counted."""
        statements = branches = 0
        for start, end, after in self._changed(change.edits):
            before, now = self._counted(start, end), _counted(after)
            if _UNREAD in (before, now):  # it may be a part of something only
                before, now = self._counted(0, len(self.data)), _counted(change.after or b"")
                return (before[0] - now[0], before[1] - now[1]) if _UNREAD not in (before, now) else (0, 0)
            statements += before[0] - now[0]
            branches += before[1] - now[1]
        return statements, branches

    def _changed(self, edits: Sequence[Edit]) -> Iterator[tuple[int, int, str | bytes]]:
        """Yield where statements change, as bytes that are whole statements, and what stands there afterwards."""
        bounds = [*self._bounds, len(self.data)]
        runs: list[tuple[int, int, list[Edit]]] = []
        for edit in sorted(edits, key=lambda edit: (edit.start, edit.end)):
            first = max(0, bisect_right(self._bounds, edit.start) - 1)
            last = max(first + 1, bisect_left(bounds, edit.end))
            if runs and first < runs[-1][1]:
                begin, before, own = runs.pop()
                runs.append((begin, max(before, last), [*own, edit]))
            else:
                runs.append((first, last, [edit]))
        for first, last, own in runs:
            start, end = bounds[first], bounds[min(last, len(bounds) - 1)]
            yield start, end, self._decoded(_edited(self.data, start, end, own))

    def _counted(self, start: int, end: int) -> tuple[int, int]:
        if (start, end) not in self._counts:
            whole = (start, end) == (0, len(self.data))
            self._counts[start, end] = _counted(self.data if whole else self._decoded(self.data[start:end]))
        return self._counts[start, end]

    def _decoded(self, data: bytes) -> str | bytes:
        return data.decode(self._text.encoding, "replace") if self._text is not None else data


def _edited(data: bytes, start: int, end: int, edits: Sequence[Edit]) -> bytes:
    pieces: list[bytes] = []
    for edit in edits:
        pieces += [data[start : edit.start], edit.text]
        start = edit.end
    return b"".join([*pieces, data[start:end]])


def _counted(source: str | bytes) -> tuple[int, int]:
    """Return how many statements and branches a module has; -1 for syntax that this interpreter does not know."""
    try:
        with warnings.catch_warnings(action="ignore"):  # an odd escape in somebody's string is not our business
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return _UNREAD
    statements = branches = 0
    for node in ast.walk(tree):
        statements += isinstance(node, ast.stmt)
        branches += isinstance(node, _BRANCHES)
    return statements, branches


def _fewer_lines(before: bytes, after: bytes | None) -> int:
    return len(before.splitlines()) - len((after or b"").splitlines())
