"""Spoils bytes: what a merge gone wrong, a bad editor, or somebody with bad intent makes of a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from random import Random

# What readers stumble over: openers without an end, odd line ends and encodings, numbers and depths beyond reason.
TOKENS = (
    b"(", b")", b"[", b"]", b"{", b"}", b'"', b"'", b'"""', b"'''", b'f"{', b"\\", b"\\\n", b"#", b":", b",", b"=",
    b":=", b"->", b"@", b"*", b"**", b"\n", b"\r", b"\r\n", b"\t", b"\x0c", b"\x00", b"\xff", b"\xef\xbb\xbf",
    b"\xe2\x80\xa8", b"\xf0\x9f\x8c\x8d", b"\xc3", b"\xed\xa0\x80", b"-", b"---\n", b"- ", b"? ", b"&a ", b"*a",
    b"<<: *a\n", b"!!python/object:os.system ", b"|", b">", b"%", b"null", b"true", b"yes", b"nan", b".inf", b"-0",
    b"1e999", b"9" * 5000, b"0x", b"1_000", b"0o17", b"if ", b"else:\n", b"elif x:\n", b"lambda: ", b"await ",
    b"async ", b"yield ", b"return ", b"match x:\n", b"case _:\n", b"try:\n", b"finally:\n", b"with a as b:\n",
    b"global x\n", b"nonlocal x\n", b"del x\n", b"class X:\n", b"def f():\n", b"import x\n", b"from . import *\n",
    b"print(", b"coding: utf-7", b"# -*- coding: latin-1 -*-\n", b"flaglint: ignore[", b"until=", b"[" * 300,
    b"(" * 300, b"{" * 300, b"not " * 300, b"[[" * 3000, b"1+" * 1500, b"a." * 1500, b" " * 10_000, b"version: 1\n",
    b"flags:\n",
)  # fmt: skip


def mutated(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    """Return `data` after one to five changes; pieces of `others` may be put into it."""
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5))):
        data = random.choice(_CHANGES)(random, data, others)[:400_000]
    return data


def _place(random: Random, data: bytes) -> int:
    return random.randint(0, len(data))


def _stretch(random: Random, data: bytes, most: int = 200) -> tuple[int, int]:
    start = _place(random, data)
    return start, min(len(data), start + random.randint(0, most))


def _insert(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    at = _place(random, data)
    return data[:at] + random.choice(TOKENS) + data[at:]


def _overwrite(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _stretch(random, data, 12)
    return data[:start] + random.choice(TOKENS) + data[end:]


def _delete(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _stretch(random, data)
    return data[:start] + data[end:]


def _repeat(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    start, end = _stretch(random, data)
    return data[:end] + data[start:end] * random.choice((1, 1, 2, 50)) + data[end:]


def _flip(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    at = _place(random, data)
    return data[:at] + bytes([random.randrange(256)]) + data[at + 1 :]


def _cut(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    return data[: _place(random, data)]


def _swap_lines(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    lines = data.splitlines(keepends=True)
    if len(lines) > 1:
        first, second = random.randrange(len(lines)), random.randrange(len(lines))
        lines[first], lines[second] = lines[second], lines[first]
    return b"".join(lines)


def _dedent_line(random: Random, data: bytes, _others: Sequence[bytes]) -> bytes:
    lines = data.splitlines(keepends=True)
    if lines:
        at = random.randrange(len(lines))
        lines[at] = random.choice((lines[at].lstrip(b" \t"), b"  " + lines[at], b"\t" + lines[at]))
    return b"".join(lines)


def _graft(random: Random, data: bytes, others: Sequence[bytes]) -> bytes:
    other = random.choice(others)
    start, end = _stretch(random, other, 400)
    at = _place(random, data)
    return data[:at] + other[start:end] + data[at:]


_CHANGES: tuple[Callable[[Random, bytes, Sequence[bytes]], bytes], ...] = (
    _insert, _insert, _overwrite, _delete, _repeat, _flip, _cut, _swap_lines, _dedent_line, _graft,
)  # fmt: skip
