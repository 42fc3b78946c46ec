"""What nobody sees is written out, and what people write stays."""

import json

import pytest

from flaglint.letters import harmless, in_a_cell, in_json, on_a_page


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\x1b[31mb", "a\\x1b[31mb"),
        ("a\u202eb", "a\\u202eb"),
        ("a\x7f\x85b", "a\\x7f\\x85b"),
        ("a\udce9b", "a\\udce9b"),
        ("a\u2066b\u2028", "a\\u2066b\\u2028"),
    ],
)
def test_shows_what_hides(text: str, shown: str) -> None:
    assert harmless(text) == shown
    assert on_a_page(text) == shown


@pytest.mark.parametrize("text", ["release-cart", "Käse\t\r\n", "10\xa0%", "👩\u200d💻", "a\u200cb", "\U0001f6d2"])
def test_leaves_alone_what_people_write(text: str) -> None:
    assert harmless(text) == text


def test_what_is_no_text_or_html_already_stays_so() -> None:
    markupsafe = pytest.importorskip("markupsafe")
    assert on_a_page(3) == 3
    assert on_a_page(None) is None
    page = on_a_page(markupsafe.Markup("<b>\x1b</b>"))
    assert isinstance(page, markupsafe.Markup)
    assert page == "<b>\\x1b</b>"


@pytest.mark.parametrize("text", ["a\x9b31mb", "a\u202eb\u2028", "a\x7fb", "Käse \U0001f6d2", "a\tb\nc", "\udce9"])
def test_a_document_says_the_same_without_what_nobody_sees(text: str) -> None:
    document = json.dumps({text: text}, indent=2, ensure_ascii=False)
    assert json.loads(in_json(document)) == {text: text}
    assert harmless(in_json(document)) == in_json(document)


@pytest.mark.parametrize("text", ["=1+1", "+cmd|x", "-2+3", "@sum(1)", "\t=1", "-", "-2\n"])
def test_a_formula_in_a_cell_is_a_text(text: str) -> None:
    assert in_a_cell(text) == f"'{text}"


@pytest.mark.parametrize("text", ["-2", "-0.5", "@payments", "a=1", "release-cart", ""])
def test_what_is_no_formula_stands_in_a_cell_as_it_is(text: str) -> None:
    assert in_a_cell(text) == text
