"""JSON as nodes with places."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaglint.registry.json_tree import read_json
from flaglint.registry.nodes import MappingNode, SequenceNode, Tree
from flaglint.registry.scalars import plain_data
from flaglint.registry.tree import decode


def tree(text: str) -> Tree:
    return read_json(decode("flags.json", text.encode()))


def test_reads_what_libyaml_refuses() -> None:
    text = '{"' + "k" * 2000 + '":\t"\\ud83d\\ude00\x7f\\/"}'
    read = tree(text)
    assert not read.problems
    assert read.root is not None
    assert plain_data(read.root) == {"k" * 2000: "😀\x7f/"}


def test_knows_the_place_of_each_key_and_value() -> None:
    read = tree('{\n  "é": [1,\r\n    {"b": null}]\n}')
    assert isinstance(read.root, MappingNode)
    ((key, items),) = read.root.pairs
    assert isinstance(items, SequenceNode)
    assert str(read.span(key)) == "flags.json:2:3"
    assert str(read.span(items.items[1])) == "flags.json:3:5"
    assert read.text.text[items.start : items.end] == '[1,\r\n    {"b": null}]'


def test_names_both_places_of_a_duplicate_key() -> None:
    (problem,) = tree('{"a": {"k": 1,\n "k": 2}, "k": 3}').duplicate_problems()
    assert str(problem.span) == "flags.json:2:2"
    assert [str(label.span) for label in problem.related] == ["flags.json:1:8"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a": 1', "1:8 this is not JSON: the file ends where `,` or the closing bracket is expected"),
        ('{"a": 1,}', "1:9 this is not JSON: a key in double quotes is expected here, not `}`"),
        ("{'a': 1}", "1:2 this is not JSON: JSON wants double quotes"),
        ('{"a": 1} x', "1:10 this is not JSON: `,` or the closing bracket is expected here"),
        ("// note\n{}", "1:1 this is not JSON: JSON knows no comments"),
        ("[01]", "1:2 this is not JSON: a value or `]` is expected here"),
        ('["a\tb"]', "1:2 this is not JSON: this text is not closed, or holds a character or an escape that JSON does"),
        ('["\\ud800"]', "1:2 half of a surrogate pair is no character"),
        ("[" * 100_000, "1:101 this is not JSON: nested deeper than 100 levels"),
    ],
)
def test_says_where_the_syntax_fails(text: str, expected: str) -> None:
    (problem,) = tree(text).problems
    start = problem.span.start
    assert f"{start.line}:{start.column} {problem.message}".startswith(expected)


def test_keeps_what_stands_before_an_error() -> None:
    read = tree('{"a": {"b": [1, 2], "c": {"d"')
    assert read.root is not None
    assert plain_data(read.root) == {"a": {"b": [1, 2], "c": {"d": None}}}


JSON = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(2**53) + 1, 2**53 - 1),
        st.text(),
        st.floats(allow_nan=False, allow_infinity=False),
    ),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=20,
)


@given(JSON, st.sampled_from([None, 2]), st.booleans())
def test_gives_the_data_that_was_written(data: object, indent: int | None, ascii_only: bool) -> None:
    read = tree(json.dumps(data, indent=indent, ensure_ascii=ascii_only))
    assert not read.problems
    assert read.root is not None
    assert plain_data(read.root) == data


PIECES = st.sampled_from([*'{}[]:,"\\ \n', "1", "-", "null", "true", '"a"', "0", ".", "e", "\\u00"])


@given(st.lists(PIECES, max_size=20).map("".join))
def test_agrees_with_the_standard_library_on_what_json_is(text: str) -> None:
    try:
        data = json.loads(text)
    except ValueError:
        assert tree(text).problems
    else:
        read = tree(text)
        assert read.root is not None
        assert plain_data(read.root) == data
