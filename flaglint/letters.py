"""Letters that nobody sees: controls, and those that turn the direction of reading, are shown by their escapes.

A key may hold any of them, in a registry that somebody broke or meant harm with; on a page or in a terminal they would
show something else than what stands there.
"""

from __future__ import annotations

import re
from typing import Any

# Controls but tab and line ends, separators of lines, marks and overrides of direction, and halves of letters.
_UNSEEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# A spreadsheet runs what begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_NUMBER = re.compile(r"-\d+(?:\.\d+)?")


def harmless(text: str) -> str:
    """Return a text with what nobody sees written as Python would, such as `\\x1b`; tabs and line ends stay."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def in_json(document: str) -> str:
    """Return a JSON document that says the same, with what nobody sees in its strings escaped as JSON does it."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def in_a_cell(text: str) -> str:
    """Return a text so that a spreadsheet takes it for one, and runs no formula.

    Numbers are kept, and what begins with `@`, as owners do, unless it could be a formula.
    """
    text = harmless(text)
    if not text.startswith(_FORMULA) or _NUMBER.fullmatch(text):
        return text
    if text[0] == "@" and not any(letter in text for letter in "(!'\"|"):
        return text
    return f"'{text}"


def on_a_page(value: Any) -> Any:
    """Return what a template prints for the value of an expression: a text is made harmless, HTML stays HTML."""
    return value.__class__(harmless(value)) if isinstance(value, str) else value
