"""The evaluator: flags from a registry, served in process.

Reads take no lock: an evaluation looks a closure up in an immutable snapshot and calls it. Whoever changes what is
served (a reload, an override in a test) builds a new snapshot and swaps it in.
"""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from flaglint.evaluator import overrides
from flaglint.evaluator.accessors import mismatch, read_as
from flaglint.evaluator.evaluation import ErrorCode, Evaluation, failed, fresh
from flaglint.evaluator.live import Health, Listener, Live
from flaglint.evaluator.plan import plan as plan_of
from flaglint.evaluator.snapshot import changed_keys, overridden, take
from flaglint.model import ValueType

if TYPE_CHECKING:
    import builtins
    from collections.abc import Callable, Mapping
    from os import PathLike
    from typing import Self

    from flaglint.definition import Registry
    from flaglint.evaluator.compiled import Context
    from flaglint.evaluator.plan import Metadata, Plan
    from flaglint.evaluator.snapshot import Entry, Snapshot
    from flaglint.evaluator.usage import UsageRecorder
    from flaglint.model import JsonValue

Clock: TypeAlias = "Callable[[], float]"
_NO_CONTEXT: Final[dict[str, Any]] = {}


class Evaluator:
    """Evaluates the flags of one environment of a registry.

    `clock` returns UTC seconds since the epoch; it is read once per evaluation, and only for flags that depend on
    time. `usage` counts evaluations per flag and variant. Raises RegistryError when the registry has errors.
    """

    def __init__(
        self,
        registry: Registry,
        *,
        environment: str | None = None,
        clock: Clock = time.time,
        usage: UsageRecorder | None = None,
    ) -> None:
        self._start(plan_of(registry, environment), clock, usage)

    @classmethod
    def from_path(
        cls,
        path: str | PathLike[str],
        *,
        environment: str | None = None,
        clock: Clock = time.time,
        usage: UsageRecorder | None = None,
        cache: str | PathLike[str] | None = None,
        watch: bool = False,
        interval: builtins.float = 1.0,
        on_change: Callable[[frozenset[str]], None] | None = None,
        on_error: Callable[[str], None] | None = None,
    ) -> Self:
        """Return an evaluator of the registry in a file or folder.

        `cache` is a folder that keeps the parsed registry by content, so that the next start skips the YAML. With
        `watch`, changes on disk are served within `interval` seconds: `on_change` gets the keys that may serve
        something else, `on_error` the reason why an edit was not taken. Raises RegistryError when the registry cannot
        be read or has errors now; later, a broken edit keeps what was last good.
        """
        self = cls.__new__(cls)
        live = Live(path, environment, cache)
        self._start(live.load(), clock, usage)
        self._live = live
        self.listen(on_change=on_change, on_error=on_error)
        if watch:
            live.watch(self, interval)
        return self

    def _start(self, plan: Plan, clock: Clock, usage: UsageRecorder | None) -> None:
        self._clock = clock
        self._usage = usage
        self._writing = threading.Lock()
        self._live: Live | None = None
        self._listeners: list[Listener] = []
        self._base: Snapshot = take(plan, usage.wrap if usage else None)
        self._entries: Mapping[str, Entry] = self._base.entries
        overrides.register(self)

    # ------------------------------------------------------------------------------------------------ evaluation

    def evaluate(self, key: str, context: Context | None = None, default: Any = None) -> Evaluation:
        """Return what the flag serves for the context, and why; the default with an error code when it cannot.

        Never raises. An object value is a copy of the caller's own.
        """
        try:
            decide, timed, copies = self._entries[key]
            result = decide(_NO_CONTEXT if context is None else context, self._clock() if timed else 0.0)
            if result.variant is None:
                return replace(result, value=default)
            return replace(result, value=fresh(result.value)) if copies else result
        except Exception as error:  # whatever it is: a flag must never take its service down
            return self._failed(key, context, default, error)

    def evaluate_as(self, value_type: ValueType, key: str, context: Context | None, default: Any) -> Evaluation:
        """Return `evaluate`, with the default and TYPE_MISMATCH when the value is of another type; never raises."""
        result = self.evaluate(key, context, default)
        if result.variant is None:
            return result
        value, fits = read_as(value_type, result.value)
        if not fits:
            return failed(default, ErrorCode.TYPE_MISMATCH, mismatch(key, value_type, result.value))
        return result if value is result.value else replace(result, value=value)

    def boolean(self, key: str, context: Context | None = None, default: bool = False) -> bool:  # noqa: FBT001, FBT002 - the value that is served
        """Return the boolean that the flag serves, or `default`."""
        value = self.evaluate(key, context, default).value
        return value if value is True or value is False else default

    def string(self, key: str, context: Context | None = None, default: str = "") -> str:
        """Return the string that the flag serves, or `default`."""
        value = self.evaluate(key, context, default).value
        return value if isinstance(value, str) else default

    def integer(self, key: str, context: Context | None = None, default: int = 0) -> int:
        """Return the integer that the flag serves, or `default`; 10.0 is read as 10, and 3.14 is no integer."""
        value: int = self.evaluate_as(ValueType.INTEGER, key, context, default).value
        return value

    def float(self, key: str, context: Context | None = None, default: builtins.float = 0.0) -> builtins.float:
        """Return the number that the flag serves as a float, or `default`."""
        value: builtins.float = self.evaluate_as(ValueType.FLOAT, key, context, default).value
        return value

    def object(self, key: str, context: Context | None = None, default: JsonValue = None) -> JsonValue:
        """Return the object or list that the flag serves, a copy of the caller's own, or `default`."""
        value: JsonValue = self.evaluate_as(ValueType.OBJECT, key, context, default).value
        return value

    def _failed(self, key: str, context: builtins.object, default: Any, error: Exception) -> Evaluation:
        if isinstance(error, (KeyError, TypeError)) and not (isinstance(key, str) and key in self._base.plan.flags):
            return failed(default, ErrorCode.FLAG_NOT_FOUND, f"there is no flag `{key}`")
        if context is not None and not hasattr(context, "get"):
            return failed(default, ErrorCode.INVALID_CONTEXT, "the context is no mapping of attributes")
        return failed(default, ErrorCode.GENERAL, f"`{key}` could not be evaluated: {type(error).__name__}: {error}")

    # ------------------------------------------------------------------------------------------- what is served

    @property
    def environment(self) -> str:
        """The environment whose flags are served."""
        return self._base.plan.environment

    @property
    def health(self) -> Health:
        """Whether the registry on disk is the one that is served, and if not, why."""
        return self._live.health if self._live is not None else Health(ok=True)

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys of all flags, in the order of the registry."""
        return tuple(self._base.plan.flags)

    def variants(self, key: str) -> Mapping[str, JsonValue]:
        """Return the variants of a flag by name, empty for an unknown key."""
        return dict(self._base.variants(key))

    def metadata(self, key: str) -> Metadata:
        """Return owner, type and expiry of a flag, as far as its registry tells; empty for an unknown key."""
        return dict(self._base.plan.flags.get(key, {}).get("metadata", {}))

    def listen(
        self,
        *,
        on_change: Callable[[frozenset[str]], None] | None = None,
        on_error: Callable[[str], None] | None = None,
        on_recovery: Callable[[], None] | None = None,
    ) -> Callable[[], None]:
        """Call `on_change` with the changed keys after a reload, `on_error` with the reason when one failed.

        `on_recovery` is called when what stands on disk is served again after a failure. Returns how to stop it.
        """
        listener = Listener(on_change, on_error, on_recovery)
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener) if listener in self._listeners else None

    def close(self) -> None:
        """Stop watching, and write what was counted; evaluation goes on working."""
        if self._live is not None:
            self._live.stop()
        if self._usage is not None:
            self._usage.flush()

    def resume(self) -> None:
        """Watch again after `close`, where it watched before."""
        if self._live is not None:
            self._live.resume(self)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: builtins.object) -> None:
        self.close()

    # ------------------------------------------------------------------------------------------------- swapping

    def swap(self, plan: Plan) -> frozenset[str]:
        """Serve another plan from now on and return the keys that may serve something else.

        Raises RegistryError, and goes on serving the old one, where the plan makes no sense.
        """
        new = take(plan, self._usage.wrap if self._usage else None)
        with self._writing:
            changed = changed_keys(self._base.plan, plan)
            self._base = new
            self._apply_overrides()
        return changed

    def refresh_overrides(self) -> None:
        """Serve the overrides that are in force now (`flaglint.evaluator.testing`)."""
        with self._writing:
            self._apply_overrides()

    def _apply_overrides(self) -> None:
        active = overrides.active_for(self)
        snapshot = overridden(self._base, active, self._usage.wrap if self._usage else None) if active else self._base
        self._entries = snapshot.entries

    def after_fork(self) -> None:
        """Take a new lock and start watching again: a child process inherits no thread, and perhaps a held lock."""
        self._writing = threading.Lock()
        if self._live is not None:
            self._live.after_fork(self)

    @property
    def listeners(self) -> tuple[Listener, ...]:
        """Who is told of reloads."""
        return tuple(self._listeners)
