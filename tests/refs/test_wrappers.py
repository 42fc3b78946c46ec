"""Functions that read a flag for their callers: found in the program, however many calls deep, and told from others."""

import pytest
from reference_kit.projects import CLIENT, check, search, spelled

from flaglint.errors import ConfigError
from flaglint.refs import find_in_source
from flaglint.refs.packs import load_packs, project_pack

ON = CLIENT + "def on(key, user=None):\n    return client.get_boolean_value(key, False)\n"


@pytest.mark.parametrize(
    "code",
    [
        'on("cart")  # read: cart [wrapper shop.on]',
        'on(key="cart")  # read: cart',
        'on(user=1, key="cart")  # read: cart',
        'def deeper(k):\n    return on(k)\ndeeper("cart")  # read: cart [wrapper shop.deeper]',
        'def new(name):\n    return on(f"new-{name}")\nnew("cart")  # read: new-cart [wrapper shop.new]',
        'def low(name):\n    return on(name.lower())\nlow("CART")  # read: cart [wrapper shop.low]',
        'def dashed(name):\n    return on("x-" + name.replace("_", "-"))\ndashed("a_b")  # read: x-a-b',
        'def on_default(key="cart"):\n    return on(key)\non_default()  # read: cart',
        'def through(*args, **kwargs):\n    return on(*args, **kwargs)\nthrough("cart")  # read: cart',
        'also = on\nalso("cart")  # read: cart',
        'check = lambda key: on(key)\ncheck("cart")  # read: cart',
        'from functools import partial\nbound = partial(on, "cart")\nbound()  # read: cart',
        (
            "class Gate:\n"
            "    def on(self, key):\n"
            "        return on(key)\n"
            'Gate().on("cart")  # read: cart [wrapper shop.Gate.on]'
        ),
        'class Gate:\n    @staticmethod\n    def on(key):\n        return on(key)\nGate.on("cart")  # read: cart',
        'class Gate:\n    @classmethod\n    def on(cls, key):\n        return on(key)\nGate.on("cart")  # read: cart',
        (
            "class Gate:\n"
            "    def __init__(self, key):\n"
            "        self.key = key\n"
            "    def on(self):\n"
            "        return on(self.key)\n"
            'Gate("cart").on()  # read: cart'
        ),
        'async def later(key):\n    return on(key)\nasync def f():\n    await later("cart")  # read: cart',
        (
            "def gated(key):\n"
            "    def decorate(f):\n"
            "        def inner():\n"
            "            return on(key)\n"
            "        return inner\n"
            "    return decorate\n"
            '@gated("cart")  # read: cart\n'
            "def f(): ..."
        ),
        'class A:\n    def f(self, key):\n        return on(key)\nclass B(A):\n    pass\nB().f("cart")  # read: cart',
    ],
)
def test_a_call_of_a_wrapper_is_a_read_of_the_key_it_passes(code: str) -> None:
    check({"shop.py": ON + code})


@pytest.mark.parametrize(
    "code",
    [
        'def cart():\n    return on("cart")  # read: cart\ncart()  # read: cart [wrapper shop.cart]',
        'def cart():\n    return not on("cart")  # read: cart\ncart()  # read: cart',
        'class A:\n    @property\n    def cart(self):\n        return on("cart")  # read: cart\nA().cart  # read: cart',
        'cart = lambda: on("cart")  # read: cart\ncart()  # read: cart',
        (
            "class A:\n"
            "    def __init__(self, flags=None):\n"
            "        self.flags = flags or api.get_client()\n"
            "    def cart(self):\n"
            '        return self.flags.get_boolean_value("cart", False)  # read: cart\n'
            "A().cart()  # read: cart [wrapper shop.A.cart]"
        ),
    ],
)
def test_a_function_of_a_fixed_key_and_its_calls_are_all_reads(code: str) -> None:
    check({"shop.py": ON + code})


