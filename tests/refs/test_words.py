"""The words that lead a run: where one of them says nothing, its statement is not read."""

import pytest
from reference_kit.projects import CLIENT, search

from flaglint.refs import program
from flaglint.refs.outline import Unit


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Collect the statements that are read."""
    found: list[str] = []
    read_unit = program.read_unit

    def noting(text: str, unit: Unit, *, is_member: bool) -> object:
        found.append(text[unit.start : unit.end])
        return read_unit(text, unit, is_member=is_member)

    monkeypatch.setattr(program, "read_unit", noting)
    return found


FIELDS = "fields = [\n    ('get_boolean_value', 1),\n]\n"


def test_a_word_that_is_a_whole_string_makes_no_statement_worth_reading(read: list[str]) -> None:
    code = CLIENT + FIELDS + "client.get_boolean_value('cart', False)\n"
    assert [item.span.start.line for item in search({"a.py": code}).references] == [7]
    assert FIELDS not in read


def test_where_something_is_named_by_strings_such_a_word_counts() -> None:
    found = search({"a.py": CLIENT + "getattr(client, 'get_boolean_value')('cart', False)\n"}).references
    assert [(str(item.kind), item.key.key) for item in found] == [("read", "cart")]  # type: ignore[union-attr]


@pytest.mark.parametrize("read", ["['FEATURES']", ".get('FEATURES', {})", ".get(\n        'FEATURES')"])
def test_a_dictionary_is_found_by_the_string_that_it_is_looked_up_with(read: str) -> None:
    code = f"from flask import current_app\n\n\ndef page():\n    return current_app.config{read}['cart']\n"
    dictionaries = [{"name": "flask.current_app.config[FEATURES]"}]
    found = search({"a.py": code}, dictionaries=dictionaries).references
    assert [(str(item.kind), item.span.start.line) for item in found] == [("read", 5)]
