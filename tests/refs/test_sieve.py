"""The places of many texts in bytes are those that looking for each text at each place finds."""

from __future__ import annotations

from contextlib import nullcontext
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flaglint.refs import sieve
from flaglint.refs.sieve import Sieve

WORDS = st.text(alphabet="ab-:", min_size=1, max_size=7).map(str.encode)


def by_hand(texts: list[bytes], data: bytes) -> list[tuple[int, int, int]]:
    return sorted(
        (number, at, at + len(text))
        for number, text in enumerate(texts)
        for at in range(len(data))
        if data.startswith(text, at)
    )


@settings(deadline=None, max_examples=300)
@given(st.lists(WORDS, unique=True, min_size=1, max_size=12), st.lists(WORDS, max_size=6), st.integers(0, 400))
def test_finds_what_looking_at_each_place_finds(texts: list[bytes], pieces: list[bytes], gap: int) -> None:
    data = (b"\xf5\x01. " * gap).join(pieces)
    assert sorted(Sieve(texts, pays_from=1).places(data)) == by_hand(texts, data)


FEW = st.fixed_dictionaries({"_TOGETHER": st.integers(1, 5), "_TELLING": st.integers(1, 4), "_SHORTEST": st.just(1)})


@settings(deadline=None, max_examples=300)
@given(st.lists(WORDS, unique=True, min_size=1, max_size=20), st.lists(WORDS, max_size=9), st.integers(0, 400), FEW)
def test_finds_the_same_by_what_texts_begin_with(
    texts: list[bytes], pieces: list[bytes], gap: int, few: dict[str, int]
) -> None:
    data = (b" " * gap).join(pieces)
    with mock.patch.multiple(sieve, **few):
        assert sorted(Sieve(texts, pays_from=1).places(data)) == by_hand(texts, data)


@pytest.mark.parametrize(("begin", "passes"), [("organizations:", 1), ("org:", 0), ("o:", 0)])
def test_many_texts_that_begin_alike_take_one_pass(begin: str, passes: int) -> None:
    texts = [f"{begin}{chr(97 + number % 26)}-{number:03}".encode() for number in range(500)]
    data = b" ".join(text + b" " * 200 for text in texts)
    made = Sieve(texts, pays_from=1)
    assert [number for number, _, _ in sorted(made.places(data))] == list(range(500))
    assert len(made._coarse) == passes


@settings(deadline=None, max_examples=500)
@given(
    st.lists(st.text(alphabet="ab-:", min_size=3, max_size=9).map(str.encode), unique=True, min_size=1, max_size=12),
    st.lists(st.sampled_from([b"a", b"b", b"-", b":", b".", b"\xf5\x01\xf5\x01\xf5\x01\xf5\x01"]), max_size=30),
    st.integers(0, 400),
    st.data(),
    st.just({}) | FEW,
)
def test_finds_each_text_that_is_no_part_of_another_word(
    texts: list[bytes], pieces: list[bytes], gap: int, more: st.DataObject, few: dict[str, int]
) -> None:
    word = frozenset(b"ab-")
    some = more.draw(st.lists(st.sampled_from([*texts, *pieces, b"a"]), max_size=9))
    data = b" " * gap + b"".join(some) + b" " * gap + b"".join(pieces) + b" " * gap

    def is_whole(place: tuple[int, int, int]) -> bool:
        _, start, end = place
        return word.isdisjoint(data[max(start - 1, 0) : start] + data[end : end + 1])

    with mock.patch.multiple(sieve, **few) if few else nullcontext():
        found = Sieve(texts, word, pays_from=1).places(data)
    assert len(set(found)) == len(found)
    assert set(found) <= set(by_hand(texts, data))
    assert sorted(filter(is_whole, found)) == list(filter(is_whole, by_hand(texts, data)))


def test_finds_texts_that_overlap_and_that_hold_one_another() -> None:
    texts = [b"new-cart", b"cart-view", b"shop:new-cart-view", b"cart"]
    data = b"x" * 5_000 + b"shop:new-cart-view" + b"y" * 5_000
    assert sorted(Sieve(texts, pays_from=1).places(data)) == [
        (0, 5005, 5013),
        (1, 5009, 5018),
        (2, 5000, 5018),
        (3, 5009, 5013),
    ]


@pytest.mark.parametrize("count", [1, 48, 49, 192, 193, 3000])
def test_finds_each_of_however_many_texts(count: int) -> None:
    texts = [f"flag-{number}-on".encode() for number in range(count)]
    data = b" ".join(text + b" " * 200 for text in texts)
    assert [number for number, _, _ in sorted(Sieve(texts, pays_from=1).places(data))] == list(range(count))


@pytest.mark.parametrize("longer", [b"shop:cart", b"cart:shop", b"shop:cart:shop", b"new-cart:shop"])
def test_finds_what_is_longer_by_more_than_a_word(longer: bytes) -> None:
    data = b" " * 5_000 + longer + b" " * 5_000
    found = Sieve([b"cart", longer], frozenset(b"-acehnoprstw"), pays_from=1).places(data)
    assert (1, 5_000, 5_000 + len(longer)) in found


def test_finds_texts_of_one_letter() -> None:
    assert Sieve([b"a", b"bc"], pays_from=1).places(b"bca") == [(1, 0, 2), (0, 2, 3)]


def test_takes_what_it_looks_for_besides_for_no_find() -> None:
    assert Sieve([b"new-cart"], pays_from=1).places(b"\xf5\x01" * 4 + b" " * 5_000 + b"\xf6\x02" * 4) == []


def test_finds_a_text_at_the_first_and_at_the_last_byte() -> None:
    data = b"new-cart" + b"." * 9_000 + b"new-cart"
    assert Sieve([b"new-cart"], pays_from=1).places(data) == [(0, 0, 8), (0, 9008, 9016)]


def test_finds_the_same_before_and_after_it_pays_to_prepare_for_more() -> None:
    sieve = Sieve([b"new-cart", b"cart"], pays_from=20_000)
    data = b" " * 9_000 + b"new-cart" + b" " * 9_000
    assert [sorted(sieve.places(data)) for _ in range(4)] == [[(0, 9000, 9008), (1, 9004, 9008)]] * 4
