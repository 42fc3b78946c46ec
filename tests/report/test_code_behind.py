"""The code behind a flag: statements, branches and lines, counted where something changes and nowhere else."""

from __future__ import annotations

import ast

import pytest

from flaglint.model import Edit
from flaglint.remove import draft
from flaglint.remove.outcome import Change, Plan
from flaglint.report import code_behind
from flaglint.report.code_behind import CodeBehind

PAGE = """\
import os


def page(user):
    if enabled("cart"):
        show(user)
        return 1
    return 2 if user else 3


# what stays
NAMES = ["a"]
if enabled("cart"):
    extra = 1
"""


def plan_of(before: str, *edits: tuple[str, str], path: str = "shop.py", encoding: str = "utf-8") -> Plan:
    data = before.encode(encoding)
    made = []
    for old, new in edits:
        start = data.index(old.encode(encoding))
        made.append(Edit(path, start, start + len(old.encode(encoding)), new.encode(encoding)))
    made.sort(key=lambda edit: edit.start)
    after, position = b"", 0
    for edit in made:
        after += data[position : edit.start] + edit.text
        position = edit.end
    return Plan({}, changes=(Change(path, data, after + data[position:], tuple(made)),))


def measured(plan: Plan, *tests: str) -> tuple[int, int, int]:
    found = CodeBehind(frozenset(tests)).measure(plan)
    return found.statements, found.branches, found.lines


FIRST = ('    if enabled("cart"):\n        show(user)\n        return 1\n', "    show(user)\n    return 1\n")
LAST = ('if enabled("cart"):\n    extra = 1\n', "")


def test_counts_what_goes_in_each_statement_that_changes() -> None:
    assert measured(plan_of(PAGE, FIRST)) == (1, 1, 1)
    assert measured(plan_of(PAGE, LAST)) == (2, 1, 2)
    assert measured(plan_of(PAGE, FIRST, LAST)) == (3, 2, 3)


def test_an_edit_over_two_statements_counts_both() -> None:
    over = ('    return 2 if user else 3\n\n\n# what stays\nNAMES = ["a"]\n', "    return 2\n")
    assert measured(plan_of(PAGE, over)) == (1, 1, 4)


def test_two_edits_of_one_statement_count_once() -> None:
    assert measured(plan_of(PAGE, FIRST, ("2 if user else 3", "2"))) == (1, 2, 1)


@pytest.mark.parametrize("head", ["\ufeff", "# -*- coding: latin-1 -*-\nÜBER = 'ä'\n"])
def test_places_are_those_of_the_bytes(head: str) -> None:
    encoding = "latin-1" if "latin" in head else "utf-8"
    assert measured(plan_of(head + PAGE, FIRST, LAST, encoding=encoding)) == (3, 2, 3)


def test_parses_nothing_of_a_file_but_the_statements_that_change(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    real = ast.parse
    monkeypatch.setattr(code_behind.ast, "parse", lambda text: parsed.append(str(text)) or real(text))
    measured(plan_of(PAGE + "\n\nother = [1]\n" * 50, FIRST))
    assert len(parsed) == 2
    assert not any("NAMES" in text or "other" in text for text in parsed)


def test_a_file_is_cut_once_for_all_plans(monkeypatch: pytest.MonkeyPatch) -> None:
    cut: list[str] = []
    real = draft.boundaries
    monkeypatch.setattr(draft, "boundaries", lambda text: cut.append(text) or real(text))
    code = CodeBehind(frozenset())
    first, second = plan_of(PAGE, FIRST), plan_of(PAGE, LAST)
    whole = first.changes[0].before
    again = Plan({}, changes=(Change("shop.py", whole, second.changes[0].after, second.changes[0].edits),))
    assert code.measure(first).branches == 1
    assert code.measure(again).statements == 2
    assert len(cut) == 1


def test_counts_beside_what_this_interpreter_does_not_read() -> None:
    assert measured(plan_of(PAGE + "\n\nprint 'two'\n", FIRST)) == (1, 1, 1)


def test_counts_only_lines_of_what_it_does_not_read() -> None:
    assert measured(plan_of(PAGE.replace("show(user)", "print user"), ("        print user\n", ""))) == (0, 0, 1)


def test_leaves_tests_and_what_is_no_python_alone() -> None:
    assert measured(plan_of(PAGE, FIRST), "shop.py") == (0, 0, 0)
    assert measured(plan_of(PAGE, FIRST, path="shop.txt")) == (0, 0, 0)
