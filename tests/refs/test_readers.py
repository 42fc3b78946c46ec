"""Two readers make the facts of a unit, one over `ast` and one over libcst: it is of no consequence which was asked."""

import sys
import sysconfig
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

import pytest

from flaglint.refs import ast_statements, cst_statements, extract, ir
from flaglint.refs.ast_places import UnsureError
from flaglint.refs.outline import outline

STANDARD_LIBRARY = Path(sysconfig.get_path("stdlib"))
# Each holds what the two trees spell differently: `elif` and `else: if`, parentheses, concatenated strings, ...
TRICKY = [
    "if a():\n    b()\nelif c():\n    d()\nelse:\n    if e():\n        f()\n",
    "def f():\n    if a: return 1\n    if b:\n        return 2\n    x = 1\n    return x\n",
    "x = a or b or (c and d) or not e\n",
    "x = [('one' 'two'), ('three'), (\n    # why\n    'four'\n), *rest, *('five'), (KEY, 1), ((KEY), 2)]\n",
    "x = {('a' 'b'): 1, 'c': on('d'), **rest, **(more or {}), ** last}\n",
    "x = {\n    # a comment\n    'a': 1,  # (another\n    'b': 2,\n}\n",
    "f(a, *b, c=d, *e, **g)\n",
    "f(x for x in y if on(x))\n",
    "x = y[1:2, on(a)], y[on(a)], y[a, b], y[:, ::on(2)]\n",
    "x = y[(a, b)], y[a,], y[(a), b], y[(a, b), c], y[((a), b)], y[(a,)], y[()], y[(a, b),], y[1:2,], y[(a), (b)]\n",
    "x = y[(*a, b)], y[(  # why\n    a, on('b'))], y[(on(a), (b, c)),], y[f(a), g(b)], y[[a, b]], y[(a)]\n",
    "x = y[*a], y[*a, on(b)], y[a, *b], y[*a,]\n",
    "y[(a, on(b))] = 1\ny[a,] = y[(on(a)), b] = 2\n",
    "x = f'{a=} {b.c = } {on(d)=!s} {e=!r} {f=:>3} {on(g) = :>{on(h)}} {i==j} {k(l=1)}'\n",
    "async def f(a: 'shop.Flag', /, b=on(), *c: int, d, e=1, **g) -> 'x':\n    await on(); return -1\n",
    "class A(B, *C, metaclass=on(), **kw):\n    x = 'a'; y: int = 2; z: str\n    def f(me, b): me.x = b; me.y[1] = 2\n",
    "try:\n    a()\nexcept (B, C) as d:\n    raise e from f\nexcept G: raise\nelse:\n    h()\nfinally:\n    i()\n",
    "try:\n    a()\nexcept (B if on(c) else D, on()) as e:\n    raise f(on()) from on(g)\nexcept h.i: raise\n",
    "try:\n    a()\nexcept h[on()]: raise\nexcept on(): raise\n",
    "match on(), 1:\n    case 'a' | 'b': pass\n    case [c, *d, {'e': f, **g}, H(i, j=k)] if on(): 2\n    case _: 1\n",
    "x = f'{a}' 'b' f'{c!r}{d:>{on(e)}} {{f}} {g.h(\"i\")}' f''\n",
    "def f():\n    return f'''{\n        on('a')\n    } ü {on('b')} {'ü' + on('c')}'''\n",
    "x = 'ü', on('ä', b'c', 1.5, 2j, ..., None)  # ö\n",
    "x = 'a' 'b' == on() != (1, 'c', -2)\n",
    "x = lambda a=on(), *b: (y := on(a))\n",
    "global a, b\ndel a, (b), c[0], d.e\na += 1\nb |= on()\nc.d -= on()\n",
    "import a.b, c.d as e\nfrom . import f as g\nfrom ..h import (i, j)\nfrom k import *\n",
    "with on() as a, b as (c, d): e()\nfor f, (g, *h) in i: break\nwhile on(): continue\nelse: pass\n",
    "'''docs'''\n'a' 'b'\nx = 1\n",
    "x = {a: b for a, c in d if on(a) for b in c}, {a for a in b}, [a async for a in b]\n",
    "@on('a')\n@b\ndef f():\n    yield on()\n    x = yield\n    yield from on(1)\n",
    "x: int\ny: list[str] = []\nz.a: int = on()\nx = y = on()\n(a), [b, *c] = on()\n",
    "x = 'a\\n' f'b\\t{c}' r'\\d' rf'\\d{e}'\n",
    "x = (\n    on('a')\n    .b(\n        c\n    )\n)\n",
]


def plain(value: Any) -> Any:
    """Return facts as nested lists, with the types that `==` would not tell apart."""
    if is_dataclass(value):
        return [type(value).__name__, *(plain(getattr(value, field.name)) for field in fields(value))]
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return (type(value).__name__, value)


def both(text: str, *, is_member: bool = False) -> tuple[ir.UnitFacts, ir.UnitFacts]:
    return (
        ast_statements.extract(text, is_member=is_member),
        cst_statements.extract(text, is_member=is_member),
    )


@pytest.mark.parametrize("code", TRICKY)
def test_both_readers_say_the_same_of_what_their_trees_spell_differently(code: str) -> None:
    first, second = both(code)
    assert not second.failure
    assert plain(first) == plain(second)


@pytest.mark.parametrize("code", [code for code in TRICKY if not code.startswith(("global", "import"))])
@pytest.mark.parametrize("newline", ["\r\n", "\r"])
def test_both_readers_say_the_same_whatever_ends_a_line(code: str, newline: str) -> None:
    if "'''" in code:
        return  # what stands in such a string depends on the line end
    first, second = both(code.replace("\n", newline))
    assert plain(first) == plain(second)


@pytest.mark.parametrize("name", ["argparse.py", "ast.py", "typing.py", "enum.py", "logging/__init__.py", "zipfile.py"])
def test_both_readers_say_the_same_of_real_files(name: str) -> None:
    file = STANDARD_LIBRARY / name
    if not file.exists():
        pytest.skip(f"this Python has no {name}")
    text = file.read_text(encoding="utf-8")
    read = 0
    for unit in outline(text).units:
        for part in unit.members or (unit,):
            try:
                first, second = both(text[part.start : part.end], is_member=bool(unit.members))
            except UnsureError:
                continue
            assert plain(first) == plain(second), text[part.start : part.end][:200]
            read += 1
    assert read > 20


@pytest.mark.parametrize("code", ["x = [(  # why\n'a'), 1]\n", "f'{a}' 'b'\n", "x = = 1\n", "print 'a'\n"])
def test_what_ast_does_not_tell_is_left_to_libcst(code: str) -> None:
    with pytest.raises(UnsureError):
        ast_statements.extract(code)
    assert plain(extract.extract(code)) == plain(cst_statements.extract(code))


def test_a_field_over_several_lines_is_left_to_libcst_where_ast_does_not_know_its_place() -> None:
    code = "x = f'''{\na.b\n=}'''\n"
    if sys.version_info >= (3, 12):  # f-strings are a part of the grammar, and their fields have places
        assert plain(ast_statements.extract(code)) == plain(cst_statements.extract(code))
        return
    with pytest.raises(UnsureError):
        ast_statements.extract(code)
    assert plain(extract.extract(code)) == plain(cst_statements.extract(code))


def test_a_warning_about_an_escape_in_what_others_wrote_is_no_news(recwarn: pytest.WarningsRecorder) -> None:
    assert extract.extract("x = '\\d'\n").scopes
    assert not recwarn.list
