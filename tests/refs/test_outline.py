"""A file is cut into its statements without a parser, as `ast` sees them; one broken statement hides no other."""

import ast
import io
import sys
import sysconfig
import tokenize
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flaglint.refs.lexing import MAX_DEPTH
from flaglint.refs.outline import Unit, outline

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
REAL_FILES = (
    "argparse.py",
    "ast.py",
    "asyncio/base_events.py",
    "collections/__init__.py",
    "dataclasses.py",
    "datetime.py",
    "decimal.py",
    "enum.py",
    "inspect.py",
    "logging/__init__.py",
    "re/_parser.py",
    "tokenize.py",
    "typing.py",
    "unittest/mock.py",
    "zipfile.py",
)


def spans(text: str, nodes: list[ast.stmt]) -> list[tuple[int, int]]:
    """Return the first and last line of each statement, neighbouring imports taken together."""
    found: list[tuple[int, int]] = []
    was_import = False
    for node in nodes:
        first = min([node.lineno, *(item.lineno for item in getattr(node, "decorator_list", ()))])
        is_import = isinstance(node, ast.Import | ast.ImportFrom)
        same_line = bool(found) and found[-1][1] == first
        if (is_import and was_import) or same_line:
            found[-1] = (found[-1][0], node.end_lineno or 0)
        else:
            found.append((first, node.end_lineno or 0))
        was_import = is_import
    return found


def lines(text: str, units: tuple[Unit, ...]) -> list[tuple[int, int]]:
    """Return the first and last line of each unit, comments and blank lines at its end left out."""
    found = []
    for unit in units:
        code = [
            number
            for number, line in enumerate(text[unit.start : unit.end].split("\n"))
            if line.strip() and not line.strip().startswith("#")
        ]
        first = text.count("\n", 0, unit.start) + 1
        found.append((first, first + code[-1]))
    return found


@pytest.mark.parametrize(
    "code",
    [
        "if a:\n    b()\n\\\nelse:\n    c()\n",
        "if a:\n    b()\n\\\n\\\nelif d:\n    c()\n",
        "try:\n    b()\n\\\r\nexcept E:\n    c()\n\\\nfinally:\n    d()\n",
        "if a:\n    b()\n\\\n    c()\n",
        "if a:\n    b()\n\\\n# c\nelse:\n    c()\n",
        "\\\n@a\ndef b(): ...\n",
        "class A:\n    if a:\n        b()\n    \\\n    else:\n        c()\n",
    ],
)
def test_a_line_that_holds_nothing_but_a_backslash_begins_no_statement(code: str) -> None:
    found = outline(f"{code}x = 1\n").units
    assert [ast.unparse(ast.parse(f"{code}x = 1\n"[unit.start : unit.end])) for unit in found] == [
        ast.unparse(node) for node in ast.parse(f"{code}x = 1\n").body
    ]
    assert all(len(unit.members) < 2 for unit in found)


@pytest.mark.parametrize("name", REAL_FILES)
def test_the_units_of_real_files_are_their_statements(name: str) -> None:
    path = STANDARD_LIBRARY / name
    if not path.exists():
        pytest.skip("this Python has no such module")
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    units = outline(text).units
    assert [first for first, _ in lines(text, units)] == [first for first, _ in spans(text, tree.body)]
    classes = {unit.names[0]: unit for unit in units if unit.kind == "class" and unit.names}
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and (members := classes[node.name].members):
            assert [first for first, _ in lines(text, members)] == [first for first, _ in spans(text, node.body)]


def parts(text: str) -> list[str]:
    """Return the text of each unit."""
    return [text[unit.start : unit.end].rstrip() for unit in outline(text).units]


