"""Laws that hold whatever the code is: order does not matter, nor which way round a test is written."""

import builtins
import symtable
from collections.abc import Iterator
from pathlib import Path
from random import Random

from removal_kit.check import PACK, planned
from removal_kit.differential import removed
from removal_kit.modules import Program, program

from flaglint.refs import find_references
from flaglint.remove.kept import Kept
from flaglint.remove.plan import plan
from flaglint.remove.verify import compiles


def programs(count: int) -> Iterator[Program]:
    """Yield programs that compile."""
    numbers = iter(range(10_000))
    while count:
        made = program(Random(next(numbers)), size=16, constants=False)
        if all(compiles(path, text) for path, text in made.files.items()):
            count -= 1
            yield made


def test_removing_two_flags_in_either_order_or_together_gives_the_same() -> None:
    compared = 0
    for made in programs(25):
        first, second = {"k": Kept(made.enabled)}, {"v": Kept(made.word, made.word)}
        one, other = removed(made.files, first), removed(made.files, second)
        both, back = removed(one.files, second), removed(other.files, first)
        together = removed(made.files, {**first, **second})
        if not any(item.reasons for item in (one, other, both, back, together)):
            assert both.files == back.files == together.files, made.source
            compared += 1
    assert compared > 15


def undefined(text: str) -> set[str]:
    """Return the names that a module reads and neither binds nor finds among the builtins."""
    module = symtable.symtable(text, "program.py", "exec")
    bound = {item.get_name() for item in module.get_symbols() if item.is_assigned() or item.is_imported()}
    bound |= {item.get_name() for item in module.get_symbols() if item.is_namespace()}
    pending, found = [module], set()
    while pending:
        table = pending.pop()
        pending += table.get_children()
        found |= {item.get_name() for item in table.get_symbols() if item.is_global() and item.is_referenced()}
        if table is module:
            found |= {item.get_name() for item in table.get_symbols() if item.is_referenced()}
        bound |= {item.get_name() for item in table.get_symbols() if item.is_declared_global() and item.is_assigned()}
    return found - bound - set(dir(builtins))


def test_what_comes_out_is_final_compiles_and_leaves_no_name_undefined() -> None:
    for made in programs(25):
        pins = {"k": Kept(made.enabled), "v": Kept(made.word, made.word)}
        once = removed(made.files, pins).files
        assert removed(once, pins).files == once, made.source
        for path, text in once.items():
            assert compiles(path, text), made.source
            assert undefined(text) <= undefined(made.files[path]), made.source


def test_undefined_names_are_told_from_others() -> None:
    source = "import os\n\ndef f(a):\n    global b\n    b = 1\n    return a, b, os, len, f, missing\n\nother\n"
    assert undefined(source) == {"missing", "other"}


def test_a_test_and_its_opposite_are_the_same_for_opposite_values() -> None:
    compared = 0
    for made in programs(25):
        opposite = {path: text.replace("is_enabled(", "is_off(") for path, text in made.files.items()}
        if any("is_enabled_async" in text or "generic" in text for text in made.files.values()):
            continue
        straight = removed(made.files, {"k": Kept(value=True)})
        turned = removed(opposite, {"k": Kept(value=False)})
        if not straight.reasons and not turned.reasons:
            assert straight.files == turned.files, made.source
            compared += 1
    assert compared > 8


def test_what_is_left_of_one_place_is_told_in_one_order() -> None:
    code = b"from flags import is_enabled\n\ndef shows(name):\n    return is_enabled(f'panel-{name}')\n"
    keys = [f"panel-{letter}" for letter in "hgfedcba"]
    found = find_references(Path("/nonexistent"), ["a.py"], packs=[PACK], keys=keys, contents={"a.py": code}, jobs=1)
    made = plan({"a.py": code}, found.references, {key: Kept(True) for key in keys})
    assert [item.key for item in made.leftovers] == sorted(keys)


def test_a_file_that_has_nothing_to_do_with_the_flag_stays() -> None:
    made = planned(
        {
            "shop.py": 'import flags\n\n\ndef f():\n    return flags.is_enabled("new")\n',
            "other.py": 'def g():\n    if True:\n        return "new"\n',
            "broken.py": "def f(:\n",
            "notes.txt": "new\n",
        }
    )
    assert [change.path for change in made.changes] == ["shop.py"]
