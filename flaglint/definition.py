"""What a registry says: flags, rules, segments and prerequisites, as they stand in its files, with their places.

Plain, picklable data like `model`, apart from it because only the registry, the evaluator and what proves or edits
flags need it. Times are UTC seconds since the epoch; dates are calendar days in UTC.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, TypeAlias, overload

from flaglint.model import Label, Position, Span, ValueType
from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import date

    from flaglint.model import JsonValue


# Systems in which whether a flag is on, and which value it has, are two things: a boolean read fits every flag.
SEPARATE_SWITCH = frozenset(
    {
        "edx-toggles",
        "featurevisor",
        "flagsmith",
        "growthbook",
        "harness",
        "optimizely",
        "posthog",
        "split",
        "statsig",
        "unleash",
        "waffle",
    }
)


@dataclass(frozen=True, slots=True)
class Variant:
    """A named value that a flag can serve."""

    name: str
    value: JsonValue
    span: Span


@dataclass(frozen=True, slots=True)
class Compare:
    """One test on one attribute of the context.

    `operator` is one of equals, in, not_in, not, starts_with, ends_with, contains, gt, gte, lt, lte, semver, exists;
    `operand` a scalar, or a tuple for `in` and `not_in`.
    """

    attribute: str
    operator: str
    operand: bool | int | float | str | tuple[bool | int | float | str, ...]
    span: Span


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every condition is."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when at least one condition is."""

    conditions: tuple[Condition, ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True when the condition is false."""

    condition: Condition


Condition: TypeAlias = Compare | AllOf | AnyOf | Not


@dataclass(frozen=True, slots=True)
class Serve:
    """Serve one variant."""

    variant: str


@dataclass(frozen=True, slots=True)
class Split:
    """Serve one of several variants by bucket; the weights are relative integers, in the order of the file."""

    weights: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Ramp:
    """Move linearly from `percent[0]` at `start` to `percent[1]` at `until` for the variant `to`, else off."""

    to: str
    percent: tuple[float, float]
    start: int
    until: int


Outcome: TypeAlias = Serve | Split | Ramp


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a flag: when it matches, its outcome decides. `segments` is any of; window is `[start, until)`."""

    outcome: Outcome
    span: Span
    segments: tuple[str, ...] = ()
    when: Condition | None = None
    start: int | None = None
    until: int | None = None

    @property
    def is_unconditional(self) -> bool:
        """Whether every context matches at every time."""
        return not self.segments and self.when is None and self.start is None and self.until is None


@dataclass(frozen=True, slots=True)
class Kill:
    """The flag is switched off, above every rule."""

    span: Span
    since: date | None = None
    by: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class EnvironmentRules:
    """What one environment says of a flag; None where it leaves the flag's own rules alone."""

    name: str
    span: Span
    rules: tuple[Rule, ...] | None = None
    kill: Kill | None = None
    off_variant: str | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """A prerequisite: the parent flag must serve one of `variants`."""

    key: str
    variants: tuple[str, ...]
    span: Span


class FieldSpans(Sequence[tuple[str, Span]]):
    """The places of a flag's fields, in the order of the file; made when somebody asks.

    A registry of a thousand flags has thirty thousand of them, and most runs look at none. Until then they are lines
    of start line, start column, end line, end column and field with spaces between.
    """

    __slots__ = ("lines", "path")

    def __init__(self, path: str, lines: str) -> None:
        self.path = path
        self.lines = lines

    @classmethod
    def of(cls, path: str, places: Iterable[tuple[str, tuple[int, int], tuple[int, int]]]) -> FieldSpans:
        """Return the places of one file, given as field, start and end; a field whose name holds a control character,
        as only the name of a variant, a parent or a link can, has none.
        """
        return cls(
            path,
            "\n".join(
                f"{start[0]} {start[1]} {end[0]} {end[1]} {name}" for name, start, end in places if name.isprintable()
            ),
        )

    def __iter__(self) -> Iterator[tuple[str, Span]]:
        """Yield each field with the place of its value."""
        for line in self.lines.split("\n") if self.lines else ():
            first, second, third, fourth, name = line.split(" ", 4)
            start, end = Position(int(first), int(second)), Position(int(third), int(fourth))
            yield name, Span(self.path, start, end)

    @overload
    def __getitem__(self, index: int) -> tuple[str, Span]: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[tuple[str, Span]]: ...
    def __getitem__(self, index: int | slice) -> tuple[str, Span] | Sequence[tuple[str, Span]]:
        """Return one of the pairs, or several."""
        return list(self)[index]

    def __len__(self) -> int:
        """Return how many fields have a place."""
        return self.lines.count("\n") + 1 if self.lines else 0

    def __eq__(self, other: object) -> bool:
        """Whether two flags have the same fields at the same places."""
        return isinstance(other, FieldSpans) and (self.path, self.lines) == (other.path, other.lines)

    def __hash__(self) -> int:
        """Return the hash of the places."""
        return hash((self.path, self.lines))

    def __repr__(self) -> str:
        """Return the places as they are given to `FieldSpans`."""
        return f"FieldSpans({self.path!r}, {self.lines!r})"


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag as its registry defines it, with the places of what was written.

    `problems` tells that the entry is broken: its key is defined, its verdict is `Unknown`. `format` is `native`, the
    name of a foreign format, or `python` for a flag declared in code; `payload` is what a foreign format needs to be
    evaluated or proven, plain data.
    """

    key: str
    span: Span  # the whole entry
    key_span: Span
    format: str = "native"
    value_type: ValueType = ValueType.BOOLEAN
    description: str = ""
    type: str = ""  # release | experiment | ops | kill-switch | permission, or empty
    owner: str = ""
    created: date | None = None
    expires: date | None = None
    permanent: str = ""  # the reason; empty when the flag is temporary
    is_permanent: bool = False  # marked permanent, whether or not a reason was given
    links: tuple[tuple[str, str], ...] = ()
    release_note: str = ""
    tags: tuple[str, ...] = ()
    variants: tuple[Variant, ...] = ()
    off_variant: str = ""
    needs: tuple[Need, ...] = ()
    bucket_by: str = "targetingKey"
    salt: str = ""  # the key when the registry does not write one
    kill: Kill | None = None
    rules: tuple[Rule, ...] = ()
    environments: tuple[EnvironmentRules, ...] = ()
    archived: bool = False
    problems: bool = False
    field_spans: Sequence[tuple[str, Span]] = ()  # (dotted field, place of its value), in the order of the file
    environment: str = ""  # a foreign file that holds one environment only
    payload: JsonValue = None

    def place(self, field: str) -> Span | None:
        """Return where the value of a field stands (`owner`, `rules.0.serve`, `environments.staging.kill`), or None."""
        return next((span for name, span in self.field_spans if name == field), None)


@dataclass(frozen=True, slots=True)
class Segment:
    """A named condition; references to other segments are kept as names."""

    name: str
    span: Span
    when: Condition | None = None
    segments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Attribute:
    """A declared attribute of the context. `kind` is string, integer, number, boolean, list or enum."""

    name: str
    kind: str
    span: Span
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Tombstone:
    """A key that was removed and must never be used again."""

    key: str
    span: Span
    date: date | None = None
    issue: str = ""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong in a registry: the code of the rule that reports it, and what to say.

    `breaks`: nobody knows what was meant, so an evaluator refuses the registry. Without it (a missing parent, a weight
    of zero, an attribute that is not declared) what is served is defined all the same.
    """

    code: str
    message: str
    span: Span
    key: str = ""
    help: str = ""
    related: tuple[Label, ...] = ()
    breaks: bool = True


@dataclass(frozen=True, slots=True)
class Registry:
    """All flag definitions of a project, joined from its files."""

    flags: tuple[Flag, ...] = ()
    segments: tuple[Segment, ...] = ()
    attributes: tuple[Attribute, ...] = ()
    environments: tuple[str, ...] = ("default",)
    critical: tuple[str, ...] = ("default",)
    bucketing: str = "flagd-v2"
    tombstones: tuple[Tombstone, ...] = ()
    problems: tuple[Problem, ...] = ()
    paths: tuple[str, ...] = ()  # the files it was read from, in order
    declares_attributes: bool = False
