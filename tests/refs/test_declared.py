"""What declares a flag in Python, objects and attributes that stand for one, and what sets one in a test."""

import pytest
from reference_kit.projects import CLIENT, check, search, spelled

from flaglint.model import keys_in

TESTING = "import pytest\nfrom waffle.testutils import override_flag, override_switch\n"


@pytest.mark.parametrize(
    ("declaration", "code"),
    [
        (
            {"dictionary": "shop.FLAGS"},
            'FLAGS = {\n    "CART": True,  # declaration: CART\n    "TIN": False,  # declaration: TIN\n}',
        ),
        ({"dictionary": "shop.FLAGS"}, 'FLAGS = {"CART": True} | {"TIN": 1}  # declaration: CART; declaration: TIN'),
        ({"dictionary": "shop.FLAGS"}, 'FLAGS = {}\nFLAGS["CART"] = True  # declaration: CART'),
        ({"dictionary": "shop.FLAGS"}, 'FLAGS = {}\nFLAGS.update({"CART": True})  # declaration: CART'),
        ({"dictionary": "shop.FLAGS"}, 'OTHERS = {"CART": True}\nOTHERS["TIN"] = 1'),
        (
            {"collection": "shop.FLAGS"},
            'FLAGS = [\n    "cart",  # declaration: cart\n    ("tin", "A tin"),  # declaration: tin\n]',
        ),
        (
            {"call": "shop.add", "key": {"position": 0, "keyword": "name"}},
            'def add(name): ...\nadd("cart")  # declaration: cart\nadd(name="tin")  # declaration: tin',
        ),
        (
            {"enum": "shop.Flags"},
            (
                "from enum import Enum\n"
                "class Flags(Enum):\n"
                '    CART = "cart"  # declaration: cart\n'
                '    TIN = "tin"  # declaration: tin'
            ),
        ),
        (
            {"enum": "shop.Flags"},
            "from enum import StrEnum, auto\nclass Flags(StrEnum):\n    NEW_CART = auto()  # declaration: new_cart",
        ),
        ({"enum": "shop.Flags"}, "from enum import Enum, auto\nclass Flags(Enum):\n    CART = auto()"),
    ],
)
def test_a_declaration_names_its_keys_where_they_stand(declaration: dict[str, object], code: str) -> None:
    check({"shop.py": code}, declarations=[declaration])


def test_a_flag_object_declares_its_key_and_reads_it() -> None:
    check(
        {
            "shop/__init__.py": "",
            "shop/toggles.py": "from edx_toggles.toggles import WaffleFlag\nNS = 'shop'\n"
            "CART = WaffleFlag(f'{NS}.cart', __name__)  # declaration: shop.cart [f-string]\n",
            "shop/views.py": (
                "from shop.toggles import CART\n"
                "from shop import toggles\n"
                "CART.is_enabled()  # read: shop.cart [flag object]\n"
                "toggles.CART.is_enabled()  # read: shop.cart\n"
                "CART.name\n"
            ),
        },
        sdks=["edx-toggles"],
    )


def test_an_attribute_of_a_flag_object_reads_it() -> None:
    objects = [
        {"constructor": "flags.Flag", "key": {"position": 0}, "reads": [{"attribute": "enabled"}, {"method": "on"}]}
    ]
    code = (
        "from flags import Flag\n"
        "CART = Flag('cart')  # declaration: cart\n"
        "if CART.enabled:  # read: cart\n"
        "    CART.on()  # read: cart\n"
        "CART.on\n"
    )
    check({"shop.py": code}, objects=objects)


def test_a_flag_object_is_read_in_another_file_by_a_method_that_is_called_as_those_of_everything_are() -> None:
    objects = [{"constructor": "flags.Flag", "key": {"position": 0}, "declares": True, "reads": [{"method": "get"}]}]
    files = {
        "shop/toggles.py": "from flags import Flag\n\nCART = Flag('cart')  # declaration: cart\n",
        "shop/views.py": "from shop.toggles import CART\n\n\n"
        "def page(prices):\n    return prices.get('pear') if CART.get() else 1  # read: cart\n",
    }
    check(files, objects=objects)


def test_a_class_attribute_reads_only_below_the_base_that_reads_it() -> None:
    check(
        {
            "views.py": "from django.views import View\nfrom waffle.mixins import WaffleFlagMixin\n"
            "class A(WaffleFlagMixin, View):\n    waffle_flag = 'cart'  # read: cart\n"
            "class B(A):\n    waffle_flag = '!tin'  # read: tin\nclass C(View):\n    waffle_flag = 'jar'\n"
        },
        sdks=["waffle"],
    )


