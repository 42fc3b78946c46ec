"""Packages without an `__init__`: what a configuration names through one is found there."""

import pytest
from reference_kit.projects import CLIENT, check, search

from flaglint.refs.namespaces import namespaces

GATES = "class Gates:\n    def is_on(self, name): ...\ndef is_on(name): ...\n"
PAGE = (
    "from {package}.gates import Gates, is_on\n"
    "def f(gates: Gates):\n"
    "    return gates.is_on('menu'), is_on('cart')  # read: menu; read: cart\n"
)


@pytest.mark.parametrize(
    ("folder", "package"),
    [("shop/core/", "shop.core"), ("src/shop/core/", "shop.core"), ("shop/a/b/", "shop.a.b"), ("core/", "core")],
)
@pytest.mark.parametrize("is_marked", [True, False])
def test_a_function_is_found_through_packages_without_an_init(folder: str, package: str, *, is_marked: bool) -> None:
    calls = [{"function": f"{package}.gates.{name}", "key": {"position": 0}} for name in ("is_on", "Gates.is_on")]
    files = {f"{folder}gates.py": GATES, f"{folder}page.py": PAGE.format(package=package)}
    check(files | ({f"{folder}__init__.py": ""} if is_marked else {}), calls=calls)


def test_a_declaration_is_found_through_a_package_without_an_init() -> None:
    flags = "from enum import StrEnum\nclass Flags(StrEnum):\n    CART = 'cart'  # declaration: cart\n"
    files = {"shop/core/__init__.py": "", "shop/core/flags.py": flags}
    check(files, declarations=[{"enum": "shop.core.flags.Flags"}])


def test_a_folder_that_nothing_names_is_no_package() -> None:
    gates = f"{CLIENT}def on(key):\n    return client.get_boolean_value(key, False)\n"
    files = {"backend/shop/__init__.py": "", "backend/shop/gates.py": gates}
    (wrapper,) = search(files, calls=[{"function": "shop.gates.other", "key": {"position": 0}}]).wrappers
    assert wrapper.qualname == "shop.gates.on"


@pytest.mark.parametrize(
    ("names", "there", "expected"),
    [
        (["shop.core.gates.on"], ["shop/", "shop/core/gates.py"], {"shop/", "shop/core/"}),
        (["shop.core.gates.on"], ["shop/", "shop/core/gates.py", "shop/core/__init__.py"], {"shop/"}),
        (["shop.core.on"], ["shop/", "shop/core/__init__.py"], {"shop/"}),
        (["shop.core.on"], ["shop/", "shop/__init__.py", "shop/core.py"], set()),
        (["shop.core.on"], ["shop/"], set()),
        (["shop.core.on"], [], set()),
        (["shop.core.on"], ["src/shop/", "src/shop/core.py"], {"src/shop/"}),
    ],
)
def test_the_folders_on_the_way_to_a_module_are_packages(
    names: list[str], there: list[str], expected: set[str]
) -> None:
    assert namespaces(names, set(there).__contains__, ("src/", "")) == expected
