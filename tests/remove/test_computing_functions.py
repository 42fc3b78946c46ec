"""Calls of functions of the project that only compute go with what needed them; of any other, they stay."""

from __future__ import annotations

import pytest
from removal_kit.check import after, check_removed, planned


def test_a_call_that_made_an_argument_of_the_read_goes_and_so_does_its_function() -> None:
    check_removed(
        """
        import flags


        def _asker(user):
            \"\"\"Say who asks.\"\"\"
            plan = user.plan
            if plan is None:
                plan = "free"
            return {"id": str(user.id), "plan": _upper(plan)}


        def _upper(text):
            return text.upper()


        def f(user):
            return 1 if flags.is_enabled("new", _asker(user)) else 2


        def g(user):
            asker = _asker(user)
            if flags.is_enabled("new", asker):
                return 1
            return 2
        """,
        """
        def f(user):
            return 1


        def g(user):
            return 1
        """,
    )


def test_a_function_of_another_module_is_looked_up_there() -> None:
    made = planned(
        {
            "asking.py": "def asker(user):\n    return {'id': user.id}\n\n\nprint(asker)\n",
            "shop.py": """
            import flags
            from asking import asker as who


            def f(user):
                context = who(user)
                if flags.is_enabled("new", context):
                    return 1
                return 2
            """,
        }
    )
    assert after(made) == "def f(user):\n    return 1\n"


EFFECTS = {
    "calls": "return make(user)",
    "calls a method": "return user.made()",
    "calls itself": "return asker(user)",
    "sets an attribute": "user.asked = True\n    return user",
    "sets an item": "ASKED[user] = True\n    return user",
    "binds a global": "global last\n    last = user\n    return user",
    "raises": "if user is None:\n        raise ValueError\n    return user",
    "loops": "for part in user:\n        pass\n    return user",
    "yields": "yield user",
    "deletes": "del ASKED[user]\n    return user",
    "asserts": "assert user\n    return user",
    "imports": "import audit\n    return user",
}


@pytest.mark.parametrize("body", EFFECTS.values(), ids=EFFECTS.keys())
def test_a_call_of_a_function_that_does_more_stays(body: str) -> None:
    program = f"""import flags


def asker(user):
    {body}


def f(user):
    return 1 if flags.is_enabled("new", asker(user)) else 2
"""
    found = after(planned({"shop.py": program})) or ""
    assert found.endswith("def f(user):\n    asker(user)\n    return 1\n")


@pytest.mark.parametrize(
    ("definition", "call"),
    [
        ("@traced\ndef asker(user):\n    return user\n", "asker(user)"),
        ("async def asker(user):\n    return user\n", "asker(user)"),
        ("def asker(user):\n    return user\n\n\nif user:\n    asker = audit\n", "asker(user)"),
        ("def asker(user):\n    return user\n\n\ndef g():\n    global asker\n    asker = audit\n", "asker(user)"),
        ("def asker(user):\n    return user\n", "asker(load(user))"),
        ("class Asker:\n    def asker(self, user):\n        return user\n", "asker(user)"),
        ("from audit import asker\n", "asker(user)"),
    ],
)
def test_a_call_stays_that_may_be_of_something_else_or_has_effects_in_its_arguments(definition: str, call: str) -> None:
    program = (
        f'import flags\n\n\n{definition}\n\ndef f(user):\n    return 1 if flags.is_enabled("new", {call}) else 2\n'
    )
    found = after(planned({"shop.py": program})) or ""
    assert call.replace("asker(load", "load").rstrip(")") in found.partition("def f(user)")[2]


def test_a_parameter_of_the_same_name_is_not_the_function() -> None:
    check_removed(
        """
        import flags


        def asker(user):
            return user


        def f(user, asker):
            return 1 if flags.is_enabled("new", asker(user)) else asker
        """,
        """
        def asker(user):
            return user


        def f(user, asker):
            asker(user)
            return 1
        """,
    )


def test_a_user_that_an_sdk_describes_goes_where_it_comes_from_that_sdk() -> None:
    code = """
        import flags
        from {module} import User


        def f(name):
            user = User(name, email=name.email)
            return 1 if flags.is_enabled("new", user) else flags.is_enabled("new", User(name))
        """
    check_removed(code.format(module="configcatclient.user"), "def f(name):\n    return 1\n")
    kept = planned({"shop.py": code.format(module="shop.models")})
    assert "user = User(name, email=name.email)" in (after(kept) or "")
