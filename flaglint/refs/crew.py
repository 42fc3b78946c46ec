"""The parts of a program in one process, or spread over several that answer question by question.

Each process keeps its parts and what they have learnt; between the rounds only words and names travel. A process that
dies takes nothing with it: its parts are made anew here, and asked again what they were asked before. So are those for
which none can be started.

Beside its parts each process may have an aide, which is asked for something else once the parts have said all: so that
is done by processes that are there.
"""

from __future__ import annotations

import sys
import threading
from functools import partial
from typing import TYPE_CHECKING, Any, Self

from flaglint import stages

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext


AIDES = 8  # processes that are started for aides alone: each takes milliseconds, and saves less than the one before
Question = tuple[str, tuple[Any, ...], dict[str, Any]]


def start_method(*, is_asked_for: bool) -> str | None:
    """Return how processes are started here, or None where that would not do.

    A fork of a process with several threads may never end; and what is spawned runs the main module of the host, which
    may not expect it: so that is done only where somebody asked for processes.
    """
    running = sys.modules.get("multiprocessing.process")
    if running is not None and running.current_process().daemon:
        return None  # which may not have any of its own
    if sys.platform == "linux" and threading.active_count() == 1:
        return "fork"
    return "spawn" if is_asked_for else None


class Crew:
    """Asks the parts of a program, numbered from 0, and behind them the aides, one for each process."""

    def __init__(self, aide: Callable[[], object] | None = None) -> None:
        """`aide` makes one; nobody is there to be asked before `begin`."""
        self._aide = aide
        self._make: Callable[[int], object] | None = None
        self._parts: dict[int, object] = {}
        self._asked: list[list[Question]] = []
        self._homes: list[_Home] = []
        self.aides: Sequence[int] = ()  # their numbers

    def begin(self, make: Callable[[], object], count: int, workers: int, method: str | None) -> Self:
        """Start as many processes as `workers` says, if several, by `method` (None for none): an aide for each of them.

        There are no more of them than the `count` parts, or than pay for aides where there are fewer parts. A crew
        begins once.
        """
        several = min(workers, count if self._aide is None else max(count, AIDES))
        if several == 1 or method is None:
            several = 0
        aides = several if self._aide is not None else 0
        self._make = partial(_made, make, self._aide, count)
        self._asked = [[] for _ in range(count + aides)]
        if several:
            from multiprocessing import get_context

            context = get_context(method)
            for start in range(several):
                inherited = [home.connection for home in self._homes] if method == "fork" else []
                numbers = [*range(start, count, several), *range(count + start, count + aides, several)]
                try:
                    self._homes.append(_Home(context, self._make, numbers, inherited))
                except OSError:  # there may be no more processes, or no more files in this one: so that is done here
                    break
        self.aides = range(count, count + min(aides, len(self._homes)))
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for home in self._homes:
            home.leave()

    def ask(self, name: str, questions: dict[int, tuple[Any, ...]], **options: Any) -> Iterator[tuple[int, Any]]:
        """Return the answer of each part that is asked, as they come; the arguments are by the number of the part.

        The parts in other processes begin at once, those in this one when their answers are wanted.
        """
        for number, arguments in questions.items():
            self._asked[number].append((name, arguments, options))
        left = set(questions)
        return self._answers(left, [home for home in self._homes if home.is_alive and home.send(left, self._asked)])

    def _answers(self, left: set[int], homes: Sequence[_Home]) -> Iterator[tuple[int, Any]]:
        for home in homes:
            for number, answer in home.receive():
                left.discard(number)
                yield number, answer
        for number in sorted(left):
            yield number, self._here(number)

    def _here(self, number: int) -> Any:
        """Return what a part in this process answers to its last question; a new one is asked all of them in turn."""
        if number in self._parts:
            return _answer(self._parts[number], self._asked[number][-1])
        assert self._make is not None  # something was asked of it
        part = self._parts[number] = self._make(number)
        answer = None
        for question in self._asked[number]:
            answer = _answer(part, question)
        return answer


def _made(make: Callable[[], object], aide: Callable[[], object] | None, count: int, number: int) -> object:
    """Return the part of a number, or behind the last of them an aide."""
    return aide() if aide is not None and number >= count else make()


class _Home:
    """A process with some of the parts."""

    def __init__(
        self, context: BaseContext, make: Callable[[int], object], numbers: list[int], inherited: list[Connection]
    ) -> None:
        """`inherited` are the connections of others that a fork of this process takes with it."""
        self._numbers = numbers
        self._pending: list[int] = []
        self.connection, theirs = context.Pipe()
        if context.get_start_method() == "fork":
            inherited = [*inherited, self.connection]
        arguments = (theirs, inherited, make, numbers, stages.is_timing())
        process = context.Process(target=_serve, args=arguments, daemon=True)  # type: ignore[attr-defined]
        try:
            process.start()
        except OSError:
            self.connection.close()
            raise
        finally:
            theirs.close()
        self._process = process
        self.is_alive = True

    def send(self, wanted: set[int], asked: Sequence[Sequence[Question]]) -> bool:
        """Ask those of the parts here that are wanted their last question; returns whether any was."""
        self._pending = [number for number in self._numbers if number in wanted]
        try:
            if self._pending:
                self.connection.send([(number, asked[number][-1]) for number in self._pending])
        except (OSError, ValueError):
            self.close()
            return False
        return bool(self._pending)

    def receive(self) -> Iterator[tuple[int, Any]]:
        """Yield the answers; fewer of them when the process has died or could not answer."""
        try:
            for number in self._pending:
                answer, timed = self.connection.recv()
                stages.add(timed)
                yield number, answer
        except (OSError, EOFError):
            self.close()

    def leave(self) -> None:
        """End the process, and do not wait for that: what it had takes a while to be given back."""
        if self.is_alive:
            self.is_alive = False
            self.connection.close()
            self._process.terminate()

    def close(self) -> None:
        """End the process."""
        if self.is_alive:
            self.leave()
            self._process.join()


def _serve(
    connection: Connection,
    inherited: list[Connection],
    make: Callable[[int], object],
    numbers: list[int],
    is_timing: bool,  # noqa: FBT001 - a target
) -> None:
    """Answer the questions that come, until whoever asked is gone.

    That is seen only where no process but that one holds the other end: `inherited` ends are closed. Who has nothing
    to answer makes what it was not asked for yet.
    """
    import gc
    import signal
    from contextlib import suppress

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted as well, and ends this
    gc.freeze()
    for other in inherited:
        other.close()
    parts: dict[int, object] = {}
    with suppress(Exception):  # nobody asks any more; or a defect, which the one who asked will meet and tell of
        while True:
            for number, question in connection.recv():
                if is_timing:
                    stages.start()
                if number not in parts:
                    parts[number] = make(number)
                answer = _answer(parts[number], question)
                connection.send((answer, stages.stop()))
            while len(parts) < len(numbers) and not connection.poll():
                number = next(number for number in numbers if number not in parts)
                parts[number] = make(number)


def _answer(part: object, question: Question) -> Any:
    name, arguments, options = question
    return getattr(part, name)(*arguments, **options)
