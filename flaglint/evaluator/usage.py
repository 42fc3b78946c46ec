"""Counting evaluations per flag and variant: evidence of what runs, and of what no longer does.

Each thread counts in a table of its own, so counting takes no lock and loses nothing; each process writes a file of
its own, and the reader adds them up.
"""

from __future__ import annotations

import atexit
import json
import logging
import operator
import os
import socket
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from uuid import uuid4
from weakref import WeakSet, ref

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from flaglint.evaluator.compiled import Context, Decide
    from flaglint.evaluator.evaluation import Evaluation

    Tally = dict[tuple[str, str], list[float]]  # (key, variant) -> count, first, last

_recorders: Final[WeakSet[UsageRecorder]] = WeakSet()
_VERSION: Final = 1
_PREFIX: Final = "usage-"
_END_OF_TIME: Final = 253_402_300_800  # seconds: the year 10000, which no date tells
_LONGEST_RESTART: Final = 86_400.0  # seconds between two processes

log = logging.getLogger("flaglint.evaluator")


@dataclass(frozen=True, slots=True)
class Use:
    """How often a variant was served, and when first and last, in UTC seconds."""

    count: int
    first: float
    last: float


@dataclass(frozen=True, slots=True)
class Usage:
    """The evaluations that were recorded: by flag and by variant, "" where callers got their own default.

    `since` is when the oldest recording process started, `until` when the latest one wrote last, in UTC seconds. From
    `unbroken_since` on, until then, there was no day without a recording process. `skipped` names files that are no
    usage files.
    """

    flags: Mapping[str, Mapping[str, Use]]
    since: float | None = None
    skipped: tuple[str, ...] = ()
    until: float | None = None
    unbroken_since: float | None = None

    def last_evaluated(self, key: str) -> float | None:
        """Return when the flag was last evaluated, in UTC seconds; None when it never was."""
        return max((use.last for use in self.flags.get(key, {}).values()), default=None)


class UsageRecorder:
    """Counts the evaluations of one process and writes them into `folder` every `interval` seconds and at exit."""

    def __init__(
        self, folder: str | os.PathLike[str], *, interval: float = 60.0, clock: Callable[[], float] = time.time
    ) -> None:
        self._folder = Path(folder)
        self._interval = interval
        self._clock = clock
        self._begin()
        _recorders.add(self)

    def _begin(self) -> None:
        self._lock = threading.Lock()
        self._writing = threading.RLock()  # of several that write at once, the last has counted last
        self._local = threading.local()
        self._tallies: list[tuple[threading.Thread, Tally]] = []
        self._ended: Tally = {}  # of threads that are gone
        self._started = self._clock()
        # a container's process number and host name come again: the last part keeps two starts apart
        self._path = self._folder / f"{_PREFIX}{socket.gethostname()}-{os.getpid()}-{uuid4().hex[:8]}.json"
        self._stopping = threading.Event()
        thread = threading.Thread(
            target=_flush_regularly,
            args=(ref(self), self._stopping, self._interval),
            name="flaglint-usage",
            daemon=True,
        )
        thread.start()

    def wrap(self, key: str, decide: Decide) -> Decide:
        """Return a closure that decides as `decide` does, and counts what it decided."""
        clock = self._clock

        def counted(context: Context, now: float) -> Evaluation:
            result = decide(context, now)
            try:
                tally: Tally = self._local.tally
            except AttributeError:
                tally = self._register()
            seen = clock()
            name = (key, result.variant or "")
            entry = tally.get(name)
            if entry is None:
                tally[name] = [1, seen, seen]
            else:
                entry[0] += 1
                entry[2] = seen
            return result

        return counted

    def _register(self) -> Tally:
        """Give the current thread its table."""
        tally: Tally = {}
        with self._lock:
            self._tallies.append((threading.current_thread(), tally))
        self._local.tally = tally
        return tally

    def totals(self) -> dict[str, dict[str, Use]]:
        """Return what this process counted up to now."""
        with self._lock:
            running = []
            for thread, tally in self._tallies:
                if thread.is_alive():
                    running.append((thread, tally))
                else:
                    _add(self._ended, tally)
            self._tallies = running
            total = {name: list(entry) for name, entry in self._ended.items()}
            for _, tally in running:
                _add(total, tally)
        flags: dict[str, dict[str, Use]] = {}
        for (key, variant), (count, first, last) in sorted(total.items()):
            flags.setdefault(key, {})[variant] = Use(int(count), first, last)
        return flags

    def flush(self) -> None:
        """Write what was counted up to now; a folder that cannot be written costs the record, not the service."""
        from flaglint.errors import EditError
        from flaglint.source import replace_atomically

        with self._writing:
            flags = {
                key: {
                    variant: {"count": use.count, "first": use.first, "last": use.last} for variant, use in uses.items()
                }
                for key, uses in self.totals().items()
            }
            record = {"version": _VERSION, "started": self._started, "written": self._clock(), "flags": flags}
            try:
                self._folder.mkdir(parents=True, exist_ok=True)
                replace_atomically(self._path, json.dumps(record, indent=1, sort_keys=True).encode())
            except (OSError, EditError) as error:
                log.warning("the usage of flags could not be written: %s", error)

    def close(self) -> None:
        """Stop the regular writing, after a last time."""
        self._stopping.set()
        self.flush()


