"""Runs a program with its flag pinned and records everything that can be seen from outside."""

from __future__ import annotations

import contextlib
import types
from typing import Any

BUDGET = 150


class Exhausted(BaseException):
    """The program has done enough; both sides stop at the same place."""


def trace(files: dict[str, str], *, enabled: bool, word: str, returns: tuple[Any, ...]) -> list[Any]:
    """Run each function of a program for several arguments; return calls, results and exceptions in order.

    `files` are the sources of the program's modules by their paths, the main one last.
    """
    events: list[Any] = []
    left = [BUDGET]
    spins = [0]

    def effect(name: str) -> Any:
        def call(*args: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise Exhausted
            events.append((name, repr(args)))
            return returns[(len(events) + len(name)) % len(returns)]

        return call

    def spin(limit: int = 3) -> bool:
        left[0] -= 1
        if left[0] < 0:
            raise Exhausted
        spins[0] += 1
        return spins[0] % limit == 0

    async def ae(*args: Any) -> Any:
        return effects.e0(*args)

    def pair(value: Any) -> Any:
        events.append(("pair", repr(value)))
        yield value
        events.append(("pair again",))
        yield 2

    @contextlib.contextmanager
    def swallow() -> Any:
        with contextlib.suppress(ValueError):
            yield

    @contextlib.contextmanager
    def plain() -> Any:
        events.append(("enter",))
        try:
            yield
        finally:
            events.append(("leave",))

    @contextlib.asynccontextmanager
    async def later_plain(value: Any) -> Any:
        with plain():
            yield value

    async def later_pair(value: Any) -> Any:
        for item in pair(value):
            yield item

    async def later(value: Any) -> Any:
        return value

    effects = types.ModuleType("effects")
    for number in range(4):
        setattr(effects, f"e{number}", effect(f"e{number}"))
    effects.__dict__.update(spin=spin, pair=pair, swallow=swallow, plain=plain, ae=ae)
    effects.__dict__.update(later_plain=later_plain, later_pair=later_pair)
    flags = types.ModuleType("flags")
    flags.__dict__.update(
        is_enabled=lambda key, *args: enabled,
        is_enabled_async=lambda key, *args: later(enabled),
        variation=lambda key: word,
        details=lambda key: types.SimpleNamespace(value=word, variant=word),
        variant=lambda key: types.SimpleNamespace(name=word, enabled=enabled),
    )
    made = {path.removesuffix(".py"): types.ModuleType(path.removesuffix(".py")) for path in files}
    namespace: dict[str, Any] = {}
    with _modules(effects=effects, flags=flags, **made):
        try:
            for path, source in files.items():
                namespace = made[path.removesuffix(".py")].__dict__
                exec(compile(source, path, "exec"), namespace)
        except Exhausted:
            return [*events, "exhausted"]
        except Exception as error:
            return [*events, (type(error).__name__, "at import")]
        for item in namespace["FUNCTIONS"]:
            kind, _, name = item.partition(":")
            for argument in (0, 1, "red"):
                left[0] = BUDGET
                spins[0] = 0
                events.append(("call", name, argument))
                try:
                    events.append(("result", repr(_run(kind, namespace[name], argument))))
                except Exhausted:
                    events.append("exhausted")
                except Exception as error:
                    events.append((type(error).__name__, str(error)))
    return events


def _run(kind: str, function: Any, argument: Any) -> Any:
    made = function(argument)
    if kind == "async":
        return type(made).__name__, _drive(made)
    if kind == "generator":
        return type(made).__name__, list(made)
    if kind == "asyncgen":
        return type(made).__name__, _drive(_collect(made))
    return made


async def _collect(made: Any) -> list[Any]:
    return [item async for item in made]


def _drive(coroutine: Any) -> Any:
    """Run a coroutine that never waits, without an event loop."""
    try:
        coroutine.send(None)
    except StopIteration as stop:
        return stop.value
    raise AssertionError("nothing in these programs waits")


@contextlib.contextmanager
def _modules(**modules: types.ModuleType) -> Any:
    import sys

    before = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    try:
        yield
    finally:
        for name, module in before.items():
            if module is None:
                sys.modules.pop(name, None)
            else:
                sys.modules[name] = module
