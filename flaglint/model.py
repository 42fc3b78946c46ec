"""The types that cross the stages: frozen dataclasses of plain, picklable data, standard library only.

Lines and columns are 1-based and count code points; the end of a span is exclusive. Byte offsets (`Edit`) are 0-based.
Paths are relative to the project root, with `/`. Times are UTC seconds since the epoch; dates are calendar days in UTC.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum
from functools import cache
from typing import TYPE_CHECKING, TypeAlias
from typing import Literal as OneWordOf

from flaglint.records import dataclass

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

JsonValue: TypeAlias = "bool | int | float | str | list[JsonValue] | dict[str, JsonValue] | None"

# ---------------------------------------------------------------------------------------------------------- places


@dataclass(frozen=True, slots=True, order=True)
class Position:
    """A place in a text: 1-based line, 1-based column in code points."""

    line: int
    column: int


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A stretch of one file, end exclusive."""

    path: str
    start: Position
    end: Position

    def __str__(self) -> str:
        """Return `path:line:column` of the start, as terminals and editors link it."""
        return f"{self.path}:{self.start.line}:{self.start.column}"

    def as_data(self) -> dict[str, str | int]:
        """Return it as the JSON formats have it: `path`, `line`, `column`, `end_line` and `end_column`."""
        return {
            "path": self.path,
            "line": self.start.line,
            "column": self.start.column,
            "end_line": self.end.line,
            "end_column": self.end.column,
        }


@dataclass(frozen=True, slots=True)
class Label:
    """A second place that explains a finding, with the words to print beside it."""

    span: Span
    message: str


# ------------------------------------------------------------------------------------------------------------ keys


@dataclass(frozen=True, slots=True, order=True)
class Literal:
    """A key that is known to the letter."""

    key: str


