"""What the second opinion objects to: results that mean something else, whoever made them."""

from __future__ import annotations

from textwrap import dedent

import pytest

from flaglint.remove.oracle import Pin, disagreements


def objections(before: str, after: str, value: object = True) -> list[str] | None:
    """Return the functions that mean something else, with the read `flag()` of the first text pinned."""
    text = dedent(before)
    line = next(number for number, words in enumerate(text.splitlines(), 1) if "flag()" in words)
    column = text.splitlines()[line - 1].index("flag()")
    return disagreements(text, dedent(after), [Pin(line, column, line, column + len("flag()"), value)])


BEFORE = """
def run(a):
    if flag():
        return a()
    return 2
"""


@pytest.mark.parametrize(
    "after",
    [
        "def run(a):\n    return 2\n",
        "def run(a):\n    a()\n    return 2\n",
        "def run(a):\n    return a\n",
        "def run(a):\n    return a()\n    yield\n",
        "async def run(a):\n    return a()\n",
    ],
)
def test_to_another_branch_effect_or_kind_of_function(after: str) -> None:
    assert objections(BEFORE, after) == ["run"]


def test_to_nothing_where_the_right_branch_stays() -> None:
    assert objections(BEFORE, "def run(a):\n    return a()\n") == []


def test_to_a_constant_for_a_local_with_two_values() -> None:
    before = """
    def run(a):
        x = 1
        if a:
            x = 2
        if flag():
            return x
    """
    assert objections(before, "def run(a):\n    return 1\n") == ["run"]
    assert objections(before, "def run(a):\n    x = 1\n    if a:\n        x = 2\n    return x\n") == []


def test_to_a_constant_for_a_name_that_others_bind() -> None:
    before = """
    def run(a):
        global x
        x = 1
        a()
        if flag():
            return x
    """
    assert objections(before, "def run(a):\n    global x\n    x = 1\n    a()\n    return 1\n") == ["run"]
    assert objections(before, "def run(a):\n    global x\n    x = 1\n    a()\n    return x\n") == []
