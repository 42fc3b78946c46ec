"""What the removal of each flag comes to, planned for those that are worth it most, in processes of their own.

A plan rewrites every file that reads the flag and checks the result, which takes a good part of a second for a large
file. So the best candidates are planned up to a number of files: the same ones whatever the machine.
"""

from __future__ import annotations

import multiprocessing
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from flaglint.model import Readiness
from flaglint.planning import Planned
from flaglint.records import dataclass, replace
from flaglint.refs.scan import cores
from flaglint.report.debt import Code

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from flaglint.planning import Plans
    from flaglint.report.debt import FlagDebt

WORK: Final = 120  # files, in all plans together
_TOO_FEW_TO_SHARE = 8  # files; a process costs more than it saves


@dataclass(frozen=True, slots=True)
class Removal:
    """How safe a removal is, and what goes with it. `has_value`: which value stays is settled, or does not matter."""

    readiness: Readiness
    has_value: bool = False
    is_planned: bool = False  # or blocked, so that there is nothing to plan
    code: Code | None = None


_DIED: Final = Readiness("caution", ("could not be planned: the process that planned it died",))


def unplanned(plans: Plans, key: str) -> Removal:
    """Return what is known of a removal without planning it."""
    known = plans.unplanned(key)
    has_value = known.pin is not None and not known.why
    return Removal(known.readiness, has_value=has_value, is_planned=not has_value)


def worth_planning(flags: Iterable[FlagDebt], removals: Mapping[str, Removal], work: int) -> tuple[FlagDebt, ...]:
    """Return the flags to plan, of those whose value is settled: what is due first, then by rank.

    No more than `work` files have to be looked at for them together; 0 is no limit.
    """
    candidates = [flag for flag in flags if flag.key in removals and removals[flag.key].has_value]
    left = work or sum(map(_cost, candidates))
    found = []
    for flag in sorted(candidates, key=lambda flag: (not flag.due, flag.rank)):
        if _cost(flag) <= left:
            left -= _cost(flag)
            found.append(flag)
    return tuple(found)


def _cost(flag: FlagDebt) -> int:
    return 1 + len(flag.files) + len(flag.tests)


def planned(plans: Plans, flags: Sequence[FlagDebt], jobs: int, step: Callable[[int, int], None]) -> dict[str, Removal]:
    """Return what the removal of some flags comes to; `jobs` processes share the work, 0 is one per core.

    What is remembered of the project as it is now is not planned again. `step` is told how many are done, and of how
    many.
    """
    left = [flag for flag in flags if not plans.is_remembered(flag.key)]
    for number, found in enumerate(_planned(plans, left, jobs), start=1):
        step(number, len(left))
        plans.learn(found)
    plans.keep()
    return {flag.key: _removal(plans[flag.key]) for flag in flags}


def _planned(plans: Plans, flags: Sequence[FlagDebt], jobs: int) -> Iterator[Planned]:
    keys = [flag.key for flag in flags]
    processes = min(jobs or cores(), len(keys))
    if processes < 2 or sum(map(_cost, flags)) < _TOO_FEW_TO_SHARE or not _may_fork():
        yield from (plans[key] for key in keys)
        return
    plans.prepare()
    global _shared  # noqa: PLW0603 - a fork hands it to the processes; nothing is pickled on the way there
    _shared = plans
    try:
        yield from _shared_out(keys, processes)
    finally:
        _shared = None


def _may_fork() -> bool:
    """Whether a process can be forked here: there may be no more of them, which a pool would wait for."""
    if "fork" not in multiprocessing.get_all_start_methods():
        return False
    process = multiprocessing.get_context("fork").Process(target=int)
    try:
        process.start()
    except OSError:
        return False
    process.join()
    return True


def _shared_out(keys: Sequence[str], processes: int) -> Iterator[Planned]:
    """Yield what the removal of each comes to. Where a process dies, those that are left get one each, in turn.

    So the one that it dies of costs no other one its plan, and is named.
    """
    left = dict.fromkeys(keys)
    for found in _come_back(keys, processes):
        del left[found.key]
        yield found
    for key in left:
        yield next(iter(list(_come_back([key], 1))), Planned(key=key, readiness=_DIED, why=_DIED.reasons[0]))


def _come_back(keys: Sequence[str], processes: int) -> Iterator[Planned]:
    """Yield what comes back of some removals from so many processes: all, unless one of these dies."""
    from concurrent.futures import ProcessPoolExecutor, as_completed
    from concurrent.futures.process import BrokenProcessPool

    before = {child.pid for child in multiprocessing.active_children()}
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_leave_ctrl_c_to_the_parent) as pool:
        futures = []
        try:
            with suppress(BrokenProcessPool):  # one has died already
                futures += [pool.submit(_in_process, key) for key in keys]
            for future in as_completed(futures):
                with suppress(BrokenProcessPool):
                    yield future.result()
        except BaseException:  # interrupted, or a defect: nobody waits for the others any more
            for child in multiprocessing.active_children():
                if child.pid not in before:
                    child.terminate()
            raise


def _leave_ctrl_c_to_the_parent() -> None:
    """Make a process ignore what interrupts the parent as well, which then ends it without a word."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


_shared: Plans | None = None


def _in_process(key: str) -> Planned:
    assert _shared is not None
    return _told(_shared, key)


def _told(plans: Plans, key: str) -> Planned:
    """Return what the removal of a flag comes to, without the plan, which nobody asks for."""
    return replace(plans[key], plan=None)


def _removal(found: Planned) -> Removal:
    if found.told is None or found.told.code is None:
        return Removal(found.readiness, has_value=found.pin is not None and not found.why, is_planned=True)
    gone = found.told.code
    code = Code(
        statements=gone.statements,
        branches=gone.branches,
        lines=gone.lines,
        removable=found.removable,
        by_hand=gone.by_hand,
    )
    return Removal(found.readiness, has_value=True, is_planned=True, code=code)
