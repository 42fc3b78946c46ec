"""Code that can no longer run goes, and nothing else: jumps, loops, `with`, `try`, and the kind of a function."""

import pytest
from removal_kit.check import check_removed, check_unchanged

HEAD = "import flags\nfrom effects import a, b, c, cm\n\n\n"
READ = 'flags.is_enabled("new")'
TAIL = "\n\n\nUSED = (a, b, c, cm)\n"


def check_body(before: str, expected: str, *, value: object = True, opening: str = "def f(u, xs):") -> None:
    check_removed(_file(before, opening), _file(expected, opening).replace("import flags\n", ""), value=value)


def _file(body: str, opening: str) -> str:
    """Return a file with `body` in a function, where NEW stands for the read."""
    return (
        HEAD
        + opening
        + "".join(f"\n    {line}" if line else "\n" for line in body.replace("NEW", READ).split("\n"))
        + TAIL
    )


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("if NEW:\n    return a()\nb()\nreturn c()", "return a()"),
        ("if NEW:\n    raise ValueError(u)\nreturn c()", "raise ValueError(u)"),
        ("if not NEW:\n    return a()\nreturn c()", "return c()"),
        ("for x in xs:\n    if NEW:\n        continue\n    b(x)", "for x in xs:\n    continue"),
        (
            "for x in xs:\n    a(x)\n    if NEW:\n        break\n    b(x)\nreturn c()",
            "for x in xs:\n    a(x)\n    break\nreturn c()",
        ),
        (
            "if NEW:\n    if u:\n        return a()\n    else:\n        raise ValueError\nreturn c()",
            "if u:\n    return a()\nelse:\n    raise ValueError",
        ),
        ("if NEW:\n    while True:\n        a()\nreturn c()", "while True:\n    a()"),
        (
            "if u:\n    return a()\nelif NEW:\n    return b()\nreturn c()",
            "if u:\n    return a()\nelse:\n    return b()",
        ),
        (
            "if NEW:\n    try:\n        return a()\n    except ValueError:\n        return b()\nreturn c()",
            "try:\n    return a()\nexcept ValueError:\n    return b()",
        ),
        (
            "if NEW:\n    match u:\n        case 1:\n            return 1\n        case _:\n            raise u\nc()",
            "match u:\n    case 1:\n        return 1\n    case _:\n        raise u",
        ),
    ],
)
def test_code_behind_a_jump_goes(before: str, expected: str) -> None:
    check_body(before, expected)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        # The context manager may swallow what is raised in it.
        (
            "if NEW:\n    with cm():\n        return a()\nreturn c()",
            "with cm():\n    return a()\nreturn c()",
        ),
        (
            "with cm():\n    if NEW:\n        return a()\n    b()\nreturn c()",
            "with cm():\n    return a()\nreturn c()",
        ),
        # Only one of the arms leaves.
        (
            "if NEW:\n    if u:\n        return a()\nreturn c()",
            "if u:\n    return a()\nreturn c()",
        ),
        # A loop that is broken out of ends.
        (
            "if NEW:\n    while True:\n        if a():\n            break\nreturn c()",
            "while True:\n    if a():\n        break\nreturn c()",
        ),
        # A loop may have nothing to loop over.
        (
            "if NEW:\n    for x in xs:\n        return a(x)\nreturn c()",
            "for x in xs:\n    return a(x)\nreturn c()",
        ),
        # One handler goes on.
        (
            "if NEW:\n    try:\n        return a()\n    except ValueError:\n        b()\nreturn c()",
            "try:\n    return a()\nexcept ValueError:\n    b()\nreturn c()",
        ),
        # No arm may match.
        (
            "if NEW:\n    match u:\n        case 1:\n            return a()\nreturn c()",
            "match u:\n    case 1:\n        return a()\nreturn c()",
        ),
        (
            "try:\n    if NEW:\n        return a()\n    b()\nfinally:\n    c()",
            "try:\n    return a()\nfinally:\n    c()",
        ),
        (
            "try:\n    if NEW:\n        raise ValueError\n    b()\nexcept ValueError:\n    c()\nreturn u",
            "try:\n    raise ValueError\nexcept ValueError:\n    c()\nreturn u",
        ),
        # A `break` in a `finally` swallows the exception.
        (
            "while True:\n    try:\n        if NEW:\n            raise u\n    finally:\n        break\nreturn c()",
            "while True:\n    try:\n        raise u\n    finally:\n        break\nreturn c()",
        ),
    ],
)
def test_code_that_may_still_run_stays(before: str, expected: str) -> None:
    check_body(before, expected)


