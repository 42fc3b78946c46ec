"""A line between this process and one that it starts: a pipe each way, or what `multiprocessing` has for it.

A fork needs no more than the pipes: to import `multiprocessing.connection` takes as long as to read a thousand files.
"""

from __future__ import annotations

import os
import pickle
from typing import TYPE_CHECKING, Any, Final, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Sequence
    from multiprocessing.connection import Connection
    from multiprocessing.context import BaseContext

_SIZE: Final = 8  # bytes that say how many follow


class End(Protocol):
    """One end of a line."""

    def send(self, thing: Any, /) -> None:
        """Say something; raises OSError when nobody is there to hear it."""

    def recv(self) -> Any:
        """Wait for what is said; raises EOFError or OSError when nothing will be said any more."""

    def poll(self) -> bool:
        """Whether something was said."""

    def close(self) -> None:
        """Say nothing more, and hear nothing."""


class _ForkedEnd:
    """One end of a line to or from a fork: of each thing that is said, its size and then the thing."""

    def __init__(self, hears: int, says: int) -> None:
        self._hears = hears
        self._says = says

    def fileno(self) -> int:
        return self._hears

    def send(self, thing: Any, /) -> None:
        data = pickle.dumps(thing, pickle.HIGHEST_PROTOCOL)
        left = memoryview(len(data).to_bytes(_SIZE) + data)
        while left:
            left = left[os.write(self._says, left) :]

    def recv(self) -> Any:
        return pickle.loads(self._exactly(int.from_bytes(self._exactly(_SIZE))))  # noqa: S301 - of this program

    def poll(self) -> bool:
        return bool(_ready([self], 0))

    def close(self) -> None:
        if self._hears >= 0:
            os.close(self._hears)
            os.close(self._says)
        self._hears = self._says = -1

    def _exactly(self, size: int) -> bytearray:
        data = bytearray(size)
        left = memoryview(data)
        while left:
            count = os.readv(self._hears, [left])
            if not count:
                raise EOFError
            left = left[count:]
        return data


def ready(ends: Sequence[End]) -> Sequence[End]:
    """Wait until something was said on a line, or nothing will be any more; return the ends that hear of it."""
    if all(isinstance(end, _ForkedEnd) for end in ends):
        return _ready(cast("Sequence[_ForkedEnd]", ends), None)
    from multiprocessing.connection import wait

    return cast("list[End]", wait(cast("Sequence[Connection]", ends)))


def _ready(ends: Sequence[_ForkedEnd], timeout: int | None) -> list[_ForkedEnd]:
    from select import POLLIN, poll

    asked = poll()
    by_number = {end.fileno(): end for end in ends}
    for number in by_number:
        asked.register(number, POLLIN)
    return [by_number[number] for number, _ in asked.poll(timeout)]


def line(context: BaseContext) -> tuple[End, End]:
    """Return both ends of a line to a process that `context` starts; raises OSError when there can be no more."""
    if context.get_start_method() != "fork":
        return context.Pipe()
    hears, they_say = os.pipe()
    try:
        they_hear, says = os.pipe()
    except OSError:
        os.close(hears)
        os.close(they_say)
        raise
    return _ForkedEnd(hears, says), _ForkedEnd(they_hear, they_say)
