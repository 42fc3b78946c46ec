"""Which flags are proven to serve one value, why, and since when."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from evaluation_kit.build import (
    HERE,
    environment,
    every,
    flag,
    negated,
    ramp,
    registry,
    rule,
    segment,
    some,
    test,
)
from evaluation_kit.generate import random_registry

from flaglint.definition import Kill
from flaglint.evaluator import proof
from flaglint.evaluator.proof import Prover, verdict, verdicts
from flaglint.model import CodeDefault, Constant, Unknown, Varies


def on(day: str) -> int:
    return int(datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp())


NOW = on("2026-09-20")
OCTOBER = on("2026-10-01")
HALVES = {"enabled": 50, "disabled": 50}
GERMAN = test("country", "equals", "DE")
GROWN = test("age", "gte", 18)


def of(*rules: Any, now: float = NOW, **fields: Any) -> Any:
    """The verdict on a flag `f` with these rules."""
    segments = fields.pop("segments", ())
    others = fields.pop("others", ())
    made = registry(*others, flag("f", *rules, **fields), segments=segments)
    return verdicts(made, now)["f"]["default"]


def assert_constant(found: Any, variant: str | None) -> None:
    assert isinstance(found, Constant), found
    assert found.variant == variant


def assert_varies(found: Any) -> None:
    assert isinstance(found, Varies), found


# ------------------------------------------------------------------------------------------------- constant or not


@pytest.mark.parametrize(
    ("rules", "variant"),
    [
        ([], "disabled"),
        (["enabled"], "enabled"),
        (["enabled", rule("disabled", when=GERMAN)], "enabled"),  # an unconditional rule hides what follows
        ([rule("enabled", when=GERMAN), "enabled"], "enabled"),
        ([rule("disabled", when=GERMAN)], "disabled"),  # the off variant is what is served anyway
        ([{"enabled": 100, "disabled": 0}], "enabled"),  # weights of nothing drop out
        ([{"enabled": 0, "disabled": 0}], "disabled"),
        ([rule("enabled", when=test("country", "in", ())), "disabled"], "disabled"),
        ([rule("enabled", when=every())], "enabled"),
        ([rule("disabled", when=some()), "enabled"], "enabled"),
        ([rule("enabled", when=some(GERMAN, negated(GERMAN)))], "enabled"),
        ([rule("enabled", when=every(GERMAN, negated(GERMAN)))], "disabled"),
        ([rule("enabled", when=some(GERMAN, test("country", "not", "DE")))], "enabled"),
        ([rule("enabled", when=GERMAN), rule("enabled", when=negated(GERMAN))], "enabled"),
        ([rule("enabled", when=every(GERMAN, test("country", "equals", "FR")))], "disabled"),
        ([rule("enabled", when=every(GERMAN, test("country", "in", ("FR", "NL"))))], "disabled"),
        ([rule("enabled", when=every(GERMAN, test("country", "gt", 5)))], "disabled"),
        ([rule("enabled", when=every(test("a", "equals", 1), test("a", "equals", True)))], "disabled"),
        ([rule("enabled", when=every(test("a", "equals", "x"), test("a", "exists", False)))], "disabled"),
        ([rule("enabled", when=every(GROWN, test("age", "lt", 18)))], "disabled"),
        ([rule("enabled", when=every(GROWN, negated(test("age", "gt", 17))))], "disabled"),
        ([rule("enabled", when=some(test("a", "exists", True), test("a", "exists", False)))], "enabled"),
        ([rule("disabled", when=every(GERMAN, test("country", "starts_with", "F"))), "enabled"], "enabled"),
        ([rule("enabled", until=NOW)], "disabled"),  # past for ever
        ([rule("enabled", start=NOW)], "enabled"),  # has begun, for ever
        ([ramp("enabled", (0, 100), NOW - 9, NOW)], "enabled"),
        ([ramp("enabled", (100, 0), NOW - 9, NOW)], "disabled"),
        ([ramp("enabled", (0, 0), NOW - 9, NOW + 9)], "disabled"),
        ([ramp("disabled", (0, 100), NOW - 9, NOW + 9)], "disabled"),
    ],
)  # fmt: skip
def test_constant(rules: list[Any], variant: str) -> None:
    assert_constant(of(*rules), variant)


@pytest.mark.parametrize(
    "rules",
    [
        [rule("enabled", when=GERMAN)],
        [{"enabled": 50, "disabled": 50}],
        [{"enabled": 1, "disabled": 99_999}],
        [rule({"enabled": 100, "disabled": 0}, when=GERMAN)],
        # no tautologies: a missing attribute makes both sides false
        [rule("enabled", when=some(GROWN, test("age", "lt", 18)))],
        [rule("enabled", when=test("plan", "in", ("free", "pro", "team")))],
        [rule("enabled", when=some(test("beta", "equals", True), test("beta", "equals", False)))],
        # a list holds two members, and a text contains two others
        [rule("enabled", when=every(test("tags", "contains", "a"), test("tags", "contains", "b")))],
        [rule("enabled", when=every(test("a", "starts_with", "x"), test("a", "ends_with", "y")))],
        [rule("enabled", when=every(test("a", "not", "x"), test("a", "not", "y")))],
        [rule("enabled", when=every(GROWN, test("age", "lt", 19)))],
        [rule("enabled", start=NOW + 1)],  # a window that begins later counts both ways
        [rule("enabled", until=NOW + 1)],
        [ramp("enabled", (0, 100), NOW - 9, NOW + 9)],
        [ramp("enabled", (0, 99), NOW - 9, NOW)],
        [ramp("enabled", (100, 100), NOW - 9, NOW + 9)],  # before its end, it asks for a bucketing key
        [ramp("enabled", (0, 0.1), NOW - 9, NOW)],
    ],
)
def test_varies(rules: list[Any]) -> None:
    assert_varies(of(*rules))


def test_a_split_among_equals_still_depends_on_the_key() -> None:
    three = {"a": True, "b": True, "off": False}
    assert_varies(of({"a": 50, "b": 50}, variants=three))
    assert_constant(of({"a": 50, "b": 50}, variants=three, off="a"), None)


def test_equal_values_prove_the_value_and_no_variant() -> None:
    twice = {"short": 200, "same": 200, "long": 2000}
    found = of(rule("short", when=GERMAN), "same", variants=twice)
    assert_constant(found, None)
    assert found.value == 200


@pytest.mark.parametrize(("left", "right"), [(1, True), (1, 1.0), (0, False), ("1", 1), ({"a": 1}, {"a": 1.0})])
def test_values_of_different_types_are_different(left: Any, right: Any) -> None:
    assert_varies(of(rule("x", when=GERMAN), "y", variants={"x": left, "y": right}))


def test_segments_are_looked_into() -> None:
    staff = segment("staff", test("email", "ends_with", "@example.com"))
    nobody = segment("nobody", some(), "staff")
    assert_varies(of(rule("enabled", "staff"), segments=(staff,)))
    assert_constant(of(rule("enabled", "nobody"), segments=(staff, nobody)), "disabled")
    assert_constant(
        of(rule("enabled", "staff"), rule("enabled", when=negated(staff.when)), segments=(staff,)), "enabled"
    )


def test_an_unknown_segment_proves_nothing() -> None:
    assert of(rule("enabled", "stuff")) == Unknown("segment `stuff` cannot be resolved")


def test_many_combinations_prove_nothing_but_what_needs_no_combining() -> None:
    conditions = [test(f"attribute-{number}", "equals", "x") for number in range(30)]
    tangled = [
        rule("enabled", when=every(*(some(*pair) for pair in zip(conditions[::2], conditions[1::2], strict=True))))
    ]
    assert_varies(of(*tangled))
    assert_constant(of(*tangled, off="enabled"), "enabled")


# --------------------------------------------------------------------------------------------------- prerequisites


def test_parents_fold_first() -> None:
    parent = flag("p", "enabled")
    assert_constant(of("enabled", needs={"p": "enabled"}, others=[parent]), "enabled")
    assert_constant(of("enabled", needs={"p": "disabled"}, others=[parent]), "disabled")
    assert_varies(of("enabled", needs={"p": "enabled"}, others=[flag("p", rule("enabled", when=GERMAN))]))


def test_a_grandparent_decides_too() -> None:
    others = [flag("g"), flag("p", "enabled", needs={"g": "enabled"})]
    found = of("enabled", needs={"p": "enabled"}, others=others)
    assert_constant(found, "disabled")
    assert found.reason == "it needs `p` to serve enabled, which serves disabled"


def test_a_parent_and_its_child_look_at_the_same_context() -> None:
    parent = flag("p", rule("enabled", when=GERMAN))
    assert_constant(
        of(
            rule("disabled", when=negated(GERMAN)),
            rule("enabled", when=negated(GERMAN)),
            needs={"p": "enabled"},
            others=[parent],
        ),
        "disabled",
    )


def test_a_need_for_every_variant_still_excludes_a_kill() -> None:
    wanted = {"p": ("enabled", "disabled")}
    assert_constant(of("enabled", needs=wanted, others=[flag("p", rule("enabled", when=GERMAN))]), "enabled")
    found = of("enabled", needs=wanted, others=[flag("p", kill=True)])
    assert_constant(found, "disabled")
    assert found.reason == "it needs `p` to serve enabled or disabled, which is killed"


def test_a_missing_parent_and_a_cycle_serve_off() -> None:
    found = of("enabled", needs={"gone": "enabled"})
    assert found == Constant("disabled", False, "it needs `gone` to serve enabled, and there is no such flag", None)
    found = of("enabled", needs={"f": "enabled"})
    assert found == Constant("disabled", False, "its prerequisites lead back to itself", None)


def test_a_broken_parent_proves_nothing() -> None:
    broken = flag("p", "enabled", problems=True)
    assert of("enabled", needs={"p": "enabled"}, others=[broken]) == Unknown("the entry of `p` is broken")


def test_equal_values_of_a_parent_do_not_satisfy_in_its_place() -> None:
    parent = flag("p", "same", variants={"short": 200, "same": 200, "long": 0})
    assert_constant(of("enabled", needs={"p": "short"}, others=[parent]), "disabled")


# ------------------------------------------------------------------------------------------------------ what is said


def test_says_since_when_as_far_as_the_file_tells() -> None:
    assert of("enabled").since is None
    assert of(rule("enabled", start=on("2026-08-01"))).since == date(2026, 8, 1)
    assert of(ramp("enabled", (0, 100), on("2026-08-01"), on("2026-08-08"))).since == date(2026, 8, 8)
    assert of(rule("disabled", until=on("2026-07-01")), "enabled").since == date(2026, 7, 1)
    parent = flag("p", rule("enabled", start=on("2026-06-01")))
    assert of("enabled", needs={"p": "enabled"}, others=[parent]).since == date(2026, 6, 1)


def test_a_window_that_changed_nothing_tells_no_since() -> None:
    assert of(rule("enabled", start=on("2026-08-01")), "enabled").since is None


def test_a_kill_tells_since_when_by_whom_and_why() -> None:
    found = of("enabled", kill=Kill(HERE, date(2026, 9, 1), "anna", "INC-7"))
    assert found == Constant("disabled", False, "it is killed since 2026-09-01 by anna: INC-7", date(2026, 9, 1))
    assert of("enabled", kill=True) == Constant("disabled", False, "it is killed", None)


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ([], "it has no rules"),
        (["enabled"], "rule 1 serves it to everyone"),
        ([rule("enabled", until=1), "enabled"], "rule 2 serves it to everyone"),
        ([rule("enabled", until=1)], "no rule can match any more"),
        ([ramp("enabled", (0, 100), 1, 2)], "the ramp of rule 1 is over"),
        ([rule("enabled", when=GERMAN), "enabled"], "everything that it can still serve is the same"),
    ],
)
def test_says_why_it_is_constant(rules: list[Any], reason: str) -> None:
    assert of(*rules).reason == reason


@pytest.mark.parametrize(
    ("rules", "why"),
    [
        ([rule("enabled", when=GERMAN)], "it depends on `country`"),
        ([HALVES], "it depends on a split of 50/50 by `targetingKey`"),
        (
            [rule(HALVES, when=every(GERMAN, GROWN))],
            "it depends on `country`, `age` and a split of 50/50 by `targetingKey`",
        ),
        ([ramp("enabled", (0, 50), 1, NOW + 9)], "it depends on a ramp of `enabled` by `targetingKey`"),
        (
            [rule("enabled", when=GERMAN, start=OCTOBER)],
            "it serves disabled until 2026-10-01, and then depends on `country`",
        ),
    ],
)
def test_says_what_it_depends_on(rules: list[Any], why: str) -> None:
    assert of(*rules) == Varies(why)


@pytest.mark.parametrize(
    ("rules", "forecast", "variant", "why"),
    [
        (
            [ramp("enabled", (0, 100), NOW - 9, OCTOBER)],
            date(2026, 10, 1),
            "enabled",
            "it depends on a ramp of `enabled` by `targetingKey` until 2026-10-01",
        ),
        ([rule("enabled", start=OCTOBER)], date(2026, 10, 1), "enabled", "it serves disabled until 2026-10-01"),
        ([rule("enabled", until=OCTOBER + 60)], date(2026, 10, 2), "disabled", "it serves enabled until 2026-10-01"),
        (
            [rule("enabled", when=GERMAN, until=OCTOBER), "disabled"],
            date(2026, 10, 1),
            "disabled",
            "it depends on `country` until 2026-10-01",
        ),
    ],
)
def test_forecasts(rules: list[Any], forecast: date, variant: str, why: str) -> None:
    assert of(*rules) == Varies(why, forecast, variant)


# ------------------------------------------------------------------------------------- environments, other formats


def test_each_environment_has_its_own_verdict() -> None:
    made = registry(
        flag(
            "f", rule("enabled", when=GERMAN), environments=(environment("a", "enabled"), environment("b", kill=True))
        ),
        environments=("a", "b", "c"),
    )
    found = verdicts(made, NOW)["f"]
    assert list(found) == ["a", "b", "c"]
    assert found["a"] == Constant("enabled", True, "rule 1 serves it to everyone", None)
    assert found["b"] == Constant("disabled", False, "it is killed", None)
    assert found["c"] == Varies("it depends on `country`")


def test_the_verdict_of_one_flag_is_that_of_all() -> None:
    made = registry(flag("p"), flag("f", "enabled", needs={"p": "enabled"}))
    assert verdict(made.flags[1], "default", NOW, made) == verdicts(made, NOW)["f"]["default"]


def test_a_flag_that_stands_nowhere_is_judged_as_if_it_did() -> None:
    made = registry(flag("p"), flag("f", "enabled", needs={"p": "enabled"}))
    freed = replace(made.flags[1], needs=())
    assert_constant(verdict(freed, "default", NOW, made), "enabled")


def test_what_is_not_in_a_file_is_not_guessed() -> None:
    assert isinstance(of("enabled", problems=True), Unknown)
    assert isinstance(of("enabled", format="python"), Unknown)
    assert of("enabled", format="toggler") == Unknown("flaglint does not evaluate the format toggler")
    assert of("enabled", archived=True) == CodeDefault("it is archived")


def test_two_definitions_prove_nothing() -> None:
    made = registry(flag("f", "enabled"), flag("f", "disabled"), flag("child", "enabled", needs={"f": "enabled"}))
    found = verdicts(made, NOW)
    assert found["f"]["default"] == Unknown("it is defined more than once")
    assert isinstance(found["child"]["default"], Unknown)


def test_a_flag_of_one_environments_file_is_absent_from_the_others() -> None:
    made = registry(flag("f", "enabled", environment="a"), flag("f", environment="b"), environments=("a", "b", "c"))
    found = verdicts(made, NOW)["f"]
    assert_constant(found["a"], "enabled")
    assert_constant(found["b"], "disabled")
    assert found["c"] == CodeDefault("it is not in the registry of c")


# --------------------------------------------------------------------------------------- a few flags, without the rest


@pytest.mark.parametrize("seed", range(60))
def test_a_flag_that_is_proven_first_comes_out_as_among_all(seed: int) -> None:
    made = random_registry(Random(seed), flags=8)
    prover = Prover(made)
    for one in made.flags:
        expected = {name: prover.verdict(one, name, NOW) for name in prover.environments}
        assert verdicts(made, NOW)[one.key] == expected


def test_a_broken_and_a_double_parent_count_for_a_flag_that_is_proven_alone() -> None:
    broken = replace(flag("p"), problems=True)
    child = flag("f", "enabled", needs={"p": "enabled"})
    assert verdicts(registry(child, flag("x"), broken), NOW)["f"]["default"] == Unknown("the entry of `p` is broken")
    twice = verdicts(registry(child, flag("p"), flag("x"), flag("p")), NOW)
    assert twice["f"] == {"default": Prover(registry(child, flag("p"), flag("p"))).verdict(child, "default", NOW)}
    assert isinstance(twice["f"]["default"], Unknown)


def test_only_what_a_flag_needs_is_prepared_for_it(monkeypatch: pytest.MonkeyPatch) -> None:
    planned: list[str] = []
    plan = proof.native_plan
    monkeypatch.setattr(proof, "native_plan", lambda one, name: planned.append(one.key) or plan(one, name))
    flags = [flag(f"f{number}", needs={f"f{number - 1}": "enabled"} if number % 10 else {}) for number in range(30)]
    found = verdicts(registry(*flags), NOW)
    assert found["f12"]
    assert planned == ["f10", "f11", "f12"]
    for number in range(proof.FEW + 1):
        assert found[f"f{number}"]
    assert len(set(planned)) == 30


# ------------------------------------------------------------------------------------------- several environments


def proven_in(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
    """Return the flags and environments for which rules are followed from now on."""
    seen: list[tuple[str, str]] = []
    prove = proof._native_verdict
    monkeypatch.setattr(
        proof, "_native_verdict", lambda one, name, *rest: seen.append((one.key, name)) or prove(one, name, *rest)
    )
    return seen


def test_environments_that_say_nothing_of_a_flag_share_one_proof(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = proven_in(monkeypatch)
    made = registry(
        flag("plain", rule("enabled", when=GERMAN)),
        flag("special", rule("enabled", when=GERMAN), environments=(environment("b", "enabled"),)),
        environments=("a", "b", "c", "d"),
    )
    found = verdicts(made, NOW)
    assert set(map(type, found["plain"].values())) == {Varies}
    assert list(found["plain"]) == ["a", "b", "c", "d"]
    assert {name: type(one) for name, one in found["special"].items()} == {
        "a": Varies,
        "b": Constant,
        "c": Varies,
        "d": Varies,
    }
    assert seen == [("plain", "a"), ("special", "a"), ("special", "b")]


def test_a_flag_that_needs_another_is_proven_in_each_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    seen = proven_in(monkeypatch)
    parent = flag("parent", "enabled", environments=(environment("b", "disabled"),))
    made = registry(parent, flag("f", "enabled", needs={"parent": "enabled"}), environments=("a", "b"))
    found = verdicts(made, NOW)["f"]
    assert_constant(found["a"], "enabled")
    assert_constant(found["b"], "disabled")
    assert seen == [("f", "a"), ("f", "b")]


@pytest.mark.parametrize("seed", range(40))
def test_what_is_shared_is_what_each_environment_proves(seed: int) -> None:
    made = replace(random_registry(Random(seed), flags=6), environments=("default", "staging", "production"))
    found = verdicts(made, NOW)
    prover = Prover(made)
    for one in made.flags:
        assert found[one.key] == {name: prover.verdict(one, name, NOW) for name in prover.environments}
