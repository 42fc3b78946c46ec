"""The JSON Schema that editors use, held against the loader."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaglint.registry.conditions import KINDS, OPERATORS
from flaglint.registry.flags import ENVIRONMENT_FIELDS, FIELDS, KILL_FIELDS, TYPES
from flaglint.registry.header import BUCKETINGS
from flaglint.registry.header import FIELDS as TOP_FIELDS
from flaglint.registry.scalars import plain_data
from flaglint.rulesdata import rules_folder
from tests.registry import test_native, test_native_problems
from tests.registry.reading import registry, tree

if TYPE_CHECKING:
    from flaglint.definition import Problem

SCHEMA = json.loads((rules_folder() / "schemas" / "registry.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA, format_checker=jsonschema.FormatChecker(["date"]))

# What holds between two places of a document, or asks for a calendar, is beyond a JSON Schema.
BEYOND_CODES = frozenset({"FLG402", "FLG404", "FLG405", "FLG407", "FLG409"})
BEYOND = re.compile(
    "is no variant|there is no environment|no day of the calendar|is not after|weights sum up|every weight is 0"
    "|refers to itself|the weight of"
)


def accepts(document: object) -> bool:
    return VALIDATOR.is_valid(document)


def is_beyond(problem: Problem) -> bool:
    return problem.code in BEYOND_CODES or bool(BEYOND.search(problem.message))


def data(text: str) -> object:
    read = tree(text)
    assert read.root is not None
    return plain_data(read.root)


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_knows_the_words_of_the_loader() -> None:
    definitions = SCHEMA["$defs"]
    assert set(SCHEMA["properties"]) == set(TOP_FIELDS)
    assert set(definitions["flag"]["properties"]) == set(FIELDS)
    assert set(definitions["environment"]["properties"]) == set(ENVIRONMENT_FIELDS)
    assert set(definitions["kill"]["anyOf"][1]["properties"]) == set(KILL_FIELDS)
    assert set(definitions["test"]["anyOf"][2]["properties"]) == OPERATORS
    assert {*definitions["attribute"]["anyOf"][0]["enum"], "enum"} == KINDS
    assert tuple(SCHEMA["properties"]["bucketing"]["enum"]) == BUCKETINGS
    assert tuple(definitions["flag"]["properties"]["type"]["enum"]) == TYPES


@pytest.mark.parametrize("name", ["flag", "environment", "rule"])
def test_every_field_is_described_for_editors(name: str) -> None:
    for field, schema in SCHEMA["$defs"][name]["properties"].items():
        assert schema["description"].endswith("."), field


VALID = [
    test_native.EXAMPLE,
    "version: 1\n",
    "version: 1\nflags:\nsegments:\n",
    "version: 1\nflags: {f: {}}\n",
    "version: 1\nflags: {f: {serve: true, owner: 1.10, tags: [1, true, x], salt: 5}}\n",
    "version: 1\nflags: {true: {kill: false}, 1: {permanent: true}}\n",
    "version: 1\nflags: {f: {variants: {a: {x: [1, {}]}, b: {}}, off_variant: a, rules: []}}\n",
]


@pytest.mark.parametrize("text", VALID)
def test_both_accept(text: str) -> None:
    assert not registry(text).problems
    assert accepts(data(text))


def cases(test: object) -> list[tuple[str, str]]:
    """The cases of one of the loader's tests: what is written, and the message."""
    (mark,) = test.pytestmark  # type: ignore[attr-defined]
    return [(written, message) for written, message in mark.args[1]]


ENTRIES = [f"version: 1\nflags:\n  f: {entry}\n" for entry, _ in cases(test_native_problems.test_problems_of_an_entry)]
RULES = [
    f"version: 1\nflags:\n  f: {{rules: [{rule}]}}\n" for rule, _ in cases(test_native_problems.test_problems_of_a_rule)
]
CONDITIONS = [
    f"version: 1\nflags:\n  f: {{rules: [{{serve: true, when: {condition}}}]}}\n"
    for condition, _ in cases(test_native_problems.test_problems_of_a_condition)
]
HEADS = [head + "\n" for head, _ in cases(test_native_problems.test_problems_of_the_head) if "[a]:" not in head]


@pytest.mark.parametrize("text", [*ENTRIES, *RULES, *CONDITIONS, *HEADS])
def test_both_refuse_what_a_schema_can_tell(text: str) -> None:
    problems = registry(text).problems
    assert problems
    # Quotes are gone when a schema sees a document: it cannot tell `.inf` from the text.
    if ".inf" not in text and not all(map(is_beyond, problems)):
        assert not accepts(data(text))


WRONG = st.sampled_from(
    [
        None,
        [],
        {},
        "",
        " ",
        "x",
        0,
        1,
        -1,
        1.5,
        True,
        [None],
        ["x"],
        {"x": None},
        {"x": 1},
        2**53,
        1e300,
        "2026-02-30",
        "no",
    ]
)


def place(*good: object) -> st.SearchStrategy[object]:
    """Mostly one of the good values, or what a strategy among them gives; now and then something else."""
    strategies = [value if isinstance(value, st.SearchStrategy) else st.just(value) for value in good]
    return st.integers(0, 19).flatmap(lambda number: WRONG if number == 0 else st.one_of(strategies))


