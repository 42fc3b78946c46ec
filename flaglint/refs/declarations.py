"""What declares keys in Python: dictionaries, lists, enums and stores; and class attributes that a base reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.model import Kind, ValueType
from flaglint.refs import ir
from flaglint.refs.containers import is_display
from flaglint.refs.definitions import body_place
from flaglint.refs.enums import member_of
from flaglint.refs.fields import default_of_field, fields_of
from flaglint.refs.match import Match
from flaglint.refs.values import (
    Argued,
    Class,
    Frame,
    Items,
    Known,
    Pairs,
    Place,
    Str,
    Value,
    options,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from flaglint.refs.collect import Collected
    from flaglint.refs.index import SpecIndex
    from flaglint.refs.program import UnitRef
    from flaglint.refs.resolve import Resolver
    from flaglint.refs.spec import Declaration


_ADDING = frozenset({"update", "setdefault"})  # methods of a dictionary


class Declarations:
    """Collects what declares or sets a flag without being a call of its own."""

    def __init__(
        self, resolver: Resolver, index: SpecIndex, collected: Collected, may_hold: Callable[[UnitRef], bool]
    ) -> None:
        """`may_hold` says whether what is looked into may be a dictionary of flags anywhere in a unit."""
        self.resolver = resolver
        self.index = index
        self.collected = collected
        self.may_hold = may_hold

    def unit(self, unit: UnitRef) -> None:
        """Collect the stores, displays and class attributes of one unit that declare or read flags."""
        adding = [site for site in unit.facts.sites if site.head in _ADDING]
        if (adding or unit.facts.stores) and self.may_hold(unit):
            for site in adding:
                self.added(unit, site)
            for store in unit.facts.stores:
                self.store(unit, store)
        for number in range(len(unit.facts.scopes)):
            self.bindings(unit, number)

    def store(self, unit: UnitRef, store: ir.Store) -> None:
        """Collect what `FEATURES["k"] = value` does: an override in a test, a declaration elsewhere."""
        if not isinstance(store.target, ir.Subscript):
            return
        frame = Frame(Place(unit, store.scope))
        if is_display(store.target.base, frame):
            return  # no dictionary of an SDK's, whatever is put into it
        for base in options(self.resolver.value(store.target.base, frame)):
            if not isinstance(base, Known):
                continue
            in_test = unit.view.is_test
            specs = [sdk for sdk, _ in self.index.dictionaries.get(base.name, ())]
            specs += [sdk for sdk, spec in self.index.declared.get(base.name, ()) if base.name in spec.dictionaries]
            for sdk in specs[:1]:
                key = self.resolver.value(store.target.index, frame)
                self.collected.plain(
                    unit,
                    store.start,
                    store.end,
                    Match(
                        Kind.OVERRIDE if in_test else Kind.DECLARATION,
                        sdk,
                        key,
                        ValueType.UNKNOWN,
                        default=Argued(store.value, frame),
                    ),
                    scope=store.scope,
                    role="assignment",
                )

    def added(self, unit: UnitRef, site: ir.Site) -> None:
        """Collect the keys that `DEFAULTS.update({...}, KEY=...)` and `setdefault` add to a dictionary of flags."""
        call = site.expr
        if not isinstance(call, ir.Call) or not isinstance(call.func, ir.Attribute) or not call.args:
            return
        frame = Frame(Place(unit, site.scope))
        if is_display(call.func.base, frame):
            return
        for base in options(self.resolver.value(call.func.base, frame)):
            for sdk, spec in self.index.declared.get(base.name, ()) if isinstance(base, Known) else ():
                if not spec.dictionaries:
                    continue
                if site.head == "setdefault":
                    key = self.resolver.value(call.args[0].value, frame)
                    self.added_key(unit, site, sdk, key, call.args[1].value if len(call.args) > 1 else None)
                    continue
                for argument in call.args:
                    if argument.keyword:
                        self.added_key(unit, site, sdk, Str((argument.keyword,)), argument.value)
                    else:
                        self.declared_collection(unit, sdk, argument.value, frame)

    def added_key(self, unit: UnitRef, site: ir.Site, sdk: str, key: Value, default: ir.Expr | None) -> None:
        """Collect one key that a call adds to a dictionary of flags."""
        frame = Frame(Place(unit, site.scope))
        argued = Argued(default, frame) if default is not None else None
        found = Match(Kind.DECLARATION, sdk, key, ValueType.UNKNOWN, default=argued)
        self.collected.plain(unit, site.start, site.end, found, scope=site.scope, role="assignment")

    def extended(self, unit: UnitRef, name: str, value: ir.Expr | None) -> list[tuple[str, Declaration]]:
        """Return whose flags a module adds to that binds the same name anew: `FEATURES = {**FEATURES, "k": True}`."""
        if not isinstance(value, ir.Mapping) or name not in self.index.last_words:
            return []
        spread = [part for key, part in value.pairs if key is None]
        itself = any(isinstance(part, ir.Name) and part.id == name for part in spread)
        bases = {f"{module}.{name}" for module in self.origins(unit, name)} if itself else set()
        for part in spread:
            found = options(self.resolver.value(part, Frame(Place(unit, 0))))
            bases.update(base.name for base in found if isinstance(base, Known))
        return [found for base in sorted(bases) for found in self.index.declared.get(base, ()) if found[1].dictionaries]

    def origins(self, unit: UnitRef, name: str) -> Iterator[str]:
        """Yield the modules from which a module may have imported a name that it then binds itself."""
        view = unit.view
        yield from (view.absolute(star) for star in view.stars)
        for _, binding in view.binders(name):
            if isinstance(binding, ir.Imported) and binding.name == name:
                yield view.absolute(binding)

    def bindings(self, unit: UnitRef, number: int) -> None:
        """Collect the keys that a binding declares, and the class attributes that a base class reads."""
        scope = unit.facts.scopes[number]
        is_class = scope.kind == "class"
        if is_class and unit.member < 0 and unit.unit.members and number:
            return  # the members are units of their own
        if is_class:
            owner = Class(body_place(unit, number))
            for name, bindings in scope.bindings.items():
                for binding in bindings:
                    if isinstance(binding, ir.Assigned):
                        self.class_binding(unit, owner, name, binding)
        elif scope.kind == "unit":
            for name, bindings in scope.bindings.items():
                declared = self.index.declared.get(f"{unit.view.name}.{name}", ())
                for binding in bindings:
                    value = binding.value if isinstance(binding, ir.Assigned) else None
                    for sdk, spec in declared or self.extended(unit, name, value):
                        if value is not None and not spec.calls:
                            self.declared_collection(unit, sdk, value, Frame(Place(unit, 0)))

    def declared_collection(self, unit: UnitRef, sdk: str, value: ir.Expr, frame: Frame) -> None:
        """Collect the keys of a dictionary or list that declares flags."""
        match value:
            case ir.Mapping():
                for (key, default), (start, end) in zip(value.pairs, value.offsets, strict=False):
                    if key is None:
                        self.declared_collection(unit, sdk, default, frame)
                        continue
                    found = Match(
                        Kind.DECLARATION,
                        sdk,
                        self.resolver.value(key, frame),
                        ValueType.UNKNOWN,
                        default=Argued(default, frame),
                    )
                    self.collected.plain(unit, start, end, found, role="dict-key")
                if not value.offsets:
                    for _, part in value.pairs:
                        self.declared_collection(unit, sdk, part, frame)
            case ir.Sequence() if value.offsets:
                for item, (start, end) in zip(value.items, value.offsets, strict=False):
                    value_of_item = self.resolver.value(item.value if isinstance(item, ir.Spread) else item, frame)
                    for option in options(value_of_item):
                        declared = Match(Kind.DECLARATION, sdk, _first(option), ValueType.UNKNOWN)
                        self.collected.plain(unit, start, end, declared, role="element")
            case ir.Sequence() | ir.Call() | ir.Name() | ir.Comprehension():
                self.declared_items(unit, sdk, value, frame)

    def declared_items(self, unit: UnitRef, sdk: str, value: ir.Expr, frame: Frame) -> None:
        """Collect the keys of a list, of tuples that begin with a key, or of a dictionary made by a call."""
        if isinstance(value, ir.Name):
            return  # the other name is bound to a display somewhere; that one declares
        for option in options(self.resolver.value(value, frame)):
            keys: list[Value] = []
            if isinstance(option, Items):
                keys = [_first(item) for item in option.values]
            elif isinstance(option, Pairs):
                keys = [key for key, _ in option.values]
            for key in keys:
                self.collected.plain(unit, 0, 0, Match(Kind.DECLARATION, sdk, key, ValueType.UNKNOWN), role="element")

    def class_binding(self, unit: UnitRef, owner: Class, name: str, binding: ir.Assigned) -> None:
        """Collect a class attribute that a base class reads as a key, or an enum member that declares one."""
        if owner.place.qualname in self.index.declared and not name.startswith("_"):
            for sdk, spec in self.index.declared[owner.place.qualname]:
                if spec.enums:
                    value = self.resolver.classes.own_member(owner, name)
                    member = member_of(self.resolver.classes, owner, name, value) if value is not None else None
                    value = member.value if member is not None and member.is_text else value
                    for option in options(value) if value is not None else ():
                        found = Match(Kind.DECLARATION, sdk, _first(option), ValueType.UNKNOWN)
                        self.collected.plain(unit, binding.start, binding.end, found, role="enum-member")
            self.field(unit, owner.place.qualname, name, binding)
        for match in self.attribute_reads(owner, name, binding, unit):
            self.collected.plain(unit, binding.start, binding.end, match, scope=binding.scope, role="class-attribute")

    def field(self, unit: UnitRef, qualname: str, name: str, binding: ir.Assigned) -> None:
        """Collect a field of a model that declares a flag."""
        sdk = self.index.model(qualname)
        if sdk is None or not any(found is binding for _, found in fields_of(unit.facts.scopes[binding.scope])):
            return
        default = default_of_field(binding)
        argued = Argued(default, Frame(Place(unit, binding.scope))) if default is not None else None
        found = Match(Kind.DECLARATION, sdk, Str((name,)), ValueType.UNKNOWN, default=argued)
        self.collected.plain(unit, binding.start, binding.end, found, role="field")

    def attribute_reads(self, owner: Class, name: str, binding: ir.Assigned, unit: UnitRef) -> Iterator[Match]:
        """Yield the reads that setting a class attribute causes."""
        packed = self.index.attributes.get(name, ())
        if not packed:
            return
        value = self.resolver.value(binding.value, Frame(Place(unit, binding.scope)))
        _, *above = self.resolver.classes.lineage(owner)
        bases = {base.name if isinstance(base, Known) else base.place.qualname for base in above}
        for sdk, spec in packed:
            if bases & set(spec.bases):
                yield from _prefixed(sdk, spec.inverted_by_prefix, value)


def _prefixed(sdk: str, prefix: str, value: Value) -> Iterator[Match]:
    """Yield the reads of keys in a class attribute, a leading mark taken as inversion."""
    found = [item for option in options(value) for item in (option.values if isinstance(option, Items) else [option])]
    for option in found:
        text = option.text if isinstance(option, Str) else None
        if text is None:
            continue
        inverted = bool(prefix) and text.startswith(prefix)
        yield Match(Kind.READ, sdk, Str((text.removeprefix(prefix) if inverted else text,)), inverted=inverted)


def _first(value: Value) -> Value:
    """Return the key of a tuple that begins with one, or the value itself."""
    return value.values[0] if isinstance(value, Items) and value.values else value
