"""Circles: which names lead back to themselves, and by which way."""

import random

from flaglint.circles import circles, on_circles, shortest_circles

MEETING = {"a": ["b"], "b": ["c", "d"], "c": ["a"], "d": ["b"], "e": ["a"], "f": ["f"], "g": ["nobody"]}


def test_circles_that_meet_are_one_and_a_name_that_merely_leads_there_is_in_none() -> None:
    assert sorted(map(sorted, circles(MEETING))) == [["a", "b", "c", "d"], ["f"]]
    assert on_circles(MEETING) == {"a", "b", "c", "d", "f"}


def test_the_way_that_is_told_is_the_shortest_from_the_first_name() -> None:
    assert sorted(shortest_circles(MEETING)) == [("a", "b", "c"), ("f",)]


def test_a_chain_of_thousands_has_no_circle_and_one_link_makes_it_one() -> None:
    chain: dict[str, list[str]] = {str(number): [str(number + 1)] for number in range(5_000)}
    assert not on_circles(chain)
    assert len(on_circles({**chain, "4999": ["0"]})) == 5_000


def test_a_name_is_on_a_circle_when_it_can_be_reached_from_itself() -> None:
    for seed in range(200):
        draw = random.Random(seed)
        names = "abcdefg"[: draw.randint(1, 7)]
        needs = {name: draw.sample(names, draw.randint(0, min(2, len(names)))) for name in names}
        reached = {name: set(needs[name]) for name in names}
        for _ in names:
            for name in names:
                reached[name].update(*(reached[other] for other in tuple(reached[name])))
        assert on_circles(needs) == {name for name in names if name in reached[name]}
