"""A project whose registry is the manifest of OpenFeature's command line."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Flaglint

_MANIFEST = """\
{
  "flags": {
    "gift-cards": {"flagType": "boolean", "defaultValue": false},
    "page-size": {"flagType": "integer", "defaultValue": 20},
    "old-banner": {"flagType": "boolean", "defaultValue": true, "description": "The banner of last year"}
  }
}
"""
_SHOP = """\
from openfeature import api

client = api.get_client()


def cart():
    return client.get_boolean_value("gift-cards", False), client.get_integer_value("page-size", 20)
"""


def _check(flaglint: Flaglint, write: Callable[..., None], code: str) -> list[str]:
    write({"flags.json": _MANIFEST, "shop.py": code, "flaglint.toml": 'registry = ["flags.json"]\n'})
    found = flaglint("check", "--output-format", "concise", "--no-cache", "--ignore", "FLG305")
    return [line for line in found.out.splitlines() if "FLG" in line]


def test_reads_that_agree_with_the_manifest_are_left_alone(flaglint: Flaglint, write: Callable[..., None]) -> None:
    assert _check(flaglint, write, _SHOP) == [
        "flags.json:5:5: warning FLG202 `old-banner` is never read (remove it: flaglint remove old-banner)"
    ]


def test_undefined_keys_wrong_types_and_other_fallbacks_are_found(
    flaglint: Flaglint, write: Callable[..., None]
) -> None:
    code = (
        _SHOP.replace('"gift-cards", False', '"gift-card", False')
        .replace('get_integer_value("page-size", 20)', 'get_string_value("page-size", "20")')
        .replace("return", 'client.get_boolean_value("old-banner", False)\n    return')
    )

    found = [line.partition(" (")[0] for line in _check(flaglint, write, code)]

    assert found == [
        "flags.json:3:5: warning FLG202 `gift-cards` is never read",
        "shop.py:7:5: warning FLG205 `old-banner` falls back to `False` here, but its registry lays down true",
        "shop.py:8:12: error FLG201 `gift-card` is not defined in flags.json",
        "shop.py:8:58: error FLG204 `page-size` is read as string, but its values are of type integer",
    ]
