"""A read that may ask for another flag than the one that goes is left, whatever else is known of its key."""

import pytest
from removal_kit.check import after, check_removed, check_unchanged, planned

HEAD = "import flags\nfrom effects import a, load\n\n\n"
GATE = "class Gate:\n    def __init__(self, key):\n        self.key = key\n\n\n"
DATA = "from dataclasses import dataclass\n\n\n@dataclass\nclass Gate:\n    key: str = 'new'\n\n\n"


@pytest.mark.parametrize(
    "code",
    [
        "def f(u):\n    if flags.is_enabled('new' if u else load()):\n        a()\n",
        "def f(u):\n    key = load()\n    if u:\n        key = 'new'\n    if flags.is_enabled(key):\n        a()\n",
        "for key in ('new', load()):\n    if flags.is_enabled(key):\n        a()\n",
        "try:\n    from keys import KEY\nexcept ImportError:\n    KEY = 'new'\nif flags.is_enabled(KEY):\n    a()\n",
        "KEY = 'new'\n\n\ndef turn():\n    global KEY\n    KEY = 'old'\n\n\nif flags.is_enabled(KEY):\n    a(turn)\n",
        (
            "def f():\n    key = 'new'\n\n    def turn():\n        nonlocal key\n        key = load()\n\n"
            "    turn()\n    if flags.is_enabled(key):\n        a()\n"
        ),
        "KEYS = {'a': 'new'}\nKEYS['a'] = load()\nif flags.is_enabled(KEYS['a']):\n    a()\n",
        "KEYS = {'a': 'new'}\n\n\ndef t():\n    KEYS.update(load())\n\n\nif flags.is_enabled(KEYS['a']):\n    a(t)\n",
        "KEYS = ['new']\nKEYS.append(load())\nfor key in KEYS:\n    if flags.is_enabled(key):\n        a()\n",
        "def f():\n    keys = ['new']\n    keys[0] = load()\n    if flags.is_enabled(keys[0]):\n        a()\n",
        GATE + "for gate in (Gate('new'), Gate('old')):\n    if flags.is_enabled(gate.key):\n        a()\n",
        DATA + "def f(gate: Gate):\n    if flags.is_enabled(gate.key):\n        a()\n",
        GATE + "gate = Gate('new')\ngate.key = load()\nif flags.is_enabled(gate.key):\n    a()\n",
        GATE + "gate = Gate('new')\nsetattr(gate, 'key', load())\nif flags.is_enabled(gate.key):\n    a()\n",
        DATA + "for gate in (Gate(), Gate('old')):\n    if flags.is_enabled(gate.key):\n        a()\n",
    ],
)
def test_a_read_that_may_have_another_key_is_left(code: str) -> None:
    check_unchanged(HEAD + code, "dynamic-key")


def test_a_read_of_a_field_that_was_given_another_key_is_no_read_of_the_flag() -> None:
    check_unchanged(HEAD + DATA + "if flags.is_enabled(Gate('old').key):\n    a()\n")


PAGE = "class Page:\n    key = 'new'\n\n    def show(self):\n        for key in [self.key]:\n            {read}\n"


@pytest.mark.parametrize(
    "other",
    [
        "class Other(Page):\n    key = load()\n",
        "def turn(page):\n    page.key = load()\n",
        "def turn(**given):\n    vars(Page).update(given)\n",
        "Page.key += 'er'\n",
    ],
)
def test_a_read_whose_key_other_code_sets_is_left(other: str) -> None:
    page = PAGE.format(read="if flags.is_enabled(key):\n                a()")
    check_unchanged(HEAD + page + "\n\n" + other, "dynamic-key")


@pytest.mark.parametrize(
    "other", ["class Other:\n    key = load()\n", "def turn(page):\n    return page.key == load()\n"]
)
def test_a_read_whose_key_no_other_code_sets_goes(other: str) -> None:
    before = HEAD + PAGE.format(read="if flags.is_enabled(key):\n                a()") + "\n\n" + other
    removed = after(planned({"shop.py": before}))
    assert removed is not None
    assert "is_enabled" not in removed


def test_a_read_that_can_have_no_other_key_goes() -> None:
    before = (
        HEAD
        + "def f(u):\n    key = None\n    key = 'new' if u else 'new'\n    if flags.is_enabled(key):\n        a(load)\n"
    )
    check_removed(before, HEAD.replace("import flags\n", "") + "def f(u):\n    a(load)\n")


def test_a_list_that_is_only_looked_into_has_the_keys_that_it_was_made_with() -> None:
    made = "KEYS = ['new']\n\n\ndef f():\n    if KEYS[0] == a.KEYS"
    before = HEAD + made + " and flags.is_enabled(KEYS[0]):\n        a(load)\n"
    check_removed(before, HEAD.replace("import flags\n", "") + made + ":\n        a(load)\n")


def test_a_flag_that_nothing_names_is_no_computed_read_s() -> None:
    made = planned({"shop.py": "import flags\n\n\ndef is_on(self):\n    return flags.is_enabled(self.load())\n"})
    assert made.leftovers == ()
    assert made.unused_keys == {"new"}


@pytest.mark.parametrize("named", ["'new-cart other'.split()", "load('[\"new-cart\"]')", "[b'new-cart'.decode()]"])
def test_a_flag_that_a_longer_string_names_beside_a_computed_read_stays(named: str) -> None:
    made = planned({"shop.py": HEAD + f"KEYS = {named}\na(flags.is_enabled(KEYS[0]))\n"}, key="new-cart")
    assert [item.code for item in made.leftovers] == ["dynamic-key"]
    assert made.unused_keys == set()


@pytest.mark.parametrize(
    "prose",
    ["'''Asks for new-cart.'''\n", "# new-cart\n", "X = 'new-cart-2 my-new-cart'\n", "X = 1\n'new-cart, too'\n"],
)
def test_prose_beside_a_computed_read_keeps_no_flag(prose: str) -> None:
    made = planned({"shop.py": prose + HEAD + "a(flags.is_enabled(load()))\n"}, key="new-cart")
    assert made.unused_keys == {"new-cart"}


def test_a_longer_string_in_another_file_keeps_no_flag() -> None:
    read = HEAD + "a(flags.is_enabled(load()))\n"
    made = planned({"shop.py": read, "log.py": "MESSAGE = 'new-cart is on'\n"}, key="new-cart")
    assert made.unused_keys == {"new-cart"}
