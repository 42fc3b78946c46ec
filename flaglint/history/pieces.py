"""A native registry file cut into its head and the entries of its flags, so that unchanged entries are parsed once.

Only files of the plain shape that people and `flaglint add` write are cut; of any other nothing is claimed, and it is
parsed whole.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import Final

from flaglint.records import dataclass

_VERSION: Final = re.compile(r"^version:[ \t]+1[ \t]*(?:#.*)?$", re.MULTILINE)
_FLAGS: Final = re.compile(r"^flags:[ \t]*(?:#.*)?$")
_REMOVED: Final = re.compile(r"^removed:[ \t]*(?:#.*)?$")
_TOP_LEVEL: Final = re.compile(r"\n(?=[^ #\n])")
_MARGIN: Final = re.compile(r"\n( +)[^\s#]")
_ODD_START: Final = r"(?=[&*!|>%@`{}\[\],?-])"  # of what is no plain key

# Line ends that YAML and Python count differently, tabs, and a byte order mark.
_ODD: Final = "\r\t\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029\ufeff"


@dataclass(frozen=True, slots=True)
class Pieces:
    """A file without its flags (and without tombstones, which define nothing), and each flag's lines."""

    head: str
    entries: tuple[str, ...]

    def with_entries(self, entries: list[str]) -> bytes:
        """Return a file with this head and some entries."""
        return f"{self.head}flags:\n{''.join(entries)}".encode()


def cut(data: bytes) -> Pieces | None:
    """Return the pieces of a native file, or None when it is not plain enough to be cut by its lines."""
    try:
        text = data.decode()
    except UnicodeDecodeError:
        return None
    if not _VERSION.search(text) or any(odd in text for odd in _ODD):
        return None
    # A line end in front of each pattern, and not `^`: the search for a fixed first character is ten times as fast.
    starts = [found.start() for found in _TOP_LEVEL.finditer(f"\n{text}")]
    head = [text[: starts[0]]] if starts else []
    flags: list[str] = []
    for start, end in pairwise([*starts, len(text)]):
        first, _, rest = text[start:end].partition("\n")
        if _FLAGS.match(first):
            flags.append(rest)
        elif not _REMOVED.match(first):
            head.append(text[start:end])
    entries = _entries("".join(flags))
    return None if entries is None or len(flags) > 1 else Pieces("".join(head), entries)


def _entries(section: str) -> tuple[str, ...] | None:
    """Return the lines of each entry below `flags:`; None when one stands at an odd place."""
    text = f"\n{section}"
    first = _MARGIN.search(text)
    if first is None:
        return ()
    margin = first[1]
    shallower = (margin[:width] for width in range(1, len(margin)))
    if any(re.search(rf"\n{less}(?=[^\s#])", text) for less in shallower) or re.search(
        rf"\n{margin}{_ODD_START}", text
    ):
        return None
    starts = [found.start() for found in re.finditer(rf"\n{margin}(?=[^\s#])", text)]
    return tuple(_trimmed(section[start:end]) for start, end in pairwise([*starts, len(section)]))


def _trimmed(text: str) -> str:
    """Return an entry without the blank lines and comments behind it, which may belong to the next one."""
    while True:
        head, _, last = text.rstrip("\n").rpartition("\n")
        if not head or (last.strip() and not last.lstrip().startswith("#")):
            return text.rstrip("\n") + "\n"
        text = head
