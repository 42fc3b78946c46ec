"""Functions in which nothing is left are not called any more, and go."""

import textwrap

from removal_kit.check import check_removed


def test_what_raised_where_the_flag_was_off_is_asked_no_more() -> None:
    check_removed(
        """
        import flags


        def require_new(user):
            \"\"\"Raise where the new cart is off.\"\"\"
            if not flags.is_enabled("new"):
                raise PermissionError(user)


        async def wait_for_new():
            if not flags.is_enabled("new"):
                raise PermissionError


        def cart(user):
            require_new(user)
            return user


        async def page(user):
            await wait_for_new()
            return user
        """,
        """
        def cart(user):
            return user


        async def page(user):
            return user
        """,
    )


def test_a_method_that_nobody_overrides_is_asked_no_more_by_its_own_object() -> None:
    check_removed(
        """
        import flags


        class Cart:
            def _check(self):
                if not flags.is_enabled("new"):
                    raise PermissionError

            def show(self):
                self._check()
                return self
        """,
        """
        class Cart:
            def show(self):
                return self
        """,
    )


def test_a_method_that_a_subclass_overrides_is_called_as_before() -> None:
    check_removed(
        """
        import flags


        class Cart:
            def _check(self):
                if not flags.is_enabled("new"):
                    raise PermissionError

            def show(self):
                self._check()
                return self


        class Basket(Cart):
            def _check(self):
                print("basket")
        """,
        """
        class Cart:
            def _check(self):
                pass

            def show(self):
                self._check()
                return self


        class Basket(Cart):
            def _check(self):
                print("basket")
        """,
    )


def test_calls_stay_that_are_more_than_a_statement() -> None:
    check_removed(
        """
        import flags


        def log(user):
            if not flags.is_enabled("new"):
                print(user)


        def cart(user):
            log(user.load())
            return log(user)


        def pages(users):
            return map(log, users)
        """,
        """
        def log(user):
            pass


        def cart(user):
            log(user.load())
            return log(user)


        def pages(users):
            return map(log, users)
        """,
    )


def test_what_did_nothing_before_or_is_more_than_a_function_is_called_as_before() -> None:
    check_removed(
        """
        import flags


        def hook(user):
            pass


        @register
        def log(user):
            if not flags.is_enabled("new"):
                print(user)


        def lines(user):
            if not flags.is_enabled("new"):
                yield user


        def cart(user):
            hook(user)
            log(user)
            lines(user)
        """,
        """
        def hook(user):
            pass


        @register
        def log(user):
            pass


        def lines(user):
            return
            yield


        def cart(user):
            hook(user)
            log(user)
            lines(user)
        """,
    )


def test_a_call_stays_whose_function_is_set_elsewhere() -> None:
    text = """
        import flags


        def check():
            if not flags.is_enabled("new"):
                raise PermissionError


        def install(other):
            global check
            check = other


        def show(cart):
            check()
            return cart
        """
    after = textwrap.dedent(text).replace("import flags\n\n\n", "")
    after = after.replace('    if not flags.is_enabled("new"):\n        raise PermissionError\n', "    pass\n")
    check_removed(text, after)
