"""Constant folding of expressions to a normal form, for the second opinion."""

from __future__ import annotations

import ast
import operator
from typing import TYPE_CHECKING, Any, TypeAlias

from flaglint.remove.oracle.displays import dictionary, listed, named, sum_of
from flaglint.remove.oracle.purity import is_bool, is_droppable
from flaglint.remove.oracle.walking import Transformer

if TYPE_CHECKING:
    from collections.abc import Callable

_TEXT_METHODS = frozenset({"startswith", "endswith", "lower", "upper", "strip", "casefold", "title"})
_NO = object()
_ORDERED: dict[type[ast.cmpop], Callable[[Any, Any], bool]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
Seen: TypeAlias = dict[int, tuple[ast.expr, ast.expr]]  # by identity: an expression, and its normal form as a test


def constant(node: ast.AST) -> Any:
    """Return the value of a literal, or a marker that equals nothing."""
    if isinstance(node, ast.Constant):
        return node.value
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub) and isinstance(node.operand, ast.Constant):
        return -node.operand.value if isinstance(node.operand.value, int | float) else _NO
    if isinstance(node, ast.Tuple):
        items = [constant(item) for item in node.elts]
        return _NO if any(item is _NO for item in items) else tuple(items)
    return _NO


def is_known(node: ast.AST) -> bool:
    """Whether an expression is a literal."""
    return constant(node) is not _NO


class Expressions(Transformer, ast.NodeTransformer):
    """Folds what is constant. Only values are folded here; `in_test` is for places where truth alone matters."""

    def in_test(self, node: ast.expr) -> ast.expr:
        """Return the normal form of a test."""
        return simplified_test(self.visit(node))

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:
        self.generic_visit(node)
        return chained(node.op, node.values, truth=False)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:
        if not isinstance(node.op, ast.Not):
            self.generic_visit(node)
            return node
        operand = self.in_test(node.operand)
        if is_known(operand):
            return ast.Constant(not constant(operand))
        return ast.UnaryOp(ast.Not(), operand)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        test = self.in_test(node.test)
        if is_known(test):
            chosen: ast.expr = self.visit(node.body if constant(test) else node.orelse)
            return chosen
        return ast.IfExp(test, self.visit(node.body), self.visit(node.orelse))

    def visit_Compare(self, node: ast.Compare) -> ast.expr:
        self.generic_visit(node)
        left, outcome = constant(node.left), True
        for how, right in zip(node.ops, node.comparators, strict=True):
            found = _compared(how, left, right)
            if found is None:
                return node
            outcome, left = outcome and found, constant(right)
        return ast.Constant(outcome)

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        self.generic_visit(node)
        return sum_of(node)

    def visit_Dict(self, node: ast.Dict) -> ast.expr:
        self.generic_visit(node)
        return dictionary(node)

    def visit_List(self, node: ast.List) -> ast.expr:
        self.generic_visit(node)
        return ast.List(listed(node.elts), node.ctx)

    def visit_Tuple(self, node: ast.Tuple) -> ast.expr:
        self.generic_visit(node)
        return ast.Tuple(listed(node.elts), node.ctx)

    def visit_Call(self, node: ast.Call) -> ast.expr:
        self.generic_visit(node)
        node.args, node.keywords = listed(node.args), named(node.keywords)
        name = node.func.id if isinstance(node.func, ast.Name) else ""
        if name == "bool" and len(node.args) == 1 and not node.keywords:
            argument = simplified_test(node.args[0])
            return ast.Constant(bool(constant(argument))) if is_known(argument) else ast.Call(node.func, [argument], [])
        if name == "str" and len(node.args) == 1 and isinstance(constant(node.args[0]), str):
            return node.args[0]
        if name == "int" and len(node.args) == 1 and isinstance(constant(node.args[0]), int):
            return ast.Constant(int(constant(node.args[0])))
        if name in {"any", "all"} and len(node.args) == 1 and isinstance(node.args[0], ast.List | ast.Tuple | ast.Set):
            return _any_all(node, node.args[0], deciding=name == "any")
        if isinstance(node.func, ast.Attribute) and not node.keywords:
            return _method(node, node.func)
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        self.generic_visit(node)
        key = constant(node.slice)
        found = entry(node.value, key) if key is not _NO else None
        return node if found is None else found

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:
        tests = [self.in_test(item) for item in node.ifs]
        tests = [item for item in tests if not (is_known(item) and constant(item))]
        return ast.comprehension(self.visit(node.target), self.visit(node.iter), tests, node.is_async)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.expr:
        self.generic_visit(node)
        parts: list[ast.expr] = []
        for item in node.values:
            plain = item
            if isinstance(item, ast.FormattedValue) and item.conversion == -1 and item.format_spec is None:
                value = constant(item.value)
                plain = ast.Constant(str(value)) if isinstance(value, str | bool | int) else item
            if isinstance(plain, ast.Constant) and plain.value == "":
                continue
            if isinstance(plain, ast.Constant) and parts and isinstance(parts[-1], ast.Constant):
                parts[-1] = ast.Constant(str(parts[-1].value) + str(plain.value))
            else:
                parts.append(plain)
        if all(isinstance(item, ast.Constant) for item in parts):
            return ast.Constant("".join(str(item.value) for item in parts if isinstance(item, ast.Constant)))
        return ast.JoinedStr(parts)


