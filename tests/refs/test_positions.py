"""Where sites stand: the text at each place is the source of the expression, character by character."""

import ast
import sysconfig
from pathlib import Path

import pytest

from flaglint.refs import ir
from flaglint.refs.extract import extract
from flaglint.refs.outline import outline

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))


def calls(text: str, *, is_member: bool = False) -> list[str]:
    """Return the source at the place of each call of a unit, in order."""
    facts = extract(text, is_member=is_member)
    assert not facts.failure
    return [text[site.start : site.end] for site in facts.sites if isinstance(site.expr, ir.Call)]


@pytest.mark.parametrize("name", ["dataclasses.py", "enum.py", "tokenize.py", "textwrap.py", "shelve.py"])
def test_the_calls_of_real_files_stand_where_ast_says(name: str) -> None:
    text = (STANDARD_LIBRARY / name).read_text(encoding="utf-8")
    for unit in outline(text).units:
        source = text[unit.start : unit.end]
        annotations = (ast.arg, ast.AnnAssign, ast.FunctionDef)
        if unit.broken or any(
            isinstance(node, annotations) and _annotation(node) for node in ast.walk(ast.parse(source))
        ):
            continue  # what an annotation calls is never evaluated
        wanted = sorted(
            ast.get_source_segment(source, node) or ""
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call)
        )
        found = calls(source)
        # an f-string's fields have no places of their own before Python 3.12
        assert sorted(item for item in found if item in wanted) == [item for item in wanted if item in found]
        assert len(found) == len(wanted)


def _annotation(node: ast.AST) -> object:
    return getattr(node, "annotation", None) or getattr(node, "returns", None)


@pytest.mark.parametrize(
    "code",
    [
        "try:\n    pass\nexcept E  :\n    on('cart')\n",
        "x = 1 ;on('cart')\n",
        "if  x  :\n\ton('cart')\n",
        "def f( ) :\n    return  (on('cart'))\n",
        "x = [ on('cart')  , ]\n",
        "é = 'é𝄞'; on('cart')\n",
        "x = \\\n  on('cart')\n",
        "with a  as  b  :\n    on('cart')\n",
        "lambda  : on('cart')\n",
        "class A  ( B )  :\n    x = on('cart')\n",
        "x = 1\r\nif x:\r\n    on('cart')\r\n",
        "if x:\n\x0c    on('cart')\n",
    ],
)
def test_places_hold_also_where_blanks_stand_oddly(code: str) -> None:
    assert calls(code) == ["on('cart')"]


def test_parentheses_around_a_call_are_no_part_of_it() -> None:
    assert calls("x = ((on('cart')))\n") == ["on('cart')"]


def test_a_call_over_several_lines_is_one_place() -> None:
    assert calls("on(\n    'cart',  # why\n)\n") == ["on(\n    'cart',  # why\n)"]


def test_members_of_classes_keep_their_places() -> None:
    assert calls("    def f(self):\n        return on('cart')\n", is_member=True) == ["on('cart')"]
    assert calls("\tx = on('cart')\n", is_member=True) == ["on('cart')"]
