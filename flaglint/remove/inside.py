"""Keys inside of longer strings, where nobody sees them read: `"old other".split()`, `json.loads` of a text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.refs.occurrences import is_distinctive
from flaglint.refs.outline import outline

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.source import Text

_PREFIXES = "rRuUbBfF \t\r"


def named_in(key: str) -> re.Pattern[str]:
    """Return what names a key in a longer text; a plain word is mostly something else, and has to stand in quotes."""
    return re.compile(
        rf"(?<![\w-]){re.escape(key)}(?![\w-])" if is_distinctive(key) else rf"([\"'`]){re.escape(key)}\1"
    )


def in_values(text: Text, key: str) -> Iterator[int]:
    """Yield the offsets at which strings name a key, but for those that are statements, as docstrings are."""
    if key not in text.text:
        return
    named = named_in(key)
    for start, end in outline(text.text).strings:
        begins, ends = text.text.rfind("\n", 0, start) + 1, text.text.find("\n", end)
        around = text.text[begins:start] + text.text[end : ends if ends >= 0 else None]
        if around.strip(_PREFIXES):
            yield from (found.start() for found in named.finditer(text.text, start, end))
