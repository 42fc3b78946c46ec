"""Verdicts held against what a vendor's engine really serves: random registries, random contexts, none outside.

`FLAGLINT_EVALUATIONS` sets how many evaluations a test makes; the tally is printed, so `-s` shows it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from flaglint.evaluator.proof import verdicts
from flaglint.model import CodeDefault, Constant
from flaglint.registry.files import File
from flaglint.registry.parsing import load_files

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flaglint.definition import Registry

EVALUATIONS = int(os.environ.get("FLAGLINT_EVALUATIONS", "3000"))
PER_FLAG = 40  # contexts that each flag is evaluated in
CODE_DEFAULT = "\0the default in the code"  # what an engine is asked to fall back to
NOW = 1_790_000_000.0


@dataclass
class Tally:
    """What was seen: evaluations, those outside of what is proven, flags that looked constant, flags proven so."""

    evaluations: int = 0
    outside: list[str] = field(default_factory=list)
    constant: int = 0
    proven: int = 0
    missed: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        share = 100 * self.proven / max(self.constant, 1)
        return (
            f"{self.evaluations:,} evaluations, {len(self.outside)} outside of what is proven; "
            f"{self.proven} of {self.constant} flags that looked constant are proven ({share:.0f} %)"
        )


@dataclass(frozen=True)
class Seen:
    """What an engine served once: a value, or `CODE_DEFAULT`; and whether it called the flag on, where it tells."""

    value: Any
    is_on: bool | None = None

    def text(self) -> str:
        """Return it as a text that is equal for what is equal."""
        return json.dumps([self.value, self.is_on], sort_keys=True)


def load(content: Any, name: str = "flags.json") -> Registry:
    """Load a document whose format is recognised; a document that is refused has no place in these tests."""
    text = content if isinstance(content, str) else json.dumps(content)
    registry = load_files([File(name, text.encode())], now=NOW)
    assert [problem.message for problem in registry.problems if problem.breaks] == []
    return registry


def compare(
    vendor: str,
    document: Callable[[Random], Any],
    serving: Callable[[Any], Callable[[str, Mapping[str, Any]], Seen | None]],
    context: Callable[[Random], Mapping[str, Any]],
    *,
    name: str = "flags.json",
) -> Tally:
    """Return the tally over random documents.

    `serving` makes an engine of a document: a function of a key and a context. It returns None where the engine gives
    up, so that nothing is served.
    """
    tally, seed = Tally(), 0
    while tally.evaluations < EVALUATIONS:
        random = Random(seed)
        made = document(random)
        registry = load(made, name)
        proven = verdicts(registry, NOW)
        serve = serving(made)
        contexts = [context(random) for _ in range(PER_FLAG)]
        for key, found in proven.items():
            verdict = found["default"]
            seen = {}
            for one in contexts:
                served = serve(key, one)
                if served is None:
                    continue
                tally.evaluations += 1
                seen[served.text()] = served
                if not _is_inside(served, verdict):
                    tally.outside.append(f"seed {seed}, {key}: {verdict} but {served} in {one}")
            if len(seen) == 1:
                tally.constant += 1
                tally.proven += isinstance(verdict, (Constant, CodeDefault))
                if not isinstance(verdict, (Constant, CodeDefault)):
                    tally.missed.append(f"seed {seed}, {key}: {verdict} but always {next(iter(seen))}")
        seed += 1
    print(f"{vendor}: {tally}")
    if os.environ.get("FLAGLINT_MISSED"):
        print(*tally.missed[:20], sep="\n")
    return tally


def _is_inside(served: Seen, verdict: Any) -> bool:
    if isinstance(verdict, CodeDefault):
        return bool(served.value == CODE_DEFAULT)
    if not isinstance(verdict, Constant):
        return True
    same = json.dumps(verdict.value, sort_keys=True) == json.dumps(served.value, sort_keys=True)
    return same and (served.is_on is None or verdict.switch is None or verdict.switch is served.is_on)
