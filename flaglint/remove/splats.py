"""What becomes of `*` and `**` in front of a display that the flag chose: its items stand there themselves, or nothing.

`{"a": 1, **({"b": 2} if flag else {})}` is `{"a": 1, "b": 2}` or `{"a": 1}`, and an argument `**{"b": 2}` is `b=2`.
"""

from __future__ import annotations

import keyword
from itertools import pairwise
from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.elements import element_end, without_element
from flaglint.remove.lines import Lines
from flaglint.remove.rope import Cut
from flaglint.remove.surgery import moved_lines
from flaglint.remove.values import literal_value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.remove.tree import Node, Tree

_LISTED = (cst.List, cst.Tuple)


def unpacked(tree: Tree, node: cst.BaseExpression, part: cst.BaseExpression) -> list[Cut] | None:
    """Return the cuts that put the items of `part` in the place of `*node` or `**node`.

    None when `node` does not stand behind a star, or where the items cannot stand.
    """
    starred = tree.parent(node)
    holder = tree.parent(starred) if starred is not None else None
    siblings = _siblings(holder)
    if starred is None or holder is None or not _is_starred(starred, part) or starred not in siblings:
        return None
    items = part.elements if isinstance(part, (*_LISTED, cst.Dict)) else ()
    if not items:
        return _without(tree, holder, siblings, starred)
    fits = "#" not in tree.source(part) and _may_stand(starred, siblings, items)
    if isinstance(holder, cst.Call) and isinstance(part, cst.Dict):
        names = [_keyword_of(item) for item in items]
        taken = {arg.keyword.value for arg in holder.args if arg.keyword is not None}
        if not fits or not all(names) or len({*names, *taken}) < len(names) + len(taken):
            return None
        return [*_as_keywords(tree, items, names), *_laid_out(tree, starred, items)]
    if isinstance(holder, cst.Tuple) and not holder.lpar:
        fits = fits and not any(isinstance(item.value, cst.NamedExpr) and not item.value.lpar for item in items)
    if not fits or isinstance(holder, cst.Set):
        return None
    return _laid_out(tree, starred, items)


def _laid_out(tree: Tree, starred: Node, items: Sequence[Node]) -> list[Cut]:
    """Return the cuts that leave of `starred` its items, each on a line of its own if `starred` had lines to itself."""
    place = tree.inner(starred)[0]
    start, end = tree.inner(items[0])[0], element_end(tree, items[-1])
    cuts = [Cut(place, start), Cut(end, element_end(tree, starred))]
    text = tree.text
    indent = text[max(text.rfind("\n", 0, place), text.rfind("\r", 0, place)) + 1 : place]
    if indent.strip() or len(set(text[start:end]) & {"\n", "\r"}):
        return [*cuts, *moved_lines(tree, place, (start, end))]
    newline = Lines(text).newline
    return [
        *cuts,
        *(
            Cut(element_end(tree, item), tree.inner(following)[0], f",{newline}{indent}")
            for item, following in pairwise(items)
        ),
    ]


def _siblings(holder: Node | None) -> Sequence[Node]:
    if isinstance(holder, cst.Call):
        return holder.args
    if isinstance(holder, cst.ClassDef):
        return (*holder.bases, *holder.keywords)
    return holder.elements if isinstance(holder, (*_LISTED, cst.Set, cst.Dict)) else ()


def _is_starred(starred: Node, part: cst.BaseExpression) -> bool:
    """Whether a display of the kind of `part` stands behind the star that it asks for."""
    if isinstance(starred, cst.Arg):
        return isinstance(part, cst.Dict) if starred.star == "**" else starred.star == "*" and isinstance(part, _LISTED)
    if isinstance(starred, cst.StarredDictElement):
        return isinstance(part, cst.Dict)
    return isinstance(starred, cst.StarredElement) and isinstance(part, _LISTED)


def _without(tree: Tree, holder: Node, siblings: Sequence[Node], starred: Node) -> list[Cut] | None:
    """Return the cuts that take an argument or element away which holds nothing."""
    if len(siblings) > 1:
        return without_element(tree, siblings, starred)
    if isinstance(holder, cst.Set) or (isinstance(holder, cst.Tuple) and not holder.lpar):
        return None  # `{}` is no set, and nothing no tuple
    start, end = tree.inner(holder)
    if isinstance(holder, cst.Call):
        start = tree.text.index("(", tree.outer(holder.func)[1])
    if isinstance(holder, cst.ClassDef):  # with its brackets
        start = tree.text.index("(", tree.inner(holder.type_parameters or holder.name)[1])
        end = tree.text.index(")", element_end(tree, starred)) + 1
    elif not isinstance(holder, cst.Tuple):
        start, end = start + 1, end - 1
    return None if "#" in tree.text[start:end] else [Cut(start, end)]


def _may_stand(starred: Node, siblings: Sequence[Node], items: Sequence[Node]) -> bool:
    """Whether the items may stand between the siblings: no argument without a name follows one with a name."""
    if isinstance(starred, cst.Arg) and starred.star == "*":
        before = siblings[: siblings.index(starred)]
        return all(isinstance(arg, cst.Arg) and arg.keyword is None for arg in before)
    keys = [item.key for item in (*siblings, *items) if isinstance(item, cst.DictElement)]
    written = [value for key in keys if (value := literal_value(key)) is not None]
    return all(value not in written[:index] for index, value in enumerate(written))


def _keyword_of(item: Node) -> str:
    """Return the key of an entry if it can be the name of an argument, else nothing."""
    value = literal_value(item.key) if isinstance(item, cst.DictElement) else None
    name = value[0] if value is not None else None
    if not isinstance(name, str) or name.startswith("__") or not name.isidentifier() or keyword.iskeyword(name):
        return ""
    return name


def _as_keywords(tree: Tree, items: Sequence[Node], names: Sequence[str]) -> list[Cut]:
    return [
        Cut(tree.inner(item)[0], tree.outer(item.value)[0], f"{name}=")
        for item, name in zip(items, names, strict=True)
        if isinstance(item, cst.DictElement)
    ]
