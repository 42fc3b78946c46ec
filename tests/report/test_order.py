"""In which order flags can go, and which need each other in a circle."""

from __future__ import annotations

import pytest

from flaglint.report.order import cycles, removal_order


def test_who_needs_goes_before_what_is_needed() -> None:
    needs = {"a": ["b"], "b": ["c"], "c": [], "d": ["c"], "e": []}
    assert removal_order("abcde", needs, {"e": 1, "a": 2, "d": 3}) == (("e", "a", "d"), ("b",), ("c",))


def test_what_is_needed_twice_waits_for_both() -> None:
    needs = {"a": ["c"], "b": ["a", "c"], "c": []}
    assert removal_order("abc", needs, {}) == (("b",), ("a",), ("c",))


def test_what_a_flag_needs_that_stays_has_to_stay() -> None:
    needs = {"stays": ["a"], "a": ["b"], "b": [], "c": ["b"], "d": []}
    assert removal_order("abcd", needs, {}) == (("c", "d"),)


def test_what_is_on_a_circle_stays_and_what_it_needs() -> None:
    needs = {"a": ["b"], "b": ["a", "c"], "c": [], "d": ["d"], "e": ["a"]}
    assert removal_order("abcde", needs, {}) == (("e",),)


def test_what_nothing_defines_is_no_reason_to_stay() -> None:
    assert removal_order("a", {"a": ["nowhere"]}, {}) == (("a",),)
    assert removal_order("", {}, {}) == ()


@pytest.mark.parametrize(
    ("needs", "found"),
    [
        ({"a": ["b"], "b": ["a"], "c": ["a"]}, (("a", "b"),)),
        ({"a": ["a"], "b": []}, (("a",),)),
        ({"d": ["e"], "e": ["d"], "a": ["b"], "b": ["c"], "c": ["a", "d"]}, (("a", "b", "c"), ("d", "e"))),
        ({"a": ["b"], "b": ["c"], "c": []}, ()),
        ({"a": ["nowhere"]}, ()),
    ],
)
def test_circles_are_told_apart(needs: dict[str, list[str]], found: tuple[tuple[str, ...], ...]) -> None:
    assert cycles(needs) == found


def test_a_chain_of_thousands_is_followed() -> None:
    keys = [f"flag-{number:05}" for number in range(20_000)]
    needs = {key: keys[number + 1 : number + 2] for number, key in enumerate(keys)}
    assert removal_order(keys, needs, {}) == tuple((key,) for key in keys)
    assert removal_order(keys[1:], needs, {}) == ()
    needs[keys[-1]] = keys[:1]
    assert cycles(needs) == (tuple(keys),)
