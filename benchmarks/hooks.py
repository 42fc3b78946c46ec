"""The hook on files of real trees, drawn by lot: how its time beside the bare imports is spread.

Such files import each other and hold words of SDKs in comments and strings, as the made-up ones do not. Half of the
draws begin with a file that refers to a flag.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import statistics
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.measure import Command, timed

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from benchmarks.measure import Table

HOOK = ("check", "--scope", "file", "--force-exclude", "--quiet")
BARE = {False: "click, yaml", True: "click, yaml, libcst"}  # what any such program imports, without a flag and with one
STATES = ("nothing remembered", "after a check", "one file changed since", "once more")
SEED = 7


@dataclass(frozen=True)
class Draw:
    """Three files, and whether one of them refers to a flag."""

    files: tuple[str, ...]
    has_flag: bool


def arbitrary(table: Table, name: str, own: Callable[..., Command], folder: Path, count: int, rounds: int) -> None:
    """Time the hook on `count` draws of three files in each state; add the spread of its ratio to the bare imports."""
    environment = {**os.environ, **own(folder).environment}
    listed = subprocess.run(
        [*own(folder, "refs", "--format", "json").arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        check=True,
    )
    flagged = sorted({found["path"] for found in json.loads(listed.stdout)["references"]})
    draws = _draws(folder, [path for path in flagged if path.endswith(".py")], count)
    for state in STATES:
        ratios: dict[bool, list[float]] = {False: [], True: []}
        _prepare(folder, own, state)
        for draw in draws:
            ratios[draw.has_flag].append(_ratio(folder, own, draw, state, rounds))
        for has_flag, found in ratios.items():
            if found:
                _add(table, f"hook on 3 of {name}, {'a' if has_flag else 'no'} flag, {state}", found)


def _draws(folder: Path, flagged: list[str], count: int) -> list[Draw]:
    chosen = random.Random(SEED)
    modules = sorted(str(path.relative_to(folder)) for path in folder.rglob("*.py") if path.stat().st_size)
    found = []
    for number in range(count):
        first = chosen.choice(flagged if number % 2 and flagged else modules)
        files = tuple(dict.fromkeys((first, *chosen.sample(modules, 2))))
        found.append(Draw(files, not set(files).isdisjoint(flagged)))
    return found


def _prepare(folder: Path, own: Callable[..., Command], state: str) -> None:
    if state == STATES[1]:
        check = own(folder, "check", "--exit-zero", "--quiet", before=lambda: _forget(folder))
        timed([check], 1)


def _forget(folder: Path) -> None:
    shutil.rmtree(folder / ".flaglint_cache", ignore_errors=True)


def _ratio(folder: Path, own: Callable[..., Command], draw: Draw, state: str, rounds: int) -> float:
    """Return how many times as long as the bare imports the hook took, on a core, at the best of some rounds."""
    touched = folder / draw.files[0]
    content = touched.read_bytes()
    number = iter(range(1_000_000))

    def before() -> None:
        if state == STATES[0]:
            _forget(folder)
        elif state == STATES[2]:
            touched.write_bytes(content + f"\nchanged = {next(number)}\n".encode())

    imports = f"import {BARE[draw.has_flag]}"
    try:
        found = timed(
            [own(folder, *HOOK, *draw.files, before=before), Command("bare", [sys.executable, "-c", imports], folder)],
            rounds,
        )
    finally:
        if touched.read_bytes() != content:
            touched.write_bytes(content)
    return min(found["flaglint"].core) / min(found["bare"].core)


def _add(table: Table, case: str, ratios: Sequence[float]) -> None:
    ordered = sorted(ratios)
    row: dict[str, object] = {
        "case": case,
        "what": "times the bare imports",
        "draws": len(ordered),
        "median": round(statistics.median(ordered), 2),
        "nine of ten": round(ordered[min(len(ordered) - 1, len(ordered) * 9 // 10)], 2),
        "worst": round(ordered[-1], 2),
    }
    table.rows.append(row)
    print(
        f"{case:58} {row['median']:6}x median {row['nine of ten']:6}x nine of ten {row['worst']:6}x worst", flush=True
    )
