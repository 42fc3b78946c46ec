"""What a regular expression cannot match without: letters to look for first, which is many times faster.

Only what is plain is understood: letters that stand in the expression by themselves, and groups of such alternatives.
Of anything else nothing is said, and then the expression is tried on everything.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from flaglint.patterns import late

if TYPE_CHECKING:
    from collections.abc import Iterable

_PIECE: Final = late(
    r"""(?P<words>\(\?:(?:\w+\|)*\w+\))   # alternatives that are plain words
    | (?P<class>\[\^?\]?(?:\\.|[^\]\\])*\])
    | (?P<escape>\\(?:[x0-9]\w*|.))
    | (?P<count>\{[0-9,]*\})
    | (?P<open>\() | (?P<close>\)) | (?P<or>\|)
    | (?P<letters>\w+) | (?P<other>.)""",
    re.VERBOSE | re.DOTALL | re.ASCII,
)
_MAYBE: Final = ("*", "?", "{")  # what follows says that the piece before may be missing
_GLOBAL: Final = late(r"\(\?[aiLmsux#-]")  # a flag, under which a letter may be another one, or a remark


class Needles(NamedTuple):
    """What bytes hold one of, if an expression matches in them; None when nothing is known."""

    texts: tuple[bytes, ...] | None

    def may_match(self, data: bytes) -> bool:
        """Whether the expression may match in some bytes."""
        return self.texts is None or any(text in data for text in self.texts)


def needles_of(pattern: str) -> Needles:
    """Return what an expression cannot match without: of what is known, that of which the shortest is longest."""
    known: list[tuple[str, ...]] = []
    depth = 0
    if _GLOBAL.search(pattern):
        return Needles(None)
    for piece in _PIECE.finditer(pattern):
        depth += (piece.lastgroup == "open") - (piece.lastgroup == "close")
        if piece.lastgroup == "or" and not depth:
            return Needles(None)
        if depth or piece.lastgroup not in {"words", "letters"}:
            continue
        is_optional = pattern.startswith(_MAYBE, piece.end())
        if piece.lastgroup == "words":
            known += [tuple(piece.group()[3:-1].split("|"))] if not is_optional else []
        elif letters := piece.group()[: -1 if is_optional else None]:
            known.append((letters,))
    if not known:
        return Needles(None)
    best = max(known, key=lambda texts: min(map(len, texts)))
    return Needles(tuple(text.encode() for text in best))


def any_of(several: Iterable[Needles]) -> Needles:
    """Return what bytes hold one of, if one of several expressions matches in them."""
    texts: set[bytes] = set()
    for needles in several:
        if needles.texts is None:
            return needles
        texts.update(needles.texts)
    return Needles(tuple(sorted(text for text in texts if not any(other in text for other in texts - {text}))))
