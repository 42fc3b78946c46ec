"""The code behind a flag: what the plan of its removal takes out of the project's own code, in statements and lines."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

from flaglint.records import dataclass, field
from flaglint.remove.outcome import Status
from flaglint.report.debt import Code

if TYPE_CHECKING:
    from flaglint.remove.outcome import Plan

_BRANCHES = (ast.If, ast.IfExp, ast.While, ast.match_case)


@dataclass(slots=True)
class CodeBehind:
    """Measures plans; what a file holds before is counted once for all of them. `tests` are the files of tests."""

    tests: frozenset[str]
    _known: dict[str, tuple[int, int]] = field(default_factory=dict)

    def measure(self, plan: Plan) -> Code:
        """Return what goes with the flags of a plan. Tests and the registry are not counted."""
        statements = branches = lines = 0
        for change in plan.changes:
            if not change.path.endswith((".py", ".pyi")) or change.path in self.tests:
                continue
            lines += _fewer_lines(change.before, change.after)
            before = self._known.get(change.path)
            if before is None:
                before = self._known[change.path] = _counted(change.before)
            after = _counted(change.after or b"")
            if -1 in before or -1 in after:
                continue
            statements += before[0] - after[0]
            branches += before[1] - after[1]
        return Code(
            statements=max(0, statements),
            branches=max(0, branches),
            lines=max(0, lines),
            removable=plan.removable,
            by_hand=sum(item.status is not Status.FOLDED for item in plan.reads)
            + sum(item.code != "text-reference" for item in plan.leftovers),
        )


def _counted(source: bytes) -> tuple[int, int]:
    """Return how many statements and branches a module has; -1 for syntax that this interpreter does not know."""
    try:
        with warnings.catch_warnings(action="ignore"):  # an odd escape in somebody's string is not our business
            tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return -1, -1
    statements = branches = 0
    for node in ast.walk(tree):
        statements += isinstance(node, ast.stmt)
        branches += isinstance(node, _BRANCHES)
    return statements, branches


def _fewer_lines(before: bytes, after: bytes | None) -> int:
    return len(before.splitlines()) - len((after or b"").splitlines())
