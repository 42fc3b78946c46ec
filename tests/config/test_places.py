"""Each key of a TOML file has the place where a reader sees it."""

import pytest

from flaglint.config.places import places_in

DOCUMENT = '''# [decoy]
title = "a = [1, { b = 2 }] # no comment"
text = """
[not.a.table]
x = 1 \\"""
""" # after
"quoted.key" = 'lit'
dotted . inner = 3
[tool.flaglint] # comment
list = [
  "a", # first
  "]",
  { x = 1, y = [2, 3] },
]
[[tool.flaglint.calls]]
function = "f"
[[tool.flaglint.calls]]
function = "g"
[tool.flaglint.calls.key]
position = 0
'''


@pytest.mark.parametrize(
    ("keys", "starts_with"),
    [
        (("title",), "title = "),
        (("text",), 'text = """'),
        (("quoted.key",), '"quoted.key"'),
        (("dotted", "inner"), "dotted . inner"),
        (("tool", "flaglint"), "[tool.flaglint]"),
        (("tool", "flaglint", "list"), "list = ["),
        (("tool", "flaglint", "list", 0), '"a"'),
        (("tool", "flaglint", "list", 1), '"]"'),
        (("tool", "flaglint", "list", 2, "y"), "y = [2"),
        (("tool", "flaglint", "list", 2, "y", 1), "3] }"),
        (("tool", "flaglint", "calls", 0, "function"), 'function = "f"'),
        (("tool", "flaglint", "calls", 1, "function"), 'function = "g"'),
        (("tool", "flaglint", "calls", 1, "key", "position"), "position = 0"),
    ],
)
def test_a_key_is_found_where_it_stands(keys: tuple[str | int, ...], starts_with: str) -> None:
    line, column = places_in(DOCUMENT)[keys]
    assert DOCUMENT.split("\n")[line - 1][column - 1 :].startswith(starts_with)


def test_nothing_in_strings_and_comments_is_a_key() -> None:
    found = places_in(DOCUMENT)
    assert ("decoy",) not in found
    assert ("not", "a", "table") not in found
    assert ("x",) not in found
