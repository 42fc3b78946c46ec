"""YAML as nodes with places."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaglint.errors import RegistryError
from flaglint.registry.nodes import AliasNode, MappingNode, Node, ScalarNode, SequenceNode, Tree
from flaglint.registry.tree import decode, read_yaml
from tests.registry.reading import tree


def piece(read: Tree, node: Node) -> str:
    return read.text.text[node.start : node.end]


def child(read: Tree, *path: str | int) -> Node:
    node = read.root
    for step in path:
        if isinstance(node, MappingNode):
            node = node.get(str(step))
        elif isinstance(node, SequenceNode):
            node = node.items[int(step)]
    assert node is not None
    return node


def messages(read: Tree) -> list[str]:
    return [f"{p.span.start.line}:{p.span.start.column} {p.message}" for p in read.problems]


def test_keeps_scalars_as_they_are_written() -> None:
    read = tree("a: [NO, 1.10, 010, yes, 12:30:00, ~, 0x1F]\n")
    values = child(read, "a")
    assert isinstance(values, SequenceNode)
    assert [item.text for item in values.items if isinstance(item, ScalarNode)] == [
        "NO",
        "1.10",
        "010",
        "yes",
        "12:30:00",
        "~",
        "0x1F",
    ]
    assert not read.problems


@pytest.mark.parametrize(
    ("written", "style", "text"),
    [("x", "", "x"), ("'x'", "'", "x"), ('"x"', '"', "x"), ("|\n  x\n", "|", "x\n"), (">-\n  x\n  y", ">", "x y")],
)
def test_tells_how_a_scalar_is_quoted(written: str, style: str, text: str) -> None:
    value = child(tree(f"a: {written}\n"), "a")
    assert isinstance(value, ScalarNode)
    assert (value.style, value.text) == (style, text)


def test_keeps_two_keys_that_yaml_1_1_takes_for_one() -> None:
    read = tree("{true: a, 1: b, yes: c, on: d}\n")
    assert isinstance(read.root, MappingNode)
    assert [name for name, _, _ in read.root.texts()] == ["true", "1", "yes", "on"]
    assert not read.duplicates


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ("a:\n  b: 1  # note\n\n# other\nc: 2\n", ["a"], "b: 1"),
        ("a:\n  - x\n  - y   # note\n\nc: 2\n", ["a"], "- x\n  - y"),
        ("a:\n  b: {c: [1, 2 ] }\n  # note\nc: 2\n", ["a"], "b: {c: [1, 2 ] }"),
        ("a:\n  b: |\n    x\n\n    y\n\n\nc: 2\n", ["a"], "b: |\n    x\n\n    y"),
        ("a:\n  b: 'x\n    y'\n\nc: 2\n", ["a"], "b: 'x\n    y'"),
        ("a:\n  b: x\n    y\n\nc: 2\n", ["a"], "b: x\n    y"),
        ("a:\n  b:\n\n  # note\nc: 2\n", ["a"], "b:"),
        ("a:\n  ? b\n\nc: 2\n", ["a"], "? b"),
        ("a: {b, c}\n", ["a"], "{b, c}"),
        ("a: 'é😀' # note\nb: 1\n", ["a"], "'é😀'"),
        ("a:\r\n  b: 1\r\n\r\nc: 2\r\n", ["a"], "b: 1"),
    ],
)
def test_an_entry_ends_with_its_last_scalar_or_bracket(text: str, path: list[str], expected: str) -> None:
    read = tree(text)
    assert piece(read, child(read, *path)) == expected


def test_counts_columns_in_characters_and_lines_as_python_does() -> None:
    read = tree('\ufeff"😀é\\u2028": x\r\n# \u2028 no line end\r\nb: y\n')
    assert isinstance(read.root, MappingNode)
    (first, first_value), (second, _) = read.root.pairs
    assert str(read.span(first)) == "flags.yaml:1:1"
    assert str(read.span(first_value)) == "flags.yaml:1:13"
    assert read.span(second).start.line == 3
    assert read.text.data[read.text.byte_offset(second.start) :] == b"b: y\n"


def test_reports_anchors_aliases_merge_keys_and_tags_in_one_run() -> None:
    read = tree("a: &x {k: 1}\nb: *x\nc:\n  <<: {k: 2}\nd: !!str yes\ne: !include x\n")
    assert messages(read) == [
        "1:4 the anchor `&x` is not read: an edit through an alias would change two flags",
        "2:4 the alias `*x` is not read",
        "4:3 merge keys are not read",
        "5:4 the tag `!!str` is not read",
        "6:4 the tag `!include` is not read",
    ]
    assert isinstance(child(read, "b"), AliasNode)
    assert isinstance(child(read, "a"), MappingNode)


def test_quoted_words_of_yaml_are_no_syntax() -> None:
    read = tree("a: '&x'\n'<<': '*x'\n\"b\": \"!!str\"\n")
    assert not read.problems


def test_follows_aliases_and_merge_keys_when_asked() -> None:
    read = tree("a: &x {k: 1, l: 2}\nb: *x\nc:\n  <<: *x\n  l: 3\n", follow_aliases=True)
    assert not read.problems
    assert child(read, "b") is child(read, "a")
    merged = child(read, "c")
    assert isinstance(merged, MappingNode)
    assert [(name, value.text) for name, _, value in merged.texts() if isinstance(value, ScalarNode)] == [
        ("l", "3"),
        ("k", "1"),
    ]


def test_earlier_mappings_of_a_merged_list_win() -> None:
    read = tree("a: &a {k: 1}\nb: &b {k: 2, l: 2}\nc:\n  <<: [*a, *b]\n", follow_aliases=True)
    merged = child(read, "c")
    assert isinstance(merged, MappingNode)
    assert [(name, value.text) for name, _, value in merged.texts() if isinstance(value, ScalarNode)] == [
        ("k", "1"),
        ("l", "2"),
    ]


def test_refuses_aliases_that_multiply_without_end() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 12)]
    read = tree("\n".join(lines), follow_aliases=True)
    assert messages(read)[-1].endswith("its aliases stand for more than 1,000,000 nodes")


def test_refuses_an_alias_inside_of_what_it_names() -> None:
    assert messages(tree("a: &x [1, *x]\n", follow_aliases=True)) == [
        "1:11 the alias `*x` stands inside of what it names"
    ]


def test_names_both_places_of_a_duplicate_key() -> None:
    (problem,) = tree("a:\n  k: 1\n  k: 2\nb: {k: 3}\n").duplicate_problems()
    assert (str(problem.span), problem.message) == ("flags.yaml:3:3", "`k` is written twice in one mapping")
    assert [str(label.span) for label in problem.related] == ["flags.yaml:2:3"]


def test_a_second_document_is_a_problem() -> None:
    read = tree("a: 1\n---\nb: 2\n")
    assert messages(read) == ["2:1 a second document begins here"]
    assert piece(read, child(read, "a")) == "1"


def test_a_document_may_open_and_close_with_its_marks() -> None:
    assert not tree("%YAML 1.2\n---\na: 1\n...\n").problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a:\n\tb: 1\n", "2:1 a tab cannot indent YAML"),
        ("a: b: c\n", "1:5 this is not YAML: mapping values are not allowed in this context"),
        ("a: 'x\n", "2:1 this is not YAML: found unexpected end of stream while scanning a quoted scalar"),
        ("a: {b: 1\n", "2:1 this is not YAML: did not find expected ',' or '}' while parsing a flow mapping"),
        ("a: b\x00c\n", "1:5 the character U+0000 is not allowed in YAML"),
    ],
)
def test_says_where_the_syntax_fails(text: str, expected: str) -> None:
    assert messages(tree(text)) == [expected]


def test_keeps_what_stands_before_an_error() -> None:
    read = tree("a: 1\nb:\n  c: 2\n  d: [3, {e: 4\nf: 5\n")
    assert read.stopped_at is not None
    assert piece(read, child(read, "b", "c")) == "2"
    assert piece(read, child(read, "b", "d", 0)) == "3"


def test_reads_on_behind_a_forbidden_character() -> None:
    read = tree("a: x\x07y\nb: 1\n")
    assert piece(read, child(read, "b")) == "1"
    assert [problem.help for problem in read.problems] == [
        'take it out, or write it as an escape in double quotes: "\\x07"'
    ]


@pytest.mark.parametrize("text", ["[" * 100_000, "a: " + "[" * 100_000, "{a: " * 100_000, "- " * 100_000])
def test_refuses_what_is_nested_beyond_reason(text: str) -> None:
    read = tree(text)
    assert [problem.message for problem in read.problems] == ["nested deeper than 100 levels"]


def test_reads_a_hundred_levels() -> None:
    assert not tree("[" * 100 + "]" * 100).problems


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"a: 1\nb: \xff\n", "x.yaml:2: is not UTF-8: byte 0xff at offset 8"),
        ("a: 1".encode("utf-16"), "x.yaml: is not UTF-8 but UTF-16 or UTF-32"),
    ],
)
def test_cannot_read_what_is_not_utf_8(data: bytes, expected: str) -> None:
    with pytest.raises(RegistryError) as caught:
        decode("x.yaml", data)
    assert str(caught.value) == expected
    assert caught.value.help == "save the file as UTF-8"


YAML_PIECES = st.sampled_from(
    [
        "a",
        "b",
        ": ",
        ":",
        "\n",
        "\n  ",
        "\n- ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        ", ",
        "'",
        '"',
        "|\n",
        ">",
        "&x ",
        "*x",
        "<<: ",
        "!t ",
        "#",
        "? ",
        "---\n",
        "...",
        "%",
        "\t",
        "\r\n",
        "\r",
        "é",
        "\u2028",
        "\x85",
        "\ufeff",
        "\x00",
        "~",
        "\\",
        "@",
    ]
)


@given(st.one_of(st.text(max_size=60), st.lists(YAML_PIECES, max_size=25).map("".join)), st.booleans())
def test_any_text_gives_a_tree_whose_places_lie_in_it(text: str, follow: bool) -> None:
    read = read_yaml(decode("flags.yaml", text.encode("utf-8", "replace")), follow_aliases=follow)
    size = len(read.text.text)
    pending = [read.root] if read.root else []
    while pending:
        node = pending.pop()
        assert 0 <= node.start <= node.end <= size
        assert read.span(node).path == "flags.yaml"
        if follow:
            continue  # what an alias names lies elsewhere
        if isinstance(node, SequenceNode):
            inner = node.items
        elif isinstance(node, MappingNode):
            inner = [part for pair in node.pairs for part in pair]
        else:
            continue
        assert all(node.start <= part.start and part.end <= node.end for part in inner)
        pending += inner


def dump(read: Tree) -> list[tuple[str, str, int, int]]:
    """Every node as kind, text and place, outermost first."""
    found: list[tuple[str, str, int, int]] = []
    pending = [read.root] if read.root else []
    while pending:
        node = pending.pop(0)
        found.append((type(node).__name__, getattr(node, "text", ""), node.start, node.end))
        if isinstance(node, SequenceNode):
            pending += node.items
        elif isinstance(node, MappingNode):
            pending += [part for pair in node.pairs for part in pair]
    return found


@pytest.mark.parametrize(
    "text",
    [
        "a: |\n  x\n\n\n# c\nb:\n  - \n  - y # hi\n\nc: {x: 1, 'y': 2}\nd: # e\n",
        "a: &x [1, 2]\nb: *x\n<<: {c: 1}\nd: !!str yes\n",
        "a:\r\n  b: 'é😀\r\n    x'\r\nc: \"\\u00e9\"\r\n",
        "a: >-\n  x\n\n  y\nb: plain\n  more\n",
    ],
)
def test_reads_the_same_without_libyaml(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    with_libyaml = tree(text)
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    without = tree(text)
    assert dump(without) == dump(with_libyaml)
    assert messages(without) == messages(with_libyaml)


def test_any_nesting_is_refused_without_libyaml_too(monkeypatch: pytest.MonkeyPatch) -> None:
    import yaml

    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert [problem.message for problem in tree("[" * 5_000).problems] == ["nested deeper than 100 levels"]


def test_of_brackets_without_end_says_one_thing() -> None:
    assert messages(tree("{" * 100_000)) == ["1:101 nested deeper than 100 levels"]


def test_a_collection_as_a_key_is_found_before_the_place_where_reading_stopped() -> None:
    assert sorted(messages(tree("{[a]: 1, b: " + "{" * 200))) == [
        "1:112 nested deeper than 100 levels",
        "1:2 a key must be a text, not a collection or an alias",
    ]
