"""flagd files as registries: read with places, evaluated, and what engines refuse."""

from __future__ import annotations

import json
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from evaluation_kit import logic
from evaluation_kit.oracles import EVALUATIONS, GENERATIONS, Oracle
from hypothesis import given, settings
from hypothesis import strategies as st

from flaglint.config import RegistrySpec
from flaglint.errors import FlaglintError
from flaglint.evaluator import Evaluator
from flaglint.evaluator.flagd.export import export_flagd
from flaglint.evaluator.flagd.logic import KNOWN_OPERATORS
from flaglint.evaluator.proof import verdicts
from flaglint.model import ValueType
from flaglint.registry import load
from flaglint.registry.targeting import OPERATORS

if TYPE_CHECKING:
    from pathlib import Path

    from flaglint.definition import Registry

SHOP = """\
{
  "$schema": "https://flagd.dev/schema/v0/flags.json",
  "flags": {
    "checkout": {
      "state": "ENABLED",
      "variants": {"on": true, "off": false},
      "defaultVariant": "off",
      "targeting": {"if": [{"$ref": "staff"}, "on", {"fractional": [["on", 25], ["off", 75]]}]},
      "metadata": {"owner": "@shop", "type": "release", "created": "2026-08-01", "expires": "2026-12-31",
                   "tags": "web,cart", "link.issue": "SHOP-1", "description": "One page"}
    },
    "banner": {"state": "DISABLED", "variants": {"on": true}, "defaultVariant": "on"},
    "theme": {"state": "ENABLED", "variants": {"red": "#f00", "blue": "#00f"}, "defaultVariant": null}
  },
  "$evaluators": {"staff": {"ends_with": [{"var": "email"}, "@example.com"]}},
  "metadata": {"flagSetId": "shop", "owner": "@everyone"}
}
"""


def read(folder: Path, text: str, name: str = "flagd.json", **spec: str) -> Registry:
    (folder / name).write_text(text)
    return load(folder, [RegistrySpec(name, **spec)])


def test_reads_definitions_with_their_places(tmp_path: Path) -> None:
    registry = read(tmp_path, SHOP)
    assert registry.problems == ()
    checkout, banner, theme = registry.flags
    assert (checkout.key, checkout.format, checkout.value_type) == ("checkout", "flagd", ValueType.BOOLEAN)
    assert str(checkout.key_span) == "flagd.json:4:5"
    assert (checkout.span.start.line, checkout.span.end.line) == (4, 11)
    assert [variant.name for variant in checkout.variants] == ["on", "off"]
    assert (checkout.off_variant, banner.off_variant, theme.off_variant) == ("off", "on", "")
    assert theme.value_type == ValueType.STRING


def test_reads_what_the_metadata_tells(tmp_path: Path) -> None:
    checkout, banner, _ = read(tmp_path, SHOP).flags
    assert (checkout.owner, checkout.type, checkout.description) == ("@shop", "release", "One page")
    assert (checkout.created, checkout.expires) == (date(2026, 8, 1), date(2026, 12, 31))
    assert (checkout.tags, checkout.links) == (("web", "cart"), (("issue", "SHOP-1"),))
    assert banner.owner == "@everyone"


def test_each_flag_tells_what_the_whole_file_tells_of_itself(tmp_path: Path) -> None:
    definition = {"state": "ENABLED", "variants": {"on": True}, "defaultVariant": "on"}
    own = {**definition, "metadata": {"version": "its own", "owner": "@shop"}}
    content = {"flags": {"a": definition, "b": own}, "metadata": {"flagSetId": "shop", "version": "7"}}
    flags = Evaluator(read(tmp_path, json.dumps(content)))
    assert flags.metadata("a") == {"flagSetId": "shop", "version": "7"}
    assert flags.metadata("b") == {"flagSetId": "shop", "version": "its own", "owner": "@shop"}


def test_evaluates_a_file(tmp_path: Path) -> None:
    (tmp_path / "flagd.json").write_text(SHOP)
    flags = Evaluator.from_path(tmp_path / "flagd.json")
    assert flags.boolean("checkout", {"email": "a@example.com"}) is True
    assert flags.evaluate("checkout", {}).reason == "DEFAULT"
    disabled = flags.evaluate("banner", {}, "mine")
    assert (disabled.value, disabled.variant, disabled.reason, disabled.error_code) == ("mine", None, "DISABLED", None)
    undecided = flags.evaluate("theme", {}, "mine")
    assert (undecided.value, undecided.variant, undecided.reason, undecided.error_code) == (
        "mine",
        None,
        "DEFAULT",
        None,
    )
    assert flags.metadata("checkout")["owner"] == "@shop"


def test_reads_yaml_by_the_rules_of_yaml_1_2(tmp_path: Path) -> None:
    text = (
        "flags:\n"
        "  checkout:\n"
        "    state: ENABLED\n"
        "    variants: {on: true, off: false}\n"
        "    defaultVariant: off\n"
        "    targeting: {if: [{in: [{var: country}, [DE, NO]]}, on]}\n"
    )
    registry = read(tmp_path, text, "flagd.yaml")
    assert registry.problems == ()
    assert Evaluator(registry).boolean("checkout", {"country": "NO"}) is True
    assert Evaluator(registry).boolean("checkout", {"country": "SE"}) is False


