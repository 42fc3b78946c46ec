"""A key that other code may set is no sure one: whatever sets it, wherever that stands, and nothing else."""

import pytest
from reference_kit.projects import CLIENT, search, spelled

from flaglint.refs.stores import Sought, places

PAGE = """class Page:
    flag = 'cart'
    def show(self):
        return client.get_boolean_value({read}, False)
"""
SURE, SEVERAL, OPEN = ("cart", False), ("cart|menu", False), ("cart", True)


def key_of(files: dict[str, str], **settings: object) -> tuple[str, bool]:
    """Return the key of the only read, and whether it may be another one that nobody can tell."""
    (found,) = (item for item in search(files, **settings).references if item.kind == "read")
    return spelled(found), "open-key" in found.traits


def key_of_page(setting: str, *, read: str = "self.flag", path: str = "admin.py") -> tuple[str, bool]:
    """Return the key of a read of a class beside which other code stands."""
    return key_of({"shop.py": CLIENT + PAGE.format(read=read), path: f"from shop import Page\n{setting}\n"})


@pytest.mark.parametrize(
    "setting",
    [
        "Page.flag = 'menu'",
        "page = Page()\npage.flag = 'menu'",
        "def turn(page):\n    page.flag = 'menu'",
        "setattr(Page, 'flag', 'menu')",
        "object.__setattr__(Page(), 'flag', 'menu')",
        "Page().__setattr__('flag', 'menu')",
        "vars(Page())['flag'] = 'menu'",
        "Page().__dict__['flag'] = 'menu'",
        "Page().__dict__.update(flag='menu')",
        "vars(Page()).update({'flag': 'menu'})",
        "for name, key in {'flag': 'menu'}.items():\n    setattr(Page, name, key)",
        "other = Page.flag = 'menu'",
        "Page.flag: str = 'menu'",
        "Page.flag, other = 'menu', 1",
        "class Other(Page):\n    def __init__(self):\n        self.flag = 'menu'",
        "class Other(Page):\n    @classmethod\n    def turn(cls):\n        cls.flag = 'menu'",
        "Other = type('Other', (Page,), {'flag': 'menu'})",
        "def turned(cls):\n    cls.flag = 'menu'\n    return cls",
        "import copy\ncopy.copy(Page()).flag = 'menu'",
    ],
)
def test_what_any_code_sets_an_attribute_to_is_a_key_of_its_reads(setting: str) -> None:
    assert key_of_page(setting) == SEVERAL


@pytest.mark.parametrize(
    "setting",
    [
        "Page.flag = input()",
        "Page.flag += '-old'",
        "for Page.flag in input():\n    pass",
        "with open('x') as Page.flag:\n    pass",
        "class Other(Page):\n    flag = input()",
        "class Other(Page):\n    flag=input()",
        "class Other(Page):\n    def __init__(self, flag):\n        self.flag = flag",
        "class Other(Page):\n    def __init__(self, **given):\n        self.__dict__.update(given)",
        "def turn(page: Page, name: str):\n    setattr(page, name, 'menu')",
        "import types\nOther = types.new_class('Other', (Page,), {}, print)",
        "class Other(Page):\n    def __init__(self, **given):\n        self.__dict__ = given",
        "class Other(Page):\n    def __getattribute__(self, name):\n        return input()",
        "class Other(Page):\n    def __setattr__(self, name, value):\n        super().__setattr__('flag', value)",
    ],
)
def test_a_key_that_may_be_set_to_anything_is_open(setting: str) -> None:
    assert key_of_page(setting) == OPEN


@pytest.mark.parametrize(
    "setting",
    [
        "print(Page.flag, Page.flag == 'menu', flag='menu')",
        "Page.flag = 'cart'",
        "Page.flags = Page.flag_of = 'menu'",
        "class Menu:\n    def __init__(self):\n        self.flag = 'menu'",
        "class Menu:\n    flag = 'menu'\nMenu.flag = Menu().flag = 'menu'",
        "import threading\nthreading.Thread().flag = 'menu'",
        "flag = 'menu'\ndef f(flag='menu'):\n    flag = 'menu'",
        "setattr(threading, 'flag', 'menu')\nimport threading",
        "def turn(page, name):\n    setattr(page, name, 'menu')",
        "Page.show.flag = 'menu'",
        "# page.flag = 'menu'",
    ],
)
def test_a_key_that_nothing_else_sets_stays_sure(setting: str) -> None:
    assert key_of_page(setting) == SURE