@pytest.mark.parametrize(
    "code",
    [
        'def page():\n    if on("cart"):  # read: cart\n        return 1\n    return 2\npage()',
        (
            "def render(template):\n"
            '    if on("cart"):  # read: cart\n'
            "        print(template)\n"
            "    return template\n"
            'render("tin")'
        ),
        'def both():\n    return on("a") and on("b")  # read: a; read: b\nboth()',
        'def page():\n    return on("cart"), 1  # read: cart\npage()',
    ],
)
def test_a_function_that_only_contains_a_read_is_no_wrapper(code: str) -> None:
    check({"shop.py": ON + code})


def test_finds_wrappers_through_files_until_no_new_one_appears() -> None:
    files = {
        "shop/__init__.py": "",
        "shop/a.py": CLIENT + "def one(key):\n    return client.get_boolean_value(key, False)\n",
        "shop/b.py": "from shop.a import one\ndef two(name):\n    return one(name)\n",
        "shop/c.py": "from shop import b\ndef three(flag):\n    return b.two(flag)\n",
        "use.py": "from shop.c import three\nthree('cart')  # read: cart [wrapper shop.b.two]\n",
    }
    check(files)
    names = [(item.qualname, item.parameter) for item in search(files).wrappers]
    assert names == [("shop.a.one", "key"), ("shop.b.two", "name"), ("shop.c.three", "flag")]


def test_wrappers_that_call_each_other_come_to_an_end() -> None:
    check(
        {
            "shop.py": ON
            + "def a(key, n):\n    return b(key, n - 1) if n else on(key)\n"
            + "def b(key, n):\n    return a(key, n)\na('cart', 3)  # read: cart\nb('tin', 3)  # read: tin\n"
        }
    )


def test_two_functions_of_one_name_in_two_modules_stay_two() -> None:
    check(
        {
            "flags.py": ON,
            "other.py": "def on(key):\n    return key\n",
            "a.py": "from flags import on\non('cart')  # read: cart\n",
            "b.py": "from other import on\non('cart')\n",
        }
    )


def test_says_whether_a_wrapper_inverts_and_whether_it_does_more() -> None:
    code = ON + (
        "def off(key):\n"
        "    return not on(key)\n"
        "def noted(key):\n"
        "    print(key)\n"
        "    return on(key)\n"
        "off('a')\n"
        "noted('b')\n"
    )
    traits = {item.span.start.line: item.traits for item in search({"shop.py": code}).references}
    assert "inverted" in traits[11]
    assert "mixed-wrapper" not in traits[11]
    assert "mixed-wrapper" in traits[12]


@pytest.mark.parametrize(("keys", "spelling"), [((), "?"), (("cart",), "?"), (("cart", "tin"), "cart|tin")])
def test_a_read_whose_key_can_only_be_guessed_is_one_all_the_same(keys: tuple[str, ...], spelling: str) -> None:
    files = {
        "page.py": "from waffle import switch_is_active\n\nif switch_is_active(gate.BETA):\n    pass\n",
        "names.py": "class Cart:\n    BETA = 'cart'\n\n\nclass Tin:\n    BETA = 'tin'\n",
    }
    (read,) = search(files, keys=keys).references
    assert (read.span.path, spelled(read)) == ("page.py", spelling)


def test_an_attribute_that_subclasses_set_is_the_key_of_the_read_in_their_base() -> None:
    check(
        {
            "shop/__init__.py": "",
            "shop/base.py": CLIENT
            + "class Provider:\n    required_feature = 'sso-basic'\n    def allowed(self):\n"
            + "        return client.get_boolean_value(self.required_feature, False)  # read: sso-basic|sso-saml\n",
            "shop/saml.py": (
                "from shop.base import Provider\nclass Saml(Provider):\n    required_feature = 'sso-saml'\n"
            ),
            "shop/other.py": "class Unrelated:\n    required_feature = 'sso-other'\n",
        }
    )


def test_a_function_that_a_project_names_is_its_own_also_where_a_shipped_pack_knows_it() -> None:
    calls = ({"function": "sentry.features.has", "key": {"position": 0}, "returns": "boolean"},)
    own = project_pack({"calls": calls}, lambda message, keys, advice: ConfigError(message))
    assert own is not None
    source = 'from sentry import features\n\n\ndef new():\n    return features.has("new")\n\n\nnew()\n'
    found = find_in_source(source, packs=(*load_packs(["sentry"]), own))
    reads = [(item.span.start.line, item.sdk, item.via[0]) for item in found if item.kind == "read"]
    assert reads == [(5, own.name, "literal"), (8, own.name, "wrapper example.new")]


