"""The facts of one unit: roles and traits of sites, and what becomes of source that cannot be read."""

import pytest

from flaglint.refs import ir
from flaglint.refs.extract import extract


def site(code: str) -> ir.Site:
    """Return the site of the call of `on`."""
    (found,) = [item for item in extract(code).sites if item.head == "on" and isinstance(item.expr, ir.Call)]
    return found


@pytest.mark.parametrize(
    ("code", "role"),
    [
        ("on()", "expression"),
        ("x = on()", "assignment"),
        ("if on(): pass", "if-test"),
        ("if not on(): pass", "if-test"),
        ("if x: pass\nelif on(): pass", "elif-test"),
        ("while on(): pass", "while-test"),
        ("x = 1 if on() else 2", "conditional-expression"),
        ("x = on() if y else 2", "conditional-branch"),
        ("x = y and on()", "boolean-operand"),
        ("def f(): return on()", "return"),
        ("g(on())", "argument"),
        ("assert on()", "assert"),
        ("@on()\ndef f(): ...", "decorator"),
        ("x = [y for y in z if on()]", "comprehension"),
        ("match on():\n    case 1: pass", "match-subject"),
        ("x = {'a': on()}", "dict-value"),
        ("x = on() == 'blue'", "comparison"),
        ("with on(): pass", "with-item"),
        ("x = lambda: on()", "lambda-body"),
        ("x = f'{on()}'", "f-string"),
        ("on().value", "receiver"),
        ("def f(x=on()): ...", "default"),
        ("try: ...\nexcept on(): ...", "expression"),
        ("try: ...\nexcept (A if on() else B): ...", "conditional-expression"),
        ("raise A from on()", "expression"),
    ],
)
def test_says_which_place_the_value_of_a_call_goes_to(code: str, role: str) -> None:
    assert site(code + "\n").role == role


def test_notes_loops_negations_and_awaiting() -> None:
    code = "async def f():\n    for x in y:\n        if not await on(): pass\n"
    assert set(site(code).traits) == {"in-loop", "negated", "awaited"}
    assert site("def f():\n    for x in y:\n        def g(): return on()\n").traits == ()


def test_notes_what_a_value_is_compared_with() -> None:
    assert site("x = on() in ('a', 'b')\n").compared == ("a", "b")
    assert site("match on():\n    case 'a' | 'b': pass\n").compared == ("a", "b")
    assert site("x = on() == -1\n").compared == (-1,)


@pytest.mark.parametrize("code", ["on() > 100", "100 <= on()", "0 < on() < 9", "on() >= 1 != 2"])
def test_an_ordering_asks_for_no_value_of_its_own(code: str) -> None:
    assert site(f"x = {code}\n").compared == ()


def test_notes_the_local_and_the_guards_around_a_site() -> None:
    facts = extract("def f():\n    if first():\n        x = on()\n")
    first, second = facts.sites
    assert (second.target, second.guards) == ("x", (facts.sites.index(first),))


@pytest.mark.parametrize("code", ["def f(:\n", "x = = 1\n", "class\n", "if x\n    pass\n"])
def test_a_unit_that_does_not_parse_says_so_and_raises_nothing(code: str) -> None:
    facts = extract(code)
    assert facts.failure
    assert facts.sites == []


def test_an_expression_too_deep_for_the_stack_is_a_failure_and_no_exception() -> None:
    facts = extract("x = " + " + ".join(["a"] * 2_000) + "\n")
    assert facts.failure in {"", "expressions nest too deeply to be read"}


def test_annotations_are_no_sites() -> None:
    assert extract("def f(x: on()) -> on(): ...\n").sites == []
    assert extract("x: on() = 1\n").sites == []


def test_a_call_in_what_is_deleted_is_a_site() -> None:
    assert site("del cache[on()]\n").role == "index"


@pytest.mark.parametrize("literal", ['"\\x0"', '"\\N{nope}"', '"a\\u12"', "b'\\x'", "9" * 5000])
def test_a_literal_that_only_libcst_takes_is_unknown_and_raises_nothing(literal: str) -> None:
    (found,) = [item for item in extract(f"on({literal}, key='k')").sites if item.head == "on"]
    assert isinstance(found.expr, ir.Call)
    assert not isinstance(found.expr.args[0].value, ir.Text)
    assert isinstance(found.expr.args[1].value, ir.Text)
