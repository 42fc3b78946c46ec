"""Flags of other formats as native ones: what is translated serves the same, and what is not is only a comment."""

from __future__ import annotations

import json
from random import Random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flaglint.errors import RegistryError
from flaglint.evaluator import Evaluator
from flaglint.evaluator.proof import verdicts
from flaglint.evaluator.targeting import LOOSE
from flaglint.evaluator.translation import translated
from flaglint.model import Constant
from flaglint.registry.files import File
from flaglint.registry.formats import MODULES
from flaglint.registry.parsing import load_files
from tests.registry.foreign import FORMATS, NOW, loaded, spoiled_in

if TYPE_CHECKING:
    from flaglint.definition import Registry


def native(text: str) -> Registry:
    registry = load_files([File("flags.yaml", text.encode(), "native")])
    assert [problem.message for problem in registry.problems] == []
    return registry


def _examples() -> list[tuple[str, str]]:
    return [
        (path.parent.relative_to(FORMATS).parts[0], str(path.relative_to(FORMATS)))
        for path in sorted(FORMATS.rglob("*"))
        if path.suffix in {".json", ".yaml", ".yml"}
    ]


@pytest.mark.parametrize(("form", "path"), _examples())
def test_what_is_translated_of_the_examples_is_proven_to_serve_the_same(form: str, path: str) -> None:
    try:
        registry = load_files([File(path, (FORMATS / path).read_bytes(), form if form in MODULES else "")], now=NOW)
    except RegistryError:
        pytest.skip("only readable with its neighbours")
    assert_the_same(registry)


@pytest.mark.parametrize(("form", "path"), [example for example in _examples() if example[1].endswith(".json")])
def test_so_is_what_is_translated_of_files_in_which_something_is_wrong(form: str, path: str) -> None:
    whole = json.loads((FORMATS / path).read_bytes())
    every = list(spoiled_in(whole))
    for spoiled in Random(path).sample(every, min(40, len(every))):
        try:
            registry = load_files([File(path, json.dumps(spoiled).encode(), form)], now=NOW)
        except RegistryError:
            continue
        assert_the_same(registry)


def assert_the_same(registry: Registry) -> None:
    """Hold what is proven of the translation of a registry against what is proven of the registry."""
    found = translated(registry, NOW)
    after = verdicts(native(found.text), NOW)
    before = verdicts(registry, NOW)
    assert len(after) == found.count
    for key, by_environment in after.items():
        for environment, verdict in by_environment.items():
            source = before[key][environment]
            if isinstance(source, Constant) or isinstance(verdict, Constant):
                assert isinstance(verdict, Constant)
                assert isinstance(source, Constant)
                assert verdict.value == (source.switch if source.value is None else source.value)
    assert {item.key for item in found.left} | set(after) == set(before)


_WORDS = st.sampled_from(["pro", "free", "DE", "NO", "None", "5", "true", "a b"])
_ATTRIBUTES = st.sampled_from(["plan", "country", "targetingKey", "user.plan"])
_TEST = st.one_of(
    st.builds(
        lambda name, attribute, word: {name: [{"var": attribute}, word]},
        st.sampled_from(["==", "===", "!=", "!==", "starts_with", "ends_with", "<", "in"]),
        _ATTRIBUTES,
        _WORDS,
    ),
    st.builds(lambda attribute, words: {"in": [{"var": attribute}, words]}, _ATTRIBUTES, st.lists(_WORDS, max_size=3)),
)
_CONDITION = st.recursive(
    _TEST,
    lambda inner: st.one_of(
        st.builds(lambda name, parts: {name: parts}, st.sampled_from(["and", "or"]), st.lists(inner, max_size=3)),
        inner.map(lambda part: {"!": [part]}),
    ),
    max_leaves=4,
)
_RESULT = st.sampled_from(["on", "off", None, True, "gone"])
_TARGETING = st.recursive(
    _RESULT,
    lambda inner: st.builds(
        lambda pairs, rest: {"if": [part for pair in pairs for part in pair] + rest},
        st.lists(st.tuples(_CONDITION, _RESULT), min_size=1, max_size=2),
        st.lists(inner, max_size=1),
    ),
    max_leaves=3,
)
_CONTEXT = st.dictionaries(
    st.sampled_from(["plan", "country", "targetingKey"]),
    st.one_of(
        st.sampled_from(["pro", "free", "DE", "NO", "promo", "None", ""]),
        st.sampled_from([None, True, False, 0, 5, 1.5, [], ["pro"], "5"]),
    ),
    max_size=3,
)


@settings(max_examples=300, deadline=None)
@given(_TARGETING, st.sampled_from(["on", "off"]), st.lists(_CONTEXT, min_size=3, max_size=6))
def test_flagds_rules_serve_the_same_to_every_context(
    targeting: Any, default: str, contexts: list[dict[str, Any]]
) -> None:
    flag = {"state": "ENABLED", "variants": {"on": "A", "off": "B"}, "defaultVariant": default, "targeting": targeting}
    source = loaded(json.dumps({"flags": {"k": flag if isinstance(targeting, dict) else flag | {"targeting": {}}}}))
    found = translated(source, NOW)
    if not found.count:
        assert [item.key for item in found.left] == ["k"]
        return
    before, after = Evaluator(source), Evaluator(native(found.text))
    for context in contexts:
        if LOOSE in {item.reason for item in found.left} and any(isinstance(value, list) for value in context.values()):
            continue
        one, other = before.evaluate("k", context), after.evaluate("k", context)
        assert (one.value, one.variant) == (other.value, other.variant), (context, found.text)


