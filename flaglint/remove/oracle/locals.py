"""Constant locals and dead ones, for the second opinion: both sides of a comparison lose them in the same way."""

from __future__ import annotations

import ast
from collections import Counter
from itertools import zip_longest
from typing import TYPE_CHECKING

from flaglint.remove.oracle.expressions import constant, is_known
from flaglint.remove.oracle.purity import is_droppable
from flaglint.remove.oracle.walking import Transformer, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def propagate(function: ast.FunctionDef | ast.AsyncFunctionDef, foreign: set[str]) -> None:
    """Put constants in the place of locals that are bound to nothing else, where they are read after that.

    `foreign` are names that are bound in a scope further out.
    """
    constants = _only_constants(function) - foreign
    for block in _blocks(function):
        replacer = _Replacer()
        for index, statement in enumerate(block):
            if replacer.values:
                block[index] = replacer.visit(statement)
            for name, value in _constants(block[index]):
                if name in constants:
                    replacer.values.setdefault(name, value)


def _only_constants(function: ast.AST) -> set[str]:
    """Return the locals that are bound to one constant and to nothing else."""
    found: dict[str, list[str]] = {}
    for block in _blocks(function):
        for statement in block:
            for name, value in _constants(statement):
                found.setdefault(name, []).append(ast.dump(value))
    bound = _bindings(function)
    return {name for name, values in found.items() if bound[name] == len(values) and len(set(values)) == 1}


def foreign_names(function: ast.AST) -> set[str]:
    """Return the names that a function, or one inside it, binds in a scope further out."""
    return {name for node in walk(function) if isinstance(node, ast.Global | ast.Nonlocal) for name in node.names}


def _constants(statement: ast.stmt) -> Iterator[tuple[str, ast.expr]]:
    match statement:
        case ast.Assign(value=value) if is_known(value) and not isinstance(constant(value), tuple):
            for target in statement.targets:
                if isinstance(target, ast.Name):
                    yield target.id, value
        case ast.AnnAssign(target=ast.Name(id=name), value=value) if value is not None and is_known(value):
            yield name, value


def _bindings(function: ast.AST) -> Counter[str]:
    found: Counter[str] = Counter()
    for node in walk(function):
        match node:
            case ast.Name(ctx=ast.Store() | ast.Del()):
                found[node.id] += 1
            case ast.arg():
                found[node.arg] += 1
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() if node is not function:
                found[node.name] += 1
            case ast.alias():
                found[(node.asname or node.name).partition(".")[0]] += 1
            case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                found[name] += 1
            case ast.MatchMapping(rest=str(name)):
                found[name] += 1
    return found


def _blocks(node: ast.AST) -> Iterator[list[ast.stmt]]:
    """Yield the suites of a function, those of functions inside it left out."""
    for name in ("body", "orelse", "finalbody"):
        block = getattr(node, name, None)
        if isinstance(block, list):
            yield block
            for statement in block:
                if not isinstance(statement, _SCOPES):
                    yield from _blocks(statement)
    for inner in (*getattr(node, "handlers", ()), *getattr(node, "cases", ())):
        yield from _blocks(inner)


class _Replacer(Transformer, ast.NodeTransformer):
    def __init__(self) -> None:
        self.values: dict[str, ast.expr] = {}

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.values.get(node.id, node) if isinstance(node.ctx, ast.Load) else node


def drop_dead(function: ast.FunctionDef | ast.AsyncFunctionDef, foreign: set[str]) -> None:
    """Take away local bindings without effects that nothing reads.

    `foreign` are names that are bound in a scope further out.
    """
    used = foreign | {
        node.id for node in walk(function) if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Store)
    }
    for block in _all_blocks(function):
        block[:] = [item for item, after in zip_longest(block, block[1:]) if not _overwrites(after, item, foreign)]
        block[:] = [kept for statement in block if (kept := _alive(statement, used)) is not None]
    for node in walk(function):
        if isinstance(node, ast.ExceptHandler) and node.name not in used:
            node.name = None
        elif isinstance(node, ast.withitem) and isinstance(to := node.optional_vars, ast.Name) and to.id not in used:
            node.optional_vars = None
    _Unwalrus(used).visit(function)


def _all_blocks(function: ast.AST) -> Iterator[list[ast.stmt]]:
    for node in walk(function):
        for name in ("body", "orelse", "finalbody"):
            block = getattr(node, name, None)
            if isinstance(block, list) and not isinstance(node, ast.ClassDef):
                yield block


def _overwrites(statement: ast.stmt | None, before: ast.stmt, foreign: set[str]) -> bool:
    """Whether a statement binds the local that the one before it bound, to a constant, so that nobody saw that."""
    match before, statement:
        case ast.Assign(targets=[ast.Name(id=old)], value=value), ast.Assign(targets=[ast.Name(id=new)], value=other):
            return old == new and old not in foreign and is_droppable(value) and is_known(other)
    return False


def _alive(statement: ast.stmt, used: set[str]) -> ast.stmt | None:
    match statement:
        case ast.Assign() if is_droppable(statement.value):
            targets = [item for item in statement.targets if not (isinstance(item, ast.Name) and item.id not in used)]
            if not targets:
                return None
            return statement if len(targets) == len(statement.targets) else ast.Assign(targets, statement.value)
        case ast.Assign(targets=[ast.Name(id=name)]) if name not in used:
            return ast.Expr(statement.value)
        case ast.AnnAssign(target=ast.Name(id=name), value=value):
            return None if name not in used and (value is None or is_droppable(value)) else statement
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            return statement if statement.name in used or statement.decorator_list else None
        case ast.Import() | ast.ImportFrom():
            names = [
                item
                for item in statement.names
                if (item.asname or item.name).partition(".")[0] in used or item.name == "*"
            ]
            if len(names) == len(statement.names):
                return statement
            if isinstance(statement, ast.ImportFrom):
                return ast.ImportFrom(statement.module, names, statement.level) if names else None
            return ast.Import(names) if names else None
    return statement


class _Unwalrus(Transformer, ast.NodeTransformer):
    def __init__(self, used: set[str]) -> None:
        self.used = used

    def visit_NamedExpr(self, node: ast.NamedExpr) -> ast.expr:
        self.generic_visit(node)
        return node if node.target.id in self.used else node.value
