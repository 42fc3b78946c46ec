"""What the recogniser says of an expression, and of a function that reads flags for its callers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flaglint.model import Confidence, Kind, ValueType
from flaglint.records import dataclass, field
from flaglint.refs.spec import PROJECT
from flaglint.refs.values import Flagged, Member, one_of, options, strings

if TYPE_CHECKING:
    from collections.abc import Callable

    from flaglint.refs import ir
    from flaglint.refs.values import Argued, Hole, Place, Value


@dataclass(frozen=True, slots=True)
class Match:
    """What an expression does with a flag. `is_candidate`: only if the key turns out to be registered or declared."""

    kind: Kind
    sdk: str
    key: Value
    returns: ValueType = ValueType.BOOLEAN
    inverted: bool = False
    default: Argued | None = field(default=None, compare=False)
    via: tuple[str, ...] = ()
    confidence: Confidence = Confidence.CERTAIN
    is_candidate: bool = False
    many: bool = False
    wrapper: Place | None = None
    is_fixed: bool = False  # through a wrapper with a fixed key: the key is not spelled here
    is_mixed: bool = False  # through a wrapper that does more than return the read
    is_coroutine: bool = False  # the call gives something to await
    asked: ir.Expr | None = field(default=None, compare=False)  # what gives the key, in the call of an SDK
    ask: Callable[[], Value] | None = field(default=None, compare=False)  # asks again for what gives it

    @property
    def holes(self) -> tuple[Hole, ...]:
        """What a caller has to fill before the key is known."""
        return tuple(hole for option in strings(self.key) if option is not None for hole in option.holes)


def declaration_of(flagged: Flagged) -> Match:
    """Return the declaration that constructing a flag object is."""
    return Match(
        Kind.DECLARATION,
        flagged.sdk,
        flagged.key,
        ValueType.UNKNOWN,
        default=flagged.default,
        via=("flag object",),
    )


def flag_of(value: Value) -> Flagged | None:
    """Return the flag object that a value is, also as what a member of an enumeration stands for."""
    held = value.value if isinstance(value, Member) else value
    return held if isinstance(held, Flagged) else None


def keyed(value: Value, sdk: str) -> tuple[Value, Argued | None]:
    """Return the keys of what a read is asked for, and a default: a flag object that it takes stands for its key."""
    flags = [flag_of(option) for option in options(value)]
    if not any(flags):
        return value, None
    own = [flag if flag is not None and sdk in {flag.sdk, PROJECT} else None for flag in flags]
    keys = (flag.key if flag else option for flag, option in zip(own, options(value), strict=True))
    return one_of(keys), own[0].default if len(own) == 1 and own[0] else None


@dataclass(frozen=True, slots=True)
class Summary:
    """What a function reads for its callers."""

    parametric: tuple[tuple[ir.Expr, Place, Match], ...] = ()
    fixed: tuple[Match, ...] = ()  # several when what it calls reads several flags, or one in several ways