def chained(operator: ast.boolop, values: list[ast.expr], *, truth: bool, seen: Seen | None = None) -> ast.expr:
    """Return the normal form of `and` or `or`; with `truth`, only whether it is true matters."""
    deciding = isinstance(operator, ast.Or)
    flat: list[ast.expr] = []
    for item in values:
        flat += item.values if isinstance(item, ast.BoolOp) and type(item.op) is type(operator) else [item]
    kept: list[ast.expr] = []
    for index, item in enumerate(flat):
        is_last = index == len(flat) - 1
        if not is_known(item):
            test = simplified_test(item, seen)
            decided = is_known(test) and (not is_last or truth)
            kept.append(test if decided else item)
            if decided and bool(constant(test)) == deciding and truth:
                break
            if decided and bool(constant(test)) != deciding:
                kept.pop()
            continue
        if bool(constant(item)) == deciding:
            kept.append(item)
            break
        plain = constant(item) is (not deciding) and bool(kept) and all(is_bool(other) for other in kept)
        if is_last and not truth and not plain:
            kept.append(item)
    if not kept:
        return flat[-1]
    if len(kept) > 1 and is_known(kept[-1]) and bool(constant(kept[-1])) == deciding:
        pure = all(is_droppable(item) for item in kept)
        if pure and (truth or (constant(kept[-1]) is deciding and all(is_bool(item) for item in kept))):
            return ast.Constant(deciding)
    return kept[0] if len(kept) == 1 else ast.BoolOp(operator, kept)


def simplified_test(node: ast.expr, seen: Seen | None = None) -> ast.expr:
    """Return the normal form of an expression in a place where only its truth matters.

    `seen` holds what was found below the same expression: a condition inside a condition is looked at twice, and would
    be for each level around it.
    """
    seen = {} if seen is None else seen
    if id(node) not in seen:
        seen[id(node)] = node, _simplified(node, seen)
    return seen[id(node)][1]


def _simplified(node: ast.expr, seen: Seen) -> ast.expr:
    match node:
        case ast.BoolOp():
            return chained(node.op, [simplified_test(item, seen) for item in node.values], truth=True, seen=seen)
        case ast.IfExp():
            return ast.IfExp(node.test, simplified_test(node.body, seen), simplified_test(node.orelse, seen))
        case ast.Call(func=ast.Name(id="bool"), args=[single], keywords=[]):
            return simplified_test(single, seen)
        case ast.Call(func=ast.Name(id="any" | "all"), args=[ast.List() | ast.Set() | ast.Tuple() as display]) if (
            len(display.elts) == 1
        ):
            single = display.elts[0]
            return single if isinstance(single, ast.Starred) else simplified_test(single, seen)
        case _ if is_known(node):
            return ast.Constant(bool(constant(node)))
    return node


