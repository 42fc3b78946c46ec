"""What a test comes to, and what still runs of an expression when its value is not needed, for the second opinion."""

from __future__ import annotations

import ast

from flaglint.remove.oracle.expressions import chained, constant, is_known, simplified_test
from flaglint.remove.oracle.purity import CAUGHT, is_droppable
from flaglint.remove.oracle.walking import below


def effects(node: ast.expr) -> list[ast.expr]:
    """Return the outermost parts of an expression that must still run when its value is not needed."""
    if is_droppable(node):
        return []
    if getattr(node, CAUGHT, False):
        return [node]
    match node:
        case ast.BoolOp():
            values = list(node.values)
            while values and is_droppable(values[-1]):
                values.pop()
            last = effects(values[-1])
            if len(values) == 1:
                return last
            return [ast.BoolOp(node.op, [*values[:-1], *last] if len(last) == 1 else values)]
        case ast.UnaryOp() | ast.Compare() | ast.BinOp() | ast.Tuple() | ast.List() | ast.Set() | ast.Subscript():
            return [item for child in below(node) if isinstance(child, ast.expr) for item in effects(child)]
        case ast.Attribute() | ast.Starred():
            return effects(node.value)
        case ast.IfExp() if is_droppable(node.body) and is_droppable(node.orelse):
            return effects(node.test)
        case ast.Call(func=ast.Name(id="bool"), args=[single]):
            return effects(single)
    return [node]


def decided(test: ast.expr) -> tuple[bool, list[ast.expr]] | None:
    """Return the truth of a test and what must still run of it, when its truth is known."""
    test = simplified_test(test)
    if is_known(test):
        return bool(constant(test)), []
    match test:
        case ast.UnaryOp(op=ast.Not()):
            found = decided(test.operand)
            return (not found[0], found[1]) if found is not None else None
        case ast.BoolOp():
            return _decided_chain(test)
        case ast.IfExp():
            chosen = decided(test.test)
            if chosen is None:
                return None
            arm = decided(test.body if chosen[0] else test.orelse)
            return (arm[0], chosen[1] + arm[1]) if arm is not None else None
    return None


def _decided_chain(test: ast.BoolOp) -> tuple[bool, list[ast.expr]] | None:
    deciding = isinstance(test.op, ast.Or)
    everything = [decided(item) for item in test.values]
    for index, found in enumerate(everything):
        if found is None or found[0] != deciding:
            continue
        leading: list[ast.expr] = []
        conditions: list[ast.expr] = []
        for item, earlier in zip(test.values[:index], everything[:index], strict=True):
            if earlier is not None and not conditions:
                leading += earlier[1]
            elif earlier is None or earlier[1]:
                conditions.append(item)
        if not found[1]:
            while conditions and is_droppable(conditions[-1]):
                conditions.pop()
        if not conditions:
            return deciding, leading + found[1]
        last = [found[1][0] if len(found[1]) == 1 else ast.Tuple(found[1], ast.Load())] if found[1] else []
        whole = [*conditions, *last]
        return deciding, [*leading, whole[0] if len(whole) == 1 else chained(test.op, whole, truth=False)]
    if all(found is not None for found in everything):
        return not deciding, [item for found in everything if found is not None for item in found[1]]
    return None


def first_effects(test: ast.expr) -> tuple[list[ast.expr], ast.expr]:
    """Return what runs first thing in a test whatever comes of it, because that part is decided; and the rest."""
    if isinstance(test, ast.IfExp):
        chosen = decided(test.test)
        if chosen is None:
            before, left = first_effects(test.test)
            return before, ast.IfExp(left, test.body, test.orelse)
        return chosen[1], test.body if chosen[0] else test.orelse
    if not isinstance(test, ast.BoolOp):
        return [], test
    first = test.values[0]
    found = decided(first)
    if found is not None and found[0] != isinstance(test.op, ast.Or):
        rest = test.values[1:]
        return found[1], rest[0] if len(rest) == 1 else ast.BoolOp(test.op, rest)
    before, left = first_effects(first)
    return before, chained(test.op, [left, *test.values[1:]], truth=True) if before else test
