"""Comments of kept code stay, comments of dropped code go; one on the gate goes when it speaks of the flag."""

from removal_kit.check import check_removed


def test_comments_of_the_kept_branch_stay_and_those_of_the_dropped_one_go() -> None:
    check_removed(
        """
        import flags

        def f(u):
            # Carts hold rows.
            if flags.is_enabled("new"):
                # Faster for many rows.
                u()  # the cart
                # Nothing else to do.
            else:
                # Slow, but proven.
                u(1)  # the basket
            # Give it back.
            return u
        """,
        """
        def f(u):
            # Carts hold rows.
            # Faster for many rows.
            u()  # the cart
            # Nothing else to do.
            # Give it back.
            return u
        """,
    )


def test_a_comment_on_the_gate_goes_when_it_speaks_of_the_flag() -> None:
    check_removed(
        """
        import flags

        def f(u):
            # Behind the flag `new` until May.
            if flags.is_enabled("new"):
                u()
            return u
        """,
        """
        def f(u):
            u()
            return u
        """,
    )


def test_a_comment_on_the_gate_stays_when_it_speaks_of_the_code() -> None:
    check_removed(
        """
        import flags

        def f(u):
            # Rows are sorted by price.
            if flags.is_enabled("new"):
                u()
            return u
        """,
        """
        def f(u):
            # Rows are sorted by price.
            u()
            return u
        """,
    )


def test_a_comment_above_a_whole_statement_that_goes_goes_with_it() -> None:
    check_removed(
        """
        import flags

        def f(u):
            u(1)
            # The old till needs a second call.
            if not flags.is_enabled("new"):
                u(2)

            # Give it back.
            return u
        """,
        """
        def f(u):
            u(1)

            # Give it back.
            return u
        """,
    )


def test_the_comment_of_a_kept_condition_stays() -> None:
    check_removed(
        """
        import flags

        def f(u):
            if flags.is_enabled("new") and u:  # empty carts have no total
                return 1  # noqa: X100
            return 0
        """,
        """
        def f(u):
            if u:  # empty carts have no total
                return 1  # noqa: X100
            return 0
        """,
    )


def test_a_comment_in_the_middle_of_a_chain_goes_with_its_arm() -> None:
    check_removed(
        """
        import flags

        def f(u, v):
            if u:
                return 1
            # The legacy way.
            elif not flags.is_enabled("new"):
                return 2
            # Everybody else.
            elif v:
                return 3
            return 4
        """,
        """
        def f(u, v):
            if u:
                return 1
            # Everybody else.
            elif v:
                return 3
            return 4
        """,
    )


def test_the_license_above_the_first_import_stays() -> None:
    check_removed(
        """
        # Copyright the shop.

        import flags

        def f(u):
            return u if flags.is_enabled("new") else 0
        """,
        """
        # Copyright the shop.

        def f(u):
            return u
        """,
    )
