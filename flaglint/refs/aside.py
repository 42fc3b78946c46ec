"""Work whose outcome only a later run needs, in a process of its own while this one goes on."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import TYPE_CHECKING

from flaglint import stages
from flaglint.interrupts import put_off, settled
from flaglint.refs.crew import start_method
from flaglint.refs.lines import line
from flaglint.refs.scan import cores

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from multiprocessing.process import BaseProcess

    from flaglint.refs.lines import End

_working: list[tuple[BaseProcess, End]] = []
_BEHIND = 5  # in niceness: what somebody waits for goes first
WORTH_IT = 800_000  # bytes of Python, from which on there is enough to keep for that


def aside(work: Callable[[], None], contents: Mapping[str, bytes], jobs: int | None) -> None:
    """Do some work: in a process of its own after a search of many `contents`, where one may be forked; else at once.

    The interpreter waits for such processes before it exits, and `wait` does. `jobs` are the processes to use at most
    (None: one for each core).
    """
    is_worth_it = sum(map(len, contents.values())) >= WORTH_IT
    if not is_worth_it or not meanwhile(work, jobs):
        work()


def meanwhile(work: Callable[[], None], jobs: int | None = None, *, gives_way: bool = False) -> bool:
    """Begin some work in a process of its own, as `aside` does; return False where none can be had for it.

    One that `gives_way` leaves the cores to others where there are not enough of them.
    """
    if (cores() if jobs is None else jobs) <= 1 or stages.is_timing() or start_method(is_asked_for=False) != "fork":
        return False
    from multiprocessing import get_context

    context = get_context("fork")
    ends: Sequence[End] = ()
    try:
        told, tells = ends = line(context)
        process = context.Process(target=_alone, args=(work, told, tells), kwargs={"gives_way": gives_way})
        with put_off():
            process.start()
    except OSError:  # there may be no more processes
        for end in ends:
            end.close()
        return False
    tells.close()
    _working.append((process, told))
    return True


def wait() -> list[str]:
    """Wait until all that was begun is done; return the tracebacks of what failed, which kept nothing."""
    failed = []
    while _working:
        process, told = _working[-1]
        with suppress(EOFError):  # it has nothing to tell
            failed.append(told.recv())
        process.join()
        told.close()
        _working.pop()
    return failed


def _alone(work: Callable[[], None], told: End, tells: End, *, gives_way: bool) -> None:
    import gc

    settled(ignores_ctrl_c=False)  # who interrupts this program wants nothing to be kept
    gc.freeze()
    told.close()  # as long as this process holds it, it might wait for itself to listen
    if gives_way:
        os.nice(_BEHIND)
    try:
        work()
    except Exception:  # whatever it is, a later run is merely slower
        import traceback

        with suppress(OSError):  # who began this is gone
            tells.send(traceback.format_exc())
