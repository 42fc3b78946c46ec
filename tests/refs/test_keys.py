"""How a key is resolved: every spelling of it that a reader can follow, and the look-alikes beside them."""

import pytest
from reference_kit.projects import CLIENT, check, references, search, spelled

from flaglint.model import Literal, OneOf, keys_in


def read(code: str) -> dict[str, str]:
    """Return a project of one module, in which `read(KEY)` stands for a read by a client."""
    return {"shop.py": CLIENT + code.replace("read(", "client.get_boolean_value(").replace("!)", ", False)")}


@pytest.mark.parametrize(
    "code",
    [
        'read("cart"!)  # read: cart [literal]',
        "read(  # read: cart\n    'cart'!)",
        'read("ca" "rt"!)  # read: cart [literal]',
        'read("ca"\n     "rt"!)'.replace("\n", "  # read: cart\n", 1),
        'client.get_boolean_value(default_value=False, flag_key="cart")  # read: cart',
        'client.get_boolean_value(*["cart", False])  # read: cart',
        'client.get_boolean_value(**{"flag_key": "cart", "default_value": False})  # read: cart',
        'read("new-" + "cart"!)  # read: new-cart [concatenation]',
        'read("new-%s" % "cart"!)  # read: new-cart [concatenation]',
        'read("new-{}".format("cart")!)  # read: new-cart [concatenation]',
        'read("-".join(["new", "cart"])!)  # read: new-cart [concatenation]',
        'NEW = "new"\nread(f"{NEW}-cart"!)  # read: new-cart [f-string]',
        'CART = "cart"\nread(CART!)  # read: cart [constant shop.CART]',
        'CART: str = "cart"\nread(CART!)  # read: cart',
        'A = B = "cart"\nread(B!)  # read: cart',
        'A, B = "tin", "cart"\nread(B!)  # read: cart',
        'CART = "cart"\nALIAS = CART\nread(ALIAS!)  # read: cart [constant shop.ALIAS]',
        'def f():\n    key = "cart"\n    return read(key!)  # read: cart',
        'read((key := "cart")!)  # read: cart',
        'def f(x):\n    return read(("cart" if x else "tin")!)  # read: cart|tin',
        'def f(x):\n    if x:\n        k = "cart"\n    else:\n        k = "tin"\n    read(k!)  # read: cart|tin',
        'k = "cart"\nread(k!)  # read: cart\nk = "tin"\nread(k!)  # read: tin',
        'class Keys:\n    CART = "cart"\nread(Keys.CART!)  # read: cart [class attribute shop.Keys.CART]',
        'class Keys:\n    class Inner:\n        CART = "cart"\nread(Keys.Inner.CART!)  # read: cart',
        'class A:\n    CART = "cart"\nclass B(A):\n    pass\nread(B.CART!)  # read: cart',
        'import enum\nclass F(enum.Enum):\n    CART = "cart"\nread(F.CART.value!)  # read: cart [enum shop.F.CART]',
        'from enum import StrEnum\nclass F(StrEnum):\n    CART = "cart"\nread(F.CART!)  # read: cart',
        "from enum import StrEnum, auto\nclass F(StrEnum):\n    CART = auto()\nread(F.CART!)  # read: cart",
        'import enum\nclass F(enum.Enum):\n    CART = "cart"\nread(F["CART"].value!)  # read: cart',
        'from enum import StrEnum\nclass F(StrEnum):\n    A = "a"\n    B = "b"\nfor f in F:\n    read(f!)  # read: a|b',
        'KEYS = {"one": "cart", "two": "tin"}\nread(KEYS["one"]!)  # read: cart',
        'KEYS = {"one": "cart", "two": "tin"}\nread(KEYS.get("two")!)  # read: tin',
        'KEYS = {"one": "cart", "two": "tin"}\ndef f(x):\n    read(KEYS[x]!)  # read: cart|tin',
        'KEYS = dict(one="cart")\nread(KEYS["one"]!)  # read: cart',
        'KEYS = ("cart", "tin")\nread(KEYS[1]!)  # read: tin',
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    key: str = 'cart'\nread(C().key!)  # read: cart",
        "from typing import NamedTuple\nclass C(NamedTuple):\n    key: str = 'cart'\nread(C().key!)  # read: cart",
        'for key in ["cart", "tin"]:\n    read(key!)  # read: cart|tin [loop]',
        'for key, _ in [("cart", 1), ("tin", 2)]:\n    read(key!)  # read: cart|tin',
        'for _, key in enumerate(["cart", "tin"]):\n    read(key!)  # read: cart|tin',
        'x = [read(k!) for k in ("cart", "tin")]  # read: cart|tin',
        'x = {k: read(k!) for k in {"cart": 1}}  # read: cart',
        'KEYS = ["cart"]\nKEYS += ["tin"]\nfor key in KEYS:\n    read(key!)  # read: cart|tin',
        'KEYS = [*["cart"], "tin"]\nfor key in KEYS:\n    read(key!)  # read: cart|tin',
        'for part in ("a", "b"):\n    read("ui-" + part!)  # read: ui-a|ui-b',
        'KEY = "CART".lower()\nread(KEY!)  # read: cart',
        'KEY = "new_cart"\nread(KEY.replace("_", "-")!)  # read: new-cart [constant shop.KEY]',
        'KEY = "FF_CART"\nread(KEY.removeprefix("FF_").lower()!)  # read: cart',
        'KEY = "cart_on"\nEND = "_on"\nread(KEY.removesuffix(END)!)  # read: cart',
        (
            "from functools import partial\n"
            'on = partial(client.get_boolean_value, "cart")\n'
            "on(False)  # read: cart [partial]"
        ),
        'on = client.get_boolean_value\non("cart", False)  # read: cart',
    ],
)
def test_follows_a_key_to_its_text(code: str) -> None:
    check(read(code))


