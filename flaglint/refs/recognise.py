"""The one recogniser: decides whether an expression reads, declares or overrides a flag, and which.

It serves the linter and the codemod alike. A *wrapper* is a function of the program that reads a flag for its callers:
its key depends on what the caller passes (`Hole`s in the key of a read inside it), or it returns one read of a fixed
key and does nothing else.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flaglint.model import Confidence, Kind, ValueType
from flaglint.records import replace
from flaglint.refs import ir
from flaglint.refs.arguments import find, looked_up
from flaglint.refs.containers import is_display
from flaglint.refs.definitions import only_returns, owner_of, plain, sites_by_scope
from flaglint.refs.enums import is_no_text
from flaglint.refs.fields import reads_of_field
from flaglint.refs.match import Match, Summary, declaration_of, flag_of, keyed
from flaglint.refs.overrides import Overrides
from flaglint.refs.plausible import Carrying, key_parameters
from flaglint.refs.spec import PROJECT
from flaglint.refs.values import (
    NOTHING,
    Argued,
    Batch,
    Class,
    Const,
    Flagged,
    FlaggedMethod,
    Frame,
    Function,
    Instance,
    Items,
    Known,
    Nothing,
    Partial,
    Place,
    Str,
    Value,
    one_of,
    options,
    strings,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.refs.index import SpecIndex
    from flaglint.refs.program import UnitRef
    from flaglint.refs.resolve import Resolver
    from flaglint.refs.spec import Argument, Call, Decorator

MAX_NESTED = 20  # wrappers of wrappers; more is a circle that is another one each time it is gone round


class Recogniser:
    """Matches expressions against the packs of a run, through the wrappers of the program."""

    def __init__(
        self,
        resolver: Resolver,
        index: SpecIndex,
        is_relevant: Callable[[ir.Site, Place, Carrying], bool],
        *,
        follows_keys: bool,
    ) -> None:
        self.resolver = resolver
        self.index = index
        self.overrides = Overrides(resolver, index)
        self.is_relevant = is_relevant
        self.follows_keys = follows_keys  # a file run: from calls that may carry a key to what they call
        self._carrying: list[Carrying] = []
        self._sites: dict[tuple[UnitRef, int], tuple[Match, ...]] = {}
        self._summaries: dict[tuple[Place, Carrying], Summary | None] = {}
        self._within: dict[UnitRef, dict[int, list[int]]] = {}

    def forget(self) -> None:
        """Drop what was concluded; called when more sites have become relevant."""
        self._sites.clear()
        self._summaries.clear()

    def site(self, unit: UnitRef, number: int) -> tuple[Match, ...]:
        """Return the matches of one site of a unit."""
        key = (unit, number)
        if key not in self._sites:
            self._sites[key] = ()
            site = unit.facts.sites[number]
            self._sites[key] = tuple(self.expression(site.expr, Frame(Place(unit, site.scope))))
        return self._sites[key]

    def expression(self, expr: ir.Expr, frame: Frame) -> Iterator[Match]:
        """Yield the matches of a call, a subscript or an attribute."""
        match expr:
            case ir.Call():
                callee = self.resolver.value(expr.func, frame)
                for option in options(callee):
                    yield from self.call(option, expr, frame)
            case ir.Subscript() if not is_display(expr.base, frame):
                yield from self.lookup(self.resolver.value(expr.base, frame), expr.index, None, frame)
            case ir.Attribute():
                yield from self.attribute(expr, frame)
            case ir.Awaited():
                yield from self.expression(expr.operand, frame)

    # ------------------------------------------------------------------------------------------------------- calls

    def call(self, callee: Value, call: ir.Call, frame: Frame) -> Iterator[Match]:
        """Yield the matches of a call of one callee."""
        match callee:
            case Known():
                known = list(self.known_call(callee.name, call, frame))
                yield from known
                if not known and isinstance(call.func, ir.Attribute):
                    yield from self.by_method_name(call.func.name, call, frame, is_known=True)
            case FlaggedMethod():
                yield self.flag_read(callee, call, frame)
            case Function():
                yield from self.wrapper_call(callee, call, frame)
            case Partial():
                whole = ir.Call(call.func, (*callee.args, *call.args))
                for option in options(callee.func):
                    for found in self.call(option, whole, callee.frame if not call.args else frame):
                        yield replace(found, via=("partial", *found.via))
            case Nothing() | Str() if isinstance(call.func, ir.Attribute):
                if isinstance(callee, Nothing) or callee.text is None:
                    yield from self.by_method_name(call.func.name, call, frame)
            case Batch() if isinstance(call.func, ir.Attribute) and call.func.name == "get" and call.args:
                yield from self.batch_lookup(callee, looked_up(call)[0], frame)
            case Class():
                flagged = self.resolver.calls.flag_object(callee, call, frame)
                if flagged is not None:
                    yield from self.declared_object(flagged)

    def known_call(self, name: str, call: ir.Call, frame: Frame) -> Iterator[Match]:
        """Yield the matches of a call of something known by its qualified name."""
        for sdk, spec in self.index.functions.get(name, ()):
            yield self.read(sdk, spec, call, frame)
        owner, _, method = name.rpartition(".")
        for sdk, spec in self.index.method_calls(owner, method):
            yield self.read(sdk, spec, call, frame)
        for sdk in self.index.exporters(name):
            yield Match(Kind.READ, sdk, NOTHING, ValueType.OBJECT, via=("export of every flag",), many=True)
        if method == "get" and owner in self.index.dictionaries and call.args:
            yield from self.lookup(Known(owner), *looked_up(call), frame)
        if name in self.index.dictionaries and call.args:
            yield from self.lookup(Known(name), *looked_up(call), frame)
        for sdk, gate in self.index.decorators.get(name, ()):
            yield from self.gate(sdk, gate, call, frame)
        if name in self.index.constructors:
            flagged = self.resolver.calls.flag_object(Known(name), call, frame)
            if flagged is not None:
                yield from self.declared_object(flagged)
        yield from self.overrides.declaring_call(name, call, frame)
        yield from self.overrides.call(name, call, frame)

    def read(self, sdk: str, spec: Call, call: ir.Call, frame: Frame) -> Match:
        """Return the read that a call described by a pack is."""
        asked = find(call, spec.key)
        key, default = keyed(self.resolver.passing.argument(call, spec.key, frame), sdk)
        if sdk != PROJECT and is_no_text(key):  # a function of the project may well take its text itself
            key = one_of((key, NOTHING))
        ask = partial(self.resolver.passing.argument, call, spec.key, frame)
        return Match(
            Kind.READ,
            sdk,
            self.many(key) if spec.key.many else key,
            spec.returns,
            spec.inverted,
            self.resolver.passing.default(call, spec.default, frame) or default,
            many=spec.key.many,
            is_coroutine=spec.coroutine,
            asked=asked,
            ask=None if isinstance(asked, ir.Text) else ask,
        )

    def many(self, value: Value) -> Value:
        """Return the keys in a list of keys, or in a dictionary by key."""
        return one_of(self.resolver.containers.elements(value))

    def flag_read(self, callee: FlaggedMethod, call: ir.Call, frame: Frame) -> Match:
        """Return the read that a method of a flag object is."""
        read = callee.read
        argued = self.resolver.passing.default(call, read.default, frame) or callee.flag.default
        found = Match(
            Kind.READ, callee.flag.sdk, callee.flag.key, read.returns, read.inverted, argued, ("flag object",)
        )
        return replace(found, ask=partial(self.resolver.value, call.func, frame))

    def declared_object(self, flagged: Flagged) -> Iterator[Match]:
        """Yield the declaration that constructing a flag object is."""
        if flagged.spec.declares:
            yield declaration_of(flagged)

    def gate(self, sdk: str, spec: Decorator, call: ir.Call, frame: Frame) -> Iterator[Match]:
        """Yield the reads of a decorator that lets a function run only when flags are on (or off)."""
        value = self.resolver.passing.argument(call, spec.key, frame)
        ask = partial(self.resolver.passing.argument, call, spec.key, frame)
        off = spec.inverted or (spec.state is not None and self.is_false(call, spec.state, frame))
        prefix = spec.inverted_by_prefix
        for option in options(self.many(value) if spec.key.many or isinstance(value, Items) else value):
            text = option.text if isinstance(option, Str) else None
            if prefix and text is not None and text.startswith(prefix) and isinstance(option, Str):
                key = Str((text.removeprefix(prefix),), option.via)
                yield Match(Kind.READ, sdk, key, inverted=not off, ask=ask)
            else:
                yield Match(Kind.READ, sdk, option, inverted=off, ask=ask)

    def is_false(self, call: ir.Call, spec: Argument, frame: Frame) -> bool:
        """Whether an argument is a literal False."""
        found = find(call, spec)
        return found is not None and self.resolver.value(found, frame) == Const(value=False)

    def by_method_name(self, name: str, call: ir.Call, frame: Frame, *, is_known: bool = False) -> Iterator[Match]:
        """Yield what a method on something unknown may be: a read, if its key turns out to be a flag's.

        Of several SDKs with such a method the one that the file imports speaks, else the first by name. Of what
        `is_known` by its name, as an attribute that a base from outside gives, only the project itself can say so.
        """
        specs = self.index.methods.get(name, ())
        if is_known:
            specs = [(pack, spec) for pack, spec in specs if pack.name == PROJECT and not spec.clients]
        view = frame.place.unit.view
        for pack, spec in sorted(specs, key=lambda item: not any(map(view.spells, item[0].packages))):
            found = self.read(pack.name, spec, call, frame)
            keys = list(strings(found.key))
            if any(key is not None and key.text is not None for key in keys) or (found.holes and not pack.clients):
                yield replace(found, confidence=Confidence.LIKELY, is_candidate=True)
                return

    # ----------------------------------------------------------------------------------------------------- lookups

    def lookup(self, base: Value, index: ir.Expr, default: ir.Expr | None, frame: Frame) -> Iterator[Match]:
        """Yield the read that looking a key up in a dictionary of flags is."""
        for option in options(base):
            if isinstance(option, Batch):
                yield from self.batch_lookup(option, index, frame)
            if not isinstance(option, Known):
                continue
            for sdk, spec in self.index.dictionaries.get(option.name, ()):
                key = self.resolver.value(index, frame)
                text = key.text if isinstance(key, Str) else None
                if spec.prefix and (text is None or not text.startswith(spec.prefix)):
                    continue
                argued = Argued(default, frame) if default is not None else None
                ask = partial(self.resolver.value, index, frame)
                yield Match(Kind.READ, sdk, key, spec.returns, default=argued, ask=ask)

    def batch_lookup(self, batch: Batch, index: ir.Expr, frame: Frame) -> Iterator[Match]:
        """Yield the read that taking one flag out of a batch is, when its key is known."""
        key = self.resolver.value(index, frame)
        if any(item is not None and item.text is not None for item in strings(key)):
            yield Match(Kind.READ, batch.sdk, key, via=("batch",), ask=partial(self.resolver.value, index, frame))

    def attribute(self, expr: ir.Attribute, frame: Frame) -> Iterator[Match]:
        """Yield the read that an attribute is: of a flag object, or a property that is a wrapper."""
        for option in options(self.resolver.value(expr.base, frame)):
            flag = flag_of(option)
            read = next((item for item in flag.spec.reads if item.name == expr.name), None) if flag else None
            if flag is not None and (read is not None or isinstance(option, Flagged)):
                if read is not None and read.is_attribute:
                    ask = partial(self.resolver.value, expr.base, frame)
                    found = (flag.key, read.returns, read.inverted, flag.default, ("flag object",))
                    yield Match(Kind.READ, flag.sdk, *found, ask=ask)
                continue
            yield from reads_of_field(self.resolver, self.index, option, expr.name)
            if (method := self.resolver.calls.property_of(option, expr.name)) is not None:
                yield from self.wrapper_call(method, ir.Call(expr, ()), frame)

    # ---------------------------------------------------------------------------------------------------- wrappers

    def wrapper_call(self, function: Function, call: ir.Call, frame: Frame) -> Iterator[Match]:
        """Yield the reads that calling a wrapper is: its own, with what the caller passes put in."""
        if len(self._carrying) > MAX_NESTED:
            return
        place = function.place
        carrying = self.carried(function, call, frame)
        summary = self.summary(place, carrying)
        if summary is None:
            return
        step = f"wrapper {place.qualname}"
        for fixed in self.fixed_for(function, call, frame, summary):
            mixed = fixed.is_mixed or not only_returns(place.definition)
            yield replace(fixed, via=(step, *fixed.via), wrapper=place, is_fixed=True, is_mixed=mixed)
        if summary.fixed:
            return
        bound = self.resolver.passing.bound(function, call.args, frame)
        for expr, inner, origin in summary.parametric:
            inverted, mixed = self.given_back(place, expr)
            self._carrying.append(carrying)
            matches = list(self.expression(expr, Frame(inner, bound)))
            self._carrying.pop()
            for found in matches:
                if found.kind is origin.kind and found.sdk == origin.sdk:
                    yield replace(
                        found,
                        via=(step, *found.via),
                        wrapper=place,
                        inverted=found.inverted != inverted,
                        is_mixed=found.is_mixed or mixed,
                    )

    def fixed_for(self, function: Function, call: ir.Call, frame: Frame, summary: Summary) -> tuple[Match, ...]:
        """Return the reads of fixed keys that a wrapper is where it is called: by a subclass, with what that sets."""
        receiver = function.receiver
        asking = receiver.of if isinstance(receiver, Instance) else receiver
        if not summary.fixed or not isinstance(asking, Class) or asking.place == owner_of(function.place):
            return summary.fixed
        bound = self.resolver.passing.bound(function, call.args, frame)
        return self.fixed_reads(Frame(function.place, bound)) or summary.fixed

    def given_back(self, place: Place, expr: ir.Expr) -> tuple[bool, bool]:
        """Return whether a function gives a read in it back inverted, and whether it does more than give it back."""
        scope = place.definition
        if scope.branches or scope.yields or len(scope.returns) != 1 or not only_returns(scope):
            return False, True
        found, inverted = plain(scope.returns[0], scope)
        inner = expr.operand if isinstance(expr, ir.Awaited) else expr
        return (inverted, False) if found is inner else (False, True)

    def carried(self, function: Function, call: ir.Call, frame: Frame) -> Carrying:
        """Return the parameters of `function` that this call may pass a key in; None when all are looked at."""
        if not self.follows_keys:
            return None
        outer = self._carrying[-1] if self._carrying else frozenset()
        return key_parameters(function, call, frame, outer or frozenset())

    def summary(self, place: Place, carrying: Carrying = None) -> Summary | None:
        """Return what a function reads for its callers, or None when it does not.

        With `carrying`, only what depends on these parameters is looked at, beside the names that packs know.
        """
        key = (place, carrying)
        if key not in self._summaries:
            self._summaries[key] = None  # a function that calls itself adds nothing on the way
            self._carrying.append(carrying)
            self._summaries[key] = self._summarise(place, carrying)
            self._carrying.pop()
        return self._summaries[key]

    def _summarise(self, place: Place, carrying: Carrying) -> Summary | None:
        unit = place.unit
        parametric: list[tuple[ir.Expr, Place, Match]] = []
        if unit not in self._within:
            self._within[unit] = sites_by_scope(unit.facts)
        for number in self._within[unit].get(place.scope, ()):
            site = unit.facts.sites[number]
            if not self.is_relevant(site, place, carrying):
                continue
            parametric += [
                (site.expr, Place(unit, site.scope), found)
                for found in self.site(unit, number)
                if found.holes and found.kind is Kind.READ
            ]
        fixed = self.fixed_reads(Frame(place))
        return Summary(tuple(parametric), fixed) if parametric or fixed else None

    def fixed_reads(self, frame: Frame) -> tuple[Match, ...]:
        """Return the reads of fixed keys that a function returns, when it does nothing else.

        It is one; or those of a wrapper of the program that asks in several ways, and then the call is mixed.
        """
        scope = frame.place.definition
        if scope.branches or scope.yields or len(scope.returns) != 1 or scope.kind not in {"function", "lambda"}:
            return ()
        expr, inverted = plain(scope.returns[0], scope)
        if not isinstance(expr, ir.Call | ir.Subscript | ir.Attribute):
            return ()
        found = [item for item in self.expression(expr, frame) if item.kind is Kind.READ]
        sure = {(item.key, item.inverted) for item in found if not item.is_candidate}
        if any(item.holes or (item.key, item.inverted) not in sure for item in found):
            return ()
        found = [item for item in found if not item.is_candidate]  # `client or get_client()` is one of these, too
        known = {item.key: item for item in reversed(found) if isinstance(item.key, Str) and item.key.text}
        if not known or (len(found) > 1 and any(item.wrapper is None for item in found)):
            return ()
        mixed = len(found) > 1
        return tuple(
            replace(item, inverted=item.inverted != inverted, is_mixed=item.is_mixed or mixed)
            for item in sorted(known.values(), key=lambda item: str(item.key))
        )
