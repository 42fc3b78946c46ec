"""What a check of a project leaves to a hook: with it a hook says the same as without, and mostly reads nothing."""

import os
import tempfile
import time
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flaglint.cli import run
from flaglint.model import Skipped
from flaglint.refs import standing, words
from flaglint.refs.survey import survey
from flaglint.source import read
from flaglint.source.digest import digest
from tests.cli.conftest import Flaglint
from tests.cutting import texts_that_are_cut

HOOK = ("check", "--scope", "file", "--force-exclude", "--quiet")
CHECK = ("check", "--exit-zero", "--quiet")
ON = "from openfeature import api\n\nclient = api.get_client()\n\n\n"
ON += "def on(key):\n    return client.get_boolean_value(key, False)\n\n\n"
PLAIN = "from shop import gate\nfrom shop.gate import price\n\n\ndef total(items):\n    return price('an-item', gate)\n"
PROJECT = {
    "flags.yaml": "version: 1\nflags:\n  cart: {}\n",
    "shop/__init__.py": "",
    "shop/gate.py": ON + "def price(name, of):\n    return (name, of)\n",
    "shop/plain.py": PLAIN,
    "shop/page.py": "from shop.gate import on\n\nif on('crat'):\n    print(1)\n",
}
Said = Callable[..., str]
Checked = Callable[..., None]


