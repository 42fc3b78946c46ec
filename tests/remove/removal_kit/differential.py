"""One differential run: a random program, its flags removed, and both versions executed."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from random import Random

from flaglint.refs import find_references
from flaglint.remove.outcome import Status
from flaglint.remove.plan import plan
from flaglint.remove.values import Kept

from removal_kit.check import PACK
from removal_kit.execution import trace
from removal_kit.programs import program

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


def attempt(random: Random) -> Attempt:
    """Make up a program, remove its two flags, run it before and after, and compare."""
    source, enabled, word = program(random)
    if not _compiles(source):
        return Attempt(Outcome.INVALID)
    files = {"program.py": source.encode()}
    found = find_references(
        Path("/nonexistent"), ["program.py"], packs=[PACK], keys=["k", "v"], contents=dict(files), jobs=1
    )
    made = plan(files, found.references, {"k": Kept(enabled), "v": Kept(word, word)})
    after = made.changes[0].after.decode() if made.changes else source
    story = f"{source}\n----- {enabled} {word}\n{after}"
    if not _compiles(after):
        return Attempt(Outcome.BROKEN, story=story)
    for returns in RETURNS:
        pinned = {"enabled": enabled, "word": word, "returns": returns}
        if trace(source, **pinned) != trace(after, **pinned):
            return Attempt(Outcome.DIFFERENT, story=f"{story}\n----- effects give {returns}")
    reasons = tuple(item.code for item in made.reads if item.status is Status.REFUSED)
    return Attempt(Outcome.REFUSED if reasons else Outcome.SAME, reasons, story)


def _compiles(source: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source, "program.py", "exec")
        except SyntaxError:
            return False
    return True
