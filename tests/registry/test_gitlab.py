from __future__ import annotations

import pytest

from flaglint.model import Unknown
from tests.registry.foreign import example, loaded, problems, proven

_WHOLE = "name: fast_diffs\ntype: beta\ngroup: group::code review\nmilestone: '17.4'\ndefault_enabled: false\n"


def test_a_definition_gives_owner_type_links_and_default() -> None:
    diffs, timeout = example("gitlab").flags

    assert (diffs.key, diffs.owner, diffs.type, diffs.tags) == ("fast_diffs", "code review", "release", ("beta",))
    assert diffs.description == "Shows large diffs without loading them whole"
    assert diffs.links == (
        ("feature_issue", "https://shop.example/issues/512"),
        ("introduced_by", "https://shop.example/merge_requests/1024"),
        ("rollout_issue", "https://shop.example/issues/513"),
    )
    assert (diffs.payload, str(diffs.key_span)) == (
        {"defaultValue": False, "milestone": "17.4"},
        "fast_diffs.yml:2:7",
    )
    assert (timeout.key, timeout.type, timeout.payload) == (
        "search_timeout",
        "ops",
        {"defaultValue": True, "milestone": "16.0"},
    )
    assert example("gitlab").problems == ()


def test_a_default_is_no_proof_of_what_is_served() -> None:
    why = "its definition tells only the default, which is off; the rest is decided at run time"
    assert proven(example("gitlab"))["fast_diffs"] == Unknown(why)


def test_a_milestone_is_no_date_and_a_date_is_one() -> None:
    by_milestone = loaded(f"{_WHOLE}intended_to_rollout_by: '17.6'\n", path="fast_diffs.yml")
    by_date = loaded(f"{_WHOLE}intended_to_rollout_by: 2026-12-31\n", path="fast_diffs.yml")

    assert by_milestone.flags[0].expires is None
    assert str(by_date.flags[0].expires) == "2026-12-31"
    assert by_milestone.problems == by_date.problems == ()


def test_a_file_of_another_name_and_an_unknown_field_are_told_and_break_nothing() -> None:
    registry = loaded(f"{_WHOLE}defaultenabled: true\n", path="config/feature_flags/beta/slow_diffs.yml")

    assert problems(registry) == [
        "1:7 `fast_diffs`: the file is called `slow_diffs.yml` (name it `fast_diffs.yml`)",
        "6:1 `fast_diffs`: a definition has no field `defaultenabled` (did you mean `default_enabled`?)",
    ]
    assert not registry.flags[0].problems


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("name: \ntype: ops\ndefault_enabled: true\n", "1:6 the definition of a flag needs `name`"),
        ("name: a\ntype: ops\ndefault_enabled: maybe\n", "3:18 `a`: `default_enabled` must be `true` or `false`"),
        ("- a\n", "1:1 the definition of a flag must be a mapping, not a list"),
    ],
)
def test_a_broken_definition_is_a_problem_with_its_place(text: str, problem: str) -> None:
    assert problems(loaded(text, path="a.yml", form="gitlab"))[0].startswith(problem)
