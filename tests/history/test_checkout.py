"""The repository around a project: git is asked once for it, also by those who want different things of it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from flaglint.config import Settings
from flaglint.history import Checkout
from flaglint.history import git as asked
from flaglint.history.commits import commit_at, main_line
from flaglint.history.git import Repository, open_repository
from flaglint.report.from_history import past_of
from tests.history.repositories import Made, git, registry

if TYPE_CHECKING:
    from pathlib import Path

NOW = 1_790_000_000.0  # 2026-09-21


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what git is asked for from now on."""
    run = subprocess.run
    seen: list[str] = []

    def noted(arguments: list[str], *given: Any, **named: Any) -> Any:
        seen.append(next(word for word in arguments[1:] if not word.startswith("-") and "=" not in word))
        return run(arguments, *given, **named)

    monkeypatch.setattr(subprocess, "run", noted)
    return seen


def shop(root: Path) -> Made:
    made = Made(root)
    first = made.commit({"shop/flags.yaml": registry("a: {}"), "shop/a.py": "x = 'a'\n"}, "2026-01-05")
    made.commit({"shop/flags.yaml": registry("a: {}\n  b: {}")}, "2026-02-05", on=first)
    return made


def test_a_report_opens_the_repository_once_and_reads_its_main_line_once(tmp_path: Path, commands: list[str]) -> None:
    settings = Settings(root=shop(tmp_path).build() / "shop")
    past_of(settings, ["a", "b"], NOW)
    commands.clear()
    found = past_of(settings, ["a", "b"], NOW)
    assert found.last_authors([("a.py", 1, 1)]) == ("Ann",)
    assert commands == ["rev-parse", "rev-list", "blame"]


def test_what_git_tells_at_once_is_what_it_tells_in_turn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = shop(tmp_path).build()
    git(root, "worktree", "add", "-q", str(tmp_path / "other"))
    (root / ".git/shallow").write_text(git(root, "rev-parse", "HEAD") + "\n")
    for folder in (root, root / "shop", tmp_path / "other/shop"):
        at_once = open_repository(folder)
        with monkeypatch.context() as patched:
            patched.setattr(asked, "_told_at_once", lambda _: None)
            assert open_repository(folder) == at_once
        assert isinstance(at_once, Repository)


def test_a_folder_with_a_line_end_in_its_name_is_found(tmp_path: Path) -> None:
    folder = tmp_path / "two\nlines"
    root = shop(folder).build()
    found = open_repository(root / "shop")
    assert isinstance(found, Repository)
    assert (found.top, found.prefix) == (root.resolve(), "shop/")


def test_why_there_is_none_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    (tmp_path / "none").mkdir()
    assert open_repository(tmp_path / "none") == "the project is not in a git repository"
    subprocess.run(["git", "init", "-q", str(tmp_path / "new")], check=True)
    assert open_repository(tmp_path / "new") == "the repository has no commit yet"
    subprocess.run(["git", "init", "-q", "--bare", str(tmp_path / "bare")], check=True)
    assert open_repository(tmp_path / "bare") == "the folder is inside of a bare repository"
    monkeypatch.setenv("PATH", str(tmp_path))
    assert open_repository(tmp_path / "new") == "git cannot be asked: git is not installed, or cannot be run"


def test_one_commit_is_that_of_the_line(tmp_path: Path) -> None:
    found = Checkout(shop(tmp_path).build())
    assert isinstance(found.repository, Repository)
    assert found.line.commits == main_line(found.repository).commits
    for commit in found.line.commits:
        assert commit_at(found.repository, commit.id) == commit
