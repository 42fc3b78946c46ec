"""A registry that is followed on disk: what is good is served at once, what is broken is reported and not served."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import ref

from flaglint.errors import FlaglintError
from flaglint.evaluator.loading import PlanCache, load_plan, signature

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from os import PathLike

    from flaglint.evaluator.evaluator import Evaluator
    from flaglint.evaluator.loading import Signature
    from flaglint.evaluator.plan import Plan

_SETTLING: Final = 0.05  # seconds
_MOST_UNSETTLED: Final = 3  # looks
log = logging.getLogger("flaglint.evaluator")


@dataclass(frozen=True, slots=True)
class Health:
    """Whether what is served is what stands on disk; `error` says why it is not."""

    ok: bool
    error: str = ""


@dataclass(frozen=True, slots=True, eq=False)  # who listens twice is told twice
class Listener:
    """What to call after a reload that changed flags, after one that failed, and when one succeeds after that."""

    on_change: Callable[[frozenset[str]], None] | None = None
    on_error: Callable[[str], None] | None = None
    on_recovery: Callable[[], None] | None = None


class Live:
    """The registry on disk behind one evaluator, and the thread that follows it."""

    def __init__(
        self, path: str | PathLike[str], environment: str | None, cache: str | PathLike[str] | None = None
    ) -> None:
        self.health = Health(ok=True)
        self._path = Path(path)
        self._environment = environment
        self._cache = PlanCache(Path(cache)) if cache is not None else None
        self._signature: Signature = ()
        self._unsettled = 0  # looks in a row at which the registry was being written
        self._interval = 0.0
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def load(self) -> Plan:
        """Return the plan of what stands on disk now; raises RegistryError when that cannot be served."""
        self._signature = signature(self._path)
        return load_plan(self._path, self._environment, self._cache)

    def watch(self, evaluator: Evaluator, interval: float) -> None:
        """Look for changes every `interval` seconds until `stop`, or until nobody uses the evaluator any more."""
        self._interval = interval
        self._stopping = threading.Event()
        owner = ref(evaluator)
        stopping = self._stopping

        def follow() -> None:
            while not stopping.wait(interval):
                served = owner()
                if served is None:
                    return
                self.poll(served)
                del served  # or this thread would keep the evaluator alive

        self._thread = threading.Thread(target=follow, name="flaglint-watch", daemon=True)
        self._thread.start()

    def poll(self, evaluator: Evaluator) -> None:
        """Serve what changed on disk since the last look; never raises."""
        now: Signature = ()
        try:
            now = signature(self._path)
            if now == self._signature:
                return
            made = load_plan(self._path, self._environment, self._cache)
            if self._is_being_written(now):
                return
            self._signature = now
            changed = evaluator.swap(made)
        except Exception as error:  # whatever stands on disk, serving goes on
            if self._is_being_written(now):
                return
            self._signature = now
            reason = str(error) if isinstance(error, FlaglintError) else f"{type(error).__name__}: {error}"
            self.health = Health(ok=False, error=reason)
            log.error("the registry is broken, and what was last good is served: %s", reason)  # noqa: TRY400 - the reason says it
            _tell([listener.on_error for listener in evaluator.listeners], reason)
            return
        recovered = not self.health.ok
        self.health = Health(ok=True)
        log.info("the registry was reloaded: %d flags changed", len(changed))
        if recovered:
            _tell([listener.on_recovery for listener in evaluator.listeners])
        if changed:
            _tell([listener.on_change for listener in evaluator.listeners], changed)

    def _is_being_written(self, seen: Signature) -> bool:
        """Whether the registry goes on changing after `seen`: what was read may be half of a file, and waits for later.

        Whoever writes without end is read all the same.
        """
        self._stopping.wait(min(_SETTLING, self._interval))
        try:
            is_settled = signature(self._path) == seen
        except OSError:
            is_settled = True  # whatever keeps us from looking is what stands there
        self._unsettled = 0 if is_settled or self._unsettled == _MOST_UNSETTLED else self._unsettled + 1
        return self._unsettled > 0

    def stop(self) -> None:
        """Stop following; waits until a reload that is under way has ended."""
        self._stopping.set()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()
        self._thread = None

    def resume(self, evaluator: Evaluator) -> None:
        """Follow again after `stop`; what changed since then is served at the next look."""
        if self._interval and self._thread is None:
            self.watch(evaluator, self._interval)

    def after_fork(self, evaluator: Evaluator) -> None:
        """Follow again in a child process, if the parent did."""
        if self._thread is not None:
            self._signature = ()  # the parent may have been in the middle of a reload
            self.watch(evaluator, self._interval)


def _tell(listeners: Sequence[Callable[..., None] | None], *what: object) -> None:
    for listener in listeners:
        try:
            if listener is not None:
                listener(*what)
        except Exception:
            log.exception("a listener of the registry failed")
