"""What a flag serves, and why: operators, windows, precedence, environments, accessors."""

from __future__ import annotations

from collections import OrderedDict
from enum import Enum, StrEnum
from types import MappingProxyType
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

from flaglint.definition import Problem, Registry
from flaglint.errors import RegistryError
from flaglint.evaluator import ErrorCode, Evaluator
from flaglint.model import ValueType

KEYED = {"targetingKey": "user-1"}


def matches(condition: Any, context: Any) -> bool:
    return Evaluator(registry(flag("f", rule("enabled", when=condition)))).boolean("f", context)


class Plan(StrEnum):
    PRO = "pro"


class Odd(Enum):
    PRO = "pro"


@pytest.mark.parametrize(
    ("condition", "yes", "no"),
    [
        (test("a", "equals", "pro"), ["pro", Plan.PRO], ["Pro", "", None, 1, True, ["pro"], {}, Odd.PRO]),
        (test("a", "equals", 1), [1, 1.0], [True, "1", 2, None, [1], float("nan")]),
        (test("a", "equals", 0), [0, 0.0, -0.0], [False, "", None, []]),
        (test("a", "equals", True), [True], [1, 1.0, "true", False, None]),
        (test("a", "equals", False), [False], [0, "", None, True]),
        (test("a", "in", ("DE", "NO")), ["DE", "NO"], ["FR", None, False, ["DE"], 1]),
        (test("a", "in", (1, "x", True)), [1, 1.0, "x", True], [False, "1", 2]),
        (test("a", "in", (0, 1)), [0, 1.0], [False, True]),
        (test("a", "in", ()), [], ["DE", None, ""]),
        (test("a", "not_in", ("DE",)), ["FR", None, 1, ["DE"]], ["DE"]),
        (test("a", "not_in", ()), ["DE", None], []),
        (test("a", "not", "pro"), ["free", None, 1], ["pro"]),
        (test("a", "not", True), [False, 1, None, "true"], [True]),
        (test("a", "starts_with", "an"), ["anna", "an"], ["Anna", "", None, 1, ["an"]]),
        (test("a", "ends_with", "@x.org"), ["b@x.org"], ["b@x.orgs", None, 5]),
        (
            test("a", "contains", "vip"),
            ["a vip", ["vip"], ("x", "vip"), {"vip"}],
            ["v i p", ["vips"], [], None, 1, {"vip": 1}],
        ),
        (test("a", "contains", 1), [[1], [2, 1.0]], ["1", [True], ["1"], 1]),
        (test("a", "gt", 18), [18.5, 19], [18, "19", True, None, float("nan"), [19]]),
        (test("a", "gte", 18), [18, 18.0], [17.9, "18"]),
        (test("a", "gte", 1), [1], [True]),
        (test("a", "lt", 18), [17, -1, 0], [18, None, False, ""]),
        (test("a", "lte", 18), [18], [18.1, None]),
        (test("a", "exists", True), ["", 0, False, [], "x"], [None]),
        (test("a", "exists", False), [None], ["", 0, False]),
        (every(test("a", "gte", 18), test("a", "lt", 65)), [18, 64], [17, 65]),
        (every(), [None, 1], []),
        (some(), [], [None, 1]),
        (some(test("a", "equals", "x"), test("a", "equals", 1)), ["x", 1], ["y", True]),
        (negated(test("a", "gte", 18)), [17, None, "19"], [18]),
        (every(*(test("a", "not", text) for text in "abcde")), ["f", None], list("abcde")),
        (some(*(test("a", "equals", text) for text in "abcde")), list("abcde"), ["f", None]),
    ],
)
def test_operators(condition: Any, yes: list[Any], no: list[Any]) -> None:
    assert [value for value in yes if not matches(condition, {"a": value})] == []
    assert [value for value in no if matches(condition, {"a": value})] == []
    assert matches(condition, {}) == (None in yes)  # a missing attribute is as good as null
    assert matches(negated(condition), {}) == (None not in yes)


