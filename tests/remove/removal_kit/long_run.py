"""The long differential run: `python tests/remove/removal_kit/long_run.py COUNT [FIRST]` prints how programs ended."""

from __future__ import annotations

import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))
warnings.simplefilter("ignore")

from removal_kit.differential import Outcome, attempt  # noqa: E402 - found through the path above


def main(count: int, first: int = 0) -> int:
    """Run `count` programs; return how many of them did something else, or stopped flaglint."""
    outcomes: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    start = time.monotonic()
    for number in range(first, first + count):
        try:
            found = attempt(Random(number), size=(20, 60, 120)[number % 3])
        except Exception as error:
            outcomes["crashed"] += 1
            print(f"##### {number}: {error!r}")
            continue
        outcomes[found.outcome.value] += 1
        reasons.update(set(found.reasons))
        if found.outcome in {Outcome.BROKEN, Outcome.DIFFERENT}:
            print(f"##### {number}: {found.outcome.value}\n{found.story}")
    valid = sum(outcomes.values()) - outcomes["invalid"]
    print(f"{valid} programs in {time.monotonic() - start:.0f} s: {dict(outcomes)}")
    print(f"refused because of {dict(reasons)}")
    return outcomes["different"] + outcomes["broken"] + outcomes["crashed"]


if __name__ == "__main__":
    sys.exit(1 if main(*(int(argument) for argument in sys.argv[1:])) else 0)