UPDATE = "def update(it, **given):\n    for name, key in given.items():\n        setattr(it, name, key)\n"


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("update(Page(), flag='menu')", SEVERAL),
        ("update(it=Page, flag='menu')", SEVERAL),
        ("update(Page(), **input())", OPEN),
        ("def turn(page: Page):\n    update(page, **input())", OPEN),
        ("update(Page(), size=1)", SURE),
        ("update(Page(), flag='cart')", SURE),
        ("update(input(), flag='menu')", SURE),
        ("class Menu:\n    pass\nupdate(Menu(), flag='menu')", SURE),
        ("print(update, Page)", SURE),
    ],
)
@pytest.mark.parametrize("body", [UPDATE, "def update(it, **given):\n    it.__dict__.update(given)\n"])
def test_a_function_that_sets_what_it_is_given_sets_it_for_its_callers(
    call: str, expected: tuple[str, bool], body: str
) -> None:
    page = CLIENT + PAGE.format(read="self.flag")
    assert key_of({"shop.py": page, "admin.py": f"from shop import Page\n{body}{call}\n"}) == expected
    apart = {"shop.py": page + body, "admin.py": f"from shop import Page, update\n{call}\n"}
    assert key_of(apart) == expected


def test_what_a_test_sets_is_no_key_of_the_product() -> None:
    test = "def test_it(monkeypatch):\n    monkeypatch.setattr(Page, 'flag', 'menu')\n"
    assert key_of_page(test, path="tests/test_shop.py") == SURE


@pytest.mark.parametrize(
    "body",
    [
        "[client.get_boolean_value(f, False) for f in [self.flag]]",
        "[client.get_boolean_value(f, False) for f in (self.flag,)]",
        "[client.get_boolean_value(f, False) for f in {'a': self.flag}.values()]",
        "[client.get_boolean_value(f, False) for _, f in enumerate([self.flag])]",
        "any(client.get_boolean_value(f, False) for f in sorted([self.flag]))",
        "client.get_boolean_value(*[self.flag], False)",
        "(lambda key: client.get_boolean_value(key, False))(self.flag)",
        "client.get_boolean_value(self.key(), False)\n    def key(self):\n        return self.flag",
    ],
)
@pytest.mark.parametrize(("tail", "expected"), [("class Other(Page):\n    flag = 'menu'\n", SEVERAL), ("", SURE)])
def test_a_key_on_its_way_from_an_attribute_is_that_of_subclasses(
    body: str, tail: str, expected: tuple[str, bool]
) -> None:
    code = CLIENT + "class Page:\n    flag = 'cart'\n    def show(self):\n        return " + body + "\n" + tail
    found = {(spelled(item), "open-key" in item.traits) for item in search({"shop.py": code}).references}
    assert found == {expected}


@pytest.mark.parametrize("kind", ["['cart']", "{'a': 'cart'}"])
def test_a_key_in_a_list_that_subclasses_have_of_their_own_is_open(kind: str) -> None:
    index = "0" if kind.startswith("[") else "'a'"
    shop = CLIENT + PAGE.format(read=f"self.flags[{index}]").replace("flag = 'cart'", f"flags = {kind}")
    other = "from shop import Page\nclass Other(Page):\n    flags = " + kind.replace("cart", "menu")
    assert key_of({"shop.py": shop, "other.py": other}) == OPEN
    assert key_of({"shop.py": shop, "other.py": "from shop import Page\nprint(Page.flags)"}) == SURE


MODULE = {
    "keys.py": "KEY = 'cart'\nKEYS = ['cart']\nBY_NAME = {'a': 'cart'}\n",
    "shop.py": CLIENT + "import keys\ndef show():\n    return client.get_boolean_value(keys.{name}, False)\n",
}


def key_of_module(name: str, setting: str) -> tuple[str, bool]:
    shop = MODULE["shop.py"].format(name=name)
    return key_of({**MODULE, "shop.py": shop, "admin.py": f"import keys\n{setting}\n"})


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("keys.KEY = 'menu'", SEVERAL),
        ("import keys as names\nnames.KEY = 'menu'", SEVERAL),
        ("setattr(keys, 'KEY', 'menu')", SEVERAL),
        ("vars(keys)['KEY'] = 'menu'", SEVERAL),
        ("import sys\nsys.modules['keys'].KEY = 'menu'", SEVERAL),
        ("import importlib\nimportlib.import_module('keys').KEY = 'menu'", SEVERAL),
        ("keys.KEY += '-old'", OPEN),
        ("for name in input():\n    setattr(keys, name, 'menu')", OPEN),
        ("print(keys.KEY)", SURE),
        ("KEY = 'menu'\ndef f(KEY='menu'):\n    pass\nf(KEY='menu')", SURE),
        ("class Other:\n    KEY = 'menu'\nOther.KEY = 'menu'", SURE),
        ("from keys import KEY\nKEY = 'menu'", SURE),
    ],
)
def test_a_constant_of_a_module_may_be_set_by_another(setting: str, expected: tuple[str, bool]) -> None:
    assert key_of_module("KEY", setting) == expected


