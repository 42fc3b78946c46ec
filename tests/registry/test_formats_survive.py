"""Whatever stands in a file, each reader gives a registry with places, or one error that says what to do."""

from __future__ import annotations

import json
import os
import random
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flaglint.errors import RegistryError
from flaglint.evaluator.proof import verdicts
from flaglint.registry.files import File
from flaglint.registry.formats import MODULES
from flaglint.registry.packing import pack, unpack
from flaglint.registry.parsing import load_files
from tests.registry.foreign import FORMATS, NOW, spoiled_in

if TYPE_CHECKING:
    from pathlib import Path

FORMS = sorted(MODULES)
# Each module's own words, so that what is drawn comes past the first look at a file.
_WORDS = st.sampled_from(
    [
        "flags",
        "features",
        "key",
        "name",
        "type",
        "value",
        "enabled",
        "on",
        "off",
        "rules",
        "segments",
        "variations",
        "variants",
        "conditions",
        "version",
        "state",
        "targeting",
        "defaultVariant",
        "fallthrough",
        "offVariation",
        "variation",
        "weight",
        "rollout",
        "percentage",
        "prerequisites",
        "targets",
        "id",
        "strategies",
        "constraints",
        "parameters",
        "feature_states",
        "filters",
        "groups",
        "properties",
        "fields",
        "model",
        "pk",
        "everyone",
        "everything",
        "defaultValue",
        "flagType",
        "environments",
        "environment",
        "segmentOverrides",
        "dependencies",
        "default",
        "defaultRule",
        "scheduledRollout",
        "feature_gates",
        "dynamic_configs",
        "r",
        "p",
        "v",
        "t",
        "s",
        "c",
        "f",
        "u",
        "owner",
        "created_at",
        "default_enabled",
    ]
)
_SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.sampled_from([10**400, -(10**4000), 2**63, -0.0, 1e308, 100, 100_000])
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=8)
    | _WORDS
)
_ANY = st.recursive(
    _SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_WORDS | st.text(max_size=4), inner, max_size=6),
    max_leaves=30,
)
_RUN = settings(
    max_examples=int(os.environ.get("FLAGLINT_FUZZ_EXAMPLES", "25")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def survives(data: bytes, form: str, path: str = "registry.json") -> None:
    """Load and prove one file; what is wrong must have a place in it, and an error a way out."""
    error = registry = None
    try:
        registry = load_files([File(path, data, form)], now=NOW)
    except RegistryError as raised:
        error = raised
    if registry is None:
        assert error is not None
        assert error.message
        assert error.path == path
        return
    lines = data.decode("utf-8", "replace").count("\n") + data.decode("utf-8", "replace").count("\r") + 1
    for problem in registry.problems:
        assert problem.message
        assert problem.span.path == path
        assert 1 <= problem.span.start.line <= lines + 1, problem
    for flag in registry.flags:
        assert flag.key_span.path == path
    verdicts(registry, NOW)
    assert unpack(pack(registry)) == registry


@pytest.mark.parametrize("form", ["", *FORMS])
@_RUN
@given(data=st.binary(max_size=200))
def test_any_bytes(form: str, data: bytes) -> None:
    survives(data, form)
    survives(data, form, "registry.yaml")


@pytest.mark.parametrize("form", ["", *FORMS])
@_RUN
@given(data=_ANY)
def test_any_json(form: str, data: Any) -> None:
    text = json.dumps(data).encode()
    survives(text, form)
    survives(text, form, "registry.yaml")


@pytest.mark.parametrize("form", ["", *FORMS])
@_RUN
@given(text=st.text(alphabet="abk:-{}[],\n \"'&*!|>#%@?\t1.~<", max_size=80))
def test_any_yaml(form: str, text: str) -> None:
    survives(text.encode(), form, "registry.yaml")


@pytest.mark.parametrize("form", ["", *FORMS])
@pytest.mark.parametrize("depth", [50, 99, 5_000])
def test_deep_nesting(form: str, depth: int) -> None:
    for opening, inner, closing in (("[", "", "]"), ('{"flags":', "1", "}"), ('{"k":[', "", "]}")):
        data = (opening * depth + inner + closing * depth).encode()
        survives(data, form)
        survives(data, form, "registry.yaml")
        survives(b'{"flags": {"k": ' + data + b"}}", form)
        survives(b'{"features": {"k": {"rules": ' + data + b"}}}", form)


def _examples(form: str) -> list[Path]:
    folder = FORMATS / form
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in {".json", ".yaml", ".yml"})


@pytest.mark.parametrize("form", FORMS)
def test_examples_with_a_part_taken_out_or_made_something_else(form: str) -> None:
    source = random.Random(form)
    for path in _examples(form):
        text = path.read_text(encoding="utf-8")
        for _ in range(60):
            start = source.randrange(len(text))
            end = min(len(text), start + source.choice([1, 1, 3, 20]))
            spoiled = text[:start] + source.choice(["", "1", "[", "null", '"x"', "-", "{}", "1" * 6000]) + text[end:]
            survives(spoiled.encode(), form, path.name)


@pytest.mark.parametrize("form", FORMS)
def test_every_value_of_an_example_made_something_else(form: str) -> None:
    for path in _examples(form):
        if path.suffix != ".json":
            continue
        whole = json.loads(path.read_bytes())
        every = list(spoiled_in(whole))
        for spoiled in random.Random(form).sample(every, min(len(every), 300)):
            survives(json.dumps(spoiled).encode(), form, path.name)


_HOSTILE = (
    "!!python/object/apply:os.system ['touch executed']\n",
    "flags: !!python/object/apply:os.system ['touch executed']\n",
    "a: !!python/name:os.system\nb: !!python/module:os\n",
    "features: {k: !!python/object/new:os.system ['touch executed']}\n",
)


@pytest.mark.parametrize("form", ["", *FORMS])
def test_nothing_in_a_file_is_executed_or_imported(form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for text in _HOSTILE:
        survives(text.encode(), form, "registry.yaml")

    assert list(tmp_path.iterdir()) == []
