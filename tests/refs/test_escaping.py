"""A key in a list or dictionary is sure as long as nobody gets that who may change it; reading it changes nothing."""

import pytest
from reference_kit.projects import CLIENT, search, spelled

from flaglint.refs.stores import Sought, places

SURE, OPEN = ("cart", False), ("cart", True)
KEYS = "KEYS = ['cart']\nBY_NAME = {'a': 'cart'}\nNESTED = {'web': {'a': 'cart'}}\n"
SHOP = CLIENT + "import keys\ndef show():\n    return client.get_boolean_value(keys.{read}, False)\n"


def key_of(files: dict[str, str], **settings: object) -> tuple[str, bool]:
    """Return the key of the only read, and whether it may be another one that nobody can tell."""
    (found,) = (item for item in search(files, **settings).references if item.kind == "read")
    return spelled(found), "open-key" in found.traits


def key_beside(code: str, read: str = "BY_NAME['a']", **others: str) -> tuple[str, bool]:
    """Return the key of a read of what a module holds, beside other code."""
    files = {"keys.py": KEYS, "shop.py": SHOP.format(read=read), "admin.py": f"import keys\n{code}\n"}
    return key_of(files | {f"{name}.py": text for name, text in others.items()})


KEEPING = "class Page:\n    def __init__(self, them):\n        self.them = them\n    def use(self):\n        {use}\n"


@pytest.mark.parametrize(
    "code",
    [
        "them = keys.BY_NAME\nthem['a'] = 'menu'",
        "from keys import BY_NAME as them\nthem['a'] = 'menu'",
        "def turn():\n    from keys import BY_NAME as them\n    them.clear()",
        "def turn():\n    them = keys.BY_NAME\n    them |= {'a': 'menu'}",
        "def turn(them=keys.BY_NAME):\n    them['a'] = 'menu'",
        "def turn(them):\n    them['a'] = 'menu'\nturn(keys.BY_NAME)",
        "def turn(*, them):\n    other = them\n    del other['a']\nturn(them=keys.BY_NAME)",
        "def turn(them):\n    change(them)\ndef change(it):\n    it.popitem()\nturn(keys.BY_NAME)",
        "import some\nsome.thing(keys.BY_NAME)",
        "import some\nsome.thing(them=[keys.BY_NAME])",
        KEEPING.format(use="self.them.clear()") + "Page(keys.BY_NAME)",
        KEEPING.format(use="self.them['a'] = 'menu'").replace("= them", "= keys.BY_NAME"),
        "class Page:\n    them = keys.BY_NAME\nPage.them['a'] = 'menu'",
        "def them():\n    return keys.BY_NAME\nthem()['a'] = 'menu'",
        "class Page:\n    @property\n    def them(self):\n        return keys.BY_NAME\nPage().them.clear()",
        "def them():\n    yield keys.BY_NAME",
        "them = lambda: keys.BY_NAME",
        "import some\nsome.them = keys.BY_NAME",
        "import some\nsome['a'] = keys.BY_NAME",
        "EVERY = [keys.BY_NAME, {}]\nfor them in EVERY:\n    them['a'] = 'menu'",
        "clear = keys.BY_NAME.clear\nclear()",
        "dict.update(keys.BY_NAME, a='menu')",
        "keys.BY_NAME.__setitem__('a', 'menu')",
        "from unittest import mock\nmock.patch.dict(keys.BY_NAME, a='menu').start()",
        "from unittest import mock\nmock.patch.dict('keys.BY_NAME', a='menu').start()",
        "them = keys.BY_NAME or {}\nthem['a'] = 'menu'",
    ],
)
def test_what_whoever_gets_a_dictionary_puts_into_it_may_be_the_key(code: str) -> None:
    assert key_beside(code) == OPEN


