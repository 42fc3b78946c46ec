"""Unleash's files: features as SDKs get them, and exports, with the quirks of strategies, segments and parents."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from flaglint.evaluator.proof import verdicts
from flaglint.model import Constant, Unknown, Varies
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files

DEFAULT = {"name": "default", "parameters": {}}


def load(document: Any, **spec: str) -> Any:
    return load_files(
        [File("unleash.json", json.dumps(document).encode(), spec.get("form", ""), spec.get("environment", ""))]
    )


def features(*found: dict[str, Any], segments: Any = ()) -> Any:
    defaults: dict[str, Any] = {"name": "f", "type": "release", "enabled": True, "strategies": []}
    return load(
        {"version": 1, "features": [{**defaults, **one} for one in found], "segments": list(segments)}, form="unleash"
    )


def test_sdks_do_not_look_at_whether_a_feature_is_archived() -> None:
    assert of(DEFAULT, archived=True).value is True


def test_a_file_of_version_1_is_not_taken_for_a_native_one() -> None:
    registry = load({"version": 1, "features": [{"name": "f", "enabled": True, "strategies": []}]})
    assert [flag.format for flag in registry.flags] == ["unleash"]


def of(*strategies: dict[str, Any], segments: Any = (), **fields: Any) -> Any:
    registry = features({"strategies": list(strategies), **fields}, segments=segments)
    return verdicts(registry, 0)["f"]["default"]


def flexible(rollout: Any, **parameters: Any) -> dict[str, Any]:
    return {"name": "flexibleRollout", "parameters": {"rollout": rollout, "groupId": "f", **parameters}}


def constrained(operator: str, *values: str, **more: Any) -> dict[str, Any]:
    return {**DEFAULT, "constraints": [{"contextName": "country", "operator": operator, "values": [*values], **more}]}


NOBODY = constrained("IN")


@pytest.mark.parametrize(
    ("strategies", "on"),
    [
        ([], True),
        ([DEFAULT], True),
        ([flexible("100", stickiness="default")], True),
        ([flexible("100", stickiness="random")], True),
        ([flexible("100")], True),
        ([flexible("0", stickiness="default")], False),
        ([{"name": "gradualRolloutRandom", "parameters": {"percentage": "100"}}], True),
        ([NOBODY], False),
        ([constrained("IN", inverted=True)], True),
        ([constrained("NOT_IN")], True),
        ([constrained("NOT_IN", inverted=True)], False),
        ([NOBODY, flexible("25"), DEFAULT], True),  # one that matches is enough
        ([NOBODY, flexible("0")], False),
        ([{**DEFAULT, "segments": [1]}], True),
        ([{**DEFAULT, "segments": [1, 2]}], False),
    ],
)
def test_constant(strategies: list[dict[str, Any]], on: bool) -> None:
    nobody = NOBODY["constraints"]
    found = of(*strategies, segments=[{"id": 1, "constraints": []}, {"id": 2, "constraints": nobody}])
    assert isinstance(found, Constant), found
    assert found.value is on


@pytest.mark.parametrize(
    "strategy",
    [
        flexible("100", stickiness="userId"),  # who has no userId does not get it
        flexible("100", stickiness=""),
        flexible("99", stickiness="default"),
        flexible("all", stickiness="default"),
        {"name": "gradualRolloutUserId", "parameters": {"percentage": "100"}},
        {"name": "userWithId", "parameters": {"userIds": ""}},
        {"name": "ourOwnStrategy"},
        {**DEFAULT, "disabled": True},  # SDKs are not told of disabled ones
        constrained("IN", "DE"),
        {**DEFAULT, "segments": [3]},
    ],
)
def test_varies(strategy: dict[str, Any]) -> None:
    staff = {"contextName": "email", "operator": "STR_ENDS_WITH", "values": ["@example.com"]}
    assert isinstance(of(strategy, segments=[{"id": 3, "constraints": [staff]}]), Varies)


@pytest.mark.parametrize(
    "strategy",
    [
        {**DEFAULT, "segments": [7]},
        constrained("NO_SUCH_OPERATOR", "DE"),
        constrained("STR_STARTS_WITH"),
        {**DEFAULT, "constraints": [{"contextName": "age", "operator": "NUM_GT", "value": "old"}]},
        flexible("101"),
        flexible("50", groupId='say "hi"'),
    ],
)
def test_what_the_engine_cannot_compile_switches_the_feature_off_and_proves_nothing(strategy: dict[str, Any]) -> None:
    assert isinstance(of(strategy, DEFAULT), Unknown)
    assert of(strategy, enabled=False).value is False


def test_a_segment_that_does_not_exist_is_a_finding() -> None:
    registry = features({"strategies": [{**DEFAULT, "segments": [7]}]}, segments=[{"id": 6, "constraints": []}])
    assert [problem.code for problem in registry.problems] == ["FLG407"]
    assert not registry.flags[0].problems


@pytest.mark.parametrize(
    ("parent", "wanted", "on"),
    [
        ({}, {}, True),
        ({"enabled": False}, {}, False),
        ({"enabled": False}, {"enabled": False}, True),
        ({}, {"enabled": False}, False),
        ({"variants": [{"name": "red", "weight": 1000}]}, {"variants": ["red"]}, True),
        ({"variants": [{"name": "red", "weight": 1000}]}, {"variants": ["blue"]}, False),
        ({}, {"variants": ["disabled"]}, True),
        ({"enabled": False}, {"variants": ["disabled"]}, False),
        ({"dependencies": [{"feature": "q"}]}, {}, False),  # one level is all there is
        ({"name": "q"}, {}, False),
        ({"name": "q"}, {"enabled": False}, False),
    ],
)
def test_parents(parent: dict[str, Any], wanted: dict[str, Any], on: bool) -> None:
    child = {"dependencies": [{"feature": "p", **wanted}]}
    found = verdicts(features(child, {"name": "p", **parent}), 0)["f"]["default"]
    assert isinstance(found, Constant), found
    assert found.value is on


def test_a_parent_that_varies_leaves_both_ways_open() -> None:
    child = {"dependencies": [{"feature": "p"}]}
    parent = {"name": "p", "strategies": [flexible("50")]}
    assert verdicts(features(child, parent), 0)["f"]["default"] == Varies("it depends on the parent `p`")


def test_a_parent_that_is_to_be_off_and_to_have_a_variant_proves_nothing() -> None:
    """The Python SDK's engine asks for the variant, too; the specification does not."""
    child = {"dependencies": [{"feature": "p", "enabled": False, "variants": ["red"]}]}
    parent = {"name": "p", "enabled": False, "variants": [{"name": "blue", "weight": 1}]}
    assert verdicts(features(child, parent), 0)["f"]["default"] == Varies("it depends on the parent `p`")


