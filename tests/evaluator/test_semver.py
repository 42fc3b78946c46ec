"""What the registry takes as a comparison of versions is what the evaluator can compile."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaglint.config import RegistrySpec
from flaglint.evaluator import Evaluator
from flaglint.evaluator.semver import parse_comparator
from flaglint.registry import load
from flaglint.registry.conditions import _SEMVER


@given(st.from_regex(_SEMVER.pattern, fullmatch=True).filter(lambda text: len(text) <= 250))
def test_every_comparison_that_the_registry_takes_can_be_compiled(text: str) -> None:
    assert parse_comparator(text) is not None


@pytest.mark.parametrize("length", [250, 251])
def test_a_comparison_is_refused_by_the_registry_before_the_evaluator_would(tmp_path, length: int) -> None:
    operand = ">=1-".ljust(length, "a")
    (tmp_path / "flags.yaml").write_text(
        f"version: 1\nflags: {{f: {{rules: [{{when: {{app: {{semver: '{operand}'}}}}, serve: 'true'}}]}}}}\n"
    )
    registry = load(tmp_path, [RegistrySpec("flags.yaml")])
    assert [problem.code for problem in registry.problems] == (["FLG401"] if length > 250 else [])
    if not registry.problems:
        assert Evaluator(registry).boolean("f", {"app": "2.0.0"}) is True
