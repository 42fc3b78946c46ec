"""Members of enumerations: what one stands for, and what it is where a text is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs import ir
from flaglint.refs.values import NOTHING, Class, Function, Member, Result, Str, Value, found_by, one_of, options

if TYPE_CHECKING:
    from flaglint.refs.classes import Classes

ENUMS = frozenset({f"enum.{name}" for name in ("Enum", "StrEnum", "IntEnum", "Flag", "IntFlag")}) | {
    "django.db.models.TextChoices",
    "django.db.models.enums.TextChoices",
    "builtins.StrEnum",
}
# Their members are printed as what they stand for; those of `class F(str, Enum)` are it, but not in every Python.
_PRINTING = frozenset(name for name in ENUMS if name.endswith(("StrEnum", "TextChoices")))
_TEXTS = _PRINTING | {"builtins.str"}
_AUTO = Result("enum.auto")


def member_of(classes: Classes, cls: Class, name: str, value: Value, step: str = "") -> Member:
    """Return a member of an enumeration, of which the body says `value`.

    What a class makes of that itself, nobody tells. `step` is how it was found.
    """
    known = _automatic(name, value)
    if _defines(classes, cls, "__new__", "value") or (
        value == _AUTO and _defines(classes, cls, "_generate_next_value_")
    ):
        known = one_of((known, NOTHING))
    if step:
        known = found_by(step, known)
    outside = _TEXTS.intersection(classes.outside_bases(cls))
    is_printed = bool(outside & _PRINTING) and not _defines(classes, cls, "__str__", "__format__")
    is_printed = is_printed or _prints_value(classes, cls)
    return Member(cls, name, known, is_text=bool(outside), shown=known if is_printed else None)


def shown(value: Value) -> Value:
    """Return what a value is in an f-string, and where it is made a text."""
    if not any(isinstance(option, Member) for option in options(value)):
        return value
    return one_of((option.shown or NOTHING) if isinstance(option, Member) else option for option in options(value))


def is_no_text(value: Value) -> bool:
    """Whether a value may be a member of an enumeration that is no text: to what wants one it is nothing."""
    return any(isinstance(option, Member) and not option.is_text for option in options(value))


def _functions(classes: Classes, cls: Class, name: str) -> list[Function]:
    return [
        option
        for base in classes.lineage(cls)
        if isinstance(base, Class)
        for option in options(classes.own_member(base, name) or NOTHING)
        if isinstance(option, Function)
    ]


def _defines(classes: Classes, cls: Class, *names: str) -> bool:
    return any(_functions(classes, cls, name) for name in names)


def _prints_value(classes: Classes, cls: Class) -> bool:
    """Whether a class says itself that its members are printed as what they stand for."""
    if _defines(classes, cls, "__format__"):
        return False
    for function in _functions(classes, cls, "__str__")[:1]:
        returned = function.place.definition.returns
        return bool(returned) and all(
            isinstance(item, ir.Attribute) and item.name in {"value", "_value_"} for item in returned
        )
    return False


def _automatic(name: str, value: Value) -> Value:
    """Return the value of a member that `auto()` makes: its name in lower case, as `StrEnum` does."""
    return Str((name.lower(),)) if value == _AUTO else value