@pytest.mark.parametrize(
    ("code", "step"),
    [
        ('def f(x):\n    read(f"ui-{x}"!)  # read: ui-*', "f-string"),
        ('def f(x):\n    read("ui-" + x!)  # read: ui-*', "concatenation"),
        ('def f(x):\n    read("ui-%s-on" % x!)  # read: ui-*-on', "concatenation"),
        ('def f(x):\n    read("ui-{}".format(x)!)  # read: ui-*', "concatenation"),
        ('def f(x):\n    read("a" f"-{x}"!)  # read: a-*', "f-string"),
        ('NS = "ui"\ndef f(x):\n    read(f"{NS}.{x}"!)  # read: ui.*', "constant shop.NS"),
        ('def f(x):\n    read("ui-" + x.lower()!)  # read: ui-*', "concatenation"),
        ('def f(x):\n    read("ui-" + "new".replace("e", x)!)  # read: ui-*', "concatenation"),
    ],
)
def test_keeps_what_is_known_of_a_computed_key(code: str, step: str) -> None:
    check(read(f"{code} [{step}]"))


@pytest.mark.parametrize(
    "code",
    [
        'KEYS = {"a": "cart"}\ndef f(x):\n    read(KEYS.get(x, "tin")!)  # read: cart|tin',
        'KEYS = {"a": "cart"}\nread(KEYS.get("b", "tin")!)  # read: tin',
        'KEYS = {"a": "cart"}\nread(KEYS.get("a", "tin")!)  # read: cart',
        'KEYS = {"a": "cart"}\ndef f(x):\n    read(KEYS.get(x)!)  # read: cart',
    ],
)
def test_a_lookup_may_give_its_default(code: str) -> None:
    check(read(code))


@pytest.mark.parametrize(
    "code",
    [
        'read(sorted(["tin", "cart"])[0]!)  # read: cart|tin',
        'read(list(reversed(["tin", "cart"]))[-1]!)  # read: cart|tin',
        'def f(some):\n    read("a-{}-{}".format(*some, "cart")!)  # read: a-*-*',
        'def f(some):\n    read("{}-{}".format("cart", *some)!)  # read: cart-*',
    ],
)
def test_what_stands_in_another_order_is_not_told_by_its_place(code: str) -> None:
    check(read(code))


def test_what_follows_an_unknown_number_of_arguments_fills_no_parameter() -> None:
    wrapper = "import os\n\n\ndef on(key, who=None):\n    return read(key!)\n\n\n"
    check(read(wrapper + 'on(*os.environ, "ada")  # read: ?\non("cart", *os.environ)  # read: cart'))


GATE = "class Gate:\n    def __init__(self, key):\n        self.key = key\n\n\n"


