"""What a class inherits, what a subclass gives its base, and what members of an enumeration do for each other."""

import pytest
from reference_kit.projects import CLIENT, check, search, spelled

BASE = (
    "from abc import ABC\n"
    "from typing import Generic, Protocol, TypeVar\n"
    "T = TypeVar('T')\n"
    "class Page({bases}):\n"
    "    flag: str\n"
    "    def show(self):\n"
    "        return client.get_boolean_value(self.flag, False)\n"
    "class Plain(Page):\n"
    "    flag = 'cart'\n"
    "class Special({special}):\n"
    "    flag = 'menu'\n"
)


@pytest.mark.parametrize(
    ("bases", "special"),
    [
        ("Generic[T]", "Page[int]"),
        ("ABC, Generic[T]", "Page['Order']"),
        ("Protocol[T]", "Page[dict[str, int]]"),
        ("ABC", "Page"),
        ("Protocol", "Page"),
    ],
)
def test_a_base_with_type_arguments_is_the_class_itself(bases: str, special: str) -> None:
    code = CLIENT + BASE.format(bases=bases, special=special)
    (found,) = (item for item in search({"shop.py": code}).references if item.kind == "read")
    assert spelled(found) == "cart|menu"


def test_an_element_of_something_else_is_no_base() -> None:
    code = CLIENT + BASE.format(bases="object", special="PAGES[0]") + "PAGES = [Other]\n"
    (found,) = (item for item in search({"shop.py": code}).references if item.kind == "read")
    assert spelled(found) == "cart"


@pytest.mark.parametrize("mixin", ["WaffleFlagMixin", "Gated[int]"])
def test_a_mixin_of_an_sdk_reads_what_a_class_below_one_with_type_arguments_sets(mixin: str) -> None:
    check(
        {
            "shop.py": "from waffle.mixins import WaffleFlagMixin\nfrom typing import Generic, TypeVar\n"
            "class Gated(WaffleFlagMixin, Generic[TypeVar('T')]):\n    pass\n"
            f"class Cart({mixin}):\n    waffle_flag = 'cart'  # read: cart\n"
        }
    )


@pytest.mark.parametrize(
    ("base", "sub", "expected"),
    [
        ("flag = ''", "flag = 'cart'", [("cart", True)]),
        ("flag = ''", "pass", [("?", False)]),
        ("flag = 'menu'", "flag = 'cart'", [("cart|menu", False)]),
    ],
)
def test_an_empty_text_that_holds_the_place_of_a_key_is_none(
    base: str, sub: str, expected: list[tuple[str, bool]]
) -> None:
    show = "def show(self):\n        return client.get_boolean_value(self.flag, False)"
    code = f"{CLIENT}class Page:\n    {base}\n    {show}\nclass Cart(Page):\n    {sub}\n"
    found = [item for item in search({"shop.py": code}).references if item.kind == "read"]
    assert [(spelled(item), "open-key" in item.traits) for item in found] == expected


def test_an_empty_key_that_a_read_spells_is_shown() -> None:
    (found,) = search({"shop.py": f"{CLIENT}client.get_boolean_value('', False)\n"}).references
    assert spelled(found) == ""


ROWS = (
    "from enum import Enum\n"
    "from typing import NamedTuple\n"
    "class Row(NamedTuple):\n    name: str\n    default: bool = False\n"
    "class Switch(Enum):\n"
    "    def value_of(self):\n        return client.get_boolean_value(self.value.name.lower(), self.value.default)\n"
    "    def on(self):\n        return self.value_of() is True\n"
    "    @property\n    def off(self):\n        return not self.on()\n"
    "class F(Switch):\n    CART = Row('CART')\n    MENU = Row('MENU', True)\n"
)


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("F.CART.on()", "cart"),
        ("F.MENU.off", "menu"),
        ("F.MENU.value_of()", "menu"),
        ("F.CART.name", ""),
        ("F.CART.other()", ""),
    ],
)
def test_members_ask_through_methods_that_their_enumeration_inherits(asked: str, expected: str) -> None:
    found = search({"shop.py": CLIENT + ROWS, "shop_page.py": f"from shop import F\n{asked}\n"}).references
    assert [spelled(item) for item in found if item.span.path == "shop_page.py"] == [expected] * bool(expected)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("self.on(f'{self.flag}-visible')", "cart-visible|menu-visible"),
        ("self.on('x-' + self.flag.upper())", "x-CART|x-MENU"),
        ("self.on(self.key())\n    def key(self):\n        return self.flag + '-1'", "cart-1|menu-1"),
        ("self.on(self.key())\n    @classmethod\n    def key(cls):\n        return cls.flag + '-1'", "cart-1|menu-1"),
        ("[self.on(f'{self.flag}-{i}') for i in 'a']", "cart-*"),
        ("(lambda: self.on(f'{self.flag}-1'))()", "cart-1|menu-1"),
        ("self.on('tin')", "tin"),
    ],
)
def test_a_key_that_is_made_of_what_subclasses_set_is_one_for_each(body: str, expected: str) -> None:
    on = "def on(self, key):\n        return client.get_boolean_value(key, False)"
    page = f"class Page:\n    flag = 'cart'\n    {on}\n    def show(self):\n        return {body}\n"
    files = {"shop.py": CLIENT + page, "menu.py": "from shop import Page\nclass Menu(Page):\n    flag = 'menu'\n"}
    assert expected in [spelled(item) for item in search(files).references if item.kind == "read"]


