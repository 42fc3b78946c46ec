"""The key that was probably meant."""

from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaglint.lints import nearest
from flaglint.lints.nearest import Keys, distance, folded, nearest_key, words

KEYS = ["release-one-page-checkout", "release-card-vault", "ops-search-timeout", "kill-payments", "exp-price"]


@pytest.mark.parametrize(
    ("wanted", "meant"),
    [
        ("release-one-page-checkot", "release-one-page-checkout"),
        ("release_one_page_checkout", "release-one-page-checkout"),
        ("releaseOnePageCheckout", "release-one-page-checkout"),
        ("RELEASE_CARD_VAULT", "release-card-vault"),
        ("realease-card-valut", "release-card-vault"),
        ("one-page-checkout", "release-one-page-checkout"),
        ("release-vault-card", "release-card-vault"),
        ("exp-pirce", "exp-price"),
    ],
)
def test_finds_the_key_behind_a_slip(wanted: str, meant: str) -> None:
    assert nearest_key(wanted, KEYS) == meant


@pytest.mark.parametrize("wanted", ["", "x", "checkout", "release-loyalty-points", "payments-kill-now", "vault", "ops"])
def test_says_nothing_where_nothing_is_close(wanted: str) -> None:
    assert nearest_key(wanted, KEYS) == ""


def test_does_not_choose_between_two_keys_with_the_same_last_words() -> None:
    assert nearest_key("new-cart", ["exp-new-cart", "release-new-cart"]) == ""


def test_takes_the_first_in_order_of_two_equally_near() -> None:
    assert nearest_key("cart-v3", ["cart-v2", "cart-v1"]) == "cart-v1"


def test_never_suggests_the_key_itself() -> None:
    assert nearest_key("cart-v2", ["cart-v2"]) == ""


@pytest.mark.parametrize(
    ("key", "expected"),
    [
        ("release-one-page", ("release", "one", "page")),
        ("newCheckoutV2", ("new", "checkout", "v2")),
        ("HTTPServerOn", ("http", "server", "on")),
        ("ALERT_REPORTS", ("alert", "reports")),
        ("organizations:issue-platform.v2", ("organizations", "issue", "platform", "v2")),
        ("", ()),
    ],
)
def test_splits_a_key_into_words(key: str, expected: tuple[str, ...]) -> None:
    assert words(key) == expected


@pytest.mark.parametrize(
    ("left", "right", "steps"),
    [("abc", "abc", 0), ("abc", "acb", 1), ("abc", "abcd", 1), ("abc", "xbz", 2), ("", "ab", 2)],
)
def test_counts_changed_added_dropped_and_swapped_letters(left: str, right: str, steps: int) -> None:
    assert distance(left, right, 5) == steps


@given(st.text("abc", max_size=6), st.text("abc", max_size=6), st.integers(0, 3))
def test_stops_counting_past_the_limit_and_never_before_it(left: str, right: str, limit: int) -> None:
    assert distance(left, right, limit) == min(distance(left, right, 9), limit + 1)
    assert distance(left, right, 9) == distance(right, left, 9)


_SPELLED = st.text("abcd-", max_size=9)


@given(_SPELLED, st.lists(_SPELLED, max_size=12))
def test_finds_among_many_keys_what_a_look_at_each_of_them_finds(wanted: str, known: list[str]) -> None:
    target = folded(wanted)
    limit = min(3, 1 + len(target) // 8, max(0, len(target) - 1) // 2)
    steps = {key: distance(target, folded(key), limit) for key in known if key != wanted}
    near = sorted((count, key) for key, count in steps.items() if count <= limit)
    found = Keys(known).nearest(wanted)
    if near:
        assert found == near[0][1]
    elif found:
        assert sorted(words(found)) == sorted(words(wanted)) or {words(found)[-2:]} == {words(wanted)[-2:]}


def test_looks_at_few_of_many_keys_that_begin_alike() -> None:
    keys = Keys(f"release-feature-{number}" for number in range(2000))
    with mock.patch.object(nearest, "_row", side_effect=nearest._row) as row:
        assert keys.nearest("release-faeture-1234") == "release-feature-1234"
    assert row.call_count < 500  # each row is a letter of one or of many keys