@pytest.fixture
def cut(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The texts that were cut into statements."""
    return texts_that_are_cut(monkeypatch)


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let times settle what files hold, also those that were written just now."""
    for module in ("standing", "survey", "remembered"):
        monkeypatch.setattr(f"flaglint.refs.{module}.YOUNG", -(10**18))


@pytest.fixture
def said(flaglint: Flaglint, cut: list[str]) -> Said:
    """What a hook says of some files, which is seen to be what it says without a cache; `cut` is what the first cut."""

    def both(*files: str) -> str:
        cut.clear()
        ran = flaglint(*HOOK, *files)
        read = list(cut)
        assert ran == flaglint(*HOOK, "--no-cache", *files)
        cut[:] = read
        return ran.out

    return both


@pytest.fixture
def checked(flaglint: Flaglint, write: Callable[..., None]) -> Checked:
    """Write a project of which a hook and then a check remember what they can."""

    def project(files: dict[str, str] | None = None, *, keeps: bool = True) -> None:
        write({**PROJECT, **(files or {})})
        flaglint(*HOOK, "shop/__init__.py")
        flaglint(*CHECK)
        assert (Path(".flaglint_cache") / standing.FOLDER).exists() == keeps

    return project


def test_a_file_that_spells_no_name_of_a_flag_is_not_read_whatever_it_imports(
    said: Said, checked: Checked, cut: list[str]
) -> None:
    checked()
    assert said("shop/plain.py", "shop/__init__.py") == ""
    assert cut == []


def test_a_check_alone_leaves_all_that_a_hook_needs(
    flaglint: Flaglint, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(PROJECT)
    assert flaglint(*CHECK, "--no-cache").code == 0
    assert not Path(".flaglint_cache").exists()
    flaglint(*CHECK)
    monkeypatch.setattr("flaglint.cli.program.answer", lambda _arguments: 1 / 0)
    assert flaglint(*HOOK, "shop/plain.py").code == 0


def test_without_a_check_such_a_file_is_read(
    said: Said, flaglint: Flaglint, write: Callable[..., None], cut: list[str]
) -> None:
    write(PROJECT)
    flaglint(*HOOK, "shop/__init__.py")
    assert said("shop/plain.py") == ""
    assert PLAIN in cut


def test_of_a_file_that_was_searched_only_the_statements_count_that_spell_one(
    flaglint: Flaglint, checked: Checked, monkeypatch: pytest.MonkeyPatch
) -> None:
    from flaglint.refs.emit import Emitter
    from flaglint.refs.program import UnitRef

    looked_at: list[str] = []
    original = Emitter.unit

    def counting(self: Emitter, unit: UnitRef, is_site: Callable[..., bool]) -> None:
        looked_at.append(unit.text)
        original(self, unit, is_site)

    dull = "\n\ndef other():\n    return print('some')\n"
    checked({"shop/page.py": PROJECT["shop/page.py"] + dull})
    monkeypatch.setattr(Emitter, "unit", counting)
    with_words = flaglint(*HOOK, "shop/page.py")
    assert [text for text in looked_at if "crat" in text] != []
    assert [text for text in looked_at if "other" in text] == []
    assert with_words == flaglint(*HOOK, "--no-cache", "shop/page.py")
    assert [text for text in looked_at if "other" in text] != []


def test_a_read_in_a_file_that_changed_is_found(said: Said, checked: Checked, write: Callable[..., None]) -> None:
    checked()
    write({"shop/plain.py": PLAIN + "\n\nif gate.on('tinned'):\n    print(1)\n"})
    assert "`tinned`" in said("shop/plain.py", "shop/__init__.py")


def test_a_file_that_changes_and_says_nothing_is_not_read(
    said: Said, checked: Checked, write: Callable[..., None], cut: list[str]
) -> None:
    checked()
    write({"shop/plain.py": PLAIN + "\n\nprint(total([1]))\n", "shop/new.py": PLAIN})
    assert said("shop/plain.py", "shop/new.py") == ""
    assert cut == []


@pytest.mark.parametrize(
    "handing",
    [
        "from shop.gate import on as is_open\n",
        "from shop import gate\n\nis_open = gate.on\n",
        "from shop.gate import on\n\n\ndef is_open(key):\n    return on(key)\n",
        "from openfeature import api\n\nis_open = api.get_client().get_boolean_value\n",
        "import waffle\n\n\ndef is_open(key):\n    return waffle.switch_is_active(key)\n",
    ],
)
@pytest.mark.parametrize("where", ["shop/plain.py", "shop/new.py", "sold/new.py"])
def test_a_name_that_a_changed_or_new_file_gives_is_followed(
    said: Said, checked: Checked, write: Callable[..., None], handing: str, where: str
) -> None:
    module = where.removesuffix(".py").replace("/", ".")
    checked({"page.py": "import json\n"})
    write({where: handing})
    assert said("shop/__init__.py") == ""
    write({"page.py": f"from {module} import is_open\n\nif is_open('tinned'):\n    print(1)\n"})
    assert "`tinned`" in said("page.py", "shop/__init__.py")
    assert "`tinned`" in said("page.py", where)


def test_what_a_changed_file_gives_no_name_is_looked_at_once(
    said: Said, checked: Checked, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: object) -> None:
        raise AssertionError("looked at again")

    checked()
    write({"shop/page.py": PROJECT["shop/page.py"] + "\n\nif on('cart'):\n    print(2)\n"})
    assert said("shop/plain.py") == ""
    monkeypatch.setattr("flaglint.refs.link.Linker.gives_names", refused)
    assert said("shop/plain.py") == ""
    assert "`crat`" in said("shop/page.py", "shop/plain.py")


@pytest.mark.usefixtures("settled")
def test_a_file_whose_times_are_as_they_were_is_not_read(checked: Checked, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def noted(root: Path, path: str) -> bytes | Skipped:
        asked.append(path)
        return read(root, path)

    checked()
    for module in ("standing", "survey"):
        monkeypatch.setattr(f"flaglint.refs.{module}.read", noted)
    assert (run([*HOOK, "shop/plain.py"]), asked) == (0, [])
    Path("shop/page.py").touch()
    assert (run([*HOOK, "shop/plain.py"]), asked) == (0, ["shop/page.py"])


@pytest.mark.usefixtures("settled")
def test_a_file_that_is_written_as_it_was_has_not_changed(
    checked: Checked, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: object) -> None:
        raise AssertionError("looked at")

    renaming = {"shop/held.py": "import waffle as own\n\n\ndef ask(key):\n    return own.switch_is_active(key)\n"}
    checked(renaming)
    write(renaming)
    monkeypatch.setattr("flaglint.refs.link.Linker.gives_names", refused)
    monkeypatch.setattr("flaglint.refs.scan.Files.load", refused)
    assert (Path("shop/held.py").read_text(), run([*HOOK, "shop/plain.py"])) == (renaming["shop/held.py"], 0)


@pytest.mark.parametrize(
    "held",
    [
        "import waffle as own\n",
        "import waffle\n\nown = waffle\n",
    ],
)
def test_a_file_that_gives_what_flags_are_read_from_a_name_that_another_file_asks_for_is_seen(
    said: Said, checked: Checked, write: Callable[..., None], held: str
) -> None:
    ask = "from shop.held import own\n\n\ndef asked(key):\n    return own.switch_is_active(key)\n"
    read = "from shop.ask import asked\n\nif asked('tinned'):\n    print(1)\n"
    waffle = "import waffle\n\nwaffle.switch_is_active('cart')\n"
    checked({"shop/held.py": "own = 1\n", "shop/ask.py": ask, "shop/read.py": read, "shop/used.py": waffle})
    assert said("shop/read.py") == ""
    write({"shop/held.py": held})
    assert "`tinned`" in said("shop/read.py")


def test_a_name_that_comes_from_beside_the_project_is_followed(
    said: Said, checked: Checked, write: Callable[..., None]
) -> None:
    vendor = ON.replace("def on(", "def vendored(")
    checked({"flaglint.toml": "exclude = ['vendor/**']\n", "vendor/gates.py": vendor}, keeps=False)
    write({"shop/plain.py": "from vendor.gates import vendored\n\nif vendored('tinned'):\n    print(1)\n"})
    assert "`tinned`" in said("shop/plain.py")


def test_a_file_beside_the_project_that_gives_nothing_a_name_is_no_reason_to_read_more(
    said: Said, checked: Checked, cut: list[str]
) -> None:
    vendor = ON + "def total():\n    return on('some') and 1\n"
    checked({"flaglint.toml": "exclude = ['vendor/**']\n", "vendor/gates.py": vendor})
    assert said("shop/plain.py") == ""
    assert cut == []


@pytest.mark.parametrize(
    ("gate", "page"),
    [
        ("class Gate:\n    def get(self, key):\n        return on(key)\n\n\ngate = Gate()\n", "gate.get('tinned')"),
        ("def get(key):\n    return on(key)\n", "get('tinned')"),
        ("def filter(key):\n    return on(key)\n", "filter('tinned')"),
        ("def make():\n    return on\n", "make()('tinned')"),
        (
            "def make(start):\n    def inner(key):\n        return on(start + key)\n    return inner\n",
            "make('a-')('tinned')",
        ),
    ],
)
def test_nothing_is_left_to_hooks_where_a_wrapper_is_called_as_all_is(
    said: Said, checked: Checked, gate: str, page: str
) -> None:
    name = page.partition("(")[0].partition(".")[0]
    files = {"shop/gate.py": PROJECT["shop/gate.py"] + gate}
    files["shop/page.py"] = f"from shop.gate import {name}\n\nif {page}:\n    print(1)\n"
    checked(files, keeps=False)
    assert "tinned`" in said("shop/page.py", "shop/plain.py")


HANDED_ON = [
    ("def chooser():\n    return on\n", "chooser()('tinned')"),
    ("TABLE = {'f': on}\n", "TABLE['f']('tinned')"),
    ("TABLE = {'f': lambda key: on(key)}\n", "TABLE['f']('tinned')"),
    ("either = len if client else on\n", "either('tinned')"),
    ("asked = getattr(client, 'get_boolean_value')\n", "asked('tinned', False)"),
    ("class Held:\n    def __init__(self):\n        self.asks = on\n", "Held().asks('tinned')"),
    ("class Gate:\n    def __call__(self, key):\n        return on(key)\n", "Gate()('tinned')"),
    ("class Gate:\n    def run(self, key):\n        return on(key)\n\n\ngate = Gate()\n", "gate.run('tinned')"),
    ("def either(key, asks=on):\n    return asks(key)\n", "either('tinned')"),
    ("import waffle\n", "waffle.flag_is_active(None, 'tinned')"),
    ("import waffle as w\n\n\ndef asked(key):\n    return w.switch_is_active(key)\n", "asked('tinned')"),
    ("from waffle.models import Switch\n\n\nclass Mine(Switch):\n    pass\n", "Mine.objects.create(name='tinned')"),
    ("from edx_toggles.toggles import WaffleFlag\n\n\nclass Mine(WaffleFlag):\n    pass\n", "Mine('tinned')"),
    ("KEYS = {'a': 'tinned'}\n", "KEYS['a']"),
]


@pytest.mark.parametrize(("gate", "page"), HANDED_ON)
def test_what_is_handed_on_is_found_with_what_a_check_left_as_without(
    said: Said, checked: Checked, write: Callable[..., None], gate: str, page: str
) -> None:
    name = page.partition("(")[0].partition(".")[0].partition("[")[0]
    checked(
        {
            "flaglint.toml": "select = ['ALL']\nsdks = ['openfeature', 'waffle', 'edx-toggles']\n",
            "shop/gate.py": PROJECT["shop/gate.py"] + gate,
            "shop/page.py": f"from shop.gate import client, {name}\n\nif {page}:\n    print(client)\n",
        }
    )
    said("shop/page.py", "shop/plain.py")
    write({"shop/other.py": f"from shop import gate\n\nif gate.{page}:\n    print(2)\n"})
    said("shop/other.py", "shop/page.py", "shop/plain.py")


@pytest.mark.parametrize("sdk", ["openfeature", "edx-toggles"])
def test_what_is_patched_is_looked_at_where_there_are_flag_objects(
    said: Said, checked: Checked, cut: list[str], sdk: str
) -> None:
    made = "from edx_toggles.toggles import WaffleFlag\n\n\ndef made(name):\n    return WaffleFlag(name)\n"
    held = "from shop.made import made\n\nHELD = made('tinned')\n"
    test = "from unittest.mock import patch\n\n\n@patch('shop.held.HELD')\ndef test_it(held):\n    assert held\n"
    files = {"flaglint.toml": f"sdks = ['{sdk}']\n", "tests/test_shop.py": test}
    checked({**files, **({"shop/made.py": made, "shop/held.py": held} if sdk == "edx-toggles" else {})})
    said("tests/test_shop.py")
    assert (test in cut) == (sdk == "edx-toggles")


def test_another_name_of_what_a_common_word_is_on_is_followed(
    said: Said, checked: Checked, cut: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "COMMON_FROM", 2)
    monkeypatch.setattr(words, "COMMON_SHARE", 0.0)
    own = {
        "flaglint.toml": "calls = [{function = 'shop.features.has', key = {position = 0}}]\n",
        "shop/features.py": "def has(key):\n    return key\n",
        **{f"shop/dull_{number}.py": "def f(x):\n    return x.has('some')\n" for number in range(4)},
    }
    checked({**own, "shop/page.py": "from shop import features\n\nfeatures.has('cart')\n"})
    assert said("shop/plain.py") == ""
    assert cut == []
    aliased = {
        "shop/held.py": "from shop import features as own\n",
        "shop/ask.py": "from shop.held import own\n\n\ndef asked(key):\n    return own.has(key)\n",
        "shop/read.py": "from shop.ask import asked\n\nif asked('tinned'):\n    print(1)\n",
    }
    checked({**own, **aliased}, keeps=True)
    assert "`tinned`" in said("shop/read.py")


def test_a_common_word_tells_in_no_file_that_names_nothing_of_what_it_is_on(
    said: Said, checked: Checked, cut: list[str], write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(words, "COMMON_FROM", 2)
    monkeypatch.setattr(words, "COMMON_SHARE", 0.0)
    dull = {f"shop/dull_{number}.py": f"def f(x):\n    return x.has('{number}')\n" for number in range(6)}
    checked(
        {
            "flaglint.toml": "calls = [{function = 'shop.features.has', key = {position = 0}}]\n",
            "shop/features.py": "def has(key):\n    return key\n",
            "shop/page.py": "from shop import features\n\nfeatures.has('cart')\n",
            **dull,
        }
    )
    assert said("shop/dull_0.py", "shop/dull_1.py") == ""
    assert cut == []
    named = "from shop import features\n\nfeatures.has('tinned')\n"
    write({"shop/dull_0.py": named})
    assert "`tinned`" in said("shop/dull_0.py")
    assert said("shop/dull_1.py") == ""
    assert cut == []
    write(dict.fromkeys(["shop/gate.py", "shop/page.py", *[*dull][2:]], "X = 1\n"))  # the word is common no more
    said("shop/dull_1.py")
    assert dull["shop/dull_1.py"] in cut


def test_the_name_of_an_sdk_that_nobody_uses_tells_only_where_it_is_imported(
    said: Said, checked: Checked, cut: list[str], write: Callable[..., None]
) -> None:
    flags = "def f(flags):\n    return flags & 1\n"
    checked({"shop/bits.py": flags})
    assert said("shop/bits.py") == ""
    assert cut == []
    used = "from flags.state import flag_enabled\n\nif flag_enabled('tinned'):\n    print(1)\n"
    write({"shop/bits.py": used + flags})
    assert "`tinned`" in said("shop/bits.py")


@pytest.mark.parametrize("statement", ["def broken(:\n    return has\n", "x = on('cart'\n", "if is_enabled 'cart':\n"])
def test_a_statement_that_does_not_parse_is_told_of_as_without(
    said: Said, checked: Checked, write: Callable[..., None], statement: str
) -> None:
    checked()
    write({"shop/plain.py": PLAIN + "\n\n" + statement, "shop/other.py": "# it is_enabled is\n" + statement})
    said("shop/plain.py")
    said("shop/other.py", "shop/plain.py")


def test_a_registry_or_configuration_that_changes_ends_what_is_known(
    said: Said, checked: Checked, write: Callable[..., None], cut: list[str]
) -> None:
    checked()
    write({"flags.yaml": PROJECT["flags.yaml"] + "  an-item: {}\n"})
    said("shop/plain.py")
    said("shop/plain.py")
    assert PLAIN in cut


@pytest.mark.parametrize("damage", ["", "{}", "0\n[]", "damaged"])
def test_a_damaged_memory_is_none(said: Said, checked: Checked, damage: str) -> None:
    checked()
    for path in (Path(".flaglint_cache") / standing.FOLDER).iterdir():
        path.write_text(damage if damage != "damaged" else path.read_text().replace("on", "no"))
    assert "`crat`" in said("shop/page.py", "shop/plain.py")


def test_a_folder_that_leads_elsewhere_is_not_surveyed(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "real" / "a.py").touch()
    found = survey(tmp_path, time.time_ns(), {})
    assert found is not None
    assert sorted(found.files) == ["real/a.py"]
    (tmp_path / "other").symlink_to(tmp_path / "real")
    assert survey(tmp_path, time.time_ns(), {}) is None


def test_a_file_that_is_written_after_it_was_searched_counts_as_it_was_searched(tmp_path: Path) -> None:
    started = time.time_ns()
    (tmp_path / "a.py").write_text("new\n", encoding="utf-8")
    (tmp_path / "b.py").write_text("new\n", encoding="utf-8")
    found = survey(tmp_path, started, {"a.py": b"old\n"})
    assert found is not None
    assert found.files == {"a.py": "=" + digest(b"old\n"), "b.py": "=" + digest(b"new\n")}


def test_a_file_whose_times_settle_nothing_is_known_by_its_bytes(
    said: Said, checked: Checked, write: Callable[..., None]
) -> None:
    checked()
    path = Path("shop/plain.py")
    before = path.stat()
    write({"shop/plain.py": PLAIN.replace("price('an-item', gate)", "gate.on('an-item-xyz')")})
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert path.stat().st_size == before.st_size
    assert "`an-item-xyz`" in said("shop/plain.py")


MODULES = st.sampled_from(
    [
        PLAIN,
        ON,
        "from shop.a import *\n",
        "from shop.b import on as asked\n",
        "from shop.gate import on as asked\n",
        "from shop import gate\nfrom shop.a import asked\n\nheld = [asked, gate.on]\n",
        "from shop.b import held\n\nfor asks in held:\n    asks('tinned')\n",
        "from shop.a import asked\n\nif asked('tinned'):\n    print(1)\n",
        "from shop import b\n\nif b.asked('tinned') and b.on('cart'):\n    print(1)\n",
        "import shop.gate as g\n\n\ndef get(key):\n    return g.on(key)\n",
        "from shop.b import get\n\nprint(get('tinned'))\n",
        "class Base:\n    key = 'tinned'\n\n    def ask(self, on):\n        return on(self.key)\n",
        "from shop.a import Base\nfrom shop.gate import on\n\nprint(Base().ask(on))\n",
        "x = on('cart'\n",
    ]
)
FILES = st.dictionaries(st.sampled_from(["shop/a.py", "shop/b.py", "shop/c.py", "shop/plain.py"]), MODULES, min_size=1)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=FILES, steps=st.lists(st.tuples(FILES, st.booleans()), min_size=1, max_size=3))
def test_a_hook_says_the_same_with_what_checks_left_and_without(
    capfd: pytest.CaptureFixture[str], before: dict[str, str], steps: list[tuple[dict[str, str], bool]]
) -> None:
    def printed(*arguments: str) -> tuple[int, str]:
        capfd.readouterr()
        return run(arguments), capfd.readouterr().out

    with tempfile.TemporaryDirectory() as folder, chdir(folder):
        for written, is_checked in [({**PROJECT, **before}, True), *steps]:
            for name, text in written.items():
                Path(name).parent.mkdir(exist_ok=True)
                Path(name).write_text(text, encoding="utf-8")
            printed(*HOOK, "shop/__init__.py")
            if is_checked:
                printed(*CHECK)
            files = sorted(str(path) for path in Path("shop").glob("*.py"))
            for given_files in (files, files[:2], files[2:]):
                assert printed(*HOOK, *given_files) == printed(*HOOK, "--no-cache", *given_files)


def test_a_name_that_belongs_to_an_sdk_which_nobody_uses_is_followed_in_a_new_file(
    said: Said, checked: Checked, write: Callable[..., None]
) -> None:
    checked()
    write({"shop/box.py": "from shop.gate import on\n\n\nclass Box:\n    enabled = on\n"})
    write({"shop/asks.py": "from shop.box import Box\n\nBox.enabled('crat')\n"})
    assert "`crat` is not defined" in said("shop/asks.py")


HELD = "from flask import current_app\n\nheld = current_app.config['FEATURE_FLAGS']\n"
SETTINGS = "from django.test import override_settings\n\n\n@override_settings(FLAGS={'crat': []})\ndef test_it(): ...\n"
OVERRIDES = [
    (SETTINGS, "flags"),
    ("def test_it(gate):\n    gate.override_gate('crat', True)\n", "statsig"),
    ("def test_it(self):\n    with self.feature('crat'):\n        pass\n", "sentry"),
]


@pytest.mark.parametrize(("test", "_package"), OVERRIDES)
def test_what_would_set_a_flag_of_an_sdk_that_nobody_uses_is_nothing(
    said: Said, flaglint: Flaglint, checked: Checked, test: str, _package: str
) -> None:
    checked({"tests/test_shop.py": test})
    assert said("tests/test_shop.py") == ""
    assert "tests/test_shop.py" not in flaglint(*CHECK, "--no-cache").out


@pytest.mark.parametrize(("test", "package"), OVERRIDES)
def test_what_sets_a_flag_of_an_sdk_that_another_file_uses_is_seen(
    said: Said, flaglint: Flaglint, checked: Checked, test: str, package: str
) -> None:
    checked({"tests/test_shop.py": test, "shop/used.py": f"import {package}\n"})
    assert "`crat`" in said("tests/test_shop.py")
    assert "tests/test_shop.py" in flaglint(*CHECK, "--no-cache").out


def test_a_dictionary_is_one_of_flags_from_when_a_file_uses_the_sdk(
    said: Said, flaglint: Flaglint, checked: Checked, write: Callable[..., None]
) -> None:
    asks = "from shop.held import held\n\nheld['crat']\n"
    checked({"shop/held.py": HELD, "shop/asks.py": asks})
    assert said("shop/asks.py", "shop/held.py") == ""
    write({"shop/used.py": "import superset\n"})
    assert "`crat` is not defined" in said("shop/asks.py")
    assert "shop/asks.py:3:1" in flaglint(*CHECK, "--no-cache").out
    write({"shop/used.py": "import json\n"})
    assert said("shop/asks.py") == ""
