"""Statsig's gates, configs and layers: the first rule that matches decides, also for those outside of its share."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from evaluation_kit.vendor_files import NOW, example, reasons, told, words, written

from flaglint.evaluator.proof import verdicts
from flaglint.model import Constant, ValueType

PUBLIC = {"type": "public", "targetValue": None, "operator": None}
EMAIL = {"type": "user_field", "targetValue": ["@example.com"], "operator": "str_contains_any", "field": "email"}


def rule(*conditions: Any, share: float = 100, value: Any = True, **others: Any) -> dict[str, Any]:
    return {"name": "r", "passPercentage": share, "returnValue": value, "conditions": list(conditions), **others}


def spec(*rules: Any, name: str = "f", on: bool = True, default: Any = False) -> dict[str, Any]:
    return {"name": name, "enabled": on, "defaultValue": default, "rules": list(rules)}


def gate(*rules: Any, among: Any = (), **fields: Any) -> str:
    return words(written({"feature_gates": [spec(*rules, **fields), *among]}))["f"]


def config(*rules: Any, **fields: Any) -> str:
    return words(written({"dynamic_configs": [spec(*rules, **{"default": {"a": 1}, **fields})]}))["f"]


def asks(kind: str, target: Any) -> dict[str, Any]:
    return {"type": kind, "targetValue": target, "operator": None}


def test_the_verdicts_of_specs() -> None:
    registry = example("statsig/specs.json")
    assert registry.problems == ()
    assert words(registry) == {
        "one_page_checkout": "constant true",
        "old_search": "constant false",
        "gift_cards": "varies",
        "staff_tools": "varies",
        "after_checkout": "constant true",
        "page_layout": 'constant {"columns": 3}',
        "price_test": "varies",
        "shop_layer": 'constant {"a": 1}',
    }
    assert reasons(registry)["staff_tools"] == "it depends on the segment `staff`"
    kinds = {flag.key: (flag.value_type, flag.type) for flag in registry.flags}
    assert kinds["old_search"] == (ValueType.BOOLEAN, "")
    assert kinds["price_test"] == (ValueType.OBJECT, "experiment")


def test_the_console_tells_more_and_names_environments() -> None:
    registry = example("statsig/console.json")
    assert registry.environments == ("production", "staging")
    assert words(registry) == {
        "wishlist in production": "constant true",
        "wishlist in staging": "varies",
        "circuit_breaker in production": "constant false",
        "circuit_breaker in staging": "constant false",
    }
    wishlist, breaker = registry.flags
    assert (wishlist.description, wishlist.owner, wishlist.tags) == ("Wishlists", "Ada", ("shop",))
    assert wishlist.created == date(2026, 2, 1)
    assert (wishlist.is_permanent, breaker.is_permanent) == (False, True)
    assert breaker.permanent == ""  # its `typeReason` is none for that
    found = verdicts(registry, NOW)["wishlist"]["production"]
    assert isinstance(found, Constant)
    assert found.since == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([], "constant false"),
        ([rule(PUBLIC)], "constant true"),
        ([rule()], "constant true"),
        ([rule(PUBLIC, share=0)], "constant false"),
        ([rule(PUBLIC, share=99.9)], "varies"),
        ([rule(PUBLIC, share=0), rule(PUBLIC)], "constant false"),  # no later rule for those outside
        ([rule(EMAIL), rule(PUBLIC)], "constant true"),
        ([rule(EMAIL, share=0), rule(PUBLIC)], "varies"),
        ([rule(EMAIL)], "varies"),
        ([rule(PUBLIC, EMAIL)], "varies"),
        ([rule(PUBLIC, value=False)], "varies"),  # older SDKs do not look at the value of a gate
        ([rule({"type": "unheard_of"}), rule(PUBLIC)], "varies"),
        ([rule({**EMAIL, "operator": "unheard_of"}), rule(PUBLIC)], "varies"),
        ([rule({"type": "unheard_of", "operator": "eq"}, PUBLIC, share=0)], "constant false"),
        ([rule(PUBLIC, {"type": "unheard_of", "operator": "eq"}, share=0)], "varies"),  # the newer SDK serves true
        ([rule(EMAIL, {**EMAIL, "type": "unheard_of"}, share=0)], "varies"),
        ([rule({**EMAIL, "operator": "gte", "targetValue": 1}), rule(PUBLIC)], "varies"),  # a text is not compared
        ([rule({"type": "current_time", "operator": "gt", "targetValue": 1_600_000_000_000})], "varies"),
    ],
)
def test_rules_of_a_gate(rules: list[Any], verdict: str) -> None:
    assert gate(*rules) == verdict


def test_a_gate_that_is_not_enabled_is_off_where_its_rules_are_left_out() -> None:
    assert gate(on=False) == "constant false"
    assert gate(rule(PUBLIC), on=False) == "varies"  # newer SDKs look at the rules all the same
    assert gate(rule(PUBLIC, share=0), on=False) == "constant false"
    listed = {"id": "f", "isEnabled": False, "rules": [rule(PUBLIC)]}
    assert words(written({"data": [listed]})) == {"f": "constant false"}


@pytest.mark.parametrize(
    ("condition", "verdict"),
    [
        (asks("pass_gate", "p"), "constant true"),
        (asks("fail_gate", "p"), "constant false"),
        (asks("pass_gate", "off"), "constant false"),
        (asks("fail_gate", "off"), "constant true"),
        (asks("pass_gate", "missing"), "constant false"),
        (asks("multi_pass_gate", ["off", "p"]), "varies"),  # not every SDK knows it
        (asks("multi_fail_gate", ["p"]), "varies"),
        (asks("pass_gate", "some"), "varies"),
        (asks("pass_gate", "f"), "varies"),  # a circle
        (asks("pass_gate", "segment:all"), "constant true"),
    ],
)
def test_gates_that_are_asked_about_fold_first(condition: Any, verdict: str) -> None:
    among = [
        spec(rule(PUBLIC), name="p"),
        spec(name="off"),
        spec(rule(EMAIL), name="some"),
        spec(rule(PUBLIC), name="segment:all"),
    ]
    assert gate(rule(condition), among=among) == verdict


def test_segments_of_a_gate_that_is_asked_about_count() -> None:
    among = [spec(rule(asks("pass_gate", "segment:s")), name="p"), spec(rule(EMAIL), name="segment:s")]
    assert gate(rule(asks("fail_gate", "p")), among=among) == "varies"


def test_a_segment_is_no_flag() -> None:
    registry = written({"feature_gates": [spec(rule(PUBLIC), name="segment:all")]})
    assert registry.flags == ()


@pytest.mark.parametrize(
    ("rules", "verdict"),
    [
        ([], 'constant {"a": 1}'),
        ([rule(PUBLIC, value={"a": 2})], 'constant {"a": 2}'),
        ([rule(EMAIL, value={"a": 1})], 'constant {"a": 1}'),
        ([rule(EMAIL, value={"a": 2})], "varies"),
        ([rule(PUBLIC, value={"a": 2}, share=0)], 'constant {"a": 1}'),
        ([rule(PUBLIC, value={"a": 2}, configDelegate="other")], "varies"),
    ],
)
def test_configs(rules: list[Any], verdict: str) -> None:
    assert config(*rules) == verdict


def test_a_config_that_is_not_enabled_serves_its_default() -> None:
    assert config(on=False) == 'constant {"a": 1}'
    assert config(rule(PUBLIC, value={"a": 2}), on=False) == "varies"


def test_conditions_may_stand_apart() -> None:
    gates = {"f": {"enabled": True, "defaultValue": False, "rules": [rule("1")]}}
    assert words(written({"feature_gates": gates, "condition_map": {"1": PUBLIC}})) == {"f": "constant true"}
    assert words(written({"feature_gates": gates, "condition_map": {}})) == {"f": "varies"}


def test_an_override_of_the_whole_proves_nothing() -> None:
    specs = {"feature_gates": [spec(rule(PUBLIC))], "overrides": {"f": [{"rules": []}]}}
    assert words(written(specs)) == {"f": "varies"}


def test_a_name_for_a_gate_and_a_config_is_ambiguous() -> None:
    registry = written({"feature_gates": [spec(rule(PUBLIC))], "dynamic_configs": [spec()]})
    assert words(registry) == {"f": "unknown"}
    assert "at once" in registry.problems[0].message


def test_says_what_cannot_be_read() -> None:
    assert told(written({"feature_gates": [{"name": "f", "enabled": True, "rules": [{}]}]}))[0].endswith(
        "`f`: an item of `rules` needs `passPercentage`"
    )
    assert told(written({}, form="statsig")) == ["1:1 there are no `feature_gates`, `dynamic_configs` or `data`"]
    page = {
        "data": [{"id": "f", "isEnabled": True, "rules": []}],
        "pagination": {"nextPage": "/console/v1/gates?page=2"},
    }
    assert told(written(page))[0].endswith("it is one page of several")


def test_says_what_a_gate_depends_on_where_sdks_differ() -> None:
    odd = reasons(written({"feature_gates": [spec(rule(PUBLIC, value=False)), spec(default=True, name="g")]}))
    assert odd == {
        "f": "it depends on whether an SDK looks at the value of rule 1",
        "g": "it depends on whether an SDK looks at the default value",
    }