def test_a_base_that_reads_a_class_attribute_may_be_of_the_project() -> None:
    files = {
        "shop/gates.py": "class Gate:\n    flag = None\n\n\nclass Other:\n    flag = 'jar'\n",
        "shop/views.py": "from shop.gates import Gate, Other\n"
        "class A(Gate):\n    flag = 'cart'  # read: cart\n"
        "class B(A, metaclass=M):\n    flag = 'tin'  # read: tin\nclass C(Other):\n    flag = 'jar'\n",
    }
    check(files, attributes=[{"base": "shop.gates.Gate", "name": "flag"}])


@pytest.mark.parametrize("scope", ["project", "file"])
def test_an_object_that_is_handed_to_a_read_stands_for_its_key(scope: str) -> None:
    files = {
        "shop/flags.py": "class Flag: ...\nclass Plain: ...\ndef is_on(flag): ...\ndef asks(flag):\n"
        "    return is_on(flag)\n",
        "shop/all.py": "from shop.flags import Flag, Plain\nclass All:\n"
        "    CART = Flag('cart', True)  # declaration: cart\n    JAR = Plain('jar')\n"
        "TIN = Flag('tin')  # declaration: tin\n",
        "shop/page.py": "from shop.all import All, TIN\nfrom shop.flags import asks, is_on\n"
        "is_on(All.CART)  # read: cart\nis_on(flag=TIN)  # read: tin\nis_on('lid')  # read: lid\n"
        "asks(TIN)  # read: tin [wrapper shop.flags.asks]\n",
    }
    objects = [{"constructor": "shop.flags.Flag", "key": {"position": 0}, "default": {"position": 1}}]
    calls = [{"function": "shop.flags.is_on", "key": {"position": 0, "keyword": "flag"}}]
    check(files, objects=objects, calls=calls, scope=scope)
    found = search(files, objects=objects, calls=calls, scope=scope).references
    assert [item.default.text for item in found if item.kind == "read" and item.default] == ["True"]


def test_an_object_of_one_sdk_is_no_key_of_another() -> None:
    code = "from edx_toggles.toggles import WaffleSwitch\nfrom waffle import switch_is_active\n"
    code += "CART = WaffleSwitch('cart')  # declaration: cart\nswitch_is_active(CART)  # read: ?\n"
    check({"shop.py": code}, sdks=["edx-toggles", "waffle"])


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("F.CART.is_on()", "cart"),
        ("F.CART.enabled", "cart"),
        ("F.CART.value.is_on()", "cart"),
        ("F['TIN'].is_on()", "tin"),
        ("ask(F.CART)", "cart"),
        ("F.CART.other()", ""),
        ("F.CART.name", ""),
        ("F.CART.is_on", ""),
    ],
)
def test_a_member_that_is_a_flag_object_is_read_as_the_object_is(asked: str, expected: str) -> None:
    flags = "from enum import Enum\nfrom typing import NamedTuple\n"
    flags += "class Row(NamedTuple):\n    name: str\n"
    flags += "class Base(Enum):\n    def is_on(self):\n        return lookup(self)\n    def other(self): ...\n"
    flags += "class F(Base):\n    CART = Row('cart')\n    TIN = Row('tin')\n"
    objects = [
        {"constructor": "flags.Row", "key": {"position": 0}, "reads": [{"method": "is_on"}, {"attribute": "enabled"}]}
    ]
    page = f"from flags import F\nfrom asking import ask\n{asked}\n"
    calls = [{"function": "asking.ask", "key": {"position": 0}}]
    found = search({"flags.py": flags, "page.py": page}, objects=objects, calls=calls).references
    assert [spelled(item) for item in found if item.kind == "read"] == [expected] * bool(expected)


def test_a_leading_mark_inverts_a_decorator() -> None:
    code = (
        "from waffle.decorators import waffle_flag\n"
        "@waffle_flag('!cart')\n"
        "def f(request): ...\n"
        "@waffle_flag('tin')\n"
        "def g(request): ...\n"
    )
    found = search({"views.py": code}, sdks=["waffle"]).references
    assert [("inverted" in item.traits, item.role) for item in found] == [(True, "decorator"), (False, "decorator")]


def test_a_list_of_keys_feeds_a_batch_read_and_lookups_in_its_result() -> None:
    calls = [{"function": "flags.batch", "key": {"position": 0, "keyword": "names", "many": True}}]
    check(
        {
            "flags.py": "def batch(names): ...\n",
            "use.py": "import flags\nKEYS = ['one', 'two']\nfound = flags.batch(KEYS)  # read: one|two\n"
            "found['one']  # read: one [batch]\nfound.get('two')  # read: two [batch]\nother = {}\nother['one']\n",
        },
        calls=calls,
    )


