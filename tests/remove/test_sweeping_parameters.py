"""Parameters of private functions go with the flag that every call passes."""

from removal_kit.check import check_removed


def test_the_parameter_of_a_private_function_goes_when_every_call_passes_the_flag() -> None:
    check_removed(
        """
        import flags

        def f(u):
            return _row(u, fast=flags.is_enabled("new")), _row(u, flags.is_enabled("new"))

        def _row(u, fast):
            if fast:
                return u
            return None
        """,
        """
        def f(u):
            return _row(u), _row(u)

        def _row(u):
            return u
        """,
    )


def test_the_parameter_stays_when_one_call_passes_something_else() -> None:
    made = check_removed(
        """
        import flags

        def f(u):
            return _row(u, fast=flags.is_enabled("new")), _row(u, fast=u.fast)

        def _row(u, fast):
            return u if fast else None
        """,
        """
        def f(u):
            return _row(u, fast=True), _row(u, fast=u.fast)

        def _row(u, fast):
            return u if fast else None
        """,
    )
    assert [item.code for item in made.reads] == ["value-escapes"]


def test_the_parameter_of_a_public_function_stays() -> None:
    check_removed(
        """
        import flags

        def f(u):
            return row(u, fast=flags.is_enabled("new"))

        def row(u, fast):
            return u if fast else None
        """,
        """
        def f(u):
            return row(u, fast=True)

        def row(u, fast):
            return u if fast else None
        """,
    )


def test_the_parameter_of_a_function_that_is_handed_on_stays() -> None:
    check_removed(
        """
        import flags

        def f(u, pool):
            pool.map(_row, u)
            return _row(u, fast=flags.is_enabled("new"))

        def _row(u, fast=False):
            return u if fast else None
        """,
        """
        def f(u, pool):
            pool.map(_row, u)
            return _row(u, fast=True)

        def _row(u, fast=False):
            return u if fast else None
        """,
    )


def test_an_unused_parameter_that_was_unused_before_stays() -> None:
    check_removed(
        """
        import flags

        def f(u):
            return _row(u, 1)

        def _row(u, size):
            return u if flags.is_enabled("new") else None
        """,
        """
        def f(u):
            return _row(u, 1)

        def _row(u, size):
            return u
        """,
    )


def test_the_only_keyword_parameter_of_a_private_function_goes_with_its_star() -> None:
    check_removed(
        """
        import flags
        def _one(u, *, on):
            return u if on else old(u)
        def _two(
            u,
            *,
            on=False,
        ):
            return u if on else old(u)
        def _three(*, on):
            return 1 if on else old(2)
        def _four(*, on, other):
            return other if on else old(2)
        def f(u):
            _one(u, on=flags.is_enabled("new"))
            _two(u, on=flags.is_enabled("new"))
            _three(on=flags.is_enabled("new"))
            _four(on=flags.is_enabled("new"), other=u)
        """,
        """
        def _one(u):
            return u
        def _two(
            u,
        ):
            return u
        def _three():
            return 1
        def _four(*, other):
            return other
        def f(u):
            _one(u)
            _two(u)
            _three()
            _four(other=u)
        """,
    )


def test_a_keyword_parameter_that_one_call_gives_something_else_stays() -> None:
    check_removed(
        """
        import flags
        def _one(u, *, on):
            return u if on else old(u)
        def f(u):
            _one(u, on=flags.is_enabled("new"))
            _one(u, on=u)
        """,
        """
        def _one(u, *, on):
            return u if on else old(u)
        def f(u):
            _one(u, on=True)
            _one(u, on=u)
        """,
    )


def test_a_default_of_a_function_in_a_function_that_is_the_flag_goes_with_its_parameter() -> None:
    check_removed(
        """
        import flags


        def f(user):
            def shown(name, new=flags.is_enabled("new")):
                if new:
                    return name.upper()
                return name

            return shown(user)
        """,
        """
        def f(user):
            def shown(name):
                return name.upper()

            return shown(user)
        """,
    )


def test_a_default_of_a_function_in_a_function_stays_where_a_call_gives_something_else() -> None:
    check_removed(
        """
        import flags


        def f(user):
            def shown(name, new=flags.is_enabled("new")):
                if new:
                    return name.upper()
                return name

            return shown(user), shown(user, user)
        """,
        """
        def f(user):
            def shown(name, new=True):
                if new:
                    return name.upper()
                return name

            return shown(user), shown(user, user)
        """,
    )