def fields(**known: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    optional = {name.rstrip("_"): strategy for name, strategy in known.items()}
    more = st.integers(0, 29).flatmap(lambda number: st.just({"unknown": 1}) if number == 0 else st.just({}))
    return st.tuples(st.fixed_dictionaries({}, optional=optional), more).map(lambda parts: {**parts[0], **parts[1]})


TEXT = place("some text", "x", 1.5, True)
DAY = place("2026-02-28", "2024-02-29")
TIME = place("2026-09-01T09:00:00Z", "2026-09-01T09:00+02:00", "2027-01-01T00:00:00-11:30")
SCALAR = place("DE", 3, -2.5, True, "")
SCALARS = place([], ["DE", 1], st.lists(SCALAR, max_size=3))
NUMBER = place(18, 1.5, -3)
TEST = place(
    SCALAR,
    SCALARS,
    fields(
        in_=SCALARS,
        not_in=SCALARS,
        not_=SCALAR,
        starts_with=TEXT,
        ends_with=TEXT,
        contains=SCALAR,
        gt=NUMBER,
        lte=NUMBER,
        semver=place(">=2.1.0", "^1", "=1.2.3-rc.1+b", ">=1.0.0-01", ">1-0.01a"),
        exists=place(True, False),
    ),
)
NAMED = ["country", "age", "a.b", ""]


def attribute_tests(names: list[str]) -> st.SearchStrategy[dict[str, object]]:
    return st.dictionaries(st.sampled_from([*names[:2] * 10, *names[2:]]), TEST, max_size=2)


CONDITION: st.SearchStrategy[object] = st.deferred(
    lambda: st.one_of(
        attribute_tests(NAMED),
        attribute_tests(NAMED),
        st.fixed_dictionaries({"any": place(st.lists(CONDITION, min_size=1, max_size=2))}),
        st.fixed_dictionaries({"all": place(st.lists(CONDITION, max_size=2)), "country": TEST}),
        st.fixed_dictionaries({"not": place(CONDITION)}),
        st.just({"segment": "staff"}),
    )
)
SEGMENTS = place("staff", ["staff", "staff2"])
SEGMENT = st.one_of(CONDITION, st.tuples(CONDITION, SEGMENTS).map(lambda p: {**p[0], "segment": p[1]}))
KILL = place(True, False, fields(since=DAY, by=TEXT, reason=TEXT))


@st.composite
def flags(draw: st.DrawFn) -> object:
    a, b = draw(st.sampled_from([("a", "b"), ("true", "false")]))
    weights = st.dictionaries(st.sampled_from([a, b]), place(0, 1, 25, 2**31 - 1), max_size=2)
    serve = place(a, b, weights)
    ramp = st.fixed_dictionaries(
        {
            "to": place(a),
            "percent": place([0, 100], [5, 12.5], [0], [0, 101], st.lists(NUMBER, max_size=3)),
            "from": TIME,
        },
        optional={"until": TIME},
    )
    rule = st.one_of(
        fields(segment=SEGMENTS, when=place(CONDITION), from_=TIME, until=TIME, serve=serve),
        st.fixed_dictionaries({"ramp": place(ramp)}, optional={"serve": serve, "when": place(CONDITION)}),
    )
    rules = place(st.lists(place(rule), max_size=2))
    environment = fields(serve=serve, rules=rules, kill=KILL, off_variant=place(a, b))
    flag = draw(
        fields(
            description=TEXT,
            type=place(*TYPES),
            owner=TEXT,
            created=DAY,
            expires=DAY,
            permanent=place("for ever", True),
            links=place({"issue": "X-1"}, st.fixed_dictionaries({"a": TEXT})),
            tags=place(st.lists(TEXT, max_size=2)),
            release_note=TEXT,
            needs=place({"f": a}, {"f": [a, b]}, {}),
            bucket_by=place("country", "a.b"),
            salt=TEXT,
            kill=KILL,
            serve=serve,
            rules=rules,
            environments=place(st.dictionaries(st.sampled_from(["dev", "prod"]), place(environment), max_size=2)),
        )
    )
    if a == "a":
        values = [
            [True, False],
            [1, 2.5],
            ["x", "y"],
            [{}, {"k": [1, {"l": "m"}]}],
            [1, "x"],
            [True, 1],
            [[1], 2],
            [None, 1],
        ]
        one, two = draw(st.sampled_from(values))
        flag["variants"] = draw(place({a: one, b: two}, {a: one, b: two, "-": one}))
        if draw(st.integers(0, 9)):
            flag["off_variant"] = draw(place(a, b))
    return flag


DOCUMENTS = fields(
    bucketing=place(*BUCKETINGS),
    environments=place(["dev", "prod"], ["dev"], ["dev", "dev"], ["a b"]),
    critical=place(["dev"]),
    attributes=place(
        {"country": "string", "age": "integer"}, {"any": "string"}, {"a.b": "string"}, {"x": {"enum": ["y", 1]}}
    ),
    segments=place(st.fixed_dictionaries({"staff": SEGMENT, "staff2": SEGMENT})),
    flags=place(st.dictionaries(st.sampled_from(["f", "g"]), place(flags()), max_size=2)),
    removed=place(
        {"old": {"date": "2026-01-01", "issue": "X"}},
        {"old": {}},
        st.fixed_dictionaries({"old": fields(date=DAY, issue=TEXT)}),
    ),
).flatmap(lambda document: place(1).map(lambda version: {"version": version, **document}))


@given(DOCUMENTS)
def test_schema_and_loader_agree_on_what_a_schema_can_tell(document: object) -> None:
    problems = registry(json.dumps(document)).problems
    if accepts(document):
        assert not [problem.message for problem in problems if not is_beyond(problem)]
    else:
        assert problems