def test_flagds_rules_are_written_as_the_native_format_has_them() -> None:
    targeting = {
        "if": [
            {"and": [{"===": [{"var": "plan"}, "pro"]}, {"!": [{"in": [{"var": "country"}, ["DE", "NO"]]}]}]},
            "on",
            {"ends_with": [{"var": "email"}, "@example.com"]},
            "on",
            None,
        ]
    }
    flag = {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "off", "targeting": targeting}
    found = translated(loaded(json.dumps({"flags": {"gift-cards": flag}})), NOW)

    assert found.left == ()
    assert found.text == (
        "version: 1\n"
        "flags:\n"
        "  gift-cards:\n"
        "    variants: {on: true, off: false}\n"
        "    off_variant: off\n"
        "    rules:\n"
        '      - {when: {all: [{plan: pro}, {not: {country: [DE, "NO"]}}]}, serve: on}\n'
        '      - {when: {email: {ends_with: "@example.com"}}, serve: on}\n'
        "      - {serve: off}\n"
    )


@pytest.mark.parametrize(
    ("targeting", "reason"),
    [
        ({"fractional": [["on", 10], ["off", 90]]}, "its targeting has `fractional`, which has no exact equal"),
        (
            {"if": [{"==": [{"var": "age"}, 5]}, "on"]},
            "its targeting compares an attribute with something that is no plain word",
        ),
        (
            {"if": [{"==": [{"var": "user.plan"}, "pro"]}, "on"]},
            "its targeting compares something else than an attribute with a word",
        ),
        (
            {"if": [{"sem_ver": [{"var": "v"}, ">=", "1.0.0"]}, "on"]},
            "its targeting has `sem_ver`, which has no exact equal",
        ),
    ],
)
def test_what_has_no_equal_is_left_with_the_reason(targeting: Any, reason: str) -> None:
    flag = {"state": "ENABLED", "variants": {"on": True, "off": False}, "defaultVariant": "off", "targeting": targeting}
    found = translated(loaded(json.dumps({"flags": {"k": flag}})), NOW)

    assert [(item.key, item.reason) for item in found.left] == [("k", reason)]
    assert f"  # k: not translated, {reason}\n" in found.text
    assert native(found.text).flags == ()


def of_example(name: str) -> dict[str, str]:
    """Return why each flag of an example file, or a part of it, is only a comment."""
    registry = load_files([File(name, (FORMATS / name).read_bytes())], now=NOW)
    return {item.key: item.reason for item in translated(registry, NOW).left}


def test_a_feature_with_variants_is_more_than_one_that_is_on() -> None:
    left = of_example("unleash/client-features.json")
    assert left["experiment.greeting"] == left["experiment.button-colour"]
    assert left["experiment.greeting"] == "whether it is on, and its variant, are two things"


@pytest.mark.parametrize(
    ("name", "key", "what"),
    [
        ("unleash/client-features.json", "release.express-lane", "dependencies"),
        ("flipt/features.yaml", "release-express-lane", "rollouts"),
        ("configcat/config_v6.json", "bannerColour", "rules"),
        ("goff/flags.yaml", "release-night-mode", "scheduledRollout and targeting"),
        ("featurevisor/datafile.json", "giftWrap", "required and rules"),
    ],
)
def test_what_decides_nothing_now_is_listed_whatever_the_format_calls_it(name: str, key: str, what: str) -> None:
    assert of_example(name)[key] == f"it is constant, so a comment holds its {what}"


def test_what_has_no_rules_is_translated_whole() -> None:
    assert "fast_cart" not in of_example("waffle/fixture.json")
    assert "release-old-cart" not in of_example("flipt/features.yaml")


def test_several_environments_become_one_entry() -> None:
    files = [
        File(f"{name}.json", json.dumps({"flags": {"k": flag}}).encode(), "", name)
        for name, flag in (
            ("production", {"state": "ENABLED", "variants": {"on": 1, "off": 0}, "defaultVariant": "on"}),
            ("staging", {"state": "ENABLED", "variants": {"on": 1, "off": 0}, "defaultVariant": "off"}),
        )
    ]
    found = translated(load_files(files), NOW)

    assert found.text.splitlines()[1:] == [
        "environments: [production, staging]",
        "flags:",
        "  k:",
        "    # it has no targeting",
        "    variants: {on: 1, off: 0}",
        "    off_variant: on",
        "    serve: on",
        "    environments:",
        "      staging: {serve: off}",
    ]


@pytest.mark.parametrize("value", ["Sale \U0001f389", "gr\u00fcn", "a\x85b", "\ufffe", 'say "hi"', "on"])
def test_a_text_of_any_characters_stays_what_it_is(value: str) -> None:
    flag = {"state": "ENABLED", "variants": {"one": value, "other": "b"}, "defaultVariant": "one"}
    made = translated(load_files([File("a.json", json.dumps({"flags": {"f": flag}}).encode(), "flagd")]), NOW)
    assert Evaluator(native(made.text)).string("f") == value
