"""What commands do on a disk that is full, or that nobody may write to, each on a file system of its own.

The limit on the size of files (`test_drill.py`) stands in for a full disk everywhere else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from flaglint.cli.demo import shop_folder
from tests.robustness.test_drill import ROOT, contents

if TYPE_CHECKING:
    from pathlib import Path

NOW = ("--now", "2026-01-15")
REMOVE = ("remove", "release-one-page-checkout", "--write", "--allow-dirty", *NOW)
# The shop is copied into a disk of 300 KiB; the rest of it is filled but for $FREE KiB.
FULL = """\
mount -t tmpfs -o size=300k tmpfs disk && cp -r shop disk/ && cd disk/shop || exit 99
find . | sort > "$LISTS/before"
dd if=/dev/zero of=../filler bs=1k 2>/dev/null; truncate -s -${FREE}k ../filler
"$@"; code=$?
find . -path ./.flaglint_cache -prune -o -print | sort > "$LISTS/after"
diff -r . ../../shop -x .flaglint_cache > "$LISTS/changed"
exit $code
"""
READ_ONLY = """\
mount --bind shop shop && mount -o remount,bind,ro shop && cd shop || exit 99
"$@"
"""
WRITES = (
    REMOVE,
    ("rename", "NewsletterPopup", "release-newsletter", "--write", "--allow-dirty"),
    ("kill", "kill-recommendations"),
    ("set", "NewsletterPopup", "--rollout", "75"),
    ("check", "--write-baseline", *NOW),
    ("remove", "--ready", "--patch-dir", "patches", *NOW),
    ("check", "--output-format", "sarif:README.md", *NOW),
    ("report", "-o", "README.md", *NOW),
    ("registry", "export", "--env", "production", "-o", "README.md"),
    ("registry", "import", "flags.yaml", "-o", "README.md"),
    ("index", "-o", "README.md"),
    ("graph", "-o", "README.md"),
)


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A folder with the shop in it, and one where a disk can be mounted."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        pytest.skip("no file systems of one's own here")
    probe = subprocess.run(
        ["unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", tmp_path], check=False, capture_output=True
    )
    if probe.returncode:
        pytest.skip("this user may not mount anything, not even in a namespace")
    shutil.copytree(shop_folder(), tmp_path / "shop", ignore=shutil.ignore_patterns("__pycache__", ".*"))
    (tmp_path / "disk").mkdir()
    (tmp_path / "lists").mkdir()
    return tmp_path


def called(place: Path, script: str, *arguments: str, free: int = 0) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1", "FREE": str(free)}
    ran = subprocess.run(
        ["unshare", "-rm", "sh", "-c", script, "sh", sys.executable, "-m", "flaglint", *arguments],
        cwd=place,
        env={**environment, "LISTS": str(place / "lists")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode != 99, ran.stderr
    return ran


@pytest.mark.parametrize("arguments", WRITES, ids=" ".join)
def test_a_full_disk_is_told_and_changes_nothing(place: Path, arguments: tuple[str, ...]) -> None:
    ran = called(place, FULL, *arguments)
    assert ran.returncode == 2
    assert "no space left on device" in ran.stderr
    assert "defect" not in ran.stderr
    assert (place / "lists/changed").read_text() in {"", "Only in .: patches\n"}


@pytest.mark.parametrize("free", [4, 8, 12, 20, 100])
def test_a_disk_with_little_room_takes_all_of_a_removal_or_none(place: Path, free: int) -> None:
    ran = called(place, FULL, *REMOVE, free=free)
    changed = (place / "lists/changed").read_text()
    assert "defect" not in ran.stderr
    assert ran.returncode in ({0} if free == 100 else {0, 2}), ran.stderr
    assert changed.count("diff -r ") == (5 if ran.returncode == 0 else 0)
    assert (place / "lists/after").read_text() == (place / "lists/before").read_text()


@pytest.mark.parametrize("arguments", WRITES, ids=" ".join)
def test_a_tree_that_nobody_may_write_to_is_told(place: Path, arguments: tuple[str, ...]) -> None:
    ran = called(place, READ_ONLY, *arguments)
    assert ran.returncode == 2
    assert "read-only file system" in ran.stderr
    assert "defect" not in ran.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("check", "--output-format", "json", *NOW),
        ("refs", "--format", "json"),
        ("report", "--format", "json", *NOW),
        ("remove", "release-one-page-checkout", *NOW),
        ("graph",),
    ],
    ids=" ".join,
)
def test_what_only_reads_says_the_same_where_nothing_can_be_written(place: Path, arguments: tuple[str, ...]) -> None:
    before = contents(place / "shop")
    read_only, full = called(place, READ_ONLY, *arguments), called(place, FULL, *arguments)
    plain = called(place, 'cd shop; "$@"', *arguments)
    assert plain.stdout
    assert (read_only.returncode, read_only.stdout) == (plain.returncode, plain.stdout)
    assert (full.returncode, full.stdout) == (plain.returncode, plain.stdout)
    assert contents(place / "shop") == before
