"""How many users a change of weights moves: by hand, and by counting users."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flaglint.evaluator.bucketing import bucket, hash_utf8, pick
from flaglint.release_notes.moves import HASHES, Movement, intervals, movement, shares

if TYPE_CHECKING:
    from collections.abc import Sequence
    from fractions import Fraction


def split(*weights: tuple[str, int]) -> list[Any]:
    return ["split", [list(pair) for pair in weights]]


def moved(before: list[Any], after: list[Any], **options: bool) -> Movement:
    return movement(intervals(before, "off", 0), intervals(after, "off", 0), **options)


def about(share: Fraction) -> float:
    return round(float(share) * 100, 3)


def test_a_share_that_grows_at_the_front_moves_nobody_else() -> None:
    found = moved(split(("on", 10), ("off", 90)), split(("on", 50), ("off", 50)))
    assert found.needless == 0
    assert about(found.moved) == 40
    assert [(t.before, t.after, about(t.share)) for t in found.transitions] == [("off", "on", 40)]


def test_the_same_weights_in_another_order_swap_users() -> None:
    found = moved(split(("on", 10), ("off", 90)), split(("off", 90), ("on", 10)))
    assert (about(found.moved), about(found.needed)) == (20, 0)
    assert {(t.before, t.after, about(t.share)) for t in found.transitions} == {("on", "off", 10), ("off", "on", 10)}


def test_thirds_in_another_order_ask_for_nobody_to_move() -> None:
    found = moved(split(("a", 1), ("b", 1), ("c", 1)), split(("b", 1), ("a", 1), ("c", 1)))
    assert about(found.moved) == 66.667
    assert found.needed == 0, "a hash more or less in a bucket is rounding"


def test_a_variant_put_in_front_takes_users_from_another() -> None:
    found = moved(split(("red", 20), ("off", 80)), split(("blue", 20), ("red", 20), ("off", 60)))
    assert about(found.moved) == 40
    assert about(found.needed) == 20
    assert about(found.needless) == 20


def test_a_variant_put_behind_takes_users_from_off_alone() -> None:
    found = moved(split(("red", 20), ("off", 80)), split(("red", 20), ("blue", 20), ("off", 60)))
    assert found.needless == 0
    assert about(found.moved) == 20


def test_the_same_shares_in_other_numbers_move_nobody() -> None:
    assert moved(split(("a", 1), ("b", 2)), split(("a", 100), ("b", 200))).moved == 0


def test_one_variant_for_all_is_a_split_as_well() -> None:
    assert moved(["serve", "on"], split(("on", 50), ("off", 50))).needless == 0
    assert about(moved(split(("on", 50), ("off", 50)), ["serve", "on"]).moved) == 50
    assert moved(["split", []], ["serve", "off"]).moved == 0


def test_a_ramp_stands_where_the_clock_has_brought_it() -> None:
    ramp = ["ramp", "on", 0, 1, 1, 1000, 2000]
    assert {name: about(share) for name, share in shares(intervals(ramp, "off", 1250)).items()} == {"on": 25, "off": 75}
    assert shares(intervals(ramp, "off", 500)) == {"off": 1}
    assert shares(intervals(ramp, "off", 9999)) == {"on": 1}


def test_a_new_hash_moves_who_does_not_happen_to_stay() -> None:
    found = moved(split(("on", 50), ("off", 50)), split(("on", 50), ("off", 50)), is_shuffled=True)
    assert about(found.moved) == 50
    assert found.needed == 0
    assert moved(["serve", "on"], ["serve", "on"], is_shuffled=True).moved == 0


@pytest.mark.parametrize(
    "weights", [(("a", 1), ("b", 2)), (("a", 7), ("b", 11), ("c", 13)), (("a", 1), ("b", 2**31 - 2))]
)
def test_intervals_end_where_the_evaluator_changes_variant(weights: Sequence[tuple[str, int]]) -> None:
    total = sum(weight for _, weight in weights)
    held = intervals(split(*weights), "off", 0)
    assert held[-1][1] == HASHES
    for (name, end), (following, _) in pairwise(held):
        assert weights[pick(bucket(end - 1, total), [weight for _, weight in weights])][0] == name
        assert weights[pick(bucket(end, total), [weight for _, weight in weights])][0] == following


SPLITS = st.lists(
    st.tuples(st.sampled_from("abc"), st.integers(1, 50)), min_size=1, max_size=3, unique_by=lambda w: w[0]
)


@settings(max_examples=30, deadline=None)
@given(SPLITS, SPLITS)
def test_counting_users_finds_the_same_share(before: list[tuple[str, int]], after: list[tuple[str, int]]) -> None:
    found = moved(split(*before), split(*after))
    users = [hash_utf8(f"salt-user-{number}") for number in range(4000)]

    def variant(weights: list[tuple[str, int]], hashed: int) -> str:
        return weights[pick(bucket(hashed, sum(w for _, w in weights)), [w for _, w in weights])][0]

    counted = sum(variant(before, user) != variant(after, user) for user in users) / len(users)
    assert abs(counted - float(found.moved)) < 0.05
    assert 0 <= found.needed <= found.moved <= 1
