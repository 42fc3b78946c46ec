"""Where the original has what a removal wrote a second time: a call that must still run is put before its statement.

Such a copy is new text and has no origin of its own, so what is learnt about a part of it would be lost for the second
opinion, which reads the original.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.tree import walk

if TYPE_CHECKING:
    from flaglint.remove.draft import Draft


def originals_of(draft: Draft, start: int, end: int) -> list[tuple[int, int]]:
    """Return where the function around the new text `[start, end)` has the same expression in the original.

    Offsets are of the text now, and those that are returned of the original. Nothing is found outside of functions.
    """
    stretch = draft.stretch_at(start)
    node = stretch.tree.at(start - stretch.base, end - stretch.base) if stretch.parses else None
    if node is None:
        return []
    functions = [above for above in stretch.tree.ancestors(node) if isinstance(above, cst.FunctionDef)]
    scope = draft.original_function(stretch, functions[-1]) if functions else None
    name = draft.rope.origin(stretch.tree.inner(functions[-1].name)[0] + stretch.base) if scope is not None else None
    home = draft.original_at(name) if name is not None else None
    if scope is None or home is None:
        return []
    source = stretch.tree.source(node)
    alike = (other for other in walk(scope.node) if type(other) is type(node) and home.tree.source(other) == source)
    return [(first + home.base, last + home.base) for first, last in map(home.tree.inner, alike)]
