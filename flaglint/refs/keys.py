"""What a value spells as a key of a flag, and by which steps it was found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.model import Key, Literal, OneOf, Pattern, Unknown, keys_in
from flaglint.refs.values import Str, strings

if TYPE_CHECKING:
    from flaglint.refs.values import Value


def key_of(value: Value) -> Key:
    """Return the key that a value spells."""
    found = _named(value)
    texts = sorted({text for item in found if item is not None and (text := item.text) is not None})
    whole = len([item for item in found if item is not None and item.text is not None])
    if whole == len(found):
        return Literal(texts[0]) if len(texts) == 1 else OneOf(tuple(texts)) if texts else Unknown()
    patterns = [item for item in found if item is not None and item.text is None]
    if len(patterns) == 1 and len(found) == 1:
        return pattern_of(patterns[0])
    if texts and not patterns:
        return OneOf(tuple(texts)) if len(texts) > 1 else Literal(texts[0])
    return pattern_of(patterns[0]) if len(set(patterns)) == 1 and not texts else Unknown("several different keys")


def _named(value: Value) -> list[Str | None]:
    """Return what a value is as a key; None also for the empty text that holds the place of a key."""
    return [None if item is not None and item.text == "" and item.via else item for item in strings(value)]


def is_open(value: Value) -> bool:
    """Whether a value that spells keys may be something else, too, that nobody can tell."""
    found = _named(value)
    return None in found and any(item is not None and item.text is not None for item in found)


def pattern_of(value: Str) -> Key:
    """Return a partly known string as a pattern, or Unknown when no part of it is known."""
    parts: list[str | None] = []
    for part in value.parts:
        text = part if isinstance(part, str) else None
        if text is None and parts and parts[-1] is None:
            continue
        if text is not None and parts and parts[-1] is not None:
            parts[-1] = f"{parts[-1]}{text}"
            continue
        parts.append(text)
    pattern = Pattern(tuple(parts))
    return pattern if pattern.has_literal_part else Unknown("the key is computed at run time")


def steps(value: Value) -> tuple[str, ...]:
    """Return the steps by which the strings of a value were found, each once, outermost first.

    Where the value spells keys to the letter, what leaves a part of it open is no step to them.
    """
    found = [item for item in strings(value) if item is not None]
    if keys_in(key_of(value)):
        found = [item for item in found if item.text is not None]
    return tuple(dict.fromkeys(step for item in found for step in item.via))
