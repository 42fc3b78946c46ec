"""Folding of `try` around an evaluation: what is left of it cannot raise, so its handlers have nothing to catch."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove.harmless import cannot_raise

if TYPE_CHECKING:
    from flaglint.remove import cst
    from flaglint.remove.statements import StatementFolder


def fold(folder: StatementFolder, node: cst.Try | cst.TryStar) -> bool:
    """Dissolve a `try` whose body is what is left of an evaluation, and cannot raise any more."""
    step = folder.step
    origins = folder.marks.origins_in(folder.tree.text[slice(*folder.tree.inner(node.body))])
    if not origins or not node.handlers or not cannot_raise(node.body, folder.evaluator):
        return False
    if node.finalbody is not None and node.orelse is not None:
        return False
    if not step.claim(node):
        return True
    for handler in node.handlers:
        step.drop(handler, origins)
    if node.finalbody is None:
        suites = [node.body] if node.orelse is None else [node.body, node.orelse.body]
        step.cuts += folder.layout.unwrap(node, suites)
    else:
        step.cuts += step.clause_cuts_to(node.handlers[0], node.finalbody)
    return True