def test_lookups_in_a_dictionary_of_flags_are_reads() -> None:
    check(
        {
            "views.py": (
                "from django.conf import settings\n"
                "settings.FEATURES['CART']  # read: CART\n"
                "settings.FEATURES.get('TIN', False)  # read: TIN\n"
                "settings.OTHERS['CART']\n"
                "FEATURES = {}\n"
                "FEATURES['CART']\n"
            )
        },
        sdks=["dictionary"],
    )


@pytest.mark.parametrize(
    "code",
    [
        "def test_a():\n    with override_flag('cart', active=True):  # override: cart\n        pass",
        "@override_flag('cart', True)  # override: cart\ndef test_a(): ...",
        "class TestA:\n    @override_switch('cart', active=False)  # override: cart\n    def test_a(self): ...",
        "@override_flag('cart', True)  # override: cart\nclass TestA: ...",
        (
            "KEY = 'cart'\n"
            "def test_a():\n"
            "    with override_flag(KEY, active=True):  # override: cart [constant tests.test_a.KEY]\n"
            "        pass"
        ),
        (
            "def test_a():\n"
            "    with override_flag('a', True), override_switch('b', True):  # override: a; override: b\n"
            "        pass"
        ),
    ],
)
def test_finds_overrides_as_context_managers_and_decorators(code: str) -> None:
    check({"tests/__init__.py": "", "tests/test_a.py": TESTING + code}, sdks=["waffle"])


@pytest.mark.parametrize(
    ("arguments", "default"),
    [
        ('"FEATURE_A"', None),
        ('"FEATURE_A", "FEATURE_B"', "'FEATURE_B'"),
        ('"FEATURE_A", default="FEATURE_B"', "'FEATURE_B'"),
        ('"FEATURE_A", cast=bool, default=False', "False"),
        ('"FEATURE_A", cast=bool', None),
        ('default="FEATURE_B", key="FEATURE_A"', "'FEATURE_B'"),
        ('option="FEATURE_A", default="FEATURE_B"', "'FEATURE_B'"),
    ],
)
def test_the_default_of_a_lookup_is_no_key(arguments: str, default: str | None) -> None:
    calls = "".join(f"{name}({arguments})\n" for name in ("os.getenv", "os.environ.get", "config"))
    code = f"import os\nfrom decouple import config\n{calls}"
    found = [ref for ref in search({"shop.py": code}, sdks=["environment"]).references if ref.sdk == "environment"]
    assert [keys_in(ref.key) for ref in found] == [("FEATURE_A",)] * 3
    assert {ref.default.text if ref.default else None for ref in found} == {default}


def test_finds_what_patches_and_stores_set_in_a_dictionary_of_flags() -> None:
    code = """from unittest.mock import patch
from django.conf import settings

@patch.dict(settings.FEATURES, {"CART": True})  # override: CART
def test_one():
    settings.FEATURES["TIN"] = True  # override: TIN
    with patch.dict("django.conf.settings.FEATURES", JAR=False):  # override: JAR
        pass
    with patch.dict({}, {"CART": True}):
        pass
"""
    check({"tests/test_a.py": code}, sdks=["dictionary"])


def test_rows_of_flags_are_overrides_in_a_test_and_declarations_elsewhere() -> None:
    code = "from waffle.models import Flag\nfrom shop.models import Product\n"
    check(
        {
            "tests/test_a.py": code
            + (
                "def test_a():\n"
                "    Flag.objects.create(name='cart')  # override: cart\n"
                "    Product.objects.create(name='cart')\n"
            ),
            "shop/seed.py": code + "Flag.objects.create(name='cart')  # declaration: cart\n",
        },
        sdks=["waffle"],
    )


@pytest.mark.parametrize(
    ("override", "code"),
    [
        (
            {"function": "kit.features", "by_keyword_name": True},
            "with features(cart=True, tin=False):  # override: cart|tin\n    pass",
        ),
        (
            {"function": "kit.features", "mapping": {"position": 0}},
            "with features({'cart': True}):  # override: cart\n    pass",
        ),
        (
            {"function": "kit.features", "mapping": {"position": 0}},
            "with features(['cart']):  # override: cart\n    pass",
        ),
        ({"function": "kit.features", "key": {"position": 0}}, "features(name())"),
    ],
)
def test_overrides_of_a_company_are_found_as_its_configuration_says(override: dict[str, object], code: str) -> None:
    code = "import pytest\nfrom kit import features\ndef test_a():\n    " + code.replace("\n", "\n    ")
    check({"tests/test_a.py": code}, overrides=[override])


