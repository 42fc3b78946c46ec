"""Trees of texts: from this interpreter's own parser where it is able, and else from libcst's.

Both give the same tree. libcst is loaded only when it is needed: that alone takes longer than most removals.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Any

from flaglint.refs.ast_places import UnsureError
from flaglint.refs.outline import outline
from flaglint.remove.cst.read_statements import StatementReader

if TYPE_CHECKING:
    from flaglint.remove import cst

_ONLY_A_TREE = 0x400  # ast.PyCF_ONLY_AST
_UNREAD = (SyntaxError, ValueError, MemoryError, RecursionError, OverflowError)


def parse_module(text: str) -> cst.Module:
    """Return the tree of a text; raises SyntaxProblem when it is no Python that libcst reads."""
    try:
        return parsed_here(text)
    except UnsureError:
        from flaglint.remove.cst import SyntaxProblem
        from flaglint.remove.cst.from_libcst import read

        if broken := [unit.broken for unit in outline(text).units if unit.broken]:
            raise SyntaxProblem(broken[0]) from None  # brackets that nest too deeply end libcst with the whole process
        return read(text)


def parsed_here(text: str) -> cst.Module:
    """Return the tree of a text as this interpreter reads it; raises UnsureError when it does not say enough."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of escapes and the like in what others wrote
            module: Any = compile(text, "<stretch>", "exec", _ONLY_A_TREE, dont_inherit=True)
            return StatementReader(text).module(module)
    except _UNREAD as error:
        raise UnsureError from error


def parse_expression(source: str) -> cst.BaseExpression:
    """Return the tree of an expression, its places in `source`; raises SyntaxProblem when it is none."""
    from flaglint.remove import cst

    found = parse_module(source).body
    line = found[0] if len(found) == 1 else None
    only = line.body[0] if isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1 else None
    if not isinstance(only, cst.Expr):
        raise cst.SyntaxProblem("it is no expression")
    return only.value
