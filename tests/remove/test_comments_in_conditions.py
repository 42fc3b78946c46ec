"""Comments stay with the operand or the branch that they stand above, and go with it."""

from removal_kit.check import check_removed


def test_the_comment_above_an_operand_that_goes_goes_where_the_others_have_their_own() -> None:
    check_removed(
        """
        import flags


        def f(user):
            if user and (
                # Only those who have it
                # (and not all of them)
                flags.is_enabled("new")
                # or big ones
                or user.is_big
                # or old ones
                or user.is_old
            ):
                return 1
            return 2
        """,
        """
        def f(user):
            if user and (
                # or big ones
                user.is_big
                # or old ones
                or user.is_old
            ):
                return 1
            return 2
        """,
        value=False,
    )


def test_the_comment_above_a_condition_stays_with_what_is_left_of_it() -> None:
    check_removed(
        """
        import flags


        def f(user):
            return (
                # Whoever may see it
                flags.is_enabled("new")
                and user.is_big
                and user.is_old
            )
        """,
        """
        def f(user):
            return (
                # Whoever may see it
                user.is_big
                and user.is_old
            )
        """,
    )


def test_the_comment_above_an_else_stays_with_its_branch() -> None:
    check_removed(
        """
        import flags


        def f(user):
            if not flags.is_enabled("new"):
                # Short
                return "s"
            # Long names
            # for all
            else:
                # nothing but these
                return "long"


        def g(user):
            if not flags.is_enabled("new"):
                show()
            # For those without the flag
            else:
                hide()
        """,
        """
        def f(user):
            # Long names
            # for all
            # nothing but these
            return "long"


        def g(user):
            hide()
        """,
    )


def test_the_comment_above_an_else_that_goes_goes_with_it() -> None:
    check_removed(
        """
        import flags


        def f(user):
            # Names
            if flags.is_enabled("new"):
                return "long"
            # Short names
            else:
                return "s"
        """,
        """
        def f(user):
            # Names
            return "long"
        """,
    )
