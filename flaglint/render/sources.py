"""The lines of the project's files, decoded once, and made safe to show."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from flaglint.model import Skipped
from flaglint.source import decode

if TYPE_CHECKING:
    from collections.abc import Callable

_TAB = 4
_WIDE = frozenset({"W", "F"})
_NO_WIDTH = frozenset({"Mn", "Me"})


class Sources:
    """Lines by path and number."""

    def __init__(self, read_text: Callable[[str], bytes | None]) -> None:
        self._read_text = read_text
        self._lines: dict[str, tuple[str, ...]] = {}

    def line(self, path: str, number: int) -> str | None:
        """Return a line by its 1-based number, or None when the file or the line is not there."""
        if path not in self._lines:
            data = self._read_text(path)
            text = Skipped(path, "") if data is None else decode(path, data)
            self._lines[path] = () if isinstance(text, Skipped) else text.lines
        lines = self._lines[path]
        return lines[number - 1] if 1 <= number <= len(lines) else None


def cells(letter: str, at: int) -> str:
    """Return what a terminal shows for one character in column `at` (0-based): tabs widened, controls made harmless."""
    if letter == "\t":
        return " " * (_TAB - at % _TAB)
    # Controls move the cursor, and format characters such as U+202E turn the reading direction: both could lie.
    return letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}"


def width(shown: str) -> int:
    """Return how many columns of a terminal a printable text takes."""
    if shown.isascii():
        return len(shown)
    total = 0
    for letter in shown:
        if unicodedata.category(letter) not in _NO_WIDTH:
            total += 2 if unicodedata.east_asian_width(letter) in _WIDE else 1
    return total


def safe(text: str) -> str:
    """Return a text for a single line, with controls and surrogates as escapes: keys and paths may hold anything."""
    if text.isprintable():
        return text
    return "".join(
        letter if letter.isprintable() else letter.encode("unicode_escape").decode("ascii") for letter in text
    )


def plain(text: str) -> str:
    """Return a text without lone surrogates, which UTF-8 cannot write; a byte that was not UTF-8 becomes `\\udce9`."""
    return text if text.isascii() else text.encode("utf-8", "backslashreplace").decode("utf-8")
