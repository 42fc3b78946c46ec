"""LaunchDarkly's files: flag data and exports, read with places, and what in them its SDKs would not serve."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from flaglint.evaluator.proof import verdicts
from flaglint.model import CodeDefault, Constant, Unknown, ValueType, Varies
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files

NOW = 1_790_000_000
BOOLEAN: dict[str, Any] = {
    "version": 1,
    "on": True,
    "variations": [True, False],
    "offVariation": 1,
    "fallthrough": {"variation": 0},
}


def load(text: str, name: str = "ld.json", **spec: str) -> Any:
    return load_files([File(name, text.encode(), spec.get("format", ""), spec.get("environment", ""))])


def data(segments: dict[str, Any] | None = None, **flags: dict[str, Any]) -> Any:
    named = {key: {"key": key, **BOOLEAN, **flag} for key, flag in flags.items()}
    return load(json.dumps({"flags": named, "segments": segments or {}}))


def of(segments: dict[str, Any] | None = None, **fields: Any) -> Any:
    return verdicts(data(segments, f=fields), NOW)["f"]["default"]


def messages(registry: Any) -> list[str]:
    return [problem.message for problem in registry.problems]


def rule(*clauses: dict[str, Any], variation: int = 1) -> list[dict[str, Any]]:
    return [{"clauses": list(clauses), "variation": variation}]


def clause(*values: Any, op: str = "in", attribute: str = "country", **more: Any) -> dict[str, Any]:
    return {"attribute": attribute, "op": op, "values": list(values), **more}


def rollout(*weights: tuple[int, int], **more: Any) -> dict[str, Any]:
    return {"rollout": {"variations": [{"variation": index, "weight": weight} for index, weight in weights], **more}}


@pytest.mark.parametrize(
    ("fields", "value"),
    [
        ({}, True),
        ({"on": False}, False),
        ({"targets": [{"variation": 1, "values": []}]}, True),
        ({"targets": [{"variation": 0, "values": ["ada"]}]}, True),
        ({"rules": rule(clause("DE"), variation=0)}, True),
        ({"rules": rule(clause())}, True),  # nothing is among no values
        ({"rules": rule(clause("DE", op="noSuchOperator"))}, True),
        ({"rules": rule()}, False),  # a rule without clauses matches everybody
        ({"rules": rule(clause("gone", op="segmentMatch"))}, True),
        ({"rules": rule(clause("gone", op="segmentMatch", negate=True))}, False),
        ({"rules": rule(clause(attribute="kind", negate=True))}, False),
        ({"fallthrough": rollout((0, 100_000))}, True),
        ({"fallthrough": rollout((0, 100_000), (1, 0))}, True),
        ({"fallthrough": rollout((0, 10), (0, 20))}, True),
        ({"fallthrough": rollout((1, 0), (1, 5))}, False),
        ({"prerequisites": [{"key": "gone", "variation": 0}]}, False),
    ],
)
def test_constant(fields: dict[str, Any], value: bool) -> None:
    found = of(**fields)
    assert isinstance(found, Constant), found
    assert found.value is value


@pytest.mark.parametrize(
    "fields",
    [
        {"targets": [{"variation": 1, "values": ["ada"]}]},
        {"contextTargets": [{"variation": 1, "values": ["acme"], "contextKind": "org"}]},
        {"rules": rule(clause("DE"))},
        {"rules": rule(clause(negate=True))},  # holds for those who have a country
        {"fallthrough": rollout((0, 0), (1, 100_000))},  # a context that is no user gets the first entry
        {"fallthrough": rollout((0, 99_999), (1, 0))},  # what is missing falls to the last entry
        {"fallthrough": rollout((0, 50_000), (1, 50_000))},
        {"rules": rule(clause("//", attribute="//", contextKind="user"), variation=0)},  # malformed for a user
    ],
)
def test_varies(fields: dict[str, Any]) -> None:
    assert isinstance(of(**fields), Varies)


def test_an_off_flag_without_an_off_variation_serves_the_default_in_the_code() -> None:
    assert isinstance(of(on=False, offVariation=None), CodeDefault)
    assert isinstance(of(prerequisites=[{"key": "gone", "variation": 0}], offVariation=None), CodeDefault)


def test_a_variation_that_is_null_proves_nothing() -> None:
    assert isinstance(of(variations=[None, False]), Unknown)


def test_a_segment_without_members_and_rules_holds_nobody() -> None:
    ask = rule(clause("s", op="segmentMatch"))
    assert of({"s": {"key": "s", "version": 1}}, rules=ask).value is True
    everybody = {"key": "s", "version": 1, "rules": [{"clauses": []}]}
    assert of({"s": everybody}, rules=ask).value is False
    assert isinstance(of({"s": {**everybody, "excluded": ["ada"]}}, rules=ask), Varies)
    assert isinstance(of({"s": {"key": "s", "version": 1, "included": ["ada"]}}, rules=ask), Varies)
    assert isinstance(of({"s": {"key": "s", "version": 1, "unbounded": True}}, rules=ask), Varies)
    round_about = {"key": "s", "version": 1, "rules": [{"clauses": [clause("s", op="segmentMatch")]}]}
    assert isinstance(of({"s": round_about}, rules=ask), Varies)  # an error for everybody who is asked


def test_a_parent_that_is_off_is_never_met_whatever_it_serves() -> None:
    needs = [{"key": "parent", "variation": 1}]
    found = verdicts(data(child={"prerequisites": needs}, parent={"on": False}), NOW)["child"]["default"]
    assert (found.value, found.reason) == (False, "its prerequisite `parent` is never met")
    found = verdicts(data(child={"prerequisites": needs}, parent={"fallthrough": {"variation": 1}}), NOW)
    assert found["child"]["default"].value is True


def test_a_parent_that_varies_leaves_both_ways_open() -> None:
    needs = [{"key": "parent", "variation": 0}]
    parent = {"rules": rule(clause("DE"))}
    found = verdicts(data(child={"prerequisites": needs}, parent=parent), NOW)["child"]["default"]
    assert found == Varies("it depends on the prerequisite `parent`")
    same = {"prerequisites": needs, "offVariation": 0}
    assert verdicts(data(child=same, parent=parent), NOW)["child"]["default"].value is True


def test_a_circle_of_prerequisites_is_a_problem_and_no_proof() -> None:
    one, other = ({"prerequisites": [{"key": key, "variation": 0}]} for key in ("other", "one"))
    registry = data(one=one, other=other)
    assert [problem.code for problem in registry.problems] == ["FLG404"]
    assert isinstance(verdicts(registry, NOW)["one"]["default"], Unknown)


def test_names_variants_as_the_file_does() -> None:
    registry = data(boolean={}, text={"variations": ["a", "b"]}, same={"variations": [True, True]})
    names = [[variant.name for variant in flag.variants] for flag in registry.flags]
    assert names == [["true", "false"], ["0", "1"], ["0", "1"]]
    assert [flag.value_type for flag in registry.flags] == [ValueType.BOOLEAN, ValueType.STRING, ValueType.BOOLEAN]


def test_a_deleted_flag_is_archived() -> None:
    registry = data(f={"deleted": True})
    assert registry.flags[0].archived
    assert isinstance(verdicts(registry, NOW)["f"]["default"], CodeDefault)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"fallthrough": {"variation": 7}}, "`f`: there is no variation 7, so its SDKs serve the default in the code"),
        ({"fallthrough": {"variation": "0"}}, "`f`: `variation` must be a whole number, not the text `0`"),
        ({"on": "true"}, "`f`: `on` must be `true` or `false`, not the text `true`"),
        ({"rules": [{"variation": 0}]}, "`f`: an item of `rules` needs `clauses`"),
        ({"rules": {"variation": 0}}, "`f`: `rules` must be a list, not a mapping"),
        ({"targets": [{"variation": 0, "values": [1]}]}, "`f`: an item of `values` must be a text, not `1`"),
        ({"offVariation": 2**70}, "`f`: `offVariation` must be a whole number, not `1180591620717411303424`"),
        ({"key": "g"}, "`f`: its `key` is `g`, but it stands under `f`"),
    ],
)
def test_what_no_sdk_loads_breaks_the_flag(fields: dict[str, Any], message: str) -> None:
    registry = data(f=fields)
    assert message.replace("`f`: its", "`g`: its") in messages(registry)
    assert registry.flags[0].problems


def test_keys_that_yaml_1_1_takes_for_booleans_are_problems() -> None:
    text = "flags:\n  f:\n    key: f\n    on: true\n    variations: [yes, no]\n    version: 1\n"
    registry = load(text, "ld.yaml")
    assert messages(registry) == [
        "`f`: YAML 1.1 reads the key `on` as a boolean",
        "`f`: YAML 1.1 reads `yes` in an item of `variations` as a boolean",
        "`f`: YAML 1.1 reads `no` in an item of `variations` as a boolean",
    ]
    assert registry.flags[0].problems
    assert not load(text.replace("on:", '"on":').replace("yes, no", "true, false"), "ld.yaml").problems


def test_a_key_in_flags_and_in_flag_values_is_defined_twice() -> None:
    registry = load(json.dumps({"flags": {"f": {"key": "f", **BOOLEAN}}, "flagValues": {"f": True}}))
    assert [problem.code for problem in registry.problems] == ["FLG402"]


def test_a_file_that_was_cut_off_proves_nothing() -> None:
    text = json.dumps({"flags": {"f": {"key": "f", **BOOLEAN}}})
    registry = load(text[:-3])
    assert registry.flags[0].key == "f"
    assert isinstance(verdicts(registry, NOW)["f"]["default"], Unknown)


# ------------------------------------------------------------------------------------------------------------ exports


def environment(**fields: Any) -> dict[str, Any]:
    return {"on": True, "fallthrough": {"variation": 0}, "offVariation": 1, "lastModified": 1772323200000, **fields}


def exported(**environments: Any) -> dict[str, Any]:
    variations = [{"value": True, "name": "On"}, {"value": False, "name": "Off"}]
    return {"key": "f", "kind": "boolean", "variations": variations, "environments": environments}


def test_an_export_of_one_flag_is_read_like_a_page_of_them() -> None:
    one = exported(production=environment(), staging=environment(on=False))
    for document in (one, {"items": [one]}):
        registry = load(json.dumps(document))
        assert registry.environments == ("production", "staging")
        found = verdicts(registry, NOW)["f"]
        assert (found["production"].value, found["production"].variant) == (True, "On")
        assert found["production"].since == date(2026, 3, 1)
        assert found["staging"].value is False


def test_an_export_tells_who_and_since_when() -> None:
    told = {
        "description": "One page",
        "creationDate": 1767225600000,
        "temporary": False,
        "tags": ["web"],
        "_maintainer": {"email": "ada@example.com"},
    }
    flag = load(json.dumps({"items": [{**exported(production=environment()), **told}]})).flags[0]
    assert (flag.description, flag.owner, flag.created) == ("One page", "ada@example.com", date(2026, 1, 1))
    assert (flag.is_permanent, flag.tags) == (True, ("web",))


def test_a_configured_environment_is_the_only_one_that_counts() -> None:
    document = json.dumps({"items": [exported(production=environment(), staging=environment(on=False))]})
    registry = load(document, environment="staging")
    assert registry.environments == ("staging",)
    assert verdicts(registry, NOW)["f"]["staging"].value is False


def test_a_segment_or_a_parent_that_an_export_does_not_hold_is_not_known() -> None:
    asks = environment(rules=rule(clause("beta", op="segmentMatch")))
    needs = environment(prerequisites=[{"key": "elsewhere", "variation": 0}])
    found = verdicts(load(json.dumps(exported(production=asks, staging=needs))), NOW)["f"]
    assert found["production"] == Varies("it depends on the segment `beta`")
    assert isinstance(found["staging"], Varies)


def test_since_is_not_known_when_a_parent_does_not_tell() -> None:
    child = {**exported(production=environment(prerequisites=[{"key": "p", "variation": 0}])), "key": "c"}
    parent = {**exported(production=environment(lastModified=None)), "key": "p"}
    found = verdicts(load(json.dumps({"items": [child, parent]})), NOW)
    assert (found["c"]["production"].value, found["c"]["production"].since) == (True, None)


def test_a_page_of_an_export_says_that_it_is_one() -> None:
    registry = load(json.dumps({"items": [exported(production=environment())], "totalCount": 20}))
    assert messages(registry) == ["it holds 1 of 20 flags"]
    assert not registry.flags[0].problems


def test_an_export_without_rules_proves_nothing() -> None:
    found = verdicts(load(json.dumps(exported(production={"on": False, "_summary": {"variations": {}}}))), NOW)
    assert found["f"]["production"] == Unknown("the export tells no rules: ask the API with `summary=0`")


def test_an_environment_that_an_export_does_not_hold_is_a_problem() -> None:
    registry = load(json.dumps({"items": [exported(production=environment())]}), environment="produktion")
    assert messages(registry) == ["it holds nothing of the environment `produktion`"]
    assert registry.problems[0].help == "did you mean `production`?"
