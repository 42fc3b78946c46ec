"""Following a value to whoever reads it: locals and constants, in one file and across files."""

from removal_kit.check import check_removed, check_unchanged, planned, shown

from flaglint.remove.outcome import Plan


def check_files(before: dict[str, str], expected: dict[str, str], *, value: object = True) -> Plan:
    made = planned(dict(before), value=value)
    changed = {change.path: change.after.decode() for change in made.changes}
    assert changed == {path: shown(text) for path, text in expected.items()}
    return made


def test_a_local_goes_with_all_its_reads() -> None:
    check_removed(
        """
        import flags

        def cart(user, items):
            one_page = flags.is_enabled("new")
            rows = list(items)
            if one_page and user:
                rows.append("one page")
            return rows if one_page else None
        """,
        """
        def cart(user, items):
            rows = list(items)
            if user:
                rows.append("one page")
            return rows
        """,
    )


def test_a_local_is_followed_into_a_closure() -> None:
    check_removed(
        """
        import flags

        def cart(items):
            fast = flags.is_enabled("new")
            def total():
                return sum(items) if fast else 0
            return total
        """,
        """
        def cart(items):
            def total():
                return sum(items)
            return total
        """,
    )


def test_a_local_that_is_derived_from_the_flag_goes_too() -> None:
    check_removed(
        """
        import flags

        def cart(user):
            on = flags.is_enabled("new")
            legacy = not on
            if legacy:
                return None
            return user
        """,
        """
        def cart(user):
            return user
        """,
    )


def test_a_local_that_is_bound_twice_stays_and_is_told() -> None:
    made = check_removed(
        """
        import flags

        def cart(user, staff):
            on = flags.is_enabled("new")
            if staff:
                on = False
            return user if on else None
        """,
        """
        def cart(user, staff):
            on = True
            if staff:
                on = False
            return user if on else None
        """,
    )
    assert [item.code for item in made.reads] == ["rebound-variable"]


def test_a_local_that_a_loop_changes_is_not_followed() -> None:
    check_removed(
        """
        import flags

        def first(rows):
            on = flags.is_enabled("new")
            for row in rows:
                if on:
                    row.mark()
                on = row.done
        """,
        """
        def first(rows):
            on = True
            for row in rows:
                if on:
                    row.mark()
                on = row.done
        """,
    )


def test_a_nonlocal_that_is_set_elsewhere_is_not_followed() -> None:
    made = check_removed(
        """
        import flags

        def gate():
            on = flags.is_enabled("new")
            def stop():
                nonlocal on
                on = False
            return (lambda: on), stop
        """,
        """
        def gate():
            on = True
            def stop():
                nonlocal on
                on = False
            return (lambda: on), stop
        """,
    )
    assert [item.code for item in made.reads] == ["rebound-variable"]


def test_a_namesake_in_another_function_is_left_alone() -> None:
    check_removed(
        """
        import flags

        def a(x):
            on = flags.is_enabled("new")
            return x if on else None

        def b(on):
            return 1 if on else 2
        """,
        """
        def a(x):
            return x

        def b(on):
            return 1 if on else 2
        """,
    )


def test_a_value_that_locals_hands_out_is_told() -> None:
    made = check_removed(
        """
        import flags

        def view(render):
            on = flags.is_enabled("new")
            return render("page.html", locals())
        """,
        """
        def view(render):
            on = True
            return render("page.html", locals())
        """,
    )
    assert [item.code for item in made.reads] == ["rebound-variable"]


def test_a_try_around_the_evaluation_alone_dissolves() -> None:
    check_removed(
        """
        import flags

        def cart(user):
            try:
                on = flags.is_enabled("new")
            except Exception:
                on = False
            return user if on else None
        """,
        """
        def cart(user):
            return user
        """,
    )


def test_a_try_around_more_than_the_evaluation_stays() -> None:
    check_removed(
        """
        import flags

        def cart(user, load):
            try:
                if flags.is_enabled("new"):
                    return load(user)
            except KeyError:
                pass
            return user
        """,
        """
        def cart(user, load):
            try:
                return load(user)
            except KeyError:
                pass
            return user
        """,
    )


# --------------------------------------------------------------------------------------------------- module constants


def test_a_module_constant_is_followed_into_functions() -> None:
    check_removed(
        """
        import flags

        FAST = flags.is_enabled("new")

        def cart(user):
            return user if FAST else None
        """,
        """
        def cart(user):
            return user
        """,
    )


def test_a_module_constant_that_a_function_sets_stays() -> None:
    made = check_removed(
        """
        import flags

        fast = flags.is_enabled("new")

        def slow_down():
            global fast
            fast = False

        def cart(user):
            return user if fast else None
        """,
        """
        fast = True

        def slow_down():
            global fast
            fast = False

        def cart(user):
            return user if fast else None
        """,
    )
    assert [item.code for item in made.reads] == ["rebound-variable"]


def test_a_constant_of_another_module_is_followed_under_its_alias() -> None:
    check_files(
        {
            "settings.py": 'import flags\n\nFAST = flags.is_enabled("new")\nSIZE = 3\n',
            "shop.py": "from settings import FAST as quick, SIZE\n\ndef cart():\n    return SIZE if quick else 0\n",
            "till.py": "import settings\n\ndef till(u):\n    if not settings.FAST:\n        return 0\n    return u\n",
        },
        {
            "settings.py": "SIZE = 3\n",
            "shop.py": "from settings import SIZE\n\ndef cart():\n    return SIZE\n",
            "till.py": "def till(u):\n    return u\n",
        },
    )


def test_a_constant_that_another_module_sets_is_not_followed() -> None:
    files = {
        "settings.py": 'import flags\n\nFAST = flags.is_enabled("new")\n',
        "shop.py": "import settings\n\ndef cart(u):\n    settings.FAST = u\n    return u if settings.FAST else 0\n",
    }
    made = check_files(files, {"settings.py": "FAST = True\n"})
    assert [item.code for item in made.reads] == ["rebound-variable"]


def test_a_variant_that_is_asked_for_what_nobody_knows_is_refused() -> None:
    check_unchanged(
        """
        import flags
        def f():
            found = flags.variant("new")
            return found["enabled"] and found.payload
        """,
        "value-escapes",
        value="red",
        variant="red",
    )


def test_a_walrus_in_front_of_a_test_is_followed() -> None:
    check_removed(
        """
        import flags
        def f(u):
            if (on := flags.is_enabled("new")) and u:
                return one(on)
            return two(on)
        """,
        """
        def f(u):
            if u:
                return one(True)
            return two(True)
        """,
    )


def test_a_name_stays_where_an_f_string_writes_it_out() -> None:
    check_removed(
        """
        import flags


        def cart(user):
            new = flags.is_enabled("new")
            print(f"{new=} for {user}, {new}")
            return user if new else None
        """,
        """
        def cart(user):
            new = True
            print(f"{new=} for {user}, True")
            return user
        """,
    )


def test_a_read_stays_that_an_f_string_writes_out() -> None:
    check_unchanged(
        """
        import flags


        def cart():
            print(f"{flags.is_enabled('new')=}")
        """
    )
