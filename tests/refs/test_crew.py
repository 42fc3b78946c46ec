"""The processes of a program: whoever has time takes a part, keeps it, and is not missed when it dies."""

from __future__ import annotations

import errno
import gc
import multiprocessing
import os
import select
import signal
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from flaglint import stages
from flaglint.refs import crew

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

START_METHODS = [name for name in ("spawn", "fork") if name in multiprocessing.get_all_start_methods()]
needs_fork = pytest.mark.skipif("fork" not in START_METHODS, reason="there is no fork here")
ALL = range(6)
GIVEN_UP = 20  # seconds


class Counting:
    """A part that says which process it is in, and adds up what it was given."""

    def __init__(self) -> None:
        self.sum = 0

    def add(self, number: int) -> tuple[int, int]:
        self.sum += number
        return os.getpid(), self.sum

    def fail(self, here: int) -> None:
        raise ZeroDivisionError(f"in {'this' if os.getpid() == here else 'another'} process")

    def interrupted(self, here: int) -> int:
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGINT)
        return os.getpid()

    def apply(self, function: Callable[[], int]) -> int:
        return function()

    def end(self, number: int, marker: Path) -> tuple[int, int]:
        """Add a number; the first process that is asked, once there is a mark, dies of it."""
        if marker.exists() and marker.parent.name != str(os.getpid()):
            marker.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.add(number)


class Slow:
    """A part that times what it does."""

    def work(self) -> int:
        with stages.stage("work"):
            time.sleep(0.001)
        return os.getpid()