@dataclass(frozen=True, slots=True, order=True)
class OneOf:
    """One of several known keys, sorted: a loop over a list, a conditional expression."""

    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Pattern:
    """A key of which parts are known: text, or None where anything may stand. `f"ui-{name}"` is `("ui-", None)`."""

    parts: tuple[str | None, ...]

    @property
    def glob(self) -> str:
        """The pattern with `*` for each unknown part, as it is shown to people."""
        return "".join("*" if part is None else part for part in self.parts)

    @property
    def has_literal_part(self) -> bool:
        """Whether any text of the key is known; without it the pattern says nothing."""
        return any(self.parts)

    def matches(self, key: str) -> bool:
        """Whether `key` can be spelled by this pattern; an unknown part stands for any text, also none."""
        position = 0
        floating = False
        for index, part in enumerate(self.parts):
            if part is None:
                floating = True
                continue
            if floating and index == len(self.parts) - 1:
                return key.endswith(part) and len(key) - len(part) >= position
            found = key.find(part, position) if floating else (position if key.startswith(part, position) else -1)
            if found < 0:
                return False
            position = found + len(part)
            floating = False
        return floating or position == len(key)


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing can be said, and why. A key that could not be resolved, or a verdict that could not be reached."""

    why: str = ""


Key: TypeAlias = Literal | OneOf | Pattern | Unknown


def keys_in(key: Key) -> tuple[str, ...]:
    """Return the keys that a key names to the letter."""
    return (key.key,) if isinstance(key, Literal) else key.keys if isinstance(key, OneOf) else ()


# ------------------------------------------------------------------------------------------------------ references


class Kind(StrEnum):
    """What a reference does with the flag."""

    READ = "read"
    DECLARATION = "declaration"
    OVERRIDE = "override"
    MENTION = "mention"  # a constant that holds the key, an entry of a list of keys
    TEXT = "text"  # in a file that is not Python


class Confidence(StrEnum):
    """How sure the analysis is that a reference is one."""

    CERTAIN = "certain"
    LIKELY = "likely"
    POSSIBLE = "possible"


class ValueType(StrEnum):
    """What a read returns."""

    BOOLEAN = "boolean"
    STRING = "string"
    INTEGER = "integer"
    FLOAT = "float"
    OBJECT = "object"
    VARIANT = "variant"  # the name of a variant, or a variant object
    VALUE = "value"  # a value of the flag's own type
    DETAILS = "details"  # an object with the value and the reason
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Default:
    """The fallback that a read passes: its source text, and its value where that is a literal."""

    text: str
    known: bool = False
    value: JsonValue = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One place where a flag is read, declared, overridden or mentioned.

    `span` is that of the expression that is read (the call, the subscript, the attribute). `role` is the syntactic
    place of a read (`if-test`, `argument`, ...); `via` the steps that resolved the key and the receiver, outermost
    first; `traits` say what else matters: `in-loop`, `at-import`, `inverted`, `awaited`, `batch`, `guarded-by:KEY`,
    `open-key` (it may have another key, too, which nobody can tell),
    `fixed-wrapper` (a call of what reads one flag for all callers), `spelled-elsewhere` (no key is passed here),
    `mixed-wrapper` (it calls something that does more than return the read), `coroutine` (the call gives something
    to await). `notes` are what the comments beside a declaration say of the flag: (field of a flag, text).
    """

    key: Key
    span: Span
    kind: Kind
    role: str = "expression"
    qualname: str = ""
    sdk: str = ""
    via: tuple[str, ...] = ()
    confidence: Confidence = Confidence.CERTAIN
    default: Default | None = None
    value_type: ValueType = ValueType.UNKNOWN
    is_test: bool = False
    language: str = "python"
    compared_with: tuple[JsonValue, ...] = ()
    traits: frozenset[str] = frozenset()
    related: tuple[Label, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()


def in_order(references: Iterable[Reference]) -> tuple[Reference, ...]:
    """Return references by place, kind, key and SDK: in one order, whatever they were found in."""
    shown = cache(str)  # what a key is shown as; many references are of one

    def rank(item: Reference) -> tuple[str, int, int, int, int, Kind, str, str]:  # numbers compare faster than spans
        span, start, end = item.span, item.span.start, item.span.end
        return span.path, start.line, start.column, end.line, end.column, item.kind, shown(item.key), item.sdk

    return tuple(sorted(references, key=rank))


@dataclass(frozen=True, slots=True)
class Wrapper:
    """A function, method, property or lambda that was inferred to read a flag for its callers."""

    qualname: str
    span: Span
    sdk: str
    parameter: str  # the parameter that carries the key; empty when the key is fixed
    key: Key  # the fixed key, or Unknown when it is a parameter
    via: tuple[str, ...]
    value_type: ValueType = ValueType.BOOLEAN


@dataclass(frozen=True, slots=True)
class ParseFailure:
    """A statement that does not parse, with the parser's own words."""

    span: Span
    message: str
    mentions: frozenset[str] = frozenset()  # words of interest (SDK names, keys) that the statement holds


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that was not, or not wholly, looked at, and why. `unreadable`: not even its bytes are known."""

    path: str
    reason: str
    unreadable: bool = False


# --------------------------------------------------------------------------------------------- verdicts, readiness


@dataclass(frozen=True, slots=True)
class Constant:
    """The flag serves this value to every context from now on. `since`/`from_time`: when that began or will begin."""

    variant: str | None  # None when several variants carry the same value
    value: JsonValue
    reason: str
    since: date | None = None
    switch: bool | None = None  # whether it is on, in systems where that is not simply what the value says


@dataclass(frozen=True, slots=True)
class Varies:
    """Different contexts can get different values, and why; `forecast` is the day from which one value is certain."""

    why: str
    forecast: date | None = None
    forecast_variant: str | None = None


@dataclass(frozen=True, slots=True)
class CodeDefault:
    """Each read gets the default that it passes itself."""

    reason: str = ""


Verdict: TypeAlias = Constant | Varies | CodeDefault | Unknown


@dataclass(frozen=True, slots=True)
class Readiness:
    """How safe it is to remove a flag now, with a sentence for each reason."""

    level: OneWordOf["safe", "caution", "blocked"]
    reasons: tuple[str, ...] = ()


# -------------------------------------------------------------------------------------------------------- findings


class Severity(IntEnum):
    """How bad a finding is; comparable, error is highest."""

    INFORMATION = 1
    WARNING = 2
    ERROR = 3

    @property
    def word(self) -> str:
        """The lower-case name that is printed and configured."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule has to say about a place."""

    code: str
    severity: Severity
    message: str
    primary: Span
    key: str = ""
    related: tuple[Label, ...] = ()
    help: str = ""
    confidence: Confidence = Confidence.CERTAIN
    qualname: str = ""


@dataclass(frozen=True, slots=True)
class FileCounts:
    """How many files were seen, held bytes worth a second look, and were parsed."""

    seen: int = 0
    screened: int = 0
    parsed: int = 0


@dataclass(frozen=True, slots=True)
class CheckResult:
    """What a check found, and what it did not look at."""

    findings: tuple[Finding, ...]
    suppressed: tuple[Finding, ...] = ()
    baselined: tuple[Finding, ...] = ()
    files: FileCounts = FileCounts()
    skipped: tuple[Skipped, ...] = ()
    notes: tuple[str, ...] = ()  # what the reader must know, such as a band of rules that did not run
    stale: tuple[str, ...] = ()  # entries of the baseline that nothing matches any more


# ----------------------------------------------------------------------------------------------------------- edits


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Replace the bytes `[start, end)` of a file by `text`."""

    path: str
    start: int
    end: int
    text: bytes


def edited(data: bytes, edits: Iterable[Edit]) -> bytes:
    """Return some bytes with edits of them made, of which no two overlap."""
    pieces, position = [], 0
    for edit in sorted(edits):
        pieces += [data[position : edit.start], edit.text]
        position = edit.end
    return b"".join([*pieces, data[position:]])
