"""Folding of `while` whose test is known: a loop that is never entered, or one that only its breaks can end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.remove import cst
from flaglint.remove.rope import Cut
from flaglint.remove.step import as_statement
from flaglint.remove.values import Known

if TYPE_CHECKING:
    from flaglint.remove.evaluate import Truth
    from flaglint.remove.statements import StatementFolder


def fold(folder: StatementFolder, node: cst.While) -> bool:
    """Fold a `while` by the truth of its test; return whether a decision was made."""
    found = folder.evaluator.truth(node.test)
    if found is None:
        return False
    if found.is_true:
        return _endless(folder, node, found)
    if found.effects and not folder.begins_line(node):
        return True
    step, layout = folder.step, folder.layout
    step.drop(node.body, found.origins)
    effects = [as_statement(effect) for effect in found.effects]
    if node.orelse is not None and step.claim(node):
        step.cuts += layout.unwrap(node, [node.orelse.body], before=effects)
    elif node.orelse is None and not effects:
        step.remove(node, found.origins)
    elif step.claim(node):
        indent = layout.lines.indent(layout.first_line(node))
        joined = f"{layout.lines.newline}{indent}".join(effects)
        start, end = layout.span(node)
        step.cuts.append(Cut(start, end, joined))
    return True


def _endless(folder: StatementFolder, node: cst.While, found: Truth) -> bool:
    step = folder.step
    if not found.effects and folder.marks.of(node.test) is not None:
        if node.orelse is not None and step.claim(node):  # it runs when the test fails, which it never does
            step.drop(node.orelse, found.origins)
            step.cuts += step.clause_cuts(node.orelse)
            return True
        return False
    if found.effects and not isinstance(node.body, cst.IndentedBlock):
        return False
    if not step.claim(node):
        return True
    if found.effects and isinstance(node.body, cst.IndentedBlock):
        folder.begin_suite(node.body, [as_statement(effect) for effect in found.effects])
    mark = folder.marks.name(Known(value=True, origins=found.origins))
    step.rewrite([Cut(*folder.tree.outer(node.test), mark)])
    return True