GETTING = {
    "gates.py": CLIENT + "def get(key):\n    return client.get_boolean_value(key, False)\n\n\n"
    "class Gates:\n    def get(self, key):\n        return client.get_boolean_value(key, False)\n\n\ngates = Gates()\n",
    "keys.py": "CART = 'cart'\n",
}


@pytest.mark.parametrize("scope", ["project", "file"])
@pytest.mark.parametrize(
    "use",
    [
        "import gates\nfrom keys import CART\ngates.get(CART)  # read: cart",
        "import gates\ngates.get('cart')  # read: cart",
        "from gates import get\nfrom keys import CART\nget(CART)  # read: cart",
        "from gates import get as on\nfrom keys import CART\non(CART)  # read: cart",
        "from gates import Gates\nfrom keys import CART\nGates().get(CART)  # read: cart",
        "from gates import gates\nfrom keys import CART\ngates.get(CART)  # read: cart",
        "import gates, os\nfrom keys import CART\nos.environ.get(CART)\n{CART: 1}.get(CART)",
    ],
)
def test_a_wrapper_that_is_called_as_a_lookup_is_followed(use: str, scope: str) -> None:
    check({**GETTING, "use.py": use + "\n"}, scope=scope, given=["use.py"] if scope == "file" else ())


def test_what_a_framework_calls_is_called_by_nobody_else() -> None:
    page = "from django.views import View\n\n\nclass Page(View):\n    def get(self, key):\n"
    page += "        return client.get_boolean_value(key, False)\n"
    found = search({"shop.py": CLIENT + page, "use.py": "import shop\n{}.get('cart')\n"})
    assert not found.references


def test_a_wrapper_that_is_called_as_a_lookup_is_found_among_very_many_lookups() -> None:
    lookups = {f"lookup{number}.py": "x = {}.get('a')\n" for number in range(80)}
    use = "import gates\nfrom keys import CART\ngates.get(CART)  # read: cart\n"
    flags = "from config import FLAGS\nFLAGS.get('menu')  # read: menu\n"
    files = {**GETTING, **lookups, "use.py": use, "config.py": "FLAGS = {}\n", "plain.py": flags}
    check(files, dictionaries=[{"name": "config.FLAGS"}])


PROVIDER = "class Provider:\n    async def is_on(self, name, who): ...\nclass Lamp:\n    def is_on(self, name): ...\n"


@pytest.mark.parametrize(
    "code",
    [
        'Provider().is_on("cart", 1)  # read: cart',
        'class App:\n    provider: Provider\ndef f(a: App):\n    a.provider.is_on(who=1, name="cart")  # read: cart',
        'Lamp().is_on("cart")',
    ],
)
def test_a_call_of_the_configuration_may_name_a_class_of_the_program_as_its_client(code: str) -> None:
    calls = [{"method": "is_on", "clients": "gates.Provider", "key": {"position": 0, "keyword": "name"}}]
    check({"gates.py": PROVIDER, "shop.py": f"from gates import Lamp, Provider\n{code}\n"}, calls=calls)


@pytest.mark.parametrize(
    ("calls", "expected"),
    [
        ([{"method": "has_feature", "key": {"position": 0}}], ["cart"]),
        ([{"method": "has_feature", "clients": "other.Event", "key": {"position": 0}}], []),
        ([], []),
    ],
)
def test_a_method_of_the_configuration_counts_on_what_a_base_from_outside_gives(
    calls: list[dict[str, object]], expected: list[str]
) -> None:
    code = "from outside import Model\nclass Page(Model):\n    def show(self):\n"
    code += "        return self.event.has_feature('cart'), self.event.has_feature('no-flag')\n"
    found = search({"shop.py": code}, calls=calls, keys=["cart"]).references
    assert [spelled(item) for item in found if item.kind == "read"] == expected
    assert all(item.confidence == "likely" for item in found if item.kind == "read")
