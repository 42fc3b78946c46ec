"""Whatever a line holds, the caret stands under the character that is meant, and nothing escapes to the terminal."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from flaglint.config import Settings
from flaglint.model import CheckResult, Finding, Position, Severity, Span
from flaglint.render import render

LINES = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\n\r\0"), max_size=30)


@given(LINES, st.integers(1, 32), st.integers(0, 5))
def test_the_caret_stands_where_the_place_begins(line: str, column: int, length: int) -> None:
    place = Span("a.py", Position(1, column), Position(1, column + length))
    finding = Finding(code="FLG201", severity=Severity.ERROR, message="m", primary=place)
    text = render("full", CheckResult((finding,)), Settings(root=Path("/nowhere")), {"a.py": line.encode()}.get)
    assert text.replace("\n", "").isprintable()
    shown = text.split("\n")
    if len(shown) < 7:
        return  # what cannot be decoded has no frame
    plain = line.removeprefix("\ufeff")
    if plain.isascii() and "\t" not in plain:
        assert shown[4].index("^") - len("  | ") == min(column - 1, len(plain))