@pytest.mark.parametrize(
    "code",
    [
        GATE + 'for gate in [Gate("cart"), Gate("tin")]:\n    read(gate.key!)  # read: cart|tin',
        GATE + 'GATES = {"a": Gate("cart"), "b": Gate("tin")}\ndef f(x):\n    read(GATES[x].key!)  # read: cart|tin',
        GATE + 'def f(x):\n    read((Gate("cart") if x else Gate("tin")).key!)  # read: cart|tin',
        GATE
        + 'def f(x):\n    g = Gate("cart")\n    if x:\n        g = Gate("tin")\n    read(g.key!)  # read: cart|tin',
        (
            "from functools import partial\ndef on(key):\n    return read(key!)\n"
            'for ask in [partial(on, "cart"), partial(on, "tin")]:\n    ask()  # read: cart|tin'
        ),
        (
            "def asking(key):\n    return lambda: read(key!)\n"
            'for ask in [asking("cart"), asking("tin")]:  # read: cart; read: tin\n    ask()  # read: cart|tin'
        ),
    ],
)
def test_objects_of_one_kind_are_told_apart_by_what_they_were_made_with(code: str) -> None:
    check(read(code))


def test_of_very_many_objects_of_one_kind_nobody_tells_which_it_is() -> None:
    gates = ", ".join(f'Gate("key-{number}")' for number in range(100))
    check(read(f"{GATE}for gate in [{gates}]:\n    read(gate.key!)"))


DATA = (
    "from dataclasses import dataclass, field\n@dataclass(frozen=True)\nclass C:\n    who: int\n    key: str = 'tin'\n"
)


@pytest.mark.parametrize(
    "code",
    [
        DATA + 'read(C(1, "cart").key!)  # read: cart',
        DATA + 'read(C(1, key="cart").key!)  # read: cart',
        DATA + "read(C(1).key!)  # read: tin",
        DATA + 'def f(some):\n    read(C(*some, key="cart").key!)  # read: cart',
        DATA + "def f(some):\n    read(C(*some).key!)  # read: ?",
        DATA + '@dataclass\nclass B(C):\n    more: str = ""\nread(B(1, "cart", "x").key!)  # read: cart',
        DATA + 'for c in (C(1, "cart"), C(2, "tin")):\n    read(c.key!)  # read: cart|tin',
        'from typing import NamedTuple\nclass N(NamedTuple):\n    key: str = "tin"\nread(N("cart").key!)  # read: cart',
        'from attrs import define\n@define\nclass N:\n    key: str = "tin"\nread(N("cart").key!)  # read: cart',
    ],
)
def test_a_field_has_what_its_constructor_was_given(code: str) -> None:
    check(read(code))


def test_the_default_of_a_field_is_not_all_that_it_may_have() -> None:
    code = DATA + "def f(c: C):\n    read(c.key!)\n    read(C(1).key!)\n"
    given, made = search(read(code)).references
    assert ("open-key" in given.traits, "open-key" in made.traits) == (True, False)


@pytest.mark.parametrize(
    "bases",
    [
        "class A:\n    KEY = 'tin'\nclass B(A):\n    pass\nclass D(A):\n    KEY = 'cart'\nclass E(B, D):\n    pass\n",
        "class A:\n    KEY = 'cart'\nclass B(A):\n    pass\nclass D:\n    KEY = 'tin'\nclass E(B, D):\n    pass\n",
        "class E(E):\n    KEY = 'cart'\n",
    ],
)
def test_an_attribute_is_looked_up_in_the_order_of_the_bases(bases: str) -> None:
    check(read(bases + "read(E.KEY!)  # read: cart"))


@pytest.mark.parametrize(
    "code",
    [
        'import os\nread(os.environ["KEY"]!)  # read: ?',
        "def f(request):\n    read(request.GET['key']!)  # read: ?",
        'k = "cart"\nk = input()\nread(k!)  # read: ?',
        "A = B\nB = A\nread(A!)  # read: ?",
    ],
)
def test_says_of_a_key_that_nobody_can_tell_that_it_is_unknown(code: str) -> None:
    check(read(code))


