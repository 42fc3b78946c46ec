"""The parts of a program in one process, or spread over several that answer question by question.

A part belongs to whichever process has time for it when it is first asked; that one keeps it and what it has learnt,
and between the rounds only words and names travel. A process that dies takes nothing with it: its parts are made anew
here, and asked again what they were asked before. So are those for which none can be started.

Beside its parts each process may have an aide, which keeps nothing from one question to the next: whoever has time
answers. So that is done by processes that are there, and also while they would wait for each other.
"""

from __future__ import annotations

import pickle
import sys
import threading
from typing import TYPE_CHECKING, Any, Self

from flaglint import stages
from flaglint.interrupts import put_off
from flaglint.refs.lines import line, ready
from flaglint.refs.serving import Hand, Makers, Tickets, serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from multiprocessing.context import BaseContext

    from flaglint.refs.lines import End
    from flaglint.refs.serving import Question

AIDES = 8  # processes that are started for aides alone: each takes milliseconds, and saves less than the one before


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
    """Asks the parts of a program, numbered from 0, and the aides of the processes that these are in."""

    def __init__(self, aide: Callable[[], object] | None = None) -> None:
        """`aide` makes one; nobody is there to be asked before `begin`."""
        self._aide = aide
        self._here: Hand | None = None
        self._asked: list[list[Question]] = []
        self._homes: list[_Home] = []
        self._tickets: Tickets | None = None
        self._later_tickets: Tickets | None = None
        self._later: dict[int, Question] = {}

    @property
    def processes(self) -> int:
        """How many processes were started."""
        return len(self._homes)

    @property
    def aides(self) -> int:
        """How many processes have an aide."""
        return self.processes if self._aide is not None else 0

    def begin(self, make: Callable[[], object], count: int, workers: int, method: str | None) -> Self:
        """Start as many processes as `workers` says, if several, by `method` (None for none): an aide for each of them.

        There are no more of them than the `count` parts, or than pay for aides where there are fewer parts. A crew
        begins once.
        """
        several = min(workers, count if self._aide is None else max(count, AIDES))
        makers = Makers(make, self._aide)
        self._here = Hand(makers)
        self._asked = [[] for _ in range(count)]
        if several > 1 and method is not None:
            from multiprocessing import get_context

            context = get_context(method)
            try:
                if method == "fork":
                    self._tickets = Tickets()
                    self._later_tickets = Tickets()
                for _ in range(several):
                    inherited = [home.connection for home in self._homes] if method == "fork" else []
                    self._homes.append(_Home(context, makers, (self._tickets, self._later_tickets), inherited))
            except OSError:  # there are no more processes, or no more files in this one, which itself has some to read
                if self._homes:
                    self._homes.pop().close()
                if not self._homes:
                    self._take_tickets_back()
        return self

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for home in self._homes:
            home.leave()
        self._take_tickets_back()

    def _take_tickets_back(self) -> None:
        for tickets in (self._tickets, self._later_tickets):
            if tickets is not None:
                tickets.close()
        self._tickets = self._later_tickets = None

    def ask(self, name: str, questions: Mapping[int, tuple[Any, ...]], **options: Any) -> Iterator[tuple[int, Any]]:
        """Return the answer of each part that is asked, as they come; the arguments are by the number of the part.

        The parts in other processes begin at once, those in this one when their answers are wanted.
        """
        for number, arguments in questions.items():
            self._asked[number].append((name, arguments, options))
        return self._answers({number: self._asked[number][-1] for number in questions})

    def share(self, name: str, several: Sequence[tuple[Any, ...]]) -> Iterator[Any]:
        """Return what aides answer to one question with each of several arguments, as the answers come.

        A method of an aide is a generator that returns the answer: it does a bit of its work at a time.
        """
        answers = self._answers({-1 - place: (name, arguments, {}) for place, arguments in enumerate(several)})
        return (answer for _, answer in answers)

    @property
    def has_time(self) -> bool:
        """Whether there are aides that are idle at times, and nobody wants to know how long each stage took."""
        return self._later_tickets is not None and self.aides > 0 and not stages.is_timing()

    def later(self, name: str, several: Sequence[tuple[Any, ...]]) -> None:
        """Let aides that have time answer one question with each of several arguments, while nobody asks anything else.

        That is done once. `rest` waits for what they return; `give_up` has them end.
        """
        assert self._later_tickets is not None  # as `has_time` says
        assert not self._later
        self._later = {-1 - place: (name, arguments, {}) for place, arguments in enumerate(several)}
        self._later_tickets.offer(self._later)

    def rest(self) -> Iterator[Any]:
        """Return what aides answer to what was put to them by `later`, as the answers come."""
        assert self._here is not None  # nothing is put to them before `begin`
        for home in self._homes:
            self._tell(home)
        asked = [home for home in self._homes if home.put(("rest",))]
        return (answer for _, answer in self._received(self._later, asked, self._here))

    def give_up(self) -> None:
        """Let aides end what was put to them by `later`."""
        if self._later_tickets is not None:
            for _ in self._later_tickets.taken():
                pass
        for home in self._homes:
            if home.is_told:
                home.put(("later", {}))
                home.is_told = False
        self._later = {}

    def _tell(self, home: _Home) -> None:
        """Put to the aide of a process what it may do later.

        The process waits for something to be said: while it works, and may itself say more than a pipe holds, a longer
        message would have both wait for each other.
        """
        if self._later and not home.is_told:
            home.is_told = True
            home.put(("later", self._later))

    def _answers(self, questions: dict[int, Question]) -> Iterator[tuple[int, Any]]:
        """Let each process have the questions to its parts, and all of them together those that nobody has yet."""
        assert self._here is not None  # nothing is asked before `begin`
        alive = [home for home in self._homes if home.is_alive]
        of_each = [{number: questions[number] for number in home.parts & questions.keys()} for home in alive]
        taken = self._here.parts.keys() | {number for home in self._homes for number in home.parts}
        free = {number: question for number, question in questions.items() if number not in taken}
        if not alive:
            free = {}  # there is nobody to offer them to
        elif self._tickets is not None:
            self._tickets.offer(free)
        else:
            for place, number in enumerate(free):
                of_each[place % len(alive)][number] = free[number]
            free = {}
        offered = pickle.dumps(free) if free else b""
        return self._received(
            questions, [home for home, own in zip(alive, of_each, strict=True) if home.send(own, offered)], self._here
        )

    def _received(
        self, questions: dict[int, Question], homes: Sequence[_Home], here: Hand
    ) -> Iterator[tuple[int, Any]]:
        left = dict(questions)
        asked = {home.connection: home for home in homes}
        while asked:
            for end in ready(list(asked)):
                answered = asked[end].receive()
                if answered is None:
                    self._tell(asked.pop(end))
                else:
                    del left[answered[0]]
                    yield answered
        for home in self._homes:  # also those that had nothing to answer
            self._tell(home)
        for number, question in sorted(left.items()):
            yield number, here.answer(number, self._asked[number] if number >= 0 else [question])


