"""The text of one file: its encoding by PEP 263 or byte order mark, and an index of lines, columns and bytes."""

from __future__ import annotations

import codecs
import os
import re
import stat
from bisect import bisect_right
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from flaglint.errors import SHORTAGES
from flaglint.model import Position, Skipped
from flaglint.patterns import late
from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

PYTHON_SUFFIXES = (".py", ".pyi", ".pyw")
_LINE_END = late(r"\r\n|\r|\n")
# PEP 263: in a comment on the first or the second line; the second counts only when the first is blank or a comment.
_CODING = late(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
_BLANK_OR_COMMENT = late(rb"^[ \t\f]*(?:#.*)?$")
_FIRST_LINES = re.compile(rb"([^\r\n]*)(?:\r\n|\r|\n)?([^\r\n]*)")
_WIDE_MARKS = ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_MARKS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# In these a line feed is one byte, and that byte nothing else.
_BYTES_ARE_LETTERS = frozenset({"ascii", "utf-8", "latin-1", "iso8859-1"})
_PIECE = 1_000_000
_BLOCK = 1 << 16  # bytes of a long line that are looked at together
_CONTINUATION = bytes(range(0x80, 0xC0))  # in UTF-8, all bytes of a character but its first
_GOES_ON = frozenset(bytes((byte,)) for byte in _CONTINUATION)
# A null byte among the first of a file makes it binary, the test that git uses, with git's own length.
_SNIFFED = 8000


@dataclass(frozen=True)
class Text:
    """A decoded file. `encoding` is the codec without its byte order mark; `mark` is the length of that mark in bytes.

    Lines end at `\\n`, `\\r\\n` and `\\r` and nowhere else, as for Python's tokenizer: a form feed or U+2028 ends none.
    """

    path: str
    data: bytes
    text: str
    encoding: str
    mark: int = 0

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines without their ends; a text that ends in a line end has an empty last line."""
        return tuple(_LINE_END.split(self.text)) if "\r" in self.text else tuple(self.text.split("\n"))

    @cached_property
    def _starts(self) -> list[int]:
        if "\r" in self.text:
            return [0, *(found.end() for found in _LINE_END.finditer(self.text))]
        starts = list(accumulate(map((1).__add__, map(len, self.lines)), initial=0))
        starts.pop()  # where a line after the last would begin
        return starts

    @property
    def line_starts(self) -> tuple[int, ...]:
        """The 0-based character offsets at which lines begin."""
        return tuple(self._starts)

    @cached_property
    def _byte_starts(self) -> list[int]:
        """Where each line begins in `data`; empty when every character is one byte."""
        if len(self.data) - self.mark == len(self.text):
            return []
        starts = self._starts
        pieces = zip(starts, [*starts[1:], len(self.text)], strict=True)
        return list(accumulate((self._size(begin, end) for begin, end in pieces), initial=self.mark))

    def _size(self, begin: int, end: int) -> int:
        return len(self.text[begin:end].encode(self.encoding))

    def position(self, offset: int) -> Position:
        """Return the 1-based line and column of a 0-based character offset; the end of the text is a place, too."""
        return Position(*self.line_and_column(offset))

    def line_and_column(self, offset: int) -> tuple[int, int]:
        """Return what `position` returns as two numbers, for callers that have many."""
        if not 0 <= offset <= len(self.text):
            raise ValueError(f"offset {offset} is outside of {self.path}")
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1

    def offset(self, position: Position) -> int:
        """Return the 0-based character offset of a place; raises ValueError when the text has no such place."""
        if not 1 <= position.line <= len(self._starts):
            raise ValueError(f"{self.path} has no line {position.line}")
        offset = self._starts[position.line - 1] + position.column - 1
        limit = self._starts[position.line] if position.line < len(self._starts) else len(self.text) + 1
        if position.column < 1 or offset >= limit:
            raise ValueError(f"{self.path} has no column {position.column} in line {position.line}")
        return offset

    def byte_offset(self, offset: int) -> int:
        """Return the 0-based offset in `data` of a 0-based character offset; the byte order mark is counted."""
        if not self._byte_starts:
            return self.mark + offset
        line = bisect_right(self._starts, offset) - 1
        return self._byte_starts[line] + self._size(self._starts[line], offset)

    def char_offset(self, byte_offset: int) -> int:
        """Return the 0-based character offset of the character that holds the byte at `byte_offset`."""
        if not self._byte_starts:
            return max(byte_offset - self.mark, 0)
        line = max(bisect_right(self._byte_starts, byte_offset) - 1, 0)
        line = min(line, len(self._starts) - 1)
        part = self.data[self._byte_starts[line] : byte_offset]
        return self._starts[line] + len(part.decode(self.encoding, "ignore"))


# Without waiting: a pipe that is called `a.py` never says that it has no more.
_READING = os.O_RDONLY | getattr(os, "O_BINARY", 0) | getattr(os, "O_NONBLOCK", 0)
_HUGE = 1 << 30  # bytes of a file that may not fit into memory where others do


def read(root: Path, path: str) -> bytes | Skipped:
    """Return the bytes of the file `path` below `root`, or why they cannot be had.

    Raises OSError or MemoryError when that is due to this process, which can read no other file either.
    """
    try:
        descriptor = os.open(f"{root}/{path}", _READING)  # a Path for each of thousands takes as long as to read it
        try:
            return _all_of(descriptor)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        return Skipped(path, "it vanished while flaglint ran", unreadable=True)
    except (OSError, ValueError) as error:
        if isinstance(error, OSError) and error.errno in SHORTAGES:
            raise
        return Skipped(path, f"it cannot be read: {reason_of(error)}", unreadable=True)


def _all_of(descriptor: int) -> bytes:
    """Return what there is to read: in one piece as a rule, for which the size of the file is asked."""
    found = os.fstat(descriptor)
    if not stat.S_ISREG(found.st_mode) and not stat.S_ISDIR(found.st_mode):
        raise OSError("no regular file")
    size = found.st_size
    try:
        data = os.read(descriptor, size + 1)
    except MemoryError:
        if size < _HUGE:
            raise
        raise ValueError("it does not fit into memory") from None
    if len(data) == size:
        return data
    pieces = [data]
    while piece := os.read(descriptor, _PIECE):  # it grows, has no size, or is read in pieces
        pieces.append(piece)
    return b"".join(pieces)


def reason_of(error: OSError | ValueError) -> str:
    """Return the operating system's words without number and path, in lower case as messages are written."""
    words = getattr(error, "strerror", None) or str(error)
    return words[:1].lower() + words[1:]


def is_binary(data: bytes) -> bool:
    """Whether a file is none that people read, by a null byte near its begin."""
    return data.find(b"\0", 0, _SNIFFED) >= 0


def decode(path: str, data: bytes) -> Text | Skipped:
    """Return the text of a file, or why it has none.

    Python files follow PEP 263; all others are UTF-8, UTF-16 with a byte order mark, or else read byte by byte
    (Latin-1), so that a key in plain letters is found whatever the rest is.
    """
    wide = next((codec for mark, codec in _WIDE_MARKS if data.startswith(mark)), None)
    if wide and not path.endswith(PYTHON_SUFFIXES):
        return _decoded(path, data, wide, 2)
    if is_binary(data):
        return Skipped(path, "it is binary: it holds null bytes")
    mark = len(codecs.BOM_UTF8) if data.startswith(codecs.BOM_UTF8) else 0
    if path.endswith(PYTHON_SUFFIXES):
        return _decode_python(path, data, mark)
    text = _decoded(path, data, "utf-8", mark)
    return text if isinstance(text, Text) else Text(path, data, data.decode("latin-1"), "latin-1")


def _decode_python(path: str, data: bytes, mark: int) -> Text | Skipped:
    declared = declared_encoding(data[mark:])
    if declared is None:
        return _decoded(path, data, "utf-8", mark)
    try:
        encoding = codecs.lookup(declared).name
    except (LookupError, ValueError):
        return Skipped(path, f"it declares the encoding `{declared}`, which Python does not know")
    if mark and encoding != "utf-8":
        return Skipped(path, f"its byte order mark says utf-8, but it declares the encoding `{declared}`")
    return _decoded(path, data, "utf-8" if encoding == "utf-8-sig" else encoding, mark)


def declared_encoding(data: bytes) -> str | None:
    """Return the encoding that a comment in the first two lines names (PEP 263), as it is written, or None."""
    found = _FIRST_LINES.match(data)
    assert found is not None  # both groups may be empty, so it always matches
    first, second = found.groups()
    coding = _CODING.match(first)
    if coding is None and _BLANK_OR_COMMENT.match(first):
        coding = _CODING.match(second)
    return coding[1].decode("ascii", "replace") if coding else None


def _decoded(path: str, data: bytes, encoding: str, mark: int) -> Text | Skipped:
    body = data[mark:] if mark else data
    try:
        return Text(path, data, body.decode(encoding), encoding, mark)
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        return Skipped(path, f"it is not valid {encoding}: byte 0x{body[error.start]:02x} in line {line}")
    except (LookupError, ValueError) as error:
        return Skipped(path, f"it cannot be decoded as `{encoding}`: {reason_of(ValueError(str(error)))}")


def positions(path: str, data: bytes, offsets: Sequence[int]) -> dict[int, Position] | Skipped:
    """Return the 1-based line and column of some sorted byte offsets of a file, or why it has no text.

    A file is decoded only when something that is not ASCII stands before one of them in its line.
    """
    if path.endswith(PYTHON_SUFFIXES) or data.startswith(_MARKS) or is_binary(data) or _has_returns(data, offsets):
        text = decode(path, data)
        return text if isinstance(text, Skipped) else positions_in(text, offsets)
    return _counted(data, 0, "", offsets)


def positions_in(text: Text, offsets: Sequence[int]) -> dict[int, Position]:
    """Return the 1-based line and column of some sorted byte offsets of a text, in one pass over it."""
    if text.encoding in _BYTES_ARE_LETTERS and not _has_returns(text.data, offsets):
        return _counted(text.data, text.mark, text.encoding, offsets)
    found: dict[int, Position] = {}
    at, characters = text.mark, 0
    for offset in offsets:
        characters += len(text.data[at:offset].decode(text.encoding, "replace"))
        at = offset
        found[offset] = text.position(characters)
    return found


def _has_returns(data: bytes, offsets: Sequence[int]) -> bool:
    return data.find(b"\r", 0, offsets[-1]) >= 0


def _counted(data: bytes, at: int, encoding: str, offsets: Sequence[int]) -> dict[int, Position]:
    """Return the positions of sorted byte offsets behind `at`, where the text begins; `encoding` may not be known."""
    found: dict[int, Position] = {}
    line = column = 1
    for offset in offsets:
        begin = data.rfind(b"\n", at, offset) + 1
        if begin:
            line += data.count(b"\n", at, begin)
            at, column = begin, 1
        if not encoding and not data[at:offset].isascii():
            encoding = "utf-8" if _is_utf_8(data) else "latin-1"
        column += _characters(data, at, offset) if encoding == "utf-8" else offset - at
        at = offset
        found[offset] = Position(line, column)
    return found


def _characters(data: bytes, begin: int, end: int) -> int:
    """Return how many characters of UTF-8 stand in `data[begin:end]`: lines of a bundle have millions, most ASCII."""
    count = 0
    for at in range(begin, end, _BLOCK):
        block = data[at : min(at + _BLOCK, end)]
        count += len(block) if block.isascii() else len(block.translate(None, _CONTINUATION))
    return count


def _is_utf_8(data: bytes) -> bool:
    """Whether some bytes are UTF-8, which is told of each block that ends where a character does."""
    at = 0
    while at < len(data):
        stop = at + _BLOCK
        # At most three bytes go on with a character: with a fourth, the block is none.
        end = next((end for end in range(stop, stop + 4) if data[end : end + 1] not in _GOES_ON), stop + 4)
        block = data[at:end]
        if not block.isascii():
            try:
                block.decode()
            except UnicodeDecodeError:
                return False
        at = end
    return True
