"""`flaglint demo`: a shop that works, and the commands run on it."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import click

from flaglint.cli.demo import AS_OF, STEPS, shop_folder, write_shop
from flaglint.cli.group import root

Flaglint = Callable[..., object]


def files(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }


def test_runs_every_step_whose_command_exists_and_exits_0(flaglint: Flaglint) -> None:
    ran = flaglint("demo")
    assert ran.code == 0, ran.err
    existing = root.list_commands(click.Context(root))
    for step in STEPS:
        assert (f"\n{step.says}\n$ {step.command}\n" in ran.out) == (
            step.program == "python" or step.arguments[0] in existing
        )
    assert ran.out.count("OK\n") == 2
    assert ran.out.endswith(
        "\nThe shop stays in flaglint-demo: go there and try the commands yourself; flaglint --help lists them.\n"
    )


def test_flags_are_as_old_today_as_they_were(flaglint: Flaglint) -> None:
    def ages(config: str, *now: str) -> list[str]:
        ran = flaglint("--config", config, "check", "--output-format", "json", *now)
        return [age for one in json.loads(ran.out)["findings"] for age in re.findall(r"\d+ days", one["message"])]

    write_shop(Path("shop"), datetime.now(UTC).date())
    assert ages("shop/pyproject.toml")
    assert ages("shop/pyproject.toml") == ages(str(shop_folder() / "pyproject.toml"), "--now", str(AS_OF))


def test_writes_nothing_over_what_is_there(flaglint: Flaglint, write: Callable[..., None], tmp_path: Path) -> None:
    write({"mine/notes.txt": "keep"})
    ran = flaglint("demo", "mine")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == (
        "error: `mine` is there already, and nothing is written over it\n"
        "help: name another folder: flaglint demo FOLDER\n"
    )
    assert files(tmp_path) == {"mine/notes.txt": b"keep"}


def test_a_file_in_its_place_is_left_alone(flaglint: Flaglint, write: Callable[..., None], tmp_path: Path) -> None:
    write({"mine": "keep"})
    assert flaglint("demo", "mine").code == 2
    assert files(tmp_path) == {"mine": b"keep"}


def test_the_shop_passes_its_tests_with_unittest_and_pytest() -> None:
    for runner in (["-m", "unittest", "-q"], ["-m", "pytest", "-q", "-p", "no:cacheprovider"]):
        ran = subprocess.run([sys.executable, "-B", *runner], cwd=shop_folder(), capture_output=True, check=False)
        assert ran.returncode == 0, ran.stdout + ran.stderr


def test_a_test_of_the_shop_fails_when_a_flag_it_depends_on_serves_otherwise(tmp_path: Path) -> None:
    shutil.copytree(shop_folder(), tmp_path / "shop")
    registry = tmp_path / "shop" / "flags.yaml"
    registry.write_text(registry.read_text().replace("percent: [0, 100]", "percent: [0, 0]"))
    ran = subprocess.run(
        [sys.executable, "-B", "-m", "unittest"], cwd=tmp_path / "shop", capture_output=True, check=False
    )
    assert b"FAILED (failures=1)" in ran.stderr
