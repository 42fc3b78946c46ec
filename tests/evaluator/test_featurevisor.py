"""Featurevisor's features: on or off, and the variation, in definitions and in datafiles."""

from __future__ import annotations

from typing import Any

import pytest
from evaluation_kit.vendor_files import EXAMPLES, NOW, example, reasons, told, words, written

from flaglint.model import ValueType
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files

EVERYONE = {"key": "everyone", "segments": "*", "percentage": 100_000}


def of(*rules: Any, among: Any = None, **fields: Any) -> str:
    """Return the verdict of a feature of a datafile."""
    feature = {"bucketBy": "userId", "traffic": list(rules), **fields}
    return words(written({"schemaVersion": "2", "features": {"f": feature, **(among or {})}}))["f"]


def built(*rules: Any, **fields: Any) -> dict[str, Any]:
    return {"bucketBy": "userId", "traffic": list(rules), **fields}


def project() -> Any:
    """Load the definitions of the examples together, as a project has them."""
    files = sorted((EXAMPLES / "featurevisor").glob("*.yml"))
    return load_files([File(f"features/{path.name}", path.read_bytes()) for path in files], now=NOW)


def test_the_verdicts_of_a_project() -> None:
    registry = project()
    assert registry.problems == ()
    assert registry.environments == ("staging", "production")
    assert words(registry) == {
        "buttonColour in staging": 'constant on "green"',
        "buttonColour in production": "varies",
        "cardVault in staging": "constant true",
        "cardVault in production": "constant true",
        "oldSearch in staging": "code default",
        "oldSearch in production": "code default",
        "onePageCheckout in staging": "constant true",
        "onePageCheckout in production": "varies",
    }


def test_the_verdicts_of_a_datafile() -> None:
    registry = example("featurevisor/datafile.json")
    assert registry.problems == ()
    assert words(registry) == {
        "cart": "constant true",
        "wishlist": "varies",
        "giftWrap": "constant false",
        "layout": 'constant on "wide"',
        "prices": "varies",
    }
    assert reasons(registry)["prices"] == "it depends on the weights of its variations"


def test_a_definition_tells_more_than_rules() -> None:
    flags = {flag.key: flag for flag in project().flags}
    one = flags["onePageCheckout"]
    assert (one.description, one.tags) == ("One-page checkout", ("all", "checkout"))
    assert [need.key for need in one.needs] == ["cardVault"]
    assert flags["oldSearch"].archived
    assert [variant.name for variant in flags["buttonColour"].variants] == ["control", "green"]
    assert (one.value_type, flags["buttonColour"].value_type) == (ValueType.BOOLEAN, ValueType.STRING)


def test_the_key_is_the_path_below_features() -> None:
    data = (EXAMPLES / "featurevisor" / "cardVault.yml").read_bytes()
    keys = [
        load_files([File(path, data)]).flags[0].key
        for path in ("features/a.yml", "shop/features/checkout/cart.v2.yml", "cart.yaml")
    ]
    assert keys == ["a", "checkout/cart.v2", "cart"]


@pytest.mark.parametrize(
    ("rules", "fields", "verdict"),
    [
        ([EVERYONE], {}, "constant true"),
        ([{**EVERYONE, "segments": []}], {}, "constant true"),
        ([], {}, "constant false"),
        ([{**EVERYONE, "percentage": 0}], {}, "constant false"),
        ([{**EVERYONE, "percentage": 99_999}], {}, "varies"),
        ([{**EVERYONE, "percentage": 0}, EVERYONE], {}, "constant false"),  # the first that matches decides
        ([{**EVERYONE, "segments": "germany"}], {}, "varies"),
        ([{**EVERYONE, "segments": "germany"}, EVERYONE], {}, "constant true"),
        ([{**EVERYONE, "conditions": [{"attribute": "a"}]}], {}, "varies"),
        ([{**EVERYONE, "enabled": False}], {}, "constant false"),
        ([{**EVERYONE, "percentage": 5, "enabled": True}], {}, "constant true"),
        ([{**EVERYONE, "requiredFeatures": ["x"]}], {}, "varies"),
        ([EVERYONE], {"force": [{"segments": "testers", "enabled": False}]}, "varies"),
        ([EVERYONE], {"force": [{"segments": "testers", "enabled": True}]}, "constant true"),
        ([], {"force": [{"segments": "*", "enabled": True}]}, "constant true"),
        ([EVERYONE], {"conditions": [{"attribute": "a"}]}, "varies"),
    ],
)
def test_on_or_off(rules: list[Any], fields: dict[str, Any], verdict: str) -> None:
    assert of(*rules, **fields) == verdict


