"""Checks of a plan before anything is written: what a removal promises is held against what came out.

Every new file parses, and compiles where the old one did. Nothing is undefined that was defined before. No read is
left but those that were refused, and a second run changes nothing; these two need the recogniser, which is given.
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from flaglint.model import Kind, Literal
from flaglint.remove.outcome import Status
from flaglint.remove.tree import SyntaxProblem, Tree

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from typing import TypeAlias

    from flaglint.model import Reference
    from flaglint.remove.outcome import Plan

    Recognise: TypeAlias = Callable[[Mapping[str, bytes]], Iterable[Reference]]


def syntax_problem(path: str, before: str, after: str) -> str:
    """Return what is wrong with the new text of a Python file, or nothing."""
    try:
        Tree(after)
    except SyntaxProblem as problem:
        return f"it does not parse any more: {problem}"
    if compiles(path, before) and not compiles(path, after):
        return "it does not compile any more"
    return ""


def compiles(path: str, text: str) -> bool:
    """Whether this interpreter compiles a text. Nothing in it is run."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(text, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True


def remaining_problems(plan: Plan, files: Mapping[str, bytes], recognise: Recognise, again: Callable[..., Plan]) -> list[str]:
    """Return what is wrong with a plan as a whole: reads that are left, or changes that a second run would make.

    `recognise` finds the references in files by path; `again` makes a plan of files, references and pins.
    """
    after = {**files, **{change.path: change.after for change in plan.changes}}
    references = tuple(recognise(after))
    reads = [
        item
        for item in references
        if item.kind is Kind.READ and isinstance(item.key, Literal) and item.key.key in plan.pins
    ]
    allowed = sum(1 for item in plan.reads if item.status is Status.REFUSED or item.code == "wrapper-kept")
    problems = []
    if len(reads) > allowed:
        left = ", ".join(str(item.span) for item in reads[:5])
        problems.append(f"{len(reads)} reads are left, {allowed} were refused: {left}")
    second = again(after, references, plan.pins)
    if second.changes:
        problems.append(f"a second run would change {second.changes[0].path} again")
    return problems

