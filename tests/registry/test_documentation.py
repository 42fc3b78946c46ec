"""The page about the registry says what the loader does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flaglint.registry.conditions import OPERATORS
from flaglint.registry.flags import FIELDS, TYPES
from flaglint.registry.nodes import ScalarNode
from flaglint.registry.scalars import UnfitScalarError, core_value
from tests.registry.reading import registry

PAGE = (Path(__file__).parents[2] / "docs" / "registry.md").read_text(encoding="utf-8")
EXAMPLES = [block for block in re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL) if block.startswith("version: 1")]


@pytest.mark.parametrize("text", EXAMPLES)
def test_every_example_is_a_registry_in_order(text: str) -> None:
    assert not registry(text).problems


def test_every_word_of_the_format_is_there() -> None:
    for word in (*FIELDS, *TYPES, *OPERATORS):
        assert f"`{word}`" in PAGE or f"{word}: " in PAGE, word


@pytest.mark.parametrize(("kind", "expected"), [("boolean", bool), ("integer", int), ("number", float), ("text", str)])
def test_the_table_of_scalars_is_true(kind: str, expected: type) -> None:
    (row,) = re.findall(rf"^\| (`.*?) \| {kind}(?:,| \|)", PAGE, re.MULTILINE)
    for written in re.findall(r"`([^`]*)`", row):
        quoted = written.startswith('"')
        value = core_value(ScalarNode(written.strip('"'), '"' if quoted else "", 0, 0))
        assert type(value) is expected, written


def test_what_the_table_calls_a_finding_is_no_value() -> None:
    (row,) = re.findall(r"^\| nothing, (`.*?) \| a finding", PAGE, re.MULTILINE)
    for written in re.findall(r"`([^`]*)`", row):
        try:
            assert core_value(ScalarNode(written, "", 0, 0)) is None
        except UnfitScalarError:
            continue
