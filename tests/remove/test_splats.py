"""Displays behind a star that the flag chose: their items stand where it was unpacked, and the rest goes."""

import pytest
from removal_kit.check import check_removed


def _check(before: str, on: str, off: str) -> None:
    source = f"import flags\n\n\ndef cart(x, **more):\n    return {before}\n".replace("NEW", 'flags.is_enabled("new")')
    check_removed(source, f"def cart(x, **more):\n    return {on}\n")
    check_removed(source, f"def cart(x, **more):\n    return {off}\n", value=False)


@pytest.mark.parametrize(
    ("before", "on", "off"),
    [
        ('{"a": 1, **({"b": x} if NEW else {}), "c": 2}', '{"a": 1, "b": x, "c": 2}', '{"a": 1, "c": 2}'),
        ('{**more, **({"b": x} if NEW else {})}', '{**more, "b": x}', "{**more}"),
        ("[1, *([2, 3] if NEW else []), 4]", "[1, 2, 3, 4]", "[1, 4]"),
        ("[*((2,) if NEW else ())]", "[2]", "[]"),
        ("(1, *((2,) if NEW else ()))", "(1, 2)", "(1,)"),
        ('x(1, **({"b": 2} if NEW else {}))', "x(1, b=2)", "x(1)"),
        ("x(*([1] if NEW else []))", "x(1)", "x()"),
        ('x(*([1] if NEW else []), **({"b": 2} if NEW else {}))', "x(1, b=2)", "x()"),
    ],
)
def test_the_items_of_a_chosen_display_stand_where_it_was_unpacked(before: str, on: str, off: str) -> None:
    _check(before, on, off)


@pytest.mark.parametrize(
    ("before", "on", "off"),
    [
        ('x(**({"__b": 2} if NEW else {}))', 'x(**{"__b": 2})', "x()"),  # a name that is another one in a class
        ('x(**({"class": 2} if NEW else {}))', 'x(**{"class": 2})', "x()"),  # no name of an argument
        ('x(b=1, **({"b": 2} if NEW else {}))', 'x(b=1, **{"b": 2})', "x(b=1)"),  # raises, and shall go on to
        ("x(b=1, *([2] if NEW else []))", "x(b=1, *[2])", "x(b=1)"),  # none without a name follows one with a name
        ("{*([x] if NEW else [])}", "{*[x]}", "{*[]}"),  # `{}` is a dictionary
        ('{"b": 1, **({"b": 2} if NEW else {})}', '{"b": 1, **{"b": 2}}', '{"b": 1}'),
        ("x(*(more if NEW else x))", "x(*more)", "x(*x)"),
    ],
)
def test_a_display_stays_where_its_items_cannot_stand(before: str, on: str, off: str) -> None:
    _check(before, on, off)


@pytest.mark.parametrize(
    ("before", "on", "off"),
    [
        ("class A(*([B] if NEW else []), C)", "class A(B, C)", "class A(C)"),
        ("class A(*((B,) if NEW else ()))", "class A(B)", "class A"),
        ("class A(*([B] if NEW else []), metaclass=C)", "class A(B, metaclass=C)", "class A(metaclass=C)"),
    ],
)
def test_a_class_gets_the_bases_that_the_flag_chose(before: str, on: str, off: str) -> None:
    source = f"import flags\nfrom shop import B, C\n\n\n{before}:\n    x = B, C\n".replace(
        "NEW", 'flags.is_enabled("new")'
    )
    check_removed(source, f"from shop import B, C\n\n\n{on}:\n    x = B, C\n")
    check_removed(source, f"from shop import B, C\n\n\n{off}:\n    x = B, C\n", value=False)


def test_items_get_lines_of_their_own_where_the_display_had_them() -> None:
    check_removed(
        """
        import flags


        def cart(x):
            return {
                "a": 1,
                **({"b": 2, "c": 3} if flags.is_enabled("new") else {}),
                **(
                    {
                        "d": [
                            x,
                        ],
                    }
                    if flags.is_enabled("new")
                    else {}
                ),
            }
        """,
        """
        def cart(x):
            return {
                "a": 1,
                "b": 2,
                "c": 3,
                "d": [
                    x,
                ],
            }
        """,
    )


@pytest.mark.parametrize(("value", "left"), [(True, "()"), (False, "(1,)")])
def test_a_short_tuple_keeps_its_parentheses(value: object, left: str) -> None:
    check_removed(
        """
        import flags


        def cart():
            for x in () if flags.is_enabled("new") else (1,):
                print(x)
            return () if flags.is_enabled("new") else (1,)
        """,
        f"""
        def cart():
            for x in {left}:
                print(x)
            return {left}
        """,
        value=value,
    )
