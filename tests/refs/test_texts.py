"""Files that are not Python are searched in one process or in several, and say the same."""

from __future__ import annotations

import multiprocessing
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flaglint import pipeline
from flaglint.config import load
from flaglint.refs import crew, texts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HAVE_FORK = "fork" in multiprocessing.get_all_start_methods()
FILES = {f"page{number}.html": f"<p data-flag='flag-{number % 3}'>é</p>\n" * (number % 4) for number in range(20)}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    flags = "".join(f"  flag-{number}: {{}}\n" for number in range(3))
    (tmp_path / "flags.yaml").write_text(f"version: 1\nflags:\n{flags}", encoding="utf-8")
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "logo.bin").write_bytes(b"\0 'flag-1'")
    (tmp_path / "note.txt").write_text("flaglint: ignore[FLG201] it comes later\n", encoding="utf-8")
    return tmp_path


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[crew._Home]:
    """Fork for however few bytes, and return the processes that are started."""
    monkeypatch.setattr(texts, "_MANY", 1)
    monkeypatch.setattr(texts, "start_method", lambda **_: "fork")
    found: list[crew._Home] = []

    class Noted(crew._Home):
        def __init__(self, *arguments: Any) -> None:
            super().__init__(*arguments)
            found.append(self)

    monkeypatch.setattr(crew, "_Home", Noted)
    return found


def analysed(root: Path, **options: Any) -> tuple[Any, ...]:
    analysis = pipeline.analyse(load(root), now=1_790_000_000, cache=False, **options)
    return analysis.graph, analysis.commented, analysis.counts


@pytest.mark.skipif(not HAVE_FORK, reason="processes are forked only where they can be")
def test_several_processes_find_what_one_does(root: Path, started: list[crew._Home]) -> None:
    alone = analysed(root, jobs=1)
    assert len(alone[0].references) == sum(text.count("\n") for text in FILES.values())
    assert [skip.path for skip in alone[0].skipped] == ["logo.bin"]
    assert alone[1] == ("note.txt",)
    assert not started
    for jobs in (2, 4):
        assert analysed(root, jobs=jobs) == alone
    assert len(started) == 2 + 4


@pytest.mark.skipif(not HAVE_FORK, reason="processes are forked only where they can be")
def test_what_a_process_that_dies_should_have_searched_is_searched_here(
    root: Path, started: list[crew._Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = analysed(root, jobs=1)
    here, search = os.getpid(), texts.Searcher.said_by

    def deadly(self: texts.Searcher, paths: Sequence[str], *options: Any) -> dict[str, texts.Texts]:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return search(self, paths, *options)

    monkeypatch.setattr(texts.Searcher, "said_by", deadly)
    assert analysed(root, jobs=2) == alone
    assert len(started) == 2


def test_one_process_does_where_others_would_have_to_be_handed_everything(
    root: Path, started: list[crew._Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "start_method", lambda **_: "spawn")
    assert analysed(root, jobs=2) == analysed(root, jobs=1)
    assert not started


def test_one_process_does_for_few_bytes_or_no_flags(
    root: Path, started: list[crew._Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texts, "_MANY", 1_000_000)
    assert analysed(root, jobs=2) == analysed(root, jobs=1)
    monkeypatch.setattr(texts, "_MANY", 1)
    (root / "flags.yaml").write_text("version: 1\nflags: {}\n", encoding="utf-8")
    analysed(root, jobs=2)
    assert not started


@given(st.lists(st.integers(0, 5_000_000), max_size=40), st.integers(2, 5))
def test_large_files_are_spread_over_the_processes(sizes: list[int], count: int) -> None:
    shares = texts._shares(sizes, count)
    assert sorted(place for share in shares for place in share) == list(range(len(sizes)))
    loads = [sum(sizes[place] for place in share if sizes[place] >= texts._LARGE) for share in shares]
    assert all(shares)
    loads += [0] * (count - len(shares))  # nobody is asked for these
    assert max(loads) - min(loads) <= max([size for size in sizes if size >= texts._LARGE], default=0)
