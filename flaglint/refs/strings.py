"""Strings that are put together: by `+` and f-strings, by `%`, and by the methods of strings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.refs import ir
from flaglint.refs.enums import shown
from flaglint.refs.formatting import format_parts, join_parts, percent_parts
from flaglint.refs.values import NOTHING, Frame, Items, Str, Value, concatenated, found_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from flaglint.refs.evaluation import Evaluator

# Methods that make another string of one, by how many strings they are given.
_CHANGES: Mapping[tuple[str, int], Callable[..., str]] = {
    ("lower", 0): str.lower,
    ("upper", 0): str.upper,
    ("strip", 0): str.strip,
    ("removeprefix", 1): str.removeprefix,
    ("removesuffix", 1): str.removesuffix,
    ("replace", 2): str.replace,
}
MAX_LENGTH = 1_000  # of a text that is changed, and of what is put into it: no key comes near
METHODS = frozenset({"format", "join", *(name for name, _ in _CHANGES)})


class Strings:
    """Evaluates what strings are made of."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    def joined(
        self, parts: Iterable[ir.Expr], frame: Frame, step: str = "concatenation", *, is_shown: bool = False
    ) -> Value:
        """Return a string put together from parts, or two lists added to each other. `step` is how it is called."""
        # a text may be a node made for this call: it must not be remembered by its identity
        values = [
            Str((part.value,)) if isinstance(part, ir.Text) else self.evaluator.value(part, frame) for part in parts
        ]
        if is_shown or step == "f-string":
            values = [shown(value) for value in values]
        if len(values) > 1 and all(isinstance(value, Items) for value in values):
            return Items(tuple(item for value in values if isinstance(value, Items) for item in value.values))
        return found_by(step, concatenated(values))

    def percent(self, expr: ir.Percent, frame: Frame) -> Value:
        """Return `template % values`."""
        template = self.evaluator.value(expr.template, frame)
        if not isinstance(template, Str) or template.text is None:
            return NOTHING
        values = expr.values.items if isinstance(expr.values, ir.Sequence) else (expr.values,)
        return self.joined(percent_parts(template.text, values), frame, is_shown=True)

    def method(self, base: Str, name: str, call: ir.Call, frame: Frame) -> Value | None:
        """Return what a method of a string gives, or None for one that is not known, or of a string that is not."""
        if base.text is None:
            return _changed_by_callers(base) if (name, len(call.args)) in _CHANGES else None
        if name == "format":
            return self.joined(format_parts(base.text, call.args), frame, is_shown=True)
        if name == "join" and call.args and isinstance(call.args[0].value, ir.Sequence):
            return self.joined(join_parts(base.text, call.args[0].value.items), frame)
        change = _CHANGES.get((name, len(call.args)))
        given = [self._text(argument, frame) for argument in call.args] if change is not None else []
        if change is None or None in given or any(len(text or "") > MAX_LENGTH for text in (base.text, *given)):
            return None
        return Str((change(base.text, *given),), base.via)

    def _text(self, argument: ir.Arg, frame: Frame) -> str | None:
        """Return the one text that an argument surely is."""
        value = self.evaluator.value(argument.value, frame)
        return value.text if isinstance(value, Str) and not (argument.keyword or argument.star) else None


def _changed_by_callers(base: Str) -> Str | None:
    """Return what a string is that is changed once callers have filled it: nobody knows, but by these it is found.

    What a class sets is put in as it is, and would be taken for the changed string.
    """
    parameters = [hole.parameter for hole in base.holes]
    given = [parameter for parameter in parameters if parameter is not None]
    return Str((None, *given, None), base.via) if given and len(given) == len(parameters) else None
