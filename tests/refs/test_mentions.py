"""A string in Python that equals a key and is nothing else is a mention; a part of another string is none."""

import pytest

from flaglint.model import Confidence, Kind, Literal, Position, Reference, Span
from flaglint.refs.mentions import find_mentions


def mentioned(code: str, taken: tuple[Reference, ...] = ()) -> list[int]:
    """Return the lines of the mentions of `new-cart`."""
    found = list(find_mentions({"a.py": code.encode()}, ["new-cart"], taken))
    assert all((item.kind, item.key) == (Kind.MENTION, Literal("new-cart")) for item in found)
    assert all(item.confidence is Confidence.POSSIBLE for item in found)
    return [item.span.start.line for item in found]


@pytest.mark.parametrize(
    "code",
    [
        'FLAG = "new-cart"',
        "FLAG = 'new-cart'",
        "FLAG = r'new-cart'",
        'FLAGS = ["old-cart", "new-cart"]',
        'FLAGS = {"new-cart": 1}',
        'FLAGS = {1: "new-cart"}',
        'def f():\n    return "new-cart"',
        'call(\n    "new-cart"\n)',
        'FLAGS = [\n    "old-cart",  # first\n    # second\n    "new-cart",\n]',
        'FLAGS = {\n    1:\n    "new-cart",\n}',
        'x = "new-cart" if y else None',
        'x = \\\n    "new-cart"',
        'def f(name="new-cart"): pass',
        'é = "é"; FLAG = "new-cart"',
        'FLAG = "new-cart"\n"""The new cart :)"""\nx = 1',
        '"""All flags, (see below."""\n\nFLAG = "new-cart"',
        'class Flag:\n    OLD = "old-cart"  # (\n    """The old."""\n    NEW = "new-cart"\n    """The new."""',
    ],
)
def test_a_whole_string_is_a_mention(code: str) -> None:
    assert len(mentioned(code)) == 1


@pytest.mark.parametrize(
    "code",
    [
        '"new-cart" "-2"',
        'x = "new-cart" "-2"',
        'x = ("brand-"\n     "new-cart")',
        'x = ("brand-"  # a comment\n     "new-cart")',
        'x = ("new-cart"  # )\n     "-2")',
        'call(\n    key="new-cart"\n    "-2"\n)',
        'x = "new-cart" \\\n    "-2"',
        'x = "new-cart" + suffix',
        'x = prefix + "new-cart"',
        'x = "new-cart" % ()',
        'x = f"new-cart"',
        'x = b"new-cart"',
        "x = \"say 'new-cart'\"",
        '# "new-cart"',
        'x = 1  # was "new-cart"',
        '"""\n"new-cart"\n"""',
        '"new-cart"',
        'def f():\n    "new-cart"\n    return 1',
        'class A:\n    # a remark\n    "new-cart"',
        'def f(\n    a,\n) -> int:\n    "new-cart"',
        'x = 1\n"new-cart"',
        'x = "new-carts"',
        "x = new_cart",
    ],
)
def test_a_part_of_another_string_a_comment_and_a_docstring_are_none(code: str) -> None:
    assert mentioned(code) == []


def test_what_is_a_reference_already_is_no_mention_besides() -> None:
    code = 'read("new-cart")\nFLAG = "new-cart"'
    read = Reference(Literal("new-cart"), Span("a.py", Position(1, 1), Position(1, 17)), Kind.READ)
    assert mentioned(code, (read,)) == [2]


@pytest.mark.parametrize(
    "code",
    [
        'read(r"new-cart")',
        'read(\n    other,\n    "new-cart",\n)',
        '\nread(read("new-cart"), "new-cart")',
        'é = "é"\nread(é, "new-cart", é)',
        '# coding: cp1252\r\nread(1,\r\n"new-cart")',
    ],
)
def test_what_stands_inside_of_a_reference_is_no_mention(code: str) -> None:
    lines = code.replace("\r\n", "\n").split("\n")
    first = next(number for number, line in enumerate(lines, 1) if line.startswith("read"))
    whole = Span("a.py", Position(first, 1), Position(len(lines), len(lines[-1]) + 1))
    assert mentioned(code) != []
    assert mentioned(code, (Reference(Literal("new-cart"), whole, Kind.READ),)) == []


def test_a_string_that_begins_before_a_reference_does_is_a_mention() -> None:
    code = 'x = r"new-cart"\nx = [r"new-cart", "new-cart"]'
    within = [Span("a.py", Position(line, column), Position(line, 40)) for line, column in ((1, 6), (2, 7))]
    assert mentioned(code, tuple(Reference(Literal("new-cart"), span, Kind.READ) for span in within)) == [1, 2]


def test_places_that_end_early_hide_no_mention_behind_them() -> None:
    spans = [Span("a.py", Position(1, 1), Position(1, 5)), Span("a.py", Position(1, 2), Position(1, 3))]
    taken = tuple(Reference(Literal("new-cart"), span, Kind.READ) for span in spans)
    assert mentioned('read, x = 1, "new-cart"', taken) == [1]
