"""Arms of an `if` that ask again what an arm before them asked: what told the two apart was the flag."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.purity import is_droppable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.remove.draft import Draft, Stretch
    from flaglint.remove.tree import Tree


def new_repeated_arms(draft: Draft, stretch: Stretch) -> Iterator[cst.If]:
    """Yield the first `elif` of each statement of a stretch that no run reaches, and that some run reached before."""
    done = set()
    for top, arm in _repeated(stretch.tree):
        if top not in done and draft.was_among(stretch, arm, _repeated_in) is False:
            done.add(top)
            yield arm


def _repeated_in(tree: Tree) -> Iterator[cst.If]:
    return (arm for _, arm in _repeated(tree))


def _repeated(tree: Tree) -> Iterator[tuple[cst.If, cst.If]]:
    """Yield each `elif` with the test of an arm before it, and its `if`; no test in between can do a thing."""
    for top in tree.of(cst.If):
        if isinstance(tree.parent(top), cst.If):
            continue
        asked: set[str] = set()
        arm: cst.BaseSuite | cst.If | cst.Else | None = top
        while isinstance(arm, cst.If) and is_droppable(arm.test):
            if tree.source(arm.test) in asked:
                yield top, arm
            asked.add(tree.source(arm.test))
            arm = arm.orelse
