"""A wrapper that binds locals before it reads does no more than read, if what they are bound to has no effects."""

from __future__ import annotations

import pytest
from removal_kit.check import after, check_removed, planned

WRAPPER = """
        import flags


        def is_on(key, user, fallback=False):
            {body}


        def cart(user):
            return 1 if is_on("new", user) else 2


        def other(user):
            return is_on("beta", user)
        """


def wrapped(body: str) -> str:
    """Return a program with a wrapper that has a body of several lines."""
    return WRAPPER.replace("{body}", body.replace("\n", "\n            "))


@pytest.mark.parametrize(
    "body",
    [
        'context = EvaluationContext(str(user), {"plan": user.plan})\nreturn flags.is_enabled(key, context)',
        "context: Any = Context.builder(user.id).build()\nname = user.name\nreturn flags.is_enabled(key, context)",
        "plan = user.plan\nfound = flags.is_enabled(key, plan)\nreturn bool(found)",
    ],
)
def test_a_wrapper_that_describes_who_asks_is_folded_where_it_is_called(body: str) -> None:
    before = wrapped(body)
    check_removed(before, before.replace('return 1 if is_on("new", user) else 2', "return 1"))


@pytest.mark.parametrize(
    "body",
    [
        "context = make_context(user)\nreturn flags.is_enabled(key, context)",
        "asked.append(key)\nreturn flags.is_enabled(key)",
        "user.asked = key\nreturn flags.is_enabled(key)",
        "found = flags.is_enabled(key)\nshown = audit(found)\nreturn found",
        "found = flags.is_enabled(key)\nfound = found and user\nreturn found",
        'found = flags.is_enabled(key)\nother = flags.is_enabled("beta")\nreturn found and other',
        "global last\nlast = key\nreturn flags.is_enabled(key)",
        "first, last = user\nreturn flags.is_enabled(key)",
        "for name in user:\n    audit(name)\nreturn flags.is_enabled(key)",
    ],
)
def test_a_wrapper_that_does_more_is_called_as_before(body: str) -> None:
    made = planned({"shop.py": wrapped(body)})
    assert [item.code for item in made.reads] == ["mixed-wrapper"]
    assert not made.changes


def test_a_wrapper_that_puts_the_key_together_reads_another_flag() -> None:
    made = planned({"shop.py": wrapped('key = f"shop.{key}"\nreturn flags.is_enabled(key)')})
    assert not made.reads
    assert not made.changes


def test_a_wrapper_may_ask_a_function_that_only_computes_who_asks() -> None:
    made = planned(
        {
            "asking.py": "def make_context(user):\n    return {'id': user.id}\n",
            "shop.py": wrapped("context = make_context(user)\nreturn flags.is_enabled(key, context)").replace(
                "import flags\n", "import flags\n        from asking import make_context\n"
            ),
        }
    )
    assert [item.status for item in made.reads] == ["folded"]
    assert "return 1\n" in (after(made) or "")
