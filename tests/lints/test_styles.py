"""The style guide of names: what it has against a key, and the names that are proposed instead."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaglint.config import NAME_STYLES, VENDORS, Naming
from flaglint.lints.nearest import folded
from flaglint.lints.styles import (
    STYLES,
    VENDOR_LIMITS,
    complaints,
    negation_of,
    passes,
    proposal,
    style_of,
    vague_words,
)


@pytest.mark.parametrize(
    ("style", "good", "bad"),
    [
        ("kebab-case", ["new-cart", "cart", "cart-2"], ["newCart", "new_cart", "new--cart", "-cart", "Cart", "a.b"]),
        ("snake_case", ["new_cart", "cart2"], ["new-cart", "new__cart", "NEW_CART", "newCart"]),
        ("camelCase", ["newCart", "cart", "cartV2"], ["NewCart", "new-cart", "new_cart"]),
        ("PascalCase", ["NewCart", "Cart"], ["newCart", "New-Cart", "New_Cart"]),
        ("UPPER_SNAKE", ["NEW_CART", "CART2"], ["New_Cart", "NEW-CART", "NEW__CART"]),
        ("dotted", ["shop.new-cart", "a.b.c", "shop.new_cart"], ["cart", "shop.", ".cart", "Shop.cart", "shop..cart"]),
        ("colon-separated", ["organizations:new-cart", "a:b:c"], ["cart", "a.b", "a:", "A:b"]),
    ],
)
def test_a_style_accepts_its_own_and_nothing_else(style: str, good: list[str], bad: list[str]) -> None:
    naming = Naming(style=style)
    assert [key for key in good if any(complaints(key, naming))] == []
    assert [key for key in bad if not any(complaints(key, naming))] == []


def test_every_style_and_vendor_of_the_configuration_is_known() -> None:
    assert set(STYLES) == set(NAME_STYLES)
    assert set(VENDOR_LIMITS) == set(VENDORS)


@pytest.mark.parametrize(
    ("naming", "key", "said"),
    [
        (Naming(), "anything Goes_here.ok", []),
        (Naming(), " cart", ["begins or ends with a space"]),
        (Naming(), "ca\u200brt", ["holds a character that cannot be seen"]),
        (Naming(style="kebab-case"), "newCart", ["is not kebab-case"]),
        (Naming(pattern=r"[a-z]+\.\d+", example="cart.12"), "cart", [r"does not match `[a-z]+\.\d+`"]),
        (Naming(pattern=r"[a-z]+\.\d+", example="cart.12"), "cart.7", []),
        (Naming(max_length=5), "carts-x", ["has 7 characters; 5 are allowed"]),
        (Naming(min_words=2), "cart", ["has 1 word; 2 are wanted"]),
        (Naming(min_words=2), "newCart", []),
        (Naming(forbidden_words=("Beta",)), "cart-beta", ["has the word `beta`, which is not to be used"]),
        (Naming(forbidden_words=("beta",)), "alphabetic", []),
        (Naming(), "new-test-flag", []),
        (Naming(style="snake_case", max_length=3), "newCart", ["is not snake_case", "has 7 characters; 3 are allowed"]),
    ],
)
def test_says_all_that_is_wrong_with_a_key(naming: Naming, key: str, said: list[str]) -> None:
    assert list(complaints(key, naming)) == said


@pytest.mark.parametrize(
    ("vendor", "good", "bad"),
    [
        ("appconfig", "aB-3_c", "Cart"),
        ("datadog", "k" * 64, "k" * 65),
        ("featurevisor", "checkout/new.cart", "cart:new"),
        ("flagsmith", "any name", "k" * 2001),
        ("flipt", "cart,new", "cart.new"),
        ("gitlab", "new_cart-2", "newCart"),
        ("growthbook", "a.b:c|d", "a/b"),
        ("launchdarkly", "cart.new_2-x", "_cart"),
        ("launchdarkly", "k" * 256, "k" * 257),
        ("optimizely", "new_cart", "new-cart"),
        ("posthog", "new-cart_2", "new.cart"),
        ("unleash", "a.b-c_d~e", "a/b"),
        ("unleash", "k" * 100, "k" * 101),
        ("waffle", "any name", "k" * 101),
    ],
)
def test_a_vendor_takes_some_keys_and_not_others(vendor: str, good: str, bad: str) -> None:
    naming = Naming(vendor=(vendor,))
    assert not any(complaints(good, naming))
    assert any(VENDOR_LIMITS[vendor].shown in said for said in complaints(bad, naming))


PREFIXES = {"release": "release-", "experiment": "exp-"}


@pytest.mark.parametrize(
    ("key", "naming", "more", "proposed"),
    [
        ("newCart", Naming(style="kebab-case"), {}, "new-cart"),
        ("HTTPTimeout", Naming(style="snake_case"), {}, "http_timeout"),
        ("new-cart", Naming(style="camelCase"), {}, "newCart"),
        ("new-cart", Naming(style="UPPER_SNAKE"), {}, "NEW_CART"),
        ("new_cart", Naming(style="PascalCase"), {}, "NewCart"),
        ("shop_new_cart", Naming(style="dotted"), {}, "shop.new_cart"),
        ("shop/newCart", Naming(style="colon-separated"), {}, "shop:new-cart"),
        ("Größe ändern", Naming(style="kebab-case"), {}, "groe-andern"),
        ("newCart", Naming(style="kebab-case", prefixes=PREFIXES), {"kind": "release"}, "release-new-cart"),
        ("exp-cart", Naming(prefixes=PREFIXES), {"kind": "release"}, "release-cart"),
        ("newCart", Naming(style="camelCase", prefixes={"release": "release"}), {"kind": "release"}, "releaseNewCart"),
        ("a-very-long-name", Naming(max_length=8), {}, "a-very"),
        ("release_New_Cart", Naming(style="kebab-case", prefixes=PREFIXES), {"kind": "release"}, "release-new-cart"),
        (
            "release-release_notes",
            Naming(style="kebab-case", prefixes=PREFIXES),
            {"kind": "release"},
            "release-release-notes",
        ),
        ("cart", Naming(min_words=3, style="kebab-case"), {"more": "One-page checkout"}, "cart-one-page"),
        ("cart", Naming(min_words=3, style="kebab-case"), {}, ""),
        ("new.cart", Naming(vendor=("posthog",)), {}, ""),
        ("new.cart", Naming(vendor=("posthog",), style="kebab-case"), {}, "new-cart"),
        ("newCart", Naming(style="kebab-case"), {"taken": {"newcart"}}, ""),
        ("new-cart-flag", Naming(), {"drop": ["new", "flag"]}, "cart"),
        ("release_beta_flag", Naming(), {"drop": ["beta", "flag"]}, ""),
        ("disable-search", Naming(), {}, "search"),
        ("beta-cart", Naming(forbidden_words=("beta",)), {}, "cart"),
        ("cart", Naming(pattern=r"team\.\w+", example="team.cart"), {}, ""),
        ("日本", Naming(style="kebab-case"), {}, ""),
    ],
)
def test_proposes_a_name_that_would_pass(key: str, naming: Naming, more: dict, proposed: str) -> None:
    assert proposal(key, naming, **more) == proposed


NAMINGS = st.builds(
    Naming,
    style=st.sampled_from(["", *NAME_STYLES]),
    max_length=st.sampled_from([0, 12, 30]),
    min_words=st.integers(0, 2),
    vendor=st.lists(st.sampled_from(VENDORS), max_size=2).map(tuple),
    prefixes=st.sampled_from([{}, PREFIXES, {"release": "release."}, {"release": "rel_"}]),
)


@given(st.text(st.sampled_from("abcXYZ-_. :/1é"), min_size=1, max_size=20), NAMINGS, st.sampled_from(["", "release"]))
def test_what_is_proposed_passes_the_whole_style_guide(key: str, naming: Naming, kind: str) -> None:
    taken = {folded("a"), folded("b")} - {folded(key)}
    name = proposal(key, naming, kind=kind, taken=taken, more="One page for carts")
    if name:
        assert passes(name, naming, kind)
        assert name != key
        assert folded(name) not in taken


@pytest.mark.parametrize(
    ("key", "word"),
    [
        ("disable-search", "disable"),
        ("DISABLE_SEARCH", "disable"),
        ("disableSearch", "disable"),
        ("no-search", "no"),
        ("release-no-search", "no"),
        ("shop.no_search", "no"),
        ("organizations:disable-search", "disable"),
        ("node-search", ""),
        ("nothing-new", ""),
        ("search-no-more", ""),
        ("disable", ""),
        ("disabler", ""),
    ],
)
def test_finds_a_negation_at_the_beginning(key: str, word: str) -> None:
    assert negation_of(key, Naming(prefixes=PREFIXES)) == word


def test_the_words_that_negate_can_be_chosen() -> None:
    assert negation_of("hide-search", Naming(negation=("hide",))) == "hide"
    assert negation_of("disable-search", Naming(negation=())) == ""


def test_finds_words_that_say_nothing() -> None:
    assert vague_words("new-cart-v2-beta-flag") == ["new", "v2", "beta", "flag"]
    assert vague_words("newspaper-renewal-testimony") == []


def test_names_the_style_of_a_key() -> None:
    assert [style_of(key) for key in ("a-b", "a_b", "aB", "AB", "A_B", "a.b", "a:b", "A-b")] == [
        "kebab-case",
        "snake_case",
        "camelCase",
        "PascalCase",
        "UPPER_SNAKE",
        "dotted",
        "colon-separated",
        "",
    ]


def test_styles_do_not_take_long_over_a_hostile_key() -> None:
    key = "a-" * 5000 + "!"
    assert all(not re.fullmatch(shape, key) for shape in STYLES.values())
