"""Projects whose registry is a vendor's file: each read gets what it asks for, and nothing is said that is not so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Flaglint

CONFIGURATION = 'registry = ["flags.json"]\n'


def state(name: str, value: Any = None, *, on: bool = True) -> dict[str, Any]:
    return {"feature": {"id": 1, "name": name, "type": "STANDARD"}, "enabled": on, "feature_state_value": value}


FLAGSMITH = json.dumps(
    {
        "api_key": "ser.x",
        "project": {"segments": []},
        "feature_states": [state("one_page"), state("old_search", "fuzzy", on=False), state("page_size", 20)],
    },
    indent=1,
)
FLAGSMITH_SHOP = """\
from flagsmith import Flagsmith

flagsmith = Flagsmith(environment_key="ser.key")


def cart(show):
    flags = flagsmith.get_environment_flags()
    if flags.is_feature_enabled("old_search"):
        show("old")
    return flags.get_feature_value("old_search")
"""


def test_a_switch_and_a_value_go_to_the_reads_that_ask_for_them(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flags.json": FLAGSMITH, "shop.py": FLAGSMITH_SHOP, "flaglint.toml": CONFIGURATION})

    removed = flaglint("remove", "old_search", "--allow-dirty")

    assert "-    if flags.is_feature_enabled" in removed.out
    assert '+    return "fuzzy"' in removed.out
    assert '`old_search` is kept as off, with "fuzzy"' in removed.err


def test_findings_say_whether_it_is_on(flaglint: Flaglint, write: Callable[..., None]) -> None:
    code = FLAGSMITH_SHOP.replace("if flags", 'flags.get_feature_value("page_size") > 10\n    if flags')
    code = code.replace("return", 'flags.is_feature_enabled("one_page") == True\n    return')
    write({"flags.json": FLAGSMITH, "shop.py": code, "flaglint.toml": CONFIGURATION})

    found = flaglint("check", "--output-format", "concise", "--no-cache", "--now", "2026-11-23T00:00:00Z")

    said = [line.partition(" (its state")[0] for line in found.out.splitlines() if "FLG" in line]
    assert said == [
        "flags.json:10:13: information FLG302 `one_page` is fully rolled out: always on",
        'flags.json:19:13: information FLG304 `old_search` is off for everybody: always off, with "fuzzy"',
        "flags.json:28:13: information FLG302 `page_size` is fully rolled out: always on, with 20",
    ]


POSTHOG = json.dumps(
    {
        "flags": [
            {
                "key": "banner",
                "active": True,
                "filters": {
                    "groups": [{"properties": [], "rollout_percentage": 100}],
                    "multivariate": {"variants": [{"key": "large", "rollout_percentage": 100}]},
                },
            }
        ]
    }
)
POSTHOG_SHOP = """\
from posthog import Posthog

client = Posthog("key")


def cart(user, show):
    if client.get_feature_flag("banner", user) == "large":
        show("large")
    if client.get_feature_flag("banner", user) is False:
        show("none")
    if client.feature_enabled("banner", user):
        show("banner")
"""


def test_a_variant_and_its_being_on_are_folded(flaglint: Flaglint, write: Callable[..., None]) -> None:
    write({"flags.json": POSTHOG, "shop.py": POSTHOG_SHOP, "flaglint.toml": CONFIGURATION})

    removed = flaglint("remove", "banner", "--allow-dirty")

    kept = [line[1:] for line in removed.out.splitlines() if line.startswith("+") and not line.startswith("+++")]
    assert kept == ['    show("large")', '    show("banner")']
    assert "3 reads: 3 folded" in removed.err


def test_a_flag_of_posthog_can_be_off_or_have_a_variant_and_nothing_else(
    flaglint: Flaglint, write: Callable[..., None]
) -> None:
    code = POSTHOG_SHOP.replace('== "large"', '== "lage"')
    write({"flags.json": POSTHOG, "shop.py": code, "flaglint.toml": CONFIGURATION})

    found = flaglint("check", "--output-format", "concise", "--no-cache", "--select", "FLG206")

    said = [line for line in found.out.splitlines() if "FLG" in line]
    assert said == [
        'shop.py:7:8: error FLG206 `banner` is never "lage"; it is `"large"` or `false` (did you mean "large"?)'
    ]


def test_an_undefined_key_is_defined_where_the_file_comes_from(flaglint: Flaglint, write: Callable[..., None]) -> None:
    code = POSTHOG_SHOP.replace('"banner", user) is', '"gift-cards", user) is')
    write({"flags.json": POSTHOG, "shop.py": code, "flaglint.toml": CONFIGURATION})

    found = flaglint("check", "--output-format", "concise", "--no-cache", "--select", "FLG201")

    assert "(define it where flags.json comes from, and export that anew)" in found.out
