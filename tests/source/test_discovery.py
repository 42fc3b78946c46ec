"""Which files belong to the project, with git and without."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from flaglint.errors import ConfigError, FlaglintError, UsageError
from flaglint.model import Skipped
from flaglint.source import discover, is_python


def write(root: Path, *paths: str, text: str = "") -> None:
    for path in paths:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")


def git(root: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "protocol.file.allow=always")
    subprocess.run(["git", *identity, *arguments], cwd=root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q")
    return root


def paths(root: Path, *given: Path, **options: object) -> list[str]:
    return list(discover(root, given, **options).paths)  # type: ignore[arg-type]


class TestWithGit:
    def test_lists_tracked_files_and_new_ones_that_are_not_ignored(self, repository: Path) -> None:
        write(repository, "shop/a.py", "shop/new.py", "shop/ignored.py", "page.html")
        write(repository, ".gitignore", text="ignored.py\n")
        git(repository, "add", "shop/a.py")
        assert paths(repository) == [".gitignore", "page.html", "shop/a.py", "shop/new.py"]

    def test_leaves_out_what_is_tracked_but_deleted(self, repository: Path) -> None:
        write(repository, "a.py", "b.py")
        git(repository, "add", ".")
        (repository / "a.py").unlink()
        assert paths(repository) == ["b.py"]

    def test_keeps_a_tracked_file_that_an_ignore_file_matches(self, repository: Path) -> None:
        write(repository, "a.py")
        git(repository, "add", "a.py")
        write(repository, ".gitignore", text="*.py\n")
        assert "a.py" in paths(repository)

    def test_lists_a_root_below_the_top_of_the_repository_relative_to_it(self, repository: Path) -> None:
        write(repository, "services/shop/a.py", "other.py")
        assert paths(repository / "services") == ["shop/a.py"]

    def test_goes_into_a_submodule(self, repository: Path, tmp_path: Path) -> None:
        other = tmp_path / "other"
        other.mkdir()
        git(other, "init", "-q")
        write(other, "inside.py")
        git(other, "add", ".")
        git(other, "commit", "-qm", "one")
        git(repository, "submodule", "add", "-q", str(other), "lib")
        assert "lib/inside.py" in paths(repository)

    def test_a_repository_variable_of_a_hook_does_not_lead_elsewhere(
        self, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(repository, "a.py")
        monkeypatch.setenv("GIT_DIR", str(tmp_path / "nowhere"))
        monkeypatch.setenv("GIT_INDEX_FILE", "nothing")
        assert paths(repository) == ["a.py"]

    def test_reads_an_ignored_folder_that_is_named(self, repository: Path) -> None:
        write(repository, ".gitignore", text="/trees/\n")
        write(repository, "trees/shop/a.py")
        assert paths(repository, repository / "trees") == ["trees/shop/a.py"]
        assert paths(repository) == [".gitignore"]

    def test_leaves_out_a_virtual_environment_that_nobody_ignored(self, repository: Path) -> None:
        write(repository, "env/pyvenv.cfg", "env/lib/x.py", "environment.py")
        assert paths(repository) == ["environment.py"]

    def test_without_the_git_command_it_walks(self, repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(repository, "a.py", "b.py")
        write(repository, ".gitignore", text="b.py\n")
        monkeypatch.setenv("PATH", "")
        assert paths(repository) == [".gitignore", "a.py"]

    @pytest.mark.skipif(sys.platform == "win32", reason="nothing ends with a signal on Windows")
    def test_a_git_that_is_ended_is_none_that_there_is_not(
        self, repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        write(repository, "a.py")
        program = tmp_path / "programs/git"
        program.parent.mkdir()
        program.write_text("#!/bin/sh\nkill -9 $$\n", encoding="utf-8")
        program.chmod(0o755)
        monkeypatch.setenv("PATH", str(program.parent), prepend=os.pathsep)
        with pytest.raises(FlaglintError, match="git was ended by signal 9"):
            paths(repository)

    def test_where_no_process_can_be_started_it_is_not_known_what_git_would_say(
        self, repository: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_arguments: object, **_options: object) -> None:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

        monkeypatch.setattr(subprocess, "run", refuse)
        with pytest.raises(BlockingIOError):
            paths(repository)


class TestWithoutGit:
    def test_is_sorted_and_relative_with_slashes(self, tmp_path: Path) -> None:
        write(tmp_path, "b.py", "a/z.py", "a/b/c.txt")
        assert paths(tmp_path) == ["a/b/c.txt", "a/z.py", "b.py"]

    def test_leaves_out_environments_caches_and_hidden_folders(self, tmp_path: Path) -> None:
        kept = ["a.py", "shop/.hidden.py", ".github/workflows/ci.yml"]
        write(tmp_path, *kept)
        write(tmp_path, ".venv/a.py", "node_modules/x/a.js", "shop/__pycache__/a.py", ".idea/x.xml", "env/lib/a.py")
        write(tmp_path, "env/pyvenv.cfg")
        assert paths(tmp_path) == sorted(kept)

    def test_honours_ignore_files_in_every_folder_the_nearest_first(self, tmp_path: Path) -> None:
        write(tmp_path, "a.log", "keep/a.log", "keep/b.log", "build/x.py", "shop/build/x.py", "only/here.py")
        write(tmp_path, ".gitignore", text="*.log\n/build/\nhere.py\n# a comment\n")
        write(tmp_path, "keep/.gitignore", text="!a.log\n")
        assert paths(tmp_path) == [".gitignore", "keep/.gitignore", "keep/a.log", "shop/build/x.py"]

    def test_the_root_s_ignore_file_counts_for_a_folder_that_is_named(self, tmp_path: Path) -> None:
        write(tmp_path, "shop/a.py", "shop/b.py")
        write(tmp_path, ".gitignore", text="b.py\n")
        assert paths(tmp_path, tmp_path / "shop") == ["shop/a.py"]

    def test_a_folder_that_cannot_be_listed_is_named(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path, "a.py", "closed/b.py")
        listing = os.scandir

        def scandir(folder: str) -> object:
            if Path(folder).name == "closed":
                raise PermissionError(13, "Permission denied")
            return listing(folder)

        monkeypatch.setattr(os, "scandir", scandir)
        reason = "the folder cannot be listed: permission denied"
        assert discover(tmp_path).skipped == (Skipped("closed", reason, unreadable=True),)


class TestLinks:
    def test_one_that_this_process_may_not_open_now_is_none_of_these(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(_: str) -> None:
            raise OSError(errno.EMFILE, "Too many open files")

        monkeypatch.setattr(os, "scandir", refuse)
        with pytest.raises(OSError, match="Too many open files"):
            paths(tmp_path)

    def test_a_loop_of_folders_ends(self, tmp_path: Path) -> None:
        write(tmp_path, "a/x.py")
        (tmp_path / "a" / "again").symlink_to(tmp_path / "a", target_is_directory=True)
        assert paths(tmp_path) == ["a/x.py"]

    def test_never_leaves_the_root(self, tmp_path: Path) -> None:
        write(tmp_path, "outside/x.py", "root/y.py")
        (tmp_path / "root" / "out").symlink_to(tmp_path / "outside", target_is_directory=True)
        (tmp_path / "root" / "x.py").symlink_to(tmp_path / "outside" / "x.py")
        assert paths(tmp_path / "root") == ["y.py"]
        with pytest.raises(UsageError, match="outside of the project"):
            paths(tmp_path / "root", tmp_path / "root" / "out")

    def test_a_linked_folder_inside_is_listed_where_it_is(self, tmp_path: Path) -> None:
        write(tmp_path, "real/x.py")
        (tmp_path / "link").symlink_to(tmp_path / "real", target_is_directory=True)
        assert paths(tmp_path, tmp_path / "link") == ["real/x.py"]

    def test_a_link_to_itself_is_a_clear_error(self, tmp_path: Path) -> None:
        (tmp_path / "loop").symlink_to(tmp_path / "loop")
        with pytest.raises(UsageError):
            paths(tmp_path, tmp_path / "loop")


class TestGiven:
    def test_a_missing_path_is_an_error_that_names_it_as_it_was_given(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        with pytest.raises(UsageError, match=r"^`shop/nope\.py` does not exist$"):
            paths(tmp_path, Path("shop/nope.py"))

    def test_a_configured_source_that_is_missing_is_said_to_be_configured(self, tmp_path: Path) -> None:
        with pytest.raises(UsageError, match=r"^`src` in `source` does not exist$"):
            discover(tmp_path, source=["src"])

    def test_a_pipe_is_no_file(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe")
        with pytest.raises(UsageError, match="neither a file nor a folder"):
            paths(tmp_path, tmp_path / "pipe")

    def test_a_path_outside_of_the_root_is_an_error(self, tmp_path: Path) -> None:
        write(tmp_path, "a.py", "root/b.py")
        with pytest.raises(UsageError, match="outside of the project"):
            paths(tmp_path / "root", tmp_path / "a.py")

    def test_is_relative_to_the_working_folder(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        write(tmp_path, "shop/a.py", "a.py")
        monkeypatch.chdir(tmp_path / "shop")
        assert paths(tmp_path, Path("a.py")) == ["shop/a.py"]

    def test_twice_and_below_each_other_is_listed_once(self, tmp_path: Path) -> None:
        write(tmp_path, "shop/a.py")
        assert paths(tmp_path, tmp_path / "shop", tmp_path, tmp_path / "shop/a.py") == ["shop/a.py"]


class TestExclude:
    def test_takes_globs_as_ignore_files_do(self, tmp_path: Path) -> None:
        write(tmp_path, "vendor/a.py", "shop/vendor/b.py", "shop/gen_pb2.py", "shop/a.py")
        assert paths(tmp_path, exclude=["/vendor/**", "*_pb2.py"]) == ["shop/a.py", "shop/vendor/b.py"]

    def test_a_file_that_is_given_is_taken_all_the_same(self, tmp_path: Path) -> None:
        write(tmp_path, "vendor/a.py", ".venv/b.py")
        given = [tmp_path / "vendor/a.py", tmp_path / ".venv/b.py"]
        assert paths(tmp_path, *given, exclude=["vendor/**"]) == [".venv/b.py", "vendor/a.py"]
        assert paths(tmp_path, *given, exclude=["vendor/**"], force_exclude=True) == []

    def test_a_glob_that_makes_no_sense_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match="not a glob"):
            paths(tmp_path, exclude=["!"])


class TestNames:
    def test_spaces_quotes_newlines_and_other_letters_are_names_like_any(self, repository: Path) -> None:
        names = ["a b.py", "q\"u'ote.py", "new\nline.py", "-n.py", "näme.py", "<script>.py"]
        write(repository, *names)
        assert paths(repository) == sorted(names)

    @pytest.mark.parametrize("with_git", [True, False])
    def test_one_that_is_no_utf8_is_skipped_and_named(self, tmp_path: Path, with_git: bool) -> None:
        if with_git:
            git(tmp_path, "init", "-q")
        for name in (b"na\xefve.py", b"p\xefcture.png"):
            content = b"\x89PNG\0" if name.endswith(b"png") else b"x = 1\n"
            try:
                (tmp_path / os.fsdecode(name)).write_bytes(content)
            except OSError:
                pytest.skip("this file system takes UTF-8 names only")
        found = discover(tmp_path)
        assert found.paths == ()
        assert found.skipped == (Skipped("na\\xefve.py", "its name is not valid UTF-8", unreadable=True),)


def test_python_is_told_by_its_name() -> None:
    assert [is_python(path) for path in ("a.py", "a.pyi", "a.pyw", "py", "a.pyc", "a.html")] == [True] * 3 + [False] * 3