VARIATIONS = [{"value": "a"}, {"value": "b"}]


@pytest.mark.parametrize(
    ("rule", "verdict"),
    [
        ({"allocation": [{"variation": "a", "range": [0, 100_000]}]}, 'constant on "a"'),
        ({"allocation": [{"variation": "a", "range": [0, 99_999]}]}, 'constant on "a"'),  # the last bucket
        ({"allocation": [{"variation": "a", "range": [0, 99_998]}]}, "varies"),
        ({"allocation": [{"variation": "a", "range": [0, 5]}, {"variation": "b", "range": [5, 100_000]}]}, "varies"),
        ({"allocation": [], "variation": "b"}, 'constant on "b"'),
        ({"allocation": [], "variation": "gone"}, "constant on null"),
        ({"allocation": [{"variation": "gone", "range": [0, 100_000]}]}, "constant on null"),
        ({"percentage": 0}, 'constant off "off"'),
    ],
)
def test_variations(rule: dict[str, Any], verdict: str) -> None:
    assert of({**EVERYONE, **rule}, variations=VARIATIONS, disabledVariationValue="off") == verdict


def test_a_variation_that_is_forced_on_some_counts() -> None:
    rule = {**EVERYONE, "allocation": [{"variation": "a", "range": [0, 100_000]}]}
    assert of(rule, variations=VARIATIONS, force=[{"segments": "testers", "variation": "b"}]) == "varies"
    assert of(rule, variations=VARIATIONS, force=[{"segments": "testers", "variation": "gone"}]) == 'constant on "a"'


def test_weights_of_a_definition() -> None:
    text = "bucketBy: userId\nvariations: [{{value: a, weight: {}}}, {{value: b, weight: {}}}]\nrules: [{}]\n"
    rule = "{key: all, segments: '*', percentage: 100}"
    assert words(written(text.format(50, 50, rule), "f.yml")) == {"f": "varies"}
    assert words(written(text.format(50, 50, rule[:-1] + ", variation: b}"), "f.yml")) == {"f": 'constant on "b"'}
    one = "bucketBy: userId\nvariations: [{value: a, weight: 100}]\nrules: [" + rule + "]\n"
    assert words(written(one, "f.yml")) == {"f": 'constant on "a"'}


@pytest.mark.parametrize(
    ("required", "verdict"),
    [
        ("on", "constant true"),
        ("off", "constant false"),
        ("some", "varies"),
        ("missing", "varies"),
        ("f", "varies"),  # in a circle
        ([{"feature": "on"}], "constant true"),
        ([{"feature": "on", "variation": "a"}], "varies"),
        ([{"or": ["on", "off"]}], "varies"),
    ],
)
def test_features_that_are_required_fold_first(required: Any, verdict: str) -> None:
    among = {"on": built(EVERYONE), "off": built(), "some": built({**EVERYONE, "segments": "germany"})}
    assert of(EVERYONE, among=among, requiredFeatures=required) == verdict


def test_older_requirements_may_not_count_in_a_datafile() -> None:
    among = {"on": built(EVERYONE), "off": built()}
    assert of(EVERYONE, among=among, required=["on"]) == "constant true"
    assert of(EVERYONE, among=among, required=["off"]) == "varies"  # newer SDKs pass over it
    assert of(among=among, required=["off"]) == "constant false"


def test_older_definitions_have_environments() -> None:
    text = """\
description: old
bucketBy: userId
environments:
  production:
    expose: false
    rules: [{key: all, segments: "*", percentage: 100}]
  staging:
    rules: [{key: all, segments: "*", percentage: 100}]
"""
    assert words(written(text, "features/f.yml")) == {
        "f in production": "constant false",
        "f in staging": "constant true",
    }
    assert words(written(text, "features/f.yml", environment="staging")) == {"f in staging": "constant true"}


def test_says_what_cannot_be_read() -> None:
    text = "description: x\nbucketBy: userId\nrules:\n  production:\n    - {key: a, segments: '*'}\n"
    assert told(written(text, "features/f.yml")) == ["5:8 `f`: an item of `rules` of `production` needs `percentage`"]
    assert words(written(text, "features/f.yml")) == {"f in production": "unknown"}
    assert told(written({}, form="featurevisor")) == ["1:1 there are no `features`, and it is no definition of one"]
