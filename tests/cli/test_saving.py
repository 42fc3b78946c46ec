"""A file that somebody names is written whole; a pipe or a device takes what it is given."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

Flaglint = Callable[..., Any]
REGISTRY = "version: 1\nflags:\n  a: {created: 2026-01-01, serve: 'true'}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no /dev/stdout")
@pytest.mark.parametrize(
    "command",
    [("registry", "export", "-o"), ("index", "--name", "x", "-o")],
    ids=" ".join,
)
def test_a_pipe_takes_the_bytes_of_the_file(
    write: Callable[..., None], tmp_path: Path, command: tuple[str, ...]
) -> None:
    write({"flags.yaml": REGISTRY})
    program = [sys.executable, "-m", "flaglint", *command]
    piped = subprocess.run([*program, "/dev/stdout"], cwd=tmp_path, capture_output=True, check=False)
    assert piped.returncode == 0, piped.stderr
    subprocess.run([*program, "out"], cwd=tmp_path, capture_output=True, check=True)
    assert piped.stdout == (tmp_path / "out").read_bytes() != b""


def test_a_file_that_a_link_leads_to_is_written(flaglint: Flaglint, write: Callable[..., None], tmp_path: Path) -> None:
    write({"flags.yaml": REGISTRY, "pages/report.md": "old"})
    (tmp_path / "report.md").symlink_to("pages/report.md")
    assert flaglint("report", "-o", "report.md").code == 0
    assert (tmp_path / "report.md").is_symlink()
    assert "old" not in (tmp_path / "pages/report.md").read_text()
