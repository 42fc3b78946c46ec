"""Overrides and mocks that nobody can decide on stay as they are, are reported, and keep the registry entry."""

import pytest
from removal_kit.check import check_unchanged, planned, shown

SHOP = """
    import flags

    def cart(u):
        return u if flags.is_enabled("new") else None
"""


def check_kept(tests: str, *codes: str, path: str = "tests/test_shop.py", is_unused: bool = False) -> None:
    """Assert that a file of tests stays as it is, and what is reported about it."""
    made = planned({"shop.py": SHOP, path: tests})
    assert [change.path for change in made.changes] == ["shop.py"]
    assert tuple(item.code for item in made.leftovers) == codes
    assert {item.span.path for item in made.leftovers} <= {path}
    assert (made.unused_keys == {"new"}) is is_unused


def test_a_value_that_is_no_literal_stays() -> None:
    check_kept(
        """
        from flags import override_flag
        from shop import cart

        def test_cart(value):
            with override_flag("new", active=value):
                assert cart(1) in (1, None)
        """,
        "dynamic-override",
    )


def test_a_parametrised_value_that_is_put_together_stays() -> None:
    check_kept(
        """
        import pytest
        from flags import override_flag
        from shop import cart, settings

        @pytest.mark.parametrize("on", [True, settings.old])
        def test_cart(on):
            with override_flag("new", active=on):
                assert cart(1) == (1 if on else None)
        """,
        "dynamic-override",
    )


def test_an_override_that_has_a_name_stays() -> None:
    check_kept(
        """
        from flags import override_flag
        from shop import cart

        def test_cart():
            with override_flag("new", active=True) as flag:
                assert cart(flag)
        """,
        "bound-override",
    )


def test_the_dead_value_outside_of_a_test_stays() -> None:
    check_kept(
        """
        import pytest
        from flags import override_flag

        @pytest.fixture
        def legacy():
            with override_flag("new", active=False):
                yield
        """,
        "dead-override",
        path="tests/conftest.py",
    )


def test_a_mapping_that_is_put_together_elsewhere_stays() -> None:
    made = planned(
        {
            "shop.py": SHOP,
            "tests/test_shop.py": """
            from flags import override_flags
            from shop import cart

            def test_cart(more):
                with override_flags({**more}):
                    assert cart(1)
            """,
        }
    )
    assert [change.path for change in made.changes] == ["shop.py"]


@pytest.mark.parametrize(
    "patch",
    [
        '@mock.patch("flags.is_enabled", return_value=False)\ndef test_cart(_):\n    assert cart(1) is None\n',
        'def test_cart():\n    with mock.patch("shop.flags.is_enabled"):\n        assert cart(1)\n',
        'def test_cart(monkeypatch):\n    monkeypatch.setattr("flags.is_enabled", bool)\n    assert cart(1) is None\n',
        'def test_cart():\n    with mock.patch.object(flags, "is_enabled", new=bool):\n        assert cart(1)\n',
    ],
)
def test_a_patch_of_the_whole_client_stays(patch: str) -> None:
    check_kept(
        f"import flags\nfrom unittest import mock\nfrom shop import cart\n\n{patch}", "client-wide-mock", is_unused=True
    )


def test_a_patch_of_something_else_is_not_reported() -> None:
    check_kept(
        """
        from unittest import mock
        from shop import cart

        @mock.patch("flags.reload")
        def test_cart(_):
            assert cart(1)
        """,
        is_unused=True,
    )


def test_where_every_read_stays_the_tests_stay_too() -> None:
    shop = """
        import flags

        size = 1

        def cart(rows):
            if not flags.is_enabled("new"):
                size = len(rows)
            return size
    """
    tests = """
        from flags import override_flag
        from shop import cart

        @override_flag("new", active=False)
        def test_old():
            assert cart([1]) == 1

        def test_new():
            assert cart([1])
    """
    made = planned({"shop.py": shop, "tests/test_shop.py": tests})
    assert made.changes == ()
    assert [item.code for item in made.reads] == ["only-local-binding"]
    assert made.unused_keys == frozenset()


# --------------------------------------------------------------------------------------------------------------- gates


