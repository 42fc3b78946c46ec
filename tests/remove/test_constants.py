"""What a variation is compared with is looked up by its name: constants of modules, classes and enumerations."""

import pytest
from removal_kit.check import check_removed, check_unchanged, planned

KINDS = """\
import enum

GREEN = "green"
GREEN_TOO = GREEN
changing = "green"


class Kinds:
    GREEN = "green"


class Texts(str, enum.Enum):
    GREEN = "green"


class Members(enum.Enum):
    GREEN = "green"
"""


def _after(test: str, value: str = "green") -> str:
    shop = f"""\
import flags
import kinds
from kinds import GREEN as VERDE, Kinds, Members, Texts, changing, GREEN_TOO


def cart():
    return 1 if {test.replace("NEW", 'flags.variation("new")')} else 2
"""
    made = planned({"shop.py": shop, "kinds.py": KINDS}, value=value, variant=value)
    text = next(change.after.decode() for change in made.changes if change.path == "shop.py")
    return text.rpartition("    return ")[2].strip()


@pytest.mark.parametrize(
    "test",
    [
        "NEW == VERDE",
        "kinds.GREEN == NEW",
        "NEW == Kinds.GREEN",
        "NEW == Texts.GREEN",
        "NEW == Texts.GREEN.value",
        "NEW == Members.GREEN.value",
        "NEW in (Kinds.GREEN, 'red')",
    ],
)
def test_a_comparison_with_a_constant_is_decided(test: str) -> None:
    assert (_after(test), _after(test, "blue")) == ("1", "2")


@pytest.mark.parametrize(
    ("test", "left"),
    [
        ("NEW == changing", '1 if "green" == changing else 2'),  # a name that may be bound anew
        ("NEW == Members.GREEN", '1 if "green" == Members.GREEN else 2'),  # no text
        ("NEW == Kinds.RED", '1 if "green" == Kinds.RED else 2'),
        ("NEW == GREEN_TOO", '1 if "green" == GREEN_TOO else 2'),
        ("NEW in (Kinds.GREEN, Members.GREEN)", '1 if "green" in (Kinds.GREEN, Members.GREEN) else 2'),
    ],
)
def test_what_is_no_literal_or_may_change_is_left_to_be_compared(test: str, left: str) -> None:
    assert _after(test) == left


def test_cases_are_looked_up_as_well_and_constants_go_that_nobody_reads_any_more() -> None:
    check_removed(
        """
        import enum

        import flags


        class Colour(str, enum.Enum):
            GREEN = "green"
            RED = "red"


        def cart():
            match flags.variation("new"):
                case Colour.GREEN:
                    return 1
                case Colour.RED:
                    return 2
            return 3
        """,
        """
        def cart():
            return 1
        """,
        value="green",
    )


def test_constants_that_a_function_binds_or_declares_global_are_not_looked_up() -> None:
    check_removed(
        """
        import flags

        GREEN = "green"
        RED = "red"


        def paint():
            global RED
            RED = "pink"


        def cart(GREEN):
            return flags.variation("new") in (GREEN, RED)
        """,
        """
        GREEN = "green"
        RED = "red"


        def paint():
            global RED
            RED = "pink"


        def cart(GREEN):
            return "green" in (GREEN, RED)
        """,
        value="green",
    )


def test_comparisons_of_constants_with_each_other_are_left_alone() -> None:
    check_unchanged(
        """
        GREEN = "green"


        def cart():
            return GREEN == "green"
        """
    )


@pytest.mark.parametrize(
    ("limits", "given", "is_sure"),
    [
        ("    LOW = 1\n", "", True),
        ("    LOW = 1\n", "Limits", False),
        ("    LOW = 1\n    LOW += 1\n", "", False),
        ("    LOW = 1\n    if flags:\n        LOW = 2\n", "", False),
        ("    LOW = 1\n\n\nLimits.LOW = 2\n", "", False),
    ],
    ids=["sure", "a parameter", "counted up", "one of two", "set outside"],
)
def test_what_a_class_holds_is_looked_up_only_where_nothing_else_can_stand_there(
    limits: str, given: str, *, is_sure: bool
) -> None:
    shop = f"import flags\n\nNEW = flags.is_enabled('new')\n\n\nclass Limits:\n{limits}\n\ndef f({given}):\n"
    shop += "    level = 1 if NEW else 2\n    if level == Limits.LOW:\n        return 'low'\n    return 'other'\n"
    (change,) = planned({"shop.py": shop}, value=True).changes
    assert ("level == Limits.LOW" not in change.after.decode()) == is_sure


def test_a_key_that_a_named_dictionary_lacks_gives_the_default() -> None:
    check_removed(
        """
        import flags
        from effects import a, b, c

        DRAWN = {"wide": a, "narrow": b}


        def f(u):
            return DRAWN.get(flags.variation("new"), c)(u)


        def g(u):
            drawn = DRAWN.get(flags.variation("new"))
            return c(u) if drawn is None else drawn(u)
        """,
        """
        from effects import c


        def f(u):
            return c(u)


        def g(u):
            return c(u)
        """,
        value="dense",
    )


def test_the_text_below_a_constant_that_describes_it_goes_with_it() -> None:
    check_removed(
        '''
        """Keys of flags."""

        import flags

        OLD = "old"
        """The old cart."""
        NEW = "new"  # since May
        """The new cart.

        By team carts.
        """

        """What follows is kept."""


        class Keys:
            """More keys."""

            CART = "new"
            """The cart."""
            SIZE = 1


        def f():
            return flags.is_enabled(NEW) and flags.is_enabled(Keys.CART) and Keys.SIZE
        ''',
        '''
        """Keys of flags."""

        OLD = "old"
        """The old cart."""

        """What follows is kept."""


        class Keys:
            """More keys."""

            SIZE = 1


        def f():
            return Keys.SIZE
        ''',
    )
