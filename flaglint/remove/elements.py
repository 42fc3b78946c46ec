"""Taking one of several elements out: an argument of a call, a parameter, an entry of a display."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.rope import Cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from flaglint.remove.tree import Node, Tree


def without_element(tree: Tree, siblings: Sequence[Node], gone: Node) -> list[Cut]:
    """Return the cuts that take one of several elements away with its comma, and with its line if it has one alone.

    A tuple of one element that is left keeps a comma, or gets one.
    """
    cuts = _without_element(tree, siblings, gone)
    left = [other for other in siblings if other is not gone]
    if not isinstance(tree.parent(gone), cst.Tuple) or len(left) != 1:
        return cuts
    end = element_end(tree, left[0])
    if tree.text[end:].lstrip().startswith(",") and not any(
        cut.start <= tree.text.index(",", end) < cut.end for cut in cuts
    ):
        return cuts
    if cuts[0].start == end:
        return [Cut(cuts[0].start, cuts[0].end, f",{cuts[0].text}"), *cuts[1:]]
    return sorted([*cuts, Cut(end, end, ",")], key=lambda cut: cut.start)


def _without_element(tree: Tree, siblings: Sequence[Node], gone: Node) -> list[Cut]:
    index = next(number for number, other in enumerate(siblings) if other is gone)
    text = tree.text
    start, end = tree.inner(gone)[0], element_end(tree, gone)
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    rest_end = next((offset for offset in range(end, len(text)) if text[offset] in "\r\n"), len(text))
    rest = text[end:rest_end].strip()
    stands_alone = not text[line_start:start].strip() and (
        rest in {"", ","} or rest.lstrip(",").lstrip().startswith("#")
    )
    if stands_alone and len(siblings) > 1:
        return [Cut(line_start, rest_end + (2 if text[rest_end : rest_end + 2] == "\r\n" else 1))]
    if index + 1 < len(siblings):
        return [Cut(start, tree.inner(siblings[index + 1])[0])]
    if index:
        return [Cut(element_end(tree, siblings[index - 1]), end)]
    comma = end + len(text[end:]) - len(text[end:].lstrip()) if text[end:].lstrip().startswith(",") else None
    return [Cut(start, comma + 1 if comma is not None else end)]


def element_end(tree: Tree, node: Node) -> int:
    """Return where an element ends without the comma after it."""
    if isinstance(node, cst.Param):
        last: Node = node.default or node.annotation or node.name
        return tree.outer(last)[1] if isinstance(last, cst.BaseExpression) else tree.inner(last)[1]
    if isinstance(node, (cst.ParamStar, cst.ParamSlash)):
        return tree.inner(node)[0] + 1
    value = getattr(node, "value", node)
    return tree.outer(value)[1] if isinstance(value, cst.BaseExpression) else tree.inner(node)[1]
