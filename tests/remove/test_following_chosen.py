"""A local that is one of two literals by the flag is known where it decides something, and keeps its name elsewhere."""

import pytest
from removal_kit.check import check_removed


def _check(body: str, expected: str, *, value: object = True) -> None:
    lines = [f"    {line}\n" for line in body.splitlines()]
    kept = [f"    {line}\n" for line in expected.splitlines()]
    source = "import flags\n\n\ndef cart(x):\n" + "".join(lines).replace("NEW", 'flags.is_enabled("new")')
    check_removed(source, "def cart(x):\n" + "".join(kept), value=value)


MODE = 'mode = "fast" if NEW else "slow"\n'


@pytest.mark.parametrize(
    ("body", "on", "off"),
    [
        (MODE + 'return 1 if mode == "fast" else 2', "return 1", "return 2"),
        (MODE + 'return 1 if "slow" != mode and x else 2', "return 1 if x else 2", "return 2"),
        (MODE + 'return 1 if mode in ("slow", "lazy") else 2', "return 2", "return 1"),
        ("limit = 3 if NEW else None\nif limit is None:\n    return x\nreturn x + 1", "return x + 1", "return x"),
        ("count = 0 if NEW else 5\nif not count:\n    x()\nreturn x", "x()\nreturn x", "return x"),
        (
            MODE + 'match mode:\n    case "fast" | "faster":\n        return 1\n    case _:\n        return 2',
            "return 1",
            "return 2",
        ),
        (
            MODE + 'def run():\n    return mode == "slow" or x\nreturn run',
            "def run():\n    return x\nreturn run",
            "def run():\n    return True\nreturn run",
        ),
    ],
)
def test_it_is_known_where_it_is_compared_or_tested(body: str, on: str, off: str) -> None:
    _check(body, on)
    _check(body, off, value=False)


def test_it_keeps_its_name_where_it_is_handed_on() -> None:
    _check(
        MODE + 'if mode == "fast":\n    x(mode)\nreturn f"{mode}.html"',
        'mode = "fast"\nx(mode)\nreturn f"{mode}.html"',
    )


@pytest.mark.parametrize(
    "rest",
    [
        "return mode == x",  # it is not known what that comes to
        "return mode",
        "return x and mode",
        "while mode:\n    x()",
        'if x:\n    mode = "none"\nreturn mode == "fast"',  # it may be another
        'match mode:\n    case [x]:\n        return 1\n    case "fast":\n        return 2',
    ],
)
def test_it_stays_where_nothing_is_decided(rest: str) -> None:
    _check(MODE + rest, 'mode = "fast"\n' + rest)


def test_a_literal_that_was_there_before_is_followed_nowhere() -> None:
    _check(
        'mode = "fast"\nif NEW:\n    x()\nif mode == "fast":\n    return 1\nreturn 2',
        'mode = "fast"\nx()\nif mode == "fast":\n    return 1\nreturn 2',
    )


@pytest.mark.parametrize(
    ("read", "on", "off"),
    [
        ('{"a": x, "b": 2}["a" if NEW else "b"]', "x", "2"),
        ('{"a": x, "b": 2}.get("a" if NEW else "c", 3)', "x", "3"),
        ("(x, 2)[0 if NEW else 1]", "x", "2"),
        ('x["a" if NEW else "b"]', 'x["a"]', 'x["b"]'),
        ('{"a": x(), "b": 2}["a" if NEW else "b"]', '{"a": x(), "b": 2}["a"]', '{"a": x(), "b": 2}["b"]'),
    ],
)
def test_a_key_that_the_flag_chose_is_looked_up_on_the_spot(read: str, on: str, off: str) -> None:
    _check(f"return {read}", f"return {on}")
    _check(f"return {read}", f"return {off}", value=False)
