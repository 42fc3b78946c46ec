"""What a removal comes to: edits per file, what became of each read, and what is left for a person to look at.

Reason codes are stable: scripts may rely on them. docs/removal.md says what each means.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

from flaglint.records import dataclass, field

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.model import Edit, Reference, Span
    from flaglint.remove.kept import Kept


class Status(StrEnum):
    """What became of a read."""

    FOLDED = "folded"  # the flag is gone, and so is the value
    KEPT = "kept"  # the flag is gone, and the value stands as a literal
    REFUSED = "refused"  # nothing was done


@dataclass(frozen=True, slots=True)
class ReadOutcome:
    """What became of one read, with the reason code and a sentence unless it was folded away."""

    reference: Reference
    status: Status
    code: str = ""
    sentence: str = ""


@dataclass(frozen=True, slots=True)
class Leftover:
    """Something that a person should look at. The span is in the file as it was."""

    span: Span
    code: str
    sentence: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A file before and after. `edits` are in byte offsets of `before`; `after` None: the file goes."""

    path: str
    before: bytes
    after: bytes
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Plan:
    """A removal that was verified but not written. `pins` say which value of each flag is kept."""

    pins: Mapping[str, Kept]
    reads: tuple[ReadOutcome, ...] = ()
    leftovers: tuple[Leftover, ...] = ()
    changes: tuple[Change, ...] = ()
    unused_keys: frozenset[str] = field(default_factory=frozenset)  # keys of which no reference is left in code

    @cached_property
    def refused(self) -> tuple[ReadOutcome, ...]:
        """The reads that stay as they are."""
        return tuple(item for item in self.reads if item.status is Status.REFUSED)

    @cached_property
    def edits(self) -> tuple[Edit, ...]:
        """All edits, by path and place."""
        return tuple(edit for change in self.changes for edit in change.edits)

    @property
    def removable(self) -> str:
        """How many reads can be taken out: `5 of 6 reads`."""
        total = len(self.reads)
        return f"{total - len(self.refused)} of {total} {'read' if total == 1 else 'reads'}"
