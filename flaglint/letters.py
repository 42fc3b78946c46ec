"""Letters that nobody sees: controls, and those that turn the direction of reading, are shown by their escapes.

A key may hold any of them, in a registry that somebody broke or meant harm with; on a page or in a terminal they would
show something else than what stands there.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

# Controls but tab and line ends, separators of lines, marks and overrides of direction, and halves of letters.
_UNSEEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")
# A spreadsheet runs what begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_LEAVES: dict[type, Callable[[Any], str]] = {
    int: int.__repr__,
    bool: lambda value: "true" if value else "false",
    type(None): lambda _: "null",
}
_NUMBER = re.compile(r"-\d+(?:\.\d+)?")


def harmless(text: str) -> str:
    """Return a text with what nobody sees written as Python would, such as `\\x1b`; tabs and line ends stay."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def in_json(document: str) -> str:
    """Return a JSON document that says the same, with what nobody sees in its strings escaped as JSON does it."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def laid_out(value: Any, *, indent: int, ascii_only: bool = False) -> str:
    """Return plain data, its keys texts, as JSON in lines: to the letter what `json.dumps` writes with an indent.

    That one leaves its fast encoder for an indent, and takes twice as long.
    """
    import json
    from json.encoder import encode_basestring, encode_basestring_ascii

    quoted: Callable[[str], str] = encode_basestring_ascii if ascii_only else encode_basestring
    leaf = _LEAVES | {str: quoted}

    def written(value: Any, line: str) -> str:
        inner = line + " " * indent
        if isinstance(value, dict) and value:
            rows = [
                f"{quoted(key)}: {write(item) if (write := leaf.get(type(item))) else written(item, inner)}"
                for key, item in value.items()
            ]
            return f"{{{inner}{f',{inner}'.join(rows)}{line}}}"
        if isinstance(value, (list, tuple)) and value:
            rows = [write(item) if (write := leaf.get(type(item))) else written(item, inner) for item in value]
            return f"[{inner}{f',{inner}'.join(rows)}{line}]"
        return quoted(value) if isinstance(value, str) else json.dumps(value)

    return written(value, "\n")


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
