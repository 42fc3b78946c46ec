"""What nobody sees is written out, and what people write stays."""

import pytest

from flaglint.letters import harmless, on_a_page


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