@pytest.mark.parametrize(
    ("menu", "expected"),
    [
        ("class Menu(Page):\n    flag = 'menu'\n", [("cart-1|menu-1", False)]),
        ("class Menu(Page):\n    flag = name()\n", [("cart-1", True)]),
        ("class Menu:\n    flag = 'menu'\n", [("cart-1", False)]),
    ],
)
def test_what_is_annotated_with_a_class_may_be_of_a_subclass(menu: str, expected: list[tuple[str, bool]]) -> None:
    page = "class Page:\n    flag = 'cart'\ndef show(page: Page):\n"
    page += "    return client.get_boolean_value(f'{page.flag}-1', False)\n"
    files = {"shop.py": CLIENT + page, "menu.py": f"from shop import Page\n{menu}"}
    found = [item for item in search(files).references if item.kind == "read"]
    assert [(spelled(item), "open-key" in item.traits) for item in found] == expected


FEATURES = (
    "class Feature:\n    flag = None\n    level = 0\n"
    "    def is_on(self, **given):\n        {body}\n"
    "class Cart(Feature):\n    flag = 'cart'\n"
    "class Menu(Feature):\n    flag = 'menu'\n"
    "cart_feature, menu_feature = Cart(), Menu()\n"
)


@pytest.mark.parametrize(
    "body",
    [
        "return client.get_boolean_value(self.flag, False)",
        "return not client.get_boolean_value(self.flag, False)",
        "return self.level > 3 or client.get_boolean_value(self.flag, False)",
        "on = client.get_boolean_value(self.flag, False)\n        print(given)\n        return on",
    ],
)
def test_a_method_that_gives_back_a_read_of_its_object_is_one_of_that_object_where_it_is_called(body: str) -> None:
    page = "from features import Feature, cart_feature, menu_feature\n"
    page += "def f(request):\n    if cart_feature.is_on(request=request):\n        return menu_feature.is_on()\n"
    page += "def g(feature: Feature):\n    return feature.is_on()\n"
    found = search({"features.py": CLIENT + FEATURES.format(body=body), "page.py": page}).references
    read = [(item.span.path, item.span.start.line, spelled(item)) for item in found if item.kind == "read"]
    assert [item for item in read if item[0] == "page.py"] == [
        ("page.py", 3, "cart"),
        ("page.py", 4, "menu"),
        ("page.py", 6, "cart|menu"),
    ]
    assert [item[2] for item in read if item[0] == "features.py"] == ["cart|menu"]


def test_a_method_that_only_acts_by_what_it_reads_is_no_read_where_it_is_called() -> None:
    body = "if client.get_boolean_value(self.flag, False):\n            print(given)"
    page = "from features import cart_feature\ncart_feature.is_on()\n"
    found = search({"features.py": CLIENT + FEATURES.format(body=body), "page.py": page}).references
    assert {item.span.path for item in found if item.kind == "read"} == {"features.py"}


def test_what_a_class_of_a_test_sets_is_no_key_of_the_product_but_one_of_the_test() -> None:
    test = "from features import Feature\nclass Fake(Feature):\n    flag = 'fake'\n"
    test += "def test_it():\n    assert Fake().is_on()\n"
    body = "return client.get_boolean_value(self.flag, False)"
    found = search({"features.py": CLIENT + FEATURES.format(body=body), "tests/test_features.py": test}).references
    read = [(item.span.path, spelled(item)) for item in found if item.kind == "read"]
    assert read == [("features.py", "cart|menu"), ("tests/test_features.py", "fake")]


CLASS_METHODS = (
    "class Base:\n    {flag}\n"
    "    @classmethod\n    def is_on(cls):\n        return cls.asked()\n"
    "    @classmethod\n    def asked(cls):\n        return client.get_boolean_value(cls.flag, False)\n"
    "class Cart(Base):\n    flag = 'cart'\n"
)


@pytest.mark.parametrize(
    ("flag", "inner"), [("flag = None", "cart|menu"), ("pass", "cart|menu"), ("flag = 'all'", "all|cart|menu")]
)
def test_a_class_method_reads_what_the_class_sets_that_it_is_called_on(flag: str, inner: str) -> None:
    files = {
        "base.py": CLIENT + CLASS_METHODS.format(flag=flag),
        "menu.py": "from base import Base\nclass Menu(Base):\n    flag = 'menu'\n",
        "page.py": "from base import Cart\nfrom menu import Menu\nCart.is_on()\nMenu.is_on()\nCart().asked()\n",
    }
    found = [item for item in search(files).references if item.kind == "read"]
    assert [spelled(item) for item in found if item.span.path == "page.py"] == ["cart", "menu", "cart"]
    assert {spelled(item) for item in found if item.span.path == "base.py"} == {inner}


def test_a_class_that_is_named_sets_what_it_sets_and_no_subclass_does() -> None:
    page = "class Base:\n    flag = None\nclass Cart(Base):\n    flag = 'cart'\n"
    page += "client.get_boolean_value(Base.flag, False)\n"
    assert [spelled(item) for item in search({"shop.py": CLIENT + page}).references] == ["?"]


def test_a_wrapper_of_a_fixed_key_has_that_of_the_subclass_that_it_is_called_on() -> None:
    page = "class Page:\n    flag = 'all'\n"
    page += "    def is_on(self):\n        return client.get_boolean_value(self.flag + '-on', False)\n"
    page += "class Cart(Page):\n    flag = 'cart'\nclass Menu(Page): ...\nclass Small(Cart):\n    flag = 'small'\n"
    asked = "from shop import Cart, Menu, Page\nCart().is_on()\nMenu().is_on()\nPage().is_on()\n"
    asked += "def of(cart: Cart):\n    return cart.is_on()\n"
    found = search({"shop.py": CLIENT + page, "asked.py": asked}).references
    read = [(spelled(item), "open-key" in item.traits) for item in found if item.span.path == "asked.py"]
    assert read == [("cart-on", False), ("all-on", False), ("all-on", True), ("cart-on|small-on", False)]