def test_code_that_was_dead_before_stays() -> None:
    check_body("if NEW:\n    a()\nreturn c()\nb()", "a()\nreturn c()\nb()")
    check_unchanged(_file("return c()\nb()", "def f(u, xs):"))


def test_a_loop_whose_condition_is_never_true_goes_and_its_else_stays() -> None:
    check_body("while NEW and u:\n    a()\nelse:\n    b()\nc()", "b()\nc()", value=False)
    check_body("while NEW:\n    a()\nc()", "c()", value=False)


def test_a_loop_whose_condition_is_always_true_still_loops() -> None:
    check_body(
        "while NEW:\n    if a():\n        break\nelse:\n    b()\nc()",
        "while True:\n    if a():\n        break\nc()",
    )


def test_an_assertion_of_the_kept_value_goes_with_its_message() -> None:
    check_body('assert NEW, "switch it on"\na()', "a()")


def test_an_assertion_that_fails_now_still_fails() -> None:
    check_body("assert NEW, u\nreturn a()", "assert False, u\nreturn a()", value=False)


# ------------------------------------------------------------------------------------------------- kinds of functions


def test_a_generator_stays_one_when_its_only_yield_dies() -> None:
    check_body("if NEW:\n    return\nyield a()", "return\nyield")


def test_a_generator_with_another_yield_gets_none() -> None:
    check_body("if not NEW:\n    yield u\nyield a()", "yield a()")
    check_body("yield u\nif NEW:\n    return\nyield a()", "yield u")


def test_an_async_generator_stays_one() -> None:
    check_body("await a()\nif NEW:\n    return\nyield u", "await a()\nreturn\nyield", opening="async def f(u, xs):")


def test_a_coroutine_stays_one_without_an_await() -> None:
    check_body("if not NEW:\n    return await a()\nreturn u", "return u", opening="async def f(u, xs):")


def test_a_yield_of_an_inner_function_does_not_count() -> None:
    check_body(
        "def inner():\n    yield 1\nif NEW:\n    return inner\nyield a()",
        "def inner():\n    yield 1\nreturn inner\nyield",
    )


# ------------------------------------------------------------------------------------------------------------- suites


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("for x in xs:\n    if NEW:\n        a(x)", "for x in xs:\n    pass"),
        ("with cm():\n    if NEW:\n        a()", "with cm():\n    pass"),
        ("if u:\n    a()\nelif NEW:\n    b()", "if u:\n    a()"),
        ("if a():\n    b()\nelse:\n    if NEW:\n        c()", "if a():\n    b()"),
        (
            "try:\n    a()\nexcept ValueError:\n    if NEW:\n        b()",
            "try:\n    a()\nexcept ValueError:\n    pass",
        ),
    ],
)
def test_an_empty_suite_gets_a_pass_or_vanishes(before: str, expected: str) -> None:
    check_body(before, expected, value=False)


def test_a_docstring_is_body_enough() -> None:
    check_body('"""Warms the cache."""\nif NEW:\n    a()', '"""Warms the cache."""', value=False)


def test_a_function_without_anything_left_gets_a_pass() -> None:
    check_body("if NEW:\n    a()", "pass", value=False)


def test_a_match_in_the_else_of_a_try_that_loses_its_body_moves_with_it() -> None:
    check_body(
        "try:\n    if not NEW:\n        a()\nexcept ValueError:\n    b()\nelse:\n    c()\n"
        "    match NEW:\n        case False:\n            a()\n"
        "        case True:\n            b()\n            return c()",
        "c()\nb()\nreturn c()",
    )


def test_what_goes_in_a_handler_goes_with_the_try_that_leaves_an_arm_empty() -> None:
    check_body(
        "if a():\n    try:\n        if NEW:\n            b()\n    except ValueError:\n        a()\n"
        "        if NEW:\n            b()\nelse:\n    c()",
        "if a():\n    pass\nelse:\n    c()",
        value=False,
    )
