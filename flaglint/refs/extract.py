"""The facts of one unit of Python source: its statements, what they bind, their expressions, as plain data.

The interpreter's own parser reads it when it can; else libcst does, which knows the syntax of every version and says
what is wrong with a text. Both readers give the same facts, so it is of no consequence which one was asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs import ast_statements
from flaglint.refs.ast_places import UnsureError

if TYPE_CHECKING:
    from flaglint.refs import ir


def extract(text: str, *, is_member: bool = False) -> ir.UnitFacts:
    """Return the facts of one unit; `is_member` when it is an indented member of a class.

    A unit that does not parse gives facts with `failure` set and nothing else; nothing is raised.
    """
    try:
        return ast_statements.extract(text, is_member=is_member)
    except UnsureError:
        from flaglint.refs import cst_statements  # 200 ms that most runs do without

        return cst_statements.extract(text, is_member=is_member)
