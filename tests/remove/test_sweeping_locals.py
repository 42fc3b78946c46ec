"""Locals that a removal leaves behind: stores that are overwritten, values that nobody takes, tests of nothing."""

from __future__ import annotations

from tests.remove.removal_kit.check import check_removed, planned


def test_a_default_right_before_the_value_goes() -> None:
    check_removed(
        """
        import flags

        def endpoint(url):
            has_subdomain = False
            try:
                has_subdomain = flags.is_enabled("new")
            except RuntimeError:
                pass

            if has_subdomain:
                url = f"sub.{url}"
            return url
        """,
        """
        def endpoint(url):
            url = f"sub.{url}"
            return url
        """,
    )


def test_a_default_that_is_the_value_goes_with_it() -> None:
    check_removed(
        """
        import flags

        def endpoint(url):
            has_subdomain = False
            try:
                owner = load(url)
                has_subdomain = flags.is_enabled("new")
            except RuntimeError:
                pass
            if has_subdomain:
                url = f"sub.{url}"
            return url, owner
        """,
        """
        def endpoint(url):
            try:
                owner = load(url)
            except RuntimeError:
                pass
            return url, owner
        """,
        value=False,
    )


def test_a_default_that_something_may_see_stays() -> None:
    check_removed(
        """
        import flags

        def endpoint(url):
            found = False
            try:
                found = load(url) and flags.is_enabled("new")
            except RuntimeError:
                pass
            return found
        """,
        """
        def endpoint(url):
            found = False
            try:
                found = load(url) and True
            except RuntimeError:
                pass
            return found
        """,
    )


def test_a_default_with_effects_stays() -> None:
    check_removed(
        """
        import flags

        def endpoint(url):
            found = load(url)
            found = flags.is_enabled("new")
            return 1 if found else 2
        """,
        """
        def endpoint(url):
            found = load(url)
            found = True
            return 1 if found else 2
        """,
    )


def test_a_global_before_the_value_stays() -> None:
    check_removed(
        """
        import flags

        def start():
            global mode
            mode = None
            mode = flags.is_enabled("new")
        """,
        """
        def start():
            global mode
            mode = None
            mode = True
        """,
    )


def test_a_walrus_that_nobody_reads_leaves_its_call() -> None:
    check_removed(
        """
        import flags

        def url(extra):
            if (state := extra.load("tab")) and flags.is_enabled("new"):
                return tab(state)
            return None
        """,
        """
        def url(extra):
            extra.load("tab")
            return None
        """,
        value=False,
    )


def test_a_walrus_that_somebody_reads_becomes_an_assignment() -> None:
    check_removed(
        """
        import flags

        def url(extra):
            if (state := extra.load("tab")) and flags.is_enabled("new"):
                return tab(state)
            return state
        """,
        """
        def url(extra):
            state = extra.load("tab")
            return state
        """,
        value=False,
    )


def test_a_test_with_effects_and_nothing_behind_it_becomes_a_statement() -> None:
    check_removed(
        """
        import flags

        def save(order):
            # Tell the warehouse.
            if not order.reserve():  # may fail
                if flags.is_enabled("new"):
                    warn(order)
                    # and nobody else
            return order
        """,
        """
        def save(order):
            # Tell the warehouse.
            order.reserve()
            return order
        """,
        value=False,
    )


def test_a_test_over_several_lines_becomes_one_statement() -> None:
    check_removed(
        """
        import flags

        def save(order):
            if (
                order.reserve(
                    1,
                )
            ):
                if flags.is_enabled("new"):
                    warn(order)
            return order
        """,
        """
        def save(order):
            order.reserve(1,)
            return order
        """,
        value=False,
    )


def test_a_test_with_another_arm_keeps_its_if() -> None:
    check_removed(
        """
        import flags

        def save(order):
            if order.reserve():
                if flags.is_enabled("new"):
                    warn(order)
            else:
                order.drop()
            return order
        """,
        """
        def save(order):
            if order.reserve():
                pass
            else:
                order.drop()
            return order
        """,
        value=False,
    )


def test_a_local_that_lost_its_last_use_and_may_have_effects_is_told() -> None:
    made = planned(
        {
            "shop.py": """
            import flags

            def save(rows):
                seen = load(rows)
                total = len(rows)
                unused = load(rows)
                if flags.is_enabled("new"):
                    return seen, total
                return None
            """
        },
        value=False,
    )
    assert [(item.span.start.line, item.code, item.sentence) for item in made.leftovers] == [
        (4, "still-there", "`seen` lost its last use and stays: what it is bound to may have effects")
    ]
    assert b"total" not in made.changes[0].after


def test_a_local_that_stays_is_told_where_the_function_lost_nothing_but_its_end() -> None:
    made = planned(
        {
            "shop.py": """
            import flags

            class Cart:
                def save(self, rows):
                    seen = load(rows)
                    if flags.is_enabled("new"):
                        keep(seen)

                def load(self, rows):
                    other = load(rows)
            """
        },
        value=False,
    )
    assert [(item.span.start.line, item.code, item.sentence) for item in made.leftovers] == [
        (5, "still-there", "`seen` lost its last use and stays: what it is bound to may have effects")
    ]


def test_a_local_that_goes_with_its_code_is_not_told() -> None:
    made = planned(
        {
            "shop.py": """
            import flags

            def save(rows):
                if flags.is_enabled("new"):
                    seen = load(rows)
                    return seen
                return None
            """
        },
        value=False,
    )
    assert made.leftovers == ()


def test_a_file_with_nothing_but_its_licence_left_is_told() -> None:
    made = planned(
        {
            "cron.py": """
            # Copyright: the shop.
            def window(at):
                return at
            """,
            "shop.py": """
            import flags
            from cron import window

            def save(at):
                if flags.is_enabled("new"):
                    return window(at)
                return None
            """,
        },
        value=False,
    )
    assert [(str(item.span), item.code) for item in made.leftovers] == [("cron.py:1:1", "empty-module")]


def test_a_file_that_had_no_code_before_is_not_told() -> None:
    made = planned(
        {
            "cron.py": "# nothing here yet",
            "shop.py": """
            import cron
            import flags

            def save(at):
                return 1 if flags.is_enabled("new") else 2
            """,
        }
    )
    assert made.leftovers == ()


def test_a_store_before_a_walrus_in_a_test_stays() -> None:
    check_removed(
        """
        import flags


        def run():
            found = None
            if (found := flags.is_enabled("new")):
                return found
            return found
        """,
        """
        def run():
            found = None
            if (found := True):
                return found
            return found
        """,
    )
