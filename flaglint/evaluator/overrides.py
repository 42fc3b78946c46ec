"""Which evaluators live in this process, and which flags tests have fixed to a variant for now."""

from __future__ import annotations

import os
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

if TYPE_CHECKING:
    from flaglint.evaluator.evaluator import Evaluator


@dataclass(frozen=True, eq=False)  # two overrides of the same flag are two
class Override:
    """A flag fixed to a variant, in one evaluator or in all."""

    key: str
    variant: str
    evaluator: Evaluator | None = None


_living: Final[WeakSet[Evaluator]] = WeakSet()
_active: Final[list[Override]] = []
_lock = threading.Lock()


def register(evaluator: Evaluator) -> None:
    """Take note of a new evaluator; overrides in force reach it, too."""
    with _lock:
        _living.add(evaluator)
        in_force = bool(_active)
    if in_force:
        evaluator.refresh_overrides()


def living() -> list[Evaluator]:
    """Return the evaluators of this process that are still in use."""
    with _lock:
        return list(_living)


def active_for(evaluator: Evaluator) -> dict[str, str]:
    """Return the variant that each overridden flag is fixed to in this evaluator; the latest override wins."""
    with _lock:
        return {item.key: item.variant for item in _active if item.evaluator in {None, evaluator}}


def begin(override: Override) -> None:
    """Put an override in force."""
    with _lock:
        _active.append(override)
    _refresh(override)


def end(override: Override) -> None:
    """Lift an override; those around it stay."""
    with _lock:
        _active.remove(override)
    _refresh(override)


def _refresh(override: Override) -> None:
    for evaluator in living() if override.evaluator is None else [override.evaluator]:
        evaluator.refresh_overrides()


def _after_fork_in_child() -> None:
    global _lock  # noqa: PLW0603 - the parent's lock may be held by a thread that this process does not have
    _lock = threading.Lock()
    for evaluator in living():
        evaluator.after_fork()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork_in_child)