def test_a_parent_without_variants_that_is_to_have_one_proves_nothing() -> None:
    child = {"dependencies": [{"feature": "p", "variants": ["red"]}]}
    assert verdicts(features(child, {"name": "p"}), 0)["f"]["default"] == Varies("it depends on the parent `p`")


def test_the_variant_is_proven_where_there_is_one() -> None:
    one, none = {"name": "red", "weight": 1000}, {"name": "blue", "weight": 0}
    assert of(variants=[one, none]).variant == "red"
    assert of(variants=[one, {**none, "weight": 1}]).variant is None
    overridden = {**none, "overrides": [{"contextName": "userId", "values": ["ada"]}]}
    assert of(variants=[one, overridden]).variant is None
    assert of({**DEFAULT, "variants": [{**none, "weight": 9}]}, variants=[one]).variant == "blue"
    assert of().variant is None


def test_tells_type_description_and_variants() -> None:
    told = {"type": "operational", "description": "Search", "createdAt": "2026-03-01T23:30:00-05:00"}
    colour = {"name": "red", "weight": 1, "payload": {"type": "string", "value": "#f00"}}
    flag = features({**told, "variants": [colour]}).flags[0]
    assert (flag.type, flag.description, flag.created) == ("ops", "Search", date(2026, 3, 2))
    assert [(variant.name, variant.value) for variant in flag.variants] == [("red", "#f00")]


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"strategies": None}, "`f`: `strategies` must be a list, not nothing"),
        ({"enabled": "yes"}, "`f`: `enabled` must be `true` or `false`, not the text `yes`"),
        ({"strategies": [flexible(100)]}, "`f`: `rollout` must be a text, not `100`"),
        ({"strategies": [{}]}, "`f`: an item of `strategies` needs `name`"),
    ],
)
def test_what_the_engine_refuses_breaks_the_feature(fields: dict[str, Any], message: str) -> None:
    registry = features(fields)
    assert [problem.message for problem in registry.problems] == [message]
    assert registry.flags[0].problems


def test_two_features_of_one_name_are_a_problem() -> None:
    assert [problem.code for problem in features({}, {}).problems] == ["FLG402"]


# ------------------------------------------------------------------------------------------------------------ exports


def export(*strategies: dict[str, Any], **more: Any) -> dict[str, Any]:
    places = [{"featureName": "f", "environment": name, "enabled": True} for name in ("production", "staging")]
    return {
        "features": [{"name": "f", "type": "release"}],
        "featureStrategies": [{"featureName": "f", "environment": "production", **one} for one in strategies],
        "featureEnvironments": places,
        **more,
    }


def test_an_export_is_joined_from_its_parts() -> None:
    registry = load(export(NOBODY))
    assert registry.environments == ("production", "staging")
    found = verdicts(registry, 0)["f"]
    assert (found["production"].value, found["staging"].value) == (False, True)


def test_a_configured_environment_is_the_only_one_that_counts() -> None:
    registry = load(export(NOBODY), environment="staging")
    assert verdicts(registry, 0) == {"f": {"staging": Constant(None, True, "it is enabled, without strategies")}}


def test_a_feature_that_no_environment_names_is_disabled_there() -> None:
    document = export(DEFAULT, environments=[{"name": "development"}])
    assert verdicts(load(document), 0)["f"]["development"] == Constant(None, False, "it is disabled in development")


def test_disabled_strategies_of_an_export_do_not_count() -> None:
    off = {**DEFAULT, "disabled": True}
    assert verdicts(load(export(off, NOBODY)), 0)["f"]["production"].value is False
    assert isinstance(verdicts(load(export(off)), 0)["f"]["production"], Unknown)


def test_segments_of_strategies_may_be_listed_apart() -> None:
    strategy = {**DEFAULT, "id": "a"}
    apart = {"featureStrategySegments": [{"featureStrategyId": "a", "segmentId": 3}]}
    document = export(strategy, **apart, segments=[{"id": 3, "name": "staff", "constraints": NOBODY["constraints"]}])
    assert verdicts(load(document), 0)["f"]["production"].value is False
    document["segments"] = [{"id": 3, "name": "staff"}]
    assert verdicts(load(document), 0)["f"]["production"] == Varies("it depends on the segment `staff`")


def test_an_export_of_one_environment_does_not_repeat_it() -> None:
    document = export({"name": "default", "environment": None})
    document["featureEnvironments"].pop()
    assert verdicts(load(document), 0)["f"]["production"].value is True


def test_a_parent_that_an_export_does_not_hold_is_not_known() -> None:
    document = export(DEFAULT, dependencies=[{"feature": "f", "dependencies": [{"feature": "elsewhere"}]}])
    assert isinstance(verdicts(load(document), 0)["f"]["production"], Varies)
