"""Tombstones: keys of flags that are gone and are never used again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.registry.edit.fields import index_of
from flaglint.registry.edit.splice import Splice, at_the_end, insert_pair, line_break, line_end
from flaglint.registry.edit.writing import name, written
from flaglint.registry.nodes import MappingNode

if TYPE_CHECKING:
    from datetime import date

    from flaglint.definition import Flag
    from flaglint.registry.edit.draft import Draft
    from flaglint.registry.edit.writing import Value
    from flaglint.registry.nodes import Node, Tree


def bury(draft: Draft, flag: Flag, removed_on: date, issue: str = "") -> None:
    """Write a tombstone: where the others are, in the flag's own file or another, else at the end of its file."""
    details: dict[str, Value] = {"date": removed_on}
    if issue:
        details["issue"] = issue
    own = flag.span.path
    path = next((p for p in (own, *draft.paths) if _removed(draft.tree(p))[1] is not None), own)
    tree = draft.tree(path)
    text, root, language = tree.text.text, tree.root, tree.language
    assert isinstance(root, MappingNode)
    opening, removed = _removed(tree)
    pair = f"{name(flag.key, language=language)}: {written(details, language=language)}"
    if isinstance(removed, MappingNode) and opening is not None and (removed.pairs or removed.flow):
        splices = insert_pair(text, removed, pair, len(removed.pairs) - 1, opening)
    elif opening is not None:
        colon = text.find(":", opening.end) + 1
        end = line_end(text, colon)
        splices = [Splice(end, end, f"{line_break(text)}  {pair}")]
    elif root.flow:
        outer = f"{name('removed', language=language)}: {{{pair}}}"
        splices = insert_pair(text, root, outer, len(root.pairs) - 1, root)
    else:
        splices = at_the_end(text, f"removed:{line_break(text)}  {pair}")
    draft.splice(path, splices)


def _removed(tree: Tree) -> tuple[Node | None, Node | None]:
    """Return key and value of `removed` in a file."""
    if isinstance(tree.root, MappingNode) and (index := index_of(tree.root, "removed")) is not None:
        return tree.root.pairs[index]
    return None, None