def read_usage(*places: str | os.PathLike[str]) -> Usage:
    """Return what all processes recorded in these folders and files, added up; what does not exist holds nothing."""
    total: Tally = {}
    spans: list[tuple[float, float]] = []
    skipped = []
    for path in _usage_files(places):
        try:
            tally, span = _parse(json.loads(path.read_bytes()))
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError, OverflowError):
            skipped.append(path.name)
            continue
        spans.append(span)
        _add(total, tally)
    flags: dict[str, dict[str, Use]] = {}
    for (key, variant), (count, first, last) in sorted(total.items()):
        flags.setdefault(key, {})[variant] = Use(int(count), first, last)
    since = min((started for started, _ in spans), default=None)
    until = max((written for _, written in spans), default=None)
    return Usage(flags, since, tuple(skipped), until, _unbroken(spans))


def _usage_files(places: Iterable[str | os.PathLike[str]]) -> list[Path]:
    files: set[Path] = set()
    for place in map(Path, places):
        files |= {place} if place.is_file() else set(place.glob(f"{_PREFIX}*.json"))
    return sorted(files)


def _unbroken(spans: Iterable[tuple[float, float]]) -> float | None:
    """Return since when some process recorded, without a hole that is longer than a restart takes."""
    begins = None
    for started, written in sorted(spans, key=operator.itemgetter(1), reverse=True):
        if begins is None or written >= begins - _LONGEST_RESTART:
            begins = started if begins is None else min(begins, started)
    return begins


def _parse(record: Any) -> tuple[Tally, tuple[float, float]]:
    if record["version"] != _VERSION:
        raise ValueError("written by a version that this one does not know")
    tally = {
        (str(key), str(variant)): [int(use["count"]), float(use["first"]), float(use["last"])]
        for key, uses in record["flags"].items()
        for variant, use in uses.items()
    }
    span = float(record["started"]), float(record["written"])
    times = [*span, *(moment for _, first, last in tally.values() for moment in (first, last))]
    if not all(0 <= moment < _END_OF_TIME for moment in times):
        raise ValueError("a time that is none")
    return tally, span


def _add(total: Tally, tally: Tally) -> None:
    for name, (count, first, last) in list(tally.items()):  # a copy: its thread may be counting
        entry = total.setdefault(name, [0, first, last])
        entry[0] += count
        entry[1] = min(entry[1], first)
        entry[2] = max(entry[2], last)


def _flush_regularly(recorder: ref[UsageRecorder], stopping: threading.Event, interval: float) -> None:
    while not stopping.wait(interval):
        alive = recorder()
        if alive is None:
            return
        alive.flush()
        del alive  # or this thread would keep the recorder alive


def _after_fork_in_child() -> None:
    for recorder in list(_recorders):
        recorder._begin()  # noqa: SLF001 - the parent counts what it counted; a child starts at nothing


@atexit.register
def _flush_at_exit() -> None:
    for recorder in list(_recorders):
        recorder.flush()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
