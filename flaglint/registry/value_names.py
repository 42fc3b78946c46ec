"""Variants of formats whose values have no names: each distinct value is a variant, called by what it is."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flaglint.definition import Variant

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from flaglint.model import JsonValue, Span


def variants_by_value(found: Iterable[tuple[JsonValue, Span]]) -> tuple[Variant, ...]:
    """Return a variant for each distinct value, at the place where it stands first; null is none.

    A boolean flag has both variants, though its rules may serve one alone.
    """
    distinct: dict[str, tuple[JsonValue, Span]] = {}
    for value, span in found:
        for other in (value, not value) if isinstance(value, bool) else (value,):
            if other is not None:
                distinct.setdefault(json.dumps(other, sort_keys=True), (other, span))
    texts = {value for value, _ in distinct.values() if isinstance(value, str)}
    return tuple(Variant(_name(value, written, texts), value, span) for written, (value, span) in distinct.items())


def _name(value: JsonValue, written: str, texts: set[str]) -> str:
    """Return a text itself, and anything else, or a text that is written like it, as JSON."""
    if not isinstance(value, str):
        return f"{written} (no text)" if written in texts else written
    return value


def name_of(value: JsonValue, variants: Sequence[tuple[str, JsonValue]]) -> str | None:
    """Return the name of a value among variants, given as name and value."""
    written = json.dumps(value, sort_keys=True)
    return next((name for name, other in variants if json.dumps(other, sort_keys=True) == written), None)
