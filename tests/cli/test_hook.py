"""A commit that touches no flag is answered at a glance, and with the words of the command in every other case."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from flaglint.cli import program

Flaglint = Callable[..., Any]
HOOK = ("check", "--scope", "file", "--force-exclude", "--quiet")
REGISTRY = "version: 1\nflags:\n  release-cart: {}\n  'two words': {}\nremoved:\n  release-old: {date: 2026-01-02}\n"
PROJECT = {
    "flaglint.toml": 'exclude = ["vendor/**"]\n',
    "flags.yaml": REGISTRY,
    "shop/__init__.py": "",
    "shop/gates.py": "from openfeature import api\n\nclient = api.get_client()\n",
    "shop/cart.py": "from shop.gates import client\n\nclient.get_boolean_value('release-crat', False)\n",
    "shop/plain.py": "import json\n\n\ndef total(items):\n    return json.dumps(sum(items))\n",
    "shop/other.py": "def price(item):\n    return item.price * item.count\n",
    "vendor/old.py": "from shop.gates import client\n\nclient.get_boolean_value('release-crat', False)\n",
}
Answered = list[tuple[str, ...]]
SILENT = (0, "", "")


def printed(ran: Any) -> tuple[int, str, str]:
    return ran.code, ran.out, ran.err


@pytest.fixture
def answered(monkeypatch: pytest.MonkeyPatch) -> Answered:
    """The command lines that went to a command, rather than being answered at a glance."""
    found: Answered = []
    answer = program.answer

    def counting(arguments: tuple[str, ...]) -> int:
        found.append(tuple(arguments))
        return answer(arguments)

    monkeypatch.setattr(program, "answer", counting)
    return found


@pytest.fixture
def shop(write: Callable[..., None], flaglint: Flaglint, answered: Answered) -> Flaglint:
    """A project whose words are remembered from a hook that ran before."""
    write(PROJECT)
    assert printed(flaglint(*HOOK, "shop/plain.py")) == SILENT
    assert answered == [(*HOOK, "shop/plain.py")]
    answered.clear()
    return flaglint


@pytest.mark.parametrize(
    "arguments",
    [
        (*HOOK, "shop/plain.py"),
        (*HOOK, "shop/plain.py", "shop/other.py", "./shop/__init__.py"),
        (*HOOK, "vendor/old.py"),
        ("check", "shop/other.py", "-q", "--scope=file"),
        ("check", "--exit-zero", "--quiet", "shop/other.py", "--scope", "file"),
    ],
)
def test_a_commit_without_a_flag_needs_no_command(
    shop: Flaglint, answered: Answered, arguments: tuple[str, ...]
) -> None:
    assert printed(shop(*arguments)) == SILENT
    assert answered == []


def test_is_answered_in_a_folder_of_the_project_too(
    shop: Flaglint, answered: Answered, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path / "shop")
    assert printed(shop(*HOOK, "plain.py")) == SILENT
    assert answered == []


def in_both_ways(
    flaglint: Flaglint, answered: Answered, monkeypatch: pytest.MonkeyPatch, *arguments: str
) -> tuple[int, str, str]:
    """Return what is printed, which must be what the command prints when nobody answers before it."""
    with_glance = flaglint(*arguments)
    assert answered == [arguments], "it was answered at a glance"
    monkeypatch.setattr("flaglint.cli.has_nothing_to_say", lambda _arguments: False)
    assert flaglint(*arguments) == with_glance
    return printed(with_glance)


@pytest.mark.parametrize(
    ("code", "exits"),
    [
        ("from shop.gates import client\nclient.get_boolean_value('release-crat', False)\n", 1),
        ("from .gates import client\nclient.get_boolean_value('release-crat', False)\n", 1),
        ("x = 1  # flaglint: ignore[FLG201] it was needed once\n", 1),
        ("x = 1  # flaglint: ignroe\n", 1),
        ("# .. toggle_name: shop.NEW\n# .. toggle_default: False\nx = 1\n", 0),
        ("from shop.gates import client\nclient.get_boolean_value('release-crat', = )\n", 1),
        ("x = 'release-cart\n", 1),
        (b"x = '\xff'\n", 0),
        (b"# coding: latin-1\nx = '\xe4'\n", 0),
        (b"# coding: nonsense\nx = 1\n", 0),
        (b"x = 1\0\n", 0),
    ],
)
def test_a_file_that_may_say_something_is_left_to_the_command(
    shop: Flaglint,
    answered: Answered,
    write: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    code: str | bytes,
    exits: int,
) -> None:
    write({"shop/touched.py": code})
    assert in_both_ways(shop, answered, monkeypatch, *HOOK, "shop/plain.py", "shop/touched.py")[0] == exits


@pytest.mark.parametrize(
    ("arguments", "exits", "says"),
    [
        (("check", "--scope", "file", "shop/plain.py"), 0, "no findings in 1 file"),
        (("check", "--quiet", "shop/plain.py"), 0, ""),
        (("check", "--scope", "project", "--quiet", "shop/plain.py"), 0, ""),
        ((*HOOK, "--scope", "project", "shop/plain.py"), 0, ""),
        ((*HOOK, "--output-format", "json", "shop/plain.py"), 0, '"findings": []'),
        ((*HOOK, "--statistic", "shop/plain.py"), 2, "--statistic"),
        ((*HOOK, "--select", "FLG999", "shop/plain.py"), 2, "names no rule"),
        ((*HOOK, "shop/no_such.py"), 2, "does not exist"),
        ((*HOOK, "--", "shop/plain.py"), 0, ""),
        ((*HOOK, "shop"), 1, "release-crat"),
        ((*HOOK, "flags.yaml"), 1, "missing-metadata"),
        ((*HOOK, "shop/plain.py", "--scope"), 2, "--scope"),
        (("check", "--scope", "file", "--quiet", "vendor/old.py"), 1, "release-crat"),
        (("refs", "--scope", "file", "--quiet", "shop/plain.py"), 2, "no such option"),
    ],
)
def test_another_command_line_is_left_to_the_command(
    shop: Flaglint,
    answered: Answered,
    monkeypatch: pytest.MonkeyPatch,
    arguments: tuple[str, ...],
    exits: int,
    says: str,
) -> None:
    code, out, err = in_both_ways(shop, answered, monkeypatch, *arguments)
    assert code == exits
    assert says in out + err


def test_who_asks_where_the_time_went_is_told(shop: Flaglint) -> None:
    assert "profile:" in shop(*HOOK, "--profile", "shop/plain.py").err


PACK = "name: house\npackages: [shop]\ncalls:\n  - function: shop.gates.{}\n    key: {{position: 0}}\n"


@pytest.mark.parametrize(
    ("changed", "exits", "says"),
    [
        ({"flags.yaml": REGISTRY.replace("two words", "total")}, 0, ""),
        ({"flags.yaml": REGISTRY + "  release-old: {}\n"}, 0, ""),
        ({"flags.yaml": "- a list\n"}, 2, "flags.yaml"),
        ({"flags/more.yaml": "version: 1\nflags:\n  total: {}\n"}, 0, ""),
        ({"flaglint.toml": "exclude = [\n"}, 2, "not valid TOML"),
        ({"flaglint.toml": 'selekt = ["FLG1"]\n'}, 2, "unknown key `selekt`"),
        ({"flaglint.toml": 'ignore = ["FLG999"]\n'}, 2, "names no rule"),
        ({"flaglint.toml": 'environments = ["production"]\n'}, 2, "no environment `production`"),
        ({"flaglint.toml": '[[calls]]\nfunction = "json.dumps"\nkey = {position = 0}\n'}, 0, ""),
        ({"flaglint.toml": '[[calls]]\nfunktion = "json.dumps"\n'}, 2, "funktion"),
        ({"flaglint.toml": 'sdk-paths = ["packs"]\n', "packs/house.yaml": PACK.format("dumps")}, 0, ""),
        ({"flaglint.toml": 'sdk-paths = ["packs"]\n', "packs/house.yaml": "name: [\n"}, 2, "packs/house.yaml"),
        ({"flaglint-baseline.txt": "no baseline\n"}, 2, "this is no baseline"),
        ({"pyproject.toml": "[tool.flaglint]\n"}, 2, "stands in two files"),
    ],
)
def test_what_the_words_depend_on_is_read_again_when_it_changed(
    shop: Flaglint,
    answered: Answered,
    write: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    changed: dict[str, str],
    exits: int,
    says: str,
) -> None:
    write(changed)
    code, out, err = in_both_ways(shop, answered, monkeypatch, *HOOK, "shop/plain.py")
    assert code == exits
    assert says in out + err


def test_a_key_that_was_added_is_seen(shop: Flaglint, answered: Answered, write: Callable[..., None]) -> None:
    write({"shop/broken.py": "x = 'wish\n"})
    shop(*HOOK, "shop/broken.py")
    assert answered == []
    write({"flags.yaml": REGISTRY.replace("two words", "wish")})
    assert [shop(*HOOK, "shop/broken.py").code for _ in range(2)] == [1, 1]
    assert len(answered) == 2
    shop(*HOOK, "shop/other.py")
    assert len(answered) == 2


def test_a_pack_of_ones_own_that_changes_is_seen(
    shop: Flaglint, answered: Answered, write: Callable[..., None]
) -> None:
    write({"flaglint.toml": 'sdk-paths = ["packs"]\n', "packs/house.yaml": PACK.format("on")})
    write({"shop/sum.py": "from shop.gates import total\n\ntotal('release-crat')\n"})
    assert shop(*HOOK, "shop/sum.py").code == 0
    answered.clear()
    assert shop(*HOOK, "shop/sum.py").code == 0
    assert answered == []
    write({"packs/house.yaml": PACK.format("total")})
    assert [shop(*HOOK, "shop/sum.py").code for _ in range(2)] == [1, 1]
    assert len(answered) == 2


@pytest.mark.parametrize(
    "code",
    [
        "def get(client):\n    return client.get_boolean_value('release-crat', False)\n",
        "from shop.other import price\n\n\ndef total(items):\n    return sum(map(price, items))\n",
        "from shop import gates\n",
        "import unknown.module\nunknown.module.is_enabled('release-crat')\n",
        "LABELS = ['release-cart', 'release-old', 'two words']\n",
    ],
)
def test_a_file_in_which_a_search_finds_nothing_is_answered_too(
    shop: Flaglint, answered: Answered, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch, code: str
) -> None:
    write({"shop/touched.py": code})
    assert printed(shop(*HOOK, "shop/touched.py")) == SILENT
    assert answered == []
    monkeypatch.setattr("flaglint.cli.has_nothing_to_say", lambda _arguments: False)
    assert printed(shop(*HOOK, "shop/touched.py")) == SILENT


DECLARED = {
    "flaglint.toml": 'select = ["ALL"]\ndeclarations = [{dictionary = "shop.defaults.FLAGS"}]\n'
    'dictionaries = [{name = "shop.defaults.FLAGS"}]\n',
    "shop/defaults.py": "FLAGS = {'wish': True}\n",
    "shop/read.py": "from shop.defaults import FLAGS\n\nif FLAGS['wihs']:\n    print(1)\n",
}


@pytest.mark.parametrize("label", ["release-cart", "release-old", "wish", "wihs"])
def test_a_string_that_holds_a_key_is_nothing_that_a_hook_speaks_of(
    shop: Flaglint,
    answered: Answered,
    write: Callable[..., None],
    monkeypatch: pytest.MonkeyPatch,
    label: str,
) -> None:
    write({**DECLARED, "shop/label.py": f"LABEL = '{label}'\n", "shop/test_label.py": f"LABELS = ['{label}']\n"})
    shop(*HOOK, "shop/plain.py")
    answered.clear()
    assert printed(shop(*HOOK, "shop/label.py", "shop/test_label.py")) == SILENT
    assert answered == []
    monkeypatch.setattr("flaglint.cli.has_nothing_to_say", lambda _arguments: False)
    assert printed(shop(*HOOK, "shop/label.py", "shop/test_label.py")) == SILENT


def test_a_read_of_what_is_declared_elsewhere_is_left_to_the_command(
    shop: Flaglint, answered: Answered, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    write(DECLARED)
    shop(*HOOK, "shop/plain.py")
    answered.clear()
    assert "`wihs`" in in_both_ways(shop, answered, monkeypatch, *HOOK, "shop/read.py")[1]


def test_what_is_declared_elsewhere_is_not_read_for_files_without_a_flag(
    shop: Flaglint, answered: Answered, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: object, **_options: object) -> None:
        raise AssertionError("read")

    write({**DECLARED, "shop/touched.py": "from shop.other import price\n\nprice('an-item')\n"})
    shop(*HOOK, "shop/plain.py")
    answered.clear()
    monkeypatch.setattr("flaglint.refs.part.Part.declarations", refused)
    assert printed(shop(*HOOK, "shop/touched.py")) == SILENT
    assert answered == []


def test_what_was_searched_is_not_searched_again(
    shop: Flaglint, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(*_arguments: object, **_options: object) -> None:
        raise AssertionError("searched again")

    monkeypatch.setattr("flaglint.pipeline.find_references", refused)
    ran = shop(*HOOK, "shop/cart.py")
    assert (ran.code, "`release-crat`" in ran.out, len(answered)) == (1, True, 1)


def test_a_search_serves_no_later_run(
    shop: Flaglint, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"flaglint-baseline.txt": ""})
    shop(*HOOK, "shop/plain.py")
    with monkeypatch.context() as broken:
        broken.setattr("flaglint.cli.baseline_file.read", lambda *_arguments, **_options: 1 / 0)
        assert shop(*HOOK, "shop/cart.py").code == 2
    write({"shop/cart.py": "x = 1\n"})
    assert shop("check", "--scope", "file", "-q", "--exit-zero", "--fail-on=error", "shop/cart.py").out == ""


def test_another_search_is_made(shop: Flaglint, write: Callable[..., None]) -> None:
    write({"shop/touched.py": "x = 'release-cart'\n"})
    shop(*HOOK, "shop/touched.py")
    assert shop("check", "--scope", "file", "shop/cart.py").code == 1
    assert shop(*HOOK, "shop/cart.py").out == shop("check", "--scope", "file", "shop/cart.py").out


def test_a_variable_of_the_environment_is_left_to_the_command(
    shop: Flaglint, answered: Answered, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLAGLINT_CHECK_SELECT", "FLG999")
    code, _, err = in_both_ways(shop, answered, monkeypatch, *HOOK, "shop/plain.py")
    assert (code, "FLG999" in err) == (2, True)


def test_a_run_that_ends_with_an_error_is_not_remembered(
    flaglint: Flaglint, answered: Answered, write: Callable[..., None]
) -> None:
    write({**PROJECT, "flaglint.toml": 'select = ["FLG999"]\n'})
    assert [flaglint(*HOOK, "shop/plain.py").code for _ in range(2)] == [2, 2]
    assert len(answered) == 2


def test_a_run_without_a_cache_leaves_nothing(flaglint: Flaglint, write: Callable[..., None], tmp_path: Path) -> None:
    write(PROJECT)
    flaglint(*HOOK, "--no-cache", "shop/plain.py")
    assert not (tmp_path / ".flaglint_cache").exists()


@pytest.mark.parametrize(
    "damage", ["", "[]", "[1, 2]", '["a", "b"]', '[["a"], [1]]', '["a", "b", "c"]', '{"leading": []}', "[[[["]
)
def test_a_damaged_memory_is_none(shop: Flaglint, answered: Answered, tmp_path: Path, damage: str) -> None:
    (memory,) = (tmp_path / ".flaglint_cache" / "glance").iterdir()
    memory.write_text(damage)
    assert shop(*HOOK, "shop/cart.py").code == 1
    assert len(answered) == 1
    shop(*HOOK, "shop/plain.py")
    shop(*HOOK, "shop/plain.py")
    assert len(answered) == 1


def test_few_states_are_remembered_and_clean_forgets_them(
    shop: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    for number in range(7):
        write({"flags.yaml": REGISTRY + f"# {number}\n"})
        shop(*HOOK, "shop/plain.py")
    assert len(list((tmp_path / ".flaglint_cache" / "glance").iterdir())) == 4
    assert shop("clean").code == 0
    assert not (tmp_path / ".flaglint_cache").exists()


def test_a_registry_that_changes_while_the_hook_runs_is_not_remembered(
    flaglint: Flaglint, answered: Answered, write: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    from flaglint.cli import check as command

    def changing(*arguments: object, **options: object) -> object:
        found = analyse(*arguments, **options)  # type: ignore[arg-type]
        write({"flags.yaml": REGISTRY.replace("two words", "total")})
        return found

    analyse = command.analyse
    write(PROJECT)
    monkeypatch.setattr(command, "analyse", changing)
    flaglint(*HOOK, "shop/plain.py")
    monkeypatch.setattr(command, "analyse", analyse)
    flaglint(*HOOK, "shop/plain.py")
    assert len(answered) == 2, "the key stands in the file"


@pytest.mark.parametrize("searched", [False, True])
def test_a_glance_imports_nothing_that_a_command_needs(
    shop: Flaglint, write: Callable[..., None], tmp_path: Path, *, searched: bool
) -> None:
    write({"shop/touched.py": "from shop.other import price\n"})
    files = ["shop/plain.py", "shop/touched.py" if searched else "shop/other.py"]
    listing = f"import sys\nfrom flaglint.cli import run\ncode = run({[*HOOK, *files]!r})\nprint(code, *sys.modules)\n"
    ran = subprocess.run([sys.executable, "-c", listing], cwd=tmp_path, capture_output=True, text=True, check=True)
    code, *modules = ran.stdout.split()
    assert code == "0"
    unwanted = {"click", "yaml", "libcst", "pathspec", "inspect", "subprocess", "concurrent.futures", "hashlib"}
    unwanted |= {
        f"flaglint.{name}" for name in ("pipeline", "lints", "render", "evaluator", "registry.cache", "cli.program")
    }
    if not searched:
        unwanted |= {"dataclasses"}
        unwanted |= {f"flaglint.refs.{name}" for name in ("packs", "spec", "index", "link")}
    assert unwanted.intersection(modules) == set()