@pytest.mark.parametrize(
    "statement",
    [
        "x = f'{a['b']}'",
        "x = f'{f'{f'{1}'}'}'",
        'x = f"{a["}"]}"',
        "x = f'{{not a field}}'",
        "x = f'''\n{a}\n'''",
        "x = f'{a!r:>{width}}'",
        "x = rb'\\''",
        "x = '''\nclass A:\n'''",
        "x = 'a\\\ndef f(): b'",
        "x = (\n# ) a comment with a bracket\n)",
        "x = [\ndef_,\n]",
        "x = 1 + \\\n2",
        "def f():\n# at the margin\n    pass",
        "@a\n# between\n@b\ndef f(): pass",
        "if x:\n    pass\nelif y:\n    pass\nelse:\n    pass",
        "try:\n    pass\nexcept A:\n    pass\nfinally:\n    pass",
        "match x:\n    case 1:\n        pass",
        "async def f():\n    async with x:\n        pass",
        "class A: x = 1",
        "x = 1; y = 2",
        "type X = int",
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_one_statement_is_one_unit_whatever_it_holds(statement: str, newline: str) -> None:
    text = f"before = 1\n{statement}\nafter = 2\n".replace("\n", newline)
    assert parts(text) == ["before = 1", statement.replace("\n", newline), "after = 2"]


def test_a_form_feed_begins_a_line_anew() -> None:
    assert parts("a = 1\n\x0c\ndef f():\n    pass\n\x0cb = 2\n") == ["a = 1", "def f():\n    pass", "b = 2"]


def test_a_byte_order_mark_is_no_part_of_the_first_unit() -> None:
    assert parts("\ufeffa = 1\n") == ["a = 1"]


@pytest.mark.parametrize(
    "broken",
    [
        "x = (",
        "x = 'never closed",
        "x = )",
        "x = '''never closed",
        "x = " + "(" * (MAX_DEPTH + 1),
        ("def f(:\n    pass"),
        "x = {1: [2}",
    ],
)
def test_a_broken_statement_hides_no_other(broken: str) -> None:
    found = outline(f"before = 1\n\n{broken}\n\ndef after():\n    pass\n\nlast = 3\n").units
    assert found[0].names == ("before",)
    assert [unit.names for unit in found if unit.kind == "def" and not unit.broken][-1] == ("after",)
    assert found[-1].names == ("last",)


def test_says_which_names_a_unit_surely_binds() -> None:
    text = "a = 1\nb: int = 2\nc.d = 3\ne = f = 4\ng, h = 5\ndef i(): ...\nclass J: ...\nif x:\n    k = 6\n"
    assert [unit.names for unit in outline(text).units] == [("a",), ("b",), None, None, None, ("i",), ("J",), None]


def test_a_class_is_cut_into_its_members() -> None:
    text = "class A(B):\n    '''Doc.'''\n\n    x = 1\n\n    @property\n    def y(self):\n        return 1\n"
    (unit,) = outline(text).units
    assert [text[item.start : item.end].strip().split("\n")[0] for item in unit.members] == [
        "'''Doc.'''",
        "x = 1",
        "@property",
    ]
    assert text[: unit.header].startswith("class A(B):\n")


PIECES = (
    "class A(B):\n",
    "    x = 1\n",
    "    def f(self):\n        return {'a': [(1, f'{b}')]}\n",
    "  weird = 2\n",
    "\tdef g():\n\t\tpass\n",
    "    @decorated\n",
    "        deeper = (1,\n2)\n",
    "def h(a='(', *, b=\"it's\"):\n",
    "    '''doc\nclass Not:\n'''\n",
    "# a comment ' ( \n",
    "    # a comment further in\n",
    "\n",
    "   \t\n",
    "\x0c    after = 'a form feed'\n",
    "if x:\n",
    "else:\n",
    "import a, b\n",
    "from c import (d,  # why\n    e)\n",
    "x = [[[[[[1]]]]]]\n",
    'y = f\'{a["b"]}\' f"""{c}\n""" rf\'\\d{{{e!r:>{w}}}}\'\n',
    "z = 1 + \\\n    2; w = 3\n",
    "broken = (\n",
    "broken = 'never closed\n",
    "    broken)\n",
    'broken = """\n',
    "broken = f'{\n",
    "\\\n",
)


@given(st.lists(st.sampled_from(PIECES), max_size=12), st.sampled_from(["\n", "\r\n", "\r"]))
@example(["class A(B):\n", "    x = 1\n", "else:\n", "    x = 1\n"], "\n")
def test_a_text_is_cut_the_same_statement_by_statement_and_token_by_token(pieces: list[str], newline: str) -> None:
    text = "".join(pieces).replace("\n", newline)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("flaglint.refs.outline.pays", lambda _size: True)
        by_statement = outline(text)
        patched.setattr("flaglint.refs.outline.pays", lambda _size: False)
        by_token = outline(text)
    assert by_statement.units == by_token.units


@pytest.mark.parametrize("name", REAL_FILES[:6])
def test_strings_and_comments_are_those_of_the_tokenizer(name: str) -> None:
    text = (STANDARD_LIBRARY / name).read_text(encoding="utf-8")
    tokens = list(tokenize.generate_tokens(io.StringIO(text).readline))
    found = outline(text)
    if sys.version_info < (3, 12):  # where an f-string is one token
        assert [text[start:end] for start, end in found.strings] == [
            token.string for token in tokens if token.type == tokenize.STRING
        ]
    assert [text[start:end] for start, end in found.comments] == [
        token.string for token in tokens if token.type == tokenize.COMMENT
    ]


def test_a_broken_statement_keeps_the_strings_of_the_others() -> None:
    text = "a = 'one'  # first\nb = ['two', 'three'\n\ndef c():\n    return 'four'\n"
    found = outline(text)
    assert [text[start:end] for start, end in found.strings] == ["'one'", "'two'", "'three'", "'four'"]
    assert [text[start:end] for start, end in found.comments] == ["# first"]


@given(st.text(alphabet="abc ={}()[]'\"\\\n\r\t\x0c#:@fdefclas1,"))
def test_any_text_is_cut_in_order_and_without_overlap(text: str) -> None:
    end = 0
    for unit in outline(text).units:
        assert end <= unit.start <= unit.end <= len(text)
        end = unit.end
