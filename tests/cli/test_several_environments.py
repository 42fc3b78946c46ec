"""A registry that is one file for each environment: the critical ones must agree, and who does not is named."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Flaglint

    Write = Callable[..., None]

_SHOP = """\
from openfeature import api


def cart():
    return api.get_client().get_boolean_value("gift-cards", False)
"""
_RULE = {"if": [{"==": [{"var": "plan"}, "pro"]}, "on", "off"]}


def _flagd(default: str, targeting: object = None) -> str:
    flag = {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": default}
    return json.dumps({"flags": {"gift-cards": flag | ({"targeting": targeting} if targeting else {})}})


def _found(flaglint: Flaglint, write: Write, *arguments: str, **files: str) -> list[str]:
    specs = [f'{{path = "{name}.json", environment = "{name}"}}' for name in files]
    config = f"registry = [{', '.join(specs)}]\n"
    write({"shop.py": _SHOP, "flaglint.toml": config, **{f"{name}.json": text for name, text in files.items()}})
    printed = flaglint("check", "--no-cache", "--output-format", "concise", "--select", "FLG302,FLG304", *arguments)
    return printed.out.splitlines()


def test_environments_that_agree_are_named_together(flaglint: Flaglint, write: Write) -> None:
    (line,) = _found(flaglint, write, production=_flagd("on"), staging=_flagd("on"))

    assert line.startswith(
        "production.json:1:12: information FLG302 `gift-cards` is fully rolled out: always true in production and "
        "staging (it has no targeting); since when is not known ("
    )


def test_the_one_that_does_not_agree_with_production_is_named(flaglint: Flaglint, write: Write) -> None:
    (line,) = _found(flaglint, write, production=_flagd("on"), staging=_flagd("off", _RULE))

    assert line == (
        "production.json:1:12: information FLG302 `gift-cards` is fully rolled out: always true in production (it has "
        "no targeting), but staging does not (its targeting depends on the context); since when is not known "
        "(bring staging into step, or leave it out of the critical environments)"
    )


def test_another_value_is_named_too_and_a_flag_that_is_missing(flaglint: Flaglint, write: Write) -> None:
    (off,) = _found(flaglint, write, production=_flagd("off"), staging=_flagd("on"))
    (gone,) = _found(flaglint, write, production=_flagd("off"), staging='{"flags": {"other": {"state": "DISABLED"}}}')

    assert "FLG304" in off
    assert "always false in production (it has no targeting), but staging serves true;" in off
    assert "but staging leaves it to the fallback in the code (it is not in the registry of staging);" in gone


def test_a_rollout_that_has_not_reached_production_is_left_alone(flaglint: Flaglint, write: Write) -> None:
    assert _found(flaglint, write, production=_flagd("off", _RULE), staging=_flagd("on")) == []


def test_only_the_environments_that_are_asked_for_must_agree_and_the_others_are_named(
    flaglint: Flaglint, write: Write
) -> None:
    files = {"production": _flagd("on"), "staging": _flagd("off", _RULE)}

    (line,) = _found(flaglint, write, "--env", "production", **files)

    assert "always true in production (it has no targeting), but staging does not (its targeting depends" in line
    assert "flaglint remove gift-cards" in line


def test_a_removal_wants_them_to_agree(flaglint: Flaglint, write: Write) -> None:
    _found(flaglint, write, production=_flagd("on"), staging=_flagd("off"))

    assert "`gift-cards` serves different values: true in production, false in staging" in (
        flaglint("remove", "gift-cards").err
    )
