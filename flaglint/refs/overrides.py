"""Overrides in tests, rows in the database and calls that declare: what sets a flag or makes its key known."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.model import Confidence, Kind, ValueType
from flaglint.records import replace
from flaglint.refs import ir
from flaglint.refs.arguments import find
from flaglint.refs.match import Match
from flaglint.refs.values import (
    Argued,
    Flagged,
    FlaggedMethod,
    Frame,
    Items,
    Known,
    Pairs,
    Str,
    Value,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flaglint.refs.index import SpecIndex
    from flaglint.refs.resolve import Resolver
    from flaglint.refs.spec import Override

_PATCHES = frozenset({"unittest.mock.patch.dict", "mock.patch.dict", "mock.mock.patch.dict"})
_PATCHED_OBJECTS = frozenset(
    f"{mock}.patch{rest}" for mock in ("unittest.mock", "mock", "mock.mock") for rest in ("", ".object")
)
_SETS = {True: ir.Value(value=True), False: ir.Value(value=False)}
_CREATES = frozenset({"create", "get_or_create", "update_or_create", "bulk_create", "acreate"})


class Overrides:
    """Matches calls that set flags, and calls that declare them."""

    def __init__(self, resolver: Resolver, index: SpecIndex) -> None:
        self.resolver = resolver
        self.index = index
        self._row_keywords = frozenset(spec.keyword for rows in index.rows.values() for _, spec in rows)

    def call(self, name: str, call: ir.Call, frame: Frame) -> Iterator[Match]:
        """Yield the overrides of a call of something known by its qualified name."""
        for sdk, spec in self.index.overrides.get(name, ()):
            yield from self.override(sdk, spec, call, frame)
        if name in _PATCHES and call.args:
            yield from self.patched_dictionary(call, frame)
        if name in _PATCHED_OBJECTS and call.args:
            yield from self.patched_object(call, frame)
        yield from self.row(name, call, frame)

    def patched_object(self, call: ir.Call, frame: Frame) -> Iterator[Match]:
        """Yield the flag that `patch("shop.toggles.TOGGLE")` or `patch.object(TOGGLE, "is_enabled")` stands in for."""
        target = self.resolver.value(call.args[0].value, frame)
        replaced = next((arg.value for arg in call.args[1:] if arg.keyword in {"return_value", "new"}), None)
        for option in options(target):
            found = self.resolver.named(option.text, frame) if isinstance(option, Str) and option.text else option
            for item in options(found):
                flagged = item.flag if isinstance(item, FlaggedMethod) else item
                if isinstance(flagged, Flagged):
                    argued = Argued(replaced, frame) if replaced is not None else None
                    yield replace(_override(flagged.sdk, flagged.key, argued), via=("patched object",))

    def override(self, sdk: str, spec: Override, call: ir.Call, frame: Frame) -> Iterator[Match]:
        """Yield what one override of a pack sets."""
        value = find(call, spec.value) if spec.value is not None else None
        if value is None and spec.sets is not None:
            value = _SETS[spec.sets]
        argued = Argued(value, frame) if value is not None else None
        if spec.by_keyword_name:
            for arg in call.args:
                if arg.keyword:
                    yield _override(sdk, Str((arg.keyword,), ("keyword name",)), Argued(arg.value, frame))
        if spec.mapping is not None:
            yield from self.mapping(sdk, self.resolver.passing.argument(call, spec.mapping, frame))
        if spec.key is not None:
            given = self.resolver.passing.argument(call, spec.key, frame)
            for option in options(given):
                if isinstance(option, Flagged):
                    yield _override(sdk, option.key, argued)
                elif isinstance(option, Items | Pairs):
                    yield from self.mapping(sdk, option)
                elif isinstance(option, Str) and not spec.takes_object:
                    yield _override(sdk, option, argued)

    def mapping(self, sdk: str, value: Value) -> Iterator[Match]:
        """Yield an override for each key of a dictionary or list."""
        for option in options(value):
            if isinstance(option, Pairs):
                for key, _ in option.values:
                    yield _override(sdk, key, None)
            elif isinstance(option, Items):
                for key in option.values:
                    yield _override(sdk, key, None)
            elif isinstance(option, Str):
                yield _override(sdk, option, None)

    def patched_dictionary(self, call: ir.Call, frame: Frame) -> Iterator[Match]:
        """Yield the keys that `patch.dict(target, {...}, KEY=value)` sets in a dictionary of flags."""
        target = self.resolver.value(call.args[0].value, frame)
        for option in options(target):
            name = option.name if isinstance(option, Known) else option.text if isinstance(option, Str) else None
            if name is None:
                continue
            for sdk, _ in self.index.dictionaries.get(name, ()):
                if len(call.args) > 1 and not call.args[1].keyword:
                    yield from self.mapping(sdk, self.resolver.value(call.args[1].value, frame))
                for arg in call.args[1:]:
                    if arg.keyword and arg.keyword not in {"values", "clear"}:
                        yield _override(sdk, Str((arg.keyword,), ("keyword name",)), Argued(arg.value, frame))
                    elif arg.keyword == "values":
                        yield from self.mapping(sdk, self.resolver.value(arg.value, frame))

    def row(self, name: str, call: ir.Call, frame: Frame) -> Iterator[Match]:
        """Yield what creating or querying the database row of a flag does; only the caller knows whether in a test."""
        if not any(arg.keyword in self._row_keywords for arg in call.args):
            return  # whatever its first argument is, which may lead far
        for model in (name.partition(".objects.")[0], *self._models_in(call, frame)):
            for sdk, spec in self.index.rows.get(model, ()):
                key = next((arg.value for arg in call.args if arg.keyword == spec.keyword), None)
                if key is None:
                    continue
                creates = name.rpartition(".")[2] in _CREATES or model == name or ".objects." not in name
                yield Match(
                    Kind.DECLARATION if creates else Kind.READ,
                    sdk,
                    self.resolver.value(key, frame),
                    returns=ValueType.OBJECT,
                    via=("database row",),
                    confidence=Confidence.LIKELY,
                )

    def _models_in(self, call: ir.Call, frame: Frame) -> Iterator[str]:
        """Yield the model that a factory is given first: `baker.make(Flag, name="k")`."""
        if not call.args[0].keyword and not call.args[0].star:
            for option in options(self.resolver.value(call.args[0].value, frame)):
                if isinstance(option, Known):
                    yield option.name

    def declaring_call(self, name: str, call: ir.Call, frame: Frame) -> Iterator[Match]:
        """Yield the key that a registering call declares; of a dictionary's `update`, all its keys."""
        for sdk, spec in self.index.declared.get(name, ()):
            if name in spec.calls and spec.key is not None:
                yield Match(
                    Kind.DECLARATION,
                    sdk,
                    self.resolver.passing.argument(call, spec.key, frame),
                    returns=ValueType.UNKNOWN,
                    default=self.resolver.passing.default(call, spec.default, frame),
                )

    def by_method(self, name: str, call: ir.Call, frame: Frame) -> Iterator[Match]:
        """Yield what a method that only test code calls sets, on any receiver."""
        for sdk, spec in self.index.override_methods.get(name, ()):
            yield from self.override(sdk, spec, call, frame)


def _override(sdk: str, key: Value, value: Argued | None) -> Match:
    return Match(Kind.OVERRIDE, sdk, key, returns=ValueType.UNKNOWN, default=value)
