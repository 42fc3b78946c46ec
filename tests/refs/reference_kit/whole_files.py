"""Slicing switched off: facts of a statement from a parse of its whole file, to hold against those from it alone."""

from __future__ import annotations

import _ast as ast
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from flaglint.refs import ast_statements, ir, program
from flaglint.refs.ast_places import Places, UnsureError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.refs.outline import Unit

_alone = program.read_unit


def read_unit(text: str, unit: Unit, *, is_member: bool) -> ir.UnitFacts:
    """Return what `program.read_unit` returns; a file that `ast` does not read as a whole is read in pieces."""
    if unit.broken:
        return _alone(text, unit, is_member=is_member)
    try:
        module, places = _parsed(text)
        reader = ast_statements._StatementReader(Places.__new__(Places))
        mine = _Moved(places, unit.start)
        reader.places = reader.expressions.places = mine  # type: ignore[assignment] # the same two methods
        nodes = list(_within(module, places, unit, is_member=is_member))
        if unit.kind == "class" and unit.members and not is_member:
            nodes = [_header(nodes)]
        if is_member:
            reader.cursor.scopes[0].kind = "class"
            reader.block(nodes)
        else:
            reader.statements(nodes)
    except (UnsureError, SyntaxError, ValueError, RecursionError):
        return _alone(text, unit, is_member=is_member)
    cursor = reader.cursor
    return ir.UnitFacts(cursor.scopes, cursor.sites, cursor.stores)


class _Moved(Places):
    """The places of a file, counted from the start of one statement of it."""

    def __init__(self, whole: Places, start: int) -> None:
        self.text, self.is_ascii, self.starts, self.base = whole.text, whole.is_ascii, whole.starts, -start
        self.begins = [begin - start for begin in whole.starts]


@lru_cache(maxsize=4)
def _parsed(text: str) -> tuple[Any, Places]:
    if text.startswith("\ufeff"):
        raise UnsureError
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return compile(text, "<file>", "exec", ast.PyCF_ONLY_AST, dont_inherit=True), Places(text, 0)


def _within(module: Any, places: Places, unit: Unit, *, is_member: bool) -> Iterator[Any]:
    bodies = [module.body]
    if is_member:
        bodies = [node.body for node in module.body if isinstance(node, ast.ClassDef)]
    for body in bodies:
        for node in body:
            first = min([node, *getattr(node, "decorator_list", ())], key=lambda item: item.lineno)
            if unit.start <= places.offset(first.lineno, first.col_offset) < unit.end:
                yield node


def _header(nodes: list[Any]) -> Any:
    (node,) = nodes
    return ast.ClassDef(
        name=node.name,
        bases=node.bases,
        keywords=node.keywords,
        body=[ast.Pass()],
        decorator_list=node.decorator_list,
        lineno=node.lineno,
        col_offset=node.col_offset,
        end_lineno=node.end_lineno,
        end_col_offset=node.end_col_offset,
    )
