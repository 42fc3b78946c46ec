"""Overrides of a removed flag in tests: of the kept value they are taken off, tests of the other value go."""

from removal_kit.check import planned, shown

SHOP = """
    import flags

    def cart(u):
        return u if flags.is_enabled("new") else None
"""


def check_tests(before: str, expected: str | None, *, value: object = True, codes: tuple[str, ...] = ()) -> None:
    """Assert what a removal makes of a file of tests, None for nothing, and the codes of what it leaves over."""
    made = planned({"shop.py": SHOP, "tests/test_shop.py": before}, value=value)
    changed = {change.path: change.after.decode() for change in made.changes}
    assert "shop.py" in changed
    assert changed.get("tests/test_shop.py") == (shown(expected) if expected is not None else None)
    assert tuple(item.code for item in made.leftovers) == codes
    assert made.unused_keys == (frozenset() if codes else {"new"})


# ------------------------------------------------------------------------------------------------- of the kept value


def test_a_context_manager_of_the_kept_value_is_unwrapped() -> None:
    check_tests(
        """
        from flags import override_flag
        from shop import cart

        def test_cart():
            with override_flag("new", active=True):
                # one page
                assert cart(1) == 1
            assert cart(2)
        """,
        """
        from shop import cart

        def test_cart():
            # one page
            assert cart(1) == 1
            assert cart(2)
        """,
    )


def test_a_decorator_of_the_kept_value_goes() -> None:
    check_tests(
        """
        import pytest
        from flags import override_flag
        from shop import cart

        @pytest.mark.slow
        @override_flag("new", active=True)
        def test_cart():
            assert cart(1) == 1
        """,
        """
        import pytest
        from shop import cart

        @pytest.mark.slow
        def test_cart():
            assert cart(1) == 1
        """,
    )


def test_a_decorator_of_a_class_goes() -> None:
    check_tests(
        """
        from flags import override_flag
        from shop import cart

        @override_flag("new", active=False)
        class TestCart:
            def test_none(self):
                assert cart(1) is None
        """,
        """
        from shop import cart

        class TestCart:
            def test_none(self):
                assert cart(1) is None
        """,
        value=False,
    )


def test_one_of_several_context_managers_goes() -> None:
    check_tests(
        """
        from flags import override_flag
        from shop import cart

        def test_cart(tmp):
            with tmp.folder() as f, override_flag("new", active=True), tmp.file():
                assert cart(f)
            with override_flag("new", active=True), tmp.file():
                assert cart(1)
            with tmp.file(), override_flag("new", active=True):
                assert cart(1)
        """,
        """
        from shop import cart

        def test_cart(tmp):
            with tmp.folder() as f, tmp.file():
                assert cart(f)
            with tmp.file():
                assert cart(1)
            with tmp.file():
                assert cart(1)
        """,
    )


def test_one_of_several_flags_that_are_set_together_goes() -> None:
    check_tests(
        """
        from flags import override_flags
        from shop import cart

        def test_cart():
            with override_flags({"old": False, "new": True}):
                assert cart(1) == 1
        """,
        """
        from flags import override_flags
        from shop import cart

        def test_cart():
            with override_flags({"old": False}):
                assert cart(1) == 1
        """,
    )


def test_an_override_of_another_flag_stays() -> None:
    check_tests(
        """
        from flags import override_flag
        from shop import cart

        def test_cart():
            with override_flag("other", active=True):
                assert cart(1) == 1
        """,
        None,
    )


# ------------------------------------------------------------------------------------------------ of the other value


def test_a_test_of_the_dead_value_goes_with_its_helper() -> None:
    check_tests(
        """
        from flags import override_flag
        from shop import cart

        def test_new():
            assert cart(1) == 1

        @override_flag("new", active=False)
        def test_old():
            assert cart(_legacy()) is None

        def _legacy():
            return 3

        def _kept():
            return 4
        """,
        """
        from shop import cart

        def test_new():
            assert cart(1) == 1

        def _kept():
            return 4
        """,
    )


