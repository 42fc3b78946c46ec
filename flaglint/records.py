"""`dataclass` as the standard library has it, at a tenth of its cost at import, for classes of plain data.

A hook lives for a tenth of a second, imports some seventy classes and makes objects of a dozen. The standard library
compiles up to nine methods for each of them at once, and imports `inspect` for it. Here `__init__` is compiled when the
first object is made, what compares, hashes and shows is shared, and the standard library's own description of the
fields is made when `dataclasses` asks for it, as `replace` does. That a frozen record is not changed is what the type
checker sees to; nothing looks at it when the program runs.
"""

from __future__ import annotations

from operator import attrgetter
from types import CodeType, FunctionType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:

    def dataclass(cls=None, /, *, frozen=False, order=False, eq=True, slots=False, kw_only=False, repr=True):  # noqa: A002 - the names of the standard library
        """Return a class, or a decorator that makes one, of which each annotated name is a field."""

        def decorate(cls):
            if hasattr(cls, "__post_init__"):
                raise TypeError(f"{cls.__name__} has a `__post_init__`: use the standard library's dataclass")
            described = _described(cls, kw_only=kw_only)
            made = _with_slots(cls, described) if slots else cls
            made._described = described  # noqa: SLF001 - of the class that is being made
            made.__dataclass_fields__ = _LateFields(made)
            made.__match_args__ = tuple([one.name for one in described.values() if not one.kw_only])
            methods = {"__init__": _LateInit(made)}
            if repr:
                methods["__repr__"] = _shown
            if eq:
                made._compared = _comparing(described.values())  # noqa: SLF001
                methods["__eq__"] = _is_equal
            if order:
                methods |= {"__lt__": _is_less, "__le__": _is_no_more, "__gt__": _is_more, "__ge__": _is_no_less}
            own = vars(made)
            for name, method in methods.items():
                if name not in own:
                    setattr(made, name, method)
            if eq and own.get("__hash__") is None:  # a class that has `__eq__` alone is left without one
                made.__hash__ = _hashed if frozen else None
            return made

        return decorate if cls is None else decorate(cls)

    def field(*, default=..., default_factory=..., compare=True, repr=True, kw_only=False):  # noqa: A002
        """Return what says more of a field than its default."""
        return _Field(default, default_factory, compare=compare, repr=repr, kw_only=kw_only)

    def replace(record, /, **changes):
        """Return a record like another one but for some of its fields."""
        names = getattr(record, "_described", None)
        if names is None:  # of the standard library
            import dataclasses

            return dataclasses.replace(record, **changes)
        return record.__class__(**{name: getattr(record, name) for name in names if name not in changes}, **changes)


def is_record(kind: type[Any]) -> bool:
    """Whether a class is a record, of which `field_names` gives the fields."""
    return hasattr(kind, "_described")


def field_names(kind: type[Any]) -> tuple[str, ...]:
    """Return the names of the fields of a record's class."""
    return tuple(kind._described)  # noqa: SLF001 - of our own classes


def field_defaults(kind: type[Any]) -> dict[str, Any]:
    """Return the default of each field of a record's class, by name; `...` where it has none, or makes one."""
    return {name: one.default for name, one in kind._described.items()}  # noqa: SLF001


class _Field:
    """What is known of one field; `...` stands for no default, as None and the empty text are some."""

    __slots__ = ("compare", "default", "factory", "kw_only", "name", "repr", "type")

    def __init__(
        self,
        default: Any = ...,
        factory: Any = ...,
        *,
        compare: bool = True,
        repr: bool = True,  # noqa: A002
        kw_only: bool = False,
    ) -> None:
        self.name, self.type, self.kw_only = "", "", kw_only
        self.default, self.factory, self.compare, self.repr = default, factory, compare, repr


def _described(cls: Any, *, kw_only: bool) -> dict[str, _Field]:
    """Return the fields of a class by name, those of the records that it is made from first."""
    found: dict[str, _Field] = {}
    for base in reversed(cls.__mro__[1:]):
        found |= vars(base).get("_described", {})
    own = vars(cls)
    for name, type_ in cls.__annotations__.items():
        given = own.get(name, ...)
        one = given if isinstance(given, _Field) else _Field(given)
        one.name, one.type, one.kw_only = name, type_, one.kw_only or kw_only
        found[name] = one
        if one is given and one.default is ...:
            delattr(cls, name)
        elif one is given:
            setattr(cls, name, one.default)
    return found


