"""What nobody sees is written out, and what people write stays."""

import json
from collections import Counter, OrderedDict

import pytest
from hypothesis import given
from hypothesis.strategies import booleans, dictionaries, floats, integers, lists, none, recursive, text

from flaglint.letters import harmless, in_a_cell, in_json, laid_out, on_a_page
from flaglint.model import Kind, Severity


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


class Several(list[int]):
    """A list of some kind."""


DOCUMENTS = [
    {},
    [],
    None,
    "a",
    {"a": 1, "b": 'x", y: {}[],\n', "c": None, "d": True, "e": 1.5, "f": -0.0, "g": 10**20},
    {"a": {}, "b": [], "c": (), "d": {"e": {"f": [1, [2, {}], {"g": "h"}]}}},
    [{"path": "é\u2028", "line": 1, "via": ["literal"]}, {"path": Severity.ERROR, "kind": Kind.READ}],
    {Kind.READ: Kind.READ, "ü": {"ü": "ü"}},
    {"only": {"one": {"deep": "text"}}},
    Counter("abca"),
    {"a": OrderedDict(b=1), "c": [Counter("d")], "e": Several([1, 2])},
]


@pytest.mark.parametrize("indent", [1, 2])
@pytest.mark.parametrize("ascii_only", [True, False])
@pytest.mark.parametrize("document", DOCUMENTS)
def test_lays_out_json_as_the_standard_library_does(document: object, indent: int, *, ascii_only: bool) -> None:
    expected = json.dumps(document, indent=indent, ensure_ascii=ascii_only)
    assert laid_out(document, indent=indent, ascii_only=ascii_only) == expected


@given(
    recursive(
        none() | booleans() | integers() | floats(allow_nan=False) | text(),
        lambda inner: lists(inner) | dictionaries(text(), inner),
    )
)
def test_lays_out_anything_as_the_standard_library_does(document: object) -> None:
    assert laid_out(document, indent=2) == json.dumps(document, indent=2, ensure_ascii=False)


def test_what_is_no_data_is_refused_as_the_standard_library_does() -> None:
    with pytest.raises(TypeError):
        laid_out({"a": [object()]}, indent=2)


def test_nothing_is_written_piece_by_piece(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json.encoder, "_make_iterencode", lambda *_: pytest.fail("the slow encoder"))
    rows = [{"path": "a.py", "line": number, "key": "cart", "related": [{"line": 1}]} for number in range(3)]
    assert laid_out({"rows": rows, "version": 1}, indent=2).count("cart") == 3
