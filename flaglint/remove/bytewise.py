"""What is told of a Python file by its bytes alone: enough to pass over most files without decoding them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.patterns import late

if TYPE_CHECKING:
    from collections.abc import Iterable

_QUOTES = frozenset({b"'", b'"'})
_REPLACING = (b"patch", b"object", b"setattr", b"multiple")
_PATCHES = late(rb"(?:%b)\s*\(" % b"|".join(_REPLACING))
_ANY_STAR = late(rb"import[ \t]*\(?[ \t]*\*")  # a pattern that begins with a word is found much faster


def has_star(data: bytes) -> bool:
    """Whether a file has a star import."""
    return _ANY_STAR.search(data) is not None


def may_patch(data: bytes) -> bool:
    """Whether a file may replace something by its name, as a mock does."""
    return any(word in data for word in _REPLACING) and _PATCHES.search(data) is not None


def is_quoted(data: bytes, word: bytes) -> bool:
    """Whether a quote follows a word somewhere."""
    at = data.find(word)
    while at >= 0:
        end = at + len(word)
        if data[end : end + 1] in _QUOTES:
            return True
        at = data.find(word, end)
    return False


def inheriting(words: Iterable[bytes]) -> re.Pattern[bytes]:
    """Return what finds a class that names one of some words among its bases."""
    either = b"|".join(map(re.escape, words))
    return re.compile(rb"class[ \t]+[^\s(:]+[ \t]*\([^)]*\b(?:%b)\b" % either)
