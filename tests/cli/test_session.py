"""Progress is for people who wait at a terminal, and for nobody else."""

import io
import sys
import threading
from collections.abc import Callable

import pytest

from flaglint.cli import session
from flaglint.cli.session import progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> Callable[[], Terminal]:
    """Put a terminal in the place of stderr: called in the test, as pytest puts its own there before it."""

    def put() -> Terminal:
        stream = Terminal()
        monkeypatch.setattr(sys, "stderr", stream)
        monkeypatch.setenv("TERM", "xterm")
        return stream

    return put


def test_work_that_lasts_is_shown_and_wiped_away(
    on_a_terminal: Callable[[], Terminal], monkeypatch: pytest.MonkeyPatch
) -> None:
    terminal = on_a_terminal()
    monkeypatch.setattr(session, "_QUIET_SECONDS", 0)
    with progress("reading") as step:
        step(0, 10)
        assert terminal.getvalue() == "\r\x1b[Kreading 10 …"
        step(3, 10)
        assert terminal.getvalue().endswith("\r\x1b[Kreading 3/10")
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_progress_is_no_thread_so_that_processes_can_be_forked(on_a_terminal: Callable[[], Terminal]) -> None:
    on_a_terminal()
    before = threading.active_count()
    with progress("reading") as step:
        step(3, 10)
        assert threading.active_count() == before


def test_work_that_is_short_is_not_shown(on_a_terminal: Callable[[], Terminal]) -> None:
    terminal = on_a_terminal()
    with progress("reading") as step:
        step(3, 10)
    assert terminal.getvalue() == ""


def test_nothing_is_shown_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(session, "_QUIET_SECONDS", 0)
    with progress("reading") as step:
        step(3, 10)
    assert stream.getvalue() == ""
