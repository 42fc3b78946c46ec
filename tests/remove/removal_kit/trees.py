"""Two trees of a text held against each other: the one read here, and the one that libcst reads."""

from __future__ import annotations

from typing import Any

from flaglint.remove import cst
from flaglint.remove.cst.base import Parenthesized, fields_of

# Nobody asks where these stand.
PLACELESS = (
    cst.AsName,
    cst.ComparisonTarget,
    cst.Comma,
    cst.Dot,
    cst.From,
    cst.ImportStar,
    cst.Index,
    cst.NameItem,
    cst.ParamSlash,
    cst.Parameters,
    cst.Slice,
    cst.SubscriptElement,
)


def difference(here: Any, there: Any, path: str = "") -> str:
    """Return where two trees differ and how, or nothing."""
    if isinstance(here, tuple) and isinstance(there, tuple) and len(here) == len(there):
        pairs = [(f"{path}[{at}]", one, other) for at, (one, other) in enumerate(zip(here, there, strict=True))]
    elif isinstance(here, cst.Header) and isinstance(there, cst.Header):
        pairs = [(f"{path}.comment", here.comment, there.comment)]
    elif isinstance(here, cst.CSTNode) and type(here) is type(there):
        if here.place != there.place and not isinstance(here, PLACELESS):
            return f"{path} {type(here).__name__}: {here.place} here, {there.place} there"
        brackets = [(node.lpar, node.rpar) for node in (here, there) if isinstance(node, Parenthesized)]
        if brackets and brackets[0] != brackets[1]:
            return f"{path} {type(here).__name__}: parentheses {brackets[0]} here, {brackets[1]} there"
        names = fields_of(type(here))
        pairs = [(f"{path}.{name}", getattr(here, name), getattr(there, name)) for name in names]
    else:
        return "" if here == there else f"{path}: {here!r} here, {there!r} there"
    return next((found for item in pairs if (found := difference(item[1], item[2], item[0]))), "")
