"""Views that a base class shuts without a flag: the base class and its attribute go where the flag is on for good."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

REGISTRY = "version: 1\nflags:\n  cart: {}\n"
HEAD = "from django.views import View\nfrom waffle.mixins import WaffleFlagMixin, WaffleSwitchMixin\n\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            'class Cart(WaffleFlagMixin, View):\n    waffle_flag = "cart"\n    page = 1\n',
            "class Cart(View):\n    page = 1\n",
        ),
        ('class Cart(WaffleFlagMixin):\n    waffle_flag = "cart"\n', "class Cart:\n    pass\n"),
        (
            'class Cart(\n    WaffleFlagMixin,\n    View,\n):\n    """A cart."""\n\n    waffle_flag = "cart"\n',
            'class Cart(\n    View,\n):\n    """A cart."""\n',
        ),
    ],
)
def test_a_view_behind_a_flag_that_is_on_is_an_ordinary_view(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path, before: str, after: str
) -> None:
    write({"flags.yaml": REGISTRY, "views.py": HEAD + before})
    assert flaglint("remove", "cart", "--value", "true", "--write").code == 0
    assert (tmp_path / "views.py").read_text().rpartition("class")[2] == after.rpartition("class")[2]
    assert "WaffleFlag" not in (tmp_path / "views.py").read_text()


@pytest.mark.parametrize(
    ("view", "why"),
    [
        ('class Cart(WaffleFlagMixin, View):\n    waffle_flag = "!cart"\n', "`Cart` can never run again"),
        (
            'class Cart(WaffleFlagMixin):\n    waffle_flag = "cart"\n\n\nclass Basket(Cart):\n    waffle_flag = "b"\n',
            "it is not sure that `Cart` needs none of its base classes without `waffle_flag`",
        ),
        (
            'class Cart(WaffleFlagMixin, WaffleSwitchMixin):\n    waffle_flag = "cart"\n    waffle_switch = "basket"\n',
            "it is not sure that `Cart` needs none of its base classes without `waffle_flag`",
        ),
    ],
)
def test_a_base_class_that_is_asked_for_more_stays(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path, view: str, why: str
) -> None:
    write({"flags.yaml": REGISTRY, "views.py": HEAD + view})
    ran = flaglint("remove", "cart", "--value", "true", "--write")
    assert ran.code == 1
    assert why in ran.err
    assert (tmp_path / "views.py").read_text() == HEAD + view
