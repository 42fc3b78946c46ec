"""Where control can go: which statements no run of the program reaches.

The walk is structural and errs on the side of "reachable": a `with` may swallow an exception, so what follows one is
reached; an `assert` can be switched off; an iteration can end at once; any `try` body can raise.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.cst.expressions import evaluated
from flaglint.remove.tree import FUNCTIONS, LOOPS, children

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TypeAlias

    IsTrue: TypeAlias = Callable[[cst.BaseExpression], bool]

_SUITES = frozenset({cst.Module, cst.IndentedBlock, cst.SimpleStatementSuite, cst.SimpleStatementLine})


def is_literally_true(test: cst.BaseExpression) -> bool:
    """Whether a test is written as a constant that is always true."""
    return (isinstance(test, cst.Name) and test.value == "True") or (
        isinstance(test, cst.Integer) and evaluated(test) != 0
    )


def completes(node: cst.CSTNode, is_true: IsTrue = is_literally_true) -> bool:
    """Whether control can leave a statement or a suite at its end."""
    match node:
        case cst.Module() | cst.IndentedBlock() | cst.SimpleStatementSuite() | cst.SimpleStatementLine():
            return all(completes(item, is_true) for item in node.body)
        case cst.Return() | cst.Raise() | cst.Break() | cst.Continue():
            return False
        case cst.If():
            return node.orelse is None or completes(node.body, is_true) or completes(node.orelse, is_true)
        case cst.Else() | cst.Finally():
            return completes(node.body, is_true)
        case cst.While():
            if is_true(node.test):
                return breaks(node.body)
            return node.orelse is None or completes(node.orelse, is_true) or breaks(node.body)
        case cst.For():
            return node.orelse is None or completes(node.orelse, is_true) or breaks(node.body)
        case cst.Try() | cst.TryStar():
            return _try_completes(node, is_true)
        case cst.Match():
            return not _is_exhaustive(node) or any(completes(case.body, is_true) for case in node.cases)
    return True


def _try_completes(node: cst.Try | cst.TryStar, is_true: IsTrue) -> bool:
    if node.finalbody is not None and not completes(node.finalbody, is_true):
        return False
    body = completes(node.body, is_true) and (node.orelse is None or completes(node.orelse, is_true))
    return body or any(completes(handler.body, is_true) for handler in node.handlers)


def _is_exhaustive(node: cst.Match) -> bool:
    if not node.cases:
        return False
    last = node.cases[-1]
    return last.guard is None and isinstance(last.pattern, cst.MatchAs) and last.pattern.pattern is None


def breaks(node: cst.CSTNode) -> bool:
    """Whether a `break` below `node` ends the loop whose body `node` is."""
    if isinstance(node, cst.Break):
        return True
    if isinstance(node, (cst.FunctionDef, cst.ClassDef, cst.BaseExpression)):
        return False
    if isinstance(node, LOOPS):
        return node.orelse is not None and breaks(node.orelse)
    return any(breaks(child) for child in children(node))


def unreachable_runs(
    root: cst.CSTNode, is_true: IsTrue = is_literally_true, is_left_out: Callable[[cst.CSTNode], bool] = lambda _: False
) -> Iterator[Sequence[cst.BaseStatement | cst.BaseSmallStatement]]:
    """Yield the runs of statements, each to the end of its suite, that follow one after which control never goes on.

    In a statement that is left out nobody looks for any.
    """
    pending = [root]
    while pending:
        node = pending.pop()
        kind = type(node)
        if kind in _SUITES:
            body: Sequence[cst.BaseStatement | cst.BaseSmallStatement] = node.body  # type: ignore[attr-defined] # it has
            stop = next((index for index, item in enumerate(body) if not completes(item, is_true)), len(body))
            if body[stop + 1 :]:
                yield body[stop + 1 :]
            pending += [item for item in reversed(body[: stop + 1]) if not is_left_out(item)]
        elif not isinstance(node, cst.BaseExpression):
            pending += reversed(children(node))


def is_generator(function: cst.FunctionDef) -> bool:
    """Whether calling the function makes a generator, or an asynchronous one."""
    return any(isinstance(node, cst.Yield) for node in _own_nodes(function.body))


def _own_nodes(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Yield the nodes that belong to the function whose body `node` is."""
    yield node
    for child in children(node):
        kind = type(child)
        if kind in FUNCTIONS and isinstance(child, FUNCTIONS):
            for outside in _evaluated_outside(child):
                yield from _own_nodes(outside)
        elif kind is cst.ClassDef and isinstance(child, cst.ClassDef):
            for argument in (*child.decorators, *child.bases, *child.keywords):
                yield from _own_nodes(argument)
        else:
            yield from _own_nodes(child)


def _evaluated_outside(node: cst.FunctionDef | cst.Lambda) -> Iterator[cst.CSTNode]:
    """Yield the parts of a nested function that the function around it evaluates."""
    if isinstance(node, cst.FunctionDef):
        yield from node.decorators
    for param in (*node.params.posonly_params, *node.params.params, *node.params.kwonly_params):
        if param.default is not None:
            yield param.default
