"""What a name means stays: a dead branch that holds the only binding of a local keeps its read."""

from removal_kit.check import check_removed, check_unchanged, planned


def test_the_only_binding_of_a_local_keeps_the_read() -> None:
    made = check_unchanged(
        """
        import flags

        total = 0

        def f(rows):
            if flags.is_enabled("new"):
                total = sum(rows)
            return total
        """,
        "only-local-binding",
        value=False,
    )
    assert "`total`" in made.reads[0].sentence
    assert "`f`" in made.reads[0].sentence


def test_the_only_binding_by_an_import_keeps_the_read() -> None:
    check_unchanged(
        """
        import flags
        import json

        def f(rows):
            if not flags.is_enabled("new"):
                import json
            return json.dumps(rows)
        """,
        "only-local-binding",
    )


def test_the_only_binding_by_a_loop_keeps_the_read() -> None:
    check_unchanged(
        """
        import flags

        def f(rows):
            if not flags.is_enabled("new"):
                for row in rows:
                    pass
            return row
        """,
        "only-local-binding",
    )


def test_the_only_binding_that_a_closure_reads_keeps_the_read() -> None:
    check_unchanged(
        """
        import flags

        size = 1

        def f(rows):
            if not flags.is_enabled("new"):
                size = len(rows)
            def inner():
                return size
            return inner
        """,
        "only-local-binding",
    )


def test_the_only_binding_at_module_level_keeps_the_read() -> None:
    check_unchanged(
        """
        import flags

        if not flags.is_enabled("new"):
            SIZE = 3

        def f():
            return SIZE
        """,
        "only-local-binding",
    )


def test_one_binding_of_two_may_go() -> None:
    check_removed(
        """
        import flags

        def f(rows):
            if flags.is_enabled("new"):
                total = sum(rows)
            else:
                total = len(rows)
            return total
        """,
        """
        def f(rows):
            total = sum(rows)
            return total
        """,
    )


def test_a_binding_that_only_the_dead_branch_reads_goes_with_it() -> None:
    check_removed(
        """
        import flags

        def f(rows):
            if not flags.is_enabled("new"):
                total = len(rows)
                return total
            return sum(rows)
        """,
        """
        def f(rows):
            return sum(rows)
        """,
    )


def test_a_binding_that_is_read_in_code_that_dies_too_goes() -> None:
    check_removed(
        """
        import flags

        def f(rows):
            if not flags.is_enabled("new"):
                total = len(rows)
            if flags.is_enabled("new"):
                return rows
            return total
        """,
        """
        def f(rows):
            return rows
        """,
    )


def test_a_read_that_is_refused_leaves_the_others_to_be_folded() -> None:
    made = planned(
        {
            "shop.py": """
            import flags

            size = 1

            def f(rows):
                if not flags.is_enabled("new"):
                    size = len(rows)
                return size

            def g(rows):
                return rows if flags.is_enabled("new") else None
            """
        }
    )
    assert [(item.status, item.code) for item in made.reads] == [("refused", "only-local-binding"), ("folded", "")]
    assert b"return rows\n" in made.changes[0].after
    assert b'if not flags.is_enabled("new"):\n        size' in made.changes[0].after
    assert made.unused_keys == frozenset()


def test_a_global_statement_goes_with_its_binding() -> None:
    check_removed(
        """
        import flags

        seen = 0

        def f(rows):
            global seen
            if not flags.is_enabled("new"):
                seen = len(rows)
            return seen
        """,
        """
        seen = 0

        def f(rows):
            return seen
        """,
    )


def test_a_global_statement_keeps_the_name_that_is_still_bound() -> None:
    check_removed(
        """
        import flags

        seen = kept = 0

        def f(rows):
            global seen, kept
            if not flags.is_enabled("new"):
                seen = len(rows)
            kept = 1
            return seen
        """,
        """
        seen = kept = 0

        def f(rows):
            global kept
            kept = 1
            return seen
        """,
    )


def test_a_nonlocal_statement_goes_with_its_binding() -> None:
    check_removed(
        """
        import flags

        def f(rows):
            count = 0
            def inner():
                nonlocal count
                if not flags.is_enabled("new"):
                    count = len(rows)
                return count
            return inner
        """,
        """
        def f(rows):
            count = 0
            def inner():
                return count
            return inner
        """,
    )


def test_a_nonlocal_statement_that_binds_nothing_was_there_before_and_stays() -> None:
    check_removed(
        """
        import flags

        def f(rows):
            count = 0
            def inner():
                nonlocal count
                return count if flags.is_enabled("new") else 0
            return inner
        """,
        """
        def f(rows):
            count = 0
            def inner():
                nonlocal count
                return count
            return inner
        """,
    )


def test_a_name_of_a_comprehension_is_no_binding_of_the_function() -> None:
    check_removed(
        """
        import flags

        def f(rows, size):
            if not flags.is_enabled("new"):
                rows = [size for size in rows]
            return size
        """,
        """
        def f(rows, size):
            return size
        """,
    )


def test_vars_of_an_object_sees_no_local_name() -> None:
    check_removed(
        """
        import flags
        def f(record):
            on = flags.is_enabled("new")
            return vars(record) if on else old(record)
        """,
        """
        def f(record):
            return vars(record)
        """,
    )


def test_vars_without_an_argument_sees_all_local_names() -> None:
    check_removed(
        """
        import flags
        def f(record):
            on = flags.is_enabled("new")
            return vars() if on else old(record)
        """,
        """
        def f(record):
            on = True
            return vars() if on else old(record)
        """,
    )
