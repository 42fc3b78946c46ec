"""`flaglint clean` deletes the cache, and nothing that flaglint did not write."""

from collections.abc import Callable
from pathlib import Path

import pytest

Flaglint = Callable[..., object]


def test_deletes_what_a_run_left(flaglint: Flaglint, write: Callable[..., None], tmp_path: Path) -> None:
    write({"a.py": "import waffle\nwaffle.switch_is_active('k')\n"})
    before = flaglint("refs").out
    assert (tmp_path / ".flaglint_cache").is_dir()
    ran = flaglint("clean")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith("deleted .flaglint_cache: ")
    assert not (tmp_path / ".flaglint_cache").exists()
    assert flaglint("refs").out == before


def test_says_when_there_is_none(flaglint: Flaglint) -> None:
    ran = flaglint("clean")
    assert (ran.code, ran.out, ran.err) == (0, "there is no cache in .flaglint_cache\n", "")


def test_leaves_a_folder_of_somebody_else_alone(flaglint: Flaglint, write: Callable[..., None], tmp_path: Path) -> None:
    write({"flaglint.toml": 'cache-dir = "shop"\n', "shop/a.py": "x = 1\n"})
    ran = flaglint("clean")
    assert (ran.code, ran.out) == (2, "")
    assert ran.err == "error: `shop` was not made by flaglint, and is left alone\n"
    assert (tmp_path / "shop" / "a.py").read_text() == "x = 1\n"


def test_a_run_makes_no_folder_of_sources_one_to_delete(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path
) -> None:
    write({"flaglint.toml": 'cache-dir = "shop"\n', "shop/a.py": "import waffle\nwaffle.switch_is_active('k')\n"})
    assert flaglint("refs").code == 0
    assert flaglint("clean").err == "error: `shop` was not made by flaglint, and is left alone\n"
    assert (tmp_path / "shop" / "a.py").exists()
    assert not (tmp_path / "shop" / ".gitignore").exists()


def test_deletes_a_cache_whose_first_write_was_cut_short(
    flaglint: Flaglint, write: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write({"a.py": "import waffle\nwaffle.switch_is_active('k')\n"})
    real = Path.write_bytes

    def short(path: Path, data: bytes) -> int:
        real(path, b"")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", short)
    flaglint("refs")
    monkeypatch.setattr(Path, "write_bytes", real)
    flaglint("refs")
    ran = flaglint("clean")
    assert (ran.code, ran.err) == (0, "")
    assert not (tmp_path / ".flaglint_cache").exists()
