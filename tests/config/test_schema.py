"""The JSON Schema that editors use agrees with the loader."""

import dataclasses
import json
import tomllib
from pathlib import Path

import jsonschema
import pytest

from flaglint.config import FLAG_TYPES, NAME_STYLES, SHAPES, VENDORS, Layout, Naming, Settings, load
from flaglint.errors import ConfigError
from flaglint.rulesdata import rules_folder

SCHEMA = json.loads((rules_folder() / "schemas" / "config.schema.json").read_text(encoding="utf-8"))
ACCEPTED = [
    "",
    'registry = "flags.yaml"',
    'usage = ["var/usage"]\nunused-days = 0',
    'usage-exports = ["statuses.json"]\n[budgets]\n"@payments" = 10\n"*" = 0',
    'registry = ["a", {path = "b", format = "flagd"}]',
    'sdks = ["waffle"]\nsoak-days = 3\nfail-on = "information"',
    '[naming]\npattern = "[a-z]+"\nexample = "a"\nvendor = ["waffle", "flipt"]\nprefixes = {ops = "ops-"}',
    '[severity]\nFLG101 = "error"\n[per-file-ignores]\n"a/**" = ["FLG1"]',
    '[layout.by-type]\nrelease = "flags/release.yaml"\n[layout.by-owner]\n"@a" = "b"',
    '[[calls]]\nfunction = "f"\n[[declarations]]\ndictionary = "d"',
]
REFUSED = [
    "unknown = 1",
    "registry = 1",
    "registry = [{}]",
    'registry = [{path = "a", other = "b"}]',
    'source = "."',
    'usage = "var/usage"',
    "unused-days = -1",
    'usage-exports = "statuses.json"',
    "budgets = 3",
    '[budgets]\n"@payments" = -1',
    '[budgets]\n"@payments" = "ten"',
    'source = [""]',
    "soak-days = -1",
    "soak-days = true",
    'fail-on = "never"',
    "baseline = 3",
    "naming = []",
    "[naming]\nunknown = 1",
    '[naming]\nstyle = "kebab"',
    '[naming]\npattern = "a"',
    '[naming]\nvendor = ["nobody"]',
    '[naming.prefixes]\nother = "a"',
    '[severity]\nFLG101 = "off"',
    '[per-file-ignores]\n"a" = "FLG1"',
    "[lifetimes]\nother = 1",
    "[layout]\nother = 1",
    '[layout.by-type]\nother = "a"',
    "calls = {}",
    "calls = [1]",
]


def keys_of(dataclass: type) -> set[str]:
    return {field.name.replace("_", "-") for field in dataclasses.fields(dataclass)}


def test_it_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("text", [*ACCEPTED, *REFUSED])
def test_both_accept_or_refuse_the_same(tmp_path: Path, text: str) -> None:
    (tmp_path / "flaglint.toml").write_text(text, encoding="utf-8")
    by_schema = jsonschema.Draft202012Validator(SCHEMA).is_valid(tomllib.loads(text))
    try:
        load(tmp_path)
        by_loader = True
    except ConfigError:
        by_loader = False
    assert by_loader == by_schema == (text in ACCEPTED)


def test_both_know_the_same_keys_and_words() -> None:
    top = SCHEMA["properties"]
    assert set(top) == keys_of(Settings) - {"root", "path"}
    assert set(top["naming"]["properties"]) == keys_of(Naming)
    assert set(top["layout"]["properties"]) == keys_of(Layout)
    assert set(top) >= set(SHAPES)
    assert set(SCHEMA["$defs"]["texts-by-type"]["properties"]) == set(top["lifetimes"]["properties"]) == set(FLAG_TYPES)
    assert set(SCHEMA["$defs"]["vendor"]["enum"]) == set(VENDORS)
    assert set(top["naming"]["properties"]["style"]["enum"]) == {"", *NAME_STYLES}


def test_both_know_the_same_defaults(tmp_path: Path) -> None:
    """Loading what the schema calls the default changes nothing."""

    def defaults(schema: dict[str, object]) -> dict[str, object]:
        properties: dict[str, dict[str, object]] = schema["properties"]  # type: ignore[assignment]
        own = {key: value["default"] for key, value in properties.items() if "default" in value}
        nested = {key: defaults(value) for key, value in properties.items() if "properties" in value}
        return {**own, **{key: value for key, value in nested.items() if value}}

    from flaglint.config.load import _settings
    from flaglint.config.table import Table

    plain = Settings(root=tmp_path)
    loaded = _settings(Table(plain, defaults(SCHEMA)), plain)
    assert dataclasses.replace(loaded, lifetimes=plain.lifetimes) == plain
    assert {kind: days for kind, days in loaded.lifetimes.items() if days} == plain.lifetimes
