"""`dataclass` as the standard library has it, made several times as fast at import, for classes of plain data.

A hook lives for a tenth of a second, and the standard library compiles up to nine methods for every class before it
does anything. Here only `__init__` is compiled; what compares, hashes and shows is shared. That a frozen record is not
changed is what the type checker sees to; nothing looks at it when the program runs.
"""

from __future__ import annotations

import dataclasses
from operator import attrgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass
else:

    def dataclass(cls=None, /, *, frozen=False, order=False, eq=True, slots=False, kw_only=False, repr=True):  # noqa: A002 - the names of the standard library
        """Return a class, or a decorator that makes one, of which each annotated name is a field."""

        def decorate(cls):
            made = dataclasses.dataclass(cls, eq=False, repr=False, slots=slots, kw_only=kw_only)
            own = vars(made)
            if repr and "__repr__" not in own:
                made.__repr__ = _shown
            if eq:
                made._compared = _comparing(made)  # noqa: SLF001 - of the class that is being made
                _adopt(made, {"__eq__": _is_equal})
                made.__hash__ = own.get("__hash__") or (_hashed if frozen else None)
            if order:
                _adopt(made, {"__lt__": _is_less, "__le__": _is_no_more, "__gt__": _is_more, "__ge__": _is_no_less})
            return made

        return decorate if cls is None else decorate(cls)


def _adopt(made: Any, methods: dict[str, Any]) -> None:
    for name, method in methods.items():
        if name not in vars(made):
            setattr(made, name, method)


def _comparing(made: Any) -> Any:
    names = [field.name for field in dataclasses.fields(made) if field.compare]
    if len(names) > 1:
        return staticmethod(attrgetter(*names))
    return staticmethod((lambda value: (getattr(value, names[0]),)) if names else (lambda _value: ()))


def _is_equal(self: Any, other: Any) -> Any:
    if other.__class__ is not self.__class__:
        return NotImplemented
    return self is other or self._compared(self) == self._compared(other)


def _hashed(self: Any) -> int:
    return hash(self._compared(self))


def _is_less(self: Any, other: Any) -> Any:
    return self._compared(self) < self._compared(other) if other.__class__ is self.__class__ else NotImplemented


def _is_no_more(self: Any, other: Any) -> Any:
    return self._compared(self) <= self._compared(other) if other.__class__ is self.__class__ else NotImplemented


def _is_more(self: Any, other: Any) -> Any:
    return self._compared(self) > self._compared(other) if other.__class__ is self.__class__ else NotImplemented


def _is_no_less(self: Any, other: Any) -> Any:
    return self._compared(self) >= self._compared(other) if other.__class__ is self.__class__ else NotImplemented


def _shown(self: Any) -> str:
    pairs = (f"{field.name}={getattr(self, field.name)!r}" for field in dataclasses.fields(self) if field.repr)
    return f"{self.__class__.__qualname__}({', '.join(pairs)})"


__all__ = ["dataclass"]
