"""`flaglint remove` in a repository with tests of its own: where to apply a diff, and what must not be written."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flaglint.remove import write as writing

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.cli.conftest import Flaglint

REGISTRY = """\
version: 1
flags:
  done: {created: 2026-01-01, serve: "true"}
  new/till: {created: 2026-01-01, serve: "true"}
  new-till: {created: 2026-01-01, serve: "true"}
  unread: {created: 2026-01-01, serve: "true"}
"""
CART = """\
from flaglint.evaluator import Evaluator

flags = Evaluator.from_path("app/flags.yaml")


def cart(user):
    if flags.boolean("done", user, False):
        return user
    return None


def till():
    return [1] if flags.boolean("new/till", None, False) and flags.boolean("new-till", None, False) else []
"""
# The tests import the cart without its registry: what matters is which copy of the module they get.
PLAIN = 'def is_on(key):\n    return True\n\n\ndef cart():\n    return 1 if is_on("done") else 2\n'
CONFIG = '[[tool.flaglint.calls]]\nfunction = "shop.cart.is_on"\nkey = {position = 0}\nreturns = "boolean"\n'
PYTEST = f"{sys.executable} -m pytest -q -p no:cacheprovider"


def git(folder: Path, *arguments: str, stdin: str = "", code: int = 0) -> str:
    who = ("-c", "user.name=t", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(
        ["git", *who, *arguments],
        cwd=folder,
        input=stdin,
        check=False,
        capture_output=True,
        encoding="utf-8",
        errors="surrogateescape",
    )
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def commit(folder: Path) -> None:
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "--message", "start")


@pytest.fixture
def app(write: Callable[..., None], tmp_path: Path, flaglint: Flaglint, monkeypatch: pytest.MonkeyPatch) -> Path:
    write({"app/flaglint.toml": "", "app/flags.yaml": REGISTRY, "app/shop/cart.py": CART, "app/shop/__init__.py": ""})
    commit(tmp_path)
    monkeypatch.chdir(tmp_path / "app")
    return tmp_path / "app"


# ---------------------------------------------------------------------------------------------------- where to apply


def test_git_applies_the_diff_in_the_folder_of_the_project(flaglint: Flaglint, app: Path) -> None:
    ran = flaglint("remove", "done")
    assert "git apply" not in ran.err
    git(app, "apply", stdin=ran.out)
    assert "done" not in (app / "flags.yaml").read_text() + (app / "shop/cart.py").read_text()


def test_a_folder_from_which_git_does_not_reach_all_files_is_told(
    flaglint: Flaglint, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(app / "shop")
    ran = flaglint("remove", "done")
    assert ran.err.endswith(
        "note: `git apply` does not reach app/flags.yaml from this folder\n"
        'help: pipe the diff to: git -C "$(git rev-parse --show-toplevel)" apply\n'
    )
    assert "No such file" in git(app / "shop", "apply", stdin=ran.out, code=1)
    assert git(app, "status", "--porcelain") == ""
    git(app.parent, "apply", stdin=ran.out)
    assert git(app, "status", "--porcelain") == " M app/flags.yaml\n M app/shop/cart.py\n"


@pytest.mark.parametrize("name", ["my cart.py", "wägen.py", 'a"b.py'])
def test_names_of_files_that_git_quotes_are_applied(flaglint: Flaglint, app: Path, name: str) -> None:
    (app / "shop/cart.py").rename(app / "shop" / name)
    ran = flaglint("remove", "done")
    git(app, "apply", stdin=ran.out)
    assert '"done"' not in (app / "shop" / name).read_text()


def test_outside_of_git_the_diff_begins_at_the_root(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    write({"flaglint.toml": "", "flags.yaml": REGISTRY, "shop/cart.py": CART})
    ran = flaglint("remove", "done")
    assert "--- a/shop/cart.py\n" in ran.out
    assert flaglint("remove", "done", "--write").code == 0
    assert '"done"' not in (tmp_path / "shop/cart.py").read_text()


# ----------------------------------------------------------------------------------------------------------- patches


def test_keys_that_make_the_same_file_name_get_patches_of_their_own(flaglint: Flaglint, app: Path) -> None:
    assert flaglint("remove", "new/till", "new-till", "--patch-dir", "out").code == 0
    patches = {path.name: path.read_text() for path in (app / "out").iterdir()}
    assert set(patches) == {"new-till.patch", "new-till-2.patch"}
    assert "-  new/till:" in patches["new-till.patch"]
    assert "-  new-till:" in patches["new-till-2.patch"]


def test_every_flag_that_is_ready_gets_a_patch_that_applies_alone(flaglint: Flaglint, app: Path) -> None:
    assert flaglint("remove", "--ready", "--patch-dir", "out").code == 0
    patches = sorted((app / "out").iterdir())
    assert [path.name for path in patches] == ["done.patch", "new-till-2.patch", "new-till.patch", "unread.patch"]
    for patch in patches:
        git(app.parent, "apply", "--check", stdin=patch.read_text())


def test_a_flag_of_which_nothing_can_go_gets_no_patch(flaglint: Flaglint, app: Path) -> None:
    (app / "flags.yaml").write_text("version: 1\n")
    (app / "shop/cart.py").write_text(
        "from flaglint.evaluator import Evaluator\n\nflags = Evaluator.from_path('f')\nsize = 1\n\n\n"
        "def stuck(rows):\n    if not flags.boolean('stuck', None, False):\n        size = len(rows)\n    return size\n"
    )
    ran = flaglint("remove", "stuck", "--value", "true", "--patch-dir", "out")
    assert ran.code == 1
    assert ran.err.startswith("no patch for `stuck`, because nothing would change:\n")
    assert list((app / "out").iterdir()) == []


def test_a_file_where_the_folder_of_patches_should_be_is_an_error(flaglint: Flaglint, app: Path) -> None:
    (app / "out").write_text("mine\n")
    ran = flaglint("remove", "done", "--patch-dir", "out")
    assert ran.code == 2
    assert ran.err.startswith("error: out: patches cannot be written there: it is a file\nhelp: ")
    assert (app / "out").read_text() == "mine\n"


def test_a_flag_that_nothing_reads_just_goes(flaglint: Flaglint, app: Path) -> None:
    ran = flaglint("remove", "unread")
    assert ran.err.startswith("`unread` goes: no code reads it\n0 reads\n1 file changed, 1 line removed, 0 added\n")


# ----------------------------------------------------------------------------------------------------------- writing


def test_when_one_file_cannot_be_written_none_is(
    flaglint: Flaglint, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Path.replace

    def replace(path: Path, target: Path) -> Path:
        if target.name == "flags.yaml":
            raise PermissionError(13, "Permission denied")
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    ran = flaglint("remove", "done", "--write")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.endswith("flags.yaml: it cannot be written: permission denied\n")
    assert git(app, "status", "--porcelain") == ""


def test_a_file_that_changes_meanwhile_is_not_overwritten(
    flaglint: Flaglint, app: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = writing.write

    def write(*given: object, **more: object) -> None:
        (app / "flags.yaml").write_text(REGISTRY + "# by somebody else\n")
        real(*given, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(writing, "write", write)
    ran = flaglint("remove", "done", "--write")
    assert ran.code == 2
    assert "it changed since it was read, and nothing was written" in ran.err
    assert (app / "shop/cart.py").read_text() == CART


def test_public_names_stay_when_asked(flaglint: Flaglint, app: Path) -> None:
    (app / "shop/cart.py").write_text(
        CART.replace("        return user\n    return None", "        return user\n    return empty(user)").replace(
            "def till", "def empty(user):\n    return []\n\n\ndef till"
        )
    )
    assert "-def empty(user):" in flaglint("remove", "done").out
    kept = flaglint("remove", "done", "--keep-public")
    assert "-def empty(user):" not in kept.out
    assert "`empty` lost its last use and stays: it is public (still-there)" in kept.err


# ------------------------------------------------------------------------------------------------- the suite


@pytest.fixture
def tested(write: Callable[..., None], tmp_path: Path, flaglint: Flaglint) -> Path:
    write(
        {
            "pyproject.toml": CONFIG,
            "src/shop/__init__.py": "",
            "src/shop/cart.py": PLAIN,
            "tests/test_cart.py": "from shop.cart import cart\n\n\ndef test_cart():\n    assert cart() == 1\n",
        }
    )
    commit(tmp_path)
    return tmp_path


def test_the_tests_run_on_both_versions(flaglint: Flaglint, tested: Path) -> None:
    ran = flaglint("remove", "done", "--value", "true", "--write", "--verify-cmd", PYTEST)
    assert ran.code == 0
    assert ran.err.startswith("before: exit code 0, 1 passed\nafter: exit code 0, 1 passed\n")
    assert "return 1 if" not in (tested / "src/shop/cart.py").read_text()


def test_tests_that_fail_only_afterwards_stop_the_removal(flaglint: Flaglint, tested: Path) -> None:
    ran = flaglint("remove", "done", "--value", "false", "--write", "--verify-cmd", PYTEST)
    assert ran.code == 2
    assert "after: exit code 1, 1 failed\nfails only with the flag removed: tests/test_cart.py::test_cart\n" in ran.err
    assert ran.err.endswith("help: nothing was written\n")
    assert git(tested, "status", "--porcelain") == ""


def test_a_suite_that_fails_already_does_not_hide_a_new_failure(
    flaglint: Flaglint, tested: Path, write: Callable[..., None]
) -> None:
    write({"tests/test_other.py": "def test_other():\n    assert False\n"})
    worse = flaglint("remove", "done", "--value", "false", "--verify-cmd", PYTEST)
    assert worse.code == 2
    assert "the command fails without the removal already, so it says little\n" in worse.err
    assert "fails only with the flag removed: tests/test_cart.py::test_cart\n" in worse.err
    assert flaglint("remove", "done", "--value", "true", "--verify-cmd", PYTEST).code == 0


def test_the_copy_is_tested_where_the_project_is_installed_in_place(
    flaglint: Flaglint, tested: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(tested / "src"))  # as an editable installation puts it on the path
    assert flaglint("remove", "done", "--value", "false", "--verify-cmd", PYTEST).code == 2


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("no-such-program -x", "error: `no-such-program` cannot be run: no such file or directory\n"),
        ("pytest 'x", "error: `--verify-cmd` cannot be read: no closing quotation\n"),
        (" ", "error: `--verify-cmd` is empty\n"),
    ],
)
def test_a_command_that_cannot_be_run_is_an_error(flaglint: Flaglint, tested: Path, command: str, said: str) -> None:
    ran = flaglint("remove", "done", "--value", "true", "--verify-cmd", command)
    assert (ran.code, ran.out, ran.err) == (2, "", said)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("name", [b" blank first", b"s\xfcden"])
def test_the_diff_applies_in_a_folder_with_an_odd_name(tmp_path: Path, app: Path, name: bytes) -> None:
    folder = tmp_path / "odd" / os.fsdecode(name)
    shutil.copytree(app, folder, ignore=shutil.ignore_patterns(".git"))
    git(folder.parent, "init", "--quiet")
    git(folder.parent, "add", ".")
    git(folder.parent, "commit", "--quiet", "-m", "one")
    command = [sys.executable, "-m", "flaglint", "remove", "done"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, errors="surrogateescape", check=False)
    assert ran.returncode == 0, ran.stderr
    git(folder, "apply", stdin=ran.stdout)
    assert "done" not in (folder / "shop/cart.py").read_text()