@pytest.mark.parametrize(
    ("comparator", "yes", "no"),
    [
        (
            ">=2.1.0",
            ["2.1.0", "2.1", "v2.1.0", "V3", "2.1.0+build", "2.1.1-a"],
            ["2.0.9", "2.1.0-rc.1", "2", "", "two", None, 3],
        ),
        ("2.1.0", ["2.1.0", "2.1", "2.1.0+7"], ["2.1.1", "2.1.0-0"]),
        ("=2.1", ["2.1.0"], ["2.1.1"]),
        ("!=2.1.0", ["2.1.1"], ["2.1.0", "nonsense", None]),
        (">1.0.0-alpha", ["1.0.0-alpha.1", "1.0.0-beta", "1.0.0"], ["1.0.0-1", "1.0.0-alpha"]),
        ("<1.0.0-rc.1", ["1.0.0-beta.11", "1.0.0-beta.2", "1.0.0-alpha.beta"], ["1.0.0-rc.1", "1.0.0-rc.1.1"]),
        (">1.0.0-beta.2", ["1.0.0-beta.11"], ["1.0.0-beta.1"]),
        (
            "<=10.0.0",
            ["9.9.9", "10"],
            ["10.0.1", "010.0.0", " 1.0.0", "1.0.0.0", "1.2-beta", "vv1.0.0", "1." + "0" * 300],
        ),
    ],
)
def test_semver(comparator: str, yes: list[Any], no: list[Any]) -> None:
    condition = test("version", "semver", comparator)
    assert [value for value in yes if not matches(condition, {"version": value})] == []
    assert [value for value in no if matches(condition, {"version": value})] == []


@pytest.mark.parametrize(
    "condition", [test("a", "semver", "latest"), test("a", "semver", 2), test("a", "sounds_like", "x")]
)
def test_a_condition_that_means_nothing_is_refused(condition: Any) -> None:
    with pytest.raises(RegistryError):
        Evaluator(registry(flag("f", rule("enabled", when=condition))))


def served(made: Registry, key: str = "f", context: Any = None, **options: Any) -> tuple[Any, ...]:
    result = Evaluator(made, **options).evaluate(key, KEYED if context is None else context)
    return result.variant, result.reason, result.rule


def test_the_first_rule_that_matches_decides() -> None:
    made = registry(
        flag(
            "f",
            rule("disabled", when=test("country", "equals", "NO")),
            rule("enabled", when=test("age", "gte", 18)),
            "disabled",
        )
    )
    assert served(made, context={"country": "NO", "age": 20}) == ("disabled", "TARGETING_MATCH", 1)
    assert served(made, context={"age": 20}) == ("enabled", "TARGETING_MATCH", 2)
    assert served(made, context={}) == ("disabled", "TARGETING_MATCH", 3)


def test_a_split_that_matched_decides_even_for_those_it_leaves_out() -> None:
    made = registry(flag("f", {"disabled": 100, "enabled": 0}, "enabled"))
    assert served(made)[0] == "disabled"


def test_no_rule_serves_the_off_variant() -> None:
    assert served(registry(flag("f"))) == ("disabled", "DEFAULT", None)
    assert served(registry(flag("f", rule("enabled", when=some())))) == ("disabled", "DEFAULT", None)


def test_an_unconditional_first_rule_is_static() -> None:
    assert served(registry(flag("f", "enabled"))) == ("enabled", "STATIC", 1)
    assert served(registry(flag("f", {"enabled": 100, "disabled": 0}))) == ("enabled", "STATIC", 1)


def test_a_window_or_a_need_is_not_static() -> None:
    windowed = registry(flag("f", rule("enabled", start=0)))
    assert served(windowed)[1] == "TARGETING_MATCH"
    needing = registry(flag("p", "enabled"), flag("f", "enabled", needs={"p": "enabled"}))
    assert served(needing)[1] == "TARGETING_MATCH"


