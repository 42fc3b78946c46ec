"""Buckets are flagd's, to the bit."""

from random import Random

import pytest
from evaluation_kit.build import flag, ramp, registry
from evaluation_kit.slow import murmur3

from flaglint.evaluator import Evaluator
from flaglint.evaluator.bucketing import (
    bucket,
    cbor_pair,
    cbor_text,
    hash_bytes,
    hash_cbor,
    hash_for,
    hash_utf8,
    pick,
    ramp_shares,
)


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"", 0),
        (b"a", 0x3C2569B2),
        (b"abc", 0xB3DD93FA),
        (b"Hello, world!", 0xC0363E43),
        (b"\xff\xff\xff\xff", 0x76293B50),
    ],
)
def test_is_murmur3_of_32_bits_with_seed_0(data: bytes, expected: int) -> None:
    assert hash_bytes(data) == expected
    assert murmur3(data) == expected  # the slow interpreter has its own


def test_v2_hashes_the_bytes_of_salt_and_key() -> None:
    assert hash_utf8("fuser-1") == 1431628768


def test_v3_hashes_a_shorthand_as_an_array_of_two_texts() -> None:
    assert cbor_pair("f", "user-1").hex() == "82616666757365722d31"
    assert hash_bytes(cbor_pair("f", "user-1")) == 3002499834


@pytest.mark.parametrize(
    ("length", "head"), [(0, "60"), (23, "77"), (24, "7818"), (255, "78ff"), (256, "790100"), (65_536, "7a00010000")]
)
def test_v3_hashes_one_text_with_its_length_in_front(length: int, head: str) -> None:
    text = "x" * length
    assert cbor_text(text) == bytes.fromhex(head) + text.encode()
    assert hash_cbor(text) == murmur3(bytes.fromhex(head) + text.encode())


def test_the_length_counts_bytes_and_not_letters() -> None:
    assert cbor_text("ü" * 12) == bytes.fromhex("7818") + ("ü" * 12).encode()


def test_the_generations_put_a_user_into_different_buckets() -> None:
    assert hash_for("flagd-v2")("fuser-1") != hash_for("flagd-v3")("fuser-1")


@pytest.mark.parametrize("generation", ["flagd-v2", "flagd-v3"])
def test_a_lone_surrogate_gets_a_bucket_and_raises_nothing(generation: str) -> None:
    hash_text = hash_for(generation)
    assert 0 <= hash_text("\ud800") < 2**32
    assert hash_text("\ud800") != hash_text("\ud801")


def test_the_bucket_is_the_hash_scaled_to_the_total() -> None:
    assert [bucket(hashed, 100) for hashed in (0, 2**31 - 1, 2**31, 2**32 - 1)] == [0, 49, 50, 99]


def test_a_share_ends_where_the_next_begins() -> None:
    assert [pick(number, (25, 0, 75)) for number in (0, 24, 25, 99)] == [0, 0, 2, 2]


def test_a_bucket_beyond_the_shares_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="100"):
        pick(100, (25, 75))


@pytest.mark.parametrize(
    ("percent", "shares"),
    [
        ((0, 100), (0, 1, 1)),
        ((0, 50), (0, 1, 2)),
        ((5, 50), (1, 10, 20)),
        ((0.5, 99.5), (1, 199, 200)),
        ((0.1, 100), (1, 1000, 1000)),
    ],
)
def test_the_ends_of_a_ramp_are_integer_shares(percent: tuple[float, float], shares: tuple[int, int, int]) -> None:
    assert ramp_shares(percent) == shares


def served(weights: dict[str, int], users: list[str]) -> list[str | None]:
    evaluator = Evaluator(registry(flag("exp-button", weights)))
    return [evaluator.evaluate("exp-button", {"targetingKey": user}).variant for user in users]


USERS = [f"user-{number}" for number in range(3000)]


def test_growing_the_first_weight_never_takes_a_user_out() -> None:
    random = Random(7)
    for _ in range(20):
        small = random.randint(0, 99)
        large = random.randint(small, 100)
        before = served({"enabled": small, "disabled": 100 - small}, USERS)
        after = served({"enabled": large, "disabled": 100 - large}, USERS)
        assert not [
            user for user, was, now in zip(USERS, before, after, strict=True) if (was, now) == ("enabled", "disabled")
        ]


def test_weights_are_relative() -> None:
    assert served({"enabled": 10, "disabled": 90}, USERS) == served({"enabled": 1, "disabled": 9}, USERS)


def test_a_weight_of_nothing_in_between_moves_nobody() -> None:
    variants = {"enabled": True, "spare": True, "disabled": False}
    with_spare = Evaluator(registry(flag("f", {"enabled": 10, "spare": 0, "disabled": 90}, variants=variants)))
    without = Evaluator(registry(flag("f", {"enabled": 10, "disabled": 90}, variants=variants)))
    contexts = [{"targetingKey": user} for user in USERS]
    assert [with_spare.evaluate("f", item).variant for item in contexts] == [
        without.evaluate("f", item).variant for item in contexts
    ]


def test_half_of_the_users_get_half_of_the_weight() -> None:
    assert 0.46 < served({"enabled": 50, "disabled": 50}, USERS).count("enabled") / len(USERS) < 0.54


def test_a_written_salt_keeps_users_where_they_are_when_a_flag_is_renamed() -> None:
    old = Evaluator(registry(flag("old-name", {"enabled": 50, "disabled": 50})))
    frozen = Evaluator(registry(flag("new-name", {"enabled": 50, "disabled": 50}, salt="old-name")))
    renamed = Evaluator(registry(flag("new-name", {"enabled": 50, "disabled": 50})))
    contexts = [{"targetingKey": user} for user in USERS]
    before = [old.boolean("old-name", item) for item in contexts]
    assert [frozen.boolean("new-name", item) for item in contexts] == before
    assert [renamed.boolean("new-name", item) for item in contexts] != before


def test_nobody_leaves_while_a_ramp_goes_up() -> None:
    now = [0.0]
    evaluator = Evaluator(registry(flag("f", ramp("enabled", (0, 100), 1000, 2000))), clock=lambda: now[0])
    inside: set[str] = set()
    sizes = []
    for now[0] in (0, 1000, 1250.9, 1500, 1999.9, 2000, 5000):
        served_now = {user for user in USERS if evaluator.boolean("f", {"targetingKey": user})}
        assert inside <= served_now
        inside = served_now
        sizes.append(len(inside) / len(USERS))
    assert sizes[:2] == [0, 0]
    assert sizes[-2:] == [1, 1]
    assert 0.2 < sizes[2] < 0.3
    assert 0.45 < sizes[3] < 0.55


def test_a_ramp_shares_its_users_with_a_split_of_the_same_flag() -> None:
    split = Evaluator(registry(flag("f", {"enabled": 50, "disabled": 50})))
    half_way = Evaluator(registry(flag("f", ramp("enabled", (0, 100), 1000, 2000))), clock=lambda: 1500)
    contexts = [{"targetingKey": user} for user in USERS]
    assert [split.boolean("f", item) for item in contexts] == [half_way.boolean("f", item) for item in contexts]
