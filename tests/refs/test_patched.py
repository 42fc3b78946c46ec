"""Tests that stand a mock in for a flag object, or that get one from the parameters of the test."""

import pytest
from reference_kit.projects import check

TOGGLES = (
    "from edx_toggles.toggles import WaffleFlag\n"
    'CART = WaffleFlag("shop.cart", __name__)  # declaration: shop.cart\n'
    'TIN = WaffleFlag("shop.tin", __name__)  # declaration: shop.tin\n'
)
TESTING = "import pytest, ddt\nfrom unittest.mock import patch\nfrom shop.toggles import CART, TIN\n"


@pytest.mark.parametrize(
    "code",
    [
        '@patch("shop.toggles.CART")  # override: shop.cart\ndef test_a(cart): ...',
        (
            "def test_a():\n"
            '    with patch("shop.toggles.CART.is_enabled", return_value=True):  # override: shop.cart\n        pass'
        ),
        'def test_a():\n    with patch.object(TIN, "is_enabled"):  # override: shop.tin\n        pass',
        'def test_a():\n    with patch("shop.views.CART"), patch("shop.toggles.NOTHING"):\n        pass',
        'def test_a():\n    with patch.object(str, "upper"):\n        pass',
    ],
)
def test_a_mock_in_place_of_a_flag_object_is_an_override(code: str) -> None:
    check({"shop/__init__.py": "", "shop/toggles.py": TOGGLES, "tests/test_a.py": f"{TESTING}\n{code}\n"})


@pytest.mark.parametrize(
    "test",
    [
        '@pytest.mark.parametrize("flag", [CART, TIN])\ndef test_a(flag):',
        '@pytest.mark.parametrize("n, flag", [(1, CART), pytest.param(2, TIN, id="tin")])\ndef test_a(n, flag):',
        "@ddt.data(CART, TIN)\ndef test_a(flag):",
        "@ddt.data((CART, 1), (TIN, 2))\n@ddt.unpack\ndef test_a(flag, n):",
    ],
)
def test_the_parameters_of_a_test_are_what_its_decorators_pass(test: str) -> None:
    code = (
        "from edx_toggles.toggles.testutils import override_waffle_flag\n"
        f"{TESTING}\n{test}\n"
        "    with override_waffle_flag(flag, active=True):  # override: shop.cart|shop.tin\n        pass\n"
    )
    check({"shop/__init__.py": "", "shop/toggles.py": TOGGLES, "tests/test_a.py": code})
