"""What someone who misspelt a word most likely meant, and numbers with their nouns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(word: str, known: Iterable[str]) -> str:
    """Return the known word that `word` is most likely a slip of, or an empty text; case and `-_` do not count."""
    from difflib import get_close_matches  # only when something is wrong

    folded = {_folded(name): name for name in sorted(known, reverse=True)}  # of two equal ones, the first in order
    close = get_close_matches(_folded(word), folded, n=1)
    return folded[close[0]] if close else ""


def did_you_mean(meant: str, otherwise: str = "") -> str:
    """Return the question that a help line asks; where nothing was probably meant, the advice that there is."""
    return f"did you mean `{meant}`?" if meant else otherwise


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun in the singular or the plural: `1 read`, `3 reads`."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"


def _folded(word: str) -> str:
    return word.lower().replace("_", "-")
