"""The processes of a program: whoever has time takes a part, keeps it, and is not missed when it dies."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from typing import TYPE_CHECKING

import pytest

from flaglint import stages
from flaglint.refs import crew

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path

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

    def end(self, number: int, marker: Path) -> tuple[int, int]:
        """Add a number; the first process that is asked, once there is a mark, dies of it."""
        if marker.exists() and marker.parent.name != str(os.getpid()):
            marker.unlink()
            os.kill(os.getpid(), signal.SIGKILL)
        return self.add(number)


class Helping:
    """An aide that keeps nothing."""

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
        assert sorted(answer for _, answer in made.share("doubled", [(1,), (2,), (3,)])) == [2, 4, 6]
        begun = sum(1 for _ in tmp_path.iterdir())
        made.later("doubled", [(4,), (5,)])
        assert sorted(answer for _, answer in made.rest()) == [8, 10]
        assert sum(1 for _ in tmp_path.iterdir()) == begun <= 2


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
