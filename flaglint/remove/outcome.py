"""What a removal comes to: edits per file, what became of each read, and what is left for a person to look at.

Reason codes are stable: scripts may rely on them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flaglint.model import Edit, Reference, Span
    from flaglint.remove.values import Kept

REASONS: Mapping[str, str] = {
    "batch-read": "several flags are read in one call",
    "bound-override": "a test gives the override a name and may use it",
    "client-wide-mock": "a test replaces the whole client, for every flag",
    "dead-override": "code that is no test sets the value that is not kept",
    "declaration-kept": "a declaration in Python that could not be taken out",
    "dynamic-key": "the key is put together at run time",
    "dynamic-override": "a test sets the flag to something that is not written out",
    "gated-off": "a decorator never lets the function run again",
    "impure-argument": "an argument of the read must still run, and there is no place for it",
    "impure-in-comprehension": "an argument of the read must still run inside a comprehension or lambda",
    "kept-operand": "an operand beside the read must still run where it stands",
    "migration": "a migration is history and never edited: add a new one",
    "mixed-wrapper": "the key is handed to a function that does more than read the flag",
    "named-elsewhere": "a string or a file that is no Python names it",
    "not-awaited": "the result is awaited somewhere else",
    "not-verified": "the result could not be verified, so nothing of it was taken",
    "only-local-binding": "the dead branch holds the only binding of a name that is read later",
    "overridden-method": "a subclass overrides the method through which the flag is read",
    "public-constant": "a public function now returns a constant",
    "registry-kept": "an entry of the registry that could not be taken out",
    "rebound-variable": "a variable that holds the value is bound to something else as well",
    "still-there": "it lost its last use and stays all the same",
    "text-reference": "a file that is no Python names the flag",
    "uncertain-read": "it is not sure that this reads the flag",
    "unknown-shape": "the read or override is used in a way that is not known",
    "unknown-variant": "the name of the variant is read, and is not known",
    "unparsable-file": "the code around it cannot be parsed",
    "value-escapes": "the value is handed on to something that may depend on it",
    "wrapper-kept": "a function that did more than read the flag is still called",
    "separate-switch": "whether it reads that the flag is on, or its value, is not sure",
    "wrong-value-type": "the accessor is for another type, and its default is not known",
}


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