@pytest.mark.parametrize(
    "code",
    [
        "print(keys.BY_NAME, len(keys.BY_NAME), sorted(keys.BY_NAME), list(keys.BY_NAME.values()))",
        "if 'a' in keys.BY_NAME and keys.BY_NAME:\n    pass",
        "for name, key in keys.BY_NAME.items():\n    print(name, key)",
        "from keys import BY_NAME as them\nprint(them['a'], them.get('b'))",
        "def show():\n    from keys import BY_NAME as them\n    for name in them:\n        print(name)",
        "from keys import (\n    KEYS,\n    BY_NAME,\n)\nprint(BY_NAME['a'])",
        "import logging\nlogging.getLogger(__name__).info('%s', keys.BY_NAME)",
        "import json\njson.dumps(keys.BY_NAME)",
        "def show(them):\n    return [them[name] for name in them]\nshow(keys.BY_NAME)",
        "def show(them=keys.BY_NAME):\n    return them.get('a')",
        "them = keys.BY_NAME\nprint(them['a'])",
        "them = dict(keys.BY_NAME)\nthem['a'] = 'menu'",
        "them = {**keys.BY_NAME, 'a': 'menu'}\nthem['b'] = 'menu'",
        "them = keys.BY_NAME.copy()\nthem.clear()",
        "them = {}\nthem.update(keys.BY_NAME)\nthem.clear()",
        KEEPING.format(use="return self.them['a']") + "Page(keys.BY_NAME)",
        "def them():\n    return keys.BY_NAME\nprint(them()['a'])",
        "EVERY = {'web': keys.BY_NAME}\nprint(EVERY['web']['a'])",
        "def show(**them):\n    them.clear()\nshow(**keys.BY_NAME)",
        "import django.db.models\nfield = django.db.models.CharField(choices=keys.BY_NAME)",
        "BY_NAME = {}\nturn(BY_NAME)\nimport some\nsome.thing(BY_NAME)",
        "def turn(BY_NAME):\n    change(BY_NAME)",
        "# whoever gets keys.BY_NAME may change(keys.BY_NAME)",
        "import some\nsome.thing(keys.BY_NAME['a'])",
        "import some\nsome.thing(BY_NAME=1, NAMES=keys.KEYS)",
    ],
)
def test_what_only_reads_a_dictionary_leaves_its_keys_sure(code: str) -> None:
    assert key_beside(code) == SURE


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("inner = keys.NESTED['web']\ninner['a'] = 'menu'", OPEN),
        ("for inner in keys.NESTED.values():\n    inner.clear()", OPEN),
        ("for name, inner in keys.NESTED.items():\n    inner.clear()", OPEN),
        ("import some\nsome.thing(keys.NESTED.get('web'))", OPEN),
        ("for inner in keys.NESTED.values():\n    print(inner['a'])", SURE),
        ("import some\nsome.thing(keys.NESTED['web']['a'])", SURE),
    ],
)
def test_a_dictionary_in_another_one_is_part_of_it(code: str, expected: tuple[str, bool]) -> None:
    assert key_beside(code, "NESTED['web']['a']") == expected


@pytest.mark.parametrize(("turn", "expected"), [("them.clear()", OPEN), ("print(them)", SURE)])
def test_a_name_that_a_third_module_uses_is_followed_there(turn: str, expected: tuple[str, bool]) -> None:
    assert key_beside("THEM = keys.BY_NAME", last=f"from admin import THEM as them\n{turn}\n") == expected


def turn(*names: str) -> str:
    """Return a function in which each of some names may be that of a dictionary, or any other of them."""
    body = [f"{name} = {other}" for name in names for other in names if other != name]
    return "def turn():\n    " + "\n    ".join([f"{names[0]} = keys.BY_NAME", *body])


@pytest.mark.parametrize(("last", "expected"), [("print({})", SURE), ("{}['a'] = 'menu'", OPEN)])
def test_names_in_circles_are_each_followed_once(last: str, expected: tuple[str, bool]) -> None:
    names = [f"them_{number}" for number in range(14)]  # of 13 factorial ways from the last to the first
    assert key_beside(f"{turn(*names)}\n    {last.format(names[-1])}") == expected


@pytest.mark.parametrize("count", [3, 30, 300])
def test_a_name_for_a_name_for_a_name_is_followed_however_long_that_goes_on(count: int) -> None:
    chain = "\n    ".join(f"them_{number + 1} = them_{number}" for number in range(count))
    assert key_beside(f"def turn():\n    them_0 = keys.BY_NAME\n    {chain}\n    them_{count}['a'] = 'menu'") == OPEN


