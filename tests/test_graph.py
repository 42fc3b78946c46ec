"""Which dynamic reads can spell which keys."""

from hypothesis import given
from hypothesis import strategies as st

from flaglint.definition import Registry
from flaglint.graph import FlagGraph
from flaglint.model import Confidence, Kind, Pattern, Position, Reference, Span

_PART = st.none() | st.text("ab", min_size=1, max_size=3)
_PARTS = st.lists(_PART, min_size=1, max_size=4).map(tuple)


def read(number: int, parts: tuple[str | None, ...]) -> Reference:
    """Return a read of a computed key in some line."""
    span = Span("shop.py", Position(number + 1, 1), Position(number + 1, 2))
    return Reference(key=Pattern(parts), span=span, kind=Kind.READ, role="return", confidence=Confidence.CERTAIN)


@given(st.lists(_PARTS, max_size=8), st.lists(st.text("ab", max_size=6), max_size=8))
def test_finds_the_patterns_of_a_key_and_the_keys_of_a_pattern_as_a_look_at_each_of_them_does(
    patterns: list[tuple[str | None, ...]], keys: list[str]
) -> None:
    dynamic = tuple(read(number, parts) for number, parts in enumerate(patterns))
    graph = FlagGraph(
        registry=Registry(),
        flags=dict.fromkeys(keys, ()),
        references=dynamic,
        by_key={},
        by_path={"shop.py": dynamic},
        dynamic=dynamic,
        tombstones={},
    )
    telling = [ref for ref in dynamic if isinstance(ref.key, Pattern) and ref.key.has_literal_part]
    for key in keys:
        assert list(graph.patterns(key)) == [ref for ref in telling if ref.key.matches(key)]
    for ref in telling:
        assert list(graph.spelled_by(ref.key)) == sorted({key for key in keys if ref.key.matches(key)})
