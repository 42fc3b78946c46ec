"""What an expression cannot match without is never missing from what it matches."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from flaglint.refs.needles import Needles, any_of, needles_of


@pytest.mark.parametrize(
    ("pattern", "needles"),
    [
        (r"flag_enabled\(\s*[\"'](?P<key>[^\"']+)", (b"flag_enabled",)),
        (r"\{%-?\s*flag\s+(?P<key>\w+)", (b"flag",)),
        (r"\{%-?\s*(?:flag|switch|sample)\s+", (b"flag", b"switch", b"sample")),
        (r"\bwaffle\.(?:flag|switch)\(", (b"waffle",)),
        (r"enabled?\(", (b"enable",)),
        (r"isOn+\(", (b"isOn",)),
        (r"[(|]on[)]", (b"on",)),
    ],
)
def test_knows_the_plain_letters_of_an_expression(pattern: str, needles: tuple[bytes, ...]) -> None:
    assert needles_of(pattern) == Needles(needles)


@pytest.mark.parametrize(
    "pattern",
    [
        r"(?P<key>\w+)",
        r"flag_enabled|flag_disabled",
        r"(?i)flag_enabled",
        r"(?i:flag)_(?P<key>\w+)",
        r"(?x) flag _enabled",
        r"(flag|switch)?",
        r"(?:flag|switch)*",
        r"(?:flag|swi.ch)",
        r"(?:flag|)",
        r"f?",
        r"\x61\061",
        r"[flag]",
        r"(?!flag)",
        r"(?<=flag)",
        r"f{0}",
    ],
)
def test_says_nothing_of_what_is_not_plain(pattern: str) -> None:
    assert needles_of(pattern) == Needles(None)


PIECES = [
    r"a",
    r"b",
    r"ab",
    r"2",
    r"|",
    r"(",
    r"(?:",
    r"(?=",
    r"(?!",
    r")",
    r"[ab]",
    r"[^a]",
    r"[]a]",
    r"[",
    r"]",
    r"?",
    r"*",
    r"+",
    r"{0}",
    r"{2}",
    r"\b",
    r"\.",
    r"\[",
    r"\|",
    r"\(",
    r"\x61",
    r"\061",
    r"\1",
    r".",
    r"^",
    r"$",
    r"(?i)",
    r"(?P<k>a)",
    r"(?P=k)",
    r"(?:a|b)",
    r"(?:ab|ba)",
    r"(?#a)",
    r"(?#a(",
    r"(?#[",
    r"(?x:a)",
]


@pytest.mark.filterwarnings("ignore::FutureWarning")
@settings(deadline=None, max_examples=1_000)
@given(st.lists(st.sampled_from(PIECES), max_size=7).map("".join), st.text(alphabet="abA1 .", max_size=8))
def test_whatever_matches_holds_a_needle(pattern: str, text: str) -> None:
    try:
        compiled = re.compile(pattern.encode())
    except re.error:
        assume(False)
    if compiled.search(text.encode()):
        assert needles_of(pattern).may_match(text.encode())


def test_what_one_of_several_needs_is_needed_by_all_or_looked_for_besides() -> None:
    assert any_of([Needles((b"flag", b"switch")), Needles((b"flag_on",))]) == Needles((b"flag", b"switch"))
    assert any_of([Needles((b"flag",)), Needles(None)]) == Needles(None)
    assert not any_of([]).may_match(b"flag")
