"""What `flaglint init` proposes: the files of vendors, and flags declared in Python, with what they are handed to."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

    Write = Callable[..., None]

_FLAGD = json.dumps({"flags": {"a": {"state": "ENABLED", "variants": {"on": True}, "defaultVariant": "on"}}})
_SETTINGS = """\
DEFAULT_FEATURE_FLAGS: dict[str, bool] = {
    "GIFT_CARDS": False,
    "POINTS": True,
}
LABELS = {"feature": "a feature", "flag": "a flag"}
FEATURE_LIMITS = {"GIFT_CARDS": 3, "POINTS": 5}
"""
_SHOP = """\
from shop.flags import is_on
from shop import texts


def cart():
    if is_on("GIFT_CARDS"):
        return texts.of("cart", "POINTS")
    return is_on("POINTS", False)
"""


def _init(flaglint: Flaglint, tmp_path: Path) -> tuple[list[str], str]:
    ran = flaglint("init")
    assert (ran.code, ran.err) == (0, "")
    return ran.out.splitlines(), (tmp_path / "flaglint.toml").read_text(encoding="utf-8")


def test_a_dictionary_of_flags_and_the_function_that_is_handed_its_keys(
    flaglint: Flaglint, write: Write, tmp_path: Path
) -> None:
    write({"shop/__init__.py": "", "shop/settings.py": _SETTINGS, "shop/flags.py": "", "shop/cart.py": _SHOP})
    printed, config = _init(flaglint, tmp_path)

    assert printed[:2] == [
        "shop.settings.DEFAULT_FEATURE_FLAGS declares 2 flags (dictionary)",
        "shop.flags.is_on is handed their keys",
    ]
    assert '[[calls]]\nfunction = "shop.flags.is_on"\nkey = {position = 0}\n' in config
    assert '[[declarations]]\ndictionary = "shop.settings.DEFAULT_FEATURE_FLAGS" # 2 keys\n' in config
    assert not (tmp_path / "flags.yaml").exists()
    assert "GIFT_CARDS: 1 read, 1 declaration" in flaglint("refs", "GIFT_CARDS").out


@pytest.mark.parametrize(("others", "is_asked"), [(("a", "b"), True), (("a", "b", "c"), False)])
def test_a_function_that_is_mostly_handed_something_else_asks_for_no_flags(
    others: tuple[str, ...], is_asked: bool, flaglint: Flaglint, write: Write, tmp_path: Path
) -> None:
    calls = "".join(f"is_on({other!r})\n" for other in others[1:])
    write({"shop/__init__.py": "", "shop/settings.py": _SETTINGS, "shop/cart.py": _SHOP})
    write({"shop/flags.py": f"def is_on(key, default=None): ...\n{calls}"})
    write({"shop/other.py": f"from shop import flags\nflags.is_on({others[0]!r})\n"})
    _, config = _init(flaglint, tmp_path)
    assert ("[[calls]]" in config) == is_asked


def test_what_declares_nothing_that_even_tests_read_declares_something_else(
    flaglint: Flaglint, write: Write, tmp_path: Path
) -> None:
    test = "import waffle\ndef test_it(r):\n    assert waffle.flag_is_active(r, 'cart')\n"
    write({"shop.py": _SETTINGS, "tests/test_shop.py": test})
    flaglint("init")
    assert "declarations" not in (tmp_path / "flaglint.toml").read_text(encoding="utf-8")


def test_an_enumeration_and_a_model(flaglint: Flaglint, write: Write, tmp_path: Path) -> None:
    code = (
        "from enum import StrEnum\nfrom pydantic_settings import BaseSettings\n\n\n"
        'class FeatureFlag(StrEnum):\n    CART = "new-cart"\n    GIFT = "gift-cards"\n\n\n'
        "class Features(BaseSettings):\n    search: bool = False\n    points: bool = True\n\n\n"
        'class Fruit(StrEnum):\n    APPLE = "apple"\n    PEAR = "pear"\n'
    )
    write({"shop.py": code})
    printed, config = _init(flaglint, tmp_path)

    assert printed[:2] == ["shop.FeatureFlag declares 2 flags (enum)", "shop.Features declares 2 flags (model)"]
    assert 'enum = "shop.FeatureFlag" # 2 keys\n' in config
    assert 'model = "shop.Features" # 2 keys\n' in config


def test_files_for_several_environments_are_named_with_them(flaglint: Flaglint, write: Write, tmp_path: Path) -> None:
    write({"deploy/flags-production.json": _FLAGD, "deploy/flags-staging.json": _FLAGD, "package.json": "{}"})
    printed, config = _init(flaglint, tmp_path)

    assert printed[:2] == [
        "deploy/flags-production.json is a registry of flagd, for production",
        "deploy/flags-staging.json is a registry of flagd, for staging",
    ]
    assert '    {path = "deploy/flags-staging.json", format = "flagd", environment = "staging"},\n' in config
    assert flaglint("check", "--no-cache", "--ignore", "FLG202,FLG302").code == 0


def test_a_folder_of_definitions_is_a_glob(flaglint: Flaglint, write: Write, tmp_path: Path) -> None:
    one = "name: {}\ntype: beta\ngroup: group::cart\nmilestone: '17.0'\ndefault_enabled: false\n"
    write({f"config/feature_flags/{kind}/{kind}_{n}.yml": one.format(f"{kind}_{n}") for kind in "ab" for n in range(6)})
    printed, config = _init(flaglint, tmp_path)

    assert printed[0] == "config/feature_flags/**/*.yml is a registry of gitlab"
    assert 'registry = [{path = "config/feature_flags/**/*.yml", format = "gitlab"}]\n' in config


def test_examples_tests_and_other_files_are_left_alone(flaglint: Flaglint, write: Write, tmp_path: Path) -> None:
    write(
        {
            "tests/flags.json": _FLAGD,
            "docs/example.json": _FLAGD,
            "tests/settings.py": _SETTINGS,
            "features.json": '{"features": ["a", "b"]}',
            "broken-flags.json": "{",
            "latin-flags.yaml": b"flags: \xe4",
            "shop.py": "FEATURES = {'size': 3}\nFLAGS = {}\nfeatures = [1]\n",
            "syntax.py": "FEATURES = {\n",
        }
    )
    ran = flaglint("init")

    assert ran.out.startswith("wrote flaglint.toml\nnext: ")
    assert "declarations" not in (tmp_path / "flaglint.toml").read_text(encoding="utf-8")


def test_where_flags_are_declared_already_nothing_else_is_proposed(
    flaglint: Flaglint, write: Write, tmp_path: Path
) -> None:
    toggles = 'from edx_toggles.toggles import WaffleFlag\nA = WaffleFlag("a.b", __name__)\nA.is_enabled()\n'
    write({"toggles.py": toggles, "settings.py": _SETTINGS})
    printed, config = _init(flaglint, tmp_path)

    assert printed[:2] == ["found 1 flag, read through edx-toggles", "1 of them is defined already, in toggles.py"]
    assert "DEFAULT_FEATURE_FLAGS" not in config


def test_a_key_that_is_read_beside_declared_ones_gets_no_registry(
    flaglint: Flaglint, write: Write, tmp_path: Path
) -> None:
    code = "from superset import is_feature_enabled\nis_feature_enabled('POINTS'), is_feature_enabled('GIFT')\n"
    write(
        {
            "superset/__init__.py": "def is_feature_enabled(feature): ...\n",
            "superset/config.py": _SETTINGS,
            "superset/views.py": code,
        }
    )
    printed, _ = _init(flaglint, tmp_path)

    assert printed[:3] == [
        "found 3 flags, read through superset",
        "2 of them are defined already, in superset/config.py",
        "read, and defined nowhere: GIFT",
    ]
    assert not (tmp_path / "flags.yaml").exists()
    assert "FLG201" in flaglint("check", "--no-cache").out


def test_what_was_copied_from_others_is_not_ours_to_declare(flaglint: Flaglint, write: Write, tmp_path: Path) -> None:
    theirs = (
        'from enum import Enum\n\n\nclass ReasonFlags(Enum):\n    UNSPECIFIED = "unspecified"\n    OTHER = "other"\n'
    )
    write({
        "dist/linux/crypto/__init__.py": "",
        "dist/linux/crypto/x509.py": theirs,
        "dist/windows/crypto/__init__.py": "",
        "dist/windows/crypto/x509.py": theirs,
        "shop/vendor/tls.py": theirs,
        "vendored_by_us.py": theirs.replace("ReasonFlags", "OurFlags"),
    })  # fmt: skip
    _, config = _init(flaglint, tmp_path)
    enums = [line for line in config.splitlines() if line.startswith("enum")]
    assert enums == ['enum = "vendored_by_us.OurFlags" # 2 keys']


def test_where_nothing_is_found_the_next_step_is_to_say_what_a_read_looks_like(
    flaglint: Flaglint, write: Write
) -> None:
    write({"shop.py": "x = 1\n"})
    ran = flaglint("init")
    assert ran.code == 0
    assert (
        ran.out.splitlines()[-1] == "next: flaglint refs, once flaglint.toml says what a read of a flag looks like here"
    )


def test_where_keys_are_read_what_declares_none_of_them_is_something_else(
    flaglint: Flaglint, write: Write, tmp_path: Path
) -> None:
    kinds = 'from enum import StrEnum\n\n\nclass ToggleType(StrEnum):\n    A = "release"\n    B = "experiment"\n'
    write({"kinds.py": kinds, "shop.py": "import waffle\nwaffle.switch_is_active('GIFT_CARDS')\n"})
    printed, config = _init(flaglint, tmp_path)
    assert printed[0] == "found 1 flag, read through waffle"
    assert "ToggleType" not in config


def test_where_keys_are_read_what_declares_some_of_them_is_proposed(
    flaglint: Flaglint, write: Write, tmp_path: Path
) -> None:
    write({"settings.py": _SETTINGS, "shop.py": "import waffle\nwaffle.switch_is_active('GIFT_CARDS')\n"})
    _, config = _init(flaglint, tmp_path)
    assert 'dictionary = "settings.DEFAULT_FEATURE_FLAGS" # 2 keys\n' in config


def test_a_dictionary_that_is_asked_for_its_keys_is_named_with_where(
    flaglint: Flaglint, write: Write, tmp_path: Path
) -> None:
    page = (
        "from django.conf import settings\nfrom flask import current_app\nfrom shop import limits\n\n"
        "if settings.DEFAULT_FEATURE_FLAGS['POINTS'] and limits.FEATURE_LIMITS['POINTS']:\n    pass\n"
        "if current_app.config['DEFAULT_FEATURE_FLAGS'].get('GIFT_CARDS', False):\n    pass\n"
        "settings.DEFAULT_FEATURE_FLAGS.get('GIFT_CARDS') or settings.DEFAULT_FEATURE_FLAGS.get('POINTS')\n"
    )
    write({"shop/__init__.py": "", "shop/settings.py": _SETTINGS, "shop/page.py": page})
    printed, config = _init(flaglint, tmp_path)

    assert printed[1:3] == [
        "django.conf.settings.DEFAULT_FEATURE_FLAGS is asked for them",
        "flask.current_app.config[DEFAULT_FEATURE_FLAGS] is asked for them",
    ]
    assert "[[calls]]" not in config
    assert "GIFT_CARDS: 2 reads, 1 declaration" in flaglint("refs", "GIFT_CARDS").out


def test_a_project_that_only_has_functions_which_read_flags_for_others(flaglint: Flaglint, write: Write) -> None:
    write({"gates.py": "import waffle\ndef on(name):\n    return waffle.switch_is_active(name)\n"})
    ran = flaglint("init")
    assert ran.err == (
        "note: no key of a flag was found, only 1 function that reads one for callers\n"
        "help: flaglint refs --wrappers lists them; check the projects that call them\n"
    )
