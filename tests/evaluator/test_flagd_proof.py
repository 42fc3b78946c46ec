"""Verdicts on flags in flagd's format: an error is no proof, and a split of 100 to 0 still depends on the key."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from random import Random
from typing import Any

import pytest
from evaluation_kit import logic
from evaluation_kit.build import flag, registry
from evaluation_kit.generate import ENVIRONMENTS, random_context, random_registry, random_time
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from flaglint.evaluator import Evaluator
from flaglint.evaluator.flagd.export import export_flagd
from flaglint.evaluator.proof import verdicts
from flaglint.model import CodeDefault, Constant, Unknown, Varies

ROUNDS = int(os.environ.get("FLAGLINT_PROOFS", "150"))
NOW = logic.NOW
TIME = {"var": "$flagd.timestamp"}
COUNTRY = {"===": [{"var": "country"}, "DE"]}
KEY = {"cat": ["salt", {"var": "targetingKey"}]}
SPLIT = {"fractional": [KEY, ["on", 50], ["off", 50]]}


def of(targeting: Any = None, default: Any = "off", now: float = NOW, **fields: Any) -> Any:
    definition: dict[str, Any] = {"state": "ENABLED", "variants": {"on": True, "off": False, "also": True}}
    if default != "left out":
        definition["defaultVariant"] = default
    if targeting is not None:
        definition["targeting"] = targeting
    definition |= fields
    made = replace(flag("f", variants=definition["variants"]), format="flagd", payload=definition)
    return verdicts(registry(made), now)["f"]["default"]


@pytest.mark.parametrize(
    ("targeting", "variant"),
    [
        (None, "off"),
        ({}, "off"),
        ({"if": [True, "on", "off"]}, "on"),
        ({"if": [COUNTRY, "on", "on"]}, "on"),
        ({"if": [COUNTRY, None, "off"]}, "off"),
        ({"if": [{"in": [{"var": "country"}, []]}, "on"]}, "off"),
        ({"if": [{"and": [COUNTRY, False]}, "on", None]}, "off"),
        ({"if": [{"or": [COUNTRY, True]}, "on", "off"]}, "on"),
        ({"if": [{"!": [False]}, "on"]}, "on"),
        ({"if": [{">=": [TIME, NOW]}, "on", "off"]}, "on"),
        ({"if": [{"<": [TIME, NOW]}, "on", "off"]}, "off"),
        ({"if": [{"<": [1, TIME, NOW]}, "on", "off"]}, "off"),
        ({"fractional": [KEY, ["on", 100], ["off", 0]]}, "on"),
        ({"fractional": [KEY, ["off", 100], ["on", -5]]}, "off"),
        ({"fractional": [["off", 50], ["off", 50]]}, "off"),  # without a key, the default is the same
        ({"fractional": [KEY, ["on", {"-": [TIME, NOW - 9]}], ["off", {"-": [NOW - 1, TIME]}]]}, "on"),
        ({"if": [{"===": [{"var": "$flagd.flagKey"}, "f"]}, "on"]}, "on"),
        ({"if": [{"starts_with": ["abc", "a"]}, "on"]}, "on"),
        ({"if": [{"sem_ver": ["2.0.0", ">=", "1.0.0"]}, "on"]}, "on"),
        ({"if": [{"!!": [{"var": ["age", 5]}]}, "on", "on"]}, "on"),
        ({"if": [{"in": [{"var": "plan"}, "pro,free"]}, "on", "on"]}, "on"),
        ({"if": [{"in": [{"var": "plan"}, ["pro"]]}, "on", "on"]}, "on"),
        ({"if": [True, "on", {"-": [{"var": "age"}, 1]}, "off"]}, "on"),
    ],
)
def test_constant(targeting: Any, variant: str) -> None:
    found = of(targeting)
    assert isinstance(found, Constant), found
    assert found.variant == variant


@pytest.mark.parametrize(
    "targeting",
    [
        {"if": [COUNTRY, "on"]},
        SPLIT,
        {"fractional": [["on", 100], ["off", 0]]},  # no key serves the default variant
        {"fractional": [{"var": "email"}, ["on", 100]]},
        {"fractional": [KEY, ["on", 2**31 - 1], ["on", 1]]},  # too much weight serves the default variant
        {"fractional": [KEY, ["on", "1"]]},
        {"fractional": [KEY, ["on", {"-": [TIME, NOW + 9]}]]},  # no weight before then
        {"if": [{">=": [{"var": "age"}, 18]}, "on", "on"]},  # JavaScript's engine raises on a text
        {"if": [{"==": [{"var": "age"}, 18]}, "on", "on"]},
        {"if": [COUNTRY, "on", {"var": "variant"}]},
        {"if": [COUNTRY, "on", "unknown"]},
        {"if": [True, "on", {"unknown_operator": []}]},  # JavaScript's engine refuses the whole rule
        {"if": [{"$ref": "gone"}, "on", "on"]},
        {"if": [{"some": [{"var": "tags"}, COUNTRY]}, "on", "on"]},
        {"if": [{"<": [TIME, NOW + 9]}, "off", "on"]},
        {"if": [{"<": [TIME, NOW + 9]}, {"if": [COUNTRY, "on"]}, "off"]},
        {"if": [{"in": []}, "on", "on"]},
        {"if": [{"in": ["a", {"var": "tags"}]}, "on", "on"]},  # JavaScript's engine raises on a number
        {"if": [{"sem_ver": ["1.2.3 ", "=", "1.2.3"]}, "on", "off"]},  # and reads more as a version
        {"if": [{"cat": {"var": "email"}}, "on", "on"]},  # and joins nothing that is no list
        {"if": [{"cat": [None]}, "on", "on"]},
        {"if": [True, "on", {"log": ["a"]}, "on"]},  # and has no such operator
        {"if": [{"!": [{"in": [{"var": "plan"}, []]}]}, "on", {"-": ["x", 1]}, "on"]},  # and computes it beforehand
        {"if": [{"!!": [{"missing_some": [{"var": "age"}]}]}, "on", "on"]},
        {"if": [{"!!": [{"var": ["age", "0", 1]}]}, "on", "on"]},  # Python's engine raises on a third argument
        {"if": [{"!!": [{"var": ["age", {"%": [1, 0]}]}]}, "on", "on"]},
        {"var": "variant"},
        {"a": 1, "b": 2},
    ],
)
def test_varies(targeting: Any) -> None:
    assert isinstance(of(targeting), Varies)


def test_equal_values_prove_the_value() -> None:
    found = of({"if": [COUNTRY, "on", "also"]})
    assert isinstance(found, Constant)
    assert (found.variant, found.value) == (None, True)


@pytest.mark.parametrize(
    ("targeting", "default", "fields"),
    [
        (None, None, {}),
        (None, "left out", {}),
        (None, "", {}),
        ({"if": [COUNTRY, None]}, None, {}),
        (SPLIT, "on", {"state": "DISABLED"}),
    ],
)
def test_the_default_in_the_code(targeting: Any, default: Any, fields: dict[str, Any]) -> None:
    assert isinstance(of(targeting, default, **fields), CodeDefault)


def test_a_default_that_does_not_exist_is_no_proof() -> None:
    assert isinstance(of(None, "gone"), Varies)
    assert isinstance(of({"if": [COUNTRY, "on", None]}, None), Varies)


@pytest.mark.parametrize("key", [KEY, {"var": "tags"}, "a text"], ids=["user", "any", "text"])
def test_a_share_that_fails_counts_whoever_gets_it(key: object) -> None:
    sure = {"fractional": [key, ["on", 50], ["on", 50]]}
    fails = {"fractional": [key, ["on", 50], ["on", 50], [{"%": [1, 0]}, 0]]}
    for rule in (sure, fails):
        found = of({"if": [rule, "on", "on"]}, "on")
        assert isinstance(found, Constant) == (rule is sure)


def test_a_definition_that_is_none_proves_nothing() -> None:
    made = replace(flag("f"), format="flagd", payload=None)
    assert isinstance(verdicts(registry(made), NOW)["f"]["default"], Unknown)


def test_forecasts_the_end_of_a_window_and_of_a_ramp() -> None:
    end = NOW + 3 * logic.DAY
    found = of({"if": [{"<": [TIME, end]}, SPLIT, "on"]})
    assert isinstance(found, Varies)
    assert (found.forecast, found.forecast_variant) == (date(2026, 9, 25), "on")
    ramp = {"fractional": [KEY, ["on", {"-": [TIME, NOW]}], ["off", {"-": [end, TIME]}]]}
    assert of(ramp).forecast == date(2026, 9, 25)


@settings(max_examples=ROUNDS * 2, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**48), bucketing=st.sampled_from(["flagd-v2", "flagd-v3"]))
@example(seed=5493, bucketing="flagd-v2")  # a share that nobody gets divides by zero
def test_no_outcome_lies_outside_the_proven_set(seed: int, bucketing: str) -> None:
    random = Random(seed)
    document = logic.document(random)
    flags = [
        replace(flag(key, variants=definition["variants"]), format="flagd", payload=definition)
        for key, definition in document["flags"].items()
    ]
    made = registry(*flags, bucketing=bucketing)
    begins = NOW + random.randint(-6, 6) * logic.DAY
    proven = verdicts(made, begins)
    now = [0.0]
    evaluator = Evaluator(made, clock=lambda: now[0])
    for _ in range(20):
        context, now[0] = logic.context(random), begins + random.choice([0, 1, random.randint(0, 20 * logic.DAY)])
        for item in flags:
            verdict = proven[item.key]["default"]
            served = evaluator.evaluate(item.key, context, "the default")
            if isinstance(verdict, Constant):
                assert served.error_code is None
                assert verdict.variant in {None, served.variant}
                assert (served.value, type(served.value)) == (verdict.value, type(verdict.value))
            elif isinstance(verdict, CodeDefault):
                assert (served.value, served.variant, served.error_code) == ("the default", None, None)


@settings(max_examples=ROUNDS, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 2**48))
def test_no_outcome_of_an_export_lies_outside_the_proven_set(seed: int) -> None:
    random = Random(seed)
    native = random_registry(random)
    environment = random.choice(ENVIRONMENTS)
    document = export_flagd(native, environment).document
    text = dict(document.get("$evaluators", {}).items())
    flags = []
    for item in native.flags:
        definition = resolved(document["flags"][item.key], text)
        flags.append(replace(item, format="flagd", payload=definition, needs=(), rules=(), environments=(), kill=None))
    made = registry(*flags, bucketing=native.bucketing)
    now = [float(int(random_time(random)))]
    proven = verdicts(made, now[0])
    evaluator = Evaluator(native, environment=environment, clock=lambda: now[0])
    for _ in range(10):
        context = random_context(random)
        for item in native.flags:
            verdict = proven[item.key]["default"]
            if isinstance(verdict, Constant):
                assert verdict.variant in {None, evaluator.evaluate(item.key, context).variant}


def resolved(rule: Any, evaluators: dict[str, Any]) -> Any:
    if isinstance(rule, list):
        return [resolved(item, evaluators) for item in rule]
    if isinstance(rule, dict):
        name = rule.get("$ref") if len(rule) == 1 else None
        return evaluators[name] if name is not None else {key: resolved(item, evaluators) for key, item in rule.items()}
    return rule
