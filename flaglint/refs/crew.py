"""The parts of a program in one process, or spread over several that answer question by question.

A part belongs to whichever process has time for it when it is first asked; that one keeps it and what it has learnt,
and between the rounds only words and names travel. A process that dies takes nothing with it: its parts are made anew
here, and asked again what they were asked before. So are those for which none can be started.

Beside its parts each process may have an aide, which keeps nothing from one question to the next: whoever has time
answers. So that is done by processes that are there.
"""

from __future__ import annotations

import os
import pickle
import sys
import threading
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from flaglint import stages
from flaglint.refs.lines import line, ready

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from multiprocessing.context import BaseContext

    from flaglint.refs.lines import End

AIDES = 8  # processes that are started for aides alone: each takes milliseconds, and saves less than the one before
Question = tuple[str, tuple[Any, ...], dict[str, Any]]
_TICKET = 2  # bytes of a ticket: a pipe gives so few at once to one who reads


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


class Makers(NamedTuple):
    """What makes a part, and an aide where there are any."""

    part: Callable[[], object]
    aide: Callable[[], object] | None


class Crew:
    """Asks the parts of a program, numbered from 0, and the aides of the processes that these are in."""

    def __init__(self, aide: Callable[[], object] | None = None) -> None:
        """`aide` makes one; nobody is there to be asked before `begin`."""
        self._aide = aide
        self._here: _Hand | None = None
        self._asked: list[list[Question]] = []
        self._homes: list[_Home] = []
        self._tickets: _Tickets | None = None

    @property
    def aides(self) -> int:
        """How many processes have an aide."""
        return len(self._homes) if self._aide is not None else 0

    def begin(self, make: Callable[[], object], count: int, workers: int, method: str | None) -> Self:
        """Start as many processes as `workers` says, if several, by `method` (None for none): an aide for each of them.

        There are no more of them than the `count` parts, or than pay for aides where there are fewer parts. A crew
        begins once.
        """
        several = min(workers, count if self._aide is None else max(count, AIDES))
        makers = Makers(make, self._aide)
        self._here = _Hand(makers)
        self._asked = [[] for _ in range(count)]
        if several > 1 and method is not None:
            from multiprocessing import get_context

            context = get_context(method)
            with suppress(OSError):  # there may be no more processes, or no more files in this one: that is done here
                self._tickets = _Tickets() if method == "fork" else None
                for _ in range(several):
                    inherited = [home.connection for home in self._homes] if method == "fork" else []
                    self._homes.append(_Home(context, makers, self._tickets, inherited))
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for home in self._homes:
            home.leave()
        if self._tickets is not None:
            self._tickets.close()

    def ask(self, name: str, questions: Mapping[int, tuple[Any, ...]], **options: Any) -> Iterator[tuple[int, Any]]:
        """Return the answer of each part that is asked, as they come; the arguments are by the number of the part.

        The parts in other processes begin at once, those in this one when their answers are wanted.
        """
        for number, arguments in questions.items():
            self._asked[number].append((name, arguments, options))
        return self._answers({number: self._asked[number][-1] for number in questions})

    def share(self, name: str, several: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        """Return what aides answer to one question with each of several arguments, as the answers come."""
        answers = self._answers({-1 - place: (name, arguments, {}) for place, arguments in enumerate(several)})
        return (answer for _, answer in answers)

    def _answers(self, questions: dict[int, Question]) -> Iterator[tuple[int, Any]]:
        """Let each process have the questions to its parts, and all of them together those that nobody has yet."""
        assert self._here is not None  # nothing is asked before `begin`
        alive = [home for home in self._homes if home.is_alive]
        of_each = [{number: questions[number] for number in home.parts & questions.keys()} for home in alive]
        taken = self._here.parts.keys() | {number for home in self._homes for number in home.parts}
        free = {number: question for number, question in questions.items() if number not in taken}
        if self._tickets is not None:
            self._tickets.offer(free)
        elif alive:
            for place, number in enumerate(free):
                of_each[place % len(alive)][number] = free[number]
            free = {}
        offered = pickle.dumps(free) if free else b""
        return self._received(
            questions, [home for home, own in zip(alive, of_each, strict=True) if home.send(own, offered)], self._here
        )

    def _received(
        self, questions: dict[int, Question], homes: Sequence[_Home], here: _Hand
    ) -> Iterator[tuple[int, Any]]:
        left = dict(questions)
        asked = {home.connection: home for home in homes}
        while asked:
            for end in ready(list(asked)):
                answered = asked[end].receive()
                if answered is None:
                    del asked[end]
                else:
                    del left[answered[0]]
                    yield answered
        for number, question in sorted(left.items()):
            yield number, here.answer(number, self._asked[number] if number >= 0 else [question])


class _Hand:
    """The parts and the aide of one process."""

    def __init__(self, makers: Makers) -> None:
        self._makers = makers
        self._aide: object = None
        self.parts: dict[int, object] = {}

    def make_ready(self) -> None:
        """Make what may be asked later."""
        if self._aide is None and self._makers.aide is not None:
            self._aide = self._makers.aide()

    def answer(self, number: int, asked: Sequence[Question]) -> Any:
        """Return what a part, or the aide, answers to its last question; a new part is asked all of them in turn."""
        if number < 0:
            self.make_ready()
            return _answer(self._aide, asked[-1])
        if number in self.parts:
            return _answer(self.parts[number], asked[-1])
        part = self.parts[number] = self._makers.part()
        answer = None
        for question in asked:
            answer = _answer(part, question)
        return answer


class _Tickets:
    """The numbers of questions that whoever has time takes, one by one: a pipe that several forks read from."""

    def __init__(self) -> None:
        self._reading, self._writing = os.pipe()
        os.set_blocking(self._reading, False)

    def offer(self, numbers: Iterable[int]) -> None:
        """Let processes take some numbers."""
        if tickets := b"".join(number.to_bytes(_TICKET, signed=True) for number in numbers):
            os.write(self._writing, tickets)

    def taken(self) -> Iterator[int]:
        """Yield what this process takes, until nothing is left."""
        with suppress(BlockingIOError):
            while ticket := os.read(self._reading, _TICKET):
                yield int.from_bytes(ticket, signed=True)

    def close(self) -> None:
        """Take back what is left."""
        os.close(self._reading)
        os.close(self._writing)


class _Home:
    """A process, and the numbers of the parts that it has."""

    def __init__(
        self, context: BaseContext, makers: Makers, tickets: _Tickets | None, inherited: Sequence[End]
    ) -> None:
        """`inherited` are the connections of others that a fork of this process takes with it."""
        self.parts: set[int] = set()
        self.connection, theirs = line(context)
        if context.get_start_method() == "fork":
            inherited = [*inherited, self.connection]
        arguments = (theirs, inherited, makers, tickets, stages.is_timing())
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

    def send(self, own: dict[int, Question], offered: bytes) -> bool:
        """Ask something, if anything, and offer questions that others may take before; returns whether it could."""
        if not (own or offered):
            return False
        try:
            self.connection.send((own, offered))
        except (OSError, ValueError):
            self.close()
            return False
        return True

    def receive(self) -> tuple[int, Any] | None:
        """Return the next answer and its number; None after the last, or when the process has died or cannot answer."""
        try:
            answered = self.connection.recv()
        except (OSError, EOFError):
            self.close()
            return None
        if answered is None:
            return None
        number, answer, timed = answered
        stages.add(timed)
        if number >= 0:
            self.parts.add(number)
        return number, answer

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
    connection: End,
    inherited: Sequence[End],
    makers: Makers,
    tickets: _Tickets | None,
    is_timing: bool,  # noqa: FBT001 - a target
) -> None:
    """Answer the questions that come, until whoever asked is gone.

    That is seen only where no process but that one holds the other end: `inherited` ends are closed. Who has nothing
    to answer makes what it was not asked for yet.
    """
    import gc
    import signal
    import warnings

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent is interrupted as well, and ends this
    warnings.simplefilter("ignore")  # once, and not for each statement that is parsed
    gc.freeze()
    for other in inherited:
        other.close()
    hand = _Hand(makers)
    with suppress(Exception):  # nobody asks any more; or a defect, which the one who asked will meet and tell of
        while True:
            own, offered = connection.recv()
            free = pickle.loads(offered) if offered else {}  # noqa: S301 - from the process that started this one
            for number in chain(own, tickets.taken() if tickets is not None and free else ()):
                question = own.get(number) or free[number]
                if is_timing:
                    stages.start()
                answer = hand.answer(number, [question])
                connection.send((number, answer, stages.stop()))
            connection.send(None)
            if not connection.poll():
                hand.make_ready()


def _answer(part: object, question: Question) -> Any:
    name, arguments, options = question
    return getattr(part, name)(*arguments, **options)
