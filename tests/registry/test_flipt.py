"""Flipt's files: boolean flags that fall through their rollouts, variant flags that the first matching rule decides."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from flaglint.evaluator.proof import verdicts
from flaglint.model import CodeDefault, Constant, ValueType, Varies
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files

STAFF = {"type": "STRING_COMPARISON_TYPE", "property": "email", "operator": "suffix", "value": "@example.com"}
ADULT = {"type": "NUMBER_COMPARISON_TYPE", "property": "age", "operator": "gte", "value": "18"}
SEGMENTS = [
    {"key": "all", "match_type": "ALL_MATCH_TYPE"},
    {"key": "any", "match_type": "ANY_MATCH_TYPE", "constraints": []},
    {"key": "staff", "match_type": "ALL_MATCH_TYPE", "constraints": [STAFF]},
    {"key": "adult", "match_type": "ALL_MATCH_TYPE", "constraints": [ADULT]},
]


def load(*flags: dict[str, Any]) -> Any:
    document = {"version": "1.5", "flags": [*flags], "segments": SEGMENTS}
    return load_files([File("features.json", json.dumps(document).encode(), "flipt")])


def boolean(*rollouts: dict[str, Any], enabled: bool = False) -> Any:
    flag = {"key": "f", "name": "F", "type": "BOOLEAN_FLAG_TYPE", "enabled": enabled, "rollouts": [*rollouts]}
    return verdicts(load(flag), 0)["f"]["default"]


def share(percentage: float, *, value: bool = True) -> dict[str, Any]:
    return {"threshold": {"percentage": percentage, "value": value}}


def whom(*keys: str, value: bool = True, **more: Any) -> dict[str, Any]:
    return {"segment": {"keys": [*keys], "value": value, **more}}


@pytest.mark.parametrize(
    ("rollouts", "enabled", "on"),
    [
        ([], True, True),
        ([], False, False),
        ([share(100)], False, True),
        ([share(100, value=False)], True, False),
        ([share(0)], False, False),
        ([whom("all")], False, True),
        ([whom("any")], False, True),
        ([whom("staff", "all")], False, True),
        ([whom("staff"), share(100)], False, True),
        ([whom("staff", value=False)], False, False),
    ],
)
def test_boolean_flags_that_are_constant(rollouts: list[dict[str, Any]], enabled: bool, on: bool) -> None:
    found = boolean(*rollouts, enabled=enabled)
    assert isinstance(found, Constant), found
    assert found.value is on


@pytest.mark.parametrize(
    ("rollout", "about"),
    [
        (share(25), "a share of the entities"),
        (whom("staff"), "the segment `staff`"),
        (whom("staff", "all", operator="AND_SEGMENT_OPERATOR"), "segments"),
    ],
)
def test_boolean_flags_that_vary(rollout: dict[str, Any], about: str) -> None:
    assert boolean(rollout) == Varies(f"it depends on {about}")


def test_an_attribute_of_the_wrong_kind_is_an_error_to_some_versions() -> None:
    assert isinstance(boolean(whom("adult"), enabled=True), Varies)


def variant(*rules: dict[str, Any], default: bool = False, enabled: bool = True) -> Any:
    variants = [{"key": "red", "default": default}, {"key": "blue"}]
    flag = {"key": "f", "type": "VARIANT_FLAG_TYPE", "enabled": enabled, "variants": variants, "rules": [*rules]}
    return verdicts(load(flag), 0)["f"]["default"]


def rule(segment: Any, *shares: tuple[str, float]) -> dict[str, Any]:
    return {"segment": segment, "distributions": [{"variant": name, "rollout": part} for name, part in shares]}


def test_variant_flags_that_are_constant() -> None:
    assert variant(default=True).value == "red"
    assert variant(rule("all", ("blue", 100))).value == "blue"
    assert variant(rule({"keys": ["staff", "any"]}, ("red", 0), ("blue", 100))).value == "blue"
    assert variant(rule("all", ("red", 50)), rule("all", ("blue", 100)), default=True).value == "red"


def test_variant_flags_that_serve_the_default_in_the_code() -> None:
    assert isinstance(variant(), CodeDefault)
    assert isinstance(variant(enabled=False), CodeDefault)
    assert isinstance(variant(rule("all", ("blue", 0)), enabled=False), CodeDefault)


def test_a_rule_without_shares_matches_and_names_no_variant() -> None:
    assert isinstance(variant(rule("all")), Varies)
    assert isinstance(variant(rule("all", ("blue", 0))), Varies)
    assert variant(rule("all"), default=True).value == "red"
    assert variant(rule("all", ("blue", 100)), rule("all")).value == "blue"


def test_a_share_behind_the_hundred_gets_the_last_bucket() -> None:
    assert isinstance(variant(rule("all", ("red", 100), ("blue", 50))), Varies)
    assert variant(rule("all", ("red", 100), ("blue", 0))).value == "red"
    assert variant(rule("all", ("red", 100), ("red", 50), ("blue", 50))).value == "red"


def test_variant_flags_that_vary() -> None:
    assert isinstance(variant(rule("all", ("red", 50), ("blue", 50))), Varies)
    assert isinstance(variant(rule("all", ("blue", 99.9))), Varies)
    assert isinstance(variant(rule("staff", ("blue", 100))), Varies)
    assert isinstance(variant(enabled=False, default=True), Varies)  # SDKs do not agree


@pytest.mark.parametrize(
    ("fields", "code", "message"),
    [
        ({"rollouts": [whom("stuff")]}, "FLG407", "`f`: there is no segment `stuff`"),
        ({"type": "BOOL"}, "FLG401", "`f`: there is no type `BOOL`"),
        ({"enabled": "on"}, "FLG401", "`f`: `enabled` must be `true` or `false`, not the text `on`"),
        ({"rollouts": [{}]}, "FLG401", "`f`: a rollout needs `threshold` or `segment`"),
        ({"rollouts": [share("half")]}, "FLG401", "`f`: `percentage` must be a number, not the text `half`"),  # type: ignore[arg-type]
    ],
)
def test_what_breaks_a_flag(fields: dict[str, Any], code: str, message: str) -> None:
    registry = load({"key": "f", "type": "BOOLEAN_FLAG_TYPE", "enabled": True, **fields})
    assert (code, message) in {(problem.code, problem.message) for problem in registry.problems}
    assert registry.flags[0].problems


def test_an_unknown_variant_breaks_a_flag() -> None:
    flag = {"key": "f", "enabled": True, "variants": [{"key": "red"}], "rules": [rule("all", ("rde", 100))]}
    registry = load(flag)
    assert [(problem.message, problem.help) for problem in registry.problems] == [
        ("`f`: there is no variant `rde`", "did you mean `red`?")
    ]


def test_tells_what_metadata_tell() -> None:
    told = {"owner": "@shop", "created": "2026-03-01"}
    flag = load({"key": "f", "name": "F", "type": "BOOLEAN_FLAG_TYPE", "metadata": told}).flags[0]
    assert (flag.owner, flag.created, flag.description, flag.value_type) == (
        "@shop",
        date(2026, 3, 1),
        "F",
        ValueType.BOOLEAN,
    )
