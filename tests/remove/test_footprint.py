"""What a plan looked at tells which files may change without another plan."""

from __future__ import annotations

import json

import pytest

from flaglint.remove.footprint import Footprint

LOOKED_AT = Footprint(
    words={"checkout"},
    names={"rounded", "Basket"},
    modules={("cart", ""), ("shop", "web/shop/")},
    read={"cart.py"},
)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("other.py", ""),
        ("other.py", "import cart\n"),
        ("other.py", "rounded = Basket = 1\n"),
        ("other.py", "from baskets import total\n\nprint(total.rounded)\n"),
        ("other.py", "# carts are rounded\n"),
        ("web/shop/other.py", "total = 1\n"),
    ],
)
def test_a_plan_stands_whatever_stands_in_a_file_that_it_would_pass_over(path: str, text: str) -> None:
    assert LOOKED_AT.bears({path: text.encode(), "more.py": b"size = 1\n"})


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("cart.py", ""),
        ("other.py", "def checkout(): ...\n"),
        ("other.py", "from cart import rounded\n"),
        ("other.py", "from shop.cart import (\n    total,\n    rounded,\n)\n"),
        ("other.py", "import shop.cart\n\nprint(shop.cart.rounded)\n"),
        ("other.py", "print(page.cart.rounded)\n"),
        ("other.py", "NAMES = ['cart:rounded']\n"),
        ("other.py", 'mock.patch("web.rounded")\n'),
        ("other.py", "class Large(web.Basket): ...\n"),
        ("other.py", "from anything import *\n"),
        ("web/shop/other.py", "rounded = 1\n"),
    ],
    ids=[
        "it was read",
        "a word that matters anywhere",
        "imported",
        "imported over several lines",
        "an attribute of what is imported",
        "spelled beside the name of its module",
        "spelled for a tool",
        "before a quote",
        "a base class",
        "a star import",
        "in the package that defines it",
    ],
)
def test_a_plan_is_made_anew_for_a_file_that_it_would_read(path: str, text: str) -> None:
    assert not LOOKED_AT.bears({"more.py": b"size = 1\n", path: text.encode()})


def test_what_was_looked_at_is_written_down_whole() -> None:
    again = Footprint.of(json.loads(json.dumps(LOOKED_AT.written())))
    assert again.written() == LOOKED_AT.written()
    other = Footprint({"a"}, {"b"}, {("c", "")}, {"d.py"})
    again.add(other)
    assert again.written() == [
        ["a", "checkout"],
        ["Basket", "b", "rounded"],
        [["c", ""], ["cart", ""], ["shop", "web/shop/"]],
        ["cart.py", "d.py"],
    ]


@pytest.mark.parametrize("data", [None, [], [[], [], []], [1, [], [], []], [[], [], [["a"]], []]])
def test_what_is_no_footprint_is_refused(data: object) -> None:
    with pytest.raises((TypeError, ValueError)):
        Footprint.of(data)
