"""Collects references, and settles at the end of a run what was only likely, by the keys that are then known."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from flaglint.model import (
    Confidence,
    Default,
    Kind,
    Literal,
    OneOf,
    Pattern,
    Reference,
    Span,
    Unknown,
    in_order,
    keys_in,
)
from flaglint.records import dataclass, field, replace
from flaglint.refs import ir
from flaglint.refs.keys import key_of, steps
from flaglint.refs.values import Const, Flagged, Function, Str

if TYPE_CHECKING:
    from flaglint.refs.match import Match
    from flaglint.refs.program import UnitRef
    from flaglint.refs.resolve import Resolver
    from flaglint.refs.values import Argued, PlaceId


_Where: TypeAlias = "tuple[str, int, int, int, int, Kind]"


@dataclass(slots=True)
class Gathered:
    """The references of one run, kept until it is known which of them are ones."""

    certain: list[Reference] = field(default_factory=list)
    candidates: list[Reference] = field(default_factory=list)  # reads, if their key is a flag's
    parametric: list[tuple[PlaceId, Reference]] = field(default_factory=list)  # inner reads of wrappers, by the wrapper
    otherwise: list[Reference] = field(default_factory=list)  # what a candidate with a guessed key is without it
    called: set[PlaceId] = field(default_factory=set)  # wrappers with a call whose key is known

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing that is a reference, or may turn out to be one."""
        return not (self.certain or self.candidates or self.parametric or self.otherwise)

    def add(self, other: Gathered) -> None:
        """Add what was gathered elsewhere."""
        self.certain += other.certain
        self.candidates += other.candidates
        self.parametric += other.parametric
        self.otherwise += other.otherwise
        self.called |= other.called


class Collected:
    """Gathers the references of one run."""

    def __init__(self, resolver: Resolver) -> None:
        self.resolver = resolver
        self.gathered = Gathered()

    def span(self, unit: UnitRef, start: int, end: int) -> Span:
        """Return the span of a stretch of a unit."""
        text = unit.view.text
        return Span(unit.view.path, text.position(unit.unit.start + start), text.position(unit.unit.start + end))

    def plain(self, unit: UnitRef, start: int, end: int, match: Match, *, scope: int = 0, role: str) -> None:
        """Keep a match that stands at no call."""
        key = key_of(match.key)
        if isinstance(key, Unknown):
            return
        reference = Reference(
            key=key,
            span=self.span(unit, start, end),
            kind=match.kind,
            role=role,
            qualname=unit.local_name(scope),
            sdk=match.sdk,
            via=(*match.via, *steps(match.key)) or ("literal",),
            confidence=match.confidence,
            default=default_of(match.default, self.resolver),
            value_type=match.returns,
            is_test=unit.view.is_test,
            traits=frozenset({"inverted"} if match.inverted else ()),
        )
        (self.gathered.candidates if match.is_candidate else self.gathered.certain).append(reference)


def settle(gathered: Gathered, keys: frozenset[str]) -> tuple[Reference, ...]:
    """Return all references, sorted; candidates only where their key is one of `keys` or declared."""
    known = set(keys)
    for reference in gathered.certain:
        if reference.kind is Kind.DECLARATION:
            known.update(keys_in(reference.key))
    found = list(gathered.certain)
    for reference in gathered.candidates:
        wanted = keys_in(reference.key)
        if wanted and known.issuperset(wanted):
            found.append(reference)
    for place, reference in gathered.parametric:
        if place not in gathered.called and isinstance(reference.key, Pattern | Literal | OneOf):
            found.append(reference)
    placed = [(_where(item), item) for item in found]
    settled = {where for where, _ in placed}
    placed += [(where, item) for item in gathered.otherwise if (where := _where(item)) not in settled]
    certain_places = {where for where, item in placed if item.confidence is Confidence.CERTAIN}
    unique: dict[_Where, Reference] = {}
    for where, item in placed:
        if item.confidence is Confidence.CERTAIN or where not in certain_places:
            unique[where] = _merged(unique[where], item) if where in unique else item
    return in_order(unique.values())


def _where(item: Reference) -> _Where:
    """Return the place and kind of a reference, as what is quickly compared."""
    span, start, end = item.span, item.span.start, item.span.end
    return span.path, start.line, start.column, end.line, end.column, item.kind


def _merged(first: Reference, second: Reference) -> Reference:
    """Return one reference for two at the same place: a call of one of several wrappers reads any of their flags."""
    if first.kind not in {Kind.READ, Kind.OVERRIDE} and first.key != second.key:
        return first
    keys = sorted({*keys_in(first.key), *keys_in(second.key)})
    if first.key == second.key or not keys_in(second.key):
        return first
    via = tuple(dict.fromkeys((*first.via, *second.via)))
    return replace(first, key=OneOf(tuple(keys)) if len(keys) > 1 else Literal(keys[0]), via=via)


def default_of(argued: Argued | None, resolver: Resolver) -> Default | None:
    """Return the fallback that a read passes, with its value when that is a literal or a constant."""
    if argued is None:
        return None
    value = resolver.value(argued.expr, argued.frame)
    if argued.is_called and isinstance(value, Function):
        value = resolver.calls.returned(value, ir.Call(argued.expr, ()), argued.frame)
    if isinstance(value, Const):
        return Default(repr(value.value), known=True, value=value.value)
    if isinstance(value, Str) and value.text is not None:
        return Default(repr(value.text), known=True, value=value.text)
    if isinstance(value, Flagged):
        return None
    return Default("<expression>")