def test_an_override_that_takes_no_value_says_what_it_sets() -> None:
    overrides = [{"function": "kit.enable", "key": {"position": 0}, "sets": True}]
    code = "import pytest\nfrom kit import enable\ndef test_a():\n    enable('cart')\n"
    (found,) = search({"tests/test_a.py": code}, overrides=overrides).references
    assert found.default is not None
    assert found.default.value is True


@pytest.mark.parametrize(
    ("path", "code", "is_test"),
    [
        ("tests/kit.py", "", True),
        ("test_connection.py", "", False),
        ("test_cart.py", "import pytest\n", True),
        ("checks.py", "import pytest\ndef test_a(): ...\n", True),
        ("checks.py", "import pytest\n", False),
    ],
)
def test_place_and_content_decide_whether_a_file_is_a_test(path: str, code: str, is_test: bool) -> None:
    (found,) = search({path: code + "from waffle import switch_is_active\nswitch_is_active('cart')\n"}).references
    assert found.is_test is is_test


_FEATURES = """\
from pydantic import BaseModel, Field

class Features(BaseModel):
    model_config = {}
    _private = 1
    new_cart: bool = False  # declaration: new_cart
    gift_cards: bool = Field(default=True, description="x")  # declaration: gift_cards
    page_size: int  # declaration: page_size

    def total(self):
        return self.page_size * 2  # read: page_size [model field]

class Other(BaseModel):
    new_cart: bool = False

features = Features()
"""


@pytest.mark.parametrize("scope", ["project", "file"])
def test_the_fields_of_a_model_are_flags_and_its_attributes_read_them(scope: str) -> None:
    check(
        {
            "shop/__init__.py": "",
            "shop/settings.py": _FEATURES,
            "shop/cart.py": (
                "from shop import settings\n"
                "from shop.settings import Features, Other, features\n\n"
                "def cart(given: Features, other: Other):\n"
                "    if features.new_cart and settings.features.gift_cards:  # read: new_cart; read: gift_cards\n"
                "        return given.page_size  # read: page_size\n"
                "    return other.new_cart, Features.gift_cards  # read: gift_cards\n"
            ),
        },
        declarations=[{"model": "shop.settings.Features"}],
        scope=scope,
    )


def test_the_default_of_a_field_is_its_value() -> None:
    found = search({"shop/settings.py": _FEATURES}, declarations=[{"model": "shop.settings.Features"}]).references
    defaults = {item.key.key: item.default.text if item.default else None for item in found if item.role == "field"}
    assert defaults == {"new_cart": "False", "gift_cards": "True", "page_size": None}


def test_what_other_modules_add_to_a_dictionary_of_flags_is_declared_there() -> None:
    check(
        {
            "shop/__init__.py": "",
            "shop/settings/__init__.py": "",
            "shop/settings/base.py": "FEATURES = {\n    'A': False,  # declaration: A\n}\nOTHERS = {'Z': True}\n",
            "shop/settings/production.py": (
                "from shop.settings.base import *\n"
                "FEATURES['A'] = True  # declaration: A\n"
                "FEATURES.update({'C': True}, D=True)  # declaration: C; declaration: D\n"
                "FEATURES.setdefault('E', False)  # declaration: E\n"
                "OTHERS.update(Y=1)\n"
                "OTHERS.setdefault('X', 1)\n"
            ),
            "shop/settings/staging.py": (
                "from .base import *\n"
                "FEATURES = {**FEATURES, 'F': True}  # declaration: F\n"
                "OTHERS = {**OTHERS, 'W': True}\n"
            ),
            "shop/settings/local.py": (
                "from .base import FEATURES\nFEATURES = FEATURES | {'G': True}  # declaration: G\n"
            ),
            "shop/other.py": "FEATURES = {'V': True}\nFEATURES = {**FEATURES, 'U': True}\n",
        },
        declarations=[{"dictionary": "shop.settings.base.FEATURES"}],
    )


@pytest.mark.parametrize("declared", [{"enum": "flags.F"}, {"enum": "flags.Other"}])
def test_a_member_of_a_declared_enumeration_is_a_sure_key(declared: dict[str, str]) -> None:
    flags = "from enum import StrEnum\nclass F(StrEnum):\n    CART = 'cart'\nclass Other(StrEnum):\n    TIN = 'tin'\n"
    reads = "client.get_boolean_value(F.CART, False)\nclient.get_boolean_value(F('cart'), False)\n"
    page = f"from flags import F\n{CLIENT}{reads}"
    found = search({"flags.py": flags, "page.py": page}, declarations=[declared]).references
    assert [(spelled(item), "open-key" in item.traits) for item in found if item.kind == "read"] == [
        ("cart", False)
    ] * 2
