"""Laws that hold whatever the code is: order does not matter, nor which way round a test is written."""

from pathlib import Path
from random import Random

from flaglint.refs import find_references
from flaglint.remove.plan import plan
from flaglint.remove.values import Kept
from removal_kit.check import PACK, after, planned
from removal_kit.programs import program


def removed(source: str, pins: dict[str, Kept]) -> tuple[str, bool]:
    """Return a program without some flags, and whether a read of theirs was refused."""
    files = {"program.py": source.encode()}
    found = find_references(
        Path("/nonexistent"), ["program.py"], packs=[PACK], keys=["k", "v"], contents=dict(files), jobs=1
    )
    made = plan(files, found.references, pins)
    return after(made, "program.py") or source, bool(made.refused)


def valid_programs(count: int) -> list[tuple[str, bool, str]]:
    found = []
    number = 0
    while len(found) < count:
        number += 1
        made = program(Random(number))
        try:
            compile(made[0], "program.py", "exec")
        except SyntaxError:
            continue
        found.append(made)
    return found


def test_removing_two_flags_in_either_order_or_together_gives_the_same() -> None:
    compared = 0
    for source, enabled, word in valid_programs(30):
        first, second = {"k": Kept(enabled)}, {"v": Kept(word, word)}
        (one, refused_a), (other, refused_b) = removed(source, first), removed(source, second)
        (one, refused_c), (other, refused_d) = removed(one, second), removed(other, first)
        together, refused_e = removed(source, {**first, **second})
        if not any((refused_a, refused_b, refused_c, refused_d, refused_e)):
            assert one == other == together, source
            compared += 1
    assert compared > 15


def test_a_second_removal_changes_nothing() -> None:
    for source, enabled, word in valid_programs(30):
        pins = {"k": Kept(enabled), "v": Kept(word, word)}
        once, _ = removed(source, pins)
        assert removed(once, pins)[0] == once, source


def test_a_test_and_its_opposite_are_the_same_for_opposite_values() -> None:
    for source, _, _ in valid_programs(30):
        opposite = source.replace("flags.is_enabled(", "flags.is_off(").replace("flags.is_off_async", "flags.is_enabled_async")
        if "is_enabled_async" in source:
            continue
        straight, refused = removed(source, {"k": Kept(value=True)})
        turned, other = removed(opposite, {"k": Kept(value=False)})
        if not refused and not other:
            assert straight == turned, source


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
