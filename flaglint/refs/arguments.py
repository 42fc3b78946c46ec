"""Finds the argument that a pack describes in a call: by position, by keyword, or inside an argument object."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import replace
from flaglint.refs import ir

if TYPE_CHECKING:
    from flaglint.refs.spec import Argument


def looked_up(call: ir.Call) -> tuple[ir.Expr, ir.Expr | None]:
    """Return the key that a call with arguments looks up, as `get` and `os.getenv` do, and its default."""
    named = {arg.keyword: arg.value for arg in call.args if arg.keyword}
    plain = [arg.value for arg in call.args if not arg.keyword]
    rest = [value for keyword, value in named.items() if keyword != "default"]
    key, *more = plain or rest or list(named.values())
    return key, named.get("default", more[0] if plain and more else None)


def find(call: ir.Call, spec: Argument) -> ir.Expr | None:
    """Return the expression of the argument; None when it is not passed, or hidden behind `*args` or `**kwargs`."""
    found = _outer(call, spec)
    if found is None or spec.inside is None:
        return found
    if isinstance(found, ir.Call):
        return find(found, spec.inside)
    if isinstance(found, ir.Mapping):
        for key, value in found.pairs:
            if isinstance(key, ir.Text) and key.value == spec.inside.keyword:
                return value
    return None


def _outer(call: ir.Call, spec: Argument) -> ir.Expr | None:
    position = -1
    for arg in call.args:
        if arg.keyword and arg.keyword == spec.keyword:
            return arg.value
        if arg.keyword or arg.star == "**":
            continue
        if arg.star == "*":
            spec = replace(spec, position=None)  # what follows may stand anywhere; a keyword is still plain
            continue
        position += 1
        if position == spec.position:
            return arg.value
    return None
