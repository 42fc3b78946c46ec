"""Holds verdicts against what a vendor's engine serves: random registries, random contexts, nothing outside the proof.

A few documents with fixed seeds are tried in each run; FLAGLINT_VENDOR_DOCUMENTS says how many. The figures are printed
(pytest -s): evaluations, and how many of the flags that served one value throughout were proven to.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any, Final

import pytest

from flaglint.evaluator.proof import verdicts
from flaglint.model import CodeDefault, Constant
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

DOCUMENTS: Final = int(os.environ.get("FLAGLINT_VENDOR_DOCUMENTS", "12"))
DEFAULT: Final = "the default that the code passes"


@dataclass
class Tally:
    """What was tried, and what came of it."""

    evaluations: int = 0
    flags: int = 0
    single: int = 0  # flags that served one value to every context tried
    proven: int = 0
    claimed: int = 0
    outside: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        share = f"{self.proven} of {self.single} ({100 * self.proven // max(self.single, 1)} %)"
        return (
            f"{self.evaluations:,} evaluations of {self.flags:,} flags, {len(self.outside)} outside the proven set; "
            f"{self.claimed} verdicts of one outcome; of the flags that served one value throughout, {share} are proven"
        )


@dataclass(frozen=True)
class Case:
    """One random registry: the file, and what its engine says. `serve` returns DEFAULT for the default in the code."""

    path: str
    text: str
    serve: Callable[[str, Any], Any]
    contexts: list[Any]
    format: str = ""
    environment: str = "default"
    now: float = 1_790_000_000


def hold(name: str, make: Callable[[Random, int], Case], documents: int = DOCUMENTS) -> Tally:
    """Try random documents, print the figures, and fail with everything that lies outside."""
    tally = Tally()
    for number in range(documents):
        try_one(make(Random(f"{name} {number}"), number), tally)
    print(f"\n{name}: {tally}")
    if tally.outside:
        pytest.fail("\n".join([str(tally), *tally.outside[:10]]), pytrace=False)
    assert tally.proven, "nothing was proven, so nothing was tried"
    return tally


def try_one(case: Case, tally: Tally) -> None:
    """Count what one document gives."""
    registry = load_files([File(case.path, case.text.encode(), case.format)], now=case.now)
    assert registry.flags, registry.problems
    for key, by_environment in verdicts(registry, case.now).items():
        verdict = by_environment[case.environment]
        served = [case.serve(key, context) for context in case.contexts]
        tally.evaluations += len(served)
        tally.flags += 1
        is_single = len({identity(value) for value in served}) == 1
        is_proven = isinstance(verdict, Constant | CodeDefault)
        tally.single += is_single
        tally.claimed += is_proven
        tally.proven += is_single and is_proven
        tally.outside += outside(case, key, verdict, served)


def outside(case: Case, key: str, verdict: Any, served: Iterable[Any]) -> Iterable[str]:
    """Yield what an engine served that the verdict excludes."""
    if not isinstance(verdict, Constant | CodeDefault):
        return
    wanted = identity(verdict.value if isinstance(verdict, Constant) else DEFAULT)
    for context, value in zip(case.contexts, served, strict=True):
        if identity(value) != wanted:
            yield f"{key}: {verdict} but {value!r} for {context}\n{case.text}"
            return


def identity(value: Any) -> str:
    """Return a text that is equal for equal values of one type."""
    return json.dumps(value, sort_keys=True)
