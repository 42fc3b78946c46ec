"""GrowthBook's features: which value is proven, and what lets a rule be skipped."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from evaluation_kit.vendor_files import EXAMPLES, NOW, example, reasons, told, words, written

from flaglint.evaluator.proof import verdicts
from flaglint.model import Constant, ValueType

PARENT = {"id": "parent", "condition": {"value": True}}
GERMANY = {"country": "DE"}


def of(*rules: Any, default: Any = False, **others: Any) -> str:
    """Return the verdict of a feature with these rules, beside other features."""
    feature = {"defaultValue": default, "rules": list(rules)}
    return words(written({"features": {"f": feature, **others}}))["f"]


def test_the_verdicts_of_a_payload() -> None:
    registry = example("growthbook/features.json")
    assert registry.problems == ()
    assert words(registry) == {
        "checkout-one-page": "constant true",
        "checkout-everyone": "constant true",
        "search-off": "constant false",
        "banner-colour": 'constant on "blue"',
        "staff-tools": "varies",
        "gift-cards": "varies",
        "gift-cards-everyone": "varies",
        "price-test": "varies",
        "search-v2": "code default",
        "search-v3": "varies",
        "nothing-yet": "code default",
    }
    assert reasons(registry)["gift-cards-everyone"] == "it depends on whether `company` is given, for rule 1"


def test_the_verdicts_of_an_export_are_those_of_each_environment() -> None:
    registry = example("growthbook/export.json")
    assert registry.environments == ("production", "staging", "development")
    assert words(registry) == {
        "release-one-page in production": "constant true",
        "release-one-page in staging": "varies",
        "release-one-page in development": "code default",
        "ops-timeout in production": "varies",
        "ops-timeout in staging": "varies",
        "ops-timeout in development": "code default",
        "theme in production": "code default",
        "theme in staging": "code default",
        "theme in development": "code default",
    }


def test_an_export_tells_more_than_rules() -> None:
    flag, timeout, theme = example("growthbook/export.json").flags
    assert (flag.description, flag.owner, flag.tags) == (
        "One-page checkout",
        "payments@example.com",
        ("checkout", "web"),
    )
    assert flag.created == date(2026, 2, 1)
    assert (flag.key_span.start.line, flag.key_span.start.column) == (4, 13)
    assert [(need.key, need.variants) for need in timeout.needs] == [("release-one-page", ("true",))]
    assert [flag.value_type, timeout.value_type, theme.value_type] == [
        ValueType.BOOLEAN,
        ValueType.INTEGER,
        ValueType.OBJECT,
    ]
    assert theme.archived


def test_an_export_says_since_when() -> None:
    found = verdicts(example("growthbook/export.json"), NOW)["release-one-page"]["production"]
    assert isinstance(found, Constant)
    assert (found.since, found.switch) == (date(2026, 6, 1), True)


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([{"force": True}], "constant true"),
        ([{"force": True, "coverage": None}], "constant true"),
        ([{"condition": GERMANY, "force": True}, {"force": True}], "constant true"),
        ([{"condition": {}, "force": True}], "constant true"),
        ([{"condition": {"$or": []}, "force": True}], "constant true"),
        ([{"condition": {"$not": {}}, "force": True}], "constant false"),
        ([{"force": True, "coverage": 0}], "constant false"),
        ([{"variations": [True]}], "constant false"),  # an experiment needs two
        ([{"variations": [False, False]}], "constant false"),
        ([{"variations": [True, True], "meta": [{"passthrough": True}] * 2}], "constant false"),
        ([{"condition": GERMANY}], "constant false"),  # neither a value nor variations
        ([{"force": True, "tracks": [{"experiment": {}}]}], "constant true"),
        ([{"force": None, "condition": GERMANY}], "constant false"),
    ],
)
def test_rules_that_decide_for_everyone(rules: list[Any], verdict: str) -> None:
    assert of(*rules) == verdict


@pytest.mark.parametrize(
    "rule",
    [
        {"force": True, "condition": GERMANY},
        {"force": True, "coverage": 0.99},
        {"force": True, "coverage": 1},  # who has no `id` is not covered
        {"force": True, "range": [0, 1]},
        {"force": True, "filters": [{"seed": "s", "ranges": [[0, 1]]}]},
        {"force": True, "namespace": ["shop", 0, 1]},
        {"variations": [True, True]},
        {"variations": [True, False], "weights": [1, 0]},  # the address can ask for the other one
        {"variations": [False, True], "coverage": 0},
        {"contextualVariations": [True, True], "contextualBanditRef": "b"},
        {"force": True, "condition": {"country": {"$unknown": 1}}},
        {"force": True, "condition": {"$nor": [{}, {"$savedGroup": {"id": "g"}}]}},
    ],
)
def test_rules_that_can_be_skipped_fall_through(rule: dict[str, Any]) -> None:
    assert of(rule) == "varies"
    assert of(rule, default=True) == ("constant true" if False not in rule.get("variations", ()) else "varies")


def test_no_value_is_the_fallback_in_the_code() -> None:
    assert of(default=None) == "code default"
    assert of({"condition": GERMANY, "force": True}, default=None) == "varies"
    assert of({"variations": [None, None], "coverage": 1}, default=None) == "code default"


@pytest.mark.parametrize(
    ("parent", "gate", "verdict"),
    [
        ({"defaultValue": True}, False, "constant true"),
        ({"defaultValue": False}, False, "constant false"),
        ({"defaultValue": False}, True, "code default"),
        ({"defaultValue": False, "rules": [{"force": True, "condition": GERMANY}]}, False, "varies"),
        ({"defaultValue": False, "rules": [{"force": True, "condition": GERMANY}]}, True, "varies"),
        ({"defaultValue": None}, False, "constant false"),
        ({"defaultValue": 1}, False, "constant false"),  # 1 is not true
    ],
)
def test_prerequisites_fold_first(parent: dict[str, Any], gate: bool, verdict: str) -> None:
    rule = {"force": True, "parentConditions": [{**PARENT, "gate": gate}]}
    assert of(rule, parent=parent) == verdict


def test_a_parent_that_is_missing_has_no_value() -> None:
    assert of({"force": True, "parentConditions": [PARENT]}) == "constant false"
    assert of({"force": True, "parentConditions": [{**PARENT, "gate": True}]}) == "code default"


def test_a_circle_of_prerequisites_is_the_fallback_in_the_code() -> None:
    parent = {"defaultValue": True, "rules": [{"force": True, "parentConditions": [{"id": "f", "condition": {}}]}]}
    assert of({"force": True, "parentConditions": [PARENT]}, parent=parent) == "code default"


def test_what_is_cut_short_in_a_circle_is_asked_again_from_outside_of_it() -> None:
    def needs(key: str) -> dict[str, Any]:
        return {"force": True, "parentConditions": [{"id": key, "condition": {"value": True}}]}

    circle = {
        "a": {"defaultValue": False, "rules": [{"condition": GERMANY, "force": False}, needs("b")]},
        "b": {"defaultValue": False, "rules": [needs("a")]},
    }
    assert of(needs("b"), **circle) == "varies"  # in Germany it is false: both parents have a value there
    assert of(needs("a"), needs("b"), **circle) == "varies"


def test_a_long_chain_of_prerequisites_proves_nothing() -> None:
    chain = {
        f"p{index}": {
            "defaultValue": True,
            "rules": [{"parentConditions": [{"id": f"p{index + 1}", "condition": {"value": True}, "gate": True}]}],
        }
        for index in range(2_000)
    }
    assert words(written({"features": {**chain, "p2000": {"defaultValue": True}}}))["p0"] == "varies"


@pytest.mark.parametrize(
    ("schedule", "verdict"),
    [
        ([{"enabled": True, "timestamp": "2026-01-01T00:00:00Z"}], "constant true"),
        (
            [{"enabled": True, "timestamp": "2026-01-01T00:00:00Z"}, {"enabled": False, "timestamp": None}],
            "constant true",
        ),
        ([{"enabled": False, "timestamp": "2026-01-01T00:00:00Z"}], "constant false"),
        ([{"enabled": True, "timestamp": "2027-01-01T00:00:00Z"}], "varies"),
        ([{"enabled": True, "timestamp": "one day"}], "varies"),
    ],
)
def test_a_schedule_counts_when_it_is_over(schedule: list[Any], verdict: str) -> None:
    rule = {"type": "force", "enabled": True, "condition": "", "value": "true", "scheduleRules": schedule}
    assert exported(rule) == verdict


def exported(rule: dict[str, Any], **fields: Any) -> str:
    entry = {"enabled": True, "rules": [rule]}
    feature = {"id": "f", "valueType": "boolean", "defaultValue": "false", "environments": {"production": entry}}
    return words(written({"features": [{**feature, **fields}]}))["f in production"]


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ({"type": "force", "condition": "", "value": "true"}, "constant true"),
        ({"type": "force", "condition": "{}", "value": "true"}, "constant true"),
        ({"type": "force", "condition": '{"country": "DE"}', "value": "true"}, "varies"),
        ({"type": "force", "value": "true", "savedGroupTargeting": [{"matchType": "all"}]}, "varies"),
        ({"type": "rollout", "value": "true", "coverage": 0, "hashAttribute": "id"}, "constant false"),
        ({"type": "experiment-ref", "variations": [{"value": "true"}, {"value": "false"}]}, "varies"),
        ({"type": "experiment-ref", "variations": [{"value": "false"}, {"value": "false"}]}, "constant false"),
        ({"type": "safe-rollout", "controlValue": "false", "variationValue": "true"}, "varies"),
        ({"type": "force", "value": "true", "prerequisites": [{"id": "p", "condition": "{}"}]}, "varies"),
        ({"type": "force", "value": "true", "condition": "{"}, "unknown"),
        ({"type": "from-tomorrow", "value": "true"}, "unknown"),
    ],
)
def test_rules_of_an_export(rule: dict[str, Any], verdict: str) -> None:
    assert exported({"enabled": True, **rule}) == verdict


def test_a_payload_without_its_envelope_and_one_in_a_named_environment_are_read() -> None:
    assert words(written({"f": {"defaultValue": 3}})) == {"f": "constant on 3"}
    assert words(written({"features": {"f": {"defaultValue": 3}}}, environment="live")) == {
        "f in live": "constant on 3"
    }


def test_one_environment_of_an_export_can_be_named() -> None:
    text = (EXAMPLES / "growthbook/export.json").read_text()
    assert words(written(text, environment="staging"))["release-one-page in staging"] == "varies"
    assert told(written(text, environment="prod")) == ["3:5 it holds nothing of the environment `prod`"]


def test_says_what_cannot_be_read() -> None:
    assert told(written({"features": {}, "encryptedFeatures": "3Zb=="})) == [
        "1:39 the features are encrypted, so they cannot be read"
    ]
    assert told(written('{"features": {"f": {"defaultValue": 1, "rules": {}}}}')) == [
        "1:49 `f`: `rules` must be a list, not a mapping"
    ]
    page = json.loads(json.dumps({"features": [{"id": "f", "valueType": "boolean", "environments": {}}], "total": 9}))
    assert told(written(page)) == ["1:82 it holds 1 of 9 features"]
    number = {"id": "f", "valueType": "number", "defaultValue": "ten", "environments": {"a": {"enabled": True}}}
    assert told(written({"features": [number]})) == ["1:66 `f`: the value the text `ten` is not JSON"]


def test_what_cannot_be_read_is_unknown() -> None:
    assert of({"force": True, "coverage": "all"}) == "unknown"
    assert of(default=json.loads("1" * 20)) == f"constant on {'1' * 20}"
