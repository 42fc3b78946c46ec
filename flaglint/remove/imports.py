"""Taking names out of import statements, in whatever layout these are written."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.lines import Lines
from flaglint.remove.rope import Cut

if TYPE_CHECKING:
    from flaglint.remove.tree import Tree


def without_alias(tree: Tree, statement: cst.Import | cst.ImportFrom, alias: cst.ImportAlias) -> list[Cut]:
    """Return the cuts that take one of several names out of an import statement, in the tree's offsets."""
    assert not isinstance(statement.names, cst.ImportStar)
    names = list(statement.names)
    index = next(number for number, item in enumerate(names) if item is alias)
    text, lines = tree.text, Lines(tree.text)
    start, end = tree.inner(alias)[0], _end(tree, alias)
    first, last = lines.number(start), lines.number(end - 1)
    alone = not text[lines.start(first) : start].strip() and re.match(
        r"[ \t]*,?[ \t]*(#[^\r\n]*)?[\r\n]", text[end : lines.end(last)]
    )
    if alone and isinstance(statement, cst.ImportFrom) and statement.opening is not None:
        return [Cut(lines.start(first), lines.end(last))]
    following = tree.inner(names[index + 1])[0] if index + 1 < len(names) else None
    if following is not None and lines.number(following) == last:
        return [Cut(start, following)]
    if index == 0:
        assert following is not None  # a statement with one name goes as a whole
        return [Cut(start, following)]
    before = _end(tree, names[index - 1])
    if following is None:
        return [Cut(before, end)]
    comma = text.index(",", end)
    return [Cut(text.index(",", before) + 1, comma + 1)] if lines.number(before) == first else [Cut(start, following)]


def _end(tree: Tree, alias: cst.ImportAlias) -> int:
    """Return where a name in an import ends, its comma left out."""
    part = alias.asname.name if alias.asname is not None else alias.name
    return tree.inner(part)[1]


def is_reexport(tree: Tree, alias: cst.ImportAlias) -> bool:
    """Whether an import is written so that others import the name from here: `x as x`, or with a note to linters."""
    local = alias.asname.name if alias.asname is not None else None
    if isinstance(local, cst.Name) and isinstance(alias.name, cst.Name) and local.value == alias.name.value:
        return True
    lines = Lines(tree.text)
    statement = tree.parent(alias)
    assert statement is not None
    rows = {lines.number(tree.inner(statement)[0]), lines.number(_end(tree, alias) - 1)}
    return any(re.search(r"#\s*noqa(?!:)|#\s*noqa:.*\bF401\b", lines.content(row)) for row in rows)
