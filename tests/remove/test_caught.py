"""Lookups in a `try` that catches their errors by name decide where the program goes on, and must still run."""

import pytest
from removal_kit.check import check_removed

HEAD = "import flags\n\n\n"


def _check(before: str, expected: str, *, value: bool) -> None:
    head = HEAD if "flags." in expected else ""
    check_removed(f"{HEAD}def f(a, u):\n{before}", f"{head}def f(a, u):\n{expected}", value=value)


@pytest.mark.parametrize(
    ("test", "error", "kept"),
    [
        ('u["cart"]', "KeyError", 'u["cart"]'),
        ("u[1]", "(ValueError, IndexError)", "u[1]"),
        ("u.cart", "AttributeError", "u.cart"),
        ("int(u) > 1", "ValueError", "int(u) > 1"),
        ("1 / u > 1", "builtins.ZeroDivisionError", "1 / u > 1"),
    ],
)
def test_what_may_raise_what_is_caught_still_runs(test: str, error: str, kept: str) -> None:
    rest = f"    except {error}:\n        return 1\n    return 2\n"
    before = f'    try:\n        if {test} and flags.is_enabled("new"):\n            return a()\n{rest}'
    _check(before, f"    try:\n        {kept}\n{rest}", value=False)
    _check(before, f"    try:\n        if {test}:\n            return a()\n{rest}", value=True)


@pytest.mark.parametrize(
    ("test", "error"), [('u["cart"]', "Exception"), ('u["cart"]', "AttributeError"), ("u.cart", "KeyError")]
)
def test_a_lookup_goes_where_its_error_is_not_what_is_caught(test: str, error: str) -> None:
    rest = f"        a()\n    except {error}:\n        return 1\n    return 2\n"
    before = f'    try:\n        if {test} and flags.is_enabled("new"):\n            return a()\n{rest}'
    _check(before, f"    try:\n{rest}", value=False)


def test_a_lookup_in_the_handler_or_in_a_function_of_its_own_is_not_caught_there() -> None:
    before = """    try:
        a(lambda: u["cart"] and flags.is_enabled("new"))
    except KeyError:
        if u["cart"] and flags.is_enabled("new"):
            return 1
    return 2
"""
    expected = """    try:
        a(lambda: u["cart"] and False)
    except KeyError:
        pass
    return 2
"""
    _check(before, expected, value=False)


def test_a_lookup_among_what_a_read_is_given_still_runs_where_its_error_is_caught() -> None:
    before = """    try:
        return flags.is_enabled("new", u["id"])
    except KeyError:
        return None
"""
    expected = """    try:
        u["id"]
        return True
    except KeyError:
        return None
"""
    _check(before, expected, value=True)
