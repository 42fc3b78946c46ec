"""What died because of a removal goes with it; what was dead before, or may be reached otherwise, stays."""

from removal_kit.check import check_removed, check_unchanged, planned, shown

from flaglint.remove.outcome import Plan


def check_files(before: dict[str, str], expected: dict[str, str], **options: bool) -> Plan:
    made = planned(dict(before), **options)
    changed = {change.path: change.after.decode() for change in made.changes}
    assert changed == {path: shown(text) for path, text in expected.items()}
    return made


def codes(made: Plan) -> set[str]:
    return {item.code for item in made.leftovers}


def test_helpers_go_in_cascade_across_files() -> None:
    check_files(
        {
            "shop.py": "import flags\nfrom legacy import old_cart\n\ndef f(u):\n"
            '    return u if flags.is_enabled("new") else old_cart(u)\n',
            "legacy.py": "import json\n\nSIZE = 3\n\n\ndef old_cart(u):\n    return _row(u)\n\n\n"
            "def _row(u):\n    return json.dumps(u, indent=SIZE)\n\n\ndef kept():\n    return 1\n",
        },
        {"shop.py": "def f(u):\n    return u\n", "legacy.py": "def kept():\n    return 1\n"},
    )


def test_a_helper_that_has_another_caller_stays() -> None:
    files = {
        "shop.py": "import flags\nfrom legacy import old_cart\n\ndef f(u):\n"
        '    return u if flags.is_enabled("new") else old_cart(u)\n',
        "legacy.py": "def old_cart(u):\n    return u\n",
        "till.py": "import legacy\n\nlegacy.old_cart(1)\n",
    }
    check_files(files, {"shop.py": "def f(u):\n    return u\n"})


def test_a_helper_that_is_called_below_a_comment_stays() -> None:
    call = "\n# It is called here, too.\nold_cart(1)\n"
    files = {
        "shop.py": 'import flags\n\ndef f(u):\n    return u if flags.is_enabled("new") else old_cart(u)\n'
        f"\ndef old_cart(u):\n    return u\n{call}",
    }
    made = check_files(files, {"shop.py": f"def f(u):\n    return u\n\ndef old_cart(u):\n    return u\n{call}"})
    assert not made.refused


def test_public_names_stay_when_asked_to() -> None:
    files = {
        "shop.py": "import flags\n\ndef f(u):\n"
        '    return u if flags.is_enabled("new") else old_cart(u) + _old_row(u)\n\n'
        "def old_cart(u):\n    return u\n\ndef _old_row(u):\n    return u\n",
    }
    check_files(files, {"shop.py": "def f(u):\n    return u\n"})
    made = check_files(
        files, {"shop.py": "def f(u):\n    return u\n\ndef old_cart(u):\n    return u\n"}, keep_public=True
    )
    assert codes(made) == {"still-there"}


def test_a_helper_that_was_dead_before_stays() -> None:
    check_removed(
        """
        import flags

        def f(u):
            return u if flags.is_enabled("new") else None

        def _unused(u):
            return u
        """,
        """
        def f(u):
            return u

        def _unused(u):
            return u
        """,
    )


def test_a_helper_that_a_string_names_stays_and_is_told() -> None:
    made = check_files(
        {
            "shop.py": "import flags\n\ndef f(u):\n"
            '    return u if flags.is_enabled("new") else old_cart(u)\n\ndef old_cart(u):\n    return u\n',
            "tasks.py": 'import jobs\n\njobs.add("shop.old_cart")\n',
        },
        {"shop.py": "def f(u):\n    return u\n\ndef old_cart(u):\n    return u\n"},
    )
    assert codes(made) == {"still-there"}


def test_a_helper_that_a_file_of_no_python_names_stays() -> None:
    made = check_files(
        {
            "shop.py": "import flags\n\ndef f(u):\n"
            '    return u if flags.is_enabled("new") else old_cart(u)\n\ndef old_cart(u):\n    return u\n',
            "setup.cfg": "[options.entry_points]\nconsole_scripts =\n    cart = shop:old_cart\n",
        },
        {"shop.py": "def f(u):\n    return u\n\ndef old_cart(u):\n    return u\n"},
    )
    assert codes(made) == {"still-there"}


def test_a_helper_that_registers_itself_stays() -> None:
    check_removed(
        """
        import flags
        from effects import task

        def f(u):
            return u if flags.is_enabled("new") else old_cart(u)

        @task
        def old_cart(u):
            return u
        """,
        """
        from effects import task

        def f(u):
            return u

        @task
        def old_cart(u):
            return u
        """,
    )


def test_a_function_that_calls_itself_goes_with_its_last_other_call() -> None:
    check_removed(
        """
        import flags

        def f(u):
            return u if flags.is_enabled("new") else _walk(u)

        def _walk(u):
            return _walk(u.next) if u else 0
        """,
        """
        def f(u):
            return u
        """,
    )


def test_a_file_without_the_flag_is_left_alone() -> None:
    check_unchanged("import json\n\n\ndef _unused():\n    return 1\n")
