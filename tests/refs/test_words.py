"""The words that lead a run: where one of them says nothing, its statement is not read."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from reference_kit.projects import CLIENT, line, search

from flaglint.refs import link, program, words
from flaglint.refs.index import SpecIndex
from flaglint.refs.outline import Unit
from flaglint.refs.packs import load_packs
from flaglint.refs.scan import Files
from flaglint.refs.screen import Screen
from flaglint.refs.words import Hits, ScreenedHere


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


@pytest.mark.parametrize("made", ["{}", "lazy(load)", "{'FEATURES': {}}"])
@pytest.mark.parametrize(
    "read", ["['FEATURES']['cart']", "['FEATURES'].get('cart', False)", ".get('FEATURES')['cart']"]
)
def test_a_dictionary_in_one_of_the_project_is_found(made: str, read: str) -> None:
    files = {
        "shop/conf.py": f"from lazily import lazy\nOPTIONS = {made}\n",
        "shop/page.py": f"from shop import conf\nfrom shop.conf import OPTIONS\nconf.OPTIONS{read}\nOPTIONS{read}\n",
    }
    found = search(files, dictionaries=[{"name": "shop.conf.OPTIONS[FEATURES]"}]).references
    assert [(str(item.kind), item.span.start.line) for item in found if item.span.path == "shop/page.py"] == [
        ("read", 3),
        ("read", 4),
    ]


def test_a_package_is_looked_for_until_a_file_imports_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {
        "a.py": "import waffle\nimport corehq.toggles\n",
        "b.py": "from waffle import flag_is_active\nfrom corehq import toggles\n",
        "c.py": "# posthog\n",
        "d.py": "import flipt_client, flipt\n",
    }
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    looked_for: list[list[str]] = []

    class Noted(Screen):
        def __init__(self, words: Iterable[str]) -> None:
            super().__init__(words)
            looked_for.append(self.words)

    monkeypatch.setattr(link, "Screen", Noted)
    linker = link.Linker(Files(tmp_path, files), SpecIndex(load_packs()), frozenset(), scope="project")
    present = {"waffle": "a.py", "corehq.toggles": "a.py", "corehq": "b.py", "flipt": "d.py", "flipt_client": "d.py"}
    assert linker.packages_in(sorted(files)) == present.keys()
    assert linker.present == present
    assert linker.named == present | {"posthog": "c.py"}
    assert "waffle" in looked_for[0]
    assert "waffle" not in looked_for[-1], "it stands in most files of its own project"


MADE = "def made():\n    return 1\n"


@pytest.mark.parametrize("display", ["{'a': made()}", "[made()]", "{made() for _ in range(3)}"])
def test_what_a_display_is_made_of_is_not_read_for_its_methods(display: str, read: list[str]) -> None:
    code = f"{CLIENT}{MADE}def page():\n    shown = {display}\n    return shown.get_boolean_value('cart', False)\n"
    assert search({"a.py": code}).references == ()
    assert not any("def made" in text for text in read)


@pytest.mark.parametrize("beside", ["shown = client", "global shown"])
def test_a_name_that_may_be_something_else_as_well_is_followed(beside: str) -> None:
    code = f"""{CLIENT}shown = client
def page(some):
    {beside}
    if some:
        shown = {{}}
    return shown.get_boolean_value('cart', False)
"""
    assert [item.key.key for item in search({"a.py": code}).references] == ["cart"]  # type: ignore[union-attr]


def test_a_parameter_that_may_be_a_display_is_followed() -> None:
    code = """from openfeature.client import OpenFeatureClient
def page(some, shown: OpenFeatureClient):
    if some:
        shown = []
    return shown.get_boolean_value('cart', False)
"""
    assert [item.key.key for item in search({"a.py": code}).references] == ["cart"]  # type: ignore[union-attr]


def test_a_part_of_a_display_is_followed() -> None:
    code = f"{CLIENT}def page():\n    first, second = [client, 1]\n    first.get_boolean_value('cart', False)\n"
    assert [item.key.key for item in search({"a.py": code}).references] == ["cart"]  # type: ignore[union-attr]


def test_a_method_that_only_uses_an_attribute_is_not_read_for_what_sets_it(read: list[str]) -> None:
    code = f"""{CLIENT}class Page:
    def __init__(self):
        self.held = client
    def track(self):
        self.held.track()
        return self.held == 1 or self.held[0]
    def show(self):
        return self.held.get_boolean_value('cart', False)
"""
    assert [item.key.key for item in search({"a.py": code}).references] == ["cart"]  # type: ignore[union-attr]
    methods = [text.strip().partition("(")[0] for text in read if text.startswith("    ")]
    assert "def show" in methods
    assert "def track" not in methods


def test_what_one_part_was_told_stays_as_it_was_when_more_words_turn_out_to_be_common() -> None:
    hits = Hits({"get", "enabled"}, {"a.py": {"enabled"}, "b.py": {"get"}}, {"get"}, {"b.py"})
    told = hits.within(["b.py", "c.py"])
    hits.common.add("enabled")
    hits.accompanied.add("c.py")
    assert told == Hits({"get", "enabled"}, {"b.py": {"get"}}, {"get"}, {"b.py"})


def test_a_common_word_counts_beside_a_client_that_is_found_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(words, "COMMON_FROM", 2)
    files = {
        "clients.py": "from openfeature import api\n\nours = api.get_client()\n",
        "page.py": "from clients import ours\n\nif ours.get_boolean_value('cart', False): ...\n",
        **{f"other_{number}.py": "x.get_boolean_value('tin', False)\n" for number in range(5)},
    }
    found = search(files).references
    assert [line(item) for item in found] == ["page.py:3 read cart if-test literal"]


@pytest.mark.parametrize(
    ("word", "beside", "counts"),
    [
        ("has", b"Manager", True),
        ("has", b"Flag", False),  # which has no such method
        ("render", b"Flag", True),  # any object may have it
        ("render", b"Page", False),
        ("has", b"acme", True),
    ],
)
def test_a_common_word_counts_beside_what_it_may_belong_to(word: str, beside: bytes, counts: bool) -> None:
    data = {"a.py": b"from b import " + beside}
    screened = ScreenedHere(data, data.get, {"has": {"Manager"}, "is_on": {"Flag"}})
    assert bool(screened.accompanied({"a.py": {word}}, {"acme"})) is counts


def test_beside_the_package_of_the_project_itself_no_common_word_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    company: list[set[str]] = []
    screened = link.screen

    def noting(*arguments: object) -> set[str]:
        company.append(set(arguments[4]))  # type: ignore[call-overload]
        return screened(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(link, "screen", noting)
    for own in ({}, {"waffle/__init__.py": ""}):
        search({"page.py": "import openfeature, waffle\n", **own})
    assert "openfeature" in company[0] & company[-1]
    assert "waffle" in company[0] - company[-1]