def test_reads_the_array_of_the_daemon(tmp_path: Path) -> None:
    entry = '{"key": "a", "state": "ENABLED", "variants": {"on": true}, "defaultVariant": "on"}'
    registry = read(tmp_path, f'{{"flags": [{entry}, {entry}]}}')
    assert [flag.key for flag in registry.flags] == ["a", "a"]
    assert [problem.code for problem in registry.problems] == ["FLG402"]


def test_belongs_to_the_environment_of_the_configuration(tmp_path: Path) -> None:
    registry = read(tmp_path, SHOP, environment="production", format="flagd")
    assert registry.environments == ("production",)
    assert Evaluator(registry, environment="production").boolean("checkout", {"email": "a@example.com"}) is True


def one(**fields: Any) -> str:
    definition = {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "on", **fields}
    return json.dumps({"flags": {"f": {name: value for name, value in definition.items() if value != "left out"}}})


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"state": "ON"}, "`f`: `state` must be ENABLED or DISABLED"),
        ({"state": "left out"}, "`f`: `state` must be ENABLED or DISABLED"),
        ({"variants": {}}, "`f`: a flag needs `variants`, with one at least"),
        ({"variants": "left out"}, "`f`: a flag needs `variants`, with one at least"),
        ({"defaultVariant": "onn"}, "`f`: `defaultVariant` names `onn`, which is no variant"),
        ({"defaultVariant": 5}, "`f`: `defaultVariant` must name a variant, not `5`"),
        ({"targeting": ["on"]}, "`f`: `targeting` must be a rule, not a list"),
    ],
)
def test_a_definition_that_engines_refuse_is_broken(tmp_path: Path, fields: dict[str, Any], message: str) -> None:
    registry = read(tmp_path, one(**fields), format="flagd")
    assert [problem.message for problem in registry.problems] == [message]
    assert registry.flags[0].problems
    with pytest.raises(FlaglintError):
        Evaluator(registry)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"owner": "@shop"}, "`f`: flagd's Python engine refuses a file with the field `owner`"),
        ({"variants": {"on": True, "off": 0}}, "`f`: the values of its variants are of several kinds: boolean, number"),
        ({"metadata": {"expires": "soon"}}, "`f`: `expires` the text `soon` is no date"),
        (
            {"targeting": {"if": [{"$ref": "stuff"}, "on"]}},
            "`f`: there is no evaluator `stuff`, so engines serve the default in the code",
        ),
        (
            {"targeting": {"iff": [True, "on"]}},
            "`f`: there is no operator `iff`, so engines serve the default in the code",
        ),
    ],
)
def test_what_is_merely_unwise_is_told_and_served(tmp_path: Path, fields: dict[str, Any], message: str) -> None:
    registry = read(tmp_path, one(**fields))
    assert [problem.message for problem in registry.problems] == [message]
    assert not registry.flags[0].problems
    assert Evaluator(registry).keys == ("f",)


def test_an_unknown_operator_is_told_where_it_stands(tmp_path: Path) -> None:
    text = """\
flags:
  f:
    state: ENABLED
    variants: {on: true, off: false}
    defaultVariant: off
    targeting: {if: [{and: [{startswith: [{var: email}, a]}, {$ref: staff}]}, on, {a: 1, b: 2}]}
$evaluators:
  staff: {"===": [{vra: plan}, staff]}
"""
    problems = read(tmp_path, text, "flagd.yaml").problems
    assert [(str(problem.span), problem.code, problem.key, problem.help) for problem in problems] == [
        ("flagd.yaml:6:30", "FLG401", "f", "did you mean `starts_with`?"),
        ("flagd.yaml:8:20", "FLG401", "", "did you mean `var`?"),
    ]
    assert problems[1].message.startswith("the evaluator `staff`: there is no operator `vra`")


def test_the_reader_knows_the_operators_that_the_evaluator_has() -> None:
    assert OPERATORS == KNOWN_OPERATORS


@pytest.mark.parametrize("value", [True, "on"])
def test_a_boolean_names_its_variant(tmp_path: Path, value: Any) -> None:
    text = one(variants={"true": True, "on": True}, defaultVariant=value)
    assert Evaluator(read(tmp_path, text)).boolean("f") is True


def test_an_evaluator_in_an_evaluator_is_written_in_where_engines_do(tmp_path: Path) -> None:
    inner = {"===": [{"var": "a"}, "x"]}
    document = json.loads(one(targeting={"if": [{"$ref": "outer"}, "on", "off"]}))
    document["$evaluators"] = {"outer": {"!": {"$ref": "inner"}}, "inner": inner}
    registry = read(tmp_path, json.dumps(document))
    assert registry.problems == ()
    assert Evaluator(registry).boolean("f", {"a": "x"}) is False
    document["$evaluators"] = {"inner": inner, "outer": {"!": {"$ref": "inner"}}}
    registry = read(tmp_path, json.dumps(document))
    assert Evaluator(registry).evaluate("f", {"a": "x"}).error_code == "PARSE_ERROR"


