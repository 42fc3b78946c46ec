"""Each command in the README, and each block of output below it, is what really happens in the shop."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from flaglint.cli import run
from flaglint.cli.demo import shop_folder
from flaglint.cli.group import root

ROOT = Path(__file__).resolve().parent.parent
_CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def examples() -> Iterator[tuple[str, str]]:
    """Yield each command of a console block in the README with the text below it."""
    for block in _CONSOLE.findall((ROOT / "README.md").read_text(encoding="utf-8")):
        for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, _, output = part.partition("\n")
            yield command, output


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shop"
    shutil.copytree(shop_folder(), folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    monkeypatch.chdir(folder)
    return folder


def test_there_are_examples() -> None:
    assert len(list(examples())) >= 2


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize(("command", "expected"), list(examples()), ids=lambda text: text.split("\n")[0][:60])
def test_prints_what_the_readme_shows(capfd: pytest.CaptureFixture[str], command: str, expected: str) -> None:
    """A line of `...` stands for lines that are left out, `...` at the end of a line for the rest of it."""
    program, *arguments = shlex.split(command)
    assert program == "flaglint"
    run(arguments)
    pattern = (
        re.escape(f"\n{expected}").replace(re.escape("\n...\n"), r"\n(?:.*\n)*?").replace(re.escape("...\n"), r".*\n")
    )
    printed = "\n" + capfd.readouterr().out
    assert re.fullmatch(pattern, printed), printed


def test_names_no_command_that_does_not_exist() -> None:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^\$ |bin/)flaglint ([a-z]+)", text, re.MULTILINE))
    assert named
    assert named <= set(root.list_commands(click.Context(root)))


def test_both_set_up_commands_make_their_own_environment() -> None:
    commands = [line for line in (ROOT / "README.md").read_text().splitlines() if line.startswith("python3 -m venv")]
    assert [("demo" in line, "pytest" in line) for line in commands] == [(True, False), (False, True)]
