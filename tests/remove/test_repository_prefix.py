"""The way from the top of a repository: what git says, and mostly without asking it."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from flaglint.remove import write
from flaglint.remove.write import repository_prefix

if TYPE_CHECKING:
    from pathlib import Path


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    ran = subprocess.run(["git", *who, *arguments], cwd=folder, check=False, capture_output=True, encoding="utf-8")
    return ran.stdout.removesuffix("\n") if ran.returncode == 0 else ""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """Return where git is asked."""
    folders: list[Path] = []
    ask = write._git

    def note(root: Path, *arguments: str) -> str | None:
        folders.append(root)
        return ask(root, *arguments)

    monkeypatch.setattr(write, "_git", note)
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"):
        monkeypatch.delenv(name, raising=False)
    return folders


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "top"
    (folder / "a b" / "shöp").mkdir(parents=True)
    git(folder, "init")
    return folder


@pytest.mark.parametrize("inner", ["", "a b", "a b/shöp"])
def test_git_need_not_be_asked_in_a_plain_repository(top: Path, asked: list[Path], inner: str) -> None:
    assert repository_prefix(top / inner) == git(top / inner, "rev-parse", "--show-prefix") == (inner and f"{inner}/")
    assert asked == []


def test_git_need_not_be_asked_where_there_is_no_repository(tmp_path: Path, asked: list[Path]) -> None:
    assert repository_prefix(tmp_path) == ""
    assert asked == []


def test_a_link_leads_to_where_it_leads_for_git(top: Path, tmp_path: Path, asked: list[Path]) -> None:
    (tmp_path / "link").symlink_to(top / "a b")
    assert repository_prefix(tmp_path / "link") == git(tmp_path / "link", "rev-parse", "--show-prefix") == "a b/"
    assert asked == []


def test_git_is_asked_in_a_work_tree_of_its_own(top: Path, tmp_path: Path, asked: list[Path]) -> None:
    (top / "a b" / "x.txt").touch()
    git(top, "add", ".")
    git(top, "commit", "-m", "one")
    git(top, "worktree", "add", str(tmp_path / "other"))
    assert repository_prefix(tmp_path / "other" / "a b") == "a b/"
    assert len(asked) == 1


def test_git_is_asked_where_another_work_tree_is_set(
    top: Path, asked: list[Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    git(top, "config", "core.worktree", str(top / "a b"))
    assert repository_prefix(top / "a b" / "shöp") == git(top / "a b" / "shöp", "rev-parse", "--show-prefix") == "shöp/"
    git(top, "config", "--unset", "core.worktree")
    monkeypatch.setenv("GIT_WORK_TREE", str(top))
    monkeypatch.setenv("GIT_DIR", str(top / ".git"))
    assert repository_prefix(top / "a b") == "a b/"
    assert len(asked) == 2


def test_a_folder_that_only_looks_like_a_repository_is_none(tmp_path: Path, asked: list[Path]) -> None:
    (tmp_path / ".git").mkdir()
    assert repository_prefix(tmp_path) == git(tmp_path, "rev-parse", "--show-prefix") == ""
    assert len(asked) == 1
