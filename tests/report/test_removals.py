"""Removals that are planned in several processes, some of which die."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
from typing import TYPE_CHECKING, Any

import pytest

from flaglint.planning import Plans, apart
from tests.report.conftest import by_key

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from flaglint.remove.outcome import Plan

    Report = Callable[..., dict[str, Any]]

pytestmark = [
    pytest.mark.usefixtures("shop", "shared_out"),
    pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="processes are forked"),
]
_plan = Plans.plan


@pytest.fixture
def shared_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give also a few removals to processes, whatever threads other tests have left."""
    monkeypatch.setattr(apart, "TOO_FEW_TO_SHARE", 0)
    monkeypatch.setattr(apart, "start_method", lambda **_: "fork")


def dying_of(key: str, here: int, *, once: Path | None = None) -> Callable[..., Plan]:
    """Return what plans removals, but kills its own process at one flag: each time, or once."""

    def plan(plans: Plans, pins: dict[str, Any], **options: Any) -> Plan:
        if key in pins:
            assert os.getpid() != here, "it would have taken the report with it"
            if once is None or not once.exists():
                if once is not None:
                    once.touch()
                os.kill(os.getpid(), signal.SIGKILL)
        return _plan(plans, pins, **options)

    return plan


def test_a_process_that_is_killed_once_costs_nothing(
    report: Report, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    whole = report("--no-history", "--no-cache", "-j", "1")
    killed = tmp_path / "killed"
    monkeypatch.setattr(Plans, "plan", dying_of("release-dark", os.getpid(), once=killed))
    assert report("--no-history", "--no-cache", "-j", "2") == whole
    assert killed.exists()


def test_the_flag_that_a_process_dies_of_is_named_and_the_others_are_planned(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = by_key(report("--no-history", "--no-cache", "-j", "1"))
    monkeypatch.setattr(Plans, "plan", dying_of("release-dark", os.getpid()))
    found = by_key(report("--no-history", "--no-cache", "-j", "2"))
    assert found["release-dark"]["readiness"] == {
        "level": "caution",
        "reasons": ["could not be planned: the process that planned it died"],
        "planned": True,
    }
    assert {key: flag["code"] for key, flag in found.items() if key != "release-dark"} == {
        key: flag["code"] for key, flag in whole.items() if key != "release-dark"
    }


class Waiting:
    """Plans that nobody lives to see."""

    def prepare(self) -> None:
        pass

    def __getitem__(self, _: str) -> None:
        signal.pause()


def test_no_process_is_left_behind_when_the_report_is_interrupted() -> None:
    before = multiprocessing.active_children()
    coming = apart.planned_apart(Waiting(), dict.fromkeys("abc", 1), 2)  # type: ignore[arg-type] # of plans, these two
    usual = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        with pytest.raises(KeyboardInterrupt):
            next(coming)
    finally:
        signal.signal(signal.SIGALRM, usual)
    for child in set(multiprocessing.active_children()) - set(before):
        child.join(20)  # it was told to end
    assert multiprocessing.active_children() == before


def test_where_no_process_can_be_started_all_are_planned_in_this_one(
    report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse() -> int:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    whole = report("--no-history", "--no-cache", "-j", "1")
    monkeypatch.setattr(os, "fork", refuse)
    assert report("--no-history", "--no-cache", "-j", "2") == whole
