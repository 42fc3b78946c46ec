"""A flag that code names which nobody can read stays defined, and is said to."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

REGISTRY = "version: 1\nflags:\n  old-cart: {serve: 'true'}\n  other: {serve: 'true'}\n"
READ = "from flaglint.evaluator import Evaluator\n\nflags = Evaluator.from_path('flags.yaml')\n"
UNKNOWN_ENCODING = f"# coding: nonsense\n{READ}if flags.boolean('old-cart', None, False):\n    print(1)\n"
BROKEN_STATEMENT = f"{READ}if flags.boolean('old-cart', None, False) and:\n    print(1)\n"


@pytest.mark.parametrize("hidden", [UNKNOWN_ENCODING, BROKEN_STATEMENT], ids=["file", "statement"])
def test_a_flag_that_unread_code_names_stays_in_the_registry(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path, hidden: str
) -> None:
    write({"flags.yaml": REGISTRY, "cart.py": hidden})
    ran = flaglint("remove", "old-cart", "--write")
    assert ran.code == 1
    assert ran.err.startswith("`old-cart` stays: look below\n0 reads\nlook at:\n  cart.py:")
    assert "(unparsable-file)" in ran.err
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY


@pytest.mark.parametrize("hidden", [UNKNOWN_ENCODING, BROKEN_STATEMENT], ids=["file", "statement"])
def test_a_flag_that_it_does_not_name_goes(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path, hidden: str
) -> None:
    write({"flags.yaml": REGISTRY, "cart.py": hidden})
    ran = flaglint("remove", "other", "--write")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "`other` goes: no code reads it")
    assert "other" not in (tmp_path / "flags.yaml").read_text()


COMPUTED = f"""\
import enum
import os
{READ}

class Flag(enum.Enum):
    CART = 'old-cart'


def cart(user):
    flag = Flag[os.environ['SHOWN']]
    return user if flags.boolean(flag.value, None, False) else None
"""


def test_a_flag_that_code_names_stays_where_a_read_has_a_key_that_nobody_knows(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    write({"flags.yaml": REGISTRY, "cart.py": COMPUTED})
    ran = flaglint("remove", "old-cart", "--write")
    assert ran.code == 1
    assert ran.err.startswith("`old-cart` stays: look below\n")
    assert ran.err.endswith("  cart.py:14: it reads a key that is not known, which can be `old-cart` (dynamic-key)\n")
    assert flaglint("remove", "other", "--write").err.startswith("`other` goes: no code reads it\n")
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY.replace("  other: {serve: 'true'}\n", "")


HANDED_ON = """\
class Features:
    def __init__(self, client):
        self._client = client

    def is_on(self, name):
        return self._client.is_enabled(name)

    def old_cart(self):
        return self.is_on('old-cart')
"""


def test_a_flag_whose_key_a_call_is_handed_stays_where_nothing_is_known_to_read_it(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    write({"flags.yaml": REGISTRY, "cart.py": HANDED_ON})
    ran = flaglint("remove", "old-cart", "--write")
    assert ran.code == 1
    assert ran.err == (
        "`old-cart` stays: look below\n0 reads\nlook at:\n"
        "  cart.py:9: the key is still named here (named-elsewhere)\n"
        "  cart.py:9: `self.is_on` is handed the key, and may read it; "
        "if that is how flags are read here, name it under [[calls]] (uncertain-read)\n"
    )
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("cart.py", "OLD = 'old-cart'\n"),
        ("cart.py", "TITLES = {'old-cart': 'Cart'}\n"),
        ("cart.py", "def title(key):\n    return 'Cart' if key == 'old-cart' else None\n"),
        ("tests/test_cart.py", "def test_cart(client):\n    assert client.get('old-cart')\n"),
        ("shop/migrations/0002_flags.py", "from shop import create\n\ncreate('old-cart')\n"),
    ],
)
def test_a_flag_goes_that_code_names_and_hands_to_nothing_that_may_read_it(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path, path: str, code: str
) -> None:
    write({"flags.yaml": REGISTRY, path: code})
    ran = flaglint("remove", "old-cart", "--write")
    assert (ran.code, ran.err.splitlines()[0]) == (0, "`old-cart` goes: no code reads it")
    assert "old-cart" not in (tmp_path / "flags.yaml").read_text()
