"""A file is replaced whole or not at all."""

import os
import stat
import time
from pathlib import Path

import pytest

from flaglint.errors import EditError
from flaglint.source import Replacement, replace_atomically, replace_together


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_writes_the_bytes_and_keeps_the_mode(tmp_path: Path) -> None:
    path = tmp_path / "run.py"
    path.write_bytes(b"old")
    path.chmod(0o750)
    replace_atomically(path, b"new\r\n", expected=b"old")
    assert path.read_bytes() == b"new\r\n"
    assert stat.S_IMODE(path.stat().st_mode) == 0o750
    assert names(tmp_path) == ["run.py"]


def test_makes_a_file_that_is_new_with_the_mode_of_the_umask(tmp_path: Path) -> None:
    (tmp_path / "other").write_bytes(b"")
    replace_atomically(tmp_path / "new", b"x")
    assert (tmp_path / "new").stat().st_mode == (tmp_path / "other").stat().st_mode


def test_leaves_alone_a_file_that_changed_since_it_was_read(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"changed")
    with pytest.raises(EditError, match="changed since it was read"):
        replace_atomically(path, b"new", expected=b"old")
    assert path.read_bytes() == b"changed"
    assert names(tmp_path) == ["a.py"]


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real.py").write_bytes(b"old")
    (tmp_path / "link.py").symlink_to("real.py")
    replace_atomically(tmp_path / "link.py", b"new", expected=b"old")
    assert (tmp_path / "link.py").is_symlink()
    assert (tmp_path / "real.py").read_bytes() == b"new"


def test_a_failure_leaves_the_old_file_whole_and_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")

    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(EditError, match="it cannot be written: no space left on device"):
        replace_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert names(tmp_path) == ["a.py"]


def test_a_folder_that_is_not_there_is_a_clear_error(tmp_path: Path) -> None:
    with pytest.raises(EditError, match="no such file or directory"):
        replace_atomically(tmp_path / "no" / "a.py", b"new")


def test_does_not_trip_over_what_a_killed_run_left(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(b"old")
    (tmp_path / f".flaglint-{os.getpid()}-{path.stat().st_ino}.tmp").write_bytes(b"half")
    replace_atomically(path, b"new", expected=b"old")
    assert names(tmp_path) == ["a.py"]


def test_when_the_last_of_several_cannot_be_written_none_is(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(b"old a")
    (tmp_path / "b.py").write_bytes(b"changed")
    together = [
        Replacement(tmp_path / "a.py", b"new a", b"old a"),
        Replacement(tmp_path / "b.py", b"new b", b"old b"),
    ]
    with pytest.raises(EditError, match=r"changed since it was read, and was left alone$"):
        replace_together(together)
    assert (tmp_path / "a.py").read_bytes() == b"old a"
    assert names(tmp_path) == ["a.py", "b.py"]


def test_names_what_cannot_be_taken_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_bytes(b"old")
    replaced = []
    real = Path.replace

    def once(path: Path, target: Path) -> Path:
        if replaced:
            raise OSError(28, "No space left on device")
        replaced.append(target)
        return real(path, target)

    monkeypatch.setattr(Path, "replace", once)
    with pytest.raises(EditError, match=r"no space left on device; changed all the same: \S+a\.py$"):
        replace_together([Replacement(tmp_path / name, b"new", b"old") for name in ("a.py", "b.py")])
    assert names(tmp_path) == ["a.py", "b.py"]


def test_what_a_killed_run_left_goes_with_the_next_write(tmp_path: Path) -> None:
    def left(name: str, days: float) -> None:
        (tmp_path / name).write_bytes(b"half")
        os.utime(tmp_path / name, (time.time() - days * 86_400,) * 2)

    left(".flaglint-1-2.tmp", 2)
    left(".flaglint-3-4.tmp", 0.5)  # of a run that may go on
    left("notes.tmp", 2)
    left(".flaglint.tmp", 2)
    replace_atomically(tmp_path / "a.py", b"new")
    assert names(tmp_path) == [".flaglint-3-4.tmp", ".flaglint.tmp", "a.py", "notes.tmp"]