def test_a_test_that_is_all_inside_the_override_goes() -> None:
    check_tests(
        """
        from flags import override_flag
        from shop import cart

        def test_old():
            user = 1
            with override_flag("new", active=False):
                assert cart(user) is None

        def test_new():
            assert cart(1) == 1
        """,
        """
        from shop import cart

        def test_new():
            assert cart(1) == 1
        """,
    )


def test_a_test_that_checks_both_loses_the_dead_half() -> None:
    check_tests(
        """
        from flags import override_flag
        from shop import cart

        def test_cart():
            with override_flag("new", active=True):
                assert cart(1) == 1
            with override_flag("new", active=False):
                assert cart(1) is None
        """,
        """
        from shop import cart

        def test_cart():
            assert cart(1) == 1
        """,
    )


def test_a_class_of_the_dead_value_goes() -> None:
    check_tests(
        """
        from flags import override_flag
        from shop import cart

        @override_flag("new", active=False)
        class TestOldCart:
            def test_none(self):
                assert cart(1) is None

        class TestCart:
            def test_one(self):
                assert cart(1) == 1
        """,
        """
        from shop import cart

        class TestCart:
            def test_one(self):
                assert cart(1) == 1
        """,
    )


def test_a_fixture_that_another_test_uses_stays() -> None:
    check_tests(
        """
        import pytest
        from flags import override_flag
        from shop import cart

        @pytest.fixture
        def rows():
            return [1]

        @override_flag("new", active=False)
        def test_old(rows):
            assert cart(rows) is None

        def test_new(rows):
            assert cart(rows) == rows
        """,
        """
        import pytest
        from shop import cart

        @pytest.fixture
        def rows():
            return [1]

        def test_new(rows):
            assert cart(rows) == rows
        """,
    )


# --------------------------------------------------------------------------------------------------- parametrized tests


def test_a_parametrized_value_leaves_the_case_of_the_kept_value() -> None:
    check_tests(
        """
        import pytest
        from flags import override_flag
        from shop import cart

        @pytest.mark.parametrize("on", [True, False])
        def test_cart(on):
            with override_flag("new", active=on):
                assert cart(1) == (1 if on else None)
        """,
        """
        from shop import cart

        def test_cart():
            assert cart(1) == 1
        """,
    )


def test_a_parametrized_table_loses_the_rows_of_the_dead_value_and_the_column() -> None:
    check_tests(
        """
        import pytest
        from flags import override_flag
        from shop import cart

        @pytest.mark.parametrize(
            ("on", "u", "expected"),
            [
                (True, 1, 1),
                (False, 2, None),  # the old way
                pytest.param(True, 3, 3, id="three"),
            ],
        )
        def test_cart(client, on, u, expected):
            with override_flag("new", on):
                assert cart(u) == expected
        """,
        """
        import pytest
        from shop import cart

        @pytest.mark.parametrize(
            ("u", "expected"),
            [
                (1, 1),
                pytest.param(3, 3, id="three"),
            ],
        )
        def test_cart(client, u, expected):
            assert cart(u) == expected
        """,
    )


def test_a_parametrized_test_of_the_dead_value_alone_goes() -> None:
    check_tests(
        """
        import pytest
        from flags import override_flag
        from shop import cart

        @pytest.mark.parametrize("on", [False])
        def test_old(on):
            with override_flag("new", active=on):
                assert cart(1) is None

        def test_other():
            assert cart
        """,
        """
        from shop import cart

        def test_other():
            assert cart
        """,
    )


def test_a_test_with_nothing_left_to_check_goes() -> None:
    made = planned(
        {
            "shop.py": """
                import flags

                def is_new():
                    return flags.is_enabled("new")

                def cart(u):
                    return u if is_new() else None
            """,
            "tests/test_shop.py": """
                import shop

                def test_is_new():
                    '''It is on.'''
                    assert shop.is_new() is True

                def test_cart():
                    assert shop.cart(1) == 1
            """,
        }
    )
    changed = {change.path: change.after.decode() for change in made.changes}
    assert changed["tests/test_shop.py"] == "import shop\n\ndef test_cart():\n    assert shop.cart(1) == 1\n"
