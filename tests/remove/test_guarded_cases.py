"""Cases of a `match` whose guard asks for the flag: those that no run reaches go, and the others stay as they are."""

from removal_kit.check import check_removed, check_unchanged


def test_nothing_stays_behind_a_case_that_matches_anything_now() -> None:
    check_removed(
        """
        import flags


        def cart(kind):
            match kind:
                case 1:
                    return "one"
                case _ if flags.is_enabled("new"):
                    return "new"
                case 2:
                    return "two"
                case _:
                    return "old"
        """,
        """
        def cart(kind):
            match kind:
                case 1:
                    return "one"
                case _:
                    return "new"
        """,
    )


def test_the_second_of_two_cases_with_one_pattern_goes_with_the_guard_of_the_first() -> None:
    check_removed(
        """
        import flags


        def cart(kind):
            match kind:
                case "a" | "b" if flags.is_enabled("new"):
                    return 1
                case "a" | "b":
                    return 2
                case "c":
                    return 3
        """,
        """
        def cart(kind):
            match kind:
                case "a" | "b":
                    return 1
                case "c":
                    return 3
        """,
    )


def test_a_case_with_a_pattern_that_asks_the_subject_stays_behind_an_equal_one() -> None:
    check_removed(
        """
        import flags


        def cart(kind):
            match kind:
                case Item(price=price) if flags.is_enabled("new"):
                    return price
                case Item(price=price):
                    return -price
        """,
        """
        def cart(kind):
            match kind:
                case Item(price=price):
                    return price
                case Item(price=price):
                    return -price
        """,
    )


def test_the_only_case_that_is_left_and_takes_anything_needs_no_match() -> None:
    check_removed(
        """
        import flags


        def cart(kind):
            match kind.load():
                case other if flags.is_enabled("new"):
                    return other
                case 1:
                    return None
        """,
        """
        def cart(kind):
            other = kind.load()
            return other
        """,
    )


def test_a_subject_that_nobody_takes_still_runs() -> None:
    check_removed(
        """
        import flags


        def cart(kind):
            match kind.load():
                case 1 if flags.is_enabled("new"):
                    return 1
                case _:
                    return 2
        """,
        """
        def cart(kind):
            kind.load()
            return 2
        """,
        value=False,
    )


def test_a_case_goes_whose_name_another_case_binds_itself() -> None:
    check_removed(
        """
        import flags


        def cart(kind):
            match kind:
                case (1, found) if flags.is_enabled("new"):
                    return found
                case (_, found):
                    return -found
        """,
        """
        def cart(kind):
            match kind:
                case (_, found):
                    return -found
        """,
        value=False,
    )


def test_a_match_that_asks_for_no_flag_is_left_alone() -> None:
    check_unchanged(
        """
        def cart(kind):
            match kind:
                case "a":
                    return 1
                case "a":
                    return 2
                case _ if kind:
                    return 3
        """
    )
