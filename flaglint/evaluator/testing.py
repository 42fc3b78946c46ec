"""Fixing flags in tests of services: as a context manager, as a decorator, and as a pytest fixture.

    with override("release-one-page-checkout", "enabled"):
        ...

    @override("release-one-page-checkout", "disabled")
    def test_the_old_checkout(): ...

The fixture `override_flag` is in `flaglint.evaluator.pytest_plugin`.
"""

from __future__ import annotations

from contextlib import ContextDecorator
from typing import TYPE_CHECKING, Any, TypeVar, cast

from flaglint.errors import UsageError
from flaglint.evaluator import overrides
from flaglint.spelling import nearest

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Self

    from flaglint.evaluator.evaluator import Evaluator

__all__ = ["override"]

_F = TypeVar("_F", bound="Callable[..., Any]")


class override(ContextDecorator):  # noqa: N801 - it is used like a function
    """Serve `variant` of the flag `key` to everyone, above its rules, its prerequisites and a kill.

    `variant` is the name of a variant; `True` and `False` find the variant with that value. Flags that need this one
    follow. It holds for all evaluators of the process, in every thread, or for `evaluator` alone; overrides nest, the
    innermost wins. Raises UsageError when evaluators exist and none of them has such a flag or variant: a test that
    overrides what is gone must not go on passing.
    """

    def __init__(self, key: str, variant: str | bool, *, evaluator: Evaluator | None = None) -> None:  # noqa: FBT001 - the value served
        self._key = key
        self._variant = variant
        self._evaluator = evaluator
        self._begun: list[overrides.Override] = []

    def __enter__(self) -> Self:
        begun = overrides.Override(self._key, self._name(), self._evaluator)
        overrides.begin(begun)
        self._begun.append(begun)
        return self

    def __exit__(self, *_: object) -> None:
        overrides.end(self._begun.pop())

    def __call__(self, function: _F) -> _F:
        """Return `function` run under the override.

        A coroutine function stays one, a generator (a fixture that yields) is under it until it ends, and a class gets
        it per test.
        """
        import inspect

        if inspect.isclass(function):
            for name in [name for name in vars(function) if name.startswith("test")]:
                setattr(function, name, self(getattr(function, name)))
            return function
        from functools import wraps

        if inspect.iscoroutinefunction(function):

            @wraps(function)
            async def run(*args: Any, **kwargs: Any) -> Any:
                with self:
                    return await function(*args, **kwargs)

            return cast("_F", run)
        if inspect.isgeneratorfunction(function):

            @wraps(function)
            def steps(*args: Any, **kwargs: Any) -> Any:
                with self._recreate_cm():
                    return (yield from function(*args, **kwargs))

            return cast("_F", steps)
        if inspect.isasyncgenfunction(function):

            @wraps(function)
            async def asynchronous_steps(*args: Any, **kwargs: Any) -> Any:
                with self._recreate_cm():
                    async for step in function(*args, **kwargs):
                        yield step

            return cast("_F", asynchronous_steps)
        return super().__call__(function)

    def _recreate_cm(self) -> Self:
        return type(self)(self._key, self._variant, evaluator=self._evaluator)

    def _name(self) -> str:
        """Return the name of the variant, as the evaluators know it."""
        evaluators = overrides.living() if self._evaluator is None else [self._evaluator]
        known = [evaluator.variants(self._key) for evaluator in evaluators]
        names = {name: value for variants in known for name, value in variants.items()}
        if isinstance(self._variant, bool):
            named = [name for name, value in names.items() if value is self._variant]
            wanted = named[0] if named else str(self._variant).lower()
        else:
            wanted = self._variant
        if evaluators and wanted not in names:
            raise UsageError(*_unknown(self._key, wanted, names, evaluators))
        return wanted


def _unknown(key: str, variant: str, names: dict[str, Any], evaluators: list[Evaluator]) -> tuple[str]:
    if names:
        return (f"`{key}` has no variant `{variant}`: it has {', '.join(names)}",)
    close = nearest(key, [known for evaluator in evaluators for known in evaluator.keys])
    hint = f"; did you mean `{close}`?" if close else ""
    return (f"no evaluator has a flag `{key}`{hint}",)
