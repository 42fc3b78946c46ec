"""A flag planted in real modules, in every shape that there is, and removed: the module comes back byte for byte.

The modules are flaglint's own.
"""

from pathlib import Path
from random import Random

import pytest
from removal_kit.check import planned
from removal_kit.plants import SHAPES, Planter

MODULES = sorted((Path(__file__).parents[2] / "flaglint").rglob("*.py"))
PLANTS_PER_SHAPE = 8


def plants(shape: str) -> list[tuple[str, dict[str, str | bytes], bool]]:
    """Return modules with a flag in them: the module as it was, the files with the flag, the value that is kept."""
    found = []
    random = Random(shape)
    while len(found) < PLANTS_PER_SHAPE:
        path = random.choice(MODULES)
        text = path.read_bytes().decode()
        if "_rules" in path.parts or not 300 < len(text) < 12_000 or " flags" in text or "planted" in text:
            continue
        made = Planter(text, random).plant(shape)
        if made is not None:
            files: dict[str, str | bytes] = {"module.py": made.text.encode()}
            files.update({name: other.encode() for name, other in made.others.items()})
            found.append((text, files, made.value))
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_the_module_comes_back_as_it_was(shape: str) -> None:
    for text, files, value in plants(shape):
        made = planned(files, key="planted", value=value)
        after = {change.path: change.after.decode() for change in made.changes}
        assert after.get("module.py") == text, files["module.py"]
        assert not made.refused
