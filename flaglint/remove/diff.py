"""Unified diffs in bytes, made from edits: what `git apply` takes, whatever the encoding and the line ends of a file.

Lines end at `\\n` and nowhere else, as git counts them; a file without a last line end says so.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from itertools import accumulate
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flaglint.remove.outcome import Change

CONTEXT = 3  # lines around a change
_SPACE = 0x20
_ESCAPED = {0x09: b"\\t", 0x0A: b"\\n", 0x0D: b"\\r", 0x22: b'\\"', 0x5C: b"\\\\", 0x7F: b"\\177"}
_NO_END = b"\\ No newline at end of file\n"


def unified(changes: Iterable[Change], *, prefix: str = "") -> bytes:
    """Return the diff of some files; `prefix` leads from the top of the git repository to the project's root."""
    return b"".join(_of_file(change, prefix) for change in sorted(changes, key=lambda item: item.path))


def _of_file(change: Change, prefix: str) -> bytes:
    old = _lines(change.before)
    hunks = _hunks(_runs(change, old)) if change.after is not None else [[(0, len(old), [])]]
    if not hunks:
        return b""
    before, after = (_named(f"{side}/{prefix}{change.path}") for side in "ab")
    parts = [b"--- " + before + b"\n", b"+++ " + after + b"\n"]
    if change.after is None:
        header = b"diff --git " + before + b" " + after + b"\ndeleted file mode 100644\n"
        parts = [header, parts[0], b"+++ /dev/null\n"] if old else [header]
    shift = 0
    for hunk in hunks if old else ():
        parts.append(_hunk(hunk, old, shift))
        shift += sum(len(new) - (stop - start) for start, stop, new in hunk)
    return b"".join(parts)


def _named(path: str) -> bytes:
    """Return a path as git reads it in a patch: in quotes, with escapes, when it holds what would end it."""
    data = path.encode("utf-8", "surrogateescape")
    if not any(byte < _SPACE or byte in b'"\\\x7f' for byte in data):
        return data
    escaped = (_ESCAPED.get(byte, b"\\%03o" % byte if byte < _SPACE else bytes([byte])) for byte in data)
    return b'"' + b"".join(escaped) + b'"'


def _lines(data: bytes) -> list[bytes]:
    lines = data.split(b"\n")
    last = lines.pop()
    return [line + b"\n" for line in lines] + ([last] if last else [])


def _runs(change: Change, old: Sequence[bytes]) -> list[tuple[int, int, list[bytes]]]:
    """Return which lines of the file are replaced by which: (first, stop, new lines), in order."""
    starts = list(accumulate((len(line) for line in old), initial=0))
    runs: list[tuple[int, int, list[bytes]]] = []
    pending = sorted(change.edits)
    while pending:
        first = max(bisect_right(starts, pending[0].start, hi=len(old)) - 1, 0)
        text, position, stop = b"", starts[first], min(first + 1, len(old))
        is_first = True
        while True:
            if pending and (is_first or pending[0].start < starts[stop] or stop == len(old)):
                edit, is_first = pending.pop(0), False
                text += change.before[position : edit.start] + edit.text
                position = edit.end
                stop = max(stop, bisect_left(starts, position))
            elif stop < len(old) and (text + change.before[position : starts[stop]])[-1:] not in {b"", b"\n"}:
                stop += 1
            else:
                break
        text += change.before[position : starts[stop]]
        run = _trimmed(old, first, stop, _lines(text))
        if (
            run is not None and runs and runs[-1][1] == run[0]
        ):  # neighbours are shown as one: what goes, then what comes
            runs[-1] = (runs[-1][0], run[1], [*runs[-1][2], *run[2]])
        elif run is not None:
            runs.append(run)
    return runs


def _trimmed(old: Sequence[bytes], first: int, stop: int, new: list[bytes]) -> tuple[int, int, list[bytes]] | None:
    """Leave lines out that come back as they were."""
    while new and first < stop and new[0] == old[first]:
        first, new = first + 1, new[1:]
    while new and first < stop and new[-1] == old[stop - 1]:
        stop, new = stop - 1, new[:-1]
    return (first, stop, new) if new or first < stop else None


def _hunks(runs: list[tuple[int, int, list[bytes]]]) -> list[list[tuple[int, int, list[bytes]]]]:
    hunks: list[list[tuple[int, int, list[bytes]]]] = []
    for run in runs:
        if hunks and run[0] - hunks[-1][-1][1] <= 2 * CONTEXT:
            hunks[-1].append(run)
        else:
            hunks.append([run])
    return hunks


def _hunk(runs: list[tuple[int, int, list[bytes]]], old: Sequence[bytes], shift: int) -> bytes:
    begin = max(runs[0][0] - CONTEXT, 0)
    end = min(runs[-1][1] + CONTEXT, len(old))
    body: list[bytes] = []
    position = begin
    for first, stop, new in runs:
        body += [_marked(b" ", line) for line in old[position:first]]
        body += [_marked(b"-", line) for line in old[first:stop]]
        body += [_marked(b"+", line) for line in new]
        position = stop
    body += [_marked(b" ", line) for line in old[position:end]]
    size = end - begin + sum(len(new) - (stop - first) for first, stop, new in runs)
    before = f"{begin + 1 if end > begin else begin},{end - begin}"
    after = f"{begin + shift + 1 if size else begin + shift},{size}"
    return f"@@ -{before} +{after} @@\n".encode() + b"".join(body)


def _marked(mark: bytes, line: bytes) -> bytes:
    return mark + line if line.endswith(b"\n") else mark + line + b"\n" + _NO_END
