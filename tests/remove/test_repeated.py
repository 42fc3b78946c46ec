"""An `elif` that asks what was asked before goes when only the flag had told the two apart."""

from removal_kit.check import check_removed


def test_the_arm_for_the_flag_that_is_off_goes() -> None:
    check_removed(
        """
        import flags


        def cart(kind, count):
            if kind == "a" and flags.is_enabled("new"):
                return 1
            elif kind == "a":
                return 2
            # the rest
            elif flags.is_enabled("new") and kind.size > count:
                return 3
            elif kind.size > count:
                return 4
            else:
                return 5
        """,
        """
        def cart(kind, count):
            if kind == "a":
                return 1
            # the rest
            elif kind.size > count:
                return 3
            else:
                return 5
        """,
    )


def test_an_arm_stays_when_something_may_have_changed_meanwhile() -> None:
    check_removed(
        """
        import flags


        def cart(kind, load):
            if kind == "a" and flags.is_enabled("new"):
                return 1
            elif load(kind):
                return 2
            elif kind == "a":
                return 3
            if load() and flags.is_enabled("new"):
                return 4
            elif load():
                return 5
        """,
        """
        def cart(kind, load):
            if kind == "a":
                return 1
            elif load(kind):
                return 2
            elif kind == "a":
                return 3
            if load():
                return 4
            elif load():
                return 5
        """,
    )


def test_an_arm_that_was_asked_twice_before_stays() -> None:
    check_removed(
        """
        import flags


        def cart(kind):
            if kind == "a":
                return 1
            elif kind == "a":
                return flags.is_enabled("new") and kind
            return 3
        """,
        """
        def cart(kind):
            if kind == "a":
                return 1
            elif kind == "a":
                return kind
            return 3
        """,
    )
