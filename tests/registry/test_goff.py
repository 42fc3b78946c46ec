"""GO Feature Flag's files. Its engine is written in Go, so what it serves is worked out by hand, from its source.

The cases follow `modules/core/flag/internal_flag_test.go` and `rule_test.go` of
https://github.com/thomaspoignant/go-feature-flag, and https://gofeatureflag.org/docs/configure_flag.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import pytest

from flaglint.evaluator.proof import verdicts
from flaglint.model import CodeDefault, Constant, Unknown, Varies
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files

NOW = datetime(2026, 11, 20, tzinfo=UTC).timestamp()
BOOLEAN: dict[str, Any] = {"variations": {"on": True, "off": False}, "defaultRule": {"variation": "on"}}
BETA = {"name": "beta", "query": 'beta eq "true"', "variation": "off"}
PAST, FUTURE = "2026-05-01T08:00:00Z", "2027-02-01T08:00:00Z"


def load(flags: dict[str, Any]) -> Any:
    return load_files([File("flags.json", json.dumps(flags).encode(), "goff")])


def of(others: dict[str, Any] | None = None, **fields: Any) -> Any:
    return verdicts(load({"f": {**BOOLEAN, **fields}, **(others or {})}), NOW)["f"]["default"]


@pytest.mark.parametrize(
    ("fields", "variant"),
    [
        ({}, "on"),
        ({"targeting": [{**BETA, "variation": "on"}]}, "on"),
        ({"targeting": [{**BETA, "query": ""}]}, "off"),  # no query matches everybody
        ({"targeting": [{**BETA, "query": " \n "}]}, "off"),
        ({"targeting": [{**BETA, "disable": True}]}, "on"),
        ({"targeting": [{"query": "", "variation": "off"}, BETA]}, "off"),
        ({"experimentation": {"start": PAST}}, "on"),
        ({"bucketingKey": ""}, "on"),
    ],
)
def test_constant(fields: dict[str, Any], variant: str) -> None:
    found = of(**fields)
    assert isinstance(found, Constant), found
    assert found.variant == variant


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"targeting": [BETA]}, "it depends on the query of rule 1"),
        ({"defaultRule": {"percentage": {"on": 100, "off": 0}}}, "it depends on whether a targeting key is given"),
        (
            {"defaultRule": {"percentage": {"on": 50, "off": 50}}},
            "it depends on whether a targeting key is given and a share by the targeting key",
        ),
        # a percentage in a rule that is disabled asks for the key, too
        (
            {"targeting": [{"query": "", "disable": True, "percentage": {"on": 100}}]},
            "it depends on whether a targeting key is given",
        ),
        ({"bucketingKey": "company"}, "it depends on whether company is given"),
    ],
)
def test_varies(fields: dict[str, Any], why: str) -> None:
    assert of(**fields) == Varies(why)


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"disable": True}, "it is disabled"),
        ({"disable": True, "defaultRule": {"percentage": {"on": 50, "off": 50}}}, "it is disabled"),
        ({"experimentation": {"end": PAST}}, "its experimentation is over"),
        ({"experimentation": {"start": "2026-01-01T00:00:00+02:00", "end": PAST}}, "its experimentation is over"),
    ],
)
def test_the_default_in_the_code(fields: dict[str, Any], reason: str) -> None:
    assert of(**fields) == CodeDefault(reason)


def steps(*found: dict[str, Any], at: str = PAST) -> dict[str, Any]:
    return {"scheduledRollout": [{"date": at, **step} for step in found]}


@pytest.mark.parametrize(
    ("fields", "step", "value"),
    [
        ({}, {"defaultRule": {"variation": "off"}}, False),
        ({}, {"disable": True}, None),
        ({"disable": True}, {"disable": False}, True),
        ({"targeting": [BETA]}, {"targeting": [{"name": "beta", "disable": True}]}, True),
        ({"targeting": [BETA]}, {"targeting": [{"name": "beta", "query": ""}]}, False),
        ({"targeting": [BETA]}, {"targeting": [{"name": "beta", "variation": "on"}]}, True),
        ({}, {"targeting": [{"name": "all", "query": "", "variation": "off"}]}, False),  # a name that is new is added
        ({}, {"variations": {"on": False}}, False),
        ({}, {"experimentation": {"end": PAST}}, None),
    ],
)
def test_a_step_in_the_past_is_carried_out_first(fields: dict[str, Any], step: dict[str, Any], value: Any) -> None:
    found = of(**fields, **steps(step))
    if value is None:
        assert isinstance(found, CodeDefault)
    else:
        assert isinstance(found, Constant), found
        assert (found.value, found.since) == (value, date(2026, 5, 1))


def test_a_percentage_stays_where_a_step_only_names_a_variation() -> None:
    shares = {"defaultRule": {"percentage": {"on": 10, "off": 90}}}
    assert isinstance(of(**shares, **steps({"defaultRule": {"variation": "on"}})), Varies)


def test_a_step_in_the_future_counts_both_ways() -> None:
    assert of(**steps({"defaultRule": {"variation": "off"}}, at=FUTURE)) == Varies(
        "it serves true until 2027-02-01", date(2027, 2, 2), "off"
    )
    same = steps({"variations": {"also": True}, "defaultRule": {"variation": "also"}}, at=FUTURE)
    assert of(**same) == Constant(None, True, "its default rule serves it")
    out = of(targeting=[BETA], **steps({"targeting": [{"name": "beta", "disable": True}]}, at=FUTURE))
    assert out == Varies("it depends on the query of rule 1 until 2027-02-01", date(2027, 2, 2), "on")


def test_an_experimentation_that_ends_is_the_default_from_then_on() -> None:
    assert of(experimentation={"end": FUTURE}) == Varies("it serves true until 2027-02-01", date(2027, 2, 2), None)


def test_added_rules_that_another_step_follows_prove_nothing() -> None:
    added = {"targeting": [{"name": "all", "query": "", "variation": "off"}]}
    assert isinstance(of(**steps(added, {"disable": False})), Unknown)
    assert of(**steps({"disable": False}, added)).value is False


@pytest.mark.parametrize(
    ("begins", "ends", "asks"),
    [
        ("2026-01-01T00:00:00Z", "2026-02-01T00:00:00Z", "whether a targeting key is given"),
        ("2026-11-01T00:00:00Z", FUTURE, "whether a targeting key is given and a progressive rollout"),
    ],
)
def test_a_progressive_rollout_needs_a_key_even_when_it_is_over(begins: str, ends: str, asks: str) -> None:
    ramp = {"initial": {"variation": "off", "date": begins}, "end": {"variation": "on", "date": ends}}
    assert of(defaultRule={"progressiveRollout": ramp}) == Varies(f"it depends on {asks}")


def test_a_flag_that_is_needed() -> None:
    parent = {"p": BOOLEAN}
    assert of(parent, needs=[{"flag": "p"}]).value is True
    assert isinstance(of(parent, needs=[{"flag": "p", "value": False}]), Varies)
    assert isinstance(of(needs=[{"flag": "gone"}]), Varies)
    assert of({"p": {**BOOLEAN, "needs": [{"flag": "f"}]}}, needs=[{"flag": "p"}]).value is True  # one level


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        (
            {"defaultRule": {"variation": "onn"}},
            "`f`: there is no variation `onn`, so it serves the default in the code",
        ),
        ({"defaultRule": None}, "`f`: `defaultRule` must be a mapping, not nothing"),
        ({"defaultRule": {"percentage": {"on": "half"}}}, "`f`: `on` must be a number, not the text `half`"),
        ({"scheduledRollout": [{"date": "soon"}]}, "`f`: `date` is no time"),
        ({"targeting": {}}, "`f`: `targeting` must be a list, not a mapping"),
    ],
)
def test_what_breaks_a_flag(fields: dict[str, Any], message: str) -> None:
    registry = load({"f": {**BOOLEAN, **fields}})
    assert [problem.message for problem in registry.problems] == [message]
    assert registry.flags[0].problems


def test_variations_called_on_and_off_need_no_quotes_in_yaml() -> None:
    text = "f:\n  variations: {on: true, off: false}\n  defaultRule: {variation: on}\n"
    registry = load_files([File("flags.yaml", text.encode())])
    assert not registry.problems
    assert verdicts(registry, NOW)["f"]["default"].value is True
    registry = load_files([File("flags.yaml", text.replace("true", "2026-01-01").encode())])
    assert [problem.message for problem in registry.problems] == [
        "`f`: GO Feature Flag may read `2026-01-01` as a date"
    ]


def test_metadata_tell_what_a_native_flag_tells() -> None:
    told = {
        "owner": "@shop",
        "type": "release",
        "created": "2026-03-01",
        "tags": ["web", "cart"],
        "link.issue": "SHOP-1",
    }
    flag = load({"f": {**BOOLEAN, "metadata": told}}).flags[0]
    assert (flag.owner, flag.type, flag.created) == ("@shop", "release", date(2026, 3, 1))
    assert (flag.tags, flag.links) == (("web", "cart"), (("issue", "SHOP-1"),))
