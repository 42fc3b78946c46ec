"""The trees that removals work on: read by the interpreter where it is able, with libcst where not, and the same."""

import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest
from removal_kit.trees import difference

from flaglint.refs.ast_places import UnsureError
from flaglint.remove import cst
from flaglint.remove.cst.base import code, outer
from flaglint.remove.cst.from_libcst import read as read_with_libcst
from flaglint.remove.cst.parsing import parse_expression, parse_module, parsed_here
from flaglint.remove.cst.tokens import goes_over_lines
from flaglint.remove.tree import Tree

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
# Each holds what the interpreter's tree leaves out, or says otherwise than libcst's.
TRICKY = [
    "",
    "# only a comment\n",
    "'''docs'''\n'a' 'b'; x = 1;\n",
    "x = (1)\ny = ((a).b)(c)\nz = ((\n  # why\n  a + b\n))\nreturn_ = (not (a)) and (b or c) or d and e\n",
    "f((a), *(b), c=(d), **(e))\nf(x for x in y if (z))\nf((x for x in y))\nf(((x) for x in (y)), 1)\nf(a,)\n",
    "x = a, (b), (c, d), (), ( ), (e,), ((f),)\ny = (a, b , )\n(z) = *w, = v\n",
    "x = y[1:2, a], y[a], y[a, b], y[:, ::2], y[(a, b)], y[a,], y[(a), b], y[()], y[(a)], y[[a]]\n",
    "x = y[*a], y[*a, b]\n",
    "x = {('a' 'b'): 1, **rest, **(more or {}), ** last}\ny = {(a), b}\nz = [(a), *b, *(c)]\n",
    "x = -1 ** -y @ z // (2 << 3) % 4.5 | ~a ^ 1j & 0x_f\n",
    "x = a == b != c is not d not in e is f in g < h <= i > j >= (k)\n",
    "x = 'a' b if c else (d if e else f)\n".replace(" b if", " if"),
    "x = lambda: 0, lambda a, *b, c=(1), **d: (y := a), lambda *, a: a, lambda a, /, b: b, (lambda x, *y: x)\n",
    "x = [a for b in c if (d) if e for f in (g)], {a: b for a, c in d}, {a for a in b}, [a async for a in b]\n",
    "x = f'{a}' 'b' f'{c!r}{d:>{e}} {{f}} {g.h(\"i\")}' f''\n",
    "x = f'{a=} {b.c = } {d!r:>{w}.{p}} {(e, f)} {g, h} {i[\"j\"]:{k}%} {x == y} {not z}' rf'\\d{e}' f'\\{a}'\n",
    "x = f'''\n  {\n   a(\n    (b)\n   )\n  }\n'''\ny = Rb'x' b'y'; z = U'z'\n",
    "x = f'{a:{b}{{c}}}' f'\\N{EM DASH}{d}' f'{e!s}'\n",
    "def f(a: 'b' = (1), /, c=2, *d: e, g, h: i = 3, **k) -> (l): return (m); n = 1;\n",
    "def f(a, /): pass\ndef g(*, a, b=1): pass\ndef h(\n    self,\n    *,  # named\n    a,\n): pass\n",
    (
        "async def f():\n    async with a as b, (c) as (d): await (e)\n"
        "    async for x in y: yield (yield z)\n    yield from (w)\n"
    ),
    "@a\n@ b.c(d)\n# between\nclass A((B), *C, metaclass=(D), **k):  # header\n    # inside\n    x = 1  # after\n\n",
    "class A: pass\nclass B():\n    def f(self): ...\n    y: (int) = (1)\n    z: int\n",
    "if a:  # one\n    b\nelif (c):  # two\n\n    # own line\n    d\nelse:  # three\n    if e: f\n",
    "if a: b; c\nelif d: e;\nelse: f\n",
    "if a:\n    b;\nelse:\n    c\n",
    "if (a and  # not this one\n        b):\n    c\nif x:\n\n    # neither this one\n    y\n",
    "for (a) in *b, c:  # x\n    break\nelse:\n    continue_\nwhile (a): pass\nelse: pass\n",
    (
        "try:\n    a\nexcept (B, C) as d:  # x\n    raise (e) from (f)\nexcept G: raise\nexcept: pass\n"
        "else: h\nfinally:  # y\n    i\n"
    ),
    "try: a\nexcept* (B): c\n",
    "with (a as b, c as d): e\nwith (a, b): c\nwith (a).b, (c): d\nwith (a) as b: c\nwith (f(a)).b: c\n",
    (
        "import a.b, c.d as e\nfrom . import f as g\nfrom ..h import (i, j,)\nfrom .... k import *\n"
        "from a.b import (  # why\n    c as d,\n)\n"
    ),
    "def f():\n    global a, b\n    nonlocal c\n",
    "del a\ndel (b)\ndel c, (d), e[0]\ndel (f, g)\ndel h,\n",
    "a += 1\nb |= (c)\nd.e[f] //= g\nassert (a), (b)\n(a)\n(yield)\n",
    "x = 'ü', ä.ö('é', b=ß)  # ñ\nif 'ü': # comment\n    y = 'é' 'ß'\n",
    "x = a.b \\\n    .c \\\n    (d)\nif a and \\\n        b: c\n",
    "def f():\n\tif a:\n\t\treturn b\n\t# trailing\n\n# end",
    "x = 1; y = 2 \\\n  ; z = 3\n",
    "print('a'if b else'c', 1if d else 2, e or'f')\n",
    "x = ('a'  # why\n     'b'\n     f'{c}')\n",
]
BEYOND = [  # what only libcst is asked about
    (
        "match a:\n    case [b, *c] if d: pass\n    case {'e': f, **g} | H(i, j=k) as l: pass\n"
        "    case (m, n): pass\n    case None: pass\n"
    ),
    "with (a): b\n",
    "except_ = print 1\n",
]