def test_names_no_parameter_as_a_step_to_a_key_that_is_known() -> None:
    code = (
        CLIENT
        + 'def on(key="cart"):\n    return client.get_boolean_value(key, False)\n\n\non()\non("tin")\non(key="b")\n'
    )
    assert references(code) == [
        "8 read cart expression wrapper shop.on",
        "9 read tin expression wrapper shop.on",
        "10 read b expression wrapper shop.on",
    ]


@pytest.mark.parametrize(
    "code",
    [
        '# client.get_boolean_value("cart", False)',
        "print(\"client.get_boolean_value('cart', False)\")",
        'def f():\n    """client.get_boolean_value("cart", False)"""',
        "other.get_boolean_value",
        "on = client.get_boolean_value",
        'client.add_hooks(["cart"])',
        "class client2:\n    pass\nclient2.get_boolean = 1",
    ],
)
def test_takes_nothing_else_for_a_read(code: str) -> None:
    check(read(code))


@pytest.mark.parametrize(
    "files",
    [
        {
            "shop/__init__.py": "",
            "shop/keys.py": 'CART = "cart"\n',
            "shop/use.py": CLIENT
            + (
                "from shop.keys import CART as C\n"
                "client.get_boolean_value(C, False)  # read: cart [constant shop.keys.CART]\n"
            ),
        },
        {
            "shop/__init__.py": "",
            "shop/keys.py": 'CART = "cart"\n',
            "shop/use.py": CLIENT + "import shop.keys\nclient.get_boolean_value(shop.keys.CART, False)  # read: cart\n",
        },
        {
            "shop/__init__.py": "",
            "shop/keys.py": 'CART = "cart"\n',
            "shop/deep/__init__.py": "",
            "shop/deep/use.py": CLIENT
            + "from .. import keys\nfrom ..keys import CART\n"
            + "client.get_boolean_value(keys.CART, CART == 1)  # read: cart\n",
        },
        {
            "shop/__init__.py": "from .keys import *\n",
            "shop/keys.py": 'CART = "cart"\n',
            "use.py": CLIENT + "from shop import CART\nclient.get_boolean_value(CART, False)  # read: cart\n",
        },
        {
            "shop/__init__.py": "",
            "shop/keys.py": 'from enum import StrEnum\nclass F(StrEnum):\n    CART = "cart"\n',
            "shop/gate.py": CLIENT + "def on(f):\n    return client.get_boolean_value(f.value, False)\n",
            "shop/use.py": "from shop.gate import on\nfrom shop.keys import F\n"
            "on(F.CART)  # read: cart [enum shop.keys.F.CART]\n",
        },
        {
            "src/shop/__init__.py": "",
            "src/shop/keys.py": 'CART = "cart"\n',
            "src/shop/use.py": CLIENT
            + "from shop.keys import CART\nclient.get_boolean_value(CART, False)  # read: cart\n",
        },
    ],
    ids=["renamed", "whole module", "relative", "star through a package", "member through a parameter", "src layout"],
)
def test_follows_a_key_through_imports(files: dict[str, str]) -> None:
    check(files)


def test_finds_the_eight_kinds_and_neither_decoy() -> None:
    check(
        {
            "probe.py": CLIENT
            + """
from enum import Enum

NAME = "constant-key"


class Keys:
    ATTR = "attribute-key"


class Flag(Enum):
    MEMBER = "member-key"


def enabled(key):
    return client.get_boolean_value(key, False)


def use(kind):
    client.get_boolean_value("literal-key", False)  # read: literal-key
    client.get_boolean_value(  # read: multi-line-key
        "multi-line-key",
        False,
    )
    client.get_boolean_value(default_value=False, flag_key="keyword-key")  # read: keyword-key
    client.get_boolean_value(NAME, False)  # read: constant-key
    client.get_boolean_value(Keys.ATTR, False)  # read: attribute-key
    client.get_boolean_value(Flag.MEMBER.value, False)  # read: member-key
    enabled("wrapped-key")  # read: wrapped-key
    client.get_boolean_value(f"ui-{kind}", False)  # read: ui-*
    # client.get_boolean_value("comment-key", False)
    print("client.get_boolean_value('string-key', False)")
"""
        }
    )


