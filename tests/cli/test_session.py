"""Progress is for people who wait at a terminal, and for nobody else."""

import io
import sys
import time

import pytest

from flaglint.cli import session
from flaglint.cli.session import progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    return stream


def wait_for(text: str, terminal: Terminal) -> None:
    while text not in terminal.getvalue():
        time.sleep(0.001)


def test_work_that_lasts_is_shown_and_wiped_away(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session, "_QUIET_SECONDS", 0)
    with progress("reading") as step:
        wait_for("reading …", terminal)
        step(3, 10)
        assert terminal.getvalue().endswith("reading 3/10")
    assert terminal.getvalue().endswith("\r\x1b[K")


def test_work_that_is_short_is_not_shown(terminal: Terminal) -> None:
    with progress("reading") as step:
        step(3, 10)
    assert terminal.getvalue() == ""


def test_nothing_is_shown_where_there_is_no_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    monkeypatch.setattr(session, "_QUIET_SECONDS", 0)
    with progress("reading") as step:
        step(3, 10)
        time.sleep(0.02)
    assert stream.getvalue() == ""
