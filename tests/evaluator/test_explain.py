"""An explanation leads to what is served."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pytest
from evaluation_kit.build import environment, every, flag, negated, ramp, registry, rule, segment, some, test
from evaluation_kit.generate import ENVIRONMENTS, random_context, random_registry, random_time

from flaglint.evaluator import Evaluator
from flaglint.evaluator.explain import explain


def steps(*rules: Any, context: dict[str, Any] | None = None, now: float = 1000.0, **fields: Any) -> list[str]:
    others, segments = fields.pop("others", ()), fields.pop("segments", ())
    made = registry(*others, flag("f", *rules, **fields), segments=segments)
    found = explain(made, Evaluator(made, clock=lambda: now), "f", context or {}, now)
    words = {True: "yes", False: "no", None: "-"}
    return [" | ".join((step.label, step.text, words[step.holds], step.found)) for step in found.steps]


def test_shows_each_rule_until_one_matches() -> None:
    german = rule("enabled", when=every(test("country", "equals", "DE"), test("age", "gte", 18)))
    assert steps(german, rule("enabled", when=test("vip", "equals", True)), "disabled", context={"country": "DE"}) == [
        'rule 1 | country is DE | yes | `country` is "DE"',
        " | age >= 18 | no | `age` is missing",
        "rule 2 | vip is true | no | `vip` is missing",
        "rule 3 | everyone | yes | ",
        " | serves disabled | - | ",
    ]
    assert len(steps(german, "disabled", context={"country": "DE", "age": 18})) == 3


def test_shows_what_is_served_when_nothing_matches() -> None:
    assert steps(rule("enabled", when=test("a", "exists", True))) == [
        "rule 1 | a is given | no | `a` is missing",
        "off | no rule matches: serves disabled | - | ",
    ]


def test_shows_windows_and_segments() -> None:
    staff = segment("staff", test("email", "ends_with", "@example.com"))
    windowed = rule("enabled", "staff", start=900, until=1100)
    assert steps(windowed, segments=(staff,), context={"email": "a@example.com"}) == [
        "rule 1 | from 1970-01-01T00:15:00Z | yes | now is 1970-01-01T00:16:40Z",
        " | until 1970-01-01T00:18:20Z | yes | now is 1970-01-01T00:16:40Z",
        " | segment staff | yes | in staff",
        " | serves enabled | - | ",
    ]
    assert steps(rule("enabled", "staff"), segments=(staff,))[0] == "rule 1 | segment staff | no | `email` is missing"


def test_shows_the_bucket() -> None:
    assert steps({"enabled": 25, "disabled": 75}, context={"targetingKey": "u1"}, salt="release-one-page-checkout")[
        1
    ] == (' | split enabled 25, disabled 75 | - | bucket 84 of 100 for "u1"')
    assert steps({"enabled": 25, "disabled": 75})[1] == (
        " | split enabled 25, disabled 75: serves disabled | - | `targetingKey` is missing"
    )
    assert steps({"enabled": 25, "disabled": 75}, context={"targetingKey": 5})[1].endswith(
        "`targetingKey` is 5, no text to hash"
    )
    assert steps({"enabled": 25, "disabled": 0})[1] == " | split enabled 25, disabled 0: serves enabled | - | "


def test_shows_how_far_a_ramp_is() -> None:
    shown = steps(ramp("enabled", (0, 100), 900, 1300), context={"targetingKey": "u1"})[1]
    assert "25 % now" in shown
    assert "bucket at" in shown
    assert steps(ramp("enabled", (0, 100), 900, 1000))[1].split(" | ")[1].endswith("100 % now, over")


def test_shows_kill_and_prerequisites() -> None:
    assert steps("enabled", kill=True) == ["kill | it is killed: serves disabled | - | "]
    assert steps("enabled", needs={"p": "enabled"}, others=[flag("p")]) == [
        "needs | p: enabled | no | it serves disabled",
        "off | serves disabled | - | ",
    ]
    assert steps("enabled", needs={"p": "disabled"}, others=[flag("p", kill=True)])[0].endswith("no | it is killed")
    assert steps("enabled", needs={"p": "enabled"})[0].endswith("no | there is no such flag")
    assert steps("enabled", needs={"f": "disabled"})[-2:] == [
        "needs | its prerequisites lead back to itself | no | ",
        "off | serves disabled | - | ",
    ]


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (test("a", "not_in", ("x", 1)), "a is none of x, 1"),
        (test("a", "semver", ">=2.1.0"), "a >=2.1.0"),
        (some(test("a", "equals", "x"), negated(test("b", "contains", "y"))), "any of (a is x; not (b contains y))"),
        (test("a", "exists", False), "a is not given"),
    ],
)
def test_says_conditions_in_words(condition: Any, words: str) -> None:
    assert steps(rule("enabled", when=condition))[0].split(" | ")[1] == words


@pytest.mark.parametrize("seed", range(100))
def test_the_rule_that_is_shown_last_is_the_one_that_decided(seed: int) -> None:
    random = Random(seed)
    made = random_registry(random)
    name = random.choice(ENVIRONMENTS)
    for _ in range(10):
        context, now = random_context(random), random_time(random)
        evaluator = Evaluator(made, environment=name, clock=lambda now=now: now)  # type: ignore[misc] # mypy cannot infer the default
        for key in evaluator.keys:
            found = explain(made, evaluator, key, context, now)
            labels = [step.label for step in found.steps if step.label]
            if found.result.rule is not None:
                assert labels[-1] == f"rule {found.result.rule}"
            else:
                assert labels[-1] in {"kill", "off"}
            served = found.steps[-1].text
            assert "serves" not in served or served.split("serves ")[1].split(",")[0] == found.result.variant


def test_an_environment_shows_its_own_rules() -> None:
    made = registry(flag("f", "enabled", environments=(environment("a", "disabled"),)), environments=("a", "b"))
    found = explain(made, Evaluator(made, environment="a"), "f", {}, 0.0)
    assert found.steps[-1].text == "serves disabled"


def test_what_cannot_be_evaluated_in_flagds_format_is_told() -> None:
    split = {"fractional": [{"var": "key"}, ["on", 50], ["off", 50]]}  # of a number there is no targeting key
    definition = {
        "state": "ENABLED",
        "variants": {"on": 1, "off": 0},
        "targeting": {"if": [{"some": [[1], split]}, "on"]},
    }
    made = registry(replace(flag("f", variants={"on": 1, "off": 0}), format="flagd", payload=definition))
    found = explain(made, Evaluator(made), "f", {}, 0.0)
    assert found.result.error_code == "GENERAL"
    assert found.steps[-1].text.startswith("it cannot be evaluated: ")
