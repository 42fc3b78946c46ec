"""Rules that no evaluation reaches, and prerequisites that have decided already."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from evaluation_kit.build import at, environment, every, flag, negated, ramp, registry, rule, segment, some, test
from evaluation_kit.generate import random_context, random_registry, random_time

from flaglint.evaluator import Evaluator
from flaglint.evaluator.dead_rules import decided_by_prerequisite, unreachable_rules
from flaglint.evaluator.proof import verdicts

GERMAN = test("country", "equals", "DE")
FRENCH = test("country", "equals", "FR")
HIDDEN = "rule 2 of `f` is never reached: rule 1 serves everyone before it"
CONTRADICTION = "rule 1 of `f` is never reached: its conditions contradict each other"


def unreachable(*rules: Any, **fields: Any) -> list[str]:
    segments = fields.pop("segments", ())
    return [problem.message for problem in unreachable_rules(registry(flag("f", *rules, **fields), segments=segments))]


@pytest.mark.parametrize(
    ("rules", "message"),
    [
        (["enabled", rule("disabled", when=GERMAN)], HIDDEN),
        ([{"enabled": 1, "disabled": 1}, "enabled"], HIDDEN),
        ([rule("enabled", when=every(GERMAN, FRENCH))], CONTRADICTION),
        ([rule("enabled", when=test("a", "in", ()))], CONTRADICTION),
        (
            [rule("enabled", when=test("country", "in", ("DE", "FR"))), rule("disabled", when=GERMAN)],
            "rule 2 of `f` is never reached: the rules before it match everyone that it matches",
        ),
        (
            [rule("enabled", when=GERMAN), rule("disabled", when=negated(GERMAN)), rule("enabled", when=FRENCH)],
            "rule 3 of `f` is never reached: the rules before it match everyone that it matches",
        ),
        (
            [rule("enabled", when=GERMAN), rule("disabled", when=GERMAN, start=100, until=200)],
            "rule 2 of `f` is never reached: the rules before it match everyone that it matches",
        ),
    ],
)
def test_finds_the_rule_that_is_never_reached(rules: list[Any], message: str) -> None:
    assert unreachable(*rules) == [message]


@pytest.mark.parametrize(
    "rules",
    [
        [],
        ["enabled"],
        [rule("enabled", when=GERMAN), "disabled"],
        [rule("enabled", when=GERMAN), rule("disabled", when=FRENCH), "enabled"],
        [rule("enabled", until=100), "disabled"],  # that its window is over is a matter of the clock
        [rule("enabled", start=100), rule("enabled", until=100), "disabled"][:2],
        [rule("enabled", when=test("age", "gte", 18)), rule("disabled", when=test("age", "lt", 18)), "enabled"],
        [rule("enabled", when=some(*(test(f"a{n}", "exists", True) for n in range(20)))), "disabled"],
    ],
)
def test_leaves_reachable_rules_alone(rules: list[Any]) -> None:
    assert unreachable(*rules) == []


def test_points_at_the_rule_and_at_the_one_before_it() -> None:
    made = registry(flag("f", rule("enabled", span=at(5)), rule("disabled", span=at(7))))
    (problem,) = unreachable_rules(made)
    assert (problem.code, problem.key, problem.span) == ("FLG403", "f", at(7))
    assert [(label.span, label.message) for label in problem.related] == [(at(5), "serves everyone")]


def test_a_killed_flag_keeps_its_rules() -> None:
    assert unreachable(rule("enabled", when=GERMAN), kill=True) == []


def test_rules_that_every_environment_replaces_are_dead() -> None:
    own = tuple(environment(name, "disabled") for name in ("a", "b"))
    made = registry(flag("f", "enabled", environments=own), environments=("a", "b"))
    assert [problem.message for problem in unreachable_rules(made)] == [
        "the rules of `f` are never used: every environment has its own"
    ]
    made = registry(flag("f", "enabled", environments=own), environments=("a", "b", "c"))
    assert list(unreachable_rules(made)) == []


def test_the_rules_of_an_environment_are_looked_at() -> None:
    entry = environment("a", "enabled", rule("disabled", span=at(9)))
    made = registry(flag("f", "enabled", environments=(entry,)), environments=("a", "b"))
    assert [problem.span for problem in unreachable_rules(made)] == [at(9)]


def test_segments_are_looked_into() -> None:
    staff = segment("staff", test("email", "ends_with", "@example.com"))
    everyone = segment("everyone")
    found = unreachable(rule("enabled", "everyone"), rule("disabled", "staff"), segments=(staff, everyone))
    assert found == ["rule 2 of `f` is never reached: the rules before it match everyone that it matches"]
    assert unreachable(rule("enabled", "staff"), rule("disabled", "everyone"), segments=(staff, everyone)) == []


def test_broken_flags_and_unknown_segments_are_left_to_others() -> None:
    assert unreachable("enabled", "disabled", problems=True) == []
    assert unreachable(rule("enabled", "stuff"), "disabled") == []


@pytest.mark.parametrize("seed", range(60))
def test_no_evaluation_reaches_a_rule_that_is_called_unreachable(seed: int) -> None:
    random = Random(seed)
    made = random_registry(random)
    dead = {
        (problem.key, problem.message.split()[1])
        for problem in unreachable_rules(made)
        if "replace" not in problem.message
    }
    evaluator = Evaluator(made, environment="production", clock=lambda: random_time(random))
    own = {item.key for item in made.flags if any(entry.rules is not None for entry in item.environments)}
    for _ in range(100):
        context = random_context(random)
        for key in set(evaluator.keys) - own:
            assert (key, str(evaluator.evaluate(key, context).rule)) not in dead


# ---------------------------------------------------------------------------------------------- prerequisites


def decided(*flags: Any, now: float = 1000.0, **fields: Any) -> list[str]:
    made = registry(*flags, **fields)
    return [problem.message for problem in decided_by_prerequisite(made, verdicts(made, now))]


def test_a_cycle_is_not_told_once_more_by_each_of_its_flags() -> None:
    circle = [flag("a", "enabled", needs={"b": "enabled"}), flag("b", "enabled", needs={"a": "enabled"})]
    assert decided(*circle) == []
    assert len(decided(*circle, flag("f", "enabled", needs={"a": "enabled"}))) == 1


def test_finds_the_child_that_a_constant_parent_keeps_off() -> None:
    assert decided(flag("p"), flag("f", "enabled", needs={"p": "enabled"})) == [
        "`f` always serves disabled: it needs `p` to serve enabled, which always serves disabled"
    ]
    finished = flag("p", rule("enabled", until=999), "disabled")
    assert len(decided(finished, flag("f", "enabled", needs={"p": "enabled"}))) == 1


@pytest.mark.parametrize(
    "parent",
    [
        flag("p", "enabled"),
        flag("p", rule("enabled", when=GERMAN)),
        flag("p", "enabled", kill=True),  # a kill is meant to be lifted
        flag("p", ramp("enabled", (0, 100), 1, 2000)),
        flag("p", "enabled", problems=True),
        flag("other"),
    ],
)
def test_leaves_a_child_alone_that_can_still_be_on(parent: Any) -> None:
    assert decided(parent, flag("f", "enabled", needs={"p": "enabled"})) == []


def test_only_critical_environments_count() -> None:
    parent = flag("p", "enabled", environments=(environment("staging", "disabled"),))
    child = flag("f", "enabled", needs={"p": "enabled"})
    both = ("staging", "production")
    assert decided(parent, child, environments=both, critical=("production",)) == []
    assert decided(parent, child, environments=both, critical=both) == []
    assert len(decided(parent, child, environments=both, critical=("staging",))) == 1
