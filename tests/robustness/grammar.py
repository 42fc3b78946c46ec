"""Writes programs by the grammar of Python, with reads of flags strewn in: valid code that nobody writes by hand."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

KEYS = ("release-one-page-checkout", "release-dark-mode", "kill-recommendations", "nothing-of-the-kind")
_NAMES = ("a", "b", "flags", "is_on", "self", "KEY", "Enum", "x1")
_HEAD = """\
from shop.gates import is_on
import waffle
from flaglint.evaluator import Evaluator
flags = Evaluator.from_path("flags.yaml")
KEY = "release-dark-mode"
"""
_CONSTANTS = (None, True, False, 0, 1, -1, 2**70, 1.5, 1e400, 2j, "", "a", "é\n{}'\"\\", "\ud800", b"\x00", ..., *KEYS)


def program(random: Random) -> bytes:
    """Return a module of a few statements; it compiles, but for what only the compiler's later passes refuse."""
    while True:
        body = [_statement(random, random.randint(1, 5)) for _ in range(random.randint(1, 8))]
        try:
            text = ast.unparse(ast.fix_missing_locations(ast.Module(body, [])))
            return (_HEAD + text).encode()
        except (UnicodeEncodeError, ValueError, RecursionError):  # lone surrogates, and what no f-string can hold
            continue


def _pick(random: Random) -> str:
    return random.choice(_NAMES)


def _name(random: Random) -> ast.expr:
    return ast.Name(_pick(random), ast.Load())


def _read(random: Random, depth: int) -> ast.expr:
    """Return a read of a flag, in one of the shapes that packs know."""
    key: ast.expr = ast.Constant(random.choice(KEYS))
    if random.random() < 0.3:
        key = random.choice((ast.Name("KEY", ast.Load()), ast.JoinedStr([ast.Constant("release-"), _hole(random)])))
    function = random.choice(("is_on", "flags.boolean", "waffle.flag_is_active", "waffle.switch_is_active"))
    arguments = [_expression(random, depth - 1) for _ in range(random.randint(0, 2))]
    return ast.Call(ast.parse(function, mode="eval").body, [key, *arguments], [])


def _hole(random: Random) -> ast.expr:
    return ast.FormattedValue(_name(random), -1, None)


def _expression(random: Random, depth: int) -> ast.expr:
    if depth <= 0:
        return random.choice((_name(random), ast.Constant(random.choice(_CONSTANTS))))
    if random.random() < 0.25:
        return _read(random, depth)

    def inner() -> ast.expr:
        return _expression(random, depth - random.randint(1, 2))

    loops = [ast.comprehension(ast.Name(_pick(random), ast.Store()), inner(), [inner()], 0)]
    shapes: tuple[Callable[[], ast.expr], ...] = (
        lambda: ast.BoolOp(random.choice((ast.And(), ast.Or())), [inner(), inner(), inner()]),
        lambda: ast.UnaryOp(random.choice((ast.Not(), ast.USub(), ast.Invert())), inner()),
        lambda: ast.BinOp(inner(), random.choice((ast.Add(), ast.Mod(), ast.BitOr(), ast.Pow())), inner()),
        lambda: ast.Compare(inner(), [random.choice((ast.Eq(), ast.Is(), ast.NotIn(), ast.Lt()))], [inner()]),
        lambda: ast.IfExp(inner(), inner(), inner()),
        lambda: ast.NamedExpr(ast.Name(_pick(random), ast.Store()), inner()),
        lambda: ast.Call(_name(random), [inner()], [ast.keyword(_pick(random), inner())]),
        lambda: ast.Attribute(inner(), _pick(random), ast.Load()),
        lambda: ast.Subscript(inner(), inner(), ast.Load()),
        lambda: ast.Dict([inner(), None], [inner(), inner()]),
        lambda: ast.Tuple([inner(), ast.Starred(inner(), ast.Load())], ast.Load()),
        lambda: ast.Lambda(_arguments(random), inner()),
        lambda: ast.ListComp(inner(), loops),
        lambda: ast.GeneratorExp(inner(), loops),
        lambda: ast.JoinedStr([ast.Constant("n"), ast.FormattedValue(inner(), random.choice((-1, 114)), None)]),
    )
    return random.choice(shapes)()


def _arguments(random: Random) -> ast.arguments:
    names = random.sample(_NAMES, 3)
    return ast.arguments([], [ast.arg(names[0])], ast.arg(names[1]), [], [], None, [_name(random)])


def _suite(random: Random, depth: int) -> list[ast.stmt]:
    return [_statement(random, depth - 1) for _ in range(random.randint(1, 3))]


def _statement(random: Random, depth: int) -> ast.stmt:
    value = _expression(random, min(depth, 3))
    target = ast.Name(_pick(random), ast.Store())
    simple: tuple[ast.stmt, ...] = (
        ast.Expr(value),
        ast.Assign([target], value, lineno=0),
        ast.AugAssign(target, ast.Add(), value),
        ast.AnnAssign(target, _name(random), value, 1),
        ast.Assert(value),
        ast.Pass(),
        ast.Delete([ast.Name(_pick(random), ast.Del())]),
        ast.Raise(value),
    )
    if depth <= 0 or random.random() < 0.3:
        return random.choice(simple)

    def body() -> list[ast.stmt]:
        return _suite(random, depth)

    handler = ast.ExceptHandler(_name(random), _pick(random), body())
    decorators = [value] if random.random() < 0.3 else []
    rest = random.choice(([], body()))
    pattern = random.choice(
        (ast.MatchAs(None, None), ast.MatchAs(None, _pick(random)), ast.MatchValue(ast.Constant(1)))
    )
    compound: tuple[Callable[[], ast.stmt], ...] = (
        lambda: ast.If(value, body(), rest),
        lambda: ast.If(ast.UnaryOp(ast.Not(), value), body(), [ast.If(value, body(), rest)]),
        lambda: ast.While(value, [*body(), random.choice((ast.Break(), ast.Continue()))], rest),
        lambda: ast.For(target, value, body(), rest, lineno=0),
        lambda: ast.With([ast.withitem(value, target)], body(), lineno=0),
        lambda: ast.Try(body(), [handler], rest, random.choice(([], body()))),
        lambda: ast.Match(value, [ast.match_case(pattern, value, body())]),
        lambda: ast.FunctionDef(
            _pick(random), _arguments(random), [*body(), ast.Return(value)], decorators, None, lineno=0
        ),
        lambda: ast.ClassDef(_pick(random), [_name(random)], [], body(), decorators),
    )
    return random.choice(compound)()
