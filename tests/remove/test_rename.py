"""A rename in the code: which strings become the new key, and which are refused or left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from flaglint import config
from flaglint.pipeline import analyse
from flaglint.registry.edit import Draft
from flaglint.remove.rename import Rename, plan_rename
from flaglint.source import discover

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from flaglint.model import Reference

OLD, NEW = "release-one-page", "release-single"
FLAG = "{serve: {'true': 50, 'false': 50}}"
REGISTRY = f"version: 1\nflags:\n  {OLD}: {FLAG}\n  beta: {FLAG}\n  release-one-page-2: {FLAG}\n"
CLIENT = "from flaglint.evaluator import Evaluator\nclient = Evaluator.from_path('flags.yaml')\n"


def renamed(
    root: Path, files: dict[str, str], old: str = OLD, new: str = NEW, settings: str = ""
) -> tuple[Rename, dict[str, str]]:
    """Return the rename of a project, and its Python files afterwards without what all of them begin with."""
    (root / "flaglint.toml").write_text(settings)
    (root / "flags.yaml").write_text(REGISTRY)
    (root / "client.py").write_text(CLIENT)
    for path, text in files.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text.encode())
    loaded = config.load(root)
    analysis = analyse(loaded, cache=False)

    def recognise(changed: Mapping[str, bytes]) -> tuple[Reference, ...]:
        return analyse(loaded, contents=changed, cache=False).graph.references

    known = {path: (root / path).read_bytes() for path in discover(root).paths}
    draft = Draft.of(root, loaded.registry)
    made = plan_rename(known, analysis.graph, old, new, recognise=recognise, draft=draft)
    after = {change.path: change.after.decode() for change in made.changes}
    return made, {path: after.get(path, text) for path, text in files.items()}


def check_renamed(root: Path, before: str, after: str, *, old: str = OLD, new: str = NEW) -> None:
    head = "from client import client\n"
    made, texts = renamed(root, {"shop.py": head + before}, old, new)
    assert texts == {"shop.py": head + after}
    assert made.refused == ()


def check_refused(root: Path, code: str, line: str, *reasons: str, old: str = OLD, new: str = NEW) -> None:
    """Check that one line is refused; it ends with ` # here`."""
    text = f"from client import client\n{code}"
    made, _ = renamed(root, {"shop.py": text}, old, new)
    number = text[: text.index(line)].count("\n") + 1
    assert {(item.span.path, item.span.start.line, item.code) for item in made.refused} == {
        ("shop.py", number, reason) for reason in reasons
    }


@pytest.mark.parametrize(
    "spelled", ["'{}'", '"{}"', "u'{}'", 'R"{}"', '"""{}"""', "(\n    '{}'  # why\n)"], ids=lambda text: text.strip()
)
def test_keeps_the_quotes_and_the_prefix(tmp_path: Path, spelled: str) -> None:
    line = f"x = client.boolean({spelled}, {{}})\n"
    check_renamed(tmp_path, line.replace("{}", OLD, 1), line.replace("{}", NEW, 1))


@pytest.mark.parametrize(
    "code",
    [
        "KEY = 'KEY_HERE'\n\n\ndef f():\n    return client.boolean(KEY, {})\n",
        "def f():\n    key = 'KEY_HERE'\n    return client.boolean(key, {})\n",
        "def f():\n    return [client.boolean(key, {}) for key in ('KEY_HERE', 'release-one-page-2')]\n",
        "def f(key='KEY_HERE'):\n    return client.boolean(key, {})\n\n\nx = f()\n",
        "class A:\n    key = 'KEY_HERE'\n\n    def f(self):\n        return client.boolean(self.key, {})\n",
        "from enum import StrEnum\n\n\nclass F(StrEnum):\n    A = 'KEY_HERE'\n\n\nx = client.boolean(F.A, {})\n",
        "x = f\"{client.boolean('KEY_HERE', {})}\"\n",
        "x = client.boolean('KEY_HERE' if len('é') else 'release-one-page-2', {})\n",
        "def on(key):\n    return client.boolean(key, {})\n\n\nx = 'é', on('KEY_HERE')\r\n",
    ],
)
@pytest.mark.parametrize("key", [OLD, "beta"])
def test_follows_the_key_to_where_it_is_spelled(tmp_path: Path, code: str, key: str) -> None:
    check_renamed(tmp_path, code.replace("KEY_HERE", key), code.replace("KEY_HERE", NEW), old=key)


@pytest.mark.parametrize(
    "left",
    [
        "x = client.boolean('release-one-page-2', {})\n",
        "x = b'KEY_HERE'\n",
        "def f():\n    '''It is KEY_HERE.'''\n",
        "x = 1  # KEY_HERE\n",
        "x = 'see KEY_HERE', 'KEY_HERE/old', 'my-KEY_HERE'\n",
    ],
)
def test_leaves_other_strings_and_remarks_alone(tmp_path: Path, left: str) -> None:
    left = left.replace("KEY_HERE", OLD)
    read = "y = client.boolean('{}', {})\n"
    check_renamed(tmp_path, left + read.replace("{}", OLD, 1), left + read.replace("{}", NEW, 1))


@pytest.mark.parametrize("left", ["x = url('beta')\n", "x = {'beta': 1}\n", "def g(x='beta'):\n    return x\n"])
def test_a_string_that_is_a_plain_word_is_left_where_no_read_gets_it(tmp_path: Path, left: str) -> None:
    read = "y = client.boolean('{}', {})\n"
    check_renamed(tmp_path, left + read.replace("{}", "beta", 1), left + read.replace("{}", NEW, 1), old="beta")


def test_a_string_that_can_hardly_be_another_thing_is_rewritten_and_listed(tmp_path: Path) -> None:
    made, texts = renamed(tmp_path, {"shop.py": f"payload = {{'{OLD}': 1}}\n"})
    assert texts == {"shop.py": f"payload = {{'{NEW}': 1}}\n"}
    assert [(str(item.span), item.code) for item in made.leftovers] == [("shop.py:1:12", "unproven-string")]


def test_a_default_that_is_the_same_word_stays(tmp_path: Path) -> None:
    for default in ("{}, 'beta'", "{}, default='beta'", "default='beta', context={}"):
        line = f"x = client.string('beta', {default})\n"
        check_renamed(tmp_path, line, line.replace("'beta'", f"'{NEW}'", 1), old="beta")


@pytest.mark.parametrize(
    "read",
    [
        "x = client.boolean('release-' 'one-page', {})",
        "x = client.boolean('release-' + 'one-page', {})",
        "x = client.boolean(f'release-{PAGE}', {})",
        "x = client.boolean('release-' + PAGE, {})",
        "x = client.boolean('release-%s' % PAGE, {})",
        "x = client.boolean(JOINED, {})",
    ],
)
def test_refuses_a_key_that_is_put_together(tmp_path: Path, read: str) -> None:
    check_refused(tmp_path, f"PAGE = 'one-page'\nJOINED = 'release-' 'one-page'\n{read}\n", read, "unknown-spelling")


def test_refuses_a_key_that_only_shows_at_run_time(tmp_path: Path) -> None:
    check_refused(
        tmp_path, "def f(x):\n    return client.boolean(f'release-{x}-page', {})\n", "    return", "dynamic-key"
    )


def test_refuses_when_another_flag_has_its_key_from_the_same_string(tmp_path: Path) -> None:
    code = f"KEY = '{OLD}'\nx = client.boolean(KEY, {{}})\ny = client.boolean(KEY + '-2', {{}})\n"
    check_refused(tmp_path, code, "y =", "other-meaning")


def test_refuses_a_file_that_cannot_be_written_in_its_encoding(tmp_path: Path) -> None:
    code = f"# coding: latin-1\nfrom client import client\nx = client.boolean('{OLD}', {{}})\n"
    made, texts = renamed(tmp_path, {"shop.py": code}, new="release-\N{SNOWMAN}")
    assert ("shop.py", 3, "encoding") in {(item.span.path, item.span.start.line, item.code) for item in made.refused}
    assert texts == {"shop.py": code}


OVERRIDE = """\
from flaglint.evaluator.testing import override


