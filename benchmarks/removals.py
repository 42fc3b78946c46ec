"""Removes every flag of a source tree that has a read, one at a time and once per value, and checks what comes out.

Run `python benchmarks/removals.py TREE [--config FILE] [--patches FOLDER] [--only KEY] [--jobs N]`; nothing is written
into the tree. Each plan was verified (it parses, a second opinion agrees, a second run changes nothing). Beyond that,
every new file has to compile where the old one does, ruff must find no name undefined that was not so before, and the
edits, applied to the old bytes, must give the new ones. The table says how many reads were folded, and why the others
were not.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import shutil
import statistics
import subprocess
import tempfile
import time
import traceback
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from flaglint import config, pipeline
from flaglint.errors import FlaglintError
from flaglint.model import Kind, Literal
from flaglint.remove.describe import summary
from flaglint.remove.diff import unified
from flaglint.remove.kept import Kept
from flaglint.remove.outcome import Change, Plan, Status
from flaglint.remove.verify import compiles
from flaglint.remove.write import patch_names

if TYPE_CHECKING:
    from flaglint.planning import Plans

UNDEFINED = "F821,F822,F823"


@dataclass(frozen=True)
class Ran:
    """One removal: how long it took, what became of the reads, and what is wrong with it."""

    key: str
    value: bool
    seconds: float  # with the verification of the whole
    planning: float = 0.0  # without
    reads: Counter[str] = field(default_factory=Counter)
    files: int = 0
    wrong: tuple[str, ...] = ()


def main() -> None:
    """Run the benchmark that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", type=Path)
    parser.add_argument("--config", type=Path, help="a configuration, when the tree has none of its own")
    parser.add_argument("--patches", type=Path, help="write each diff, with its summary, to this folder")
    parser.add_argument("--only", action="append", help="remove this flag; repeatable")
    parser.add_argument("--jobs", type=int, default=2)
    given = parser.parse_args()
    tree = given.tree.resolve()
    settings = config.load(tree, config=given.config) if given.config else config.load(tree)
    started = time.perf_counter()
    analysis = pipeline.analyse(settings, cache=False)
    plans = pipeline.plans(analysis)
    keys = sorted(
        {
            item.key.key
            for item in analysis.graph.references
            if item.kind is Kind.READ and item.language == "python" and isinstance(item.key, Literal)
        }
    )
    keys = [key for key in keys if not given.only or key in given.only]
    reads = sum(1 for key in keys for item in analysis.graph.reads(key) if item.language == "python")
    print(f"{tree.name}: {len(keys)} flags with {reads} reads, analysed in {time.perf_counter() - started:.1f} s")
    if given.patches:
        given.patches.mkdir(parents=True, exist_ok=True)
    _share(plans, given.patches)
    tasks = [(key, value) for key in keys for value in (True, False)]
    with multiprocessing.get_context("fork").Pool(given.jobs) as pool:  # the analysis is inherited, not copied
        ran = []
        for item in pool.imap_unordered(_removed, tasks, chunksize=4):
            ran.append(item)
            for line in item.wrong:
                print(f"WRONG {item.key}={json.dumps(item.value)}: {line}", flush=True)
    _print(ran)


_SHARED: list[tuple[Plans, Path | None]] = []


def _share(plans: Plans, patches: Path | None) -> None:
    """Hand the prepared project to the processes that are about to be forked."""
    plans.prepare()
    _SHARED.append((plans, patches))


def _removed(task: tuple[str, bool]) -> Ran:
    key, value = task
    plans, patches = _SHARED[-1]
    pins = {key: Kept(value, None, "for the benchmark")}
    started = time.process_time()
    planning = 0.0
    try:
        plans.plan(pins, verified=False)
        planning = time.process_time() - started
        started = time.process_time()
        plan = plans.plan(pins)
    except FlaglintError as error:
        return Ran(key, value, time.process_time() - started, wrong=(str(error),))
    except Exception:  # a crash is what this looks for
        return Ran(key, value, time.process_time() - started, wrong=(traceback.format_exc(),))
    seconds = time.process_time() - started
    if patches is not None:
        text = unified(plan.changes) + "\n".join(("", *summary(plan), "")).encode("utf-8", "backslashreplace")
        (patches / f"{patch_names([key])[key].removesuffix('.patch')}.{json.dumps(value)}.patch").write_bytes(text)
    counted = Counter(f"{item.status} {item.code}".strip() for item in plan.reads)
    return Ran(key, value, seconds, planning, counted, len(plan.changes), tuple(_wrong(plan)))


def _wrong(plan: Plan) -> list[str]:
    found = [f"{change.path}: edits and text disagree" for change in plan.changes if _applied(change) != change.after]
    for change in plan.changes:
        before, after = (data.decode("utf-8", "replace") for data in (change.before, change.after))
        if change.path.endswith(".py") and compiles(change.path, before) and not compiles(change.path, after):
            found.append(f"{change.path}: does not compile")
    before = _undefined({change.path: change.before for change in plan.changes})
    after = _undefined({change.path: change.after for change in plan.changes})
    found += [f"undefined: {name}" for name in sorted((after - before).elements())]
    if any(item.status is Status.REFUSED and not item.code for item in plan.reads):
        found.append("a read is refused without a reason")
    return found


def _applied(change: Change) -> bytes:
    parts, position = [], 0
    for edit in sorted(change.edits):
        parts += [change.before[position : edit.start], edit.text]
        position = edit.end
    return b"".join([*parts, change.before[position:]])


def _undefined(files: dict[str, bytes]) -> Counter[str]:
    """Return the names that ruff calls undefined, by file; nothing without ruff."""
    ruff = shutil.which("ruff")
    python = {path: data for path, data in files.items() if path.endswith(".py")}
    if ruff is None or not python:
        return Counter()
    with tempfile.TemporaryDirectory() as folder:
        for path, data in python.items():
            target = Path(folder) / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
        options = ["--isolated", "--no-cache", "--ignore-noqa", "--select", UNDEFINED, "--output-format", "json"]
        done = subprocess.run([ruff, "check", *options, folder], check=False, capture_output=True, encoding="utf-8")
        found = json.loads(done.stdout or "[]")
    return Counter(f"{Path(item['filename']).name}: {item['message']}" for item in found)


def _print(ran: list[Ran]) -> None:
    reads: Counter[str] = Counter()
    for item in ran:
        reads += item.reads
    print(f"{len(ran)} removals of {len({item.key for item in ran})} flags; {sum(item.files for item in ran)} files")
    for what, count in reads.most_common():
        print(f"  {count:6} {100 * count / reads.total():5.1f} %  {what}")
    for what, times in (
        ("planned", sorted(item.planning for item in ran)),
        ("planned and verified", sorted(item.seconds for item in ran)),
    ):
        if len(times) > 1:
            tail = statistics.quantiles(times, n=20)[-1]
            print(f"CPU seconds, {what}: median {statistics.median(times):.2f}, p95 {tail:.2f}, most {times[-1]:.2f}")
    print(f"{sum(bool(item.wrong) for item in ran)} removals with something wrong")


if __name__ == "__main__":
    main()
