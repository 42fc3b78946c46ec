"""Following a value that an object or a class holds, where nobody else may set it."""

from removal_kit.check import after, check_removed, planned


def test_an_attribute_that_is_set_once_is_followed() -> None:
    check_removed(
        """
        import flags

        class Cart:
            def __init__(self, user):
                self.user = user
                self._fast = flags.is_enabled("new")

            def total(self):
                if self._fast:
                    return self.user
                return None
        """,
        """
        class Cart:
            def __init__(self, user):
                self.user = user

            def total(self):
                return self.user
        """,
    )


def test_an_attribute_that_is_set_in_two_places_is_not_followed() -> None:
    made = check_removed(
        """
        import flags

        class Cart:
            def __init__(self, user):
                self._fast = flags.is_enabled("new")

            def slow_down(self):
                self._fast = False

            def total(self):
                return 1 if self._fast else 2
        """,
        """
        class Cart:
            def __init__(self, user):
                self._fast = True

            def slow_down(self):
                self._fast = False

            def total(self):
                return 1 if self._fast else 2
        """,
    )
    assert [item.code for item in made.reads] == ["value-escapes"]


def test_an_attribute_that_setattr_may_set_is_not_followed() -> None:
    check_removed(
        """
        import flags

        class Cart:
            def __init__(self):
                self._fast = flags.is_enabled("new")

            def tune(self, value):
                setattr(self, "_fast", value)

            def total(self):
                return 1 if self._fast else 2
        """,
        """
        class Cart:
            def __init__(self):
                self._fast = True

            def tune(self, value):
                setattr(self, "_fast", value)

            def total(self):
                return 1 if self._fast else 2
        """,
    )


def test_a_class_attribute_is_followed_through_self() -> None:
    check_removed(
        """
        import flags

        class Cart:
            _fast = flags.is_enabled("new")

            def total(self):
                return 1 if self._fast else 2
        """,
        """
        class Cart:
            def total(self):
                return 1
        """,
    )


def test_a_class_attribute_that_a_subclass_sets_is_not_followed() -> None:
    check_removed(
        """
        import flags

        class Cart:
            _fast = flags.is_enabled("new")

            def total(self):
                return 1 if self._fast else 2

        class SlowCart(Cart):
            _fast = False
        """,
        """
        class Cart:
            _fast = True

            def total(self):
                return 1 if self._fast else 2

        class SlowCart(Cart):
            _fast = False
        """,
    )


def test_an_attribute_of_a_class_is_followed_into_other_modules() -> None:
    made = planned(
        {
            "gates.py": """
            import flags

            class Gate:
                ON = flags.is_enabled("new")
                LIMIT = 3
            """,
            "shop.py": """
            import gates
            from gates import Gate

            def f(u):
                return u if Gate.ON and gates.Gate.ON else old(u)

            def g():
                return Gate.LIMIT
            """,
        }
    )
    assert after(made, "gates.py") == "class Gate:\n    LIMIT = 3\n"
    assert after(made) == "from gates import Gate\n\ndef f(u):\n    return u\n\ndef g():\n    return Gate.LIMIT\n"


def test_an_attribute_that_another_module_sets_is_left() -> None:
    made = planned(
        {
            "gates.py": """
            import flags

            class Gate:
                ON = flags.is_enabled("new")
            """,
            "shop.py": """
            from gates import Gate

            def f(u):
                return u if Gate.ON else old(u)

            def stop():
                Gate.ON = False
            """,
        }
    )
    assert after(made, "gates.py") == "class Gate:\n    ON = True\n"
    assert after(made) is None
