"""A project as it was at a revision, and who wrote its lines."""

from __future__ import annotations

from typing import TYPE_CHECKING
from unittest import mock

import pytest

from flaglint.config import Settings
from flaglint.errors import UsageError
from flaglint.history import Checkout, LineAuthors, registry_at, tree_at
from tests.history.repositories import Made, git, registry

if TYPE_CHECKING:
    from pathlib import Path


def two(root: Path) -> Path:
    made = Made(root)
    first = made.commit({"flags.yaml": registry("a: {}"), "shop/pay.py": "one = 1\ntwo = 2\n"}, "2026-01-05")
    made.commit({"flags.yaml": registry("b: {}"), "shop/pay.py": "one = 1\ntwo = 3\n"}, "2026-02-05", "bea", on=first)
    return made.build()


def test_the_registry_of_a_revision_is_that_of_its_commit(tmp_path: Path) -> None:
    settings = Settings(root=two(tmp_path))
    (tmp_path / "flags.yaml").write_text(registry("c: {}"))
    assert [flag.key for flag in registry_at(settings, "HEAD^").flags] == ["a"]
    assert [flag.key for flag in registry_at(settings, "main").flags] == ["b"]
    assert registry_at(settings, "HEAD^").paths == ("flags.yaml",)


def test_a_registry_that_was_not_there_yet_is_empty(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"x": ""}, "2026-01-05")
    made.commit({"flags.yaml": registry("a: {}")}, "2026-01-06", on=first)
    assert registry_at(Settings(root=made.build()), "HEAD^").flags == ()


@pytest.mark.parametrize("revision", ["nothing", "HEAD~99", "--all", "-1", "", "a b", "HEAD:flags.yaml"])
def test_a_revision_that_does_not_exist_is_an_error(tmp_path: Path, revision: str) -> None:
    with pytest.raises(UsageError, match="there is no revision"):
        registry_at(Settings(root=two(tmp_path)), revision)


def test_without_a_repository_there_is_no_past(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="needs a git repository: the project is not in a git repository"):
        registry_at(Settings(root=tmp_path), "HEAD")


def test_a_tree_holds_the_files_of_its_revision_and_goes_afterwards(tmp_path: Path) -> None:
    with tree_at(Settings(root=two(tmp_path)), "HEAD^") as then:
        assert (then.root / "shop/pay.py").read_text() == "one = 1\ntwo = 2\n"
        assert sorted(path.name for path in then.root.rglob("*") if path.is_file()) == ["flags.yaml", "pay.py"]
        root = then.root
    assert not root.exists()


def test_a_tree_is_written_without_links_submodules_and_ignore_files(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.commit(
        {"build/kept.py": "x\n", ".gitignore": "build/\n", ".gitattributes": "*.py export-ignore\n"}, "2026-01-05"
    )
    made.link("evil", "/etc")
    made.submodule("module")
    with tree_at(Settings(root=made.build()), "HEAD") as then:
        assert sorted(path.name for path in then.root.iterdir()) == [".gitattributes", "build"]
        assert (then.root / "build/kept.py").read_text() == "x\n"


def test_a_tree_of_a_project_in_a_larger_repository_holds_the_project(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.commit({"shop/a.py": "x\n", "other/b.py": "y\n"}, "2026-01-05")
    with tree_at(Settings(root=made.build() / "shop", source=("gone", ".")), "HEAD") as then:
        assert [path.name for path in then.root.iterdir()] == ["a.py"]
        assert then.source == (".",)


def test_the_last_authors_of_lines_are_named_with_their_share(tmp_path: Path) -> None:
    root = two(tmp_path)
    authors = LineAuthors(Checkout(root))
    assert [(author.name, author.lines) for author in authors.of([("shop/pay.py", 1, 2)])] == [("Bea", 1), ("Ann", 1)]
    assert [author.email for author in authors.of([("shop/pay.py", 1, 1)])] == ["ann@example.org"]
    assert [author.name for author in authors.of([("shop/pay.py", 2, 2), ("shop/pay.py", 2, 2)])] == ["Bea"]


def test_files_that_are_asked_for_together_are_asked_for_once(tmp_path: Path) -> None:
    made = Made(tmp_path)
    made.commit({f"part_{number}.py": "x = 1\n" for number in range(6)}, "2026-01-05")
    root = made.build()
    paths = [f"part_{number}.py" for number in range(6)]
    alone = LineAuthors(Checkout(root))
    expected = [alone.of([(path, 1, 1)]) for path in paths]
    together = LineAuthors(Checkout(root))
    together.ask([*paths, "missing.py"])
    with mock.patch.object(LineAuthors, "_blame", side_effect=AssertionError):
        assert [together.of([(path, 1, 1)]) for path in paths] == expected
        assert together.of([("missing.py", 1, 1)]) == ()
    assert all(expected)


def test_lines_that_are_not_committed_have_no_author(tmp_path: Path) -> None:
    root = two(tmp_path)
    (root / "shop/pay.py").write_text("zero = 0\none = 1\n")
    (root / "new.py").write_text("x\n")
    authors = LineAuthors(Checkout(root))
    assert [author.name for author in authors.of([("shop/pay.py", 1, 2)])] == ["Ann"]
    assert authors.of([("new.py", 1, 1), ("missing.py", 1, 9)]) == ()


def test_a_reformat_that_the_repository_lists_is_passed_over(tmp_path: Path) -> None:
    made = Made(tmp_path)
    first = made.commit({"a.py": "call(one,two)\n", "b.py": "call('one')\n"}, "2026-01-05")
    made.commit({"a.py": "call(one, two)\n", "b.py": 'call("one")\n'}, "2026-01-06", "bea", on=first)
    root = made.build()
    assert names(root, "a.py") == ["Ann"]  # blanks alone
    assert names(root, "b.py") == ["Bea"]
    (root / ".git-blame-ignore-revs").write_text(git(root, "rev-parse", "HEAD") + "\n")
    assert names(root, "b.py") == ["Ann"]
    (root / ".git-blame-ignore-revs").write_text("no revision\n")
    assert names(root, "b.py") == ["Bea"]


def names(root: Path, path: str) -> list[str]:
    return [author.name for author in LineAuthors(Checkout(root)).of([(path, 1, 1)])]


def test_without_git_nobody_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x\n")
    assert LineAuthors(Checkout(tmp_path)).of([("a.py", 1, 1)]) == ()