@pytest.mark.parametrize("key", ["'new-page'", "NEW", "self.flag"])
def test_an_attribute_that_is_given_beside_the_key_is_no_key(key: str) -> None:
    code = f"""{CLIENT}NEW = 'new-page'
class View:
    flag = 'new-page'
    kind = 'plain'
    def page(self):
        return client.get_string_value({key}, self.kind)
class Other(View):
    kind = 'fancy'
"""
    found = search({"shop.py": code}).references
    assert [getattr(item.key, "key", item.key) for item in found] == ["new-page"]


PAGE = """{client}class Page:
    {decorator}
    def flag(self):
        return 'base-flag'
    def show(self):
        return client.get_boolean_value(self.flag{call}, False)
"""
OVERRIDDEN = (
    "from shop import Page\nclass Other(Page):\n    {decorator}\n    def flag(self):\n        return {returned}\n"
)
METHOD_OR_PROPERTY = pytest.mark.parametrize(("decorator", "call"), [("", "()"), ("@property", "")])


def keys_of_page(decorator: str, call: str, other: str) -> tuple[object, frozenset[str]]:
    files = {"shop.py": PAGE.format(client=CLIENT, decorator=decorator, call=call), "other.py": other}
    (found,) = search(files).references
    return found.key, found.traits


@METHOD_OR_PROPERTY
def test_a_key_that_a_method_returns_may_be_that_of_a_subclass(decorator: str, call: str) -> None:
    other = OVERRIDDEN.format(decorator=decorator, returned="'other-flag'")
    key, _ = keys_of_page(decorator, call, other)
    assert key == OneOf(("base-flag", "other-flag"))


@METHOD_OR_PROPERTY
def test_a_key_that_a_subclass_computes_is_open(decorator: str, call: str) -> None:
    other = OVERRIDDEN.format(decorator=decorator, returned="load()")
    assert "open-key" in keys_of_page(decorator, call, other)[1]


@METHOD_OR_PROPERTY
@pytest.mark.parametrize(
    "other",
    [
        "",
        "from shop import Page\nclass Other(Page):\n    def show(self):\n        return self.flag\n",
        "class Other:\n    def flag(self):\n        return 'other-flag'\n",
        OVERRIDDEN.format(decorator="", returned="'base-flag'"),
        "from shop import Page\nclass Other(Page):\n    def flag(self):\n        raise NotImplementedError\n",
    ],
)
def test_a_key_that_no_subclass_returns_otherwise_is_known(decorator: str, call: str, other: str) -> None:
    key, traits = keys_of_page(decorator, call, other)
    assert key == Literal("base-flag")
    assert "open-key" not in traits


def test_an_object_that_is_made_there_is_none_of_a_subclass() -> None:
    page = PAGE.format(client=CLIENT, decorator="", call="()").replace("self.flag()", "Page().flag()")
    other = OVERRIDDEN.format(decorator="", returned="'other-flag'")
    (found,) = search({"shop.py": page, "other.py": other}).references
    assert found.key == Literal("base-flag")


WRAPPER = "def is_on(name, group=None):\n    return client.get_boolean_value('new-' + name, False)\n"
SET_BY_SUBCLASSES = """class Page:
    flag = '{own}'
    def show(self):
        return {read}
class Other(Page):
    flag = '{other}'
"""


@pytest.mark.parametrize(
    ("read", "own", "other"),
    [
        ("is_on(self.flag)", "cart", "menu"),
        ("client.get_boolean_value('new-' + self.flag, False)", "cart", "menu"),
        ("client.get_boolean_value(f'new-{self.flag}', False)", "cart", "menu"),
        ("client.get_boolean_value('new-%s' % self.flag, False)", "cart", "menu"),
        ("client.get_boolean_value({'a': 'new-cart', 'b': 'new-menu'}[self.flag], False)", "a", "b"),
        ("client.get_boolean_value(getattr(self, 'flag'), False)", "new-cart", "new-menu"),
    ],
)
def test_a_key_that_is_made_of_what_subclasses_set_is_that_of_each(read: str, own: str, other: str) -> None:
    code = CLIENT + WRAPPER + SET_BY_SUBCLASSES.format(read=read, own=own, other=other)
    (found,) = (item for item in search({"shop.py": code}).references if "new-cart" in keys_in(item.key))
    assert (found.key, "open-key" in found.traits) == (OneOf(("new-cart", "new-menu")), False)