def test_evaluators_that_grow_without_end_are_refused(tmp_path: Path) -> None:
    document = json.loads(one(targeting={"if": [{"$ref": "e0"}, "on"]}))
    document["$evaluators"] = {f"e{n}": {"and": [{"$ref": f"e{n + 1}"}] * 2} for n in range(40)}
    registry = read(tmp_path, json.dumps(document))
    assert registry.flags[0].problems
    assert "too large" in registry.problems[0].message


def test_a_file_tells_the_generation_of_its_buckets(tmp_path: Path) -> None:
    document = json.loads(SHOP)
    assert read(tmp_path, json.dumps(document)).bucketing == "flagd-v2"
    document["metadata"]["bucketing"] = "flagd-v3"
    assert read(tmp_path, json.dumps(document)).bucketing == "flagd-v3"


@pytest.mark.parametrize("engine", [name for name in GENERATIONS if name.startswith("python")])
def test_a_file_is_evaluated_as_flagds_python_engine_does(engine: str, tmp_path: Path) -> None:
    random = Random(31)
    compared = 0
    with Oracle(engine) as oracle:
        while compared < EVALUATIONS // 10:
            document = logic.document(random)
            document["$evaluators"] = {
                name: logic.operation(random, 1) if random.random() < 0.7 else {"!": {"$ref": "two"}}
                for name in ("one", "two")
            }
            for definition in document["flags"].values():
                if definition.get("targeting"):
                    reference = {"$ref": random.choice(["one", "two", "two", "three"])}
                    definition["targeting"] = {"if": [reference, "on", definition["targeting"]]}
            document["metadata"] = {"bucketing": oracle.generation}
            registry = read(tmp_path, json.dumps(document))
            evaluator = Evaluator(registry, clock=lambda: float(logic.NOW))
            questions, expected = [], []
            for _ in range(20):
                context = logic.context(random)
                for key, definition in document["flags"].items():
                    kind = logic.kind(definition)
                    questions.append((key, kind, context, logic.NOW))
                    served = evaluator.evaluate_as(ValueType(kind), key, context, None)
                    expected.append([served.variant, served.value, served.error_code])
            for question, answer, wanted in zip(questions, oracle.answers(document, questions), expected, strict=True):
                assert answer == wanted, (question, document["flags"][question[0]], document["$evaluators"])
            compared += len(questions)


def test_an_export_reads_back_as_what_it_was(tmp_path: Path) -> None:
    text = (
        "version: 1\n"
        "bucketing: flagd-v3\n"
        "segments: {staff: {email: {ends_with: '@example.com'}}}\n"
        "flags:\n"
        "  f:\n"
        "    owner: '@shop'\n"
        "    expires: 2026-12-31\n"
        "    links: {issue: SHOP-1}\n"
        "    rules:\n"
        "      - {segment: staff, serve: 'true'}\n"
        "      - serve: {'true': 30, 'false': 70}\n"
    )
    native = read(tmp_path, text, "flags.yaml")
    again = read(tmp_path, json.dumps(export_flagd(native).document))
    assert again.problems == ()
    assert again.bucketing == "flagd-v3"
    before, after = Evaluator(native), Evaluator(again)
    told_of_the_file = {"flagSetId": "default", "bucketing": "flagd-v3"}
    assert after.metadata("f") == {**before.metadata("f"), "link.issue": "SHOP-1", **told_of_the_file}
    for number in range(200):
        context = {"targetingKey": f"user-{number}"}
        assert before.evaluate("f", context).variant == after.evaluate("f", context).variant
    assert after.boolean("f", {"email": "a@example.com"}) is True


@settings(max_examples=300, deadline=None)
@given(data=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)), yaml=st.booleans())
def test_any_bytes_give_problems_or_a_refusal_and_nothing_worse(data: bytes, yaml: bool, tmp_path_factory: Any) -> None:
    folder = tmp_path_factory.mktemp("any")
    name = "flagd.yaml" if yaml else "flagd.json"
    (folder / name).write_bytes(data)
    try:
        registry = load(folder, [RegistrySpec(name, "flagd")])
    except FlaglintError:
        return
    verdicts(registry, 0.0)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.sampled_from(["on", "ENABLED", "$ref", "", "f"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["state", "variants", "defaultVariant", "targeting", "metadata", "key", "if", "var", "$ref", "x"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=400, deadline=None)
@given(flags=JSON, evaluators=JSON, metadata=JSON)
def test_any_json_gives_problems_and_never_an_exception(
    flags: Any, evaluators: Any, metadata: Any, tmp_path_factory: Any
) -> None:
    folder = tmp_path_factory.mktemp("any")
    document = {
        "flags": {"f": flags, "g": flags} if not isinstance(flags, list) else flags,
        "$evaluators": evaluators,
        "metadata": metadata,
    }
    registry = read(folder, json.dumps(document), format="flagd")
    verdicts(registry, 0.0)
    if not any(problem.breaks for problem in registry.problems):
        evaluator = Evaluator(registry)
        for key in evaluator.keys:
            evaluator.evaluate(key, {"x": 1})
