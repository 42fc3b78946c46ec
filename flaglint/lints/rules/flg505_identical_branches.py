"""Both branches of a flag do the same: it decides nothing."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flaglint.lints.definitions import keys_of, listed
from flaglint.lints.rule import rule
from flaglint.model import Kind, Position, Severity, Skipped
from flaglint.source import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.config import Settings
    from flaglint.graph import FlagGraph
    from flaglint.model import Finding
    from flaglint.source import Text

_LEAVES = (ast.Return, ast.Raise, ast.Continue, ast.Break)


@rule(
    code="FLG505",
    name="identical-branches",
    severity=Severity.WARNING,
    scope="file",
    needs=("read_text",),
    since="0.1",
    enabled=False,
)
def identical_branches(
    graph: FlagGraph, settings: Settings, *, read_text: Callable[[str], bytes | None]
) -> Iterator[Finding]:
    """Yield reads that choose between two equal branches. A file that this Python cannot parse is passed over."""
    for path, references in graph.by_path.items():
        reads = [ref for ref in references if ref.kind is Kind.READ and ref.language == "python" and keys_of(ref)]
        data = read_text(path) if reads else None
        text = Skipped(path, "") if data is None else decode(path, data)
        if isinstance(text, Skipped):
            continue
        tests = [_place(test, text) for test in _pointless_tests(text.text)]
        for ref in reads:
            if any(start <= ref.span.start and ref.span.end <= end for start, end in tests):
                keys = keys_of(ref)
                yield identical_branches.at(
                    ref.span,
                    key=keys[0],
                    message=f"both branches of {listed(keys, last='or')} do the same",
                    help="take the test away, or write what one of them was meant to do",
                    confidence=ref.confidence,
                    qualname=ref.qualname,
                )


def _pointless_tests(source: str) -> Iterator[ast.expr]:
    """Yield the tests of `if` statements and conditional expressions whose outcomes are written alike."""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.IfExp) and ast.dump(node.body) == ast.dump(node.orelse):
            yield node.test
        for block in (getattr(node, name, None) for name in ("body", "orelse", "finalbody")):
            if not isinstance(block, list):
                continue
            for index, statement in enumerate(block):
                if isinstance(statement, ast.If) and _same(statement.body, statement.orelse, block[index + 1 :]):
                    yield statement.test


def _same(body: list[ast.stmt], orelse: list[ast.stmt], following: list[ast.stmt]) -> bool:
    """Whether two branches are written alike; without `else`, a body that leaves is compared with what follows."""
    other = orelse
    if not orelse and isinstance(body[-1], _LEAVES):
        other = following[: len(body)]
    return [ast.dump(one) for one in body] == [ast.dump(one) for one in other]


def _place(node: ast.expr, text: Text) -> tuple[Position, Position]:
    assert node.end_lineno is not None
    assert node.end_col_offset is not None
    return _position(node.lineno, node.col_offset, text), _position(node.end_lineno, node.end_col_offset, text)


def _position(line: int, utf8_offset: int, text: Text) -> Position:
    prefix = text.lines[line - 1].encode("utf-8", "surrogatepass")[:utf8_offset]
    return Position(line, len(prefix.decode("utf-8", "surrogatepass")) + 1)
