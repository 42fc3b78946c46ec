"""What someone who misspelt a word most likely meant, and numbers with their nouns."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SLIP = 0.8  # how alike a word and its slip are, from 0 to 1
_FEW = 3  # words that are proposed
_TELLING = 3  # letters of a part of a word that say something about the whole


def nearest(word: str, known: Iterable[str], *, cutoff: float = 0.6) -> str:
    """Return the known word that `word` is most likely a slip of, or an empty text; case and `-_` do not count.

    `cutoff` is how alike they have to be, from 0 to 1.
    """
    from difflib import get_close_matches  # only when something is wrong

    folded = {_folded(name): name for name in sorted(known, reverse=True)}  # of two equal ones, the first in order
    close = get_close_matches(_folded(word), folded, n=1, cutoff=cutoff)
    return folded[close[0]] if close else ""


def nearest_few(word: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known words that `word` may stand for, at most three, the likeliest first.

    Those are the words that it is a slip of, then those that hold it, or all of its parts, the shortest first, and
    then those that are like it: `checkout` may stand for `release-one-page-checkout`. Quotes and blanks around it do
    not count.
    """
    from difflib import get_close_matches

    wanted = _folded(word.strip(" \t\n\"'`"))
    folded = {_folded(name): name for name in sorted(known, reverse=True)}
    if wanted in folded:  # it was merely written in another way
        return (folded[wanted],)
    found = get_close_matches(wanted, folded, n=_FEW, cutoff=_SLIP)
    parts = [part for part in wanted.split("-") if part]
    if len(wanted) >= _TELLING:
        holding = [name for name in folded if all(part in name for part in parts)]
        found += sorted(holding, key=lambda name: (len(name), name))
    found += get_close_matches(wanted, folded, n=_FEW)
    return tuple(folded[name] for name in dict.fromkeys(found))[:_FEW]


def did_you_mean(meant: str | Sequence[str], otherwise: str = "") -> str:
    """Return the question that a help line asks; where nothing was probably meant, the advice that there is."""
    words = [f"`{word}`" for word in ([meant] if isinstance(meant, str) else meant) if word]
    if not words:
        return otherwise
    *first, last = words
    return f"did you mean {', '.join(first)}{' or ' if first else ''}{last}?"


def counted(count: int, noun: str, plural: str = "") -> str:
    """Return a number with its noun in the singular or the plural: `1 read`, `3 reads`."""
    return f"{count} {noun if count == 1 else plural or f'{noun}s'}"


def _folded(word: str) -> str:
    return word.lower().replace("_", "-")
