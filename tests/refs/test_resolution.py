"""Which key a read reads, and through what; and what only looks like a read.

Each case is a small program. The names of its files say where its modules are.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flaglint.model import Kind, Literal, OneOf, Pattern, Reference
from flaglint.refs import find_references
from flaglint.refs.packs import load_packs

CLIENT = (
    "import ldclient\n\n\ndef on(key='k-default', user=None):\n    return ldclient.get().variation(key, user, False)\n"
)
SERVICE = """\
class Service:
    def __init__(self, c=None):
        self.c = {made}

    def go(self):
        return self.c.variation('k', 1, False)
"""
PROBE = '''\
"""client.get_boolean_value("in-docstring", False)"""
from enum import Enum

from openfeature import api

client = api.get_client()
CONSTANT = "constant"


class Keys:
    ATTRIBUTE = "class-attribute"


class Flags(Enum):
    MEMBER = "enum-member"


def enabled(name):
    return client.get_boolean_value(name, False)


def probe(part):
    client.get_boolean_value("literal", False)
    client.get_boolean_value(
        "multi-line",
        False,
    )
    client.get_boolean_value(default_value=True, flag_key="keyword")
    client.get_boolean_value(CONSTANT, False)
    client.get_boolean_value(Keys.ATTRIBUTE, False)
    client.get_boolean_value(Flags.MEMBER.value, False)
    enabled("wrapper")
    client.get_boolean_value(f"ui-{part}", False)
    # client.get_boolean_value("commented-out", False)
    return 'client.get_boolean_value("in-a-string", False)'
'''


def references(files: dict[str, str], keys: frozenset[str] = frozenset()) -> tuple[Reference, ...]:
    contents = {path: text.encode() for path, text in files.items()}
    packs = load_packs(None)
    return find_references(
        Path("/nonexistent"), list(contents), packs=packs, keys=keys, contents=contents, jobs=1
    ).references


def read(files: dict[str, str], keys: frozenset[str] = frozenset()) -> list[str]:
    """Return the keys that are read, a pattern with its stars, several possible keys with bars, in order of place."""
    return [spelt(ref) for ref in references(files, keys) if ref.kind is Kind.READ]


def spelt(reference: Reference) -> str:
    match reference.key:
        case Literal(key):
            return key
        case OneOf(keys):
            return "|".join(keys)
        case Pattern() as pattern:
            return pattern.glob
    return "?"


def test_finds_eight_shapes_of_a_read_and_neither_decoy() -> None:
    assert read({"probe.py": PROBE}) == [
        "literal",
        "multi-line",
        "keyword",
        "constant",
        "class-attribute",
        "enum-member",
        "wrapper",
        "ui-*",
    ]


def test_says_how_each_key_was_resolved() -> None:
    via = {spelt(ref): ref.via for ref in references({"probe.py": PROBE}) if ref.kind is Kind.READ}
    assert via["literal"] == via["multi-line"] == via["keyword"] == ("literal",)
    assert via["constant"] == ("constant probe.CONSTANT",)
    assert via["class-attribute"] == ("class attribute probe.Keys.ATTRIBUTE",)
    assert via["enum-member"] == ("enum probe.Flags.MEMBER",)
    assert via["wrapper"] == ("wrapper probe.enabled",)


def test_a_default_is_that_of_the_call_or_of_the_wrapper() -> None:
    found = {spelt(ref): ref.default for ref in references({"probe.py": PROBE}) if ref.kind is Kind.READ}
    assert {key: default.text if default else None for key, default in found.items()} == {
        **dict.fromkeys(found, "False"),
        "keyword": "True",
    }


@pytest.mark.parametrize(
    ("code", "keys"),
    [
        ("on('k-' 'joined')", ["k-joined"]),
        ("PREFIX = 'k-'\non(PREFIX + 'added')", ["k-added"]),
        ("PREFIX = 'k-'\non(f'{PREFIX}made')", ["k-made"]),
        ("on('k-{}'.format('formatted'))", ["k-formatted"]),
        ("on('k-%s' % 'percent')", ["k-percent"]),
        ("KEYS = {'a': 'k-a', 'b': 'k-b'}\non(KEYS['b'])", ["k-b"]),
        ("KEYS = {'a': 'k-a', 'b': 'k-b'}\ndef f(x):\n    on(KEYS[x])", ["k-a|k-b"]),
        ("from enum import StrEnum\nclass K(StrEnum):\n    A = 'k-a'\non(K.A)", ["k-a"]),
        ("from typing import NamedTuple\nclass K(NamedTuple):\n    a: str = 'k-a'\non(K().a)", ["k-a"]),
        ("from dataclasses import dataclass\n@dataclass\nclass K:\n    a: str = 'k-a'\non(K().a)", ["k-a"]),
        ("on()", ["k-default"]),
        ("on(user=1, key='k-named')", ["k-named"]),
        ("on(**{'key': 'k-unpacked'})", ["k-unpacked"]),
        ("from functools import partial\nfixed = partial(on, 'k-partial')\nfixed()", ["k-partial"]),
        ("from functools import partial\nmine = partial(on, user=1)\nmine('k-later')", ["k-later"]),
        ("short = lambda key: on(key)\nshort('k-lambda')", ["k-lambda"]),
        ("def outer(name):\n    def inner(n):\n        return on(n)\n    return inner('k-inner')", ["k-inner"]),
        ("for key in ['k-a', 'k-b']:\n    on(key)", ["k-a|k-b"]),
        ("[on(key) for key in ('k-a', 'k-b')]", ["k-a|k-b"]),
        ("def f(x):\n    on('k-a' if x else 'k-b')", ["k-a|k-b"]),
        ("def f(x):\n    on(f'k-{x}-end')", ["k-*-end"]),
        ("def f(x):\n    on(x)", []),
    ],
)
def test_resolves_a_key_that_a_reader_can_tell(code: str, keys: list[str]) -> None:
    assert read({"gates.py": CLIENT, "use.py": f"from gates import on\n{code}\n"}) == keys


@pytest.mark.parametrize(
    "files",
    [
        {"use.py": "from gates import on as enabled\nenabled('k')\n"},
        {"use.py": "import gates\ngates.on('k')\n"},
        {"use.py": "import gates as g\ng.on('k')\n"},
        {"use.py": "from gates import *\non('k')\n"},
        {"keys.py": "K = 'k'\n", "use.py": "from gates import on\nfrom keys import K\non(K)\n"},
        {"keys.py": "K = 'k'\n", "use.py": "import keys\nfrom gates import on\non(keys.K)\n"},
        {"front/__init__.py": "from gates import on\n", "use.py": "from front import on\non('k')\n"},
        {"app/gates.py": CLIENT, "app/__init__.py": "", "app/use.py": "from .gates import on\non('k')\n"},
        {
            "app/__init__.py": "from .k import K\n",
            "app/k.py": "K = 'k'\n",
            "use.py": "import app, gates\ngates.on(app.K)\n",
        },
        {"near.py": "import gates\ndef far(x):\n    return gates.on(x)\n", "use.py": "import near\nnear.far('k')\n"},
    ],
)
def test_follows_names_from_module_to_module(files: dict[str, str]) -> None:
    assert read({"gates.py": CLIENT, **files}) == ["k"]


@pytest.mark.parametrize(
    "code",
    [
        "client = ldclient.get()\nclient.variation('k', 1, False)",
        "def make():\n    return ldclient.get()\nmake().variation('k', 1, False)",
        "def f(c: ldclient.LDClient):\n    c.variation('k', 1, False)",
        "def f(c: 'ldclient.LDClient'):\n    c.variation('k', 1, False)",
        SERVICE.format(made="ldclient.get()"),
        SERVICE.format(made="c or ldclient.get()"),
    ],
)
def test_resolves_what_the_method_is_called_on(code: str) -> None:
    found = references({"use.py": f"import ldclient\n{code}\n"})
    assert [(spelt(ref), ref.sdk, ref.confidence.value) for ref in found] == [("k", "launchdarkly", "certain")]


@pytest.mark.parametrize(
    "code",
    [
        "def f(on):\n    return on('k')",
        "def f():\n    on = print\n    on('k')",
        "# on('k')",
        "def f():\n    '''on('k')'''",
        "text = \"on('k')\"",
        "class Button:\n    def on(self, key):\n        return key\nButton().on('k')",
        "import other\nother.on('k')",
        "def g(key):\n    on('fixed')\ng('k')",
    ],
)
def test_leaves_what_only_looks_like_a_read_alone(code: str) -> None:
    assert "k" not in read({"gates.py": CLIENT, "use.py": f"from gates import on\n{code}\n"}, frozenset({"k"}))


def test_a_method_of_a_generic_name_is_a_likely_read_of_a_registered_key_alone() -> None:
    code = (
        "import UnleashClient\ndef f(features):\n    features.is_enabled('known')\n    features.is_enabled('strange')\n"
    )
    found = references({"use.py": code}, frozenset({"known"}))
    assert [(spelt(ref), ref.confidence.value) for ref in found if ref.kind is Kind.READ] == [("known", "likely")]


def test_a_property_of_a_fixed_key_makes_each_use_of_it_a_read() -> None:
    code = (
        "import ldclient\n"
        "class S:\n    @property\n    def new(self):\n        return ldclient.get().variation('k', 1, False)\n"
        "def f(s: S):\n    return s.new\n"
    )
    found = [ref for ref in references({"use.py": code}) if ref.kind is Kind.READ]
    assert [(spelt(ref), ref.span.start.line) for ref in found] == [("k", 5), ("k", 7)]


def test_a_site_that_costs_too_much_does_not_hide_those_after_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flaglint.refs.resolve.MAX_STEPS", 4)
    source = """\
import ldclient

ONE = "a"
TWO = ONE + ONE
THREE = TWO + TWO
FOUR = THREE + THREE
client = ldclient.get()


def f():
    client.variation(FOUR + FOUR, {}, False)


def g():
    return ldclient.get().variation("k", {}, False)
"""
    found = find_references(
        Path("/nonexistent"), ["m.py"], packs=load_packs(), keys=["k"], contents={"m.py": source.encode()}, jobs=1
    )
    assert [item.span.start.line for item in found.references if item.key == Literal("k")] == [15]
