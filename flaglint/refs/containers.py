"""Lists, tuples, sets and dictionaries: their displays, and what looking into them gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.patterns import late
from flaglint.refs import ir
from flaglint.refs.arguments import looked_up
from flaglint.refs.values import (
    NOTHING,
    Batch,
    Class,
    Const,
    Frame,
    Items,
    Known,
    Pairs,
    Result,
    Str,
    Value,
    found_by,
    one_of,
    options,
    strings,
)

if TYPE_CHECKING:
    from flaglint.refs.classes import Classes
    from flaglint.refs.evaluation import Evaluator

CHANGING = (
    "append|extend|insert|add|update|setdefault|pop|popitem|remove|discard|clear|sort|reverse"
    "|appendleft|move_to_end|__setitem__|__delitem__|__ior__|__iadd__"
)
_CHANGE_BEHIND = late(rf"\.(?:{CHANGING})\(|\[[^\]\n]*\]\s*=(?!=)")
_DELETED = late(r"\bdel\s+\Z")
_INTO = frozenset({".", "["})
_NEAR = 40  # characters before a name in which a `del` is looked for
_DISPLAYS = (ir.Mapping, ir.Sequence, ir.Comprehension)
METHODS = frozenset({"get", "keys", "copy", "values", "items"})


def is_display(expr: ir.Expr, frame: Frame) -> bool:
    """Whether an expression is a list, a dictionary or a comprehension that stands there or a few lines above.

    Such a one has no attribute that matters. That is asked before its elements are looked at, which may lead far.
    """
    if isinstance(expr, ir.Name) and frame.place.scope > 0:
        scope = frame.place.definition
        bindings = scope.bindings.get(expr.id, ())
        if not bindings or expr.id in scope.foreign or any(item.name == expr.id for item in scope.parameters):
            return False
        return all(map(_binds_display, bindings))
    return isinstance(expr, _DISPLAYS)


def _binds_display(binding: ir.Binding) -> bool:
    return isinstance(binding, ir.Assigned) and isinstance(binding.value, _DISPLAYS) and not binding.path


def is_changed(name: str, text: str) -> bool:
    """Whether some code puts something into a list or dictionary of this name, or takes something out."""
    end = 0
    while (start := text.find(name, end)) >= 0:  # a pattern for each name takes longer to make than to search for
        end = start + len(name)
        before = text[start - 1 : start]
        if text[end : end + 1] not in _INTO or before.isalnum() or before == "_":
            continue
        if _CHANGE_BEHIND.match(text, end):
            return True
        if text[end] == "[" and _DELETED.search(text, max(0, start - _NEAR), start):
            return True
    return False


def widened(value: Value) -> Value:
    """Return a list or dictionary that has been changed: any element may be something else by now."""
    match value:
        case Items():
            return Items((one_of((*value.values, NOTHING)),))
        case Pairs():
            known = ((key, one_of((item, NOTHING))) for key, item in value.values)
            return Pairs((*known, (NOTHING, NOTHING)), is_open=True)
        case _:
            return value


class Containers:
    """Evaluates displays, comprehensions, loops and subscripts."""

    def __init__(self, evaluator: Evaluator, classes: Classes) -> None:
        self.evaluator = evaluator
        self.classes = classes

    def display(self, expr: ir.Sequence, frame: Frame) -> list[Value]:
        """Return the elements of a display, spread ones included."""
        found: list[Value] = []
        for item in expr.items:
            if isinstance(item, ir.Spread):
                found += self.elements(self.evaluator.value(item.value, frame))
            else:
                found.append(self.evaluator.value(item, frame))
        return found

    def pairs(self, expr: ir.Mapping, frame: Frame) -> Value:
        """Return a dictionary display, with the entries of `**others`."""
        found: list[tuple[Value, Value]] = []
        is_open = False
        for key, item in expr.pairs:
            value = self.evaluator.value(item, frame)
            if key is not None:
                found.append((self.evaluator.value(key, frame), value))
            elif isinstance(value, Pairs):
                found += value.values
                is_open = is_open or value.is_open
            else:
                is_open = True
        return Pairs(tuple(found), is_open)

    def comprehension(self, expr: ir.Comprehension, frame: Frame) -> Value:
        """Return the elements of a comprehension over something known."""
        inner = frame.at(expr.scope)
        element = self.evaluator.value(expr.element, inner)
        if expr.key is not None:
            return Pairs(((self.evaluator.value(expr.key, inner), element),))
        return Items((element,))  # which of them stands where nobody knows: some may be left out

    def elements(self, value: Value) -> list[Value]:
        """Return what iterating over `value` gives."""
        found: list[Value] = []
        for option in options(value):
            match option:
                case Items():
                    found += option.values
                case Pairs():
                    found += [key for key, _ in option.values]
                case Class() if self.classes.is_enum(option):
                    found += self.classes.enum_members(option)
                case Str() if option.text is None and len(option.parts) == 1:
                    found.append(option)  # what a caller passes: its elements are what the caller's elements are
                case _:
                    found.append(NOTHING)
        return found

    def element(self, value: Value, index: int) -> Value:
        """Return `value[index]` of each option."""
        return one_of(
            option.values[index] if isinstance(option, Items) and index < len(option.values) else NOTHING
            for option in options(value)
        )

    def iterated(self, binding: ir.Iterated, frame: Frame) -> Value:
        """Return what a loop variable may be."""
        values = self.elements(self.evaluator.value(binding.iterable, frame.at(binding.scope)))
        for index in binding.path:
            values = [self.element(value, index) for value in values]
        return found_by("loop", one_of(values))

    def subscript(self, base: Value, index: Value) -> Value:
        """Return `base[index]`."""
        found: list[Value] = []
        for option in options(base):
            match option:
                case Pairs():
                    found += self.entries(option, index)
                case Items() if isinstance(index, Const) and isinstance(index.value, int):
                    within = -len(option.values) <= index.value < len(option.values)
                    found.append(option.values[index.value] if within else NOTHING)
                case Items():
                    found.append(one_of(option.values))
                case Known() | Result() if isinstance(index, Str) and index.text is not None:
                    found.append(Known(f"{option.name}[{index.text}]"))
                case Class() if self.classes.is_enum(option) and isinstance(index, Str) and index.text is not None:
                    found.append(self.classes.class_member(option, index.text) or NOTHING)
                case Batch():
                    found.append(option)
                case _:
                    found.append(NOTHING)
        return one_of(found)

    def method(self, base: Pairs, name: str, call: ir.Call, frame: Frame) -> Value | None:
        """Return what a method of a dictionary gives, or None for one that is not known."""
        match name:
            case "get" if call.args:
                key, default = looked_up(call)
                index = self.evaluator.value(key, frame)
                found = self.entries(base, index)
                if default is None or (isinstance(index, Str) and index.text is not None and found != [NOTHING]):
                    return one_of(found)
                return one_of((*(value for value in found if value != NOTHING), self.evaluator.value(default, frame)))
            case "keys" | "copy":
                return base
            case "values":
                return Items(tuple(value for _, value in base.values))
            case "items":
                return Items(tuple(Items(pair) for pair in base.values))
            case _:
                return None

    def entries(self, pairs: Pairs, index: Value) -> list[Value]:
        """Return the values that a lookup in a dictionary may give: one for a known key, else any."""
        wanted = list(strings(index))
        text = wanted[0].text if len(wanted) == 1 and wanted[0] is not None else None
        if text is not None:
            return [value for key, value in pairs.values if _spells(key, text)] or [NOTHING]
        exact = [value for key, value in pairs.values if key == index]
        return exact or [value for _, value in pairs.values] or [NOTHING]


def _spells(key: Value, text: str) -> bool:
    return any(item is not None and item.text == text for item in strings(key))