def test_a_gate_that_lets_everyone_in_goes() -> None:
    made = planned(
        {
            "views.py": """
            import flags
            from framework import route

            @route("/new")
            @flags.flag_required("new")
            def page(request):
                return request
            """
        }
    )
    expected = """
        from framework import route

        @route("/new")
        def page(request):
            return request
    """
    assert made.changes[0].after.decode() == shown(expected)


def test_a_gate_that_lets_nobody_in_is_for_a_person() -> None:
    made = check_unchanged(
        """
        import flags

        @flags.flag_required("new")
        def page(request):
            return request
        """,
        "gated-off",
        value=False,
    )
    assert "`page`" in made.reads[0].sentence


def test_a_gate_of_the_opposite_is_taken_off_when_the_flag_is_off() -> None:
    check = planned(
        {"views.py": 'import flags\n\n@flags.flag_required("!new")\ndef page(request):\n    return request\n'},
        value=False,
    )
    assert [change.after for change in check.changes] == [b"def page(request):\n    return request\n"]


def test_a_patch_of_a_function_that_read_the_flag_is_told() -> None:
    made = planned(
        {
            "shop.py": """
            import flags


            def is_new():
                return flags.is_enabled("new")


            def cart(items):
                return items if is_new() else None
            """,
            "tests/test_shop.py": """
            from unittest import mock

            from shop import cart


            @mock.patch("shop.is_new", return_value=False)
            def test_cart(_):
                assert cart(1) is None


            @mock.patch("shop.is_newer", return_value=False)
            def test_other(_):
                assert cart(1)
            """,
        }
    )
    found = [(item.span.start.line, item.sentence) for item in made.leftovers if item.code == "wrapper-mock"]
    assert found == [(6, "`test_cart` patches `shop.is_new`, which is not asked any more")]


def test_a_patch_of_a_function_that_is_asked_as_before_is_not_told() -> None:
    made = planned(
        {
            "shop.py": """
            import flags


            async def is_new():
                return await flags.is_enabled_async("new")


            def cart(items):
                return items.wait(is_new())
            """,
            "tests/test_shop.py": """
            from unittest import mock


            @mock.patch("shop.is_new", return_value=False)
            def test_cart(_):
                pass
            """,
        }
    )
    assert "wrapper-mock" not in [item.code for item in made.leftovers]


def test_a_fixture_of_the_other_value_is_told_with_what_to_do() -> None:
    made = planned(
        {
            "shop.py": SHOP,
            "tests/test_shop.py": """
            import pytest
            from flags import override_flag
            from shop import cart

            @pytest.fixture
            def old_cart():
                with override_flag("new", active=False):
                    yield

            def test_cart(old_cart):
                assert cart(1) is None
            """,
        }
    )
    assert [change.path for change in made.changes] == ["shop.py"]
    assert [item.sentence for item in made.leftovers] == [
        "the fixture `old_cart` sets the other value: delete it with the tests that ask for it"
    ]


def test_what_stands_in_for_a_method_that_read_the_flag_is_told() -> None:
    made = planned(
        {
            "shop.py": """
            import flags


            class Gates:
                def is_new(self):
                    return flags.is_enabled("new")

                def has_more(self):
                    return self.asks("more")

                def asks(self, key):
                    return flags.is_enabled(key)


            def cart(items, gates: Gates):
                return items if gates.is_new() and gates.asks("new") else None
            """,
            "tests/test_shop.py": """
            from unittest.mock import Mock, patch

            from shop import cart


            class Off:
                def is_new(self):
                    return False

                def asks(self, key):
                    return False


            def test_cart():
                gates = Mock()
                gates.is_new.return_value = False
                gates.asks.return_value = False
                with patch("shop.Gates.asks"):
                    assert cart(1, gates) is None
            """,
        }
    )
    found = [(item.span.start.line, item.code, item.sentence) for item in made.leftovers]
    assert [item for item in found if item[1].endswith("mock")] == [
        (7, "wrapper-mock", "this stands in for `is_new`, which is not asked any more"),
        (16, "wrapper-mock", "this stands in for `is_new`, which is not asked any more"),
        (18, "client-wide-mock", "`test_cart` patches `shop.Gates.asks` for every flag; it was not rewritten"),
    ]
