"""A member of an enumeration stays where its value may still be looked up, unless it is the flag that is removed."""

from __future__ import annotations

import pytest
from removal_kit.check import after, planned

PROGRAM = """
import enum

import flags


class Colour(str, enum.Enum):
    GREY = "grey"
    BLUE = "blue"


{code}


def f(user):
    if user.colour == (Colour.BLUE if flags.is_enabled("new") else Colour.GREY):
        return 1
    return 2
"""


@pytest.mark.parametrize(
    "code",
    [
        "def g(text):\n    return Colour(text)",
        "def g(text):\n    return Colour[text]",
        "def g(text):\n    return [item.value for item in Colour]",
        "def g(text):\n    return text.parsed(type=Colour)",
        "def g(text):\n    return Colour.__members__",
        "class Item:\n    colour: Colour",
        "class Item:\n    colour: Colour | None = None",
        "@app.get\ndef g(colour: Colour):\n    return colour.value",
        "Colours = Colour",
    ],
)
def test_a_member_stays_that_may_be_found_by_its_value(code: str) -> None:
    made = planned({"shop.py": PROGRAM.format(code=code)})
    assert '    GREY = "grey"\n' in (after(made) or "")
    assert [(item.code, item.sentence) for item in made.leftovers] == [
        ("still-there", "`GREY` lost its last use and stays: `Colour` may be asked for it by its value")
    ]


@pytest.mark.parametrize(
    "code",
    [
        "def g(text):\n    return Colour.BLUE",
        "def g(colour: Colour) -> Colour:\n    shown: Colour = colour\n    return shown",
        "class Item:\n    colour = Colour.BLUE",
    ],
)
def test_a_member_goes_that_was_only_used_by_its_name(code: str) -> None:
    made = planned({"shop.py": PROGRAM.format(code=code)})
    assert "GREY" not in (after(made) or "GREY")
    assert not made.leftovers


def test_a_member_of_an_enumeration_that_makes_members_of_texts_itself_stays() -> None:
    code = "def g(text):\n    return Colour.BLUE"
    program = PROGRAM.format(code=code).replace(
        '"blue"\n', '"blue"\n\n    @classmethod\n    def of(cls, text):\n        return cls(text)\n'
    )
    assert '    GREY = "grey"\n' in (after(planned({"shop.py": program})) or "")


def test_the_member_that_is_the_flag_goes_all_the_same() -> None:
    made = planned(
        {
            "shop.py": """
            import enum

            import flags


            class Flag(enum.Enum):
                NEW_CART = "new"
                OTHER = "other"


            def known():
                return [flag.value for flag in Flag]


            def f(user):
                return 1 if flags.is_enabled(Flag.NEW_CART.value) else 2
            """
        }
    )
    assert "NEW_CART" not in (after(made) or "NEW_CART")
