"""What a process of a crew does: it answers what it is asked, and has its aide work while it is asked nothing."""

from __future__ import annotations

import gc
import os
import pickle
import warnings
from contextlib import suppress
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from flaglint import stages
from flaglint.interrupts import settled

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterable, Iterator, Sequence

    from flaglint.refs.lines import End

Question = tuple[str, tuple[Any, ...], dict[str, Any]]
_TICKET = 2  # bytes of a ticket: a pipe gives so few at once to one who reads


class Makers(NamedTuple):
    """What makes a part, and an aide where there are any."""

    part: Callable[[], object]
    aide: Callable[[], object] | None


class Hand:
    """The parts and the aide of one process."""

    def __init__(self, makers: Makers) -> None:
        self._makers = makers
        self._aide: object = None
        self.parts: dict[int, object] = {}

    def make_ready(self) -> None:
        """Make what may be asked later."""
        if self._aide is None and self._makers.aide is not None:
            self._aide = self._makers.aide()

    def begun(self, question: Question) -> Generator[None, None, Any]:
        """Return what the aide does to answer a question, bit by bit."""
        self.make_ready()
        steps: Generator[None, None, Any] = _answer(self._aide, question)
        return steps

    def answer(self, number: int, asked: Sequence[Question]) -> Any:
        """Return what a part, or the aide, answers to its last question; a new part is asked all of them in turn."""
        if number < 0:
            return to_the_end(self.begun(asked[-1]))
        if number in self.parts:
            return _answer(self.parts[number], asked[-1])
        part = self.parts[number] = self._makers.part()
        answer = None
        for question in asked:
            answer = _answer(part, question)
        return answer


class Tickets:
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


def serve(
    connection: End,
    inherited: Sequence[End],
    makers: Makers,
    tickets: Tickets | None,
    later_tickets: Tickets | None,
    is_timing: bool,  # noqa: FBT001 - a target
) -> None:
    """Answer the questions that come, until whoever asked is gone.

    That is seen only where no process but that one holds the other end: `inherited` ends are closed. Who has nothing
    to answer does what it may do later.
    """
    settled(ignores_ctrl_c=True)  # the parent is interrupted as well, and ends this
    warnings.simplefilter("ignore")  # once, and not for each statement that is parsed
    gc.freeze()
    for other in inherited:
        other.close()
    hand = Hand(makers)
    later = _Later(hand, later_tickets)
    with suppress(Exception):  # nobody asks any more; or a defect, which the one who asked will meet and tell of
        while True:
            match connection.recv():
                case "ask", own, offered:
                    free = pickle.loads(offered) if offered else {}  # noqa: S301 - from the process that started this one
                    for number in chain(own, tickets.taken() if tickets is not None and free else ()):
                        question = own.get(number) or free[number]
                        if is_timing:
                            stages.start()
                        answer = hand.answer(number, [question])
                        connection.send((number, answer, stages.stop()))
                    connection.send(None)
                case "later", questions:
                    later.put(questions)
                case ("rest",):
                    for number, answer in later.rest():
                        connection.send((number, answer, {}))
                    connection.send(None)
            while not connection.poll() and later.go_on():
                pass


class _Later:
    """What a process does while nobody asks anything: it makes its aide ready, and lets that answer questions."""

    def __init__(self, hand: Hand, tickets: Tickets | None) -> None:
        self._hand = hand
        self._tickets = tickets
        self._questions: dict[int, Question] = {}
        self._answers: list[tuple[int, Any]] = []
        self._steps = self._stepping()

    def put(self, questions: dict[int, Question]) -> None:
        """Take over questions in place of others; each process answers those that it has tickets for."""
        self._questions = questions
        self._answers = []
        self._steps = self._stepping()

    def go_on(self) -> bool:
        """Do a bit; returns whether there is more."""
        return next(self._steps, self) is None

    def rest(self) -> list[tuple[int, Any]]:
        """Return the answers of this process, once there are no more tickets."""
        while self.go_on():
            pass
        return self._answers

    def _stepping(self) -> Iterator[None]:
        self._hand.make_ready()
        yield
        for number in self._tickets.taken() if self._tickets is not None and self._questions else ():
            answer = yield from self._hand.begun(self._questions[number])
            self._answers.append((number, answer))


def _answer(part: object, question: Question) -> Any:
    name, arguments, options = question
    return getattr(part, name)(*arguments, **options)


def to_the_end(steps: Generator[None, None, Any]) -> Any:
    """Return what a generator returns."""
    while True:
        try:
            next(steps)
        except StopIteration as ended:
            return ended.value
