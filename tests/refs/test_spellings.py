"""What other languages make of a key."""

import pytest

from flaglint.refs.spellings import aliases_of, is_transformation, known_transformations


@pytest.mark.parametrize(
    ("key", "name", "alias"),
    [
        ("new-cart", "camelCase", "newCart"),
        ("new-cart", "PascalCase", "NewCart"),
        ("new-cart", "snake_case", "new_cart"),
        ("new-cart", "UPPER_SNAKE", "NEW_CART"),
        ("NEW_CART", "kebab-case", "new-cart"),
        ("NEW_CART", "camelCase", "newCart"),
        ("Qa_Updates", "camelCase", "qaUpdates"),
        ("qaUpdates", "UPPER_SNAKE", "QA_UPDATES"),
        ("HTTPServer", "snake_case", "http_server"),
        ("page-view-v2", "UPPER_SNAKE", "PAGE_VIEW_V2"),
        ("2fa-login", "snake_case", "2fa_login"),
        ("shop.cart.new", "camelCase", "shopCartNew"),
        ("new-cart", "dotted", "new.cart"),
        ("organizations:new-cart", "prefix-stripped", "new-cart"),
        ("course.new_outline", "prefix-stripped", "new_outline"),
        ("a:b:c", "prefix-stripped", "b:c"),
        ("release-new-cart", "prefix-stripped:release-", "new-cart"),
    ],
)
def test_a_key_is_spelled(key: str, name: str, alias: str) -> None:
    assert aliases_of(key, [name]) == {alias: name}


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("cart", "camelCase"),
        ("new-cart", "kebab-case"),
        ("new-cart", "prefix-stripped"),
        (":new-cart", "prefix-stripped"),
        ("organizations:", "prefix-stripped"),
        ("ops-new-cart", "prefix-stripped:release-"),
        ("release-", "prefix-stripped:release-"),
        ("--", "camelCase"),
    ],
)
def test_a_spelling_that_is_the_key_or_nothing_is_none(key: str, name: str) -> None:
    assert aliases_of(key, [name]) == {}


def test_each_transformation_is_known_by_its_name() -> None:
    assert all(is_transformation(name) for name in known_transformations())
    assert is_transformation("prefix-stripped:release-")
    assert not any(is_transformation(name) for name in ("camelcase", "prefix-stripped:", "", None, 1))
