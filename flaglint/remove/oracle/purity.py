"""What may be dropped, for the second opinion: the same policy as the engine's, on the interpreter's own tree."""

from __future__ import annotations

import ast

from flaglint.remove.oracle.walking import below, walk
from flaglint.remove.purity import (
    ATTRIBUTE_ERRORS,
    BUILDING,
    CLIENTS,
    COMPUTING,
    CONTEXTS,
    CONVERSIONS,
    LOOKUP_ERRORS,
    MAPPINGS,
    TEXT_METHODS,
    VALUE_ERRORS,
)

HARMLESS = "flaglint_harmless"  # an attribute of calls that only read another flag
CAUGHT = "flaglint_caught"  # one of expressions that may raise what a `try` around them catches by name


def mark_caught(tree: ast.AST) -> None:
    """Mark the expressions in a tree that may raise what a `try` around them catches by name."""
    for node in walk(tree):
        if isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            types = [handler.type for handler in node.handlers if handler.type is not None]  # type: ignore[attr-defined]
            items = [item for kind in types for item in (kind.elts if isinstance(kind, ast.Tuple) else [kind])]
            _mark_below(node.body, {dotted(item).rpartition(".")[2] for item in items})  # type: ignore[attr-defined]


def _mark_below(nodes: list[ast.AST], caught: set[str]) -> None:
    pending = list(nodes)
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if not caught.isdisjoint(_raised_by(node)):
            setattr(node, CAUGHT, True)
        pending += below(node)


def _raised_by(node: ast.AST) -> frozenset[str]:
    match node:
        case ast.Subscript():
            return LOOKUP_ERRORS
        case ast.Attribute():
            return ATTRIBUTE_ERRORS
        case ast.BinOp():
            return VALUE_ERRORS
        case ast.Call() if dotted(node.func) in CONVERSIONS:
            return VALUE_ERRORS
    return frozenset()


def dotted(node: ast.expr) -> str:
    """Return `a.b.c` for a chain of names, else an empty text."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else ""
    return ""


def is_droppable(node: ast.AST) -> bool:
    """Whether nothing is lost when an expression is not evaluated."""
    if getattr(node, CAUGHT, False):
        return False
    match node:
        case ast.Lambda():
            return all(is_droppable(item) for item in [*node.args.defaults, *node.args.kw_defaults] if item is not None)
        case ast.Call():
            plain = getattr(node, HARMLESS, False) or _only_computes(node) or _builds_context(node)
            return plain and all(is_droppable(child) for child in below(node))
        case ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
            return False
        case ast.GeneratorExp():
            return is_droppable(node.generators[0].iter)
        case ast.ListComp() | ast.SetComp() | ast.DictComp():
            return _is_sized(node.generators[0].iter) and all(is_droppable(child) for child in below(node))
    return all(is_droppable(child) for child in below(node))


def _is_sized(node: ast.expr) -> bool:
    if isinstance(node, ast.Call):
        return dotted(node.func) == "range"
    return isinstance(node, (ast.List, ast.Tuple, ast.Set, ast.Dict)) or (
        isinstance(node, ast.Constant) and isinstance(node.value, str)
    )


def _only_computes(node: ast.Call) -> bool:
    name = dotted(node.func)
    if name in COMPUTING | CLIENTS or not isinstance(node.func, ast.Attribute):
        return name in COMPUTING | CLIENTS
    of, method = node.func.value, node.func.attr
    if isinstance(of, ast.JoinedStr) or (isinstance(of, ast.Constant) and isinstance(of.value, str | bytes)):
        return True
    if method in TEXT_METHODS:
        return True
    return method == "get" and dotted(of).rpartition(".")[2] in MAPPINGS


def _builds_context(node: ast.Call) -> bool:
    func: ast.expr = node.func
    while isinstance(func, ast.Attribute):
        if isinstance(func.value, ast.Call) and func.attr in BUILDING:
            func = func.value.func
            continue
        if func.attr in CONTEXTS:
            return True
        func = func.value
    return isinstance(func, ast.Name) and func.id in CONTEXTS


def is_bool(node: ast.expr) -> bool:
    """Whether an expression is True or False and nothing else."""
    match node:
        case ast.Constant(value=bool()):
            return True
        case ast.UnaryOp(op=ast.Not()):
            return True
        case ast.Compare(ops=[operator]):
            return isinstance(operator, (ast.Is, ast.IsNot, ast.In, ast.NotIn))
        case ast.Call(func=ast.Name(id=name)):
            return name in {"bool", "isinstance", "issubclass", "callable", "hasattr", "any", "all"}
        case ast.BoolOp():
            return all(is_bool(item) for item in node.values)
        case ast.IfExp():
            return is_bool(node.body) and is_bool(node.orelse)
    return False