@pytest.mark.parametrize(
    ("turn", "expected"),
    [
        ("def turn():\n    globals()['KEY'] = 'menu'\n", SEVERAL),
        ("def turn():\n    globals().update(KEY='menu')\n", SEVERAL),
        ("def turn(name):\n    globals()[name] = 'menu'\n", OPEN),
        ("def turn():\n    return globals()['KEY']\n", SURE),
        ("def turn():\n    global KEY\n    KEY = 'menu'\n", SEVERAL),
    ],
)
def test_a_module_may_set_its_own_constant_later(turn: str, expected: tuple[str, bool]) -> None:
    shop = MODULE["shop.py"].format(name="KEY")
    assert key_of({"keys.py": MODULE["keys.py"] + turn, "shop.py": shop}) == expected


@pytest.mark.parametrize("name", ["KEYS[0]", "BY_NAME['a']"])
@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("keys.{bare}.clear()", OPEN),
        ("from keys import {bare}\n{bare}[input()] = 'menu'", OPEN),
        ("from keys import {bare} as them\nprint(them)\nkeys.{bare}.update(input())", OPEN),
        ("del keys.{bare}[0]", OPEN),
        ("keys.{bare}[0] += 'x'", OPEN),
        ("print(keys.{bare}, len(keys.{bare}), keys.{bare}[0] == 'menu')", SURE),
        ("{bare} = []\n{bare}.clear()", SURE),
        ("def f({bare}):\n    {bare}.clear()", SURE),
    ],
)
def test_a_list_or_dictionary_may_be_changed_by_another_module(
    name: str, setting: str, expected: tuple[str, bool]
) -> None:
    assert key_of_module(name, setting.format(bare=name.partition("[")[0])) == expected


GATE = "class Gate:\n    def __init__(self, key):\n        self.key = key\n\n\ngate = Gate('cart')\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("gate.key = 'menu'\n", SEVERAL),
        ("def turn():\n    gate.key = 'menu'\n", SEVERAL),
        ("def turn():\n    global gate\n    gate = Gate('menu')\n", SEVERAL),
        ("other = Gate('menu')\n", SURE),
        ("print(gate.key)\n", SURE),
        ("def turn():\n    gate = Gate('menu')\n    return gate\n", SURE),
    ],
)
def test_an_object_that_holds_a_key_may_get_another(code: str, expected: tuple[str, bool]) -> None:
    read = "def show():\n    return client.get_boolean_value(gate.key, False)\n"
    assert key_of({"shop.py": CLIENT + GATE + code + read}) == expected


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("def rename(user):\n    user.key = 'menu'\n", SURE),
        ("from shop import Gate\ndef rename(gate):\n    gate.key = 'menu'\n", SEVERAL),
        ("from shop import gate\ndef rename():\n    gate.key = 'menu'\n", SEVERAL),
    ],
)
def test_what_is_set_by_a_name_that_any_object_has_counts_where_the_class_is_named(
    other: str, expected: tuple[str, bool]
) -> None:
    read = "def show():\n    return client.get_boolean_value(gate.key, False)\n"
    assert key_of({"shop.py": CLIENT + GATE + read, "other.py": other}) == expected


def test_parts_in_several_processes_say_the_same() -> None:
    files = {
        "shop.py": CLIENT + PAGE.format(read="self.flag"),
        "admin.py": "from shop import Page\nPage.flag = 'menu'\n",
    }
    files |= {f"pad{number}.py": "# openfeature\n" + "x = 1\n" * 70_000 for number in range(4)}
    assert key_of(files, jobs=1) == key_of(files, jobs=3) == SEVERAL


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("        made['flag'] = input()\n", OPEN),
        ("        print(made)\n", SURE),
    ],
)
@pytest.mark.parametrize("read", ["Page.flag", "Page().flag"])
def test_a_metaclass_may_set_what_it_names(read: str, body: str, expected: tuple[str, bool]) -> None:
    meta = (
        f"class Meta(type):\n    def __new__(cls, name, bases, made):\n{body}        return type(name, bases, made)\n"
    )
    page = f"class Page(metaclass=Meta):\n    flag = 'cart'\nclient.get_boolean_value({read}, False)\n"
    assert key_of({"shop.py": CLIENT + meta + page}) == expected


