"""Plants in real code: `python tests/remove/removal_kit/plant_run.py FOLDER COUNT [SEED]` prints what came back.

Each plant puts a synthetic flag in one module, removes it, and compares the module with what it was.
"""

from __future__ import annotations

import ast
import sys
import time
import warnings
from collections import Counter
from pathlib import Path
from random import Random

sys.path.insert(0, str(Path(__file__).parent.parent))
warnings.simplefilter("ignore")

from flaglint.remove.tree import SyntaxProblem  # noqa: E402 - as above
from removal_kit.check import planned  # noqa: E402 - found through the path above
from removal_kit.plants import SHAPES, Plant, Planter  # noqa: E402 - as above

LIMIT = 40_000  # characters of a module


def outcome(plant: Plant, text: str) -> tuple[str, str]:
    """Return how the removal of a plant ended, and the module that came out."""
    files: dict[str, str | bytes] = {"module.py": plant.text.encode()}
    files.update({name: other.encode() for name, other in plant.others.items()})
    try:
        made = planned(files, key="planted", value=plant.value)
    except Exception as error:
        return f"crashed: {error!r}", ""
    after = next((change.after.decode() for change in made.changes if change.path == "module.py"), plant.text)
    if after == text:
        return "exact", after
    if made.refused:
        return f"refused: {', '.join(sorted({item.code for item in made.refused}))}", after
    try:
        return ("equal" if ast.dump(ast.parse(after)) == ast.dump(ast.parse(text)) else "different"), after
    except SyntaxError:
        return "different", after


def main(folder: str, count: int, seed: int = 0) -> int:
    """Make `count` plants; return how many came back as something else, or stopped flaglint."""
    random = Random(seed)
    modules = sorted(path for path in Path(folder).rglob("*.py") if 300 < path.stat().st_size < LIMIT)
    outcomes: Counter[str] = Counter()
    by_shape: Counter[str] = Counter()
    start = time.monotonic()
    while sum(outcomes.values()) < count:
        path, shape = random.choice(modules), random.choice(SHAPES)
        try:
            text = path.read_bytes().decode()
            plant = Planter(text, random).plant(shape) if "planted" not in text and "flags" not in text else None
        except (SyntaxProblem, UnicodeDecodeError):
            continue
        if plant is None:
            continue
        ended, after = outcome(plant, text)
        outcomes[ended] += 1
        if ended != "exact":
            by_shape[f"{shape} {ended}"] += 1
        if ended.startswith(("different", "crashed", "equal")):
            print(f"##### {path} {shape}: {ended}\n{_shown(text, plant.text, after)}")
    print(f"{count} plants in {time.monotonic() - start:.0f} s: {dict(outcomes)}\n{dict(by_shape)}")
    return outcomes["different"] + sum(number for ended, number in outcomes.items() if ended.startswith("crashed"))


def _shown(text: str, planted: str, after: str) -> str:
    import difflib

    both = [difflib.unified_diff(text.splitlines(), other.splitlines(), lineterm="", n=2) for other in (planted, after)]
    return "\n--- what came back\n".join("\n".join(list(lines)[2:]) for lines in both)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1], *(int(argument) for argument in sys.argv[2:])) else 0)
