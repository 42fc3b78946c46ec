"""A tree that others work on while flaglint reads it: files that vanish or change after they were found or searched."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.robustness.test_drill import REMOVE, called, contents, shop

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["shop"]

# Runs flaglint; right before or after the search for references, once, something happens to a file.
DISTURBED = """
import sys
from pathlib import Path
moment, what = sys.argv.pop(1).split()
file = Path("shop/checkout.py")
import flaglint.refs.whole as whole
find = whole.find_references
def disturb():
    if what == "vanishes":
        file.unlink()
    elif what == "becomes-a-folder":
        file.unlink()
        file.mkdir()
    elif what == "is-emptied":
        file.write_text("")
    elif what == "gets-a-line":
        file.write_text("# a line more\\n" + file.read_text())
def disturbed(*arguments, **options):
    whole.find_references = find
    if moment == "before":
        disturb()
    found = find(*arguments, **options)
    if moment == "after":
        disturb()
    return found
whole.find_references = disturbed
from flaglint.cli import main
main()
"""
RENAME = ("rename", "release-one-page-checkout", "release-checkout", "--write", "--allow-dirty", "--now", "2026-01-15")


@pytest.mark.parametrize("what", ["vanishes", "becomes-a-folder", "is-emptied", "gets-a-line"])
@pytest.mark.parametrize("arguments", [REMOVE, RENAME], ids=["remove", "rename"])
def test_nothing_is_written_over_a_file_that_changed_after_the_search(
    shop: Path, arguments: tuple[str, ...], what: str
) -> None:
    before = contents(shop)
    ran = called(shop, *arguments, code=DISTURBED, first=f"after {what}")
    after = contents(shop)
    assert ran.returncode in {1, 2}
    assert "shop/checkout.py" in ran.stderr
    assert "defect" not in ran.stderr
    disturbed = before.pop("shop/checkout.py"), after.pop("shop/checkout.py", None)
    assert disturbed[0] != disturbed[1]
    assert after == before


@pytest.mark.parametrize("what", ["vanishes", "becomes-a-folder", "is-emptied", "gets-a-line"])
@pytest.mark.parametrize("path", ["shop/checkout.py", "tests/test_checkout.py"])
def test_a_file_that_changes_after_it_was_remembered_is_left_alone(shop: Path, path: str, what: str) -> None:
    assert called(shop, "refs").returncode == 0
    code = DISTURBED.replace("shop/checkout.py", path).replace("whole.find_references", "whole.Memory.recall")
    before = contents(shop)
    ran = called(shop, *REMOVE, code=code, first=f"after {what}")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert ran.stderr == f"error: {path}: it changed while flaglint ran\nhelp: run the command again\n"
    after = contents(shop)
    assert before.pop(path) != after.pop(path, None)
    assert after == before


@pytest.mark.parametrize("what", ["vanishes", "becomes-a-folder"])
@pytest.mark.parametrize("arguments", [("check",), ("refs",), ("report",)], ids=" ".join)
def test_a_file_that_vanishes_before_it_is_read_is_named(shop: Path, arguments: tuple[str, ...], what: str) -> None:
    ran = called(shop, *arguments, code=DISTURBED, first=f"before {what}")
    assert "defect" not in ran.stderr
    assert "shop/checkout.py" in ran.stdout + ran.stderr


def test_two_removals_at_once_leave_every_file_whole(shop: Path) -> None:
    before = contents(shop)
    program = [sys.executable, "-m", "flaglint", *REMOVE]
    runs = [subprocess.Popen(program, cwd=shop, stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [(run.communicate()[1], run.returncode) for run in runs]
    assert {code for _, code in said} <= {0, 2}
    assert not any("defect" in errors or "Traceback" in errors for errors, _ in said)
    after = contents(shop)
    assert after.keys() == before.keys()
    for path, data in after.items():
        if path.endswith(".py"):
            compile(data, path, "exec")
    assert after != before
