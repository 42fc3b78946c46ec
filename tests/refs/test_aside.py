"""What only a later run needs is kept by a process of its own, after a search of much Python."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
from typing import TYPE_CHECKING

import pytest

from flaglint import pipeline
from flaglint.config import load
from flaglint.refs import aside, link, remembered, texts, whole

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.skipif(
    "fork" not in multiprocessing.get_all_start_methods(), reason="processes are forked only where they can be"
)
SHOP = "from openfeature import api\n\nclient = api.get_client()\nclient.get_boolean_value('cart', False)\n"
KEPT = ("references", "standing", "texts")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "flags.yaml").write_text("version: 1\nflags:\n  cart: {}\n", encoding="utf-8")
    (tmp_path / "shop.py").write_text(SHOP, encoding="utf-8")
    (tmp_path / "page.html").write_text("<p data-flag='cart'>\n", encoding="utf-8")
    for path in tmp_path.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    monkeypatch.setattr(remembered, "YOUNG", 0)
    return tmp_path


@pytest.fixture
def forked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fork after however little."""
    monkeypatch.setattr(aside, "WORTH_IT", 1)
    monkeypatch.setattr(aside, "start_method", lambda **_: "fork")


def analysed(root: Path, jobs: int = 2) -> pipeline.Analysis:
    found = pipeline.analyse(load(root), now=1_790_000_000, jobs=jobs)
    for process in multiprocessing.active_children():
        process.join()
    return found


@pytest.fixture
def nameless(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take the name away that each search has for itself."""
    made = remembered.Memory.__init__

    def make(self: remembered.Memory, *arguments: object) -> None:
        made(self, *arguments)  # type: ignore[arg-type]
        self.known_as = "it"

    monkeypatch.setattr(remembered.Memory, "__init__", make)


def kept(root: Path) -> set[str]:
    return {path.name for path in (root / ".flaglint_cache").iterdir() if path.is_dir() and any(path.iterdir())}


@pytest.mark.usefixtures("forked")
def test_another_process_keeps_what_the_next_run_needs(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()
    keep = remembered.Memory.keep

    def keep_elsewhere(self: remembered.Memory, *arguments: object, **options: object) -> None:
        assert os.getpid() != here
        keep(self, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(remembered.Memory, "keep", keep_elsewhere)
    found = analysed(root)
    assert kept(root) > set(KEPT)
    monkeypatch.setattr(whole, "find_references", None)  # nothing is searched again
    assert analysed(root).graph == found.graph


@pytest.mark.usefixtures("forked", "nameless")
@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_kept_is_the_same_whoever_keeps_it(root: Path, monkeypatch: pytest.MonkeyPatch, jobs: int) -> None:
    def entries() -> dict[str, bytes]:
        folder = root / ".flaglint_cache"
        return {str(path.relative_to(folder)): path.read_bytes() for name in KEPT for path in folder.glob(f"{name}/*")}

    analysed(root, jobs)
    before = entries()
    assert len(before) == len(KEPT)
    monkeypatch.setattr(aside, "WORTH_IT", 1_000_000)
    for path in before:
        (root / ".flaglint_cache" / path).unlink()
    analysed(root, jobs)
    assert entries() == before


@pytest.mark.usefixtures("forked")
def test_a_process_that_dies_meanwhile_costs_the_next_run_time_and_nothing_else(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = os.getpid()

    def deadly(*_arguments: object, **_options: object) -> None:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)

    with monkeypatch.context() as patched:
        patched.setattr(remembered.Memory, "_write", deadly)
        found = analysed(root)
    assert "references" not in kept(root)
    assert analysed(root).graph == found.graph
    assert "references" in kept(root)


def test_little_is_kept_at_once(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(aside, "start_method", lambda **_: "fork")
    pipeline.analyse(load(root), now=1_790_000_000, jobs=2)
    assert not multiprocessing.active_children()
    assert kept(root) > set(KEPT)


@pytest.mark.usefixtures("forked")
def test_where_no_process_can_be_started_all_is_done_in_this_one(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> int:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    alone = analysed(root, jobs=1)
    for path in (root / ".flaglint_cache").glob("*/*"):
        path.unlink()
    monkeypatch.setattr(texts, "_MANY", 1)
    monkeypatch.setattr(texts, "start_method", lambda **_: "fork")
    monkeypatch.setattr(link, "PARALLEL_FROM", {"fork": 0})
    monkeypatch.setattr(link, "start_method", lambda **_: "fork")
    monkeypatch.setattr(os, "fork", refuse)
    assert analysed(root).graph == alone.graph
    assert kept(root) > set(KEPT)
