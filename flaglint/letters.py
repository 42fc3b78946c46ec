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
_PLAIN = frozenset({str, int, float, bool, type(None)})
_NUMBER = re.compile(r"-\d+(?:\.\d+)?")


def harmless(text: str) -> str:
    """Return a text with what nobody sees written as Python would, such as `\\x1b`; tabs and line ends stay."""
    return _UNSEEN.sub(lambda found: found[0].encode("unicode_escape").decode("ascii"), text)


def in_json(document: str) -> str:
    """Return a JSON document that says the same, with what nobody sees in its strings escaped as JSON does it."""
    return _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", document)


def laid_out(value: Any, *, indent: int, ascii_only: bool = False) -> str:
    """Return plain data, its keys texts, as JSON in lines, as `json.dumps` writes it with an indent.

    That one leaves its fast encoder for an indent, whatever there is to write. Here it writes every object that holds
    nothing but texts and numbers: most of a document.
    """
    import json
    from json.encoder import encode_basestring, encode_basestring_ascii

    quoted = encode_basestring_ascii if ascii_only else encode_basestring
    encoders: dict[str, Callable[[Any], str]] = {}

    def flat(held: dict[str, Any], line: str) -> str:
        encode = encoders.get(line)
        if encode is None:
            encode = json.JSONEncoder(ensure_ascii=ascii_only, separators=(f",{line}", ": ")).encode
            encoders[line] = encode
        return encode(held)[1:-1]

    def written(value: Any, line: str) -> str:
        if isinstance(value, str):
            return quoted(value)
        inner = line + " " * indent
        if isinstance(value, dict) and value:
            if _PLAIN.issuperset(map(type, value.values())):
                return f"{{{inner}{flat(value, inner)}{line}}}"
            rows = [f"{quoted(key)}: {written(item, inner)}" for key, item in value.items()]
            return f"{{{inner}{f',{inner}'.join(rows)}{line}}}"
        if isinstance(value, list | tuple) and value:
            return f"[{inner}{f',{inner}'.join([written(item, inner) for item in value])}{line}]"
        return json.dumps(value)

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