class Helping:
    """An aide that keeps nothing but how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def count(self) -> Generator[None, None, tuple[int, int]]:
        yield
        self.asked += 1
        return os.getpid(), self.asked

    def doubled(self, number: int) -> Generator[None, None, tuple[int, int]]:
        yield
        return os.getpid(), number * 2

    def marked(self, folder: Path, name: str, others: int) -> Generator[None, None, tuple[int, str, bool]]:
        """Leave a mark, and wait for those of others; returns whether they came."""
        until = time.monotonic() + GIVEN_UP
        (folder / name).touch()
        while not (came := sum(1 for _ in folder.iterdir()) > others) and time.monotonic() < until:
            time.sleep(0.001)
            yield
        return os.getpid(), name, came


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked only where they can be")
def test_beside_other_threads_no_process_is_forked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "active_count", lambda: 1)  # whatever other tests have left
    assert {crew.start_method(is_asked_for=asked) for asked in (False, True)} == {"fork"}
    monkeypatch.setattr(threading, "active_count", lambda: 2)
    assert crew.start_method(is_asked_for=False) is None
    assert crew.start_method(is_asked_for=True) == "spawn"


@pytest.mark.parametrize("method", [*START_METHODS, None])
def test_a_part_stays_where_it_was_first_asked(method: str | None) -> None:
    with crew.Crew().begin(Counting, len(ALL), 3, method) as made:
        first = dict(made.ask("add", {number: (number,) for number in ALL}))
        some = dict(made.ask("add", dict.fromkeys((1, 4), (10,))))
        last = dict(made.ask("add", dict.fromkeys(ALL, (100,))))
    assert {number: found for number, (_, found) in last.items()} == {0: 100, 1: 111, 2: 102, 3: 103, 4: 114, 5: 105}
    assert {number: pid for number, (pid, _) in first.items()} == {number: pid for number, (pid, _) in last.items()}
    assert {number: first[number][0] for number in some} == {number: pid for number, (pid, _) in some.items()}
    assert (os.getpid() in {pid for pid, _ in last.values()}) is (method is None)
    if method == "spawn":  # where each is handed its share
        assert len({pid for pid, _ in last.values()}) == 3


def test_what_is_asked_in_this_process_may_be_anything() -> None:
    with crew.Crew().begin(Counting, 1, 1, None) as made:
        assert dict(made.ask("apply", {0: (lambda: 3,)})) == {0: 3}


@pytest.mark.parametrize("method", START_METHODS)
def test_a_part_that_is_asked_for_the_first_time_later_is_made_then(method: str) -> None:
    with crew.Crew().begin(Counting, 4, 2, method) as made:
        list(made.ask("add", {0: (1,), 1: (1,)}))
        found = dict(made.ask("add", dict.fromkeys(range(4), (5,))))
    assert {number: total for number, (_, total) in found.items()} == {0: 6, 1: 6, 2: 5, 3: 5}
    assert os.getpid() not in {pid for pid, _ in found.values()}


@needs_fork
@pytest.mark.parametrize("dies_at", [0, 1, 2])
def test_the_parts_of_a_process_that_dies_are_made_anew_here_and_stay(tmp_path: Path, dies_at: int) -> None:
    marker = tmp_path / str(os.getpid()) / "dies"
    marker.parent.mkdir()
    pids: set[int] = set()
    with crew.Crew().begin(Counting, len(ALL), 2, "fork") as made:
        for turn in range(4):
            if turn == dies_at:
                marker.touch()
            found = dict(made.ask("end", {number: (number + turn, marker) for number in ALL}))
            assert found.keys() == set(ALL)
            pids = {pid for pid, _ in found.values()}
    assert {number: total for number, (_, total) in found.items()} == {number: 4 * number + 6 for number in ALL}
    assert os.getpid() in pids
    assert not marker.exists()


@needs_fork
def test_parts_that_are_not_asked_when_their_process_dies_keep_what_they_were_told(tmp_path: Path) -> None:
    marker = tmp_path / str(os.getpid()) / "dies"
    marker.parent.mkdir()
    with crew.Crew().begin(Counting, len(ALL), 2, "fork") as made:
        first = dict(made.ask("add", {number: (number,) for number in ALL}))
        marker.touch()
        assert dict(made.ask("end", {0: (10, marker)}))[0] == (os.getpid(), 10)
        second = dict(made.ask("add", dict.fromkeys(ALL, (100,))))
    assert [total for _, (_, total) in sorted(second.items())] == [110, 101, 102, 103, 104, 105]
    lost = {number for number in ALL if first[number][0] == first[0][0]}
    assert {number for number in ALL if second[number][0] == os.getpid()} == lost


@pytest.mark.parametrize("method", START_METHODS)
def test_a_process_that_died_between_questions_is_not_missed(method: str) -> None:
    with crew.Crew().begin(Counting, 4, 2, method) as made:
        first = dict(made.ask("add", {number: (number,) for number in range(3)}))
        for process in multiprocessing.active_children():
            if process.pid == first[0][0]:
                process.kill()
                process.join()
        second = dict(made.ask("add", dict.fromkeys(range(4), (10,))))
    assert [total for _, (_, total) in sorted(second.items())] == [10, 11, 12, 10]
    assert second[0][0] == os.getpid()


@needs_fork
def test_whoever_has_time_takes_the_next(tmp_path: Path) -> None:
    asked = [(tmp_path, "slow", 10), *((tmp_path, f"quick {number}", 0) for number in range(10))]
    with crew.Crew(Helping).begin(Counting, 0, 2, "fork") as made:
        assert made.aides == 2
        found = list(made.share("marked", asked))
    assert sorted(name for _, name, _ in found) == sorted(name for _, name, _ in asked)
    slow = next(pid for pid, name, _ in found if name == "slow")
    assert [(name, came) for pid, name, came in found if pid == slow] == [("slow", True)]


@pytest.mark.parametrize("method", [*START_METHODS, None])
def test_aides_answer_beside_parts(method: str | None) -> None:
    with crew.Crew(Helping).begin(Counting, 2, 2, method) as made:
        asked = made.ask("add", {0: (1,), 1: (2,)})
        assert sorted(total for _, (_, total) in asked) == [1, 2]
        shared = made.share("doubled", [(number,) for number in range(9)])
        assert sorted(answer for _, answer in shared) == [2 * number for number in range(9)]
        assert sorted(total for _, (_, total) in made.ask("add", {0: (1,), 1: (2,)})) == [2, 4]


@needs_fork
def test_what_all_processes_leave_is_answered_here(monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()

    def deadly(self: Helping, number: int) -> Generator[None, None, int]:
        yield
        if os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    monkeypatch.setattr(Helping, "doubled", deadly)
    with crew.Crew(Helping).begin(Counting, 0, 3, "fork") as made:
        assert sorted(made.share("doubled", [(number,) for number in range(20)])) == list(range(20))
        assert sorted(made.share("doubled", [(number,) for number in range(3)])) == list(range(3))


def come(folder: Path, count: int) -> bool:
    """Wait for some marks; returns whether they came."""
    until = time.monotonic() + GIVEN_UP
    while not (all_came := sum(1 for _ in folder.iterdir()) >= count) and time.monotonic() < until:
        time.sleep(0.001)
    return all_came


@needs_fork
def test_what_may_be_done_later_is_done_while_nobody_asks(tmp_path: Path) -> None:
    with crew.Crew(Helping).begin(Counting, len(ALL), 2, "fork") as made:
        assert made.has_time
        made.later("marked", [(tmp_path, f"mark {number}", 0) for number in range(9)])
        list(made.ask("add", {number: (number,) for number in ALL}))
        assert come(tmp_path, 9)
        found = list(made.rest())
    assert sorted(name for _, name, _ in found) == [f"mark {number}" for number in range(9)]
    assert os.getpid() not in {pid for pid, _, _ in found}


@needs_fork
def test_who_does_what_may_be_done_later_answers_before_it_is_done(tmp_path: Path) -> None:
    with crew.Crew(Helping).begin(Counting, 2, 2, "fork") as made:
        list(made.ask("add", {0: (1,), 1: (1,)}))
        made.later("marked", [(tmp_path, "one", 3), (tmp_path, "two", 3)])  # each waits for four marks
        list(made.ask("add", {0: (1,), 1: (1,)}))
        assert come(tmp_path, 2)
        assert sorted(total for _, (_, total) in made.ask("add", {0: (1,), 1: (2,)})) == [3, 4]
        (tmp_path / "three").touch()
        (tmp_path / "four").touch()
        assert sorted((name, came) for _, name, came in made.rest()) == [("one", True), ("two", True)]


@needs_fork
def test_what_was_to_be_done_later_and_is_not_is_done_in_the_end() -> None:
    with crew.Crew(Helping).begin(Counting, 2, 2, "fork") as made:
        made.later("doubled", [(number,) for number in range(20)])
        found = list(made.rest())
    assert sorted(answer for _, answer in found) == [2 * number for number in range(20)]
    assert os.getpid() not in {pid for pid, _ in found}


@needs_fork
def test_what_a_process_that_dies_should_have_done_later_is_done_here(monkeypatch: pytest.MonkeyPatch) -> None:
    here = os.getpid()

    def deadly(self: Helping, number: int) -> Generator[None, None, int]:
        yield
        if number == 3 and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return number

    monkeypatch.setattr(Helping, "doubled", deadly)
    with crew.Crew(Helping).begin(Counting, 2, 2, "fork") as made:
        made.later("doubled", [(number,) for number in range(9)])
        list(made.ask("add", {0: (1,), 1: (1,)}))
        assert sorted(made.rest()) == list(range(9))
        assert sorted(total for _, (_, total) in made.ask("add", {0: (1,), 1: (1,)})) == [2, 2]


@needs_fork
def test_what_is_given_up_ends(tmp_path: Path) -> None:
    with crew.Crew(Helping).begin(Counting, 2, 2, "fork") as made:
        made.later("marked", [(tmp_path, f"mark {number}", 99) for number in range(9)])  # nothing ends these
        list(made.ask("add", {0: (1,), 1: (1,)}))
        assert come(tmp_path, 1)
        made.give_up()
        assert list(made.rest()) == []
        assert sorted(answer for _, answer in made.share("doubled", [(1,), (2,), (3,)])) == [2, 4, 6]
        begun = sum(1 for _ in tmp_path.iterdir())
        made.later("doubled", [(4,), (5,)])
        found = list(made.rest())
        assert sorted(answer for _, answer in found) == [8, 10]
        assert os.getpid() not in {pid for pid, _ in found}
        assert sum(1 for _ in tmp_path.iterdir()) == begun <= 2


@needs_fork
def test_what_was_done_before_it_is_given_up_is_told_to_nobody(tmp_path: Path) -> None:
    with crew.Crew(Helping).begin(Counting, 2, 2, "fork") as made:
        made.later("marked", [(tmp_path, f"mark {number}", 0) for number in range(4)])
        list(made.ask("add", {0: (1,), 1: (1,)}))
        assert come(tmp_path, 4)
        made.give_up()
        assert list(made.rest()) == []
        made.later("doubled", [(4,), (5,)])
        assert sorted(answer for _, answer in made.rest()) == [8, 10]


@needs_fork
def test_long_messages_of_both_sides_pass_each_other() -> None:
    long = "x" * 1_000_000
    with crew.Crew(Helping).begin(Echoing, 4, 2, "fork") as made:
        answers = made.ask("echo", dict.fromkeys(range(4), (long,)))
        made.later("doubled", [(number,) for number in (1, 2, long)])
        assert [answer == long for _, answer in answers] == [True] * 4
        assert sorted(len(str(answer)) for _, answer in made.rest()) == [1, 1, 2_000_000]


class Echoing:
    """A part that answers what it is asked."""

    def echo(self, text: str) -> str:
        return text


@pytest.mark.parametrize("method", [*START_METHODS, None])
def test_only_forks_have_time(method: str | None) -> None:
    with crew.Crew(Helping).begin(Counting, 2, 2, method) as made:
        assert made.has_time is (method == "fork")
        stages.start()
        assert not made.has_time
        stages.stop()
    with crew.Crew().begin(Counting, 2, 2, method) as made:
        assert not made.has_time


@needs_fork
def test_what_others_take_time_for_counts_once() -> None:
    stages.start()
    stages.add({"before": 1_000.0})
    with crew.Crew().begin(Slow, 2, 2, "fork") as made:
        for _ in range(2):
            assert os.getpid() not in dict(made.ask("work", dict.fromkeys(range(2), ()))).values()
    timed = stages.stop()
    assert timed["work"] >= 4 * 0.001
    assert timed["before"] == 1_000.0


@needs_fork
def test_a_defect_is_told_of_by_who_asked_and_by_nobody_else(capfd: pytest.CaptureFixture[str]) -> None:
    with (
        crew.Crew().begin(Counting, 2, 2, "fork") as made,
        pytest.raises(ZeroDivisionError, match="in this process"),
    ):
        list(made.ask("fail", dict.fromkeys(range(2), (os.getpid(),))))
    assert capfd.readouterr() == ("", "")


@needs_fork
def test_other_processes_leave_it_to_this_one_to_be_interrupted() -> None:
    with crew.Crew().begin(Counting, 2, 2, "fork") as made:
        found = dict(made.ask("interrupted", dict.fromkeys(range(2), (os.getpid(),))))
    assert os.getpid() not in found.values()


@needs_fork
@pytest.mark.usefixtures("interrupted_early")
def test_a_process_that_is_interrupted_before_it_is_ready_goes_on_without_a_word(
    capfd: pytest.CaptureFixture[str],
) -> None:
    with crew.Crew().begin(Counting, 2, 2, "fork") as made:
        found = dict(made.ask("add", dict.fromkeys(range(2), (1,))))
    assert os.getpid() not in {pid for pid, _ in found.values()}
    assert capfd.readouterr() == ("", "")


@needs_fork
def test_what_the_host_does_when_it_is_told_to_end_no_process_of_its_does() -> None:
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    before = signal.signal(signal.SIGTERM, lambda *_: os.write(writing, b"!"))
    try:
        with crew.Crew().begin(Counting, 2, 2, "fork") as made:
            assert dict(made.ask("add", dict.fromkeys(range(2), (1,))))
        opened()  # by now they have ended
        with pytest.raises(BlockingIOError):
            os.read(reading, 1)
        os.kill(os.getpid(), signal.SIGTERM)
        assert os.read(reading, 1) == b"!"
    finally:
        signal.signal(signal.SIGTERM, before)
        os.close(reading)
        os.close(writing)


@pytest.mark.parametrize("method", [*START_METHODS, None])
def test_an_aide_is_made_once(method: str | None) -> None:
    with crew.Crew(Helping).begin(Counting, 0, 2, method) as made:
        found = [answer for _ in range(2) for answer in made.share("count", [()] * 3)]
    assert len(set(found)) == 3 + 3


def opened() -> set[Path]:
    """Return the open files of this process, once none of its processes is there any more."""
    while processes := multiprocessing.active_children():
        processes.pop().join()
    del processes
    gc.collect()
    return set(Path("/dev/fd").iterdir())


@needs_fork
def test_of_a_crew_that_is_gone_no_file_is_open() -> None:
    before = opened()
    with crew.Crew(Helping).begin(Counting, len(ALL), 3, "fork") as made:
        assert list(made.ask("add", dict.fromkeys(ALL, (1,))))
    del made
    assert opened() == before


@needs_fork
def test_who_is_interrupted_while_a_process_starts_leaves_no_file_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = opened()

    def interrupted(_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(multiprocessing.process.BaseProcess, "start", interrupted)
    with pytest.raises(KeyboardInterrupt), crew.Crew() as made:
        made.begin(Counting, 2, 2, "fork")
    assert opened() == before


@needs_fork
@pytest.mark.parametrize("started", [0, 1, 2])
def test_where_no_more_files_can_be_opened_some_are_given_back_to_read_with(
    monkeypatch: pytest.MonkeyPatch, started: int
) -> None:
    before = opened()
    start, left = multiprocessing.process.BaseProcess.start, [started]

    def scarce(self: multiprocessing.process.BaseProcess) -> None:
        if not left[0]:
            raise OSError(errno.EMFILE, "Too many open files")
        left[0] -= 1
        start(self)

    monkeypatch.setattr(multiprocessing.process.BaseProcess, "start", scarce)
    with crew.Crew(Helping).begin(Counting, len(ALL), 3, "fork") as made:
        assert made.aides == max(0, started - 1)
        assert made.has_time is (started > 1)
        if started < 2:
            assert opened() == before
        assert dict(made.ask("add", dict.fromkeys(ALL, (1,)))).keys() == set(ALL)
        assert sorted(answer for _, answer in made.share("doubled", [(1,), (2,)])) == [2, 4]
    del made
    assert opened() == before


@needs_fork
@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="nobody tells of processes of others that end")
def test_a_process_ends_with_whoever_asked_it_whatever_others_do(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    asking = os.fork()
    if asking == 0:
        made = crew.Crew(Helping).begin(Counting, 0, 2, "fork")
        list(made.share("marked", [(tmp_path, name, 1) for name in ("one", "other")]))  # by now both are there
        os.write(writing, " ".join(str(home._process.pid) for home in made._homes).encode())
        signal.pause()
    first, second = (os.pidfd_open(int(pid)) for pid in os.read(reading, 1_000).split())
    signal.pidfd_send_signal(second, signal.SIGSTOP)
    os.kill(asking, signal.SIGKILL)
    os.waitpid(asking, 0)
    ended, _, _ = select.select([first], [], [], GIVEN_UP)
    for process in (first, second):
        with suppress(ProcessLookupError):
            signal.pidfd_send_signal(process, signal.SIGKILL)
    for number in (first, second, reading, writing):
        os.close(number)
    assert ended