@pytest.mark.parametrize(
    "context", [{}, {"targetingKey": None}, {"targetingKey": ""}, {"targetingKey": 42}, {"targetingKey": ["u"]}]
)
@pytest.mark.parametrize(
    "outcome", [{"enabled": 50, "disabled": 50}, ramp("enabled", (10, 90), 0, 10), ramp("enabled", (0, 100), 0, 2**40)]
)
def test_without_a_bucketing_key_a_split_serves_off_and_never_a_random_bucket(outcome: Any, context: Any) -> None:
    made = registry(flag("f", outcome))
    assert served(made, context=context, clock=lambda: 5) == ("disabled", "DEFAULT", 1)


@pytest.mark.parametrize("outcome", [{"enabled": 7, "disabled": 0}, ramp("enabled", (0, 100), 0, 10)])
def test_a_share_of_everything_needs_no_bucketing_key(outcome: Any) -> None:
    assert served(registry(flag("f", outcome)), context={}, clock=lambda: 10)[0] == "enabled"


def test_a_split_of_nothing_serves_off() -> None:
    assert served(registry(flag("f", {"enabled": 0, "disabled": 0}, "enabled"))) == ("disabled", "DEFAULT", 1)


def test_a_split_can_follow_another_attribute() -> None:
    evaluator = Evaluator(registry(flag("f", {"enabled": 50, "disabled": 50}, bucket_by="company", salt="s")))
    same = Evaluator(registry(flag("f", {"enabled": 50, "disabled": 50}, salt="s")))
    for name in map(str, range(50)):
        assert evaluator.boolean("f", {"company": name}) == same.boolean("f", {"targetingKey": name})


def test_a_window_holds_from_its_start_to_just_before_its_end() -> None:
    now = [0.0]
    evaluator = Evaluator(registry(flag("f", rule("enabled", start=100, until=200))), clock=lambda: now[0])
    found = []
    for now[0] in (99, 99.999, 100, 199.999, 200):
        found.append(evaluator.boolean("f"))
    assert found == [False, False, True, True, False]


def test_a_window_may_be_open_at_either_end() -> None:
    assert served(registry(flag("f", rule("enabled", start=100))), clock=lambda: 10**12)[0] == "enabled"
    assert served(registry(flag("f", rule("enabled", until=100))), clock=lambda: -(10**12))[0] == "enabled"


@pytest.mark.parametrize(
    ("now", "expected"), [(0, "disabled"), (1000, "disabled"), (2000, "enabled"), (9999, "enabled")]
)
def test_a_ramp_keeps_its_ends_before_and_after(now: float, expected: str) -> None:
    made = registry(flag("f", ramp("enabled", (0, 100), 1000, 2000)))
    assert served(made, clock=lambda: now)[0] == expected


def test_a_kill_stands_above_everything() -> None:
    made = registry(
        flag("f", "enabled", kill=True, needs={"missing": "enabled"}, environments=(environment("a", "enabled"),)),
        environments=("a", "b"),
    )
    for name in ("a", "b"):
        assert served(made, environment=name) == ("disabled", "DISABLED", None)


def test_a_kill_of_one_environment_leaves_the_others_alone() -> None:
    made = registry(flag("f", "enabled", environments=(environment("a", kill=True),)), environments=("a", "b"))
    assert served(made, environment="a") == ("disabled", "DISABLED", None)
    assert served(made, environment="b") == ("enabled", "STATIC", 1)


def test_rules_of_an_environment_replace_all_others() -> None:
    made = registry(
        flag(
            "f",
            rule("enabled", when=test("country", "equals", "DE")),
            environments=(environment("a", rule("enabled", when=test("country", "equals", "FR")), off="enabled"),),
        ),
        environments=("a", "b"),
    )
    assert served(made, environment="a", context={"country": "DE"})[0] == "enabled"  # its own off variant
    assert served(made, environment="b", context={"country": "FR"})[0] == "disabled"


def test_an_environment_must_be_named_when_there_are_several() -> None:
    with pytest.raises(RegistryError, match="name one") as raised:
        Evaluator(registry(flag("f"), environments=("development", "production")))
    assert raised.value.help == "one of development, production"


def test_a_misspelled_environment_is_refused() -> None:
    with pytest.raises(RegistryError, match="no environment `prodution`") as raised:
        Evaluator(registry(flag("f"), environments=("development", "production")), environment="prodution")
    assert raised.value.help == "did you mean `production`?"


