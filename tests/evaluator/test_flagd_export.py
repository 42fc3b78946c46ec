"""A registry exported to flagd's format serves the same to everyone, by flagd's own engines."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from evaluation_kit.build import at, flag, ramp, registry, rule, segment, test, with_bucketing
from evaluation_kit.generate import ENVIRONMENTS, random_context, random_registry, random_time
from evaluation_kit.oracles import EVALUATIONS, GENERATIONS, Oracle

from flaglint.evaluator import Evaluator
from flaglint.evaluator.conditions import compile_test
from flaglint.evaluator.flagd.export import export_flagd
from flaglint.evaluator.flagd.expressions import TIME, comparison, negation

if TYPE_CHECKING:
    from flaglint.definition import Flag

MISSING = object()
KEY = {"var": "targetingKey"}


@pytest.mark.parametrize("engine", GENERATIONS)
def test_flagds_engines_serve_what_the_evaluator_serves(engine: str) -> None:
    compared = 0
    random = Random(20_260_901)
    with Oracle(engine) as oracle:
        while compared < EVALUATIONS:
            made = with_bucketing(random_registry(random), oracle.generation)
            environment = random.choice(ENVIRONMENTS)
            exported = export_flagd(made, environment)
            assert exported.refusals == ()
            now = [0.0]
            evaluator = Evaluator(made, environment=environment, clock=lambda now=now: now[0])  # type: ignore[misc] # mypy cannot infer the default
            questions: list[Any] = []
            expected: list[Any] = []
            for _ in range(40):
                context, now[0] = random_context(random), float(int(random_time(random)))
                for flag in made.flags:
                    questions.append((flag.key, flag.value_type.value, context, now[0]))
                    served = evaluator.evaluate(flag.key, context)
                    expected.append([served.variant, served.value, served.error_code])
            answers = oracle.answers(exported.document, questions)
            for question, answer, wanted in zip(questions, answers, expected, strict=True):
                assert answer == wanted, (question, exported.document["flags"][question[0]])
            compared += len(questions)


SCALARS: list[Any] = [
    "",
    "DE",
    "null",
    "None",
    "true",
    "True",
    "0",
    "1",
    "1.0",
    "18",
    " 18 ",
    "abc",
    "1.2.3",
    "v1.2",
    "vip",
]
SCALARS += [None, True, False, 0, 1, -1, 1.5, 1e21, 18, 18.0, 2**53 - 1, MISSING]
LISTS: list[Any] = [[], ["vip"], ["DE", "x"], [1], [True], {}, {"a": 1}]
ON_TEXTS = [
    ("equals", "DE"),
    ("equals", ""),
    ("in", ["DE", "FR"]),
    ("exists", True),
    ("starts_with", "D"),
    ("ends_with", ""),
]
ON_TEXTS += [
    ("contains", "vip"),
    ("contains", ""),
    ("contains", "D"),
    ("semver", ">=1.2"),
    ("semver", "!=1.2.3"),
    ("semver", "~1.2"),
]
ON_SCALARS = [("equals", value) for value in (True, False, 18, 0, 1.5)] + [
    ("in", ["DE", 18, True]),
    ("gte", 18),
    ("gt", 0),
]
ON_SCALARS += [("lt", 18), ("lte", 0), ("lt", 0.5)]


@pytest.mark.parametrize("engine", GENERATIONS)
def test_each_operator_means_the_same_for_every_operand(engine: str) -> None:
    flags: dict[str, Any] = {}
    questions: list[Any] = []
    expected: list[Any] = []
    for operation, operand in [*ON_TEXTS, *ON_SCALARS]:
        matches = compile_test("x", operation, operand)
        for is_negated in (False, True):
            rule = comparison("x", operation, operand)
            key = f"{operation} {operand} {is_negated}"
            flags[key] = {
                "state": "ENABLED",
                "variants": {"yes": True, "no": False},
                "defaultVariant": "no",
                "targeting": {"if": [negation(rule) if is_negated else rule, "yes", "no"]},
            }
            # lists and objects for a number or a boolean lie outside of what engines agree on
            for value in SCALARS + (LISTS if (operation, operand) in ON_TEXTS else []):
                context = {} if value is MISSING else {"x": value}
                questions.append((key, "boolean", context, 0))
                expected.append(
                    ["no" if matches(context) is is_negated else "yes", matches(context) is not is_negated, None]
                )
    with Oracle(engine) as oracle:
        for question, answer, wanted in zip(
            questions, oracle.answers({"flags": flags}, questions), expected, strict=True
        ):
            assert answer == wanted, question


def definition_of(made: Flag, *others: Flag, **fields: Any) -> Any:
    document = export_flagd(registry(*others, made, **fields)).document
    return document["flags"][made.key]


def test_a_constant_flag_has_no_targeting() -> None:
    assert definition_of(flag("f", "enabled")) == {
        "state": "ENABLED",
        "variants": {"enabled": True, "disabled": False},
        "defaultVariant": "enabled",
    }
    assert "targeting" not in definition_of(flag("f"))
    assert "targeting" not in definition_of(flag("f", {"enabled": 5, "disabled": 0}))
    assert "targeting" not in definition_of(flag("f", rule("enabled", when=test("a", "in", ()))))


def test_a_killed_flag_is_a_constant_and_not_disabled() -> None:
    made = definition_of(flag("f", "enabled", kill=True))
    assert (made["state"], made["defaultVariant"]) == ("ENABLED", "disabled")
    assert "targeting" not in made


def test_a_killed_parent_keeps_its_child_off() -> None:
    made = definition_of(flag("f", "enabled", needs={"p": "disabled"}), flag("p", "enabled", kill=True))
    assert made["defaultVariant"] == "disabled"
    assert "targeting" not in made


def test_a_split_has_a_literal_salt_behind_a_guard() -> None:
    made = definition_of(flag("f", {"enabled": 25, "disabled": 75}, salt="old-name"))
    guard, share, otherwise = made["targeting"]["if"]
    key = {"var": "targetingKey"}
    assert guard == {"and": [{"===": [{"cat": [key]}, key]}, {"!==": [key, ""]}]}
    assert share == {"fractional": [{"cat": ["old-name", key]}, ["enabled", 25], ["disabled", 75]]}
    assert otherwise is None


def test_a_prerequisite_is_written_out_with_its_own_salt() -> None:
    parent = flag("p", {"enabled": 50, "disabled": 50})
    made = definition_of(flag("f", "enabled", needs={"p": "enabled"}), parent)
    assert made["targeting"]["if"][0] == {
        "in": [
            {
                "if": [
                    {"and": [{"===": [{"cat": [KEY]}, KEY]}, {"!==": [KEY, ""]}]},
                    {"fractional": [{"cat": ["p", KEY]}, ["enabled", 50], ["disabled", 50]]},
                    "disabled",
                ]
            },
            ["enabled"],
        ]
    }


def test_windows_and_ramps_are_arithmetic_on_the_time() -> None:
    made = definition_of(flag("f", rule("enabled", start=100, until=200)))
    assert made["targeting"] == {"if": [{"and": [{">=": [TIME, 100]}, {"<": [TIME, 200]}]}, "enabled", None]}
    made = definition_of(flag("f", ramp("enabled", (0, 100), 100, 200)))
    during = made["targeting"]["if"][1]["if"][1]
    assert during["if"][2]["fractional"][1:] == [
        ["enabled", {"-": [TIME, 100]}],
        ["disabled", {"-": [200, TIME]}],
    ]
    assert made["targeting"]["if"][2] == "enabled"


def test_segments_are_shared_evaluators() -> None:
    staff = segment("staff", test("email", "ends_with", "@example.com"))
    made = registry(
        flag("f", rule("enabled", "staff")), flag("g", "enabled"), segments=(staff, segment("unused", staff.when))
    )
    document = export_flagd(made).document
    assert document["$evaluators"] == {"staff": {"ends_with": [{"var": "email"}, "@example.com"]}}
    assert document["flags"]["f"]["targeting"] == {"if": [{"$ref": "staff"}, "enabled", None]}


@pytest.mark.parametrize(
    ("name", "suffix"), [("staff", '"quoted"'), ("staff", "ü"), ("staff", "$&"), ("with space", "@example.com")]
)
def test_a_segment_that_engines_would_garble_is_written_out(name: str, suffix: str) -> None:
    item = segment(name, test("email", "ends_with", suffix))
    document = export_flagd(registry(flag("f", rule("enabled", name)), segments=(item,))).document
    assert "$evaluators" not in document
    assert document["flags"]["f"]["targeting"]["if"][0] == {"ends_with": [{"var": "email"}, suffix]}


def test_metadata_are_scalars() -> None:
    made = flag(
        "f",
        "enabled",
        owner="@shop",
        type="ops",
        tags=("web", "cart"),
        links=(("issue", "S-1"),),
        permanent="tuned by hand",
    )
    assert definition_of(made)["metadata"] == {
        "owner": "@shop",
        "type": "ops",
        "permanent": "tuned by hand",
        "tags": "web,cart",
        "link.issue": "S-1",
    }
    document = export_flagd(registry(made, environments=("a", "b"), bucketing="flagd-v3"), "b").document
    assert document["metadata"] == {"flagSetId": "b", "bucketing": "flagd-v3"}


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (flag("ü", {"enabled": 1, "disabled": 1}), "hash the salt `ü` differently"),
        (flag("f", {"enabled": 2**31 - 1, "disabled": 1}), "its weights add up to more than flagd's 2147483647"),
        (flag("f", ramp("enabled", (0.1, 99.9), 0, 31_000_000)), "is finer than flagd's weights"),
        (flag("f", rule("enabled", when=test("tags", "contains", 1))), "whether a list contains a number"),
        (flag("f", rule("enabled", when=test("constructor", "exists", True))), "the attribute name `constructor`"),
        (flag("f", rule("enabled", when=test("größe", "equals", "L"))), "the attribute name `größe`"),
        (flag("f", rule("enabled", when=test("a", "gt", 2**60))), "larger than the integers"),
        (flag("__proto__", "enabled"), "cannot hold a flag of this name"),
    ],
)
def test_refuses_what_it_cannot_say_exactly(made: Flag, reason: str) -> None:
    exported = export_flagd(registry(flag("good", "enabled"), replace(made, key_span=at(7))))
    assert list(exported.document["flags"]) == ["good"]
    (refusal,) = exported.refusals
    assert (refusal.key, refusal.span) == (made.key, at(7))
    assert reason in refusal.reason


def test_refuses_prerequisites_that_grow_without_end() -> None:
    halves = {"enabled": 1, "disabled": 1}
    flags = [flag("f0", halves), flag("g0", halves)]
    for level in range(1, 30):
        needs = {f"f{level - 1}": "enabled", f"g{level - 1}": "enabled"}
        flags += [flag(f"f{level}", halves, needs=needs), flag(f"g{level}", halves, needs=needs)]
    exported = export_flagd(registry(*flags))
    assert "f3" in exported.document["flags"]
    assert "too large" in {refusal.key: refusal.reason for refusal in exported.refusals}["f29"]


def test_refuses_formats_that_are_only_read() -> None:
    exported = export_flagd(registry(flag("good", "enabled"), flag("foreign", "enabled", format="toggler")))
    assert list(exported.document["flags"]) == ["good"]
    assert [refusal.key for refusal in exported.refusals] == ["foreign"]