@pytest.mark.parametrize("read", ["get_string_value(self.flag, 'cart')", "get_string_value(self.flag, self.flag)"])
def test_a_default_that_is_spelled_as_the_key_is_none(read: str) -> None:
    code = CLIENT + SET_BY_SUBCLASSES.format(read=f"client.{read}", own="cart", other="menu")
    assert [item.key for item in search({"shop.py": code}).references] == [OneOf(("cart", "menu"))]


def test_what_a_wrapper_is_given_beside_the_key_that_is_spelled_is_no_key() -> None:
    read = "is_on('cart', self.flag)"
    code = CLIENT + WRAPPER.replace("'new-' + ", "") + SET_BY_SUBCLASSES.format(read=read, own="a", other="b")
    (found,) = search({"shop.py": code}).references
    assert (found.key, "open-key" in found.traits) == (Literal("cart"), False)


@pytest.mark.parametrize(
    ("enum", "read", "is_known"),
    [
        ("class F(StrEnum):\n    A = 'cart'", "F.A", True),
        ("class F(str, Enum):\n    A = 'cart'", "F.A", True),
        ("class F(Enum):\n    A = 'cart'", "F.A.value", True),
        ("class F(Enum):\n    A = 'cart'", "F.A", False),
        ("class F(StrEnum):\n    A = 'cart'", "f'{F.A}'", True),
        ("class F(StrEnum):\n    A = 'cart'", "str(F.A)", True),
        ("class F(Enum):\n    A = 'cart'\n    def __str__(self):\n        return self.value", "str(F.A)", True),
        ("class F(str, Enum):\n    A = 'cart'", "f'{F.A}'", False),
        ("class F(Enum):\n    A = 'cart'", "'%s' % F.A", False),
        ("class F(Enum):\n    A = 'cart'", "'{}'.format(F.A)", False),
        ("class F(StrEnum):\n    A = 'cart'\n    def __str__(self):\n        return 'x'", "str(F.A)", False),
        ("class F(StrEnum):\n    def __new__(cls, name):\n        return make(name)\n    A = 'cart'", "F.A", False),
        (
            "class F(Enum):\n    A = 'cart'\n    @property\n    def value(self):\n        return make()",
            "F.A.value",
            False,
        ),
        ("class F(StrEnum):\n    def show(self):\n        return make()\n    A = 'cart'", "F.A", True),
        (
            "class F(StrEnum):\n    def _generate_next_value_(name, *_):\n        return make()\n    CART = auto()",
            "F.CART",
            False,
        ),
    ],
)
def test_a_member_of_an_enumeration_is_a_key_where_it_is_a_text(enum: str, read: str, *, is_known: bool) -> None:
    code = f"{CLIENT}from enum import Enum, StrEnum, auto\n{enum}\nclient.get_boolean_value({read}, False)\n"
    (found,) = search({"shop.py": code}).references
    assert (found.key == Literal("cart") and "open-key" not in found.traits) is is_known


@pytest.mark.parametrize(
    ("read", "key"),
    [
        ("[k for k in ['cart', 'menu'] if k != 'cart'][0]", OneOf(("cart", "menu"))),
        ("[k for k in ['cart', 'cart']][0]", Literal("cart")),
        ("{k: k for k in ['cart', 'menu'] if k}['menu']", OneOf(("cart", "menu"))),
    ],
)
def test_what_a_comprehension_takes_is_not_told_by_its_place(read: str, key: object) -> None:
    (found,) = search({"shop.py": f"{CLIENT}client.get_boolean_value({read}, False)\n"}).references
    assert found.key == key


IN_FUNCTION = "def show():\n    return client.get_boolean_value(KEY, False)\n"


@pytest.mark.parametrize(
    ("code", "key"),
    [
        ("KEY = 'cart'\n" + IN_FUNCTION + "show()\nKEY = 'menu'\n", OneOf(("cart", "menu"))),
        ("KEY = 'cart'\nfrom other import *\n" + IN_FUNCTION, OneOf(("cart", "menu"))),
        ("from other import *\nfrom third import *\n" + IN_FUNCTION, OneOf(("cart", "menu"))),
        ("KEY = 'cart'\nfrom empty import *\n" + IN_FUNCTION, Literal("cart")),
        ("from third import *\nfrom empty import *\n" + IN_FUNCTION, Literal("cart")),
        ("KEY = None\nKEY = 'cart'\n" + IN_FUNCTION, Literal("cart")),
    ],
)
def test_a_name_that_is_bound_again_may_be_read_before_and_after(code: str, key: object) -> None:
    others = {"other.py": "KEY = 'menu'\n", "third.py": "KEY = 'cart'\n", "empty.py": "SIZE = 1\n"}
    (found,) = search({"shop.py": CLIENT + code, **others}).references
    assert found.key == key


