"""The folder of caches stays small, and free of what runs that were killed have left half written."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from flaglint.source.keeping import HALF_WRITTEN, is_marked, keep

if TYPE_CHECKING:
    from pathlib import Path


def aged(path: Path, seconds: float) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"half")
    os.utime(path, (time.time() - seconds,) * 2)
    return path


def test_what_was_half_written_long_ago_goes(tmp_path: Path) -> None:
    keep(tmp_path, "first.json", b"{}")
    left = [aged(tmp_path / place, HALF_WRITTEN + 60) for place in (".packs.json.12", "texts/.a.json.12")]
    keep(tmp_path, "packs.json", b"{}")
    keep(tmp_path, "texts/b.json", b"{}")
    assert not any(path.exists() for path in left)
    assert (tmp_path / "packs.json").read_bytes() == (tmp_path / "texts/b.json").read_bytes() == b"{}"


def test_what_another_run_may_be_writing_stays_and_takes_the_place_of_nothing(tmp_path: Path) -> None:
    writing = aged(tmp_path / "texts/.a.json.12", 60)
    for name in ("a", "b"):
        keep(tmp_path, f"texts/{name}.json", b"{}", at_most=2)
    assert writing.exists()
    assert sorted(path.name for path in (tmp_path / "texts").glob("*.json")) == ["a.json", "b.json"]


WRITING = """
import os, pathlib, signal, sys
from flaglint.source.keeping import keep
signal.signal(signal.SIGINT, signal.SIG_DFL)
write = pathlib.Path.write_bytes
def interrupted(self, data):
    write(self, data[:1])
    os.kill(os.getpid(), getattr(signal, sys.argv[2]))
    return write(self, data)
pathlib.Path.write_bytes = interrupted
keep(pathlib.Path(sys.argv[1]), "a.json", b"{}")
"""


@pytest.mark.skipif(sys.platform == "win32", reason="nothing is put off on Windows")
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM"])
def test_who_is_interrupted_while_it_writes_leaves_nothing_half_written(tmp_path: Path, name: str) -> None:
    keep(tmp_path, "b.json", b"{}")
    ran = subprocess.run([sys.executable, "-c", WRITING, tmp_path, name], check=False)
    assert ran.returncode == -getattr(signal, name)
    assert sorted(path.name for path in tmp_path.iterdir()) == [".gitignore", "a.json", "b.json"]
    assert (tmp_path / "a.json").read_bytes() == b"{}"


def test_only_the_last_files_stay(tmp_path: Path) -> None:
    keep(tmp_path, "first.json", b"{}")
    old = aged(tmp_path / "texts/a.json", 60)
    keep(tmp_path, "texts/b.json", b"{}", at_most=1)
    assert not old.exists()


def test_nothing_else_in_the_folder_is_touched(tmp_path: Path) -> None:
    kept = [aged(tmp_path / place, HALF_WRITTEN + 60) for place in (".gitignore", "packs.json", "texts/a.json")]
    keep(tmp_path, "more.json", b"{}")
    assert all(path.exists() for path in kept)


def test_a_folder_that_others_use_gets_the_file_and_loses_none_of_theirs(tmp_path: Path) -> None:
    places = (".env", ".env.12", "glance/words.py", "glance/.hidden.12")
    theirs = [aged(tmp_path / place, HALF_WRITTEN + 60) for place in places]
    keep(tmp_path, "packs.json", b"{}", at_most=1)
    keep(tmp_path, "glance/a.json", b"{}", at_most=1)
    assert all(path.read_bytes() == b"half" for path in theirs)
    assert (tmp_path / "glance/a.json").read_bytes() == b"{}"
    assert not (tmp_path / ".gitignore").exists()


def test_a_folder_whose_first_write_was_killed_is_marked_by_the_next(tmp_path: Path) -> None:
    (tmp_path / "..gitignore.12").write_bytes(b"# written")
    keep(tmp_path, "packs.json", b"{}")
    assert is_marked(tmp_path)
