from __future__ import annotations

from flaglint.model import ValueType
from tests.registry.foreign import example, loaded, problems


def test_features_are_found_among_options_with_owner_and_date() -> None:
    registry = example("flagpole")

    checkout = registry.flags[0]
    assert [flag.key for flag in registry.flags] == [
        "organizations:one-page-checkout",
        "organizations:gift-cards",
        "organizations:new-search",
        "organizations:old-reports",
        "organizations:torn",
    ]
    assert (checkout.owner, str(checkout.created), checkout.value_type) == ("payments", "2026-02-03", ValueType.BOOLEAN)
    assert str(checkout.key_span) == "flagpole.yaml:3:3"
    assert str(checkout.place("created")) == "flagpole.yaml:4:17"
    assert registry.flags[1].owner == "growth"


def test_only_the_broken_feature_is_broken() -> None:
    registry = example("flagpole")

    assert [flag.key for flag in registry.flags if flag.problems] == ["organizations:torn"]
    assert problems(registry) == [
        "42:18 `organizations:torn`: `rollout` must be a whole number from 0 to 100, not `250`"
    ]


def test_features_stand_at_the_top_or_below_a_key() -> None:
    feature = "{owner: a, created_at: 2026-01-01, segments: []}"

    assert [flag.key for flag in loaded(f"organizations:a: {feature}\n").flags] == ["organizations:a"]
    assert [flag.key for flag in loaded(f"features:\n  projects:b: {feature}\n").flags] == ["projects:b"]


def test_a_list_of_segments_alone_makes_no_feature() -> None:
    assert loaded("line: {segments: [{from: a, to: b}]}\n").flags == ()


def test_what_flagpole_refuses_is_told() -> None:
    registry = loaded(
        """\
a: {owner: x, created_at: soon, segments: [{name: s, conditions: [{property: p, operator: like, value: 1}]}]}
b: {owner: x, created_at: 2026-01-01, enabled: maybe, segments: [{nme: s}]}
c: {owner: x, created_at: 2026-01-01}
d: {owner: x, created_at: 2026-01-01, segments: [{conditions: [{value: 1}]}]}
"""
    )

    told = [problem.partition(" (")[0] for problem in problems(registry)]
    assert told == [
        "1:27 `a`: `created_at` `soon` is no date",
        "1:91 `a`: there is no operator `like`",
        "2:48 `b`: `enabled` must be `true` or `false`, not `maybe`",
        "2:67 `b`: a segment has no field `nme`",
        "3:1 `c`: a feature needs `segments`",
        "4:64 `d`: a condition needs `property` and `operator`",
    ]
