"""The registry entry of a removed flag goes with its own comment, and so do declarations in Python; no other byte."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from removal_kit.check import KEY, PACK, after, planned, shown

from flaglint.refs import find_references
from flaglint.refs.spec import Declaration
from flaglint.registry.edit import Draft
from flaglint.registry.files import File
from flaglint.remove.entries import with_entries
from flaglint.remove.kept import Kept
from flaglint.remove.plan import plan

if TYPE_CHECKING:
    from flaglint.remove.outcome import Plan

SHOP = """
    import flags

    def cart(u):
        return u if flags.is_enabled("new") else None
"""
REGISTRY = """\
version: 1   # the format
flags:
  # The first.
  first: {owner: "@a",   serve: true}

  # The new cart,
  # for everyone.
  new:
    owner: "@a"  # who
    serve: true
  # The last.
  last:
    owner: '@b'

# end
"""
DECLARING = replace(
    PACK,
    declarations=(
        Declaration(dictionaries=("settings.DEFAULTS",)),
        Declaration(calls=("flags.register",), key=KEY),
        Declaration(collections=("settings.KEYS",)),
        Declaration(enums=("settings.Feature",)),
    ),
)


def removed(
    registry: str, *, value: object = True, removed_on: date | None = None, shop: str = SHOP
) -> tuple[Plan, str]:
    """Return the plan that removes the flag from a shop and its registry, and the new text of the registry."""
    draft = Draft([File("flags.yaml", registry.encode(), "native")])
    made = with_entries(planned({"shop.py": shop}, value=value), draft, removed_on=removed_on)
    return made, next((item.after.decode() for item in made.changes if item.path == "flags.yaml"), registry)


def declared(settings: str, shop: str = SHOP) -> Plan:
    """Return the plan for a shop with settings that declare the flag in Python."""
    files = {"shop.py": shown(shop).encode(), "settings.py": shown(settings).encode()}
    found = find_references(
        Path("/nonexistent"), list(files), packs=[DECLARING], keys=["new", "other"], contents=dict(files), jobs=1
    )
    return plan(files, found.references, {"new": Kept(True)})


# ----------------------------------------------------------------------------------------------------- the registry


def test_the_entry_goes_with_its_comment_and_no_other_byte() -> None:
    _, text = removed(REGISTRY)
    start, end = REGISTRY.index("  # The new cart"), REGISTRY.index("  # The last.")
    assert text == REGISTRY[:start] + REGISTRY[end:]


def test_line_ends_and_quotes_of_the_registry_stay() -> None:
    registry = REGISTRY.replace("\n", "\r\n")
    _, text = removed(registry)
    assert text.count("\r\n") == text.count("\n")
    assert "  first: {owner: \"@a\",   serve: true}\r\n\r\n  # The last.\r\n  last:\r\n    owner: '@b'\r\n" in text


def test_a_tombstone_takes_its_place_when_asked_for() -> None:
    _, text = removed(REGISTRY, removed_on=date(2026, 11, 23))
    assert "  new: {date: 2026-11-23}\n" in text[text.index("removed:\n") :]


def test_the_entry_stays_while_a_read_is_left() -> None:
    made, text = removed(
        REGISTRY,
        shop="""
        import flags

        size = 1

        def cart(rows):
            if not flags.is_enabled("new"):
                size = len(rows)
            return size
        """,
    )
    assert text == REGISTRY
    assert made.changes == ()


def test_the_entry_stays_while_a_test_sets_it_to_something_unknown() -> None:
    draft = Draft([File("flags.yaml", REGISTRY.encode(), "native")])
    tests = "import flags\n\ndef test_cart(v):\n    with flags.override_flag('new', active=v):\n        pass\n"
    made = with_entries(planned({"shop.py": SHOP, "tests/test_shop.py": tests}), draft)
    assert [change.path for change in made.changes] == ["shop.py"]


def test_a_flag_that_the_registry_does_not_hold_leaves_it_alone() -> None:
    registry = "version: 1\nflags:\n  other:\n    serve: true\n"
    made, text = removed(registry)
    assert text == registry
    assert made.leftovers == ()


def test_a_need_that_the_kept_value_meets_goes() -> None:
    _, text = removed(
        "version: 1\nflags:\n  new:\n    serve: true\n  child:\n    needs: {new: true, other: true}\n    serve: true\n"
        "  other:\n    serve: true\n"
    )
    assert text == (
        "version: 1\nflags:\n  child:\n    needs: {other: true}\n    serve: true\n  other:\n    serve: true\n"
    )


def test_a_need_that_is_never_met_keeps_the_entry_and_is_told() -> None:
    registry = "version: 1\nflags:\n  new:\n    serve: true\n  child:\n    needs: {new: true}\n    serve: true\n"
    made, text = removed(registry, value=False)
    assert text == registry
    assert [item.code for item in made.leftovers] == ["registry-kept"]
    assert "`child`" in made.leftovers[0].sentence


# ----------------------------------------------------------------------------------------------------------- Python


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (
            'DEFAULTS = {\n    "old": 1,\n    # The cart.\n    "new": 1,  # on\n    # Another.\n    "other": 0,\n}\n',
            'DEFAULTS = {\n    "old": 1,\n    # Another.\n    "other": 0,\n}\n',
        ),
        ('DEFAULTS = {"new": True, "other": False}\n', 'DEFAULTS = {"other": False}\n'),
        ('DEFAULTS = {"other": False, "new": True}\n', 'DEFAULTS = {"other": False}\n'),
        ('DEFAULTS = {"new": True}\n', "DEFAULTS = {}\n"),
        ('KEYS = (\n    "new",\n    "other",\n)\n', 'KEYS = (\n    "other",\n)\n'),
        (
            'import flags\n\nflags.register("other")\nflags.register("new")\n',
            'import flags\n\nflags.register("other")\n',
        ),
        (
            'import enum\n\n\nclass Feature(enum.Enum):\n    OTHER = "other"\n    NEW = "new"\n',
            'import enum\n\n\nclass Feature(enum.Enum):\n    OTHER = "other"\n',
        ),
    ],
)
def test_a_declaration_goes_and_its_siblings_stay(before: str, expected: str) -> None:
    made = declared(before)
    assert after(made, "settings.py") == expected
    assert after(made) == "def cart(u):\n    return u\n"


def test_a_declaration_of_another_flag_stays() -> None:
    made = declared('DEFAULTS = {"other": True}\nKEYS = ["other"]\n')
    assert [change.path for change in made.changes] == ["shop.py"]


def test_a_declaration_that_something_still_uses_stays_and_is_told() -> None:
    made = declared(
        'import enum\n\n\nclass Feature(enum.Enum):\n    NEW = "new"\n    OTHER = "other"\n\n\nprint(Feature.NEW)\n'
    )
    assert [change.path for change in made.changes] == ["shop.py"]
    assert "declaration-kept" in {item.code for item in made.leftovers}


def test_a_declaration_stays_while_a_read_is_left() -> None:
    made = declared(
        'DEFAULTS = {"new": True}\n',
        """
        import flags

        size = 1

        def cart(rows):
            if not flags.is_enabled("new"):
                size = len(rows)
            return size
        """,
    )
    assert made.changes == ()


def test_the_comment_above_a_declared_entry_between_two_others_goes_with_it() -> None:
    made = declared(
        """
        DEFAULTS = {
            # Who may look.
            "other": True,
            # Shown to everyone since May.
            "new": True,
            "last": False,
        }
        """
    )
    assert after(made, "settings.py") == shown(
        """
        DEFAULTS = {
            # Who may look.
            "other": True,
            "last": False,
        }
        """
    )


def test_a_heading_of_declared_entries_stays_when_the_first_of_them_goes() -> None:
    made = declared(
        """
        DEFAULTS = {
            "other": True,

            # Temporary ones.
            "new": True,
            "last": False,
        }
        """
    )
    assert "# Temporary ones." in (after(made, "settings.py") or "")
