"""Where the lines of a text begin, whatever ends them."""

import pytest

from flaglint.remove.lines import Lines


@pytest.mark.parametrize(
    ("text", "starts"),
    [
        ("", [0]),
        ("\n", [0]),
        ("a", [0]),
        ("a\nb", [0, 2]),
        ("a\n\nb\n", [0, 2, 3]),
        ("a\r\nb\rc\n", [0, 3, 5]),
        ("\r", [0]),
        ("a\fb\x0bc\u2028d\n", [0]),
    ],
)
def test_a_line_begins_behind_each_line_end_but_the_last(text: str, starts: list[int]) -> None:
    assert Lines(text).starts == starts