def test_segments_are_any_of_and_nest() -> None:
    segments = (
        segment("staff", test("email", "ends_with", "@example.com")),
        segment("german", test("country", "equals", "DE")),
        segment("german-staff", test("country", "equals", "DE"), "staff"),
        segment("everyone"),
    )
    context = {"email": "a@example.com", "country": "DE"}

    def serves(context: Any, *names: str, **fields: Any) -> str | None:
        variant: str | None = served(
            registry(flag("f", rule("enabled", *names, **fields)), segments=segments), context=context
        )[0]
        return variant

    assert serves(context, "german-staff") == "enabled"
    assert serves({"country": "DE"}, "german-staff") == "disabled"
    assert serves({"email": "a@example.com"}, "german-staff") == "disabled"
    assert serves({"country": "DE"}, "staff", "german") == "enabled"
    assert serves({"country": "DE"}, "german", when=test("age", "gte", 18)) == "disabled"
    assert serves({}, "everyone") == "enabled"


def test_segments_that_lead_nowhere_are_refused() -> None:
    with pytest.raises(RegistryError, match="no segment `stuff`"):
        Evaluator(registry(flag("f", rule("enabled", "stuff"))))
    loop = (segment("a", None, "b"), segment("b", None, "a"))
    with pytest.raises(RegistryError, match="a -> b -> a"):
        Evaluator(registry(flag("f", rule("enabled", "a")), segments=loop))


def test_a_prerequisite_must_serve_one_of_the_wanted_variants() -> None:
    parent = flag("p", rule("enabled", when=test("country", "equals", "DE")))
    made = registry(parent, flag("f", "enabled", needs={"p": "enabled"}))
    assert served(made, context={"country": "DE"}) == ("enabled", "TARGETING_MATCH", 1)
    assert served(made, context={}) == ("disabled", "PREREQUISITE_FAILED", None)
    either = registry(parent, flag("f", "enabled", needs={"p": ("enabled", "disabled")}))
    assert served(either, context={})[0] == "enabled"


def test_a_prerequisite_buckets_by_its_own_salt() -> None:
    halves = {"enabled": 50, "disabled": 50}
    made = registry(flag("p", halves), flag("f", "enabled", needs={"p": "enabled"}))
    evaluator = Evaluator(made)
    contexts = [{"targetingKey": f"user-{number}"} for number in range(200)]
    assert [evaluator.boolean("f", item) for item in contexts] == [evaluator.boolean("p", item) for item in contexts]


def test_all_prerequisites_must_be_satisfied() -> None:
    made = registry(
        flag("p", "enabled"), flag("q", "disabled"), flag("f", "enabled", needs={"p": "enabled", "q": "enabled"})
    )
    assert served(made)[1] == "PREREQUISITE_FAILED"


def test_a_killed_prerequisite_never_satisfies() -> None:
    made = registry(flag("p", "enabled", kill=True), flag("f", "enabled", needs={"p": "disabled"}))
    assert served(made) == ("disabled", "PREREQUISITE_FAILED", None)


def test_a_prerequisite_that_fails_itself_is_judged_by_what_it_serves() -> None:
    made = registry(
        flag("g", "disabled"),
        flag("p", "enabled", needs={"g": "enabled"}),
        flag("f", "enabled", needs={"p": "disabled"}),
    )
    assert served(made)[0] == "enabled"


def test_a_missing_prerequisite_is_unsatisfied() -> None:
    assert served(registry(flag("f", "enabled", needs={"gone": "enabled"}))) == (
        "disabled",
        "PREREQUISITE_FAILED",
        None,
    )


def test_a_cycle_of_prerequisites_serves_off() -> None:
    made = registry(
        flag("a", "enabled", needs={"b": ("enabled", "disabled")}),
        flag("b", "enabled", needs={"a": ("enabled", "disabled")}),
        flag("self", "enabled", needs={"self": "disabled"}),
        flag("beside", "enabled", needs={"a": "disabled"}),
    )
    for key in ("a", "b", "self"):
        assert served(made, key) == ("disabled", "PREREQUISITE_FAILED", None)
    assert served(made, "beside")[0] == "enabled"  # it is on no cycle itself, and `a` serves what it wants


