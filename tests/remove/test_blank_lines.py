"""Blank lines come out as an editor would leave them, and lists keep the shape of their lines."""

from removal_kit.check import check_removed


def test_one_blank_line_is_left_between_statements() -> None:
    check_removed(
        """
        import flags

        def f(u):
            u(1)

            if not flags.is_enabled("new"):
                u(2)

            u(3)
        """,
        """
        def f(u):
            u(1)

            u(3)
        """,
    )


def test_no_blank_line_is_left_at_the_start_or_end_of_a_suite() -> None:
    check_removed(
        """
        import flags

        def f(u):
            if not flags.is_enabled("new"):
                return 0

            return u

        def g(u):
            u(1)

            if not flags.is_enabled("new"):
                u(2)

        def h():
            pass
        """,
        """
        def f(u):
            return u

        def g(u):
            u(1)

        def h():
            pass
        """,
    )


def test_two_blank_lines_are_left_between_functions() -> None:
    check_removed(
        """
        import flags


        def f(u):
            return u if flags.is_enabled("new") else _old(u)


        def _old(u):
            return u


        def g(u):
            return u
        """,
        """
        def f(u):
            return u


        def g(u):
            return u
        """,
    )


def test_blank_lines_inside_the_kept_branch_stay() -> None:
    check_removed(
        """
        import flags

        def f(u):
            if flags.is_enabled("new"):

                u(1)


                u(2)

            return u
        """,
        """
        def f(u):
            u(1)


            u(2)

            return u
        """,
    )


def test_the_docstring_of_a_module_keeps_its_distance() -> None:
    check_removed(
        '''
        """Carts."""

        import flags

        SIZE = 3 if flags.is_enabled("new") else 2
        ''',
        '''
        """Carts."""

        SIZE = 3
        ''',
    )


def test_a_group_of_imports_closes_up() -> None:
    check_removed(
        """
        import json
        import os

        import flags

        from shop import row

        def f(u):
            return u if flags.is_enabled("new") else 0
        """,
        """
        import json
        import os

        from shop import row

        def f(u):
            return u
        """,
    )


def test_a_list_keeps_the_shape_of_its_lines() -> None:
    check_removed(
        """
        import flags
        from effects import (
            first,  # the first
            legacy,
            second,
        )

        def f(u):
            return first(second) if flags.is_enabled("new") else legacy(u)
        """,
        """
        from effects import (
            first,  # the first
            second,
        )

        def f(u):
            return first(second)
        """,
    )


def test_definitions_that_come_to_stand_in_the_module_get_two_blank_lines() -> None:
    check_removed(
        """
        import flags

        if flags.is_enabled("new"):
            LIMIT = 1

            # The price.
            def price(n):
                return n

            RATE = 2

            class Cart:
                rate = 1

                def total(self):
                    return 1
        else:
            LIMIT = 2

        OTHER = 1


        def f(user):
            return LIMIT, RATE, OTHER, Cart, price
        """,
        """
        LIMIT = 1


        # The price.
        def price(n):
            return n


        RATE = 2


        class Cart:
            rate = 1

            def total(self):
                return 1


        OTHER = 1


        def f(user):
            return LIMIT, RATE, OTHER, Cart, price
        """,
    )


def test_definitions_in_a_file_with_one_blank_line_between_them_or_in_a_class_keep_theirs() -> None:
    check_removed(
        """
        import flags

        if flags.is_enabled("new"):
            def price(n):
                return n

            RATE = 2

        def f(user):
            return RATE, price
        """,
        """
        def price(n):
            return n

        RATE = 2

        def f(user):
            return RATE, price
        """,
    )
    check_removed(
        """
        import flags


        class Cart:
            if flags.is_enabled("new"):
                rate = 1

                def total(self):
                    return 1

            def other(self):
                return 2
        """,
        """
        class Cart:
            rate = 1

            def total(self):
                return 1

            def other(self):
                return 2
        """,
    )
