"""Where the time of a run goes: stages that time themselves when somebody asked for it, and cost nothing otherwise."""

from __future__ import annotations

import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_timed: dict[str, float] | None = None
_around: list[str] = []


def start() -> None:
    """Time all stages from now on, and forget those of before."""
    global _timed  # noqa: PLW0603 - one process runs one command line
    _timed = {}
    _around.clear()


def is_timing() -> bool:
    """Whether somebody asked for the times of this run."""
    return _timed is not None


def stop() -> dict[str, float]:
    """Return the seconds that each stage took by itself, in the order of their beginning, and time no more."""
    global _timed
    found, _timed = _timed or {}, None
    return found


def add(timed: dict[str, float]) -> None:
    """Add the seconds that another process took for the stages of this run."""
    if _timed is not None:
        for name, took in timed.items():
            _timed[name] = _timed.get(name, 0.0) + took


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Take the time of what is done inside; that of a stage within it is its own."""
    if _timed is None:
        yield
        return
    timed = _timed
    timed.setdefault(name, 0.0)
    began = time.perf_counter()
    _around.append(name)
    try:
        yield
    finally:
        took = time.perf_counter() - began
        _around.pop()
        timed[name] += took
        if _around:
            timed[_around[-1]] -= took


__all__ = ["add", "is_timing", "stage", "start", "stop"]
