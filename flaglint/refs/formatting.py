"""Strings that are put together by `%`, `.format` and `.join`: which parts of them are text, and which are values."""

from __future__ import annotations

from itertools import takewhile
from string import Formatter
from typing import TYPE_CHECKING

from flaglint.refs import ir

if TYPE_CHECKING:
    from collections.abc import Iterator


def percent_parts(template: str, values: tuple[ir.Expr, ...]) -> Iterator[ir.Expr]:
    """Yield the parts of `template % values`; a mapping or a conversion other than `%s` is opaque."""
    pieces = template.split("%s")
    for index, piece in enumerate(pieces):
        if "%" in piece.replace("%%", ""):
            yield ir.OPAQUE
        elif piece:
            yield ir.Text(piece.replace("%%", "%"))
        if index < len(pieces) - 1:
            yield values[index] if len(values) == len(pieces) - 1 else ir.OPAQUE


def format_parts(template: str, args: tuple[ir.Arg, ...]) -> Iterator[ir.Expr]:
    """Yield the parts of `template.format(args)`."""
    positional = [arg.value for arg in takewhile(lambda arg: not arg.star, args) if not arg.keyword]
    named = {arg.keyword: arg.value for arg in args if arg.keyword}
    automatic = 0
    try:
        pieces = list(Formatter().parse(template))
    except ValueError:
        yield ir.OPAQUE
        return
    for text, field_name, spec, conversion in pieces:
        if text:
            yield ir.Text(text)
        if field_name is None:
            continue
        if spec or conversion:
            yield ir.OPAQUE
        elif field_name == "" or field_name.isdigit():
            index = automatic if field_name == "" else int(field_name)
            automatic += field_name == ""
            yield positional[index] if index < len(positional) else ir.OPAQUE
        else:
            yield named.get(field_name, ir.OPAQUE)


def join_parts(separator: str, items: tuple[ir.Expr, ...]) -> Iterator[ir.Expr]:
    """Yield the parts of `separator.join(items)`."""
    for index, item in enumerate(items):
        if index and separator:
            yield ir.Text(separator)
        yield ir.OPAQUE if isinstance(item, ir.Spread) else item
