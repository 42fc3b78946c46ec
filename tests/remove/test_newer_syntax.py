"""Syntax of Python 3.10 to 3.14 around a flag, also where the interpreter that runs this cannot read it."""

import pytest
from removal_kit.check import planned, shown

READ = 'flags.is_enabled("new")'


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (
            "def f[T: (int, str)](u: T) -> T:\n    return u if NEW else u + u\n",
            "def f[T: (int, str)](u: T) -> T:\n    return u\n",
        ),
        (
            "class Box[T = int]:\n    def get(self, u: T):\n        if NEW:\n            return u\n        return 0\n",
            "class Box[T = int]:\n    def get(self, u: T):\n        return u\n",
        ),
        ("type Rows = list[int]\n\n\nSIZE = 3 if NEW else 2\n", "type Rows = list[int]\n\n\nSIZE = 3\n"),
        (
            "def f(u):\n    return f\"{u if NEW else 0} {u['a' + f'{u}']}\"\n",
            "def f(u):\n    return f\"{u} {u['a' + f'{u}']}\"\n",
        ),
        (
            "def f(u):\n    try:\n        return u() if NEW else 0\n    except* ValueError:\n        pass\n",
            None,  # `return` is not allowed to leave `except*`, but may leave its `try`
        ),
        (
            "def f(u):\n    try:\n        if NEW:\n            u()\n    except* ValueError as e:\n        u(e)\n",
            "def f(u):\n    try:\n        u()\n    except* ValueError as e:\n        u(e)\n",
        ),
        (
            "def f(u):\n    with (u(1) as a, u(2) as b):\n        return a if NEW else b\n",
            "def f(u):\n    with (u(1) as a, u(2)):\n        return a\n",
        ),
        (
            "def f(u):\n    try:\n        u(1 if NEW else 2)\n    except ValueError, KeyError:\n        pass\n",
            "def f(u):\n    try:\n        u(1)\n    except ValueError, KeyError:\n        pass\n",
        ),
        (
            'def f(u):\n    return t"{u}" if NEW else ""\n',
            'def f(u):\n    return t"{u}"\n',
        ),
        (
            "async def f(u):\n    return [x async for x in u if NEW and await x]\n",
            "async def f(u):\n    return [x async for x in u if await x]\n",
        ),
    ],
)
def test_newer_syntax_is_kept_as_it_is(before: str, expected: str | None) -> None:
    made = planned({"shop.py": "import flags\n\n" + before.replace("NEW", READ)})
    if expected is None:
        expected = before.replace("u() if NEW else 0", "u()")
    assert [change.after.decode() for change in made.changes] == [expected]


@pytest.mark.parametrize(
    ("subject", "value", "expected"),
    [
        ("dense", "dense", "return 1"),
        ("wide", "wide", "return 2"),
        ("other", "other", "return 3"),
    ],
)
def test_a_match_on_the_variation_leaves_its_arm(subject: str, value: str, expected: str) -> None:
    made = planned(
        {
            "shop.py": """
            import flags

            def f(u):
                match flags.variation("new"):
                    case "dense" | "tight":
                        return 1
                    case "wide":
                        return 2
                    case _:
                        return 3
            """
        },
        value=value,
    )
    assert made.changes[0].after.decode() == shown(f"def f(u):\n    {expected}\n")


def test_a_match_with_a_guard_that_is_not_known_keeps_what_may_match() -> None:
    made = planned(
        {
            "shop.py": """
            import flags

            def f(u):
                match flags.variation("new"):
                    case "wide":
                        return 1
                    case "dense" if u:
                        return 2
                    case _:
                        return 3
            """
        },
        value="dense",
    )
    text = made.changes[0].after.decode()
    assert "return 1" not in text
    assert "return 2" in text
    assert "return 3" in text


def test_space_before_a_colon_does_not_change() -> None:
    made = planned(
        {
            "shop.py": "import flags\n\ndef f(u):\n    try :\n        return u if flags.is_enabled('new') else 0\n"
            "    except ValueError :\n        return f'{u !r :>3}'\n"
        }
    )
    expected = "def f(u):\n    try :\n        return u\n    except ValueError :\n        return f'{u !r :>3}'\n"
    assert [change.after.decode() for change in made.changes] == [expected]


def test_a_name_that_no_parser_agrees_on_holds_its_file_back() -> None:
    made = planned({"shop.py": f"import flags\n\nx = 1 if {READ} else 2\n\U00013460 = 1\n"})
    assert made.changes == ()
    assert [read.code for read in made.refused] == ["not-verified"]
