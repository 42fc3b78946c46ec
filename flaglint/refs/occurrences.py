"""Whether a key that stands somewhere in a text is that key: what bounds it, and what it would be a part of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from flaglint.model import Confidence
from flaglint.patterns import late
from flaglint.refs.languages import Family

if TYPE_CHECKING:
    from collections.abc import Callable

# Beside one of these, a key is a part of another word.
WORD: Final = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-")
_QUOTES: Final = frozenset(b"\"'`")
_JOINTS: Final = frozenset(b".:/@")
_TOKEN: Final = WORD | _JOINTS
_BLANK: Final = frozenset(b" \t")
_LINE_ENDS: Final = frozenset(b"\r\n")
_SETS: Final = frozenset(b":=")
_BEFORE_A_KEY: Final = frozenset(b"{,[-;")
_DISTINCTIVE: Final = late(r"\w[-_.:/ ]+\w|[a-z0-9][A-Z]|[A-Z]{2}[a-z]")
_PLAIN_IDENTIFIER: Final = late(r"\w+\Z")


def is_distinctive(key: str) -> bool:
    """Whether a key is more than one plain word, so that it is seldom anything else where it stands without quotes."""
    return _DISTINCTIVE.search(key) is not None


def judge(key: str, family: Family, *, is_alias: bool = False) -> Callable[[bytes, int, int], Confidence | None]:
    """Return a test for one key, or one of its other spellings, in texts of one family.

    It takes the bytes of a text and where the key stands in them (0-based, end exclusive), and returns how sure it is
    that this is the flag, or None for a look-alike: a part of a longer word, path, metric or subtraction.
    """
    distinctive = is_distinctive(key)
    identifier = _PLAIN_IDENTIFIER.match(key) is not None
    joints_inside = frozenset(key.encode()) & _JOINTS

    def occurrence(data: bytes, start: int, end: int) -> Confidence | None:
        before = data[start - 1] if start else 0x20
        after = data[end] if end < len(data) else 0x20
        if before in WORD or after in WORD:
            return None
        if before in _QUOTES and (after == before or data[end : end + 2] == bytes((0x5C, before))):
            return Confidence.LIKELY if distinctive else Confidence.POSSIBLE
        if family is Family.STYLE or (is_alias and not distinctive):
            return None
        if family is Family.DATA and _sets_a_value(data, start, end):
            return Confidence.LIKELY if distinctive else Confidence.POSSIBLE
        if not distinctive or _is_joined(data, start, end, family, joints_inside, is_identifier=identifier):
            return None
        return Confidence.POSSIBLE

    return occurrence


def _sets_a_value(data: bytes, start: int, end: int) -> bool:
    """Whether this is a name at the head of `name: value` or `name = value`, perhaps behind a dotted path."""
    size = len(data)
    while end < size and data[end] in _BLANK:
        end += 1
    if end >= size or data[end] not in _SETS or data[end : end + 2] == b"://":
        return False
    while start and data[start - 1] in _TOKEN and data[start - 1] not in b"/@":
        start -= 1
    while start and data[start - 1] in _BLANK:
        start -= 1
    return not start or data[start - 1] in _LINE_ENDS or data[start - 1] in _BEFORE_A_KEY


def _is_joined(
    data: bytes, start: int, end: int, family: Family, inside: frozenset[int], *, is_identifier: bool
) -> bool:
    """Whether a dot, a colon or a slash makes this a part of something longer: a path, a metric, a namespace."""
    size = len(data)
    left = data[start - 1] if start else 0
    right = data[end] if end + 1 < size and data[end + 1] in WORD else 0
    if left in b"/@" or right in b"/@":
        return True
    if left == 0x3A or right == 0x3A:  # a colon: `a ? key : b` is no joint, `organizations:key` may be one
        return family is not Family.CODE and (0x3A in inside or left == 0x3A)
    if left != 0x2E and right != 0x2E:
        return False
    if family is not Family.CODE or not is_identifier:
        return True
    while start and data[start - 1] in _TOKEN:
        start -= 1
    while end < size and data[end] in _TOKEN:
        end += 1
    return (start > 0 and data[start - 1] in _QUOTES) or (end < size and data[end] in _QUOTES)
