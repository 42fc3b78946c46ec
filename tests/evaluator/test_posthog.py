"""PostHog's flags: any group that matches, its variant, and what can still keep a flag off."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from evaluation_kit.vendor_files import NOW, example, reasons, told, words, written

from flaglint.evaluator.proof import verdicts
from flaglint.model import Constant

EMAIL = {"key": "email", "type": "person", "value": "@example.com", "operator": "icontains"}
EVERYONE = {"properties": [], "rollout_percentage": 100}


def flag(*groups: Any, key: str = "f", shares: Any = None, on: Any = True, **others: Any) -> dict[str, Any]:
    filters = {"groups": list(groups), **others.pop("filters", {})}
    if shares is not None:
        filters["multivariate"] = {"variants": [{"key": name, "rollout_percentage": share} for name, share in shares]}
    return {"id": 1, "key": key, "active": on, "filters": filters, **others}


def of(*groups: Any, among: Any = (), **others: Any) -> str:
    return words(written({"flags": [flag(*groups, **others), *among]}))["f"]


def test_the_verdicts_of_definitions_for_local_evaluation() -> None:
    registry = example("posthog/local_evaluation.json")
    assert registry.problems == ()
    assert words(registry) == {
        "one-page-checkout": "constant true",
        "search-v2": "constant true",
        "old-search": "constant false",
        "gift-cards": "varies",
        "staff-tools": "varies",
        "button-colour": "varies",
        "banner": 'constant on "large"',
        "for-companies": "varies",
        "nobody-yet": "constant false",
        "after-search": "constant true",
    }
    assert reasons(registry)["gift-cards"] == "it depends on the 20 % of group 1"


def test_a_flag_that_is_deleted_is_not_served_and_sdks_do_not_look_at_it() -> None:
    gone = flag(EVERYONE, deleted=True)
    assert words(written({"results": [gone]}))["f"] == "code default"
    assert words(written({"flags": [gone]}))["f"] == "constant true"


def test_the_api_tells_more() -> None:
    registry = example("posthog/api.json")
    assert words(registry) == {"wishlist": "constant true", "price-display": "varies"}
    wishlist, price = registry.flags
    assert (wishlist.description, wishlist.owner, wishlist.tags) == ("Wishlists", "ada@example.com", ("shop",))
    assert wishlist.created == date(2026, 2, 1)
    assert (wishlist.type, price.type) == ("", "experiment")
    assert [(variant.name, variant.value) for variant in price.variants] == [
        ("control", "control"),
        ("net", "net"),
        ("false", False),
    ]
    found = verdicts(registry, NOW)["wishlist"]["default"]
    assert isinstance(found, Constant)
    assert found.since == date(2026, 3, 1)


@pytest.mark.parametrize(
    ("groups", "verdict"),
    [
        ([EVERYONE], "constant true"),
        ([{"properties": [], "rollout_percentage": None}], "constant true"),  # no percentage is everyone
        ([{"properties": []}], "constant true"),
        ([{"properties": [EMAIL], "rollout_percentage": 10}, EVERYONE], "constant true"),  # any group is enough
        ([EVERYONE, {"properties": [EMAIL], "rollout_percentage": 0}], "constant true"),
        ([], "constant false"),
        ([{"properties": [], "rollout_percentage": 0}], "constant false"),
        ([{"properties": [EMAIL], "rollout_percentage": 0}], "constant false"),
        ([{"properties": [EMAIL], "rollout_percentage": None}], "varies"),
        ([{"properties": [], "rollout_percentage": 99.9}], "varies"),
        ([{**EVERYONE, "aggregation_group_type_index": 0}], "varies"),
    ],
)
def test_groups(groups: list[Any], verdict: str) -> None:
    assert of(*groups) == verdict
    assert of(*groups, on=False) == "constant false"


@pytest.mark.parametrize(
    ("shares", "variant", "verdict"),
    [
        ([("a", 100)], None, 'constant on "a"'),
        ([("a", 0), ("b", 100)], None, 'constant on "b"'),
        ([("a", 50), ("b", 50)], None, "varies"),
        ([("a", 50), ("b", 50)], "b", 'constant on "b"'),
        ([("a", 50), ("b", 50)], "gone", "varies"),  # a variant that does not exist overrides nothing
        ([("a", 99)], None, "varies"),  # who is left over gets `true`
        ([], None, "constant true"),
    ],
)
def test_variants(shares: list[Any], variant: str | None, verdict: str) -> None:
    assert of({**EVERYONE, "variant": variant}, shares=shares) == verdict


@pytest.mark.parametrize(
    "filters",
    [
        {"aggregation_group_type_index": 0},
        {"bucketing_identifier": "device_id"},
        {"feature_enrollment": True},
        {"super_groups": [{"properties": [EMAIL], "rollout_percentage": 100}]},
        {"holdout": {"id": 3, "exclusion_percentage": 10}},
        {"holdout_groups": [{"rollout_percentage": 10, "variant": "holdout-3"}]},
    ],
)
def test_what_can_keep_it_off_though_a_group_is_everyone(filters: dict[str, Any]) -> None:
    assert of(EVERYONE, filters=filters) == "varies"


def test_a_share_that_ends_the_search_can_keep_it_off() -> None:
    share = {"properties": [], "rollout_percentage": 10}
    assert of(share, EVERYONE) == "constant true"
    assert of(share, EVERYONE, filters={"early_exit": True}) == "varies"


def test_continuity_keeps_nobody_out() -> None:
    assert of(EVERYONE, ensure_experience_continuity=True) == "constant true"


def test_a_flag_for_browsers_is_not_given_to_servers() -> None:
    assert of(EVERYONE, evaluation_runtime="all") == "constant true"
    assert of(EVERYONE, evaluation_runtime="client") == "varies"


@pytest.mark.parametrize(
    ("parent", "wanted", "verdict"),
    [
        ([EVERYONE], True, "constant true"),
        ([EVERYONE], False, "constant false"),
        ([], False, "constant true"),
        ([{"properties": [EMAIL]}], True, "varies"),
    ],
)
def test_flags_that_are_asked_about_fold_first(parent: list[Any], wanted: bool, verdict: str) -> None:
    asked = {"key": "p", "type": "flag", "value": wanted, "operator": "flag_evaluates_to", "dependency_chain": ["p"]}
    group = {"properties": [asked], "rollout_percentage": 100}
    assert of(group, among=[flag(*parent, key="p")]) == verdict
    assert of(group) == "varies"  # a parent that is not in the file
    assert of(group, among=[flag(group, key="p")]) == "varies"  # a circle


def test_any_variant_of_a_parent_is_as_good_as_true() -> None:
    asked = {"key": "p", "type": "flag", "value": True, "operator": "flag_evaluates_to", "dependency_chain": ["p"]}
    parent = flag(EVERYONE, key="p", shares=[("a", 100)])
    assert of({"properties": [asked]}, among=[parent]) == "constant true"


def test_says_what_cannot_be_read() -> None:
    assert told(written({"flags": [flag({"rollout_percentage": "all"})]})) == [
        "1:96 `f`: `rollout_percentage` must be a number, not the text `all`"
    ]
    assert of({"rollout_percentage": "all"}) == "unknown"
    page = {"count": 300, "next": "https://posthog.example/?offset=100", "results": [flag(EVERYONE)]}
    assert told(written(page)) == ["1:24 it holds 1 of 300 flags"]
    assert told(written({}, form="posthog")) == ["1:1 there are no `flags` or `results`"]


def test_a_variant_that_leaves_some_over_is_what_a_flag_depends_on() -> None:
    registry = written({"flags": [flag(EVERYONE, shares=[("x", 99.5)])]})
    assert reasons(registry)["f"] == "it depends on the variant that a user is given"


def test_a_flag_without_groups_that_exits_early_is_off() -> None:
    flag = {"key": "f", "active": True, "filters": {"early_exit": True}}
    assert words(written({"flags": [flag]}, form="posthog")) == {"f": "constant false"}
