"""Flagsmith's features: being on and having a value are two things, and both must be certain."""

from __future__ import annotations

from typing import Any

import pytest
from evaluation_kit.vendor_files import example, reasons, told, words, written

from flaglint.model import ValueType

RULES = [{"type": "ALL", "conditions": [{"property_": "plan", "operator": "EQUAL", "value": "pro"}]}]


def state(name: str = "f", value: Any = None, *shares: tuple[Any, float], on: bool = True) -> dict[str, Any]:
    return {
        "feature": {"id": 1, "name": name, "type": "STANDARD"},
        "enabled": on,
        "feature_state_value": value,
        "multivariate_feature_state_values": [
            {"percentage_allocation": weight, "multivariate_feature_option": {"value": other}}
            for other, weight in shares
        ],
    }


def document(*states: Any, segments: Any = (), **others: Any) -> dict[str, Any]:
    project = {"id": 1, "name": "Shop", "segments": list(segments), **others.pop("project", {})}
    return {"api_key": "ser.x", "project": project, "feature_states": list(states), **others}


def of(*states: Any, **others: Any) -> str:
    return words(written(document(*states, **others)))["f"]


def segment(*states: Any, rules: Any = RULES) -> dict[str, Any]:
    return {"id": 7, "name": "pros", "rules": rules, "feature_states": list(states)}


def test_the_verdicts_of_an_environment_document() -> None:
    registry = example("flagsmith/environment.json")
    assert registry.problems == ()
    assert words(registry) == {
        "one_page_checkout": "constant on null",
        "old_search": 'constant off "fuzzy"',
        "staff_tools": "varies",
        "banner_colour": "varies",
        "button_text": "varies",
        "page_size": "constant on 20",
        "early_access": "varies",
    }
    assert reasons(registry)["banner_colour"] == ("it is on for everyone, but its value depends on the segment `staff`")


def test_what_is_archived_is_served_all_the_same() -> None:
    archived = state()
    archived["feature"]["is_archived"] = True
    assert of(archived) == "constant on null"


def test_the_verdicts_of_an_evaluation_context() -> None:
    registry = example("flagsmith/context.json")
    assert registry.problems == ()
    assert words(registry) == {"gift_cards": "constant on null", "shipping": "varies", "reviews": "varies"}


@pytest.mark.parametrize(
    ("states", "segments", "verdict"),
    [
        ([state()], [], "constant on null"),
        ([state(value="red", on=False)], [], 'constant off "red"'),
        ([state(value=True)], [], "constant true"),
        ([state(value=True, on=False)], [], "constant off true"),
        ([state(value="red")], [segment(state(value="blue"))], "varies"),
        ([state(value="red")], [segment(state(value="red"))], 'constant on "red"'),
        ([state(value="red")], [segment(state(value="red", on=False))], "varies"),
        ([state(value="red")], [segment(state(value="blue"), rules=[])], 'constant on "red"'),  # matches nobody
        ([state(value="red")], [segment(state("other"))], 'constant on "red"'),
        ([state("f", "red", ("blue", 100))], [], "varies"),  # without an identity it is red
        ([state("f", "red", ("blue", 0))], [], 'constant on "red"'),
        ([state("f", "red", ("red", 40))], [], 'constant on "red"'),
        ([state("f", 1, ("1", 40))], [], "varies"),
    ],
)
def test_what_is_certain(states: list[Any], segments: list[Any], verdict: str) -> None:
    assert of(*states, segments=segments) == verdict


def test_identities_with_states_of_their_own_count() -> None:
    override = {"identifier": "ada", "identity_features": [state(on=False)]}
    assert of(state(), identity_overrides=[override]) == "varies"
    assert of(state(on=False), identity_overrides=[override]) == "constant off null"
    assert of(state(), identity_overrides=[{"identifier": "ada", "identity_features": []}]) == "constant on null"


def test_a_project_that_hides_what_is_off_proves_nothing_of_it() -> None:
    hides = {"hide_disabled_flags": True}
    assert of(state(on=False), project=hides) == "varies"
    assert of(state(), project=hides) == "constant on null"


def test_a_flag_without_values_is_boolean() -> None:
    kinds = {flag.key: flag.value_type for flag in example("flagsmith/environment.json").flags}
    assert kinds["one_page_checkout"] is ValueType.BOOLEAN
    assert kinds["banner_colour"] is ValueType.STRING
    assert kinds["page_size"] is ValueType.INTEGER


def test_names_stand_where_they_are_written() -> None:
    flag = example("flagsmith/environment.json").flags[1]
    assert (flag.key, flag.key_span.start.line, flag.span.start.line) == ("old_search", 58, 57)


def test_says_what_cannot_be_read() -> None:
    broken = document({"feature": {"name": "f"}, "enabled": "yes"})
    assert told(written(broken))[0].endswith("`f`: `enabled` must be `true` or `false`, not the text `yes`")
    assert of({"feature": {"name": "f"}, "enabled": "yes"}) == "unknown"
    assert told(written({"api_key": "x", "project": {}}, form="flagsmith")) == ["1:1 there are no `feature_states`"]


def test_a_segment_that_cannot_be_read_may_override_anything() -> None:
    assert of(state(), segments=[{"id": 1, "name": "s", "rules": RULES, "feature_states": [{}]}]) == "unknown"


def test_a_name_that_comes_twice_is_two_flags() -> None:
    registry = written(document(state(), state(on=False)))
    assert [problem.code for problem in registry.problems] == ["FLG402"]
    assert words(registry) == {"f": "unknown"}
