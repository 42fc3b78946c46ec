"""What README and docs show is what happens: commands are run and compared, settings loaded, registries read.

The commands of a page run in the demo's shop, one after the other, so that a page can tell a story. A line of `...`
stands for lines that are left out, `...` at the end of a line for the rest of it.
"""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import yaml

from flaglint import config
from flaglint.cli import run
from flaglint.cli.demo import shop_folder
from flaglint.cli.group import root
from tests.documentation.architecture import PAGE, with_map
from tests.documentation.blocks import PAGES, ROOT, Block, blocks, of_page
from tests.registry.reading import registry

TOLD = [page for page in PAGES if any(block.language == "console" for block in of_page(page))]
LINK = re.compile(r"\[[^\]]+\]\((?!https?:)([^)#\s]*)(?:#([^)\s]*))?\)")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "shop"
    shutil.copytree(shop_folder(), folder, ignore=shutil.ignore_patterns("__pycache__", ".*"))
    monkeypatch.chdir(folder)
    for name in [name for name in os.environ if name.startswith(("FLAGLINT_", "GIT_"))]:
        monkeypatch.delenv(name)
    return folder


def bare(text: str) -> str:
    """Return a text without blanks at the ends of its lines, which pages do not show."""
    return re.sub(r" +$", "", text, flags=re.MULTILINE)


def said(command: str, capfd: pytest.CaptureFixture[str]) -> str:
    """Run a command of a page and return what it printed on stdout."""
    capfd.readouterr()
    program, *arguments = shlex.split(command)
    if program == "flaglint":
        assert run(arguments) in {0, 1}, f"{command}\n{capfd.readouterr().err}"
    elif program == "python":
        ran = subprocess.run([sys.executable, *arguments], stderr=subprocess.STDOUT, check=False)
        assert ran.returncode == 0
    else:
        assert program in {"git", "cat", "ls"}, f"a page must not need `{program}`"
        subprocess.run([program, *arguments], check=True)
    return capfd.readouterr().out


@pytest.mark.usefixtures("shop")
@pytest.mark.parametrize("page", TOLD, ids=lambda page: page.name)
def test_prints_what_the_page_shows(page: Path, capfd: pytest.CaptureFixture[str]) -> None:
    for block in of_page(page):
        if block.language != "console":
            continue
        for command, expected in block.steps:
            text = re.escape(bare(f"\n{expected}"))
            text = text.replace(re.escape("\n...\n"), r"\n(?:.*\n)*?").replace(re.escape("...\n"), r".*\n")
            printed = bare("\n" + said(command, capfd))
            assert re.fullmatch(text, printed), f"{block}: $ {command}\n{printed}"


def test_the_readme_shows_what_it_does() -> None:
    assert ROOT / "README.md" in TOLD


def commands(block: Block) -> Iterator[str]:
    for line in block.text.replace("\\\n", " ").splitlines():
        for part in re.split(r"&&|\|\|?|;", line.partition(" #")[0]):
            words = part.strip().removeprefix("- run:").strip()
            if words.startswith(("flaglint ", ".venv/bin/flaglint ")):
                yield words


@pytest.mark.parametrize("block", [item for item in blocks("sh", "bash") if list(commands(item))], ids=str)
def test_commands_that_are_only_shown_are_understood(block: Block) -> None:
    for line in commands(block):
        _, name, *arguments = shlex.split(re.sub(r"[<>]\s*\S+", "", line))
        command = root.get_command(click.Context(root), name)
        assert command is not None, line
        while isinstance(command, click.Group):
            name, *arguments = arguments
            found = command.get_command(click.Context(command), name)
            assert found is not None, line
            command = found
        command.make_context(name, arguments)


@pytest.mark.parametrize("block", blocks("toml"), ids=str)
def test_settings_that_are_shown_are_read(block: Block, tmp_path: Path) -> None:
    is_table = "[tool.flaglint" in block.text or "[[tool.flaglint" in block.text
    (tmp_path / ("pyproject.toml" if is_table else "flaglint.toml")).write_text(block.text, encoding="utf-8")
    config.load(tmp_path)


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_yaml_that_is_shown_is_in_order(block: Block) -> None:
    if block.text.startswith("version: 1\n"):
        assert not registry(block.text).problems
        return
    document = yaml.safe_load(block.text)
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / "pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    for repository in document.get("repos", ()) if isinstance(document, dict) else ():
        assert {hook["id"] for hook in repository["hooks"]} <= hooks


@pytest.mark.parametrize("block", blocks("python"), ids=str)
def test_python_that_is_shown_is_python(block: Block) -> None:
    ast.parse(block.text)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_names_no_command_that_does_not_exist(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = set(re.findall(r"(?:`|^\$ |bin/)flaglint ([a-z]+)", text, re.MULTILINE))
    assert named <= set(root.list_commands(click.Context(root)))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for target, heading in LINK.findall(page.read_text(encoding="utf-8")):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), target
        if heading and there.suffix == ".md":
            assert heading in headings(there), f"{target}#{heading}"


def headings(page: Path) -> set[str]:
    """Return the anchors of a page, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.replace("`", "").lower()).replace(" ", "-") for title in titles}


def test_every_page_is_found_from_the_readme() -> None:
    seen: set[Path] = set()
    waiting = [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in seen or page.suffix != ".md":
            continue
        seen.add(page)
        links = LINK.findall(page.read_text(encoding="utf-8"))
        waiting += [(page.parent / target).resolve() for target, _ in links if target]
    assert set(PAGES) <= seen, [page.name for page in PAGES if page not in seen]


def test_the_map_of_the_packages_is_that_of_the_code() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page == with_map(page), "python -m tests.documentation.architecture draws it again"