def test_a_parameter_that_a_function_in_it_sets_may_be_that() -> None:
    turn = "    def turn():\n        nonlocal key\n        key = 'menu'\n"
    asking = (
        "def asking(key):\n{turn}    def ask():\n        return client.get_boolean_value(key, False)\n    return ask\n"
    )
    for given, expected in (("", Literal("cart")), (turn, OneOf(("cart", "menu")))):
        code = CLIENT + asking.format(turn=given) + "ask = asking('cart')\nask()\n"
        found = search({"shop.py": code}).references
        assert {item.key for item in found if item.span.start.line >= 11 - 3 * (not given)} == {expected}


@pytest.mark.parametrize(
    ("missing", "is_open"), [("", False), ("    @classmethod\n    def _missing_(cls, value):\n        pass\n", True)]
)
def test_a_member_that_is_made_up_for_a_value_may_be_any(missing: str, *, is_open: bool) -> None:
    code = f"from enum import StrEnum\nclass F(StrEnum):\n    A = 'cart'\n{missing}"
    read = "def show(value):\n    return client.get_boolean_value(F(value), False)\n"
    (found,) = search({"shop.py": CLIENT + code + read}).references
    assert (found.key, "open-key" in found.traits) == (Literal("cart"), is_open)


@pytest.mark.parametrize(
    ("method", "expected"),
    [
        ("def on(self):\n        return client.get_boolean_value(self.value, False)\nF.A.on()", "cart"),
        ("@property\n    def on(self):\n        return client.get_boolean_value(self.value, False)\nF.A.on", "cart"),
        ("def on(self):\n        return client.get_boolean_value(f'x-{self.value}', False)\nF.B.on()", "x-menu"),
        ("def on(self):\n        return client.get_boolean_value(self.value, False)\nfor f in F: f.on()", "cart|menu"),
        ("def key(self):\n        return self.value\nclient.get_boolean_value(F.B.key(), False)", "menu"),
        ("@property\n    def key(self):\n        return self.value\nclient.get_boolean_value(F.B.key, False)", "menu"),
        ("@classmethod\n    def on(cls):\n        return client.get_boolean_value(cls.A.value, False)", "cart"),
        (
            "def on(self):\n        return client.get_boolean_value(self.value, False)\ndef f(it: F): it.on()",
            "cart|menu",
        ),
        ("@staticmethod\n    def on(it):\n        return client.get_boolean_value('tin', False)", "tin"),
    ],
)
def test_a_method_of_an_enumeration_has_the_key_of_the_member_that_it_is_called_on(method: str, expected: str) -> None:
    code = f"{CLIENT}from enum import Enum\nclass F(Enum):\n    A = 'cart'\n    B = 'menu'\n    {method}\n"
    (found,) = (item for item in search({"shop.py": code}).references if item.kind == "read")
    assert spelled(found) == expected


@pytest.mark.parametrize(("base", "is_known"), [("TypedDict", True), ("dict", False)])
def test_a_typed_dictionary_holds_what_it_is_made_with(base: str, *, is_known: bool) -> None:
    keys = f"from typing import TypedDict\nclass Keys({base}):\n    cart: str\nKEYS = Keys(cart='cart')\n"
    found = search({"shop.py": f"{CLIENT}{keys}client.get_boolean_value(KEYS['cart'], False)\n"}).references
    assert [spelled(item) for item in found if item.kind == "read" and spelled(item) == "cart"] == ["cart"] * is_known


def test_a_class_variable_is_no_field() -> None:
    gate = "from dataclasses import dataclass\nfrom typing import ClassVar\n@dataclass\nclass Gate:\n"
    gate += "    kind: ClassVar[str] = 'menu'\n    key: str\n"
    found = search({"shop.py": f"{CLIENT}{gate}client.get_boolean_value(Gate('cart').key, False)\n"}).references
    assert [spelled(item) for item in found if item.kind == "read"] == ["cart"]
