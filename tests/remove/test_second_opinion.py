"""What the second opinion can follow: removals that are right must not be refused because it lost the thread."""

from removal_kit.check import check_removed


def test_a_constant_in_a_call_that_was_put_before_its_statement_keeps_its_value() -> None:
    check_removed(
        """
        import flags
        from shop import audit

        _NEW = flags.is_enabled("new")


        def run(user):
            if (audit(_NEW and user) or flags.is_enabled("new")) and user:
                return 1
            return 5
        """,
        """
        from shop import audit


        def run(user):
            audit(user)
            if user:
                return 1
            return 5
        """,
    )


def test_what_must_still_run_before_an_addition_is_the_same_there() -> None:
    check_removed(
        """
        import flags
        from shop import audit


        def run(user):
            total = 3
            total += 1 if audit(user) or flags.is_enabled("new") else 2
            return total
        """,
        """
        from shop import audit


        def run(user):
            total = 3
            audit(user)
            total += 1
            return total
        """,
    )


def test_conditions_that_stand_in_each_other_are_looked_through_once() -> None:
    text = "z()"
    for number in range(30):
        text = f"a() {'and' if number % 2 else 'or'} ({text})"
    check_removed(
        f"""
        import flags
        from shop import a, z


        def run(user):
            if ({text}) and not flags.is_enabled("new"):
                return 1
            return 5
        """,
        f"""
        from shop import a, z


        def run(user):
            {text}
            return 5
        """,
    )


def test_a_field_that_comes_to_nothing_is_no_part_of_its_string() -> None:
    check_removed(
        """
        import flags


        def label(name):
            return f"{'new-' if flags.is_enabled('new') else ''}{name!r:>10}"
        """,
        """
        def label(name):
            return f"{name!r:>10}"
        """,
        value=False,
    )


def test_numbers_are_held_against_each_other() -> None:
    check_removed(
        """
        import flags


        def page(items):
            size = flags.variation("new")
            if size >= 20:
                return items[:size]
            if 0 < size < 5:
                return items
            return items * size
        """,
        """
        def page(items):
            return items * 10
        """,
        value=10,
    )


def test_a_text_is_held_against_a_number_by_nobody() -> None:
    check_removed(
        """
        import flags


        def page(items):
            if flags.variation("new") >= 20:
                return items
            return None
        """,
        """
        def page(items):
            if "ten" >= 20:
                return items
            return None
        """,
        value="ten",
    )


def test_a_walrus_at_the_end_of_a_condition_is_bound_where_that_holds() -> None:
    check_removed(
        """
        import flags


        def cart(items):
            if (count := len(items)) > 1 and (new := flags.is_enabled("new")):
                return count, new
            return count
        """,
        """
        def cart(items):
            if (count := len(items)) > 1:
                return count, True
            return count
        """,
    )
