"""Whether the new text of a file compiles, found out from the statements that are new."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest
from removal_kit.check import after, planned

from flaglint.remove import verify
from flaglint.remove.draft import Draft
from flaglint.remove.rope import Cut

if TYPE_CHECKING:
    from flaglint.remove.engine import FileEngine

READ = "import flags\n\n\ndef run(user):\n    if flags.is_enabled('new'):\n        return user\n    return 0\n"


def edited(text: str, *cuts: tuple[int, int, str]) -> FileEngine:
    draft = Draft("shop.py", text)
    draft.cut(Cut(*cut) for cut in cuts)
    engine: Any = SimpleNamespace(path="shop.py", draft=draft)
    return engine


@pytest.mark.parametrize(
    ("text", "cuts"),
    [
        ("a = 1\nb = 2\n", [(5, 6, "")]),
        ("a = 1\nb = 2\n", [(4, 5, "(")]),
        ("@a\ndef b(): ...\n\n\nc = 2\n", [(3, 16, "")]),
        ("if a:\n    b()\nc = 2\n", [(6, 14, "")]),
        ("a = 1\rb = 2\r", [(5, 6, "")]),
    ],
    ids=["joined", "open", "a decorator of nothing", "an empty branch", "joined, with other line ends"],
)
def test_a_statement_that_runs_into_the_next_is_found(text: str, cuts: list[tuple[int, int, str]]) -> None:
    assert verify.syntax_problem(edited(text, *cuts)).startswith("it does not parse any more: ")


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_a_statement_that_ends_as_it_should_is_right_with_any_line_end(end: str) -> None:
    text = "a = 1  # one\nb = 2\n".replace("\n", end)
    assert verify.syntax_problem(edited(text, (4, 5, "3"))) == ""
    assert verify.syntax_problem(edited(text, (12, 12 + len(end), " "))) == ""  # the rest is a comment now


def test_of_a_file_that_compiled_only_what_is_new_is_compiled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []

    def compiles(path: str, text: str) -> bool:
        compiled.append(text)
        return usual(path, text)

    usual = verify.compiles
    monkeypatch.setattr(verify, "compiles", compiles)
    before = READ + "\n\ndef other():\n    return 1\n"
    assert after(planned({"shop.py": before})) is not None
    assert {text for text in compiled if "other" in text} == {before}


@pytest.mark.parametrize("between", ["\\\n", "\\\n\\\n"], ids=["one line", "two lines"])
def test_what_a_backslash_joins_to_a_statement_goes_with_it(between: str) -> None:
    code = f"import flags\n\nif flags.is_enabled('new'):\n    x = 1\n{between}else:\n    x = 2\nprint(x)\n"
    assert after(planned({"shop.py": code})) == "x = 1\nprint(x)\n"


def test_a_last_line_without_an_end_that_comes_to_stand_elsewhere_is_compiled_with_what_follows() -> None:
    text = "a = 1\nb = 2\nc = 3"
    assert verify.syntax_problem(edited(text, (0, 6, "c = 3"))) != ""


def test_a_file_that_no_interpreter_reads_is_held_back_whatever_changes_in_it() -> None:
    broken = "def shout(words):\n    print words\n\n\n"  # of Python 2
    made = planned({"shop.py": broken + READ})
    assert made.changes == ()
    assert [read.code for read in made.refused] == ["not-verified"]
