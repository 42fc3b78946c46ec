"""Removals that are planned in several processes, some of which die."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from flaglint.report import removals
from tests.report.conftest import by_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flaglint.planning import Planned, Plans

    Report = Callable[..., dict[str, Any]]

pytestmark = [
    pytest.mark.usefixtures("shop", "shared_out"),
    pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="processes are forked"),
]
_told = removals._told


@pytest.fixture
def shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give also a few removals to processes."""
    monkeypatch.setattr(removals, "_TOO_FEW_TO_SHARE", 0)


def dying_of(key: str, here: int, *, once: Path | None = None) -> Callable[[Plans, str], Planned]:
    """Return what plans a removal, but kills its own process at one flag: each time, or once."""

    def plan(plans: Plans, planned: str) -> Planned:
        if planned == key:
            assert os.getpid() != here, "it would have taken the report with it"
            if once is None or not once.exists():
                if once is not None:
                    once.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return _told(plans, planned)

    return plan


def test_a_process_that_is_killed_once_costs_nothing(
    report: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = report("--no-history", "--no-cache", "-j", "1")
    killed = tmp_path / "killed"
    monkeypatch.setattr(removals, "_told", dying_of("release-dark", os.getpid(), once=killed))
    assert report("--no-history", "--no-cache", "-j", "2") == whole
    assert killed.exists()


def test_the_flag_that_a_process_dies_of_is_named_and_the_others_are_planned(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = by_key(report("--no-history", "--no-cache", "-j", "1"))
    monkeypatch.setattr(removals, "_told", dying_of("release-dark", os.getpid()))
    found = by_key(report("--no-history", "--no-cache", "-j", "2"))
    assert found["release-dark"]["readiness"] == {
        "level": "caution",
        "reasons": ["could not be planned: the process that planned it died"],
        "planned": True,
    }
    assert {key: flag["code"] for key, flag in found.items() if key != "release-dark"} == {
        key: flag["code"] for key, flag in whole.items() if key != "release-dark"
    }


def test_no_process_is_left_behind_when_the_report_is_interrupted(monkeypatch: pytest.MonkeyPatch) -> None:
    before = multiprocessing.active_children()
    monkeypatch.setattr(removals, "_shared", {"a": None, "b": None, "c": None})
    monkeypatch.setattr(removals, "_told", lambda _plans, _key: signal.pause())
    coming = removals._come_back(["a", "b", "c"], 2)
    usual = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            next(coming)
    finally:
        signal.signal(signal.SIGALRM, usual)
    assert multiprocessing.active_children() == before


def test_where_no_process_can_be_started_all_are_planned_in_this_one(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    whole = report("--no-history", "--no-cache", "-j", "1")
    monkeypatch.setattr(os, "fork", refuse)
    assert report("--no-history", "--no-cache", "-j", "2") == whole
