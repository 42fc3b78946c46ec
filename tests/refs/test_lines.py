"""Lines to forks: what is said is heard, and the end of who said it, too."""

from __future__ import annotations

import multiprocessing
import os
import signal
from typing import TYPE_CHECKING

import pytest

from flaglint.refs import lines

if TYPE_CHECKING:
    from collections.abc import Iterator

START_METHODS = [name for name in ("spawn", "fork") if name in multiprocessing.get_all_start_methods()]
needs_fork = pytest.mark.skipif("fork" not in START_METHODS, reason="there is no fork here")


@pytest.fixture(params=START_METHODS)
def ends(request: pytest.FixtureRequest) -> Iterator[tuple[lines.End, lines.End]]:
    """Return both ends of a line, of whatever kind."""
    made = lines.line(multiprocessing.get_context(request.param))
    yield made
    for end in made:
        end.close()


def test_each_end_hears_what_the_other_says(ends: tuple[lines.End, lines.End]) -> None:
    ours, theirs = ends
    assert not theirs.poll()
    ours.send({"paths": ["a.py"]})
    assert theirs.poll()
    assert theirs.recv() == {"paths": ["a.py"]}
    assert not theirs.poll()
    theirs.send(None)
    theirs.send(2)
    assert [ours.recv(), ours.recv()] == [None, 2]


def test_one_who_is_gone_is_heard_no_more(ends: tuple[lines.End, lines.End]) -> None:
    ours, theirs = ends
    theirs.send("the last")
    theirs.close()
    assert ours.recv() == "the last"
    with pytest.raises(EOFError):
        ours.recv()
    with pytest.raises(OSError):  # noqa: PT011 - whichever the system says
        ours.send("x" * 1_000_000)


def test_an_end_that_is_closed_says_nothing(ends: tuple[lines.End, lines.End]) -> None:
    ours, _ = ends
    ours.close()
    with pytest.raises(OSError):  # noqa: PT011 - whichever the system says
        ours.send(1)


def test_those_are_ready_who_were_said_something_or_are_alone(ends: tuple[lines.End, lines.End]) -> None:
    context = multiprocessing.get_context("fork" if "fork" in START_METHODS else "spawn")
    others = [lines.line(context), lines.line(context)]
    ours, theirs = ends
    theirs.send(1)
    waiting = [ours, *(end for end, _ in others)]
    assert list(lines.ready(waiting)) == [ours]
    others[1][1].close()
    assert sorted(map(waiting.index, lines.ready(waiting))) == [0, 2]
    ours.recv()
    assert list(lines.ready(waiting)) == [others[1][0]]
    for end in (*others[0], others[1][0]):
        end.close()


@needs_fork
def test_half_of_what_is_said_is_nothing() -> None:
    ours, theirs = lines.line(multiprocessing.get_context("fork"))
    child = os.fork()
    if child == 0:
        ours.close()
        theirs.send("x" * 10_000_000)  # more than a pipe holds
        os._exit(0)
    theirs.close()
    assert lines.ready([ours]) == [ours]
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    with pytest.raises(EOFError):
        ours.recv()
    ours.close()


@needs_fork
def test_where_there_can_be_no_second_pipe_the_first_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    pipe, made = os.pipe, []

    def scarce() -> tuple[int, int]:
        if made:
            raise OSError(24, "Too many open files")
        made.append(pipe())
        return made[0]

    monkeypatch.setattr(os, "pipe", scarce)
    with pytest.raises(OSError, match="Too many open files"):
        lines.line(multiprocessing.get_context("fork"))
    for descriptor in made[0]:
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.fstat(descriptor)
