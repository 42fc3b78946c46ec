"""A native registry file cut into its head and the entries of its flags, so that unchanged entries are parsed once.

Only files of the plain shape that people and `flaglint add` write are cut; of any other nothing is claimed, and it is
parsed whole.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_VERSION: Final = re.compile(r"^version:[ \t]+1[ \t]*(?:#.*)?$", re.MULTILINE)
_FLAGS: Final = re.compile(r"^flags:[ \t]*(?:#.*)?$")
_REMOVED: Final = re.compile(r"^removed:[ \t]*(?:#.*)?$")
_ENTRY: Final = re.compile(r"[^\s#&*!|>%@`{}\[\],?-]")


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
    head: list[str] = []
    flags: list[str] = []
    section, sections = head, 0
    for line in text.splitlines(keepends=True):
        if not line.startswith((" ", "#", "\n")):
            is_flags = _FLAGS.match(line) is not None
            sections += is_flags
            section = flags if is_flags else [] if _REMOVED.match(line) else head
            if is_flags:
                continue
        section.append(line)
    entries = _entries(flags)
    return None if entries is None or sections > 1 else Pieces("".join(head), entries)


def _entries(lines: list[str]) -> tuple[str, ...] | None:
    """Return the lines of each entry below `flags:`; None when one stands at an odd place."""
    entries: list[list[str]] = []
    indent = ""
    for line in lines:
        content = line.lstrip(" ")
        if content == "\n" or content.startswith("#"):
            if entries:
                entries[-1].append(line)  # may be part of a text over several lines
            continue
        margin = line[: -len(content)]
        indent = indent or margin
        if margin == indent and _ENTRY.match(content):
            entries.append([line])
        elif entries and len(margin) > len(indent):
            entries[-1].append(line)
        else:
            return None
    return tuple(_trimmed(entry) for entry in entries)


def _trimmed(lines: list[str]) -> str:
    """Return an entry without the blank lines and comments behind it, which may belong to the next one."""
    last = len(lines)
    while last and (not lines[last - 1].strip() or lines[last - 1].lstrip().startswith("#")):
        last -= 1
    text = "".join(lines[:last])
    return text if text.endswith("\n") else f"{text}\n"