class _Home:
    """A process, and the numbers of the parts that it has."""

    def __init__(
        self,
        context: BaseContext,
        makers: Makers,
        tickets: tuple[Tickets | None, Tickets | None],
        inherited: Sequence[End],
    ) -> None:
        """`inherited` are the connections of others that a fork of this process takes with it."""
        self.parts: set[int] = set()
        self.connection, theirs = line(context)
        if context.get_start_method() == "fork":
            inherited = [*inherited, self.connection]
        arguments = (theirs, inherited, makers, *tickets, stages.is_timing())
        process = context.Process(target=serve, args=arguments, daemon=True)  # type: ignore[attr-defined]
        try:
            with put_off():
                process.start()
        except BaseException:  # also who is interrupted would leave it open, and the process waiting
            self.connection.close()
            raise
        finally:
            theirs.close()
        self._process = process
        self.is_alive = True
        self.is_told = False  # of what it may do later

    def send(self, own: dict[int, Question], offered: bytes) -> bool:
        """Ask something, if anything, and offer questions that others may take before; returns whether it could."""
        return bool(own or offered) and self.put(("ask", own, offered))

    def put(self, message: tuple[Any, ...]) -> bool:
        """Say something; returns whether there is somebody to hear it."""
        if self.is_alive:
            try:
                self.connection.send(message)
            except OSError:
                self.close()
        return self.is_alive

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