def test_a_list_that_is_put_in_order_elsewhere_has_any_key_first() -> None:
    assert key_beside("import random\nrandom.shuffle(keys.KEYS)", "KEYS[0]") == OPEN
    assert key_beside("import random\nrandom.choice(keys.KEYS)", "KEYS[0]") == SURE


def test_what_a_test_does_with_a_dictionary_is_no_matter_of_the_product() -> None:
    test = "import some, keys\ndef test_it():\n    some.thing(keys.BY_NAME)\n"
    files = {"keys.py": KEYS, "shop.py": SHOP.format(read="BY_NAME['a']"), "tests/test_it.py": test}
    assert key_of(files) == SURE


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("other = keys\n    other[0] = 'menu'", OPEN),
        ("turn(keys)", OPEN),
        ("some.thing(keys)", OPEN),
        ("show(keys)", SURE),
        ("print(len(keys), sorted(keys))", SURE),
        ("other = list(keys)\n    other[0] = 'menu'", SURE),
    ],
)
def test_a_list_in_a_function_may_be_changed_by_what_it_is_handed_to(code: str, expected: tuple[str, bool]) -> None:
    shop = "import some\ndef turn(them):\n    them[0] = 'menu'\ndef show(them):\n    print(them[0])\n"
    read = f"def read():\n    keys = ['cart']\n    {code}\n    return client.get_boolean_value(keys[0], False)\n"
    assert key_of({"shop.py": CLIENT + shop + read}) == expected


def test_a_list_that_a_function_has_made_and_gives_back_is_its_own() -> None:
    read = "def read():\n    keys = ['cart']\n    print(client.get_boolean_value(keys[0], False))\n    return keys\n"
    assert key_of({"shop.py": CLIENT + read}) == SURE


@pytest.mark.parametrize(
    ("setting", "expected"),
    [
        ("ask.__defaults__ = ('menu',)", OPEN),
        ("ask.__kwdefaults__['key'] = 'menu'", SURE),
        ("ask.__defaults__ = ('cart',)", OPEN),
        ("print(ask.__defaults__)", SURE),
        ("def other(key='cart'):\n    pass\nother.__defaults__ = ('menu',)", SURE),
    ],
)
def test_a_default_that_is_set_later_may_be_another_key(setting: str, expected: tuple[str, bool]) -> None:
    shop = "def ask(key='cart'):\n    return client.get_boolean_value(key, False)\n"
    assert key_of({"shop.py": f"{CLIENT}{shop}{setting}\nask()\n"}) == expected


def test_a_default_by_name_alone_has_its_own_attribute() -> None:
    shop = "def ask(*, key='cart'):\n    return client.get_boolean_value(key, False)\n"
    assert key_of({"shop.py": f"{CLIENT}{shop}ask.__kwdefaults__['key'] = 'menu'\nask()\n"}) == OPEN
    assert key_of({"shop.py": f"{CLIENT}{shop}ask.__defaults__ = ('menu',)\nask()\n"}) == SURE


@pytest.mark.parametrize(
    ("code", "is_handed"),
    [
        (b"f(KEYS)", True),
        (b"x = KEYS", True),
        (b"from keys import KEYS as x", True),
        (b"from keys import KEYS", False),
        (b"from keys import (\n    A,\n    KEYS,\n)", False),
        (b"for key in KEYS:", False),
        (b"x = len(KEYS)", False),
        (b"x = o.len(KEYS)", True),
        (b"KEYS['a']", False),
        (b"KEYS.items()", False),
        (b"add = KEYS.append", True),
        (b"# f(KEYS)", False),
        (b"f(*KEYS)", False),
        (b"f(KEYS=1)", False),
    ],
)
def test_most_places_where_a_name_stands_are_told_apart_without_reading_them(code: bytes, *, is_handed: bool) -> None:
    sought = Sought({}, frozenset(), frozenset(), {"KEYS": False})
    found = places(code, {"KEYS": [code.index(b"KEYS")]}, sought, is_own=False)
    assert bool(found) is is_handed