MIXIN = "class Mixin:\n    def show(self):\n        return client.get_boolean_value({read}, False)\n"


@pytest.mark.parametrize(
    ("read", "others", "expected"),
    [
        ("self.flag", "class A(Mixin):\n    flag = 'cart'\n", SURE),
        ("self.flag", "class A(Mixin):\n    flag = 'cart'\nMixin().flag = 'menu'\n", SEVERAL),
        ("self.flag", "class A(Mixin):\n    flag = 'cart'\nvars(Mixin()).update(input())\n", OPEN),
        ("f'c{self.flag}'", "class A(Mixin):\n    flag = 'art'\n", SURE),
        ("f'{self.flag}'", "class A(Mixin):\n    flag = 'cart'\nclass B(Mixin):\n    flag = 'menu'\n", SEVERAL),
        ("'cart' if x else self.flag", "class A(Mixin):\n    flag = 'menu'\n", SEVERAL),
        ("'cart' if x else self.flag", "class A(Mixin):\n    flag = 'cart'\n", SURE),
    ],
)
def test_a_key_that_only_subclasses_give_is_theirs_and_what_it_is_set_to(
    read: str, others: str, expected: tuple[str, bool]
) -> None:
    assert key_of({"shop.py": CLIENT + MIXIN.format(read=read) + others}) == expected


NAMES = "class Keys:\n    KEY = 'cart'\n\n\ndef key():\n    return 'cart'\n"


@pytest.mark.parametrize("read", ["keys.Keys.KEY", "keys.key()"])
@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("keys.Keys = keys.key = input()", OPEN),
        ("import os\nos.Keys = os.key = input()", SURE),
        ("print(keys.Keys, keys.key)", SURE),
        ("Keys = key = input()", SURE),
    ],
)
def test_a_class_or_function_that_gives_a_key_may_be_replaced(
    read: str, setting: str, expected: tuple[str, bool]
) -> None:
    shop = f"{CLIENT}import keys\ndef show():\n    return client.get_boolean_value({read}, False)\n"
    assert key_of({"keys.py": NAMES, "shop.py": shop, "admin.py": f"import keys\n{setting}\n"}) == expected


@pytest.mark.parametrize(("turned", "expected"), [("Keys, key", OPEN), ("size", SURE)])
def test_a_class_or_function_may_be_replaced_by_its_own_module(turned: str, expected: tuple[str, bool]) -> None:
    turn = f"def turn():\n    global {turned}\n    {turned.replace(', ', ' = ')} = input()\n"
    for read in ("Keys.KEY", "key()"):
        code = f"{NAMES}{turn}def show():\n    return client.get_boolean_value({read}, False)\n"
        assert key_of({"shop.py": CLIENT + code}) == expected


@pytest.mark.parametrize("read", ["Keys.KEY", "key()"])
@pytest.mark.parametrize(
    ("decorator", "expected"),
    [
        ("def marked(it):\n    print(it)\n    return it\n", SURE),
        ("def marked(it):\n    return input()\n", OPEN),
        ("from functools import lru_cache as marked\n", SURE),
    ],
)
def test_what_a_decorator_of_the_program_gives_instead_may_have_another_key(
    read: str, decorator: str, expected: tuple[str, bool]
) -> None:
    marked = NAMES.replace("class", "@marked\nclass").replace("def key", "@marked\ndef key")
    assert key_of({"shop.py": f"{CLIENT}{decorator}{marked}client.get_boolean_value({read}, False)\n"}) == expected


@pytest.mark.parametrize(("before", "is_set"), [(1, False), (200, True)], ids=["near", "far"])
def test_so_far_behind_the_begin_of_its_line_an_attribute_may_be_set(before: int, *, is_set: bool) -> None:
    data = b"x = [" + b"0, " * before + b"held.key]\n"
    at = data.index(b"key")
    found = places(data, {"key": [at]}, Sought({"key": False}, frozenset(), frozenset()), is_own=False)
    assert found == ([at] if is_set else [])


def test_what_one_class_computes_hides_no_text_of_another_in_the_same_statement() -> None:
    either = "if __name__:\n    class A(Page):\n        flag = some()\n    class B(Page):\n        flag = 'menu'\n"
    assert key_of_page(either) == ("cart|menu", True)
