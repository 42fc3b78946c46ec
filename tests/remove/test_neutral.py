"""Operands that the flag chose and that add nothing: they go where that is certain, and the statement with them."""

import pytest
from removal_kit.check import check_removed


@pytest.mark.parametrize(
    ("before", "on", "off"),
    [
        ("[1] + ([2] if NEW else [])", "[1] + [2]", "[1]"),
        ('f"{x}" + (" (new)" if NEW else "")', 'f"{x}" + " (new)"', 'f"{x}"'),
        ("x + [1] + ([2] if NEW else [])", "x + [1] + [2]", "x + [1]"),
        (
            'x + more["a"] + ("2" if NEW else "")',
            'x + more["a"] + "2"',
            'x + more["a"] + ""',
        ),  # what it is, nobody knows
        ("x + ([2] if NEW else [])", "x + [2]", "x + []"),  # a new list
    ],
)
def test_an_operand_goes_that_adds_nothing_to_what_is_made_here(before: str, on: str, off: str) -> None:
    source = f"import flags\n\n\ndef cart(x, **more):\n    return {before}\n".replace("NEW", 'flags.is_enabled("new")')
    check_removed(source, f"def cart(x, **more):\n    return {on}\n")
    check_removed(source, f"def cart(x, **more):\n    return {off}\n", value=False)


def test_a_statement_that_adds_nothing_goes() -> None:
    check_removed(
        """
        import flags


        def cart(price, names, more):
            new = flags.is_enabled("new")
            price += 10 if new else 0
            names.extend(["new"] if new else [])
            if price > 3:
                price -= 1 if new else 0
            return price
        """,
        """
        def cart(price, names, more):
            return price
        """,
        value=False,
    )


def test_what_may_be_more_than_adding_nothing_stays() -> None:
    check_removed(
        """
        import flags


        def cart(session, title, client):
            new = flags.is_enabled("new")
            session.update({"new": 1} if new else {})
            client.contacts.extend(["new"] if new else [])
            title += " (new)" if new else ""
            return title
        """,
        """
        def cart(session, title, client):
            session.update({})
            client.contacts.extend([])
            title += ""
            return title
        """,
        value=False,
    )


def test_a_statement_that_added_nothing_before_stays() -> None:
    check_removed(
        """
        import flags


        def cart(price, names):
            names.extend([])
            price += 0
            names.add([] if flags.is_enabled("new") else [1])
            names[price] += 0 if flags.is_enabled("new") else 1
            return price
        """,
        """
        def cart(price, names):
            names.extend([])
            price += 0
            names.add([])
            names[price] += 0
            return price
        """,
    )