def _with_slots(cls: Any, described: dict[str, _Field]) -> Any:
    """Return the class again with a slot for each field; what a class holds cannot be moved into slots later."""
    inherited = {name for base in cls.__mro__[1:] for name in vars(base).get("__slots__", ())}
    names = {name: value for name, value in vars(cls).items() if name not in described}
    names.pop("__dict__", None)
    names.pop("__weakref__", None)
    names["__slots__"] = tuple([name for name in described if name not in inherited])
    made = type(cls)(cls.__name__, cls.__bases__, names)
    made.__qualname__ = cls.__qualname__
    return made


class _LateInit:
    """Stands for the `__init__` of a class, which is compiled when it is first asked for."""

    __slots__ = ("_owner",)

    def __init__(self, owner: Any) -> None:
        self._owner = owner

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        made = _init_of(self._owner)
        self._owner.__init__ = made
        return made.__get__(instance, owner)


def _init_of(cls: Any) -> Any:
    described = sorted(cls._described.values(), key=lambda one: one.kw_only)
    if all(one.factory is ... for one in described):
        made = _plain_init(described)
    else:
        made = _compiled_init(described)
    made.__qualname__, made.__module__ = f"{cls.__qualname__}.__init__", cls.__module__
    return made


def _plain_init(described: list[_Field]) -> Any:
    """Return the `__init__` of a class whose fields are what is given or a default, those by keyword alone last.

    All such of as many fields do the same under other names: they are compiled once.
    """
    names = tuple([one.name for one in described])
    count = len(names)
    if count not in _PLAIN:
        parameters = [f"f{number}" for number in range(count)]
        lines = [f"self.{name} = {name}" for name in parameters] or ["pass"]
        _PLAIN[count] = _compiled(parameters, lines, {}).__code__
    positional = [one for one in described if not one.kw_only]
    by_keyword = {one.name: one.default for one in described if one.kw_only and one.default is not ...}
    code = _PLAIN[count].replace(
        co_varnames=("self", *names),
        co_names=names,
        co_argcount=1 + len(positional),
        co_kwonlyargcount=count - len(positional),
    )
    defaults = tuple([one.default for one in positional if one.default is not ...])
    made = FunctionType(code, {}, "__init__", defaults)
    made.__kwdefaults__ = by_keyword or None
    return made


_PLAIN: dict[int, CodeType] = {}  # by the number of the fields


def _compiled_init(described: list[_Field]) -> Any:
    known: dict[str, Any] = {"ABSENT": ...}
    parameters, lines = [], []
    for one in described:
        name = one.name
        if one.kw_only and "*" not in parameters:
            parameters.append("*")
        if one.factory is not ...:
            known[f"make_{name}"] = one.factory
            parameters.append(f"{name}=ABSENT")
            lines.append(f"self.{name} = make_{name}() if {name} is ABSENT else {name}")
            continue
        if one.default is not ...:
            known[f"default_{name}"] = one.default
        parameters.append(name if one.default is ... else f"{name}=default_{name}")
        lines.append(f"self.{name} = {name}")
    return _compiled(parameters, lines, known)


def _compiled(parameters: list[str], lines: list[str], known: dict[str, Any]) -> Any:
    body = "\n ".join(lines)
    exec(f"def __init__({', '.join(('self', *parameters))}):\n {body}", known)  # noqa: S102 - made of names of fields
    return known["__init__"]


class _LateFields:
    """Stands for `__dataclass_fields__`, by which the standard library knows a dataclass and its fields."""

    __slots__ = ("_owner",)

    def __init__(self, owner: Any) -> None:
        self._owner = owner

    def __get__(self, instance: Any, owner: Any = None) -> Any:
        import dataclasses

        names: dict[str, Any] = {"__doc__": "Fields.", "__annotations__": {}}  # one without is given its signature
        for one in self._owner._described.values():  # noqa: SLF001
            names["__annotations__"][one.name] = one.type
            given = {"default": one.default, "default_factory": one.factory}
            options = {option: value for option, value in given.items() if value is not ...}
            names[one.name] = dataclasses.field(**options, compare=one.compare, repr=one.repr, kw_only=one.kw_only)
        like: Any = dataclasses.dataclass(init=False, repr=False, eq=False)(type(self._owner.__name__, (), names))
        self._owner.__dataclass_fields__ = vars(like)["__dataclass_fields__"]
        return self._owner.__dataclass_fields__


def _comparing(described: Any) -> Any:
    names = [one.name for one in described if one.compare]
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
    pairs = (f"{one.name}={getattr(self, one.name)!r}" for one in self._described.values() if one.repr)
    return f"{self.__class__.__qualname__}({', '.join(pairs)})"


__all__ = ["dataclass", "field", "field_defaults", "field_names", "replace"]
