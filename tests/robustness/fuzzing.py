"""Fuzzes every reader: `python -m tests.robustness.fuzzing 20000 --first 0 --jobs 4` prints how inputs ended.

An input is made from its number, so that a failure can be seen again: `--only NUMBER`. It fails by any exception that
is not flaglint's own, by taking more than ten seconds, or by ending the process.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
import traceback
import warnings
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from random import Random

from flaglint.errors import FlaglintError
from tests.robustness.mutation import mutated
from tests.robustness.targets import TARGETS, Target

PATIENCE = 10.0  # seconds of the processor for one input: a busy machine is no hang
_BATCH = 50


@dataclass(frozen=True)
class Ended:
    """How one input ended: read, refused with an error of flaglint's own, slow, or failed."""

    number: int
    target: str
    how: str
    seconds: float = 0.0
    story: str = ""


def given(number: int) -> tuple[Target, bytes]:
    """Return the target and the bytes of an input."""
    random = Random(number)
    target = TARGETS[number % len(TARGETS)]
    if target.made is not None:
        return target, target.made(random)
    seeds = target.seeds()
    return target, mutated(random, random.choice(seeds), seeds)


def tried(number: int) -> Ended:
    """Give one input to its target."""
    target, data = given(number)
    start = time.process_time()
    with tempfile.TemporaryDirectory() as folder:
        try:
            target.run(data, Path(folder))
            how, story = "read", ""
        except FlaglintError as error:
            how, story = "refused", str(error)
        except Exception:
            how, story = "failed", traceback.format_exc()
    seconds = time.process_time() - start
    return Ended(number, target.name, "slow" if seconds > PATIENCE and how != "failed" else how, seconds, story)


def _batch(numbers: range) -> list[Ended]:
    warnings.simplefilter("ignore")
    return [tried(number) for number in numbers]


def main() -> int:
    """Fuzz, print each failure and the figures; return 1 when there was one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("count", type=int, nargs="?", default=1000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", type=int, help="one input, and its bytes on stdout")
    options = parser.parse_args()
    if options.only is not None:
        sys.stdout.buffer.write(given(options.only)[1])
        print(f"\n{tried(options.only)}", file=sys.stderr)
        return 0
    start = time.perf_counter()
    outcomes: Counter[tuple[str, str]] = Counter()
    slowest = Ended(0, "", "")
    last = options.first + options.count
    batches = [range(at, min(at + _BATCH, last)) for at in range(options.first, last, _BATCH)]
    with ProcessPoolExecutor(options.jobs) as pool:
        for ended in (item for batch in pool.map(_batch, batches) for item in batch):
            outcomes[ended.target, ended.how] += 1
            slowest = max(slowest, ended, key=lambda item: item.seconds)
            if ended.how in {"failed", "slow"}:
                print(
                    f"##### {ended.number} {ended.target} {ended.how} {ended.seconds:.1f} s\n{ended.story}", flush=True
                )
    seconds = time.perf_counter() - start
    print(f"{options.count} inputs in {seconds:.0f} s, slowest {slowest.seconds:.1f} s ({slowest.number})")
    for (target, how), count in sorted(outcomes.items()):
        print(f"{target:14} {how:8} {count}")
    return int(any(how in {"failed", "slow"} for _, how in outcomes))


if __name__ == "__main__":
    sys.exit(main())
