"""A key that nobody registered is read where a wrapper is called by another name: in a project as in a file."""

import pytest
from reference_kit.projects import CLIENT, search, spelled

GATE = (
    CLIENT
    + "def on(key):\n    return client.get_boolean_value(key, False)\n\n\n"
    + "class Gate:\n    def ask(self, key):\n        return client.get_boolean_value(key, False)\n"
)
FLAGS = "from flask import current_app\n\nimport superset\n\n"
ON = "from gate import on\n"


def keys_in_page(middle: str, page: str, scope: str) -> list[str]:
    files = {"gate.py": GATE, "middle.py": middle, "page.py": page}
    given = ["page.py"] if scope == "file" else ()
    found = search(files, scope=scope, given=given).references
    return [spelled(item) for item in found if item.span.path == "page.py"]


@pytest.mark.parametrize(
    ("middle", "page"),
    [
        (ON + "first, other = 1, on\n", "from middle import other\nother('tin')\n"),
        (ON + "TABLE = {'a': on}\n", "from middle import TABLE\nTABLE['a']('tin')\n"),
        (ON + "TABLE = {'a': on}\n", "from middle import TABLE\nTABLE.get('a')('tin')\n"),
        (ON + "TABLE = [on]\n", "from middle import TABLE\nfor ask in TABLE:\n    ask('tin')\n"),
        (ON + "TABLE = (on,)\n", "from middle import TABLE\nask = TABLE[0]\nask('tin')\n"),
        (
            ON + "class Shop:\n    def __init__(self):\n        self.asks = on\n",
            "from middle import Shop\nShop().asks('tin')\n",
        ),
        (ON + "asks = on if DEBUG else None\n", "from middle import asks\nasks('tin')\n"),
        (ON + "asks = None or on\n", "from middle import asks\nasks('tin')\n"),
        (
            ON + "class Shop:\n    def __init__(self, ask=on):\n        self.asks = ask\n",
            "from middle import Shop\nShop().asks('tin')\n",
        ),
        (
            ON + "class Shop:\n    def __init__(self, ask):\n        self.asks = ask\n\n\nshop = Shop(on)\n",
            "import middle\nmiddle.shop.asks('tin')\n",
        ),
        (
            ON + "import functools\n\n\ndef chosen():\n    return on\n\n\nasks = functools.partial(chosen())\n",
            "from middle import asks\nasks('tin')\n",
        ),
        (
            FLAGS + "held = current_app.config['FEATURE_FLAGS']\nasks = held.get\n",
            "import middle\nmiddle.asks('tin')\n",
        ),
        (
            FLAGS + "def asks(key):\n    find = current_app.config['FEATURE_FLAGS'].get\n    return find(key)\n",
            "from middle import asks\nasks('tin')\n",
        ),
        (ON + "def chosen():\n    return on\n", "from middle import chosen\nchosen()('tin')\n"),
        (ON + "def chosen():\n    return on\n", "from middle import chosen\nasks = chosen()\nasks('tin')\n"),
        (
            ON + "def below(prefix):\n    return lambda key: on(prefix + key)\n",
            "from middle import below\nbelow('t')('in')\n",
        ),
        (
            ON + "def below(prefix):\n    def inner(key):\n        return on(prefix + key)\n    return inner\n",
            "from middle import below\nbelow('t')('in')\n",
        ),
        (
            ON + "class Shop:\n    @property\n    def asks(self):\n        return on\n",
            "from middle import Shop\nShop().asks('tin')\n",
        ),
        ("import gate\nasks = getattr(gate, 'on')\n", "from middle import asks\nasks('tin')\n"),
        (FLAGS + "held = current_app.config['FEATURE_FLAGS']\n", "from middle import held\nheld['tin']\n"),
        (FLAGS + "held = current_app.config['FEATURE_FLAGS']\n", "import middle\nmiddle.held.get('tin')\n"),
        (
            FLAGS + "def held():\n    return current_app.config['FEATURE_FLAGS']\n",
            "import middle\nmiddle.held()['tin']\n",
        ),
        (
            FLAGS + "class Shop:\n    def __init__(self):\n        self._held = current_app.config['FEATURE_FLAGS']\n"
            "    def has(self, key):\n        return self._held[key]\n",
            "from middle import Shop\nShop().has('tin')\n",
        ),
        (
            "import waffle\n\nTable = waffle.get_waffle_flag_model()\n",
            "from middle import Table\nTable.objects.filter(name='tin')\n",
        ),
    ],
)
def test_what_is_handed_on_is_followed_in_a_project_as_in_a_file(middle: str, page: str) -> None:
    assert keys_in_page(middle, page, "file") == ["tin"]
    assert keys_in_page(middle, page, "project") == ["tin"]


@pytest.mark.parametrize(
    ("middle", "page"),
    [
        ("TABLE = {'a': len}\n", "from middle import TABLE\nTABLE['a']('tin')\n"),
        (ON + "TABLE = {'a': on('cup')}\n", "from middle import TABLE\nTABLE['a']('tin')\n"),
        (ON + "TABLE = {'on': 1}\n", "from middle import TABLE\nTABLE['on']('tin')\n"),
        (
            "class Shop:\n    def __init__(self, on):\n        self.asks = on\n",
            "from middle import Shop\nShop(len).asks('tin')\n",
        ),
        (
            ON + "class Shop:\n    def __init__(self, ask):\n        self.asks = ask\n\n\nshop = Shop(on('cup'))\n",
            "import middle\nmiddle.shop.asks('tin')\n",
        ),
        (
            ON + "class Shop:\n    def __init__(self, ask, on):\n        self.asks = ask\n\n\nshop = Shop(len, on)\n",
            "import middle\nmiddle.shop.asks('tin')\n",
        ),
        (ON + "def chosen():\n    return [on('cup')]\n", "from middle import chosen\nchosen()['tin']\n"),
        (
            FLAGS + "def shown():\n    held = current_app.config['FEATURE_FLAGS']\n    return len(held)\n",
            "held = {}\nheld['tin']\n",
        ),
        (FLAGS + "held = current_app.config['LIMITS']\n", "from middle import held\nheld['tin']\n"),
    ],
)
def test_what_only_looks_like_it_is_left_alone(middle: str, page: str) -> None:
    assert keys_in_page(middle, page, "file") == []
    assert keys_in_page(middle, page, "project") == []