def test_a_chain_without_end_is_refused_and_never_overflows() -> None:
    chain = [flag("f0", "enabled")]
    chain += [flag(f"f{n}", "enabled", needs={f"f{n - 1}": "enabled"}) for n in range(1, 3000)]
    with pytest.raises(RegistryError, match="more than 100 deep"):
        Evaluator(registry(*reversed(chain)))


def test_a_registry_with_errors_is_refused_as_a_whole() -> None:
    with pytest.raises(RegistryError, match="`f` is broken"):
        Evaluator(registry(flag("g", "enabled"), flag("f", "enabled", problems=True)))
    with pytest.raises(RegistryError, match="no such field"):
        Evaluator(registry(flag("f"), problems=(Problem("FLG401", "no such field", HERE),)))


def test_a_registry_with_mere_findings_is_served() -> None:
    made = registry(flag("f", "enabled"), problems=(Problem("FLG409", "`contry` is not declared", HERE, breaks=False),))
    assert served(made)[0] == "enabled"


# ------------------------------------------------------------------------------------------------------ accessors


VALUES = registry(
    flag("bool", "enabled"),
    flag("text", "a", variants={"a": "red", "b": "green"}),
    flag("int", "a", variants={"a": 200, "b": 0}),
    flag("whole", "a", variants={"a": 10.0, "b": 0.5}),
    flag("float", "a", variants={"a": 3.14, "b": 0.5}),
    flag("object", "a", variants={"a": {"limit": 3, "tags": ["x"]}, "b": {}}),
    flag("list", "a", variants={"a": [1, [2]], "b": []}),
)


@pytest.mark.parametrize(
    ("accessor", "value_type", "default", "expected"),
    [
        ("boolean", ValueType.BOOLEAN, False, {"bool": True}),
        ("string", ValueType.STRING, "none", {"text": "red"}),
        ("integer", ValueType.INTEGER, -1, {"int": 200, "whole": 10}),
        ("float", ValueType.FLOAT, -1.5, {"int": 200.0, "whole": 10.0, "float": 3.14}),
        ("object", ValueType.OBJECT, None, {"object": {"limit": 3, "tags": ["x"]}, "list": [1, [2]]}),
    ],
)
def test_accessors_give_their_own_type_or_the_default(
    accessor: str, value_type: ValueType, default: Any, expected: dict[str, Any]
) -> None:
    evaluator = Evaluator(VALUES)
    for key in (*evaluator.keys, "unknown"):
        value = getattr(evaluator, accessor)(key, {}, default)
        details = evaluator.evaluate_as(value_type, key, {}, default)
        assert (type(value), value) == (type(expected.get(key, default)), expected.get(key, default))
        assert (type(details.value), details.value) == (type(value), value)
        if key in expected:
            assert details.error_code is None
        elif key == "unknown":
            assert (details.error_code, details.reason, details.variant) == ("FLAG_NOT_FOUND", "ERROR", None)
        else:
            assert (details.error_code, details.reason, details.variant) == ("TYPE_MISMATCH", "ERROR", None)


def test_an_error_says_what_is_wrong() -> None:
    evaluator = Evaluator(VALUES)
    assert evaluator.evaluate("unknown").error_message == "there is no flag `unknown`"
    mismatch = evaluator.evaluate_as(ValueType.INTEGER, "float", {}, 0)
    assert mismatch.error_message == "`float` serves the number 3.14, not an integer"
    assert (
        evaluator.evaluate_as(ValueType.BOOLEAN, "text", {}, False).error_message
        == "`text` serves a string, not a boolean"
    )


def test_integers_too_large_for_a_float_do_not_become_one() -> None:
    evaluator = Evaluator(registry(flag("f", "a", variants={"a": 2**53 + 1, "b": 0})))
    assert evaluator.float("f", {}, -1.0) == -1.0


