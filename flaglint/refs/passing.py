"""What a call passes: positional and keyword arguments, spread ones included, and the parameters that they fill."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.records import replace
from flaglint.refs import ir
from flaglint.refs.arguments import find
from flaglint.refs.definitions import is_static
from flaglint.refs.values import NOTHING, Argued, Bound, Frame, Function, Hole, Items, Pairs, Place, Str, Value

if TYPE_CHECKING:
    from flaglint.refs.evaluation import Evaluator
    from flaglint.refs.spec import Argument


class Passing:
    """Finds and evaluates the arguments of calls."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator

    def bound(self, function: Function, args: tuple[ir.Arg, ...], frame: Frame) -> Bound:
        """Return what each parameter of `function` is given in a call with `args`; evaluated when it is asked for."""
        place = function.place
        filled: dict[tuple[Place, str], Value | Argued] = dict(function.bound.values if function.bound else {})
        parameters = list(place.definition.parameters)
        if function.receiver is not None and parameters and not is_static(place.definition):
            filled[place, parameters.pop(0).name] = function.receiver
        positional, keywords, is_open = self.spread(args, frame)
        passed_on = self.passed_on(args, frame)
        outer = Frame(Place(place.unit, max(place.definition.parent, 0)))
        for parameter in parameters:
            value: Value | Argued = NOTHING
            if parameter.star == "*":
                value = Items(tuple(self.given(item) for item in positional))
                positional = []
            elif parameter.star == "**":
                value = Pairs(tuple((Str((key,)), self.given(item)) for key, item in keywords.items()), is_open)
            elif positional and not parameter.keyword_only:
                value = positional.pop(0)
            elif parameter.name in keywords:
                value = keywords.pop(parameter.name)
            elif passed_on is not None and not parameter.keyword_only:
                value = passed_on
            elif not is_open and parameter.default is not None:
                value = Argued(parameter.default, outer)
            filled[place, parameter.name] = value
        return Bound(filled)

    def given(self, item: Value | Argued) -> Value:
        """Return the value of an argument."""
        return self.evaluator.value(item.expr, item.frame) if isinstance(item, Argued) else item

    def spread(
        self, args: tuple[ir.Arg, ...], frame: Frame
    ) -> tuple[list[Value | Argued], dict[str, Value | Argued], bool]:
        """Return positional and keyword arguments of a call, `*` and `**` spread; and whether some stay unknown."""
        positional: list[Value | Argued] = []
        keywords: dict[str, Value | Argued] = {}
        is_open = False
        is_placed = True  # what follows an unknown number of arguments may stand anywhere
        for arg in args:
            if arg.star == "*":
                value = self.evaluator.value(arg.value, frame)
                positional += value.values if isinstance(value, Items) and is_placed else ()
                is_placed = is_placed and isinstance(value, Items)
                is_open = is_open or not is_placed
            elif arg.star == "**":
                value = self.evaluator.value(arg.value, frame)
                is_open = is_open or not isinstance(value, Pairs)
                entries = value.values if isinstance(value, Pairs) else ()
                keywords |= {key.text: item for key, item in entries if isinstance(key, Str) and key.text}
            elif arg.keyword:
                keywords[arg.keyword] = Argued(arg.value, frame)
            elif is_placed:
                positional.append(Argued(arg.value, frame))
        return positional, keywords, is_open

    def argument(self, call: ir.Call, spec: Argument, frame: Frame) -> Value:
        """Return the value of the argument that a pack describes; through `*args` and `**kwargs` where they are known.

        What the function around the call passes on as it got it is a hole that its own callers fill.
        """
        found = find(call, spec)
        if found is not None:
            return self.evaluator.value(found, frame)
        if spec.inside is not None:
            return self.held(call, spec, frame)
        if not any(arg.star for arg in call.args):
            return NOTHING
        positional, keywords, is_open = self.spread(call.args, frame)
        if spec.keyword in keywords:
            return self.given(keywords[spec.keyword])
        if spec.position is not None and spec.position < len(positional) and not is_open:
            return self.given(positional[spec.position])
        passed_on = self.passed_on(call.args, frame) if spec.position is not None else None
        return passed_on or NOTHING

    def passed_on(self, args: tuple[ir.Arg, ...], frame: Frame) -> Str | None:
        """Return the hole that `*args` of the enclosing function leaves: its callers pass the key through."""
        for arg in args:
            value = self.evaluator.value(arg.value, frame) if arg.star == "*" else NOTHING
            if isinstance(value, Str) and value.holes:
                return Str((Hole(value.holes[0].owner, value.holes[0].name),))
        return None

    def held(self, call: ir.Call, spec: Argument, frame: Frame) -> Value:
        """Return what an argument object holds that was put into a local first."""
        outer = find(call, replace(spec, inside=None))
        scope = frame.place.definition
        bindings = scope.bindings.get(outer.id, ()) if isinstance(outer, ir.Name) else ()
        if spec.inside is None or len(bindings) != 1 or not isinstance(bindings[0], ir.Assigned):
            return NOTHING
        made = bindings[0].value
        return self.argument(made, spec.inside, frame.at(bindings[0].scope)) if isinstance(made, ir.Call) else NOTHING

    def default(self, call: ir.Call, spec: Argument | None, frame: Frame) -> Argued | None:
        """Return the fallback that a call passes where a pack says, or None."""
        found = find(call, spec) if spec is not None else None
        if spec is None or found is None:
            return None
        return Argued(found, frame, spec.is_callable)
