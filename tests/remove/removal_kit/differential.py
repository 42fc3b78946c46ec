"""One differential run: a random program, its flags removed, and both versions executed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from flaglint.refs import find_references
from flaglint.remove.kept import Kept
from flaglint.remove.outcome import Status
from flaglint.remove.plan import plan
from flaglint.remove.sources import Sources
from flaglint.remove.verify import compiles
from removal_kit.check import PACK
from removal_kit.execution import trace
from removal_kit.modules import Program, program

if TYPE_CHECKING:
    from random import Random

_NOTHING = Sources({})  # what one program was parsed to is known to the next
RETURNS = ((True, False, 0, 1), (False,), (1, "", "x"))  # what the effects give back, in turn


class Outcome(Enum):
    """How a run ended."""

    SAME = "same"
    REFUSED = "refused"  # the same, and some read was left with a reason
    INVALID = "invalid"  # the program that was made up is none
    BROKEN = "broken"  # what came out does not compile
    DIFFERENT = "different"


@dataclass(frozen=True)
class Attempt:
    """The outcome, the reasons of refusals, and both programs for whoever has to look."""

    outcome: Outcome
    reasons: tuple[str, ...] = ()
    story: str = ""


def attempt(random: Random, size: int = 60) -> Attempt:
    """Make up a program, remove its two flags, run it before and after, and compare."""
    made = program(random, size)
    if not _compile(made.files):
        return Attempt(Outcome.INVALID)
    removal = removed(made.files, {"k": Kept(made.enabled), "v": Kept(made.word, made.word)})
    story = f"{made.source}\n----- {made.enabled} {made.word}\n{Program(removal.files, made.enabled, made.word).source}"
    if not _compile(removal.files):
        return Attempt(Outcome.BROKEN, story=story)
    for returns in RETURNS:
        pinned = {"enabled": made.enabled, "word": made.word, "returns": returns}
        if trace(made.files, **pinned) != trace(removal.files, **pinned):
            return Attempt(Outcome.DIFFERENT, story=f"{story}\n----- effects give {returns}")
    return Attempt(Outcome.REFUSED if removal.reasons else Outcome.SAME, removal.reasons, story)


@dataclass(frozen=True)
class Removed:
    """What became of the files of a program, and why reads were refused."""

    files: dict[str, str]
    reasons: tuple[str, ...]


def removed(files: dict[str, str], pins: dict[str, Kept]) -> Removed:
    """Remove flags from a program."""
    contents = {path: text.encode() for path, text in files.items()}
    found = find_references(
        Path("/nonexistent"), list(files), packs=[PACK], keys=["k", "v"], contents=dict(contents), jobs=1
    )
    made = plan(_NOTHING.changed(contents), found.references, pins)
    changed = {change.path: change.after.decode() for change in made.changes}
    reasons = tuple(item.code for item in made.reads if item.status is Status.REFUSED)
    return Removed({**files, **changed}, reasons)


def _compile(files: dict[str, str]) -> bool:
    return all(compiles(path, text) for path, text in files.items())
