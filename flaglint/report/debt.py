"""What a report says: the debt of each flag, of each owner, and how both moved; plain data that every format shows.

Days are calendar days in UTC. Texts are as they stand in the project: a format escapes them, nobody before.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from flaglint.model import Readiness

NOBODY = ""  # the owner of a flag that nobody owns


class State(StrEnum):
    """What a flag serves wherever it matters, in one word for a chart and a column."""

    ROLLED_OUT = "rolled out"  # one value, and it is not off
    OFF = "off"  # one value, and it means that the feature is off
    KILLED = "killed"
    IN_ROLLOUT = "in rollout"  # different contexts get different values
    CODE_DEFAULT = "code default"  # each read gets the default that it passes
    UNKNOWN = "unknown"
    PERMANENT = "permanent"  # meant to stay, whatever it serves


@dataclass(frozen=True, slots=True)
class Term:
    """One term of a score: its name, its points, and the fact that they are for."""

    name: str
    points: float
    fact: str


@dataclass(frozen=True, slots=True)
class Due:
    """Why a flag should go now: the code of the lint rule that says so, and its sentence without the key."""

    code: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Served:
    """What a flag serves in one environment, in words, and since when that is so."""

    environment: str
    words: str
    since: date | None = None
    critical: bool = True
    source: str = ""  # who tells the day: `registry` or `history`


@dataclass(frozen=True, slots=True)
class Place:
    """A place that mentions a flag, and what it does there."""

    path: str
    line: int
    kind: str
    role: str = ""

    def __str__(self) -> str:
        """Return `path:line`; the path alone where a format cannot tell the line."""
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True)
class Code:
    """What dies with a flag when it is removed, by the plan of its removal; None where there is no plan."""

    statements: int
    branches: int
    lines: int  # how many lines fewer there are, tests and registry left out
    removable: str = ""  # `5 of 6 reads`
    by_hand: int = 0  # reads and places that the codemod leaves to a person


@dataclass(frozen=True, slots=True, kw_only=True)
class FlagDebt:
    """Everything that a report says of one flag."""

    key: str
    registered: bool = True
    is_broken: bool = False  # its entry in the registry is, so nothing else of it is sure
    type: str = ""
    description: str = ""
    format: str = ""
    defined_at: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    owner: str = NOBODY
    owner_source: str = ""  # registry | CODEOWNERS | last authors
    code_owners: tuple[str, ...] = ()  # who owns the files in which it is read
    permanent: str = ""  # why it is meant to stay; empty for a temporary flag
    state: State = State.UNKNOWN
    served: tuple[Served, ...] = ()
    created: date | None = None
    created_source: str = ""  # registry | history | first read
    created_by: str = ""
    age: int | None = None  # days
    lifetime: int = 0  # days that flags of its type should live; 0 is no limit
    expires: date | None = None
    overdue: int = 0  # days past its expiry, else past its lifetime
    due: tuple[Due, ...] = ()  # why it should go now
    kinds: Mapping[str, int] = field(default_factory=dict)  # kind of reference -> how many
    reads: int = 0  # outside of tests
    places: tuple[Place, ...] = ()
    files: tuple[str, ...] = ()  # that read it, tests left out
    packages: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()  # files of tests that read or override it
    texts: tuple[str, ...] = ()  # places outside of Python
    patterns: tuple[str, ...] = ()  # places whose key is put together at run time and may be this one
    nested: tuple[str, ...] = ()  # flags that are read where this one is on
    needs: tuple[str, ...] = ()
    needed_by: tuple[str, ...] = ()
    code: Code | None = None
    last_change: date | None = None
    unread_since: date | None = None  # when the last place in code that spelled the key went
    last_evaluated: date | None = None
    usage: str = ""  # the evidence of use in words, empty without any
    readiness: Readiness
    is_planned: bool = True  # False: the readiness is told by the references alone
    choice: str = ""  # the option of a removal that says which value stays
    command: str = ""
    advice: str = ""  # what the command is for
    benefit: tuple[Term, ...] = ()
    effort: tuple[Term, ...] = ()
    score: float = 0.0
    rank: int = 0

    @property
    def is_temporary(self) -> bool:
        """Whether the flag is meant to go one day."""
        return not self.permanent

    def is_due_by(self, *codes: str) -> bool:
        """Whether one of these rules says that the flag should go."""
        return any(item.code in codes for item in self.due)

    @property
    def effort_points(self) -> float:
        """The sum of the terms of effort."""
        return sum(term.points for term in self.effort)

    @property
    def difficulty(self) -> str:
        """How hard the removal is, in a word: easy, moderate or hard."""
        points = self.effort_points
        return "easy" if points < 2 else "moderate" if points < 4 else "hard"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnerDebt:
    """The flags of one owner in numbers. A budget limits how many temporary flags there may be."""

    owner: str
    flags: int
    temporary: int
    due: int
    overdue: int
    safe: int
    caution: int
    blocked: int
    statements: int
    budget: int | None = None

    @property
    def is_over_budget(self) -> bool:
        """Whether the owner has more temporary flags than allowed."""
        return self.budget is not None and self.temporary > self.budget


@dataclass(frozen=True, slots=True)
class OverBudget:
    """A budget that is exceeded, in a sentence; the owner is None for that of the whole project."""

    owner: str | None
    sentence: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A flag that is not as it was, and the fact that tells."""

    key: str
    owner: str
    fact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """How the flags moved since an earlier report or revision."""

    since: str  # a day, and the revision where there is one
    before: int  # flags at that time
    after: int
    new: tuple[Moved, ...] = ()
    cleaned: tuple[Moved, ...] = ()
    overdue: tuple[Moved, ...] = ()
    worse: tuple[Moved, ...] = ()
    better: tuple[Moved, ...] = ()
    due_before: int = 0
    due_after: int = 0
    reads_before: int = 0
    reads_after: int = 0

    @property
    def net(self) -> int:
        """How many flags more there are; fewer is negative."""
        return self.after - self.before


@dataclass(frozen=True, slots=True)
class Point:
    """How many flags were in each state on a day."""

    day: date
    states: tuple[tuple[State, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The state of a project's flags on one day, flags by rank."""

    project: str
    day: date
    revision: str = ""
    flags: tuple[FlagDebt, ...] = ()
    owners: tuple[OwnerDebt, ...] = ()
    order: tuple[tuple[str, ...], ...] = ()  # which to remove first: each group once those before it are gone
    cycles: tuple[tuple[str, ...], ...] = ()
    trend: tuple[Point, ...] = ()
    comparison: Comparison | None = None
    budgets: tuple[OverBudget, ...] = ()
    notes: tuple[str, ...] = ()  # what could not be known
    files: int = 0
