"""`flaglint kill`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.conftest import Flaglint

REGISTRY = """\
version: 1
environments: [staging, production]
flags:
  release-one-page:
    owner: "@payments"  # who
    serve: true
"""
DIFF = """\
--- a/flags.yaml
+++ b/flags.yaml
@@ -3,4 +3,5 @@
 flags:
   release-one-page:
     owner: "@payments"  # who
+    kill: {since: 2026-11-23, reason: slow}
     serve: true
"""


@pytest.fixture(autouse=True)
def registry(write: Callable[..., None]) -> None:
    write({"flags.yaml": REGISTRY})


def test_writes_the_switch_and_prints_the_diff(flaglint: Flaglint, tmp_path: Path) -> None:
    ran = flaglint("kill", "release-one-page", "--reason", "slow", "--now", "2026-11-23")
    assert (ran.code, ran.out, ran.err) == (0, DIFF, "")
    assert "    kill: {since: 2026-11-23, reason: slow}\n" in (tmp_path / "flags.yaml").read_text()


def test_the_undoing_gives_the_file_back(flaglint: Flaglint, tmp_path: Path) -> None:
    flaglint("kill", "release-one-page", "--env", "staging")
    assert "staging: {kill: {since: " in (tmp_path / "flags.yaml").read_text()
    assert flaglint("kill", "release-one-page", "--env", "staging", "--undo").code == 0
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY


def test_a_dry_run_writes_nothing(flaglint: Flaglint, tmp_path: Path) -> None:
    ran = flaglint("kill", "release-one-page", "--reason", "slow", "--now", "2026-11-23", "--dry-run")
    assert (ran.code, ran.out, ran.err) == (0, DIFF, "note: nothing was written\n")
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY


def test_a_switch_that_is_there_already_is_no_change(flaglint: Flaglint) -> None:
    flaglint("kill", "release-one-page", "--now", "2026-11-23")
    ran = flaglint("kill", "release-one-page", "--now", "2026-11-23")
    assert (ran.code, ran.out, ran.err) == (0, "", "note: nothing to change: the registry says so already\n")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        (
            ["release-onepage"],
            "error: there is no flag `release-onepage` in the registry\nhelp: did you mean `release-one-page`?\n",
        ),
        (
            ["release-one-page", "--env", "prod"],
            "error: there is no environment `prod` in the registry\nhelp: did you mean `production`?\n",
        ),
        (["release-one-page", "--undo"], "error: `release-one-page` is not killed\n"),
        (["release-one-page", "--undo", "--by", "ann"], "error: `--undo` takes no `--by` and no `--reason`\n"),
    ],
)
def test_says_what_cannot_be(flaglint: Flaglint, tmp_path: Path, arguments: list[str], error: str) -> None:
    ran = flaglint("kill", *arguments)
    assert (ran.code, ran.out, ran.err) == (2, "", error)
    assert (tmp_path / "flags.yaml").read_text() == REGISTRY


def test_a_file_with_an_error_of_syntax_is_not_edited(flaglint: Flaglint, tmp_path: Path) -> None:
    (tmp_path / "flags.yaml").write_text(REGISTRY + "\tx: y\n")
    ran = flaglint("kill", "release-one-page")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == ("error: flags.yaml:7:1: it cannot be edited: a tab cannot indent YAML\nhelp: use spaces\n")


def test_colours_the_diff_when_asked(flaglint: Flaglint) -> None:
    ran = flaglint("kill", "release-one-page", "--color", "always")
    assert "\x1b[32m+    kill: " in ran.out


def test_a_diff_can_be_applied(flaglint: Flaglint, tmp_path: Path) -> None:
    (tmp_path / "flags.yaml").write_text(REGISTRY.rstrip("\n"))
    ran = flaglint("kill", "release-one-page", "--env", "staging", "--dry-run")
    assert ran.out.count("\\ No newline at end of file\n") == 2


def test_a_flag_below_a_mistake_in_the_file_is_not_said_to_be_missing(
    flaglint: Flaglint, write: Callable[..., None]
) -> None:
    write({"flags.yaml": REGISTRY.replace("flags:\n", "flags:\n\trelease-tab: {}\n")})
    ran = flaglint("kill", "release-one-page")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: flags.yaml:4:1: it cannot be edited: a tab cannot indent YAML\nhelp: use spaces\n"
