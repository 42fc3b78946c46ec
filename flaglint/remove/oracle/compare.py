"""Holding two texts of a file against each other, function by function."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, TypeAlias

from flaglint.records import dataclass
from flaglint.remove.oracle.locals import drop_dead, foreign_names, propagate
from flaglint.remove.oracle.purity import HARMLESS, mark_caught
from flaglint.remove.oracle.statements import Statements
from flaglint.remove.oracle.walking import Transformer, below, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

MAX_ROUNDS = 30
_LINE_END = re.compile(r"\r\n|\r|\n")  # what ends a line for the parser
Place: TypeAlias = tuple[int, int, int, int]
Places: TypeAlias = "frozenset[Place]"
_Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Pin:
    """An expression of the original with the value it stands for: 1-based lines, 0-based columns in UTF-8 bytes.

    `is_opaque`: the value is no literal, or something of the expression must still run; its function is not compared.
    """

    line: int
    column: int
    end_line: int
    end_column: int
    value: Any
    is_opaque: bool = False


def disagreements(
    before: str, after: str, pins: Sequence[Pin], harmless: tuple[Places, Places] = (frozenset(), frozenset())
) -> list[str] | None:
    """Return the names of functions that mean something else than before; None when this interpreter reads neither.

    Functions that are gone are not judged, nor those in which something opaque is pinned. `harmless` gives for both
    texts where calls stand that do nothing but give a value.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            old, new = ast.parse(before), ast.parse(after)
        except (SyntaxError, ValueError, RecursionError):
            return None
    places = {(pin.line, pin.column, pin.end_line, pin.end_column): pin for pin in pins}
    pinner = _Pinner(places)
    is_same = _same_lines(before, after, pins)
    originals = _by_name(old)
    found = []
    for name, functions in _by_name(new).items():
        others = originals.get(name, [])
        if len(others) != len(functions):
            continue
        for function, other in zip(functions, others, strict=True):
            if is_same(other, function) or pinner.is_opaque(other):
                continue
            for tree, calls in zip((other, function), harmless, strict=True):
                _mark(tree, calls)
                mark_caught(tree)
            foreign = foreign_names(other) | foreign_names(function)  # a `global` goes with its last binding
            if (
                _generates(function) != _generates(other)
                or type(function) is not type(other)
                or not _come_to_the_same(pinner.pinned(other), function, foreign)
            ):
                found.append(name)
    return found


def _mark(tree: ast.AST, calls: Places) -> None:
    """Mark the calls in a tree that do nothing but give a value."""
    for node in walk(tree) if calls else ():
        if isinstance(node, ast.Call) and _place(node) in calls:
            setattr(node, HARMLESS, True)


def _same_lines(before: str, after: str, pins: Sequence[Pin]) -> Callable[[_Function, _Function], bool]:
    """Return what tells whether a function has the lines that it had, and nothing in them was pinned."""
    old, new = _LINE_END.split(before), _LINE_END.split(after)
    pinned = sorted(pin.line for pin in pins)

    def is_same(one: _Function, other: _Function) -> bool:
        lines = old[one.lineno - 1 : one.end_lineno]
        first = bisect_left(pinned, one.lineno)
        is_pinned = first < len(pinned) and pinned[first] <= (one.end_lineno or one.lineno)
        return not is_pinned and lines == new[other.lineno - 1 : other.end_lineno]

    return is_same


def _by_name(tree: ast.Module) -> dict[str, list[_Function]]:
    """Return the outermost functions by their dotted names; those inside them are compared with them."""
    found: dict[str, list[_Function]] = {}

    def collect(node: ast.AST, prefix: str) -> None:
        for child in below(node):
            if isinstance(child, _Function):
                found.setdefault(f"{prefix}{child.name}", []).append(child)
            elif isinstance(child, ast.ClassDef):
                collect(child, f"{prefix}{child.name}.")
            elif isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case):
                collect(child, prefix)

    collect(tree, "")
    return found


def _place(node: ast.expr) -> Place:
    return node.lineno, node.col_offset, node.end_lineno or 0, node.end_col_offset or 0


class _Pinner(Transformer, ast.NodeTransformer):
    def __init__(self, places: dict[Place, Pin]) -> None:
        self.places = places

    def _pin(self, node: ast.AST) -> Pin | None:
        if not isinstance(node, ast.expr):
            return None
        return self.places.get(_place(node))

    def is_opaque(self, node: ast.AST) -> bool:
        return any((pin := self._pin(inner)) is not None and pin.is_opaque for inner in walk(node))

    def pinned(self, node: ast.AST) -> ast.AST:
        made: ast.AST = self.visit(node)
        return made

    def visit(self, node: ast.AST) -> Any:
        pin = self._pin(node)
        if pin is not None and not isinstance(getattr(node, "ctx", None), ast.Store):
            return ast.parse(repr(pin.value), mode="eval").body
        return self.generic_visit(node)


def _generates(function: _Function) -> bool:
    """Whether a function is a generator, by the nodes of its own body."""
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in _own(function))


def _own(function: _Function) -> Iterator[ast.AST]:
    pending: list[ast.AST] = list(function.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)):
            pending += below(node)


def _come_to_the_same(one: ast.AST, other: ast.AST, foreign: set[str]) -> bool:
    """Whether two functions have the same normal form; `foreign` names are bound in a scope further out.

    They are simplified in step: what is equal once stays so.
    """
    statements = Statements(), Statements()
    shown = "", ""
    for _ in range(MAX_ROUNDS):
        found = _simplified(one, statements[0], foreign), _simplified(other, statements[1], foreign)
        if found[0] == found[1]:
            return True
        if found == shown:
            break
        shown = found
    return False


def _simplified(function: ast.AST, statements: Statements, foreign: set[str]) -> str:
    """Simplify the body of a function once more, and return it as text."""
    assert isinstance(function, _Function)
    function.body = statements.block(function.body)
    for inner in walk(function):
        if isinstance(inner, _Function):
            propagate(inner, foreign)
    drop_dead(function, foreign)
    function.body = statements.ending(statements.block(function.body), ast.Return)
    return "\n".join([ast.dump(item) for item in function.body])