def test_object_values_are_fresh_copies() -> None:
    evaluator = Evaluator(VALUES)
    first = evaluator.evaluate("object").value
    first["tags"].append("spoiled")
    accessed: Any = evaluator.object("list")
    accessed[1].append("spoiled")
    assert evaluator.evaluate("object").value == {"limit": 3, "tags": ["x"]}
    assert evaluator.object("list") == [1, [2]]


class Hostile:
    """A value that fights back."""

    def __eq__(self, other: object) -> bool:
        raise RuntimeError("no comparing")

    __hash__ = None  # type: ignore[assignment] # not hashable either


class BadMapping(dict[str, Any]):
    def get(self, *_: Any) -> Any:
        raise RuntimeError("no reading")


@pytest.mark.parametrize("value", [Hostile(), [Hostile()], 10**400, float("inf"), "\ud800", object, {"a": Hostile()}])
def test_no_attribute_makes_an_evaluation_raise(value: Any) -> None:
    conditions = [
        test("a", operator, operand)
        for operator, operand in [
            ("equals", "x"), ("equals", 1), ("equals", True), ("in", ("x",)), ("in", (1, "x")), ("contains", "x"),
            ("starts_with", "x"), ("gt", 1.5), ("semver", ">1"), ("exists", False),
        ]
    ]  # fmt: skip
    for condition in conditions:
        assert matches(condition, {"a": value}) in {True, False}


@pytest.mark.parametrize("context", [5, "text", ["a"], object()])
def test_a_context_that_is_none_serves_the_default(context: Any) -> None:
    evaluator = Evaluator(registry(flag("f", rule("enabled", when=test("a", "equals", "x")))))
    result = evaluator.evaluate("f", context, "mine")
    assert (result.value, result.error_code) == ("mine", ErrorCode.INVALID_CONTEXT)


def test_a_context_that_raises_serves_the_default() -> None:
    evaluator = Evaluator(registry(flag("f", rule("enabled", when=test("a", "equals", "x")))))
    result = evaluator.evaluate("f", BadMapping(), "mine")
    assert (result.value, result.error_code) == ("mine", ErrorCode.GENERAL)
    assert result.error_message == "`f` could not be evaluated: RuntimeError: no reading"


@pytest.mark.parametrize("key", [None, 5, [], {}, ("f",)])
def test_a_key_that_is_none_serves_the_default(key: Any) -> None:
    assert Evaluator(registry(flag("f", "enabled"))).evaluate(key, {}, "mine").error_code == ErrorCode.FLAG_NOT_FOUND


def test_any_mapping_is_a_context() -> None:
    evaluator = Evaluator(registry(flag("f", rule("enabled", when=test("a", "equals", "x")))))
    for context in (OrderedDict(a="x"), MappingProxyType({"a": "x"})):
        assert evaluator.boolean("f", context) is True


def test_the_clock_is_read_once_per_evaluation() -> None:
    readings: list[float] = []

    def clock() -> float:
        readings.append(len(readings))
        return 150.0

    made = registry(
        flag("p", rule("enabled", start=100)),
        flag("f", rule("disabled", start=200), rule("enabled", start=100), needs={"p": "enabled"}),
    )
    assert Evaluator(made, clock=clock).boolean("f") is True
    assert len(readings) == 1


def test_a_broken_clock_serves_the_default() -> None:
    made = registry(flag("f", ramp("enabled", (0, 100), 0, 10)))
    result = Evaluator(made, clock=lambda: float("nan")).evaluate("f", KEYED, "mine")
    assert (result.value, result.error_code) == ("mine", ErrorCode.GENERAL)


def test_what_is_known_of_a_flag() -> None:
    made = registry(flag("f", "enabled", owner="@payments", type="release"), environments=("a", "b"))
    evaluator = Evaluator(made, environment="b")
    assert evaluator.keys == ("f",)
    assert evaluator.environment == "b"
    assert evaluator.variants("f") == {"enabled": True, "disabled": False}
    assert evaluator.metadata("f") == {"owner": "@payments", "type": "release"}
    assert evaluator.variants("unknown") == evaluator.metadata("unknown") == {}
    assert evaluator.health.ok
