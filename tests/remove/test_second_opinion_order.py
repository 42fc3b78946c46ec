"""The second opinion follows what runs before the rest of its statement, and sees when it runs at another time."""

from textwrap import dedent

import pytest
from removal_kit.check import check_removed

from flaglint.remove.oracle import Pin, disagreements


def test_what_a_negation_must_still_run_is_put_before_a_return() -> None:
    check_removed(
        """
        import flags


        def f(user):
            return not (audit(user) and not flags.is_enabled("new"))
        """,
        """
        def f(user):
            audit(user)
            return True
        """,
    )


def test_what_a_choice_in_an_argument_must_still_run_is_put_before_the_call() -> None:
    check_removed(
        """
        import flags


        def f(user):
            show("long", "new" if audit(user) and flags.is_enabled("new") else "old")
            with opened(not (audit(user) and flags.is_enabled("new"))) as page:
                return [page.wide if audit(user) and flags.is_enabled("new") else page.narrow]
        """,
        """
        def f(user):
            audit(user)
            show("long", "old")
            audit(user)
            with opened(True) as page:
                audit(user)
                return [page.narrow]
        """,
        value=False,
    )


def disputed(before: str, after: str) -> bool:
    """Whether two texts come to different things, `True` in the place of what was read."""
    text = dedent(before)
    line, column = next((n, row.index("flag()")) for n, row in enumerate(text.splitlines(), 1) if "flag()" in row)
    return bool(disagreements(text, dedent(after), [Pin(line, column, line, column + len("flag()"), value=True)]))


@pytest.mark.parametrize(
    ("expression", "claimed"),
    [
        ("show(look(), not (audit() or flag()))", "show(look(), False)"),
        ("look() + (1 if audit() or flag() else 2)", "look() + 1"),
        ("look()(not (audit() or flag()))", "look()(False)"),
        ("user or not (audit() or flag())", "user or False"),
        ("[look(), not (audit() or flag())]", "[look(), False]"),
        ("{look(): not (audit() or flag())}", "{look(): False}"),
        ("lambda: not (audit() or flag())", "lambda: False"),
        ("[not (audit() or flag()) for _ in user]", "[False for _ in user]"),
    ],
)
def test_what_does_not_run_first_or_not_always_may_not_be_put_before_its_statement(
    expression: str, claimed: str
) -> None:
    before = f"""
    def f(user):
        return {expression}
    """
    after = f"""
    def f(user):
        audit()
        return {claimed}
    """
    assert disputed(before, after)


def test_what_a_statement_ran_may_not_be_lost() -> None:
    assert disputed("def f():\n    return not (audit() or flag())\n", "def f():\n    return False\n")
    assert not disputed("def f():\n    return not (audit() or flag())\n", "def f():\n    audit()\n    return False\n")
    assert disputed(
        "def f(x):\n    x[look()] += not (audit() or flag())\n", "def f(x):\n    audit()\n    x[look()] += False\n"
    )
