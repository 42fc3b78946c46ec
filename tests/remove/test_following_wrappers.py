"""Functions that only read the flag are folded where they are called, and go; those that do more stay."""

from removal_kit.check import check_removed, check_unchanged, planned, shown

from flaglint.remove.outcome import Plan


def check_files(before: dict[str, str], expected: dict[str, str], *, value: object = True) -> Plan:
    made = planned(dict(before), value=value)
    changed = {change.path: change.after.decode() for change in made.changes}
    assert changed == {path: shown(text) for path, text in expected.items()}
    return made


def test_a_wrapper_function_is_folded_at_its_calls_and_goes() -> None:
    check_removed(
        """
        import flags


        def _fast(user):
            \"\"\"Whether the fast path is on.\"\"\"
            return flags.is_enabled("new")


        def cart(user):
            if _fast(user):
                return user
            return None
        """,
        """
        def cart(user):
            return user
        """,
    )


def test_a_wrapper_that_negates_is_folded_with_its_own_value() -> None:
    check_removed(
        """
        import flags


        def _legacy():
            return not flags.is_enabled("new")


        def cart(user):
            return None if _legacy() else user
        """,
        """
        def cart(user):
            return user
        """,
    )


def test_a_wrapper_that_asks_for_more_keeps_the_rest() -> None:
    check_removed(
        """
        import flags


        def _fast(user):
            return user.is_staff and flags.is_enabled("new")


        def cart(user):
            return user if _fast(user) else None
        """,
        """
        def _fast(user):
            return user.is_staff and True


        def cart(user):
            return user if _fast(user) else None
        """,
    )


def test_a_wrapper_with_effects_is_still_called() -> None:
    made = check_removed(
        """
        import flags
        from effects import audit


        def _fast(user):
            audit(user)
            return flags.is_enabled("new")


        def cart(user):
            return user if _fast(user) else None
        """,
        """
        from effects import audit


        def _fast(user):
            audit(user)
            return True


        def cart(user):
            return user if _fast(user) else None
        """,
    )
    assert "wrapper-kept" in {item.code for item in made.reads}


def test_the_arguments_of_a_wrapper_still_run() -> None:
    check_removed(
        """
        import flags
        from effects import load


        def _fast(user):
            return flags.is_enabled("new")


        def cart(user):
            if _fast(load(user)):
                return user
            return None
        """,
        """
        from effects import load


        def cart(user):
            load(user)
            return user
        """,
    )


def test_a_wrapper_that_is_handed_on_stays() -> None:
    check_removed(
        """
        import flags


        def fast(user):
            return flags.is_enabled("new")


        def cart(users):
            return list(filter(fast, users))
        """,
        """
        def fast(user):
            return True


        def cart(users):
            return list(filter(fast, users))
        """,
    )


def test_a_wrapper_of_another_module_goes_with_its_imports() -> None:
    check_files(
        {
            "gates.py": 'import flags\n\ndef fast():\n    return flags.is_enabled("new")\n\n\ndef other():\n    pass\n',
            "shop.py": "from gates import fast, other\n\n\ndef cart(u):\n    return u if fast() else other()\n",
            "till.py": "import gates\n\n\ndef till():\n    return gates.fast() and gates.other()\n",
        },
        {
            "gates.py": "def other():\n    pass\n",
            "shop.py": "def cart(u):\n    return u\n",
            "till.py": "import gates\n\n\ndef till():\n    return gates.other()\n",
        },
    )


def test_a_wrapper_that_all_lists_stays_as_a_constant() -> None:
    made = check_files(
        {
            "gates.py": 'import flags\n\n__all__ = ["fast"]\n\n\ndef fast():\n    return flags.is_enabled("new")\n',
            "shop.py": "from gates import fast\n\n\ndef cart(u):\n    return u if fast() else None\n",
        },
        {
            "gates.py": '__all__ = ["fast"]\n\n\ndef fast():\n    return True\n',
            "shop.py": "def cart(u):\n    return u\n",
        },
    )
    (kept,) = [item for item in made.reads if item.code == "public-constant"]
    assert kept.sentence == "the public function `fast` now returns a constant to whoever still calls it"


def test_a_wrapper_that_a_wrapper_calls_goes_too() -> None:
    check_files(
        {
            "gates.py": 'import flags\n\n\ndef inner():\n    return flags.is_enabled("new")\n',
            "doors.py": "from gates import inner\n\n\ndef outer():\n    return inner()\n",
            "shop.py": "from doors import outer\n\n\ndef cart(u):\n    return u if outer() else None\n",
        },
        {"gates.py": "", "doors.py": "", "shop.py": "def cart(u):\n    return u\n"},
    )


def test_a_coroutine_that_is_awaited_elsewhere_is_called_as_before() -> None:
    made = check_removed(
        """
        import asyncio

        import flags


        async def is_fast(user):
            return await flags.is_enabled_async("new")


        async def cart(user):
            if await is_fast(user):
                return await asyncio.gather(is_fast(user), user.load())
            return None
        """,
        """
        import asyncio


        async def is_fast(user):
            return True


        async def cart(user):
            return await asyncio.gather(is_fast(user), user.load())
        """,
    )
    assert "it calls `shop.is_fast`, and what that gives is awaited somewhere else" in [
        item.sentence for item in made.reads
    ]


def test_a_call_of_a_function_that_returns_the_coroutine_of_a_read_stays() -> None:
    check_unchanged(
        """
        import flags


        def is_fast(user):
            return flags.is_enabled_async("new")


        async def cart(user):
            waiting = is_fast(user)
            return await waiting
        """
    )
