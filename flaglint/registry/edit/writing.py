"""Values as they are written into a registry: plain where that is safe, in quotes where another meaning lurks."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

from flaglint.errors import EditError
from flaglint.patterns import late
from flaglint.registry.nodes import ScalarNode
from flaglint.registry.scalars import YAML_1_1_BOOLEANS, UnfitScalarError, core_value


class Name(str):
    """A text that names something, and stays plain where a value would be taken for a boolean: `serve: true`."""

    __slots__ = ()


class Raw(str):
    """A text that is written already, in flow style."""

    __slots__ = ()


Value: TypeAlias = "str | bool | int | float | date | Mapping[str, Value] | Sequence[Value]"

# Words of letters, digits and signs that mean nothing to YAML wherever they stand, with blanks between.
_PLAIN = late(r"[\w/(.][\w/().+=@~^$;<-]*(?: +[\w/(.+=@~^$;<][\w/().+=@~^$;<-]*)*")
_LIKE_A_DATE_OR_TIME = late(r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}.*|[0-9_.]+")
_ESCAPED = late("[\x7f-\xa0\u2028\u2029\ufeff\ufffe\uffff]")
_UNWRITABLE = late("[\ud800-\udfff]")


def written(value: Value, *, language: str = "YAML", quote: str = "") -> str:
    """Return a value as one line in flow style: `{enabled: 25, disabled: 75}`.

    In JSON every key, text and day has double quotes. `quote` is the kind of quotes that a text had so far.
    Raises EditError for a text that UTF-8 cannot hold.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return json.dumps(value)
    if isinstance(value, date):
        return f'"{value.isoformat()}"' if language == "JSON" else value.isoformat()
    if isinstance(value, Raw):
        return value
    if isinstance(value, Name):
        return name(value, language=language, quote=quote)
    if isinstance(value, str):
        return _double_quoted(value) if language == "JSON" else _text(value, quote)
    if isinstance(value, Mapping):
        pairs = (f"{name(key, language=language)}: {written(inner, language=language)}" for key, inner in value.items())
        return "{" + ", ".join(pairs) + "}"
    return "[" + ", ".join(written(item, language=language) for item in value) + "]"


def name(text: str, *, language: str = "YAML", quote: str = "") -> str:
    """Return a key, or the name of a variant or a flag: plain also where a value would be taken for a boolean.

    Names are texts wherever they stand, and `serve: true` is how the format writes the variant `true`.
    """
    if language == "JSON":
        return _double_quoted(text)
    if not quote and _PLAIN.fullmatch(text) and not ScalarNode(text, "", 0, 0).is_null:
        return text
    return _quoted(text, quote)


def _text(text: str, quote: str) -> str:
    if not quote and _PLAIN.fullmatch(text) and not _has_another_meaning(text):
        return text
    return _quoted(text, quote)


def _has_another_meaning(text: str) -> bool:
    """Whether some reader of YAML takes this for anything else than a text."""
    if text in YAML_1_1_BOOLEANS or _LIKE_A_DATE_OR_TIME.fullmatch(text):
        return True
    try:
        return not isinstance(core_value(ScalarNode(text, "", 0, 0)), str)
    except UnfitScalarError:
        return True


def _quoted(text: str, quote: str) -> str:
    if quote == "'" and text.isprintable():
        return "'" + text.replace("'", "''") + "'"
    return _double_quoted(text)


def _double_quoted(text: str) -> str:
    """Return a text in double quotes, with escapes that JSON and YAML share."""
    if _UNWRITABLE.search(text):
        raise EditError(f"{text!r} is no text that a file can hold")
    return _ESCAPED.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(text, ensure_ascii=False))