def test_it():
    with override('{}', True):
        pass
"""


def test_renames_what_tests_set(tmp_path: Path) -> None:
    before = OVERRIDE.replace("{}", OLD)
    made, texts = renamed(tmp_path, {"tests/test_shop.py": before})
    assert texts == {"tests/test_shop.py": OVERRIDE.replace("{}", NEW)}
    assert (made.references, made.refused) == (1, ())


def test_a_migration_is_listed_and_never_edited(tmp_path: Path) -> None:
    path = "shop/migrations/0002_switch.py"
    code = f"from client import client\nx = client.boolean('{OLD}', {{}})\n"
    made, texts = renamed(tmp_path, {path: code})
    assert texts == {path: code}
    assert [(item.span.path, item.code) for item in made.leftovers] == [(path, "migration")]
    assert made.refused == ()


PATCHED = (
    "from unittest.mock import patch\nfrom django.conf import settings\n\n\n"
    "@patch.dict(settings.FEATURES, {}=True, other=1)\ndef test_it():\n    assert settings.FEATURES['{}']\n"
)
DICTIONARY = 'extend-sdks = ["dictionary"]\n'


def test_renames_a_key_that_is_the_name_of_an_argument(tmp_path: Path) -> None:
    files = {"tests/test_a.py": PATCHED.replace("{}", "ONE")}
    made, texts = renamed(tmp_path, files, "ONE", "TWO", settings=DICTIONARY)
    assert texts == {"tests/test_a.py": PATCHED.replace("{}", "TWO")}
    assert made.refused == ()


@pytest.mark.parametrize("new", ["two-pages", "class"])
def test_refuses_a_name_that_no_argument_can_have(tmp_path: Path, new: str) -> None:
    made, _ = renamed(tmp_path, {"tests/test_a.py": PATCHED.replace("{}", "ONE")}, "ONE", new, settings=DICTIONARY)
    assert [(item.span.path, item.span.start.line, item.code) for item in made.refused] == [
        ("tests/test_a.py", 5, "keyword-name")
    ]


@pytest.mark.parametrize(
    "before",
    [
        f"KEYS = '{OLD} beta'.split()\n\n\ndef f(user):\n    return client.boolean(KEYS[0], user)  # here\n",
        f"import json\n\nT = json.loads('[\"{OLD}\"]')\n\n\ndef f():\n    return client.boolean(T[0], {{}})  # here\n",
        f"def f(user):\n    return client.boolean(b'{OLD}'.decode(), user)  # here\n",
    ],
)
def test_a_read_of_an_unknown_key_beside_a_string_that_names_the_flag_is_refused(tmp_path: Path, before: str) -> None:
    check_refused(tmp_path, before, "    return client.boolean", "dynamic-key")


def test_a_read_of_an_unknown_key_beside_prose_alone_refuses_nothing(tmp_path: Path) -> None:
    before = f'''"""Asks for {OLD} and others."""
from client import client


def f(user, request):
    """Also of {OLD}."""
    # {OLD} is one of them
    return client.boolean(request.path, user)


def g(user):
    return client.boolean('{OLD}', user)
'''
    made, texts = renamed(tmp_path, {"shop.py": before})
    assert made.refused == ()
    assert f"client.boolean('{NEW}', user)" in texts["shop.py"]