def both(text: str) -> str:
    return difference(parsed_here(text), read_with_libcst(text))


@pytest.mark.parametrize("text", TRICKY)
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_both_readers_make_the_same_tree(text: str, newline: str) -> None:
    assert not both(text.replace("\n", newline))


def test_both_readers_make_the_same_trees_of_whole_modules() -> None:
    names = ["argparse", "ast", "asyncio/base_events", "difflib", "enum", "http/client", "inspect", "tarfile"]
    for name in names:
        text = (STANDARD_LIBRARY / f"{name}.py").read_text(encoding="utf-8")
        try:
            here = parsed_here(text)
        except UnsureError:
            pytest.fail(f"{name} is not read here")
        assert not difference(here, read_with_libcst(text)), name


@pytest.mark.parametrize("text", BEYOND[:2])
def test_libcst_is_asked_where_the_interpreter_says_too_little(text: str) -> None:
    with pytest.raises(UnsureError):
        parsed_here(text)
    assert not difference(parse_module(text), read_with_libcst(text))


def test_what_neither_reads_is_a_problem_with_its_line() -> None:
    with pytest.raises(cst.SyntaxProblem, match="line 1") as found:
        parse_module(BEYOND[2])
    assert found.value.line == 1


def test_an_f_string_with_its_own_quotes_inside_is_read_with_libcst_or_right() -> None:
    text = 'x = f"{d["a("]} {e}", (g)\n'
    if sys.version_info < (3, 12):
        with pytest.raises(UnsureError):
            parsed_here(text)
        return
    try:
        here = parsed_here(text)
    except UnsureError:
        return
    assert not difference(here, read_with_libcst(text))


def test_a_name_that_the_interpreter_spells_otherwise_is_left_to_libcst() -> None:
    text = "x = a.\N{LATIN SMALL LIGATURE FI}t\n"
    with pytest.raises(UnsureError):
        parsed_here(text)
    assert not difference(parse_module(text), read_with_libcst(text))


def test_places_leave_parentheses_out_and_codes_take_them_in() -> None:
    tree = Tree("x = ((a + b))\n")
    value = tree.of(cst.BinaryOperation)[0]
    assert (tree.source(value), code(value), outer(value)) == ("a + b", "((a + b))", (4, 13))


def test_the_source_of_an_expression_in_a_field_is_found() -> None:
    tree = Tree("x = 1; y = f'{(a . b)} {c:{d}}'\n")
    assert code(tree.of(cst.Attribute)[0]) == "(a . b)"
    assert [code(name) for name in tree.of(cst.Name)] == ["x", "y", "a", "b", "c", "d"]


@pytest.mark.parametrize("source", ["a", "(a\n+ b)", "'''a\nb'''", "f(\n)[\n]", "a \\\n + b", "'a\\\nb'", "(a  # (\n)"])
def test_an_expression_that_needs_no_brackets_goes_over_no_line(source: str) -> None:
    assert not goes_over_lines(source)


@pytest.mark.parametrize("source", ["a\n+ b", "(a)\n+ b", "a  # (\n+ b)", "'''a'''\n'b'", "a\rb"])
def test_an_expression_that_needs_brackets_goes_over_a_line(source: str) -> None:
    assert goes_over_lines(source)


def test_an_expression_is_parsed_with_its_parentheses() -> None:
    parsed = parse_expression("(a := (b))")
    assert isinstance(parsed, cst.NamedExpr)
    assert len(parsed.lpar) == 1
    assert code(parsed.value) == "(b)"


@pytest.mark.parametrize("source", ["a = b", "a; b", "pass", ""])
def test_what_is_no_expression_is_a_problem(source: str) -> None:
    with pytest.raises(cst.SyntaxProblem, match="no expression"):
        parse_expression(source)


def removal(folder: Path, program: str) -> str:
    """Return what is printed when a flag is removed from a program, and whether libcst was loaded for that."""
    (folder / "flags.yaml").write_text("version: 1\nflags:\n  cart:\n    serve: 'true'\n")
    (folder / "shop.py").write_text(program)
    (folder / "flaglint.toml").write_text(
        '[[calls]]\nfunction = "gates.on"\nkey = {position = 0}\nreturns = "boolean"\n'
    )
    script = "import sys\nfrom flaglint.cli import run\nrun(['remove', 'cart'])\nprint('libcst' in sys.modules)\n"
    ran = [sys.executable, "-c", script]
    return subprocess.run(ran, cwd=folder, capture_output=True, text=True, check=True).stdout


def test_a_removal_does_not_load_libcst_when_the_interpreter_reads_the_code(tmp_path: Path) -> None:
    printed = removal(tmp_path, "from gates import on\nif on('cart'):\n    buy()\nelse:\n    look()\n")
    assert "-    look()" in printed
    assert printed.endswith("False\n")


def test_a_removal_loads_libcst_for_code_that_it_alone_reads(tmp_path: Path) -> None:
    program = "from gates import on\ndef f(a):\n    match a:\n        case 1 if on('cart'):\n            buy()\n"
    printed = removal(tmp_path, program)
    assert "+        case 1:" in printed
    assert printed.endswith("True\n")


@pytest.mark.parametrize("text", ["(" * 2_000, "for (x" * 1_000, "f(" * 1_000 + ")" * 1_000])
def test_brackets_that_nest_too_deeply_are_no_reason_to_end(text: str) -> None:
    with pytest.raises(cst.SyntaxProblem):
        parse_module(f"x = {text}\n")