def _compared(how: ast.cmpop, left: Any, right: ast.expr) -> bool | None:
    if isinstance(how, ast.In | ast.NotIn):
        if left is _NO:
            return None
        if isinstance(right, ast.List | ast.Tuple | ast.Set) and all(is_known(item) for item in right.elts):
            found = any(constant(item) == left for item in right.elts)
            return found == isinstance(how, ast.In)
        if isinstance(right, ast.Constant) and isinstance(right.value, str) and isinstance(left, str):
            return (left in right.value) == isinstance(how, ast.In)
        return None
    other = constant(right)
    if left is _NO or other is _NO:
        return None
    if isinstance(how, ast.Eq | ast.NotEq):
        return bool(left == other) == isinstance(how, ast.Eq)
    if isinstance(how, ast.Is | ast.IsNot) and any(item in (left, other) for item in (None,)) | isinstance(
        left, bool
    ) | isinstance(other, bool):
        return (left is other) == isinstance(how, ast.Is)
    if type(how) in _ORDERED and isinstance(left, int | float) and isinstance(other, int | float):
        return bool(_ORDERED[type(how)](left, other))
    return None


def _any_all(node: ast.Call, display: ast.List | ast.Tuple | ast.Set, *, deciding: bool) -> ast.expr:
    if any(isinstance(item, ast.Starred) for item in display.elts):
        return node
    tests = [simplified_test(item) for item in display.elts]
    known = [bool(constant(item)) for item in tests if is_known(item)]
    pure = all(is_droppable(item) for item in display.elts)
    if deciding in known and pure:
        return ast.Constant(deciding)
    left = [item for item, test in zip(display.elts, tests, strict=True) if not is_known(test)]
    left = left if deciding not in known else display.elts
    if not left:
        return ast.Constant(not deciding)
    if len(left) == 1:
        return left[0] if is_bool(left[0]) else ast.Call(ast.Name("bool", ast.Load()), [simplified_test(left[0])], [])
    kept = ast.Set(left) if isinstance(display, ast.Set) else type(display)(left, ast.Load())
    return ast.Call(node.func, [kept], [])


def _method(node: ast.Call, func: ast.Attribute) -> ast.expr:
    receiver = constant(func.value)
    arguments = [constant(item) for item in node.args]
    if isinstance(receiver, str) and func.attr in _TEXT_METHODS and all(item is not _NO for item in arguments):
        return ast.Constant(getattr(receiver, func.attr)(*arguments))
    if func.attr == "get" and 1 <= len(arguments) <= 2 and arguments[0] is not _NO and isinstance(func.value, ast.Dict):
        found = entry(func.value, arguments[0])
        if found is not None:
            return found
        if all(item is not None and is_known(item) for item in func.value.keys):
            return node.args[1] if len(node.args) == 2 else ast.Constant(None)
    return node


def entry(display: ast.expr, key: Any) -> ast.expr | None:
    """Return what looking a key up in a display gives, if nothing in the display does anything."""
    if isinstance(display, ast.Dict) and all(is_droppable(item) for item in display.values):
        keys = [constant(item) if item is not None else _NO for item in display.keys]
        if any(item is _NO for item in keys):
            return None
        found = [value for name, value in zip(keys, display.values, strict=True) if name == key]
        return found[-1] if found else None
    if (
        isinstance(display, ast.List | ast.Tuple)
        and isinstance(key, int)
        and all(is_droppable(i) for i in display.elts)
    ):
        return display.elts[key] if -len(display.elts) <= key < len(display.elts) else None
    return None
