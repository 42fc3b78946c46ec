"""Lambdas, partials, properties and methods that only read the flag go where they are called."""

from removal_kit.check import check_removed, check_unchanged


def test_a_lambda_goes_with_its_calls() -> None:
    check_removed(
        """
        import flags

        fast = lambda: flags.is_enabled("new")

        def cart(user):
            return user if fast() else None
        """,
        """
        def cart(user):
            return user
        """,
    )


def test_a_partial_goes_with_its_calls() -> None:
    check_removed(
        """
        import functools

        import flags

        fast = functools.partial(flags.is_enabled, "new")

        def cart(user):
            return user if fast() else None
        """,
        """
        def cart(user):
            return user
        """,
    )


def test_a_property_goes_with_its_reads() -> None:
    check_removed(
        """
        import flags


        class Cart:
            size = 3

            @property
            def _fast(self):
                return flags.is_enabled("new")

            def total(self):
                return self.size if self._fast else None
        """,
        """
        class Cart:
            size = 3

            def total(self):
                return self.size
        """,
    )


def test_a_method_goes_with_its_calls() -> None:
    check_removed(
        """
        import flags


        class Cart:
            def total(self):
                if self._fast():
                    return 1
                return 2

            def _fast(self):
                return flags.is_enabled("new")
        """,
        """
        class Cart:
            def total(self):
                return 1
        """,
    )


def test_a_method_of_an_unknown_base_class_is_rewritten_and_never_deleted() -> None:
    check_removed(
        """
        import flags
        from framework import View


        class CartView(View):
            def has_permission(self):
                return flags.is_enabled("new")

            def get(self):
                return 1 if self.has_permission() else 2
        """,
        """
        from framework import View


        class CartView(View):
            def has_permission(self):
                return True

            def get(self):
                return 1
        """,
    )


def test_an_async_wrapper_goes_with_its_await() -> None:
    check_removed(
        """
        import flags


        async def _fast():
            return await flags.is_enabled_async("new")


        async def cart(user):
            if await _fast():
                return user
            return None
        """,
        """
        async def cart(user):
            return user
        """,
    )


def test_a_function_of_another_flag_is_left_alone() -> None:
    check_unchanged(
        """
        import flags


        def _fast():
            return flags.is_enabled("other")


        def cart(user):
            return user if _fast() else None
        """
    )
