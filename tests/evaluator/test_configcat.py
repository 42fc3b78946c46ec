"""ConfigCat's settings: rules, shares, values, and what makes an SDK serve the default in the code."""

from __future__ import annotations

from typing import Any

import pytest
from evaluation_kit.vendor_files import example, reasons, told, words, written

from flaglint.model import ValueType

ON, OFF = {"v": {"b": True}}, {"v": {"b": False}}
GERMANY = {"u": {"a": "Country", "c": 0, "l": ["DE"]}}


def of(*rules: Any, among: Any = None, **fields: Any) -> str:
    """Return the verdict of a boolean setting that is off, with these rules."""
    setting = {"t": 0, **OFF, "r": list(rules), **fields}
    return words(written({"p": {}, "f": {"f": setting, **(among or {})}}))["f"]


def asks(key: str = "p", comparator: int = 0, **value: Any) -> dict[str, Any]:
    return {"p": {"f": key, "c": comparator, "v": value or {"b": True}}}


def test_the_verdicts_of_a_config() -> None:
    registry = example("configcat/config_v6.json")
    assert told(registry) == ["42:32 `askedWrongly`: `bannerColour` has no variant `true`, so it never serves it"]
    assert words(registry) == {
        "onePageCheckout": "constant true",
        "oldSearch": "constant false",
        "bannerColour": 'constant "blue"',
        "staffTools": "varies",
        "giftCards": "varies",
        "giftWrap": "varies",
        "pageSize": "constant 50",
        "ratio": "constant 0.25",
        "askedWrongly": "code default",
    }
    assert reasons(registry)["pageSize"] == "rule 1 matches everyone"


def test_types_follow_the_number() -> None:
    kinds = {flag.key: flag.value_type for flag in example("configcat/config_v6.json").flags}
    assert (kinds["giftCards"], kinds["bannerColour"]) == (ValueType.BOOLEAN, ValueType.STRING)
    assert (kinds["pageSize"], kinds["ratio"]) == (ValueType.INTEGER, ValueType.FLOAT)


@pytest.mark.parametrize(
    ("rules", "fields", "verdict"),
    [
        ([], {}, "constant false"),
        ([{"c": [GERMANY], "s": ON}], {}, "varies"),
        ([{"c": [GERMANY], "s": OFF}], {}, "constant false"),
        ([{"c": [GERMANY], "p": [{"p": 100, **ON}]}], {}, "varies"),
        ([{"c": [GERMANY], "p": [{"p": 0, **ON}, {"p": 100, **OFF}]}], {}, "constant false"),
        ([{"c": [], "s": ON}], {}, "varies"),  # SDKs do not agree
        ([], {"p": [{"p": 100, **ON}]}, "varies"),  # without a user it is off
        ([], {"p": [{"p": 100, **ON}], "v": {"b": True}}, "constant true"),
        ([], {"p": [{"p": 0, **ON}, {"p": 100, **OFF}]}, "constant false"),
        ([], {"p": [{"p": 100, **OFF}, {"p": 50, **ON}]}, "constant false"),  # beyond the hundred
        ([], {"v": {"s": "on"}}, "code default"),  # a value of another type
        ([{"c": [GERMANY], "s": {"v": {"s": "on"}}}], {}, "varies"),
        ([{"c": [{"u": {"a": "Country", "c": 99}}], "s": OFF}], {}, "varies"),  # an unknown comparison may raise
        ([{"c": [{"z": {}}], "s": OFF}], {}, "varies"),
        ([{"c": [{"u": {"a": "Age", "c": 12, "d": 18}}], "s": OFF}], {}, "varies"),  # the Python SDK raises on a list
    ],
)
def test_rules_and_shares(rules: list[Any], fields: dict[str, Any], verdict: str) -> None:
    assert of(*rules, **fields) == verdict


@pytest.mark.parametrize(("comparator", "verdict"), [(2, "constant false"), (18, "varies")])
def test_a_segment_that_compares_dates_may_fail(comparator: int, verdict: str) -> None:
    rule = {"c": [{"s": {"s": 1, "c": 0}}], "s": OFF}
    segments = [{"n": "A", "r": [{"a": "x", "c": 2}]}, {"n": "B", "r": [{"a": "x", "c": comparator}]}]
    assert words(written({"s": segments, "f": {"f": {"t": 0, **OFF, "r": [rule]}}})) == {"f": verdict}


@pytest.mark.parametrize(
    ("condition", "parent", "verdict"),
    [
        (asks(), {"t": 0, **ON}, "constant true"),
        (asks(), {"t": 0, **OFF}, "constant false"),
        (asks(comparator=1), {"t": 0, **OFF}, "constant true"),
        (asks(comparator=7), {"t": 0, **OFF}, "code default"),
        (asks(s="x"), {"t": 1, "v": {"s": "x"}}, "constant true"),
        (asks(s="x"), {"t": 0, **ON}, "code default"),  # a text asked of a boolean
        (asks(), {"t": 0, **OFF, "r": [{"c": [GERMANY], "s": ON}]}, "varies"),
        (asks(), {"t": 0, "v": {"s": "x"}}, "code default"),
        (asks(), {"t": 0, **ON, "r": [{"c": [asks("f")], "s": ON}]}, "code default"),  # a circle
        (asks("gone"), {"t": 0, **ON}, "code default"),
    ],
)
def test_conditions_on_flags_fold_first(condition: Any, parent: Any, verdict: str) -> None:
    assert of({"c": [condition], "s": ON}, among={"p": parent}) == verdict


def test_a_condition_that_cannot_be_evaluated_counts_where_it_is_reached() -> None:
    assert of({"c": [GERMANY, asks("gone")], "s": ON}) == "varies"
    assert of({"c": [asks(), asks("gone")], "s": ON}, among={"p": {"t": 0, **OFF}}) == "constant false"


def test_what_is_cut_short_in_a_circle_is_asked_again_from_outside_of_it() -> None:
    circle = {
        "a": {"t": 0, **OFF, "r": [{"c": [GERMANY, asks("b")], "s": OFF}]},
        "b": {"t": 0, **OFF, "r": [{"c": [asks("a")], "s": ON}]},
    }
    assert of({"c": [asks("b")], "s": ON}, among=circle) == "varies"  # outside of Germany nothing goes round
    assert of({"c": [asks("a")], "s": ON}, {"c": [asks("b")], "s": ON}, among=circle) == "varies"


def test_parents_are_known_with_the_value_that_is_asked_for() -> None:
    flags = {flag.key: flag for flag in example("configcat/config_v6.json").flags}
    assert [(need.key, need.variants) for need in flags["pageSize"].needs] == [("onePageCheckout", ("true",))]


def test_says_what_cannot_be_read() -> None:
    assert told(written({"f": {"f": {"t": 9, "v": {}}}})) == ["1:19 `f`: the type `t` must be 0, 1, 2 or 3"]
    missing = {"t": 0, **OFF, "r": [{"c": [{"s": {"s": 3, "c": 0}}], "s": ON}]}
    assert told(written({"f": {"f": missing}})) == ["1:66 `f`: there is no segment 3, so SDKs refuse the whole file"]
    assert words(written({"f": {"f": missing, "g": {"t": 0, **ON}}})) == {"f": "unknown", "g": "unknown"}
    assert told(written({"p": {}}, form="configcat")) == ["1:1 there are no settings: `f` is no mapping"]
