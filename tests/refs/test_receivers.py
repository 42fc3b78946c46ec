"""What a read is called on: every way in which code gets hold of a client, and objects that only look like one."""

import pytest
from reference_kit.projects import CLIENT, check, references

READ = 'get_boolean_value("cart", False)'


@pytest.mark.parametrize(
    "code",
    [
        f"from openfeature import api\napi.get_client().{READ}  # read: cart",
        f"from openfeature.api import get_client as make\nmake().{READ}  # read: cart",
        f"import openfeature.api\nopenfeature.api.get_client().{READ}  # read: cart",
        f"import openfeature.api as of\nof.get_client().{READ}  # read: cart",
        (
            "try:\n"
            "    from openfeature import api\n"
            "except ImportError:\n"
            "    api = None\n"
            f"api.get_client().{READ}  # read: cart"
        ),
        (
            "from openfeature import api\n"
            "class A:\n"
            "    client = api.get_client()\n"
            "    def f(self):\n"
            f"        self.client.{READ}  # read: cart"
        ),
        (
            "from openfeature import api\n"
            "class A:\n"
            "    def __init__(self):\n"
            "        self.c = api.get_client()\n"
            "    def f(self):\n"
            f"        self.c.{READ}  # read: cart\n"
            "class B(A):\n"
            "    def g(self):\n"
            f"        self.c.{READ}  # read: cart"
        ),
        f"from openfeature import api\ndef make():\n    return api.get_client()\nmake().{READ}  # read: cart",
        f"from openfeature.client import OpenFeatureClient\ndef f(c: OpenFeatureClient):\n    c.{READ}  # read: cart",
        "from openfeature.client import OpenFeatureClient\ndef f(c: 'OpenFeatureClient | None'):\n    pass",
        (
            "from openfeature.client import OpenFeatureClient\n"
            "def f(c: OpenFeatureClient | None):\n"
            f"    c.{READ}  # read: cart"
        ),
        (
            "from typing import Optional\n"
            "from openfeature.client import OpenFeatureClient\n"
            "def f(c: Optional[OpenFeatureClient]):\n"
            f"    c.{READ}  # read: cart"
        ),
        (
            "from openfeature.client import OpenFeatureClient\n"
            "def make() -> OpenFeatureClient: ...\n"
            f"make().{READ}  # read: cart"
        ),
        (
            "from openfeature import api\nclient = None\n"
            "def set_up():\n    global client\n    client = api.get_client()\n"
            f"def f():\n    client.{READ}  # read: cart"
        ),
        "from openfeature import api\nread = api.get_client().get_boolean_value\nread('cart', False)  # read: cart",
        (
            "from openfeature import api\n"
            "async def f():\n"
            "    return await api.get_client().get_boolean_value_async('cart', False)  # read: cart"
        ),
        f"from openfeature import api\nwith api.get_client() as c:\n    c.{READ}  # read: cart",
    ],
)
def test_follows_a_client_to_where_it_is_made(code: str) -> None:
    check({"shop.py": code})


@pytest.mark.parametrize(
    "code",
    [
        f"client.{READ}",
        f"import shop.charts as client\nclient.{READ}",
        f"class Own:\n    def get_boolean_value(self, key, default):\n        return default\nOwn().{READ}",
        f"{CLIENT}def f(client):\n    return [client for client in client]",
        f"{CLIENT}def f(things):\n    for client in things:\n        client.{READ}",
        f"{CLIENT}def f(things):\n    return [client.{READ} for client in things]",
        f"{CLIENT}def f():\n    import shop.charts as client\n    client.{READ}",
        f"{CLIENT}def f():\n    with open('x') as client:\n        client.{READ}",
        f"{CLIENT}def f():\n    try:\n        pass\n    except Exception as client:\n        client.{READ}",
        f"{CLIENT}def f(x):\n    match x:\n        case {{'c': client}}:\n            client.{READ}",
        f"{CLIENT}x = (lambda client: client.{READ})(1)",
        (
            "from waffle import flag_is_active\n"
            "def f(flag_is_active, request):\n"
            "    return flag_is_active(request, 'cart')"
        ),
        (
            "from waffle import switch_is_active\n"
            "def f():\n"
            "    def switch_is_active(name):\n"
            "        return name\n"
            "    switch_is_active('cart')"
        ),
        "def switch_is_active(name):\n    return name\nswitch_is_active('cart')",
    ],
)
def test_leaves_other_things_of_the_same_name_alone(code: str) -> None:
    check({"shop.py": code})


def test_a_module_of_a_package_that_is_called_like_an_sdk_is_not_that_sdk() -> None:
    check(
        {
            "shop/__init__.py": "",
            "shop/waffle.py": "def switch_is_active(name):\n    return name\n",
            "shop/use.py": "from . import waffle\nfrom .waffle import switch_is_active\n"
            "waffle.switch_is_active('cart')\nswitch_is_active('cart')\n",
        },
        sdks=["waffle"],
    )


def test_a_generic_method_counts_only_with_a_registered_key() -> None:
    code = "import UnleashClient\ndef f(client):\n    return client.is_enabled('cart'), client.is_enabled('basket')\n"
    assert references(code, keys={"cart"}, sdks=["unleash"]) == ["3 read cart element literal"]
    assert references(code, sdks=["unleash"]) == []


def test_a_name_of_a_class_body_is_no_name_in_its_methods() -> None:
    check(
        {
            "shop.py": (
                "from waffle import switch_is_active\n"
                "class A:\n"
                "    def switch_is_active(self, name):\n"
                "        return name\n"
                "    def f(self):\n"
                "        self.switch_is_active('no')\n"
                "        switch_is_active('cart')  # read: cart\n"
            )
        }
    )


def test_follows_an_argument_object_that_stands_in_a_local() -> None:
    calls = [
        {
            "function": "flipt.boolean",
            "key": {"position": 0, "inside": {"keyword": "flag_key"}},
        }
    ]
    code = (
        "import flipt\nflipt.boolean(flipt.Request(flag_key='direct'))  # read: direct\n"
        "def f():\n    request = flipt.Request(flag_key='cart')\n    flipt.boolean(request)  # read: cart\n"
        "def g(request):\n    flipt.boolean(request)  # read: ?\n"
    )
    check({"shop.py": code}, calls=calls)


def test_takes_what_a_fallback_function_returns_for_the_fallback() -> None:
    from reference_kit.projects import search

    code = (
        "from UnleashClient import UnleashClient\n"
        "c = UnleashClient()\n"
        "c.is_enabled('cart', fallback_function=lambda f, x: True)\n"
    )
    (found,) = search({"shop.py": code}).references
    assert found.default is not None
    assert found.default.value is True
