"""Where in a stretch something is known of an expression: nothing folds anywhere else."""

from __future__ import annotations

from bisect import bisect_left
from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.values import MARK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from flaglint.remove.draft import Stretch


class Busy:
    """The places of marks, and of reads that wait. What is known of an expression follows from one that is in it."""

    def __init__(self, stretch: Stretch, waiting: Iterable[int], is_verbatim: Callable[[int, int], bool]) -> None:
        """`waiting` are the offsets of reads that wait; `is_verbatim` tells what is as it was in the original."""
        self._tree = stretch.tree
        self._is_verbatim = is_verbatim
        self._at = sorted([*(found.start() for found in MARK.finditer(stretch.text)), *waiting])

    def has(self, node: cst.CSTNode) -> bool:
        """Whether something is known of a node, or of something in it."""
        start, end = self._place(node)
        first = bisect_left(self._at, start)
        return first < len(self._at) and self._at[first] < end

    def is_idle(self, node: cst.CSTNode) -> bool:
        """Whether a node is a compound statement that is as it was, with nothing known in it."""
        if not isinstance(node, cst.BaseCompoundStatement) or self.has(node):
            return False
        return self._is_verbatim(*self._place(node))

    def _place(self, node: cst.CSTNode) -> tuple[int, int]:
        """Return where a node stands, with its decorators."""
        start, end = self._tree.outer(node)
        decorators = getattr(node, "decorators", ())
        return (self._tree.inner(decorators[0])[0] if decorators else start), end
